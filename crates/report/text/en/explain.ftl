# `vigie scan --explain`: what the answers mean. Names of flags, messages and states are the field's words.

explain-title = Explained: the packets as they went, and what they mean
explain-means = What it means
explain-why = Why so
explain-else = What else it could be
explain-sure = How sure it is
explain-check = To check it
explain-place-listed = { $host }: { $ports }
explain-place-counted = { $host }: { $n ->
    [one] one port
   *[other] { $n } ports
}
explain-place-both = { $host }: { $ports } and { $n ->
    [one] one more
   *[other] { $n } more
}
explain-places-more = { $n ->
    [one] and one more host
   *[other] and { $n } more hosts
}
explain-from = Sent by: { $from }
explain-example-port = { $port } of { $host }
explain-example-host = { $host }
explain-more-packets = { $n ->
    [one] One more packet about it is not shown
   *[other] { $n } more packets about it are not shown
}: further tries, and answers that came again.
explain-path-packets = { $n ->
    [one] One packet besides measured
   *[other] { $n } packets besides measured
} the path, or how much the host answers: what comes back to them was known beforehand, and they are no tries.
explain-nothing-came = nothing came back
explain-no-packets-connect = The kernel made these connections (-sT): their packets went through its hands, not through Vigie's, and none are shown.
explain-no-packets = Its packets were not kept, and none are made up.
explain-kernel-reset = What the trace does not show: the scanner's own kernel answers each SYN, ACK with a RST, because no program here asked for that connection.

explain-own-head = { $n ->
    [one] { $host } is this machine
   *[other] { $n } addresses are this machine's own
}
explain-own-means = The packets never leave: the kernel hands them from one side of its loopback link to the other. What is seen so is what programs here see, not what other machines see.
explain-own-why = RFC 1122, section 3.2.1.3: loopback addresses must not appear outside a host; and Linux delivers what is addressed to any of its own addresses over the loopback link as well.
explain-own-else = A firewall before this machine was not passed, and rules for the outer interfaces do not apply to the loopback link: a port that is open here may be closed to everyone else. Scan from another machine to know.

explain-arp-head = { $n ->
    [one] { $host } answered for its address (ARP): it is there
   *[other] { $n } hosts answered for their addresses (ARP): they are there
}
explain-arp-means = The scanner asked the whole link who has the address, and its owner said so with its hardware address. It is on the same link: no router and no routed firewall stands between.
explain-arp-why = RFC 826: whoever has the address answers. A host that wants to talk IPv4 on Ethernet cannot stay silent to that, so it finds hosts that drop every ping.
explain-arp-else = Another device may answer for it (proxy ARP, RFC 1027), or someone may lie: ARP is not authenticated.

explain-nd-head = { $n ->
    [one] { $host } answered for its address (neighbour discovery): it is there
   *[other] { $n } hosts answered for their addresses (neighbour discovery): they are there
}
explain-nd-means = The scanner asked the link who has the address, and its owner said so with its hardware address. It is on the same link.
explain-nd-why = RFC 4861, section 7.2: the owner of an address answers a neighbour solicitation with an advertisement. A hop limit of 255 proves that no router passed it on.
explain-nd-else = A router may answer for it (proxy), or someone may lie: neighbour discovery is not authenticated.

explain-timestamp-head = { $n ->
    [one] { $host } answered a timestamp request: it is there
   *[other] { $n } hosts answered timestamp requests: they are there
}
explain-timestamp-means = The ICMP timestamp request arrived and the host told its clock: the way there and back works. Firewalls that drop pings often forget this kind.
explain-timestamp-why = RFC 792 (timestamp and timestamp reply); RFC 1122, section 3.2.2.8: a host may answer them, and need not.
explain-timestamp-else = A router or a load balancer may answer for it. Whether a port is open is not known from this.

explain-echo-head = { $n ->
    [one] { $host } answered a ping: it is there
   *[other] { $n } hosts answered a ping: they are there
}
explain-echo-means = The echo request arrived and the reply came back: the way there and back works, and no firewall drops pings.
explain-echo-why = RFC 1122, section 3.2.2.6 (IPv6: RFC 4443, section 4.2): every host must answer echo requests.
explain-echo-else = A router or a load balancer may answer for it. Whether a port is open is not known from this.

