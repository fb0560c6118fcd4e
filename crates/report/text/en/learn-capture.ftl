# The lesson `capture`.

learn-capture-title = Capturing packets
learn-capture-what =
    To understand what programs do, look at the packets they send. `vigie capture` prints one line per packet, like
    tcpdump, with its options and filters. Here it waits for three packets of port 80 while another command connects:
learn-capture-line =
    A line shows the time, the protocol, source and destination (address and port, joined by a dot), and the content.
    `Flags [S]` is SYN, `[S.]` SYN,ACK, `[.]` ACK, `[R]` RST, `[F.]` FIN,ACK, `[P.]` data. The first sequence numbers of a
    connection are absolute, later ones relative to them.
learn-capture-filters =
    A filter selects packets:

        host 10.77.1.10           to or from that machine
        tcp port 80               TCP, source or destination port 80
        udp and dst port 53       UDP to port 53
        icmp                      ICMP
        not port 22               everything except SSH
        tcp[tcpflags] = tcp-syn   TCP with only the SYN flag

    `-w FILE` writes packets to a file, `-r FILE` reads them again; Wireshark and tcpdump read it too. Capture the packets
    of a closed UDP port:
learn-capture-icmp =
    You see the datagram and the ICMP error that it caused: “udp port 54 unreachable”. The error quotes the datagram, so
    the sender knows which one it refers to.

    Capturing needs the same right as sending raw packets. It can also show other people's data: capture only where you
    are allowed to.

    Now run a SYN scan; the next question is about its packets:
learn-capture-scan =
    Its packets were recorded.
learn-capture-q1 =
    Among all packets that this scan sent and received, write a filter that matches only the replies of open ports: the
    segments with exactly the flags SYN and ACK.
learn-capture-q1-right = Exactly those packets. Their source ports are the open ports.
learn-capture-q1-hint = The table above has a filter for SYN alone. Write both flags as `tcp-syn|tcp-ack`.
learn-capture-q2 = You capture only `icmp`, and a machine sends “udp port 54 unreachable”. What does it tell you?
learn-capture-q2-a = somebody sent a UDP datagram to a closed port of that machine
learn-capture-q2-b = the machine is down
learn-capture-q2-c = port 54 is open
learn-capture-q2-right = The machine is up, and no program listens on that port.
learn-capture-q2-hint = Think of what a closed UDP port does.
