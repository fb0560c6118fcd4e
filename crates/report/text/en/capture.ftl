# `vigie capture`: its help, what it says, and what is wrong with filters and capture files.

capture-about = The packets on the wire, as lines or in a file
capture-usage = vigie capture [OPTIONS] [FILTER]
capture-after =
    Examples
      vigie capture -n -i eth0 udp and port 53
      vigie capture -i lo 'udp or icmp'
      vigie capture -n 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not net 10.0.0.0/8'
      vigie capture -i any -w all.pcapng
      vigie capture -r all.pcapng -vv host 10.0.0.1

    The filter is tcpdump's language: tcp, udp, icmp, ip6, arp, host, src, dst, net, port, portrange, proto, vlan, less,
    greater, proto[offset:size] comparisons, and, or, not, parentheses (quote them for the shell).
capture-value-filter = FILTER
capture-value-direction = WAY
capture-value-bytes = BYTES
capture-value-kib = KIB
capture-value-megabytes = MB
capture-value-count = COUNT
capture-value-format = FORMAT
capture-help-filter = Which packets: tcpdump's language

capture-group-filter = Which packets
capture-group-from = From where
capture-help-interface = This interface, or any (else the first that is up)
capture-help-list = List the interfaces
capture-help-read = A capture file instead (- for standard input)
capture-help-filter-file = The filter from a file
capture-help-direction = Only what comes in, or only what goes out: in, out, inout
capture-help-no-promiscuous = Only what is meant for this machine
capture-help-snap = Bytes kept of a packet (0: all)
capture-help-buffer = Size of the kernel's ring
capture-help-code = Show the filter's program and end

capture-group-show = What is shown
capture-help-numeric = Numbers, not names (names come from /etc/hosts and the services table, never from the network)
capture-help-verbose = More: IP header and checksums; -vv all of DNS messages and more
capture-help-link-header = The link header too
capture-help-hex-ascii = The bytes, in hexadecimal and ASCII; -XX with the link header
capture-help-hex = The bytes, in hexadecimal; -xx with the link header
capture-help-ascii = The bytes as ASCII; -AA with the link header
capture-help-time = Times: -t none, -tt since 1970, -ttt since the line before, -tttt with the date, -ttttt since the first
capture-help-absolute = TCP sequence numbers as they are
capture-help-line-buffered = Show each line at once
capture-help-nano = Times in nanoseconds

capture-group-file = Files
capture-help-write = Write the packets to a file (- for standard output) and print no lines
capture-help-format = The file's format: pcap or pcapng (else by the name's ending)
capture-help-print = Print lines too
capture-help-packet-buffered = Write each packet at once
capture-help-rotate-size = Begin a new file after that many million bytes
capture-help-rotate-time = Begin a new file after that many seconds; %H, %M and the like in the name stand for its time
capture-help-rotate-count = At most that many files

capture-group-end = When to stop (else with Ctrl-C)
capture-help-count = After that many packets

capture-link-up = Up
capture-link-running = Running
capture-link-loopback = Loopback
capture-link-any = all interfaces

capture-listening = listening on { $interface }, link-type { $link }, snapshot length { $bytes } bytes
capture-reading = reading from file { $file }, link-type { $link }
capture-captured = { $count ->
    [one] 1 packet captured
   *[other] { $count } packets captured
}
capture-received = { $count ->
    [one] 1 packet received by filter
   *[other] { $count } packets received by filter
}
capture-dropped = { $count ->
    [one] 1 packet dropped by kernel
   *[other] { $count } packets dropped by kernel
}
capture-not-permitted = listening on an interface needs the capability CAP_NET_RAW
capture-not-permitted-hint = run it as root, or grant it once with: sudo setcap cap_net_raw+ep { $program }
capture-needs-write = “{ $arg }” goes with -w FILE
capture-links-mixed = { $file } would hold packets of several link types: filter by one of them, or write them apart
capture-link-unknown = packets of link type { $link } cannot be written
capture-file-unreadable = { $file } cannot be read: { $error }
capture-file-strange = { $file } is no capture file: it begins neither like pcap nor like pcapng (byte { $offset })
capture-file-version = { $file } is of version { $version }, which is not known here (byte { $offset })
capture-file-length = { $file } is damaged: at byte { $offset } something claims a length of { $length } bytes
capture-file-interface = { $file } is damaged: the packet at byte { $offset } is of interface { $interface }, which it does not describe
capture-file-interfaces = { $file } describes more interfaces than fit here (byte { $offset })
capture-file-cut = { $file } ends within a packet, at byte { $offset }

