# The lesson `connect`.

learn-connect-title = The connect scan
learn-connect-what =
    A connect scan (`-sT`) asks the kernel to open an ordinary connection to each port, as a browser does. It needs no
    privileges:
learn-connect-seen =
    Port 22 completed the handshake: SYN, SYN,ACK, ACK. Then the connection was closed. The server program saw it: it
    accepted a client, perhaps sent its greeting, and may have logged the connection. Port 24 replied RST, and the kernel
    reported “connection refused” (`conn-refused`).
learn-connect-compare =
    The two scans compared:

        SYN scan (-sS)                    connect scan (-sT)
        SYN, SYN,ACK, RST                 SYN, SYN,ACK, ACK, then closed
        raw packets: CAP_NET_RAW          no privileges
        the program notices nothing       the program accepts, may log it
        one packet per port               one connection per port

    Both find the same ports. Without the right to send raw packets, `vigie scan` uses a connect scan and says so.
learn-connect-q1 = Make a connect scan of port 443 of 10.77.1.10.
learn-connect-q1-right = The third segment, ACK, is there: the handshake was completed.
learn-connect-q1-hint = `-sT` is the connect scan: `vigie scan -sT -p 443 10.77.1.10`
learn-connect-q2 = Which scan leaves a line in the log of a server that logs every connection?
learn-connect-q2-a = the connect scan
learn-connect-q2-b = the SYN scan
learn-connect-q2-c = both
learn-connect-q2-right = Only a completed handshake reaches the program. A firewall may log both.
learn-connect-q2-hint = When does a program learn about a client: after the SYN, or after the handshake?
