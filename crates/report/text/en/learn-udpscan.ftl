# The lesson `udpscan`.

learn-udpscan-title = The UDP scan
learn-udpscan-what =
    A UDP scan sends a datagram to each port and waits. You know what may come back: a datagram (open), “port
    unreachable” (closed), nothing. Three ports with one command, each with an empty DNS message inside:
learn-udpscan-seen =
    53 answered by UDP: open. 54 made the kernel answer by ICMP: closed. 69 stayed silent: `open|filtered`.

    What the datagram says matters. A name server answers a DNS message and may ignore anything else; a time server wants
    an NTP message. Scanners therefore send each well-known port what its program understands.
learn-udpscan-slow =
    UDP scans are slow, for a reason. Silence must be waited for, and asked again. And kernels limit how fast they send
    ICMP errors: Linux lets six go at once to a peer, then one a second. Ask twelve closed ports:
learn-udpscan-limit =
    Twelve datagrams went out, and only the first few errors came back; the rest were never sent. Whoever takes that
    silence for `open|filtered` is wrong; whoever waits for the limit needs about a second for each closed port: a
    thousand ports take a quarter of an hour. `vigie scan -sU` learns the limit and keeps step with it:
learn-udpscan-scan =
    The scan sent each port a question in its own protocol, waited for what the silent ones might still say, and tells the
    three cases apart: an answer, “port unreachable”, silence after every try.
learn-udpscan-q1 = Ports 123 and 161 of 10.77.1.10 answer whatever they get. Make both answer.
learn-udpscan-q1-right = Two datagrams there, two back: both are open.
learn-udpscan-q1-hint =
    `vigie packet sr "IP(dst='10.77.1.10')/UDP(dport=[123,161])/'hello'"` sends one to each. A UDP scan of them
    does it too.
learn-udpscan-q2 = The lab answers at some UDP ports of `plain` from 1 to 200. You have seen three of them: 53, 123 and 161. There is a fourth, below 10. Which four are they?
learn-udpscan-q2-right = Port 7 is called echo: it sends back what it gets.
learn-udpscan-q2-hint = Ask ports 1 to 9 with another command in the question before, or try: which well-known port is called echo?
