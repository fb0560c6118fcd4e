# The lesson `udp`.

learn-udp-title = UDP: open, closed, no reply
learn-udp-what =
    UDP sends a datagram and nothing else: no connection, no acknowledgement. The result depends on what is at the
    other end. Send a query to a name server (port 53), and watch the packets:
learn-udp-open =
    One datagram out, one back: a program replied, so the port is open. `A?` marks the query; the next line is the
    answer.

    Now the same query to port 54 of the same machine, where no program listens:
learn-udp-closed =
    The reply is not UDP: the kernel of the machine reports “port unreachable” by ICMP (type 3, code 3). This means that
    the machine is up and the port is closed.

    Now port 69, where a program receives everything and never replies:
learn-udp-silent =
    No reply. The program may have ignored the datagram; the datagram or the reply may have been lost; a firewall may
    have dropped it. Without a reply you cannot tell: a scan reports such a port as `open|filtered`.

    So there are three cases: a UDP reply means open, “port unreachable” means closed, no reply means that the state is
    not known.
learn-udp-q1 =
    Do it yourself: send a UDP datagram to port 100 of 10.77.1.10, where no program listens, to get “port unreachable”.
learn-udp-q1-right = The lab saw your datagram and the ICMP message: the port is closed.
learn-udp-q1-hint =
    Change the port in the last command: `vigie packet sr1 "IP(dst='10.77.1.10')/UDP(dport=100)"`. Or send a query with
    `dig` or `vigie dns`.
learn-udp-q2 = A UDP port never replies, however often you probe it. What do you know?
learn-udp-q2-a = it is open
learn-udp-q2-b = it is closed
learn-udp-q2-c = it is open or filtered
learn-udp-q2-right = A closed port would most likely have replied. A datagram that the program understands would settle it.
learn-udp-q2-hint = A closed port replies. Which others may stay silent?
