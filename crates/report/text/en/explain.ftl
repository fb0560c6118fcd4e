# `vigie scan --explain`: what the replies mean. Names of flags, messages and states are those of the protocols.

explain-title = Explanation: the packets and what they mean
explain-means = What it means
explain-why = Why
explain-else = What else it could be
explain-sure = How certain it is
explain-check = To verify it
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
    [one] One more packet is not shown
   *[other] { $n } more packets are not shown
}: retries and duplicate replies.
explain-path-packets = { $n ->
    [one] One packet measured
   *[other] { $n } packets measured
} the path or the host's rate limit: they targeted ports whose state was already known, and do not count as tries.
explain-nothing-came = no reply
explain-no-packets-connect = The kernel made these connections (-sT). Vigie did not see their packets, so none are shown.
explain-no-packets = The packets were not recorded.
explain-kernel-reset = Not shown here: the scanner's own kernel answers each SYN, ACK with a RST, because no program on this machine opened that connection.

explain-own-head = { $n ->
    [one] { $host } is this machine
   *[other] { $n } addresses belong to this machine
}
explain-own-means = The packets never leave this machine: the kernel delivers them over the loopback interface. The result shows what local programs see, not what other machines see.
explain-own-why = RFC 1122, section 3.2.1.3: loopback addresses must not appear outside a host. Linux also delivers packets to any of its own addresses over loopback.
explain-own-else = The packets crossed no external firewall, and local rules for other interfaces do not apply to loopback: a port that is open here may be closed to everyone else. Scan from another machine to find out.

explain-arp-head = { $n ->
    [one] { $host } answered ARP: it is up
   *[other] { $n } hosts answered ARP: they are up
}
explain-arp-means = The scanner asked the link which machine has the address, and its owner replied with its MAC address. The host is on the same link, with no router or routed firewall in between.
explain-arp-why = RFC 826: the owner of an address answers ARP requests. A host that uses IPv4 on Ethernet must answer them, so ARP finds hosts that drop every ping.
explain-arp-else = Another device may answer for the host (proxy ARP, RFC 1027), or the reply may be forged: ARP is not authenticated.

explain-nd-head = { $n ->
    [one] { $host } answered neighbour discovery: it is up
   *[other] { $n } hosts answered neighbour discovery: they are up
}
explain-nd-means = The scanner asked the link which machine has the address, and its owner replied with its MAC address. The host is on the same link.
explain-nd-why = RFC 4861, section 7.2: the owner of an address answers a neighbour solicitation with an advertisement. A hop limit of 255 proves that no router forwarded it.
explain-nd-else = A router may answer for the host (proxy), or the reply may be forged: neighbour discovery is not authenticated.

explain-timestamp-head = { $n ->
    [one] { $host } replied to an ICMP timestamp request: it is up
   *[other] { $n } hosts replied to ICMP timestamp requests: they are up
}
explain-timestamp-means = The ICMP timestamp request arrived and the host replied with its clock: the path works in both directions. Firewalls that drop pings often let this type through.
explain-timestamp-why = RFC 792 (timestamp and timestamp reply); RFC 1122, section 3.2.2.8: a host may reply, but does not have to.
explain-timestamp-else = A router or a load balancer may have replied for the host. The reply does not show whether a port is open.

explain-echo-head = { $n ->
    [one] { $host } replied to a ping: it is up
   *[other] { $n } hosts replied to a ping: they are up
}
explain-echo-means = The echo request arrived and the reply came back: the path works in both directions, and no firewall drops pings.
explain-echo-why = RFC 1122, section 3.2.2.6 (IPv6: RFC 4443, section 4.2): every host must reply to echo requests.
explain-echo-else = A router or a load balancer may have replied for the host. The reply does not show whether a port is open.

explain-tcp-host-head = { $n ->
    [one] { $host } replied to a TCP probe: it is up
   *[other] { $n } hosts replied to a TCP probe: they are up
}
explain-tcp-host-means = A SYN or ACK to a common port got a reply. Any reply proves that the host is up.
explain-tcp-host-why = RFC 9293, section 3.5.2: a host answers a segment that belongs to no connection with RST, and a SYN to an open port with SYN, ACK.
explain-tcp-host-else = A firewall or a SYN proxy may have replied for the host.

