# The lesson `connect`.

learn-connect-title = The connect scan
learn-connect-what =
    The connect scan (`-sT`) asks the kernel for a real connection to each port, as a browser does. It needs no
    privilege at all:
learn-connect-seen =
    Port 22 got the whole handshake: SYN, SYN,ACK, ACK. Then the connection was ended again. The server's program has
    seen it: it accepted a client, perhaps sent its greeting, and may have written a line into its log. Port 24 answered
    RST, and the kernel reported “connection refused” (`conn-refused`).
learn-connect-compare =
    Beside each other:

        SYN scan (-sS)                    connect scan (-sT)
        SYN, SYN,ACK, RST                 SYN, SYN,ACK, ACK, and an end
        raw packets: CAP_NET_RAW          no privilege
        the program hears nothing         the program accepts and may log it
        one packet for each port          a connection for each port

    What they find is the same. Without the right to send raw packets `vigie scan` connects, and says so.
learn-connect-q1 = Make a connect scan of port 443 of 10.77.1.10.
learn-connect-q1-right = The third segment, ACK, is there: the handshake was finished.
learn-connect-q1-hint = `-sT` is the connect scan: `vigie scan -sT -p 443 10.77.1.10`
learn-connect-q2 = Which scan leaves a line in the log of a server that logs each connection?
learn-connect-q2-a = the connect scan
learn-connect-q2-b = the SYN scan
learn-connect-q2-c = both
learn-connect-q2-right = Only a finished handshake reaches the program. A firewall's log may well hold both.
learn-connect-q2-hint = When does a program hear of a client: after the SYN, or after the handshake?