explain-tcp-host-head = { $n ->
    [one] { $host } answered a TCP probe: it is there
   *[other] { $n } hosts answered a TCP probe: they are there
}
explain-tcp-host-means = A SYN or ACK to a common port brought an answer. Which answer does not matter here: whoever answers is there.
explain-tcp-host-why = RFC 9293, section 3.5.2: a host answers a segment that belongs to no connection with RST, and a SYN to an open port with SYN, ACK.
explain-tcp-host-else = A firewall or a SYN proxy may answer in its place.

explain-assumed-head = { $n ->
    [one] { $host } was taken as up without asking (-Pn)
   *[other] { $n } hosts were taken as up without asking (-Pn)
}
explain-assumed-means = Nobody asked whether it is there. Its ports were probed all the same; if none answered, it may be off.
explain-assumed-why = -Pn leaves the search for hosts out: useful where a firewall drops everything that could show a host.
explain-assumed-else = Without -Pn the scan asks first, and says whether anything at all answered.

explain-other-host-head = { $n ->
    [one] { $host } is up: { $reason }
   *[other] { $n } hosts are up: { $reason }
}
explain-other-host-means = Something answered that only a host that is there sends.
explain-other-host-why = Every answer to a probe of ours proves that somebody got it.
explain-other-host-else = A device on the way may answer in its place.

explain-down-head = { $n ->
    [one] { $host } answered nothing
   *[other] { $n } addresses answered nothing
}
explain-down-means = No probe that looks for hosts brought an answer. Either nobody has the address, or the host is off, or a firewall drops all of these probes.
explain-down-why = Silence proves nothing by itself. On the same link it says much, because a host cannot hide from ARP or neighbour discovery; through a router it says little.
explain-down-else = Scan its ports all the same with -Pn: a host that drops pings may have an open port.

explain-all-open-head = Every port of { $host } answers as open: something in front of it answers for all of them
explain-all-open-head-real = Every port of { $host } that was scanned is open: full connections confirm it
explain-all-open-head-unclear = Every port of { $host } answers as open, and full connections could not settle why
explain-all-open-front = This was verified with full connections: { $tried } to ports that answered, of which { $held } stood and { $reset } were reset, and { $controls } to random high ports that were not to be expected open, of which { $answered } were accepted. A host does not listen on ports drawn at random, so something answers for all of them.
explain-all-open-resets = This was verified with full connections: of { $tried } to ports that answered, { $reset } were reset once the handshake was complete. Whoever answered the SYN found nobody behind the port. Random high ports ({ $answered } of { $controls } accepted) are not answered for.
explain-all-open-real = This was verified with full connections, and the suspicion is withdrawn: of { $tried } to ports that answered, { $held } stood and { $reset } were reset, while { $answered } of { $controls } random high ports accepted one. A SYN proxy would reset or a tarpit accept there too.
explain-all-open-unclear = Full connections were made to verify it, and leave it open: of { $tried } to ports that answered, { $held } stood and { $reset } were reset; of { $controls } to random high ports { $answered } were accepted.
explain-all-open-means = A SYN proxy answers each SYN by itself, to keep floods of them away from the host, and asks the host only when a client goes on. So its SYN, ACK says that the proxy lives, and nothing about the port.
explain-all-open-why = RFC 4987, section 3.8 describes SYN proxies; no host has a program on all of its ports. In a capture it shows: the answers have one TTL, one window and one set of options, and come equally fast.
explain-all-open-else = A tarpit or a honeypot answers everything to hold scanners up. A connection that is made in full (-sT) and gets the service's first words tells which ports are real.

