# The lesson `udpscan`.

learn-udpscan-title = The UDP scan
learn-udpscan-what =
    A UDP scan sends a datagram to each port and waits. You know the possible results: a datagram (open), “port
    unreachable” (closed), no reply. Probe three ports with one command, each with an empty DNS message:
learn-udpscan-seen =
    Port 53 replied by UDP: open. For port 54 the kernel replied by ICMP: closed. Port 69 did not reply: `open|filtered`.

    The content of the datagram matters. A name server replies to a DNS message and may ignore anything else; a time
    server expects an NTP message. So scanners send each well-known port a message of its protocol.
learn-udpscan-slow =
    UDP scans are slow for two reasons. A port without a reply needs a waiting time and more tries. And kernels limit the
    rate of ICMP errors: Linux sends six at once to a peer, then one per second. Probe twelve closed ports:
learn-udpscan-limit =
    Twelve datagrams were sent, and only the first few errors came back; the kernel did not send the others. A scanner
    that takes this silence for `open|filtered` is wrong; one that respects the limit needs about one second per closed
    port: a quarter of an hour for a thousand ports. `vigie scan -sU` measures the limit and adapts to it:
learn-udpscan-scan =
    The scan sent each port a message of its own protocol, waited for late replies, and distinguishes the three cases: a
    reply, “port unreachable”, no reply after every try.
learn-udpscan-q1 = Ports 123 and 161 of 10.77.1.10 reply to any datagram. Get a reply from both.
learn-udpscan-q1-right = Two datagrams out, two back: both ports are open.
learn-udpscan-q1-hint =
    `vigie packet sr "IP(dst='10.77.1.10')/UDP(dport=[123,161])/'hello'"` sends one datagram to each. A UDP scan of both
    ports also works.
learn-udpscan-q2 = Four UDP ports of `plain` from 1 to 200 reply. You have seen three of them: 53, 123 and 161. The fourth is below 10. Which four are they?
learn-udpscan-q2-right = Port 7 is the echo service: it sends back what it receives.
learn-udpscan-q2-hint = Scan ports 1 to 9, or think: which well-known port is called echo?
