# The lesson `syn`.

learn-syn-title = The SYN scan
learn-syn-what =
    The first two segments of the handshake show whether a port is open. A SYN scan (`-sS`) sends a SYN and looks at the
    reply; it never completes the handshake. Probe an open port and a closed one:
learn-syn-seen =
    Port 80 replied SYN,ACK: open. Port 81 replied RST: closed. Look at the packet after the SYN,ACK: the kernel of this
    machine had requested no connection, so it replied RST by itself, and the half-open connection was closed. The
    program at the other end never noticed it.
learn-syn-why =
    - It is fast: one packet per port, and no connection to keep.
    - It needs the right to send raw packets: root, or the capability CAP_NET_RAW.
    - It is the default of `vigie scan` if that right is available.
    - It is not hidden: firewalls and intrusion detection systems recognise it.

    Each SYN of Vigie has a secret sequence number. A reply must acknowledge it, so stray and forged packets never become
    results.
learn-syn-q1 = Scan ports 20 to 25 of 10.77.1.10 with SYN.
learn-syn-q1-right = A SYN to each port, and no completed handshake.
learn-syn-q1-hint = Write a range of ports as `-p 20-25`: `vigie scan -sS -p 20-25 10.77.1.10`
learn-syn-q2 = Which of the ports 20 to 25 are closed?
learn-syn-q2-right = These ports replied RST.
learn-syn-q2-hint = Look at your last scan, or repeat it in another terminal.