explain-open-syn-ack-head = { $n ->
    [one] { $n } port answered SYN, ACK: a program listens there
   *[other] { $n } ports answered SYN, ACK: programs listen there
}
explain-open-syn-ack-means = The target agreed to open a connection: a program waits there (LISTEN), and whoever reaches this address can talk to it. The scan goes no further and never completes the connection.
explain-open-syn-ack-why = RFC 9293, section 3.10.7.2: a SYN that comes to a port in the state LISTEN is answered with SYN, ACK. A port without a listener answers RST, so nothing but a listener explains it. The answer acknowledges this probe's own sequence number: nobody guessed it.
explain-open-syn-ack-else = A load balancer, a firewall or a SYN proxy may answer in the target's place. Which program listens is not known from this: the name under SERVICE is the usual one for that number.

explain-open-connect-head = { $n ->
    [one] { $n } port accepted a connection: a program listens there
   *[other] { $n } ports accepted a connection: programs listen there
}
explain-open-connect-means = The kernel made a whole connection (SYN; SYN, ACK; ACK) and Vigie closed it at once. A program waits there, and it may have noticed the visit: its log may have a line.
explain-open-connect-why = RFC 9293, section 3.5: the three-way handshake was completed, which only a listener does.
explain-open-connect-else = A load balancer or a proxy may have accepted in the target's place. Which program listens is not known from this.

explain-open-split-head = { $n ->
    [one] { $n } port answered with a SYN of its own: a program is there
   *[other] { $n } ports answered with a SYN of their own: programs are there
}
explain-open-split-means = The target asks for a connection at the same moment, or opens it in two steps. Somebody is there and wants to talk.
explain-open-split-why = RFC 9293, section 3.5: two sides may open one connection at the same time, each with a SYN.
explain-open-split-else = Devices that try to confuse scanners and clients answer so too.

explain-open-udp-head = { $n ->
    [one] { $n } port answered with a datagram: a program is there
   *[other] { $n } ports answered with datagrams: programs are there
}
explain-open-udp-means = A program got the question and sent an answer. UDP has no handshake, so an answer of the program itself is the only proof that a port is open; which service it is shows only in an answer of the protocol that was asked.
explain-open-udp-why = RFC 768: UDP only carries datagrams between ports; only the program that has the port can have sent this one.
explain-open-udp-else = A proxy or a load balancer may have answered in the target's place.

explain-open-other-head = { $n ->
    [one] { $n } port gave an answer that only an open one gives ({ $reason })
   *[other] { $n } ports gave an answer that only open ones give ({ $reason })
}
explain-open-other-means = Something there got the probe and took it up.
explain-open-other-why = In the protocol that was probed no closed port answers so (SCTP: RFC 9260, section 5.1; IP protocols: RFC 1122, section 3.2.2.1).
explain-open-other-else = A device on the way may have answered in the target's place.

explain-closed-reset-head = { $n ->
    [one] { $n } port answered { $flags }: nobody listens there
   *[other] { $n } ports answered { $flags }: nobody listens there
}
explain-closed-reset-means = The probe arrived, and an answer came in the host's name: no program waits at that port. Mostly the host's own kernel says so; then no firewall drops these probes, and a program that is started there would be open at once.
explain-closed-reset-why = RFC 9293, sections 3.5.2 and 3.10.7.1: a segment that comes to a port without a connection or a listener is answered with RST. After a SYN it acknowledges the SYN's number, which proves that whoever answers has seen this probe; who that is it does not prove.
explain-closed-reset-else = A firewall may send the RST in the host's place (“reject with tcp reset”), and a program may listen behind it; the TTL of such an answer often differs from that of the host's others.

explain-closed-refused-head = { $n ->
    [one] { $n } port refused the connection: nobody listens there
   *[other] { $n } ports refused the connection: nobody listens there
}
explain-closed-refused-means = The kernel asked for a connection and was told RST at once (the error ECONNREFUSED of connect(2)). The host is reachable, and no program waits at that port.
explain-closed-refused-why = RFC 9293, section 3.10.7.3: a RST that acknowledges our SYN ends the attempt, and the program is told “connection refused”.
explain-closed-refused-else = A firewall may send the RST in the host's place, and a program may listen behind it.

