# `vigie dns`: help, errors and explanations. (The layout of responses is that of dig, in every language.)

dns-about = Query DNS servers, like dig
dns-usage = vigie dns [@SERVER] NAME [TYPE] [+OPTIONS] [OPTIONS]
dns-after =
    Examples
      vigie dns www.example.org
      vigie dns @10.0.0.1 example.org MX
      vigie dns -x 10.0.0.1 +short
      vigie dns example.org NS +trace

    Query options: +short +tcp +trace +dnssec +norecurse +noedns +bufsize=BYTES +time=SECONDS +tries=COUNT +ignore
    Display options: +[no]all +[no]cmd +[no]comments +[no]question +[no]answer +[no]authority +[no]additional +[no]stats
dns-options = Options
value-words = @SERVER NAME TYPE +OPTIONS
value-type = TYPE
value-class = CLASS
dns-help-words = Server (default: the system's servers), name, record type, options as in dig
dns-help-port = Port of the server
dns-help-reverse = Reverse lookup of an address
dns-help-type = Record type: A, AAAA, MX, NS, TXT, SOA, PTR, SRV, ANY, TYPE65280
dns-help-class = Class: IN, CH, HS
dns-help-ipv4 = Use only IPv4 addresses of servers
dns-help-ipv6 = Use only IPv6 addresses of servers

dns-word-extra = unexpected name “{ $word }”: give one name per query
dns-type = unknown record type “{ $type }”
dns-class = unknown class “{ $class }”: use IN, CH or HS
dns-address = “{ $address }” is not an IP address
dns-name = invalid name “{ $name }”: { $error }
dns-switch = unknown option “{ $word }”
dns-switch-hint = “vigie dns --help” lists the options
dns-no-server = no DNS server is configured on this system
dns-no-server-hint = give one: @10.0.0.1
dns-server-family = { $server } has no address of that family
dns-port-closed = { $server } replied with ICMP port unreachable: its UDP port { $port } is closed
dns-reset = { $server } replied with RST: its TCP port { $port } is closed
dns-port-closed-hint = the host is up, but no DNS service is listening on that port
dns-timed-out = no reply from { $server } on port { $port }
dns-timed-out-hint = the server is down or does not exist, or a firewall drops the query; try +tcp
dns-unreachable = cannot reach { $server }: { $error } (ICMP error or no route)
dns-system = cannot send the query to { $server }: { $error }
dns-malformed = the reply of { $server } is not a valid DNS message: { $error }
dns-too-deep = too many delegations

dns-help-explain = Explain the response and show the packets
dns-explain-title = Meaning of this response
dns-explain-noerror = the name exists and has records of the requested type (RFC 1035, section 4.1.1)
dns-explain-nodata = the name exists but has no record of the requested type (RFC 2308, section 2.2), or the server refers to other servers (AUTHORITY)
dns-explain-formerr = the server could not parse the query
dns-explain-servfail = the server could not resolve the name: its upstream servers do not reply, or a signature is invalid (DNSSEC)
dns-explain-nxdomain = the name does not exist, nor does any name below it (RFC 8020)
dns-explain-notimp = the server does not support this kind of query
dns-explain-refused = the server refuses to answer you: it serves other clients or other names
dns-explain-other = a rarer status; see the IANA registry “DNS RCODEs”
dns-explain-aa = authoritative answer: the server is responsible for this name
dns-explain-no-aa = not set: the answer comes from a cache, and its TTL counts down
dns-explain-tc = the answer is truncated; TCP returns all of it
dns-explain-rd = recursion desired: the client asks the server to query other servers
dns-explain-ra = recursion available: the server queries other servers
dns-explain-ad = authenticated data: the server validated the signatures (DNSSEC; RFC 4035, section 3.2.3)
dns-explain-cd = checking disabled: the client asks the server not to validate signatures
dns-explain-answer = the requested records; the number is the TTL, how many seconds they may be cached
dns-explain-authority = the servers responsible for the zone, or proof that there is no answer
dns-explain-additional = related records, such as the addresses of the name servers
dns-explain-edns = EDNS: allows longer datagrams and more flags (RFC 6891)
dns-explain-udp = { $server } replied from its UDP port { $port }: the port is open
dns-explain-tcp = { $server } replied on its TCP port { $port }: the port is open
dns-explain-tcp-again = the UDP answer of { $server } was truncated; the query was repeated on TCP port { $port }: both ports are open
dns-explain-headers = The messages are those of this program's socket. The headers are rebuilt from what the socket knows: addresses, ports and length.
