# The help of `vigie scan`, and what its arguments refuse.

scan-about = Which ports are open, closed or filtered, and why
scan-usage = vigie scan [OPTIONS] TARGET...

scan-targets = Targets
scan-help-target = Address, network, range or name: 10.0.1.1, 10.0.1.0/24, 10.0.1-3.1,5-9, fe80::1%eth0, host.example
scan-help-input-list = Read targets from FILE, one or more a line, # for comments; - is standard input (-iL)
scan-help-exclude = Leave these out, separated by commas; may be given several times
scan-help-exclude-file = Leave out what FILE lists
scan-help-ipv6 = Of a name's addresses take the IPv6 ones
scan-help-ipv4 = Of a name's addresses take the IPv4 ones
scan-help-no-dns = Never ask for the names of addresses
scan-help-dns-servers = Ask these DNS servers for names, separated by commas, in place of the system’s
scan-help-no-discovery = Take every host as up, without asking first (-Pn)

scan-discovery = Looking for hosts
scan-help-hosts-only = Only look which hosts are there; no ports (-sn)
scan-help-on-link = Also scan the IPv6 hosts of this link: all of it is asked at once (ff02::1)
scan-help-traceroute = Also show the routers on the way to each host (--traceroute)
scan-help-ask-echo = Ask hosts by ICMP echo requests (-PE)
scan-help-ask-timestamp = Ask by ICMP timestamp requests: IPv4 only (-PP)
scan-help-ask-mask = Ask by ICMP address mask requests: IPv4 only, old systems answer (-PM)
scan-help-ask-syn = Ask by SYNs to these TCP ports; 80 if none is named (-PS22,443)
scan-help-ask-ack = Ask by ACKs to these TCP ports: they pass filters that keep no state; 80 if none is named (-PA)
scan-help-ask-udp = Ask by UDP datagrams to these ports: closed ones answer; 40125 if none is named (-PU)
scan-help-ask-sctp = Ask by SCTP INITs to these ports; 80 if none is named (-PY)
scan-help-ask-protocols = Ask in these IP protocols; 1, 2 and 4 if none is named (-PO)
scan-help-ask-neighbours = Ask for hardware addresses, ARP or neighbour discovery: always done on a link (-PR)

scan-ports = Ports
scan-help-ports = Ports: 22,80,8000-8100,https,T:1-1024; - is all of them (-p-)
scan-help-fast = The 100 most common ports instead of 1,000
scan-help-top-ports = The N most common ports

scan-technique = Technique
scan-help-syn = SYN scan: never completes a connection; needs CAP_NET_RAW (-sS)
scan-help-connect = Connect scan: connections as any program makes them; needs no privilege (-sT)
scan-help-ack = ACK scan: which ports your firewall lets through without keeping state; never which are open (-sA)
scan-help-window = Window scan: as -sA, and on some old systems it shows open ports that answer a bare ACK (-sW)
scan-help-fin = FIN scan: whether your firewall stops more than SYNs; closed ports answer, open ones stay silent (-sF)
scan-help-null = NULL scan: whether your firewall refuses segments without any flag (-sN)
scan-help-xmas = Xmas scan: whether your firewall refuses the impossible mix of FIN, PSH and URG (-sX)
scan-help-maimon = Maimon scan: whether your firewall lets FIN/ACK through; old BSD systems show open ports (-sM)
scan-help-scanflags = Send these TCP flags with the technique chosen: SYNFIN, URG,PSH or a number; answers mean what the technique says
scan-help-ip-protocols = IP protocol scan: which protocols besides TCP and UDP your host speaks or your firewall passes (-sO)
scan-help-sctp-init = SCTP INIT scan: which SCTP ports accept associations, as telephone networks use them (-sY)
scan-help-sctp-cookie-echo = SCTP COOKIE ECHO scan: whether your firewall stops more than INITs (-sZ)
scan-help-udp = UDP scan: asks each port in its own protocol, then proves closed ports at the host's pace; best with CAP_NET_RAW (-sU)
scan-help-no-verify = Make no full connections to find out whether a host whose every port is open really is so (without it: to at most 16 of its ports and 16 random high ones, of the first 64 such hosts)
scan-help-complete = Prove every UDP port, and every silent port of hosts that limit their resets, however long it takes; without it a minute of proofs, and what a sample says of the rest
scan-help-source = Ask UDP ports from these addresses of this machine too, separated by commas: a target's limit counts for each
scan-help-interface = Send from this interface
scan-help-source-port = Send from this port alone; otherwise the tries of a SYN take turns with four

scan-pace = Pace and certainty
scan-help-timing = 0 to 2 slow the scan down (one probe in 5 min, in 15 s, in 0.4 s); from 3 on Vigie finds the pace itself (-T4)
scan-help-max-rate = At most N probes a second
scan-help-max-host-rate = At most N probes a second to one host
scan-help-min-rate = At least N probes a second, whatever is lost
scan-help-max-tries = At most N tries of a silent port
scan-help-max-retries = At most N more tries at a silent port
scan-help-confidence = Try silent ports until they were missed with at most 1 - P; P is 0.9999 if not given
scan-help-host-timeout = At most this long for one host; what is known then is kept
scan-help-max-time = At most this long for everything; what is known then is kept
scan-help-max-connections = At most N connections at once (connect scan)
scan-help-seed = The same seed sends the same probes in the same order