explain-closed-port-unreach-head = { $n ->
    [one] { $n } port answered ICMP port unreachable: no program has it
   *[other] { $n } ports answered ICMP port unreachable: no program has them
}
explain-closed-port-unreach-means = The datagram arrived, and an error came back from the host's own address: no program has that UDP port.
explain-closed-port-unreach-why = RFC 1122, section 4.1.3.1 (IPv6: RFC 4443, section 3.1, code 4): a host that gets a datagram for a port without a program should answer ICMP port unreachable. It quotes our datagram, which proves what it answers.
explain-closed-port-unreach-else = Hosts send only few of these errors (Linux: one a second to each address, after six at once), so a closed port can stay silent for long: the scan waits for that. A firewall may also send this error to reject (“reject”): then other ports of the host stay silent or answer alike.

explain-closed-other-head = { $n ->
    [one] { $n } port was refused by the host ({ $reason }): nobody listens there
   *[other] { $n } ports were refused by the host ({ $reason }): nobody listens there
}
explain-closed-other-means = The probe arrived, and an answer came in the host's name: nothing takes it.
explain-closed-other-why = SCTP: RFC 9260, section 8.4 (ABORT); IP protocols: RFC 1122, section 3.2.2.1 (protocol unreachable).
explain-closed-other-else = A firewall may have answered in the host's place.

explain-silent-head = { $n ->
    [one] { $n } port stayed silent: most likely a firewall drops the probes
   *[other] { $n } ports stayed silent: most likely a firewall drops the probes
}
explain-silent-means = Neither yes nor no came back. A host that gets this probe answers either way, if it has the time and nothing holds its answer back. So most likely a firewall threw the probe or the answer away; whether a program listens behind it is not known.
explain-silent-why = RFC 9293, section 3.10.7: a SYN is answered in every state, in LISTEN with SYN, ACK, without a listener with RST (section 3.10.7.1); an ACK that belongs to no connection is answered with RST. So no answer at all is not TCP's own doing: something on the way, or a limit of the host, took the probe or the answer.
explain-silent-else = The probes or their answers were lost, every time (below: how likely that is); the host limits how many RSTs it sends, or is too busy to answer, as with a full queue of connections; a defence shut the scanner out; the way back is missing, or the host went away meanwhile. A firewall that rejects instead of dropping would have answered: RST or an ICMP error.
explain-silent-numbers = At most { $tries ->
    [one] one try
   *[other] { $tries } tries
} each; of probes or their answers { $rate } get lost on this path, { $measured ->
    [yes] as measured
   *[no] at most, as assumed because too little came back to measure it
}; so the probability that such a port answered and every answer was lost is below { $p }.
explain-silent-drop = A firewall that drops is silent at every try; a lost packet is lost once, and the next try gets through. That is why silent ports are tried again and ports that answered are not.
explain-silent-others-answered = Other ports of the same host answered meanwhile: the way there and back works.
explain-silent-nobody-answered = No port of the host answered: whether the host is there at all is known only from what found it.
explain-silent-of = Of { $n ->
    [one] one port
   *[other] { $n } ports
} on { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
}:
explain-silent-surer = { $n ->
    [one] One more port is surer than these.
   *[other] { $n } more ports are surer than these.
}

explain-silent-udp-head = { $n ->
    [one] { $n } port stayed silent: open and silent, or filtered
   *[other] { $n } ports stayed silent: open and silent, or filtered
}
explain-silent-udp-means = Nothing came back, and in UDP that can mean two things: a program got the datagram and did not care to answer it, or a firewall dropped it. This probe cannot tell them apart.
explain-silent-udp-asked-own = Ports where a protocol is at home that Vigie speaks were asked in it: the usual server would mostly have answered, so silence there speaks for a firewall, or for another program.
explain-silent-udp-asked-other = Ports where no protocol is at home that Vigie speaks got an empty datagram or questions of protocols that often stand elsewhere: most programs ignore what they do not understand, so silence there says little.
explain-silent-udp-by-design = { $ports }: { $why }. Silence there is what an open port looks like, too.
explain-silent-udp-numbers = In UDP a silence counts only if a closed port of the same host was heard at the same moment, since hosts hold many of these errors back. Each of these ports was asked so { $tries ->
    [one] at least once
   *[other] up to { $tries } times
}, and more often without that proof. If { $rate } of probes or their answers get lost, the probability that such a port is closed and every error about it was lost is below { $p }.
explain-silent-udp-mute = The host never said of any UDP port that it is closed: it sends no such errors, or a firewall drops them. No number of tries would tell more.
explain-silent-udp-why = RFC 768 knows no acknowledgement, so an open port may stay silent; a closed one answers ICMP port unreachable (RFC 1122, section 4.1.3.1).
explain-silent-udp-else = The host held its ICMP error back (their rate is limited: RFC 1812, section 4.3.2.8; RFC 4443, section 2.4), or a firewall drops the errors on their way back. A question in the program's own protocol would mostly bring an answer if the port is open; some servers answer only who holds a key.

