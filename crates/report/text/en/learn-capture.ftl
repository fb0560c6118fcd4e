# The lesson `capture`.

learn-capture-title = Listening to the wire
learn-capture-what =
    To understand what programs do, listen to what they send. `vigie capture` prints each packet as a line, as tcpdump
    does, with its options and its filters. Here it listens for three packets of port 80 while another command connects:
learn-capture-line =
    A line has the time, the protocol, who sends to whom (address and port, joined by a dot), and what the packet says.
    `Flags [S]` is SYN, `[S.]` SYN,ACK, `[.]` ACK, `[R]` RST, `[F.]` FIN,ACK, `[P.]` data. The first numbers of a
    connection are shown as they are, later ones counted from there.
learn-capture-filters =
    Filters keep what you look for:

        host 10.77.1.10           to or from that machine
        tcp port 80               TCP, either port 80
        udp and dst port 53       UDP to port 53
        icmp                      ICMP
        not port 22               everything but SSH
        tcp[tcpflags] = tcp-syn   TCP with SYN alone

    `-w FILE` keeps packets in a file, `-r FILE` reads them again; Wireshark and tcpdump read it too. Watch a closed UDP
    port:
learn-capture-icmp =
    You see the datagram and the ICMP message that it caused: “udp port 54 unreachable”. The message quotes the datagram,
    so that the sender knows which one is meant.

    Listening needs the same right as sending raw packets. And whoever listens sees other people's data: listen only where
    you may.

    Now a SYN scan, whose packets the next question is about:
learn-capture-scan =
    Its packets were kept.
learn-capture-q1 =
    Write a filter that takes only the answers of open ports, out of everything that this scan sent and got: the segments
    with SYN and ACK and nothing else.
learn-capture-q1-right = Exactly those packets. The senders of those lines are the open ports.
learn-capture-q1-hint = The table above has a filter for SYN alone. Both flags are written `tcp-syn|tcp-ack`.
learn-capture-q2 = You listen with `icmp` only, and see “udp port 54 unreachable” from a machine. What does it tell you?
learn-capture-q2-a = somebody sent UDP to a closed port of that machine
learn-capture-q2-b = the machine is down
learn-capture-q2-c = port 54 is open
learn-capture-q2-right = The machine is up, and nobody waits at that port.
learn-capture-q2-hint = Think of what a closed UDP port does.
