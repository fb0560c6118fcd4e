# Help of `vigie scan`, and errors in its arguments.

scan-about = Scan ports: open, closed or filtered, and why
scan-usage = vigie scan [OPTIONS] TARGET...

scan-targets = Targets
scan-help-target = Address, network, range or name: 10.0.1.1, 10.0.1.0/24, 10.0.1-3.1,5-9, fe80::1%eth0, host.example
scan-help-input-list = Read targets from FILE (- for standard input), one or more per line; # starts a comment (-iL)
scan-help-exclude = Exclude these targets, separated by commas; repeatable
scan-help-exclude-file = Exclude the targets listed in FILE
scan-help-ipv6 = Scan the IPv6 addresses of names
scan-help-ipv4 = Scan the IPv4 addresses of names
scan-help-no-dns = No reverse DNS lookups
scan-help-dns-servers = Use these DNS servers, separated by commas, instead of the system's
scan-help-no-discovery = Skip host discovery: assume every host is up (-Pn)

scan-discovery = Host discovery
scan-help-hosts-only = Host discovery only, no port scan (-sn)
scan-help-on-link = Also find and scan the IPv6 hosts of this link, by multicast probes (ff02::1)
scan-help-traceroute = Trace the route to each host (--traceroute)
scan-help-ask-echo = Probe with ICMP echo requests (-PE)
scan-help-ask-timestamp = Probe with ICMP timestamp requests; IPv4 only (-PP)
scan-help-ask-mask = Probe with ICMP address mask requests; IPv4 only, only old systems reply (-PM)
scan-help-ask-syn = Probe with TCP SYN to these ports; default 80 (-PS22,443)
scan-help-ask-ack = Probe with TCP ACK to these ports; passes stateless filters; default 80 (-PA)
scan-help-ask-udp = Probe with UDP datagrams to these ports; closed ports reply; default 40125 (-PU)
scan-help-ask-sctp = Probe with SCTP INIT to these ports; default 80 (-PY)
scan-help-ask-protocols = Probe with these IP protocols; default 1, 2 and 4 (-PO)
scan-help-ask-neighbours = Probe with ARP or neighbour discovery; always done on the local link (-PR)

scan-ports = Ports
scan-help-ports = Ports: 22,80,8000-8100,https,T:1-1024; - means all (-p-)
scan-help-fast = The 100 most common ports instead of 1,000
scan-help-top-ports = The N most common ports

scan-technique = Technique
scan-help-syn = SYN scan: never completes a connection; needs CAP_NET_RAW (-sS)
scan-help-connect = Connect scan: uses ordinary connections; needs no privileges (-sT)
scan-help-ack = ACK scan: finds ports that a stateless firewall lets through; cannot find open ports (-sA)
scan-help-window = Window scan: like -sA; also finds open ports on some old systems (-sW)
scan-help-fin = FIN scan: tests whether a firewall blocks more than SYN; closed ports reply, open ports stay silent (-sF)
scan-help-null = NULL scan: tests whether a firewall blocks segments without flags (-sN)
scan-help-xmas = Xmas scan: tests whether a firewall blocks the invalid combination FIN, PSH, URG (-sX)
scan-help-maimon = Maimon scan: tests whether a firewall lets FIN/ACK through; finds open ports on old BSD systems (-sM)
scan-help-scanflags = Send these TCP flags: SYNFIN, URG,PSH or a number; replies are read as the chosen technique defines
scan-help-ip-protocols = IP protocol scan: finds the IP protocols that a host supports or a firewall lets through (-sO)
scan-help-sctp-init = SCTP INIT scan: finds SCTP ports that accept associations, as in telephone networks (-sY)
scan-help-sctp-cookie-echo = SCTP COOKIE ECHO scan: tests whether a firewall blocks more than INIT (-sZ)
scan-help-udp = UDP scan: sends a protocol-specific probe to each port, then proves closed ports at the host's ICMP rate limit; best with CAP_NET_RAW (-sU)
scan-help-no-verify = Do not verify hosts whose ports all appear open (default: full connections to at most 16 of their ports and 16 random high ports, for the first 64 such hosts)
scan-help-complete = Prove every UDP port, and every silent port of hosts that limit their RSTs, however long it takes (default: one minute of proofs, then an estimate from a sample)
scan-help-source = Also send UDP probes from these addresses of this machine, separated by commas: rate limits of targets apply to each address
scan-help-interface = Send from this interface
scan-help-source-port = Send from this source port only (default: the tries of a SYN rotate over four)

scan-pace = Rate and certainty
scan-help-timing = 0 to 2 slow the scan down (one probe per 5 min, 15 s, 0.4 s); from 3 Vigie finds the rate itself (-T4)
scan-help-max-rate = At most N probes per second
scan-help-max-host-rate = At most N probes per second to one host
scan-help-min-rate = At least N probes per second, whatever the loss
scan-help-max-tries = At most N tries per silent port
scan-help-max-retries = At most N retries per silent port
scan-help-confidence = Retry silent ports until the risk of error is at most 1 - P (default: 0.9999)
scan-help-host-timeout = Time limit for each host; results found by then are kept
scan-help-max-time = Time limit for the scan; results found by then are kept
scan-help-max-connections = At most N simultaneous connections (connect scan)
scan-help-seed = The same seed sends the same probes in the same order