explain-silent-flags-head = { $n ->
    [one] { $n } port stayed silent: open or filtered
   *[other] { $n } ports stayed silent: open or filtered
}
explain-silent-flags-means = A closed port answers this probe with RST; an open one ignores it. A firewall that drops looks the same as an open port.
explain-silent-flags-why = RFC 9293, section 3.10.7.2: a port in LISTEN drops a segment that has neither SYN, ACK nor RST; section 3.10.7.1: without a listener the answer is RST.
explain-silent-flags-else = Some systems answer RST in both cases and make every port look closed; a SYN scan (-sS) tells open from filtered.

explain-unfiltered-head = { $n ->
    [one] { $n } port answered { $flags }: reachable, open or closed
   *[other] { $n } ports answered { $flags }: reachable, open or closed
}
explain-unfiltered-means = The probe got through and the host answered it. Whether a program listens there, this probe cannot tell: an open port and a closed one answer alike.
explain-unfiltered-why = RFC 9293, section 3.10.7.2: a port in LISTEN answers an ACK that belongs to no connection with RST; section 3.10.7.1: so does a port without a listener.
explain-unfiltered-else = A firewall that keeps track of connections would have dropped this ACK: here is none, or it lets such segments pass.

explain-icmp-head = { $n ->
    [one] { $n } port was refused by an ICMP error: { $name }
   *[other] { $n } ports were refused by an ICMP error: { $name }
}
explain-icmp-net-unreach = network unreachable (type 3, code 0)
explain-icmp-host-unreach = host unreachable (type 3, code 1)
explain-icmp-proto-unreach = protocol unreachable (type 3, code 2)
explain-icmp-port-unreach = port unreachable (type 3, code 3; ICMPv6 type 1, code 4)
explain-icmp-net-prohibited = network administratively prohibited (type 3, code 9)
explain-icmp-host-prohibited = host administratively prohibited (type 3, code 10)
explain-icmp-admin-prohibited = communication administratively prohibited (type 3, code 13; ICMPv6 type 1, code 1)
explain-icmp-dest-unreach = destination unreachable (type 3, or ICMPv6 type 1, with another code)
explain-icmp-no-route = no route to destination (ICMPv6 type 1, code 0)
explain-icmp-beyond-scope = beyond scope of source address (ICMPv6 type 1, code 2)
explain-icmp-addr-unreach = address unreachable (ICMPv6 type 1, code 3)
explain-icmp-policy-fail = source address failed ingress/egress policy (ICMPv6 type 1, code 5)
explain-icmp-reject-route = reject route to destination (ICMPv6 type 1, code 6)
explain-icmp-source-quench = source quench (type 4)
explain-icmp-time-exceeded = time exceeded (type 11; ICMPv6 type 3)
explain-icmp-param-prob = parameter problem (type 12; ICMPv6 type 4)
explain-icmp-means-prohibited = A firewall or router says openly that rules forbid this traffic. Whether a program listens behind it is not known.
explain-icmp-means-way = Somebody on the way says that the packet cannot be brought to that host or network: no route, or nobody answers for the address. Whether a program listens there is not known.
explain-icmp-means-port = An ICMP error where TCP itself would answer RST: a firewall rejects the probe with it (the usual answer of “reject” rules). Whether a program listens behind it is not known.
explain-icmp-means-protocol = The host says that it does not speak the transport protocol at all, or a firewall says so for it.
explain-icmp-means-expired = The packet was passed on until its TTL or hop limit ran out: routers send it in a circle, or the way is longer than the probe's TTL.
explain-icmp-means-odd = Somebody on the way could not or would not handle the packet.
explain-icmp-why = RFC 792, RFC 1122 (section 3.2.2.1) and RFC 1812 (section 5.2.7.1), for IPv6 RFC 4443 (section 3): the error quotes the packet that caused it, and the quote is our probe with its own numbers. Something other than the port refused it, so the state is filtered.
explain-icmp-else = The sender of the error tells who refuses: the host itself, its firewall, or a router before it. Errors are limited in number (RFC 1812, section 4.3.2.8; RFC 4443, section 2.4): where they are refused for many ports, part of them stays silent at first.

