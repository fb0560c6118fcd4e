# `vigie dns`: its help, and why there is no answer. (The answer's layout is dig's, in every language.)

dns-about = Ask a DNS server, as dig does
dns-usage = vigie dns [@SERVER] NAME [TYPE] [+WORDS] [OPTIONS]
dns-after =
    Examples
      vigie dns www.example.org
      vigie dns @10.0.0.1 example.org MX
      vigie dns -x 10.0.0.1 +short
      vigie dns example.org NS +trace

    Words: +short +tcp +trace +dnssec +norecurse +noedns +bufsize=BYTES +time=SECONDS +tries=COUNT +ignore,
    and what is shown: +[no]all +[no]cmd +[no]comments +[no]question +[no]answer +[no]authority +[no]additional +[no]stats
dns-options = Options
dns-value-words = @SERVER NAME TYPE +WORDS
dns-value-port = PORT
dns-value-address = ADDRESS
dns-value-type = TYPE
dns-value-class = CLASS
dns-help-words = Whom to ask (else the system's servers), what, and how
dns-help-port = The server's port
dns-help-reverse = The name of an address
dns-help-type = The record type: A, AAAA, MX, NS, TXT, SOA, PTR, SRV, ANY, TYPE65280
dns-help-class = The class: IN, CH, HS
dns-help-ipv4 = Only servers with IPv4 addresses
dns-help-ipv6 = Only servers with IPv6 addresses

dns-word-extra = “{ $word }” is one name too many: one question at a time
dns-type = “{ $type }” is no record type
dns-class = “{ $class }” is no class: IN, CH or HS
dns-address = “{ $address }” is no IP address
dns-name = “{ $name }” is no name: { $error }
dns-switch = there is no “{ $word }” here
dns-switch-hint = “vigie dns --help” lists the words
dns-no-server = this system names no DNS server
dns-no-server-hint = name one: @10.0.0.1
dns-server-family = { $server } has no address of that family
dns-port-closed = { $server } answered, but not with DNS: ICMP port unreachable came back, its UDP port { $port } is closed
dns-reset = { $server } answered, but not with DNS: a reset came back, its TCP port { $port } is closed
dns-port-closed-hint = no DNS service listens on that machine and port; it is up, or its answer would not have come
dns-timed-out = { $server } did not answer on port { $port }
dns-timed-out-hint = it is down, there is no such machine, or a firewall drops the question; +tcp asks another way
dns-unreachable = { $server } cannot be reached: { $error } (an ICMP error came back, or there is no route)
dns-system = the question to { $server } could not be sent: { $error }
dns-malformed = { $server } answered something that is no DNS message: { $error }
dns-too-deep = the delegations do not end

dns-help-explain = Say what the words of the answer mean, and show the packets as they went
dns-explain-title = What this answer means
dns-explain-noerror = the name exists and has records of the type asked for (RFC 1035, section 4.1.1)
dns-explain-nodata = the name exists, but has no record of the type asked for (RFC 2308, section 2.2), or the server sends you on (AUTHORITY)
dns-explain-formerr = the server did not understand the question
dns-explain-servfail = the server could not find the answer out: its own servers are silent, or a signature is wrong (DNSSEC)
dns-explain-nxdomain = the name does not exist, nor does any below it (RFC 8020)
dns-explain-notimp = the server does not do what was asked
dns-explain-refused = the server does not want to answer you: it serves others, or other names
dns-explain-other = a rarer status; the registry “DNS RCODEs” of IANA has them all
dns-explain-aa = the server is responsible for this name itself (authoritative)
dns-explain-no-aa = not set: the answer comes from a cache or from somebody else, and its TTL runs down
dns-explain-tc = the answer is cut: over TCP the whole comes
dns-explain-rd = you asked the server to ask others for you if need be
dns-explain-ra = the server does that (recursion available)
dns-explain-ad = the server says that it checked the signatures (DNSSEC; RFC 4035, section 3.2.3)
dns-explain-cd = signatures were not to be checked
dns-explain-answer = the records asked for; the number is the TTL, the seconds that they may be kept
dns-explain-authority = who is responsible for the zone, or proof that there is nothing
dns-explain-additional = what you would ask next, such as the addresses of the servers named
dns-explain-edns = both sides may send longer datagrams and more flags (RFC 6891)
dns-explain-udp = { $server } answered from its UDP port { $port }: that port is open
dns-explain-tcp = { $server } answered on its TCP port { $port }: that port is open
dns-explain-tcp-again = the UDP answer of { $server } did not fit and was asked for again on TCP port { $port }: both are open
dns-explain-headers = The messages are those that went through this program's socket; of the headers before them a socket knows the addresses, ports and length.
