# Errors and notes of `vigie scan` before and while it sends.

scan-family-empties = { $flag } leaves nothing to scan: no target has an address of that family
scan-family-empties-hint = remove the option, or give targets of that family
scan-all-excluded = nothing left to scan: every target is excluded
scan-all-excluded-hint = check --exclude and --exclude-file
scan-too-many = too many addresses for one scan: { $count }
scan-too-many-hint = the limit is { $most }; check for a prefix such as /0 typed for /24
scan-name-family = “{ $name }” has no address of the requested family
name-unknown = cannot resolve “{ $name }”: { $error }
name-unknown-hint = check the spelling, or use the address
interface-unknown = no such interface: “{ $name }”
interface-unknown-hint = available interfaces: { $names }
interface-down = interface { $name } is down
interface-down-hint = bring it up: ip link set { $name } up
kernel-refused = the kernel refused: { $error }
no-route = no route to { $target }: { $error }
no-route-hint = check with: ip route get ADDRESS (nothing was sent)
only-group-addresses = every target is a broadcast, multicast or anycast address: no single host answers there
only-group-addresses-hint = give the addresses of the hosts themselves
scan-plan-broken = internal error: the scan plan does not match its routes: { $error }
privileges-kept = cannot drop privileges: { $error }
link-went-down = the interface went down during the scan
link-went-down-hint = bring it up and scan again
no-net-raw = a SYN scan needs packet sockets, and this process lacks the capability CAP_NET_RAW
no-net-raw-hint = run as root, or grant the capability once: sudo setcap cap_net_raw+ep { $program } — or use -sT, which needs no privileges
udp-by-sockets = CAP_NET_RAW is missing: UDP is scanned through ordinary sockets. Limits: every host is assumed up; ICMP errors are matched by port only; no MAC addresses; this machine's firewall may block probes
udp-sockets-no-packets = --pcap and --packet-trace need packet sockets, but UDP is scanned through ordinary sockets here (CAP_NET_RAW is missing)
udp-sockets-no-packets-hint = remove the option, or run as root
udp-sockets-no-source-port = --source-port needs packet sockets, but UDP is scanned through ordinary sockets here (CAP_NET_RAW is missing)
udp-sockets-no-source-port-hint = remove --source-port, or run as root
udp-sockets-no-traceroute = --traceroute sends packets with a low TTL, which needs CAP_NET_RAW
udp-sockets-no-traceroute-hint = remove --traceroute, or run as root
udp-sockets-alone = without CAP_NET_RAW, -sU cannot be combined with another technique
udp-sockets-alone-hint = run -sU and -sT one after the other, or both in one scan as root
udp-with-connect = -sU cannot be combined with -sT
udp-with-connect-hint = use -sSU, or run -sU and -sT one after the other
source-not-ours = { $address } is not an address of this machine
source-not-ours-hint = Vigie sends only from its own addresses; list them with: ip address
link-unframed = packet sockets do not support the link type of { $name }
link-unframed-hint = use -sT: the kernel makes the connections
scan-falls-back = CAP_NET_RAW is missing: using a connect scan (-sT)
scan-other-address = { $name } also has the address { $address }, which is not scanned
scan-unroutable = skipped, no route: { $first } to { $last } ({ $error })
scan-group-addresses = skipped: { $count ->
    [one] one broadcast, multicast or anycast address
   *[other] { $count } broadcast, multicast or anycast addresses
}
no-source-port = cannot reserve a source port: { $error }
no-source-port-hint = choose another with --source-port, or remove the option
file-not-written = cannot write { $file }: { $error }
state-not-written-hint = the checkpoint is written without privileges: choose a folder that the user of this process owns
file-not-written-hint = choose another location
connect-no-descriptors = too many open files: the limit of this process is { $limit }
connect-no-descriptors-hint = raise the limit: ulimit -n 4096
state-unreadable = cannot read { $file }: { $error }
state-unreadable-hint = give the file that --state wrote
state-foreign = { $file } is not a scan checkpoint
state-version = { $file } was written by another version of Vigie: { $error }
state-damaged = { $file } is damaged: truncated or modified
state-journal-unreadable = cannot read the results of finished parts from { $file }: { $what }
state-refused-hint = nothing was sent; start the scan again without --resume
state-other-plan = the checkpoint no longer fits this machine: some of its targets have no route
xdp-falls-back = AF_XDP is not available ({ $error }): using packet sockets
pcap-of-connections = --pcap cannot record a connect scan: the kernel makes the connections, and Vigie does not see their packets
pcap-of-connections-hint = use -sS, or capture in another terminal: vigie capture -w FILE
connect-no-source-port = --source-port cannot be used with -sT: the kernel chooses the source ports
connect-no-source-port-hint = remove --source-port, or use -sS
connect-no-traceroute = --traceroute cannot be used with -sT: it sends packets with a low TTL
connect-no-traceroute-hint = remove --traceroute, or use -sS as root or with CAP_NET_RAW
stdin-twice = standard input can be read only once
stdin-twice-hint = give a file to -iL or to --exclude-file

# --on-link
on-link-ipv4 = --on-link uses IPv6, and -4 excludes IPv6
on-link-ipv4-hint = remove -4; for IPv4, scan the network: vigie scan -sn 10.0.1.0/24
on-link-no-link = { $name } is not a link with neighbours
on-link-no-address = this machine has no IPv6 address on { $name }
on-link-found = multicast probe on { $name } ({ $group }): { $hosts ->
    [one] one interface
   *[other] { $hosts } interfaces
} with { $addresses ->
    [one] one address
   *[other] { $addresses } addresses
} answered{ $left ->
    [0] {""}
   *[other] ; { $left } of them excluded or on other networks
}
on-link-nobody = no host on the link answered
on-link-nobody-hint = hosts may ignore multicast probes; scan known addresses instead