scan-help-shard = Make only the K-th of N parts of the probes: the parts together are the whole, with no overlap
scan-help-memory = Keep what is known of the probes in SIZE bytes (K, M, G; 256M if not given): a scan that needs more goes through its hosts in windows
scan-help-state = Keep a checkpoint in FILE, every second and at Ctrl-C; it is removed when the scan is complete
scan-help-resume = Go on with the scan whose checkpoint FILE holds; it brings its own targets, ports and seed
scan-help-io = How frames go out: packet (default) or xdp (AF_XDP; packet where that is not possible)

scan-output = Output
scan-help-open = Show only ports that are open or may be
scan-help-reason = Show with each port how long its answer took, and who sent it
scan-help-explain = Explain what was found: the packets as they went, what they mean, why, and how to check it
scan-help-all-ports = Show every port, whatever its state
scan-help-packet-trace = Print a line for each packet of the scan, with its time; a line for each connection with -sT
scan-help-pcap = Keep the scan's packets in FILE (pcapng where it ends in .pcapng)
scan-help-verbose = Say more: hosts that are down, where probes were lost (-vv: more)

scan-after =
    What nmap's users type works as typed: -sS -sT -sA -sF -Pn -sn -PE -PS22 -n -p- -F -T4 -iL -oN -oX -oG -oA -oJ -v -6 --open --reason.

    Examples
      vigie scan localhost                    the 1,000 most common TCP ports of this machine
      vigie scan 10.0.1.1 -p-                 all 65,535 ports
      vigie scan 10.0.1.0/24 -p 22,80,443     three ports of a network
      vigie scan -iL hosts.txt -o json        targets from a file, results for a program

    Exit codes: 0 done, 2 wrong command line, 3 could not run, 4 out of scope, 130 interrupted.

habit-not-yet = “{ $flag }” is not in this version of Vigie
habit-not-yet-hint = “vigie scan --help” lists what is
habit-left-out = Vigie has no “{ $flag }”: { $why }
habit-conceals = it conceals who is scanning, and Vigie always names its sender
habit-third-party = it scans through somebody else's machine
habit-no-exploits = it runs scripts against the target, and Vigie only looks
habit-no-random = it scans strangers; Vigie scans what it is told to
habit-left-out-hint = test from another place with a machine of your own there
habit-no-exploits-hint = ask a service yourself with “vigie packet”, or look at it with a tool made for it
habit-no-random-hint = give the targets that you may scan
habit-own-pace = Vigie finds the pace and the waits by itself
habit-own-pace-hint = a ceiling is set with --max-rate, the patience with --confidence and --max-retries
habit-own-tables = its tables are part of it
habit-own-tables-hint = ports can be given by number
habit-use-instead = use { $instead } instead
habit-needs-value = “{ $flag }” needs a value after it
habit-needs-value-hint = like “{ $example }”

scan-two-techniques = { $one } and { $other } cannot be mixed: each probes the same ports in its own way
scan-two-techniques-hint = choose one; run Vigie twice to compare them
scan-ports-of-another = { $flag } probes { $transport } ports, and -p asks for others
scan-ports-of-another-hint = leave them out, or choose the technique that probes them
scan-flags-wrong = “{ $value }” is no list of TCP flags
scan-flags-wrong-hint = write names, like SYNFIN or URG,PSH,FIN, or a number from 0 to 255; there are FIN SYN RST PSH ACK URG ECE CWR
scan-flags-not-tcp = --scanflags changes TCP segments, and { $flag } sends none of its own
scan-flags-not-tcp-hint = leave it out, or choose a technique like -sS or -sF
scan-hosts-only-ports = -sn looks for hosts only, and { $flag } is about ports
scan-hosts-only-ports-hint = leave one of them out
scan-too-many-questions = { $count } questions for each host are too many
scan-too-many-questions-hint = at most { $most }: a host that is there answers one of a few
dns-servers-wrong = “{ $value }” is no address of a DNS server
dns-servers-wrong-hint = write addresses separated by commas, with a port where it is not 53: 10.0.0.1,[2001:db8::1]:5353
scan-no-targets = no targets
scan-no-targets-hint = say what to scan: vigie scan 10.0.1.1
scan-two-stdout = two outputs want standard output
scan-two-stdout-hint = let one of them write to a file
list-unreadable = { $file } cannot be read: { $error }
list-unreadable-hint = give a text file with targets, or - for standard input
list-bad-line = { $file }, line { $line }: { $problem }
list-not-text = { $file }, line { $line }: not valid UTF-8
list-too-long = { $file }, line { $line }: longer than { $max } bytes
list-not-text-hint = write targets as text, separated by spaces or lines

ports-miss-transport = a transport that is scanned has no ports, or ports are listed for one that is not
ports-miss-transport-hint = with -sU list UDP ports, with -sSU both: -sSU -p T:22,80,U:53,161
source-wrong = “{ $value }” is not an address
source-wrong-hint = list addresses of this machine: --source 10.0.0.1,10.0.0.2
shard-wrong-hint = write it as 2/5: the second of five parts
memory-wrong-hint = a number of bytes, 4K or more, like 64M or 1G
