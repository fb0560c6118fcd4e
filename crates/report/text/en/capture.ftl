# `vigie capture`: help, messages, errors in filters and capture files; summaries of `--explain`.

capture-about = Capture packets, as lines or into a file
capture-usage = vigie capture [OPTIONS] [FILTER]
capture-after =
    Examples
      vigie capture -n -i eth0 udp and port 53
      vigie capture -i lo 'udp or icmp'
      vigie capture -n 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not net 10.0.0.0/8'
      vigie capture -i any -w all.pcapng
      vigie capture -r all.pcapng -vv host 10.0.0.1

    The filter uses tcpdump's syntax: tcp, udp, icmp, ip6, arp, host, src, dst, net, port, portrange, proto, vlan, less,
    greater, comparisons with proto[offset:size], and, or, not, parentheses (quote them for the shell).
value-direction = DIRECTION
value-bytes = BYTES
value-kib = KIB
value-mb = MB
value-count = COUNT
capture-help-filter = Capture filter in tcpdump's syntax

capture-group-filter = Filter
capture-group-from = Source
capture-help-interface = Interface, or any for all (default: the first that is up)
capture-help-list = List the interfaces
capture-help-read = Read packets from a capture file (- for standard input)
capture-help-filter-file = Read the filter from a file
capture-help-direction = Only received or only sent packets: in, out, inout
capture-help-no-promiscuous = Do not use promiscuous mode
capture-help-snap = Snapshot length: bytes kept of each packet (0: all)
capture-help-buffer = Size of the kernel's ring buffer
capture-help-code = Print the compiled filter and exit

capture-group-show = Display
capture-help-numeric = Do not resolve addresses and ports (names come from /etc/hosts and the services table, never from the network)
capture-help-verbose = More detail: IP header and checksums; -vv adds complete DNS messages and more
capture-help-link-header = Print the link-layer header
capture-help-hex-ascii = Print the bytes in hexadecimal and ASCII; -XX with the link-layer header
capture-help-hex = Print the bytes in hexadecimal; -xx with the link-layer header
capture-help-ascii = Print the bytes in ASCII; -AA with the link-layer header
capture-help-time = Timestamps: -t none, -tt since 1970, -ttt since the previous line, -tttt with the date, -ttttt since the first line
capture-help-absolute = Absolute TCP sequence numbers
capture-help-line-buffered = Flush after each line
capture-help-nano = Timestamps in nanoseconds

capture-group-file = Files
capture-help-write = Write the packets to a file (- for standard output) instead of printing them
capture-help-format = File format: pcap or pcapng (default: by file extension)
capture-help-print = Print the packets as well
capture-help-packet-buffered = Flush the file after each packet
capture-help-rotate-size = Start a new file after this many million bytes
capture-help-rotate-time = Start a new file after this many seconds; the name may contain time fields such as %H and %M
capture-help-rotate-count = Keep at most this many files

capture-group-end = When to stop (default: Ctrl-C)
capture-help-count = Stop after this many packets

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
capture-not-permitted = capturing needs the capability CAP_NET_RAW
capture-not-permitted-hint = run as root, or grant the capability once: sudo setcap cap_net_raw+ep { $program }
capture-needs-write = “{ $arg }” needs -w FILE
capture-links-mixed = { $file } cannot hold packets of several link types: filter one of them, or write them to separate files
capture-link-unknown = cannot write packets of link type { $link }
capture-file-unreadable = cannot read { $file }: { $error }
capture-file-strange = { $file } is not a capture file: neither a pcap nor a pcapng header (byte { $offset })
capture-file-version = { $file } has the unsupported version { $version } (byte { $offset })
capture-file-length = { $file } is damaged: invalid length of { $length } bytes at byte { $offset }
capture-file-interface = { $file } is damaged: the packet at byte { $offset } belongs to the undefined interface { $interface }
capture-file-interfaces = { $file } defines too many interfaces (byte { $offset })
capture-file-cut = { $file } is truncated within a packet, at byte { $offset }

filter-character = unexpected character “{ $character }” in the filter
filter-ends = the filter ends where it needs { $expected }
filter-expected = unexpected “{ $found }”: the filter needs { $expected } here
filter-expected-primitive = a primitive such as tcp, host ADDRESS or port NUMBER
filter-expected-value = a value
filter-expected-operand = a number or proto[offset]
filter-expected-comparison = a comparison (=, !=, <, <=, >, >=)
filter-expected-parenthesis = “)”
filter-expected-bracket = “]”
filter-expected-operator = and, or, or the end
filter-expected-mask = a mask such as 255.255.0.0
filter-unknown-word = unknown word “{ $word }” in the filter
filter-unknown-host = unknown host “{ $name }”
filter-unknown-port = unknown service “{ $name }” for that protocol
filter-unknown-protocol = unknown protocol “{ $name }” there
filter-bad-network = “{ $text }” is not a network of that length
filter-too-large = { $text } is too large: the maximum is { $max }
filter-mismatch = “{ $qualifier }” cannot be used with “{ $kind }”
filter-bad-range = “{ $text }” is not a port range
filter-bad-size = { $text } is not a valid size: 1, 2 or 4
filter-bad-arithmetic = division by zero, or shift by 32 or more
filter-not-on-this-link = “{ $word }” has no meaning on this link type
filter-unsupported = “{ $word }” is a tcpdump keyword that Vigie does not support
filter-too-long = the filter is too long or nested too deeply for the kernel
filter-hint-host = put host, src, dst or net before an address
filter-hint-words = keywords: tcp, udp, icmp, icmp6, ip, ip6, arp, host, net, port, portrange, src, dst, vlan, less, greater, and, or, not
filter-hint-network = the bits after the prefix must be 0: 10.0.0.0/8, 192.168.1.0/24, 2001:db8::/32
filter-hint-range = write two ports and a dash: portrange 8000-8100
filter-hint-quote = the shell may have changed it: quote the filter

seen-title = Meaning of these packets
seen-arp-request = a host asks for the MAC address of an IPv4 address (RFC 826)
seen-arp-reply = the owner of the address replies with its MAC address
seen-ns = a host asks for the MAC address of an IPv6 address (RFC 4861)
seen-na = the owner of the address replies with its MAC address
seen-router = a host solicits routers, or a router advertises itself
seen-mld = a host reports its multicast groups
seen-echo = a ping
seen-echo-reply = a reply to a ping
seen-port-unreachable = no program uses the UDP port: it is closed (or a firewall rejects)
seen-prohibited = a firewall or router rejects the packet
seen-unreachable = a router or host reports that it cannot deliver the packet
seen-time-exceeded = a packet's TTL reached zero on the path: traceroute, or a routing loop
seen-redirect = a router reports a better route
seen-icmp = another ICMP message
seen-syn = a client requests a connection; many SYNs to many ports are a scan
seen-syn-ack = a program is listening and accepts: the port is open
seen-ack = acknowledges data or a step of the connection; after SYN, ACK it completes the handshake
seen-data = data of a connection
seen-fin = one side closes its half of the connection
seen-rst = no program is listening (after a SYN: the port is closed), or a connection is aborted
seen-odd-flags = flags that no connection uses: an unusual scan, or broken software
seen-dns-query = a DNS query
seen-dns-response = a DNS response
seen-dhcp = a host requests an address, or receives one
seen-ntp = clock synchronisation
seen-udp = a datagram of an unrecognised protocol
seen-fragment = the rest of a packet that was too long for the path
seen-protocol = another IP protocol than TCP, UDP and ICMP
seen-other = not IP, or truncated
capture-help-explain = At the end, explain the kinds of packets captured