explain-assumed-head = { $n ->
    [one] { $host } is assumed up (-Pn)
   *[other] { $n } hosts are assumed up (-Pn)
}
explain-assumed-means = No discovery probe was sent. The ports were scanned anyway; if none replied, the host may be down.
explain-assumed-why = -Pn skips host discovery. This is useful where a firewall drops every discovery probe.
explain-assumed-else = Without -Pn, the scan sends discovery probes first and reports whether the host replied.

explain-other-host-head = { $n ->
    [one] { $host } is up: { $reason }
   *[other] { $n } hosts are up: { $reason }
}
explain-other-host-means = A reply came that only a host that is up sends.
explain-other-host-why = Every reply to a probe proves that a machine received the probe.
explain-other-host-else = A device on the path may have replied for the host.

explain-down-head = { $n ->
    [one] { $host } did not reply
   *[other] { $n } addresses did not reply
}
explain-down-means = No discovery probe got a reply. Either the address is not in use, or the host is off, or a firewall drops all of these probes.
explain-down-why = No reply is weak evidence behind a router. On the same link it is strong evidence, because a host cannot hide from ARP or neighbour discovery.
explain-down-else = Scan its ports anyway with -Pn: a host that drops pings may have an open port.

explain-all-open-head = Every port of { $host } appears open: a device in front of it replies for all of them
explain-all-open-head-real = Every scanned port of { $host } is open: confirmed by full connections
explain-all-open-head-unclear = Every port of { $host } appears open, and full connections did not settle why
explain-all-open-front = Verified with full connections. To ports that replied: { $tried } connections, { $held } stayed open and { $reset } were reset. To random high ports: { $controls } connections, { $answered } accepted. A host does not listen on random ports, so a device replies for all of them.
explain-all-open-resets = Verified with full connections: of { $tried } to ports that replied, { $reset } were reset right after the handshake. The device that answered the SYN found no service behind the port. It does not reply for random high ports ({ $answered } of { $controls } accepted).
explain-all-open-real = Verified with full connections: of { $tried } to ports that replied, { $held } stayed open and { $reset } were reset; { $answered } of { $controls } random high ports accepted one. A SYN proxy would reset the connections, and a tarpit would also accept those to random ports.
explain-all-open-unclear = Full connections did not settle it: of { $tried } to ports that replied, { $held } stayed open and { $reset } were reset; of { $controls } to random high ports, { $answered } were accepted.
explain-all-open-means = A SYN proxy protects a host from SYN floods: it answers each SYN itself and contacts the host only when the client continues. Its SYN, ACK therefore shows that the proxy is up, and nothing about the port.
explain-all-open-why = RFC 4987, section 3.8 describes SYN proxies. No host runs a program on all of its ports. A capture shows the proxy: every reply has the same TTL, window, options and delay.
explain-all-open-else = A tarpit or a honeypot replies to everything to slow scanners down. To find the real ports, complete the connection (-sT) and wait for the service's first bytes.

explain-open-syn-ack-head = { $n ->
    [one] { $n } port replied SYN, ACK: a program is listening
   *[other] { $n } ports replied SYN, ACK: programs are listening
}
explain-open-syn-ack-means = The target accepted to open a connection: a program is listening on the port (state LISTEN), and any client that reaches this address can connect to it. The scan never completes the connection.
explain-open-syn-ack-why = RFC 9293, section 3.10.7.2: a port in state LISTEN answers a SYN with SYN, ACK; a port without a listener answers RST. The reply acknowledges the probe's sequence number, so it is not a blind forgery.
explain-open-syn-ack-else = A load balancer, a firewall or a SYN proxy may have replied for the target. The program itself is not identified: SERVICE shows the usual service for that port number.

explain-open-connect-head = { $n ->
    [one] { $n } port accepted a connection: a program is listening
   *[other] { $n } ports accepted a connection: programs are listening
}
explain-open-connect-means = The kernel completed a connection (SYN; SYN, ACK; ACK) and Vigie closed it at once. A program is listening, and it may have logged the connection.
explain-open-connect-why = RFC 9293, section 3.5: the three-way handshake was completed, which needs a listener.
explain-open-connect-else = A load balancer or a proxy may have accepted the connection for the target. The program itself is not identified.