filter-character = “{ $character }” means nothing in a filter
filter-ends = the filter ends where { $expected } should follow
filter-expected = “{ $found }” stands where { $expected } should
filter-expected-primitive = something like tcp, host ADDRESS or port NUMBER
filter-expected-value = a value
filter-expected-operand = a number or proto[offset]
filter-expected-comparison = a comparison (=, !=, <, <=, >, >=)
filter-expected-parenthesis = “)”
filter-expected-bracket = “]”
filter-expected-operator = and, or, or the end
filter-expected-mask = a mask such as 255.255.0.0
filter-unknown-word = “{ $word }” is no word of filters
filter-unknown-host = no host is called “{ $name }”
filter-unknown-port = no service of that protocol is called “{ $name }”
filter-unknown-protocol = no protocol is called “{ $name }” there
filter-bad-network = “{ $text }” is no network of that length
filter-too-large = { $text } is too large: at most { $max }
filter-mismatch = “{ $qualifier }” does not go with “{ $kind }”
filter-bad-range = “{ $text }” is no range of ports
filter-bad-size = { $text } is no size: 1, 2 or 4
filter-bad-arithmetic = a division by zero, or a shift by 32 or more
filter-not-on-this-link = “{ $word }” means nothing on this kind of link
filter-unsupported = tcpdump knows “{ $word }”, Vigie does not
filter-too-long = the filter is too long or nested too deep for the kernel's filter machine
filter-hint-host = an address needs a word before it: host, src, dst or net
filter-hint-words = words are tcp, udp, icmp, icmp6, ip, ip6, arp, host, net, port, portrange, src, dst, vlan, less, greater, and, or, not
filter-hint-network = bits past the mask must be 0: 10.0.0.0/8, 192.168.1.0/24, 2001:db8::/32
filter-hint-range = two ports and a dash: portrange 8000-8100
filter-hint-quote = does the shell change it? Quote the filter

seen-title = What these packets mean
seen-arp-request = somebody asks the link who has an IPv4 address (RFC 826)
seen-arp-reply = its owner answers with its hardware address
seen-ns = somebody asks the link who has an IPv6 address (RFC 4861)
seen-na = its owner answers with its hardware address
seen-router = a host looks for routers, or a router says that it is there
seen-mld = a host says which multicast groups it listens to
seen-echo = a ping: are you there?
seen-echo-reply = the answer to a ping: I am here
seen-port-unreachable = no program has the UDP port that was asked: it is closed (or a firewall rejects)
seen-prohibited = a firewall or router refuses openly
seen-unreachable = a router or host says that the packet cannot be delivered
seen-time-exceeded = a packet's TTL ran out on the way: traceroute, or routers that send in a circle
seen-redirect = a router names a better way
seen-icmp = another message of the control protocol
seen-syn = a client asks for a connection; many to many ports: a scan
seen-syn-ack = a program listens there and agrees: the port is open
seen-ack = data or a step of the connection is acknowledged; after SYN, ACK it completes the handshake
seen-data = a connection carries data
seen-fin = one side closes its half of a connection
seen-rst = nobody listens there (after a SYN: the port is closed), or a connection is broken off
seen-odd-flags = flags that no connection has: a scan with odd packets, or broken software
seen-dns-query = somebody asks for a name
seen-dns-response = a server answers
seen-dhcp = a host asks for an address, or is given one
seen-ntp = clocks are set
seen-udp = a datagram of a protocol that is not told apart here
seen-fragment = the rest of a packet that was too long for the way
seen-protocol = neither TCP nor UDP nor ICMP
seen-other = not IP, or cut short
capture-help-explain = At the end, say what the kinds of packets seen mean
