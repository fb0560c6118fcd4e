# The lesson `udp`.

learn-udp-title = UDP: open, closed, silent
learn-udp-what =
    UDP sends a datagram and nothing else: no connection, no receipt. What happens at the other end depends on who is
    there. Ask a name server (port 53) a question, and see what goes over the wire:
learn-udp-open =
    One datagram there, one back: a program answered, so the port is open. In the line, `A?` is the question and what
    follows in the next line is the answer.

    Now the same question to port 54 of the same machine, where nobody waits:
learn-udp-closed =
    The answer is not UDP: the machine's own kernel says “port unreachable” by ICMP (type 3, code 3). Whoever answers
    that is a machine that is up, with a closed port.

    And port 69, where a program takes everything and never says a word:
learn-udp-silent =
    Nothing came back. The program may not have liked what it got; the datagram or the answer may have been lost; a
    firewall may have dropped it. Silence proves none of them: a scan calls such a port `open|filtered`.

    So there are three cases: an answer by UDP means open, “port unreachable” means closed, silence means that you do not
    know yet.
learn-udp-q1 =
    Provoke it yourself: send a UDP datagram to port 100 of 10.77.1.10, where nobody waits, so that “port unreachable”
    comes back.
learn-udp-q1-right = The lab saw your datagram and the ICMP message: the port is closed.
learn-udp-q1-hint =
    Take the last command and change the port: `vigie packet sr1 "IP(dst='10.77.1.10')/UDP(dport=100)"`. Or let `dig`
    or `vigie dns` ask there.
learn-udp-q2 = A UDP port stays silent, however often you ask. What do you know?
learn-udp-q2-a = it is open
learn-udp-q2-b = it is closed
learn-udp-q2-c = it is open, or something filters it
learn-udp-q2-right = A closed port would usually have said so. What would decide it is a datagram that the program understands.
learn-udp-q2-hint = A closed port answers. Who else may stay silent?
