# The lesson `syn`.

learn-syn-title = The SYN scan
learn-syn-what =
    To know whether a port is open, the first two segments of the handshake suffice. The SYN scan (`-sS`) sends SYN and
    looks at what comes back; it never finishes the handshake. Ask an open port and a closed one:
learn-syn-seen =
    Port 80 answered SYN,ACK: open. Port 81 answered RST: closed. See what happened after the SYN,ACK: this machine's
    kernel had asked for no connection, so it answered RST by itself, and the half-open connection was gone. No program
    at the other end ever heard of it.
learn-syn-why =
    - It is fast: a packet for each port, and no connection to keep.
    - It needs the right to send raw packets: root, or the capability CAP_NET_RAW.
    - It is the usual scan. Where nothing is said and the right is there, `vigie scan` does it.
    - It is not hidden: firewalls and intrusion detection know it well.

    Each SYN of Vigie carries a secret in its sequence number. An answer must acknowledge it, so that strays and
    forgeries never become findings.
learn-syn-q1 = Scan ports 20 to 25 of 10.77.1.10 with SYN.
learn-syn-q1-right = SYN to each, and no handshake that was finished.
learn-syn-q1-hint = A range of ports is written `-p 20-25`: `vigie scan -sS -p 20-25 10.77.1.10`
learn-syn-q2 = Which of the ports 20 to 25 are closed?
learn-syn-q2-right = Those answered RST.
learn-syn-q2-hint = Look at the scan that you have just made, or make it again in another terminal.