scan-help-shard = Send only part K of N of the probes; the N parts cover the scan without overlap
scan-help-memory = Memory limit for probe state (K, M, G; default: 256M); larger scans process their hosts in windows
scan-help-state = Write a checkpoint to FILE every second and on Ctrl-C; it is removed when the scan completes
scan-help-resume = Resume the scan of checkpoint FILE, with its targets, ports and seed
scan-help-io = How frames are sent: packet (default) or xdp (AF_XDP; falls back to packet)

scan-output = Output
scan-help-open = Show only ports that are open or may be open
scan-help-reason = Show the response time and the sender of each reply
scan-help-explain = Explain the results: the packets, what they mean, why, and how to verify it
scan-help-all-ports = Show every port, whatever its state
scan-help-packet-trace = Print every packet with its time; with -sT, every connection
scan-help-pcap = Write the packets to FILE (pcapng if the name ends in .pcapng)
scan-help-verbose = More detail: hosts that are down, packet loss (-vv: more)

scan-after =
    The usual nmap options work: -sS -sT -sA -sF -Pn -sn -PE -PS22 -n -p- -F -T4 -iL -oN -oX -oG -oA -oJ -v -6 --open --reason.

    Examples
      vigie scan localhost                    the 1,000 most common TCP ports of this machine
      vigie scan 10.0.1.1 -p-                 all 65,535 ports
      vigie scan 10.0.1.0/24 -p 22,80,443     three ports of a network
      vigie scan -iL hosts.txt -o json        targets from a file, JSON output

    Exit codes: 0 done, 2 usage error, 3 could not run, 4 out of scope, 130 interrupted.

flag-not-yet = this version of Vigie does not support “{ $flag }”
flag-not-yet-hint = “vigie { $command } --help” lists the options
flag-left-out = Vigie does not support “{ $flag }”: { $why }
flag-conceals = it hides the source of a scan, and Vigie always sends from its own address
flag-third-party = it scans through someone else's machine
flag-no-exploits = it runs scripts against the target, and Vigie only observes
flag-no-random = it scans strangers, and Vigie scans only the targets you give
flag-left-out-hint = to test from another address, run Vigie on a machine of yours there
flag-no-exploits-hint = query the service yourself with “vigie packet”, or use a tool made for it
flag-no-random-hint = give targets that you are allowed to scan
flag-own-pace = Vigie finds rate and timeouts by itself
flag-own-pace-hint = limit the rate with --max-rate, and retries with --confidence or --max-retries
flag-own-tables = its tables are built in
flag-own-tables-hint = give ports by number
flag-use-instead = use { $instead } instead
flag-needs-value = “{ $flag }” needs a value
flag-needs-value-hint = for example: “{ $example }”

scan-two-techniques = { $one } cannot be combined with { $other }: both probe the same ports
scan-two-techniques-hint = choose one; run Vigie twice to compare them
scan-ports-of-another = { $flag } takes only { $transport } ports
scan-ports-of-another-hint = remove the other ports, or choose a technique that scans them
scan-flags-wrong = “{ $value }” is not a list of TCP flags
scan-flags-wrong-hint = write flag names (SYNFIN or URG,PSH,FIN) or a number from 0 to 255; the flags are FIN SYN RST PSH ACK URG ECE CWR
scan-flags-not-tcp = --scanflags cannot be used with { $flag }, which sends no TCP segments of its own
scan-flags-not-tcp-hint = remove it, or choose a TCP technique such as -sS or -sF
scan-hosts-only-ports = -sn scans no ports, so { $flag } cannot be used with it
scan-hosts-only-ports-hint = remove one of them
scan-too-many-questions = too many discovery probes per host: { $count }
scan-too-many-questions-hint = the limit is { $most }; a host that is up replies to one of a few
dns-servers-wrong = “{ $value }” is not the address of a DNS server
dns-servers-wrong-hint = write addresses separated by commas, with the port if it is not 53: 10.0.0.1,[2001:db8::1]:5353
scan-no-targets = no targets given
scan-no-targets-hint = give at least one target: vigie scan 10.0.1.1
scan-two-stdout = two outputs write to standard output
scan-two-stdout-hint = write one of them to a file
list-unreadable = cannot read { $file }: { $error }
list-unreadable-hint = give a text file with targets, or - for standard input
list-bad-line = { $file }, line { $line }: { $problem }
list-not-text = { $file }, line { $line }: not valid UTF-8
list-too-long = { $file }, line { $line }: longer than { $max } bytes
list-not-text-hint = write targets as text, separated by spaces or line breaks

ports-miss-transport = the ports in -p do not match the transports to scan
ports-miss-transport-hint = list UDP ports with -sU, both with -sSU: -sSU -p T:22,80,U:53,161
source-wrong = “{ $value }” is not an address
source-wrong-hint = give addresses of this machine: --source 10.0.0.1,10.0.0.2
shard-wrong-hint = write K/N, for example 2/5 for the second of five parts
memory-wrong-hint = a number of bytes, at least 4K, for example 64M or 1G
flag-spelled = the option “{ $flag }” of { $tool } is “{ $own }” in Vigie
flag-accepted = accepted; Vigie always does so
flag-already = remove it: Vigie always does so
flag-looks-only = it changes the machine, and Vigie only observes
flag-looks-only-hint = close sockets with “ss -K”
flag-own-privileges = Vigie always drops its privileges
flag-own-privileges-hint = remove it
flag-runs-nothing = Vigie does not run other programs on capture files
flag-runs-nothing-hint = run the program yourself when the file is complete
flag-kernel-routes = the kernel chooses the route and the MAC addresses
flag-kernel-routes-hint = set routes with “ip route”, or choose an interface with -e