explain-unknown-head = { $n ->
    [one] { $n } port was not probed, or not to the end
   *[other] { $n } ports were not probed, or not to the end
}
explain-unknown-means = The scan ended before it could say anything about it: nothing is claimed.
explain-unknown-why = A verdict needs an answer, or silence at enough tries ({ $reason }).
explain-unknown-else = Give it more time (--max-time, --host-timeout), or resume it (--state, --resume).

explain-other-head = { $n ->
    [one] { $n } port: { $reason }
   *[other] { $n } ports: { $reason }
}
explain-other-means = An answer came that this technique reads as the state shown.
explain-other-why = What its protocol says of such answers stands in its RFC: TCP in RFC 9293, section 3.10.7; ICMP in RFC 792 and RFC 4443.
explain-other-else = A device on the way may have answered in the target's place; another technique (-sS, -sA, -sT) shows more.

explain-silent-other-head = { $n ->
    [one] { $n } port or protocol stayed silent
   *[other] { $n } ports or protocols stayed silent
}
explain-silent-other-means = Nothing came back: the probe or its answer was dropped on the way, or what is there does not answer such probes.
explain-silent-other-why = SCTP: a listener answers INIT with INIT ACK, a host without one ABORT (RFC 9260, sections 5.1 and 8.4); a COOKIE ECHO that was never given out is discarded in silence (section 5.1.5). IP protocols: a host should answer protocol unreachable for those that it does not speak (RFC 1122, section 3.2.2.1), and those that it speaks may ignore an empty packet.
explain-silent-other-else = Many firewalls let only TCP, UDP and ICMP pass and drop the rest, and hosts limit how many ICMP errors they send.

explain-window-head = { $n ->
    [one] { $n } port answered { $flags }, and the window of its answer tells its state
   *[other] { $n } ports answered { $flags }, and the window of their answers tells their state
}
explain-window-means = Open and closed ports answer this probe alike, but some systems put a window other than zero into the RST of an open one. The capture line above has it after “win”.
explain-window-why = RFC 9293, section 3.10.7: both states answer a stray ACK with RST. That their windows differ is a habit of some systems, and stands in no RFC.
explain-window-else = On systems without that habit all ports look closed, or all open: a SYN scan (-sS) tells for sure.

explain-traced-head = { $n ->
    [one] The way to { $host } was traced
   *[other] The ways to { $n } hosts were traced
}
explain-traced-means = Each line is a router that the probes to this host pass, the nearest first. Where a router stands that should not be there, or one is missing that should, packets go another way than intended. A step that did not answer is a router that forwards and keeps silent; what lies behind it is shown all the same.
explain-traced-why = Every router takes one from a packet's time to live (hop limit), and one that is left with nothing drops the packet and tells its sender (RFC 792 and RFC 4443, time exceeded). So probes with 1, 2, 3 … hops to live make one router after the other name itself. A router that several hosts share was asked for one of them, which the line names.
explain-traced-else = The answer bears the address of the router's near side, or of any of its links. Where several ways are equally good, packets may take turns; the way back may be another one, and is not seen; switches and tunnels take nothing off and never show. Routers limit how often they answer, so silence there says little.