explain-open-split-head = { $n ->
    [one] { $n } port replied with a SYN: a program is listening
   *[other] { $n } ports replied with a SYN: programs are listening
}
explain-open-split-means = The target opens a connection at the same moment (simultaneous open), or opens it in two steps (split handshake). A program there accepts connections.
explain-open-split-why = RFC 9293, section 3.5: both sides may open the same connection at the same time, each with a SYN.
explain-open-split-else = Devices that try to confuse scanners and clients also reply this way.

explain-open-udp-head = { $n ->
    [one] { $n } port replied with a datagram: a program is listening
   *[other] { $n } ports replied with datagrams: programs are listening
}
explain-open-udp-means = A program received the probe and replied. UDP has no handshake, so a reply of the program is the only proof that a port is open. It identifies the service only if it belongs to the protocol of the probe.
explain-open-udp-why = RFC 768: UDP carries datagrams between ports. Only the program bound to the port can have sent this one.
explain-open-udp-else = A proxy or a load balancer may have replied for the target.

explain-open-other-head = { $n ->
    [one] { $n } port sent a reply that only open ports send ({ $reason })
   *[other] { $n } ports sent a reply that only open ports send ({ $reason })
}
explain-open-other-means = The target received the probe and accepted it.
explain-open-other-why = In the probed protocol, no closed port replies this way (SCTP: RFC 9260, section 5.1; IP protocols: RFC 1122, section 3.2.2.1).
explain-open-other-else = A device on the path may have replied for the target.

explain-closed-reset-head = { $n ->
    [one] { $n } port replied { $flags }: no program is listening
   *[other] { $n } ports replied { $flags }: no program is listening
}
explain-closed-reset-means = The probe arrived, and a RST came from the host's address: no program is listening on the port. The host's own kernel usually sends it; then no firewall drops these probes, and a program started on this port would be reachable at once.
explain-closed-reset-why = RFC 9293, sections 3.5.2 and 3.10.7.1: a port without a connection or listener answers a segment with RST. A RST to a SYN acknowledges its sequence number: the sender has seen the probe. It does not prove that the sender is the host.
explain-closed-reset-else = A firewall may send the RST for the host (“reject with tcp reset”), and a program may be listening behind it. The TTL of such a RST often differs from that of the host's other replies.

explain-closed-refused-head = { $n ->
    [one] { $n } port refused the connection: no program is listening
   *[other] { $n } ports refused the connection: no program is listening
}
explain-closed-refused-means = The kernel received a RST for its SYN (error ECONNREFUSED of connect(2)). The host is reachable, and no program is listening on the port.
explain-closed-refused-why = RFC 9293, section 3.10.7.3: a RST that acknowledges the SYN ends the attempt, and the program gets the error “connection refused”.
explain-closed-refused-else = A firewall may send the RST for the host, and a program may be listening behind it.

explain-closed-port-unreach-head = { $n ->
    [one] { $n } port replied ICMP port unreachable: no program is listening
   *[other] { $n } ports replied ICMP port unreachable: no program is listening
}
explain-closed-port-unreach-means = The datagram arrived, and the host's own address returned an error: no program uses that UDP port.
explain-closed-port-unreach-why = RFC 1122, section 4.1.3.1 (IPv6: RFC 4443, section 3.1, code 4): a host should answer a datagram to an unused port with ICMP port unreachable. The error quotes the probe, which proves what it replies to.
explain-closed-port-unreach-else = Hosts limit the rate of these errors (Linux: one per second to each address, after a burst of six), so a closed port can stay silent for a long time; the scan takes this into account. A firewall may also send this error (“reject”): other ports of the host then stay silent or reply the same way.

explain-closed-other-head = { $n ->
    [one] { $n } port was refused by the host ({ $reason }): no program is listening
   *[other] { $n } ports were refused by the host ({ $reason }): no program is listening
}
explain-closed-other-means = The probe arrived, and the host's address refused it: no program accepts it.
explain-closed-other-why = SCTP: RFC 9260, section 8.4 (ABORT); IP protocols: RFC 1122, section 3.2.2.1 (protocol unreachable).
explain-closed-other-else = A firewall may have replied for the host.

explain-silent-head = { $n ->
    [one] { $n } port did not reply: most likely a firewall drops the probes
   *[other] { $n } ports did not reply: most likely a firewall drops the probes
}
explain-silent-means = A host replies to this probe whether the port is open or closed, unless it is overloaded or limits its replies. Most likely a firewall dropped the probe or the reply. A program may or may not be listening behind it.
explain-silent-why = RFC 9293, section 3.10.7: TCP answers a SYN in every state: SYN, ACK in LISTEN, RST without a listener (section 3.10.7.1). It answers an ACK without a connection with RST. If no reply comes, a device on the path or a limit of the host dropped the probe or the reply.
explain-silent-else = Every probe or its reply was lost (probability below); the host limits its RSTs or is too busy (full connection queue); a defence blocked the scanner; the return path is missing; or the host went down during the scan. A firewall that rejects instead of dropping would have sent a RST or an ICMP error.
explain-silent-numbers = { $tries ->
    [one] One try
   *[other] Up to { $tries } tries
} per port. { $rate } of probes or replies are lost on this path ({ $measured ->
    [yes] measured
   *[no] assumed upper limit, too few replies to measure it
}). The probability that a port replied and every reply was lost is below { $p }.
explain-silent-drop = A firewall drops every try; ordinary loss drops one packet, and the next try gets through. This is why silent ports are tried again.
explain-silent-others-answered = Other ports of the same host replied meanwhile: the path works in both directions.
explain-silent-nobody-answered = No port of this host replied. Only host discovery shows that it is up.
explain-silent-of = For { $n ->
    [one] one port
   *[other] { $n } ports
} on { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
}:
explain-silent-surer = { $n ->
    [one] One more port is more certain than this.
   *[other] { $n } more ports are more certain than this.
}

explain-silent-udp-head = { $n ->
    [one] { $n } port did not reply: open or filtered
   *[other] { $n } ports did not reply: open or filtered
}
explain-silent-udp-means = In UDP, no reply has two possible causes: a program received the datagram and did not reply, or a firewall dropped it. This probe cannot distinguish them.
explain-silent-udp-asked-own = Ports with a protocol that Vigie supports received a request in that protocol. The usual server would most likely have replied, so no reply suggests a firewall or another program.
explain-silent-udp-asked-other = Ports without a protocol that Vigie supports received an empty datagram, or requests of protocols that often run on unusual ports. Most programs ignore what they do not understand, so no reply proves little.
explain-silent-udp-by-design = { $ports }: { $why }. An open port stays silent there too.
explain-silent-udp-numbers = Hosts limit the rate of their ICMP errors. A try counts only if a closed port of the same host returned an error at the same moment. Each of these ports has { $tries ->
    [one] at least one such try
   *[other] up to { $tries } such tries
}, and more that do not count. If { $rate } of probes or replies are lost, the probability that a port is closed and every error was lost is below { $p }.
explain-silent-udp-mute = The host never reported a closed UDP port: it sends no ICMP errors, or a firewall drops them. More tries would not help.
explain-silent-udp-why = RFC 768: UDP has no acknowledgements, so an open port may stay silent. A closed port answers ICMP port unreachable (RFC 1122, section 4.1.3.1).
explain-silent-udp-else = The host limited its ICMP errors (RFC 1812, section 4.3.2.8; RFC 4443, section 2.4), or a firewall drops the errors on the return path. A request in the program's own protocol would usually get a reply from an open port; some servers reply only to clients with a key.

explain-silent-flags-head = { $n ->
    [one] { $n } port did not reply: open or filtered
   *[other] { $n } ports did not reply: open or filtered
}
explain-silent-flags-means = A closed port answers this probe with RST; an open port ignores it. A firewall that drops the probe looks like an open port.
explain-silent-flags-why = RFC 9293, section 3.10.7.2: a port in LISTEN drops a segment without SYN, ACK and RST. Section 3.10.7.1: a port without a listener answers RST.
explain-silent-flags-else = Some systems answer RST in both cases, which makes every port look closed. A SYN scan (-sS) distinguishes open from filtered.

explain-unfiltered-head = { $n ->
    [one] { $n } port replied { $flags }: reachable, open or closed
   *[other] { $n } ports replied { $flags }: reachable, open or closed
}
explain-unfiltered-means = The probe arrived and the host replied. Open and closed ports give the same reply to this probe, so it does not show whether a program is listening.
explain-unfiltered-why = RFC 9293, section 3.10.7.2: a port in LISTEN answers an ACK without a connection with RST. Section 3.10.7.1: so does a port without a listener.
explain-unfiltered-else = A stateful firewall would have dropped this ACK: there is none, or it allows such segments.

explain-icmp-head = { $n ->
    [one] { $n } port was rejected by an ICMP error: { $name }
   *[other] { $n } ports were rejected by an ICMP error: { $name }
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
explain-icmp-means-prohibited = A firewall or router reports that its rules forbid this traffic. A program may or may not be listening behind it.
explain-icmp-means-way = A router reports that it cannot deliver the packet: it has no route, or the address does not answer. A program may or may not be listening there.
explain-icmp-means-port = A firewall rejects the probe with an ICMP error (usual for “reject” rules); TCP itself would send RST. A program may or may not be listening behind it.
explain-icmp-means-protocol = The host reports that it does not support the transport protocol, or a firewall reports it for the host.
explain-icmp-means-expired = The packet was forwarded until its TTL or hop limit reached zero: a routing loop, or a path longer than the probe's TTL.
explain-icmp-means-odd = A device on the path could not or would not handle the packet.
explain-icmp-why = RFC 792, RFC 1122 (section 3.2.2.1) and RFC 1812 (section 5.2.7.1); IPv6: RFC 4443 (section 3). The error quotes the packet that caused it, and the quote matches our probe. The port itself did not refuse it, so the state is filtered.
explain-icmp-else = The sender of the error shows who rejects the probe: the host, its firewall, or a router before it. ICMP errors are rate-limited (RFC 1812, section 4.3.2.8; RFC 4443, section 2.4): if many ports are rejected, some stay silent at first.

explain-unknown-head = { $n ->
    [one] { $n } port was not probed, or not completely
   *[other] { $n } ports were not probed, or not completely
}
explain-unknown-means = The scan ended before the state was certain.
explain-unknown-why = A state needs a reply, or enough tries without a reply ({ $reason }).
explain-unknown-else = Allow more time (--max-time, --host-timeout), or resume the scan (--state, --resume).

explain-other-head = { $n ->
    [one] { $n } port: { $reason }
   *[other] { $n } ports: { $reason }
}
explain-other-means = The chosen technique maps this reply to the state shown.
explain-other-why = The RFC of the protocol defines such replies: TCP in RFC 9293, section 3.10.7; ICMP in RFC 792 and RFC 4443.
explain-other-else = A device on the path may have replied for the target. Another technique (-sS, -sA, -sT) shows more.

explain-silent-other-head = { $n ->
    [one] { $n } port or protocol did not reply
   *[other] { $n } ports or protocols did not reply
}
explain-silent-other-means = The probe or its reply was dropped on the path, or the target does not reply to such probes.
explain-silent-other-why = SCTP: a listener answers INIT with INIT ACK, a host without one with ABORT (RFC 9260, sections 5.1 and 8.4); an invalid COOKIE ECHO is discarded silently (section 5.1.5). IP protocols: a host should answer protocol unreachable for those that it does not support (RFC 1122, section 3.2.2.1), and may ignore an empty packet of those that it supports.
explain-silent-other-else = Many firewalls pass only TCP, UDP and ICMP and drop everything else, and hosts limit their ICMP errors.

explain-window-head = { $n ->
    [one] { $n } port replied { $flags }; the TCP window of the reply shows its state
   *[other] { $n } ports replied { $flags }; the TCP windows of the replies show their state
}
explain-window-means = Open and closed ports both answer this probe with RST, but on some systems the RST of an open port has a non-zero window. See “win” in the packet line above.
explain-window-why = RFC 9293, section 3.10.7: both states answer an unexpected ACK with RST. The different window is a behaviour of some systems and is in no RFC.
explain-window-else = On other systems every port looks closed, or every port looks open. A SYN scan (-sS) is reliable.

explain-traced-head = { $n ->
    [one] Route to { $host }
   *[other] Routes to { $n } hosts
}
explain-traced-means = Each line is a router on the path of the probes, nearest first. An unexpected router, or a missing one, means that packets take another path than intended. A hop without a reply is a router that forwards packets but sends no errors.
explain-traced-why = Every router decrements the TTL (hop limit) of a packet. At zero it drops the packet and reports this to the sender (RFC 792 and RFC 4443, time exceeded). Probes with TTL 1, 2, 3 … therefore reveal one router after the other. A router on the path to several hosts was probed for one of them, named on its line.
explain-traced-else = A router may reply from the address of its near side or of any other link. With several equal paths, packets may alternate between them. The return path may differ and is not visible. Switches and tunnels do not decrement the TTL and never appear. Routers limit their replies, so a missing reply proves little.
