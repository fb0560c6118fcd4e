# What the scan command says before it sends, and why it cannot.

scan-family-empties = { $flag } leaves nothing to scan: no target has an address of that family
scan-family-empties-hint = leave the flag out, or give targets of that family
scan-all-excluded = nothing is left to scan: every target is excluded
scan-all-excluded-hint = look at --exclude and --exclude-file
scan-too-many = { $count } addresses are too many for one scan
scan-too-many-hint = at most { $most }: a prefix such as /0 is often a slip for /24
scan-name-family = “{ $name }” has no address of the family asked for
name-unknown = the name “{ $name }” is not known: { $error }
name-unknown-hint = check the spelling, or write the address
interface-unknown = no interface is called “{ $name }”
interface-unknown-hint = there are: { $names }
interface-down = the interface { $name } is down
interface-down-hint = switch it on: ip link set { $name } up
kernel-refused = the kernel refused: { $error }
no-route = this machine has no route to { $target }: { $error }
no-route-hint = look at “ip route get” for that address; nothing was sent
only-group-addresses = the targets are broadcast, multicast or anycast addresses: no single host answers there
only-group-addresses-hint = name the hosts themselves
scan-plan-broken = the plan does not fit its routes: { $error }
privileges-kept = privileges could not be dropped: { $error }
link-went-down = the interface went down
link-went-down-hint = bring it up and scan again
no-net-raw = a SYN scan needs packet sockets, and this process lacks the capability CAP_NET_RAW
no-net-raw-hint = run it as root, grant it once with: sudo setcap cap_net_raw+ep { $program } — or use -sT, which needs no privilege
udp-by-sockets = no packet sockets here (CAP_NET_RAW): UDP goes through plain sockets. Lost with them: the search for hosts (each counts as up), the tokens in ICMP errors (their ports vouch for them), hardware addresses, and whatever this machine's own firewall does not let out
udp-sockets-no-packets = UDP goes through plain sockets here (CAP_NET_RAW is missing), and --pcap and --packet-trace show packets, which sockets do not
udp-sockets-no-packets-hint = leave the option out, or run as root
udp-sockets-no-source-port = UDP goes through plain sockets here (CAP_NET_RAW is missing), and these have the source ports that the kernel gives them
udp-sockets-no-source-port-hint = leave --source-port out, or run as root
udp-sockets-no-traceroute = --traceroute sends packets with few hops to live, which needs CAP_NET_RAW
udp-sockets-no-traceroute-hint = leave it out, or run as root
udp-sockets-alone = -sU goes without CAP_NET_RAW, but not together with another technique
udp-sockets-alone-hint = run -sU and -sT one after the other, or all at once as root
udp-with-connect = -sU and -sT in one run are not possible: UDP needs packets of Vigie's own making
udp-with-connect-hint = use -sSU, or run -sU and -sT one after the other
source-not-ours = { $address } is not an address of this machine
source-not-ours-hint = Vigie sends from its own addresses only; see “ip address”
link-unframed = packet sockets cannot speak the link layer of { $name }
link-unframed-hint = use -sT: the kernel makes the connections there
scan-falls-back = no packet sockets here (CAP_NET_RAW): scanning with connections, as -sT does
scan-other-address = { $name } also has the address { $address }, which is not scanned
scan-unroutable = left out, no route: { $first } to { $last } ({ $error })
scan-group-addresses = { $count ->
    [one] one broadcast, multicast or anycast address is left out
   *[other] { $count } broadcast, multicast or anycast addresses are left out
}
no-source-port = no source port can be held: { $error }
no-source-port-hint = choose another with --source-port, or leave it out
file-not-written = { $file } cannot be written: { $error }
state-not-written-hint = the checkpoint is written without privileges: choose a folder that the user of this process owns
file-not-written-hint = choose another place
connect-no-descriptors = this process may open no file more: its limit is { $limit }
connect-no-descriptors-hint = raise the limit: ulimit -n 4096
state-unreadable = { $file } cannot be read: { $error }
state-unreadable-hint = give the file that --state wrote
state-foreign = { $file } is not a checkpoint of a scan
state-version = { $file } is a checkpoint of another version of Vigie: { $error }
state-damaged = { $file } is damaged: it was cut short or changed
state-journal-unreadable = the results of the parts that are over cannot be read from { $file }: { $what }
state-refused-hint = nothing was sent; begin the scan anew
state-other-plan = the checkpoint does not fit this machine any more: some of its targets have no route
xdp-falls-back = AF_XDP is not possible here ({ $error }): sending through packet sockets
pcap-of-connections = --pcap keeps the packets that a scan makes itself; here the kernel makes the connections, and their packets are not seen
pcap-of-connections-hint = scan with -sS, or let another terminal keep them: vigie capture -w FILE
connect-no-source-port = connections have the source ports that the kernel gives them
connect-no-source-port-hint = leave --source-port out, or scan with -sS
connect-no-traceroute = --traceroute sends packets with few hops to live, which connections (-sT) cannot
connect-no-traceroute-hint = leave it out, or scan with -sS as root or with CAP_NET_RAW
stdin-twice = standard input can be read once only
stdin-twice-hint = give one of -iL and --exclude-file a file

# --on-link
on-link-ipv4 = --on-link asks by IPv6, and -4 leaves IPv6 out
on-link-ipv4-hint = leave -4 out; for IPv4, scan the network itself: vigie scan -sn 10.0.1.0/24
on-link-no-link = { $name } is no link with neighbours that could be asked
on-link-no-address = this machine has no IPv6 address on { $name } to ask from
on-link-found = all of { $name } was asked at once ({ $group }): { $hosts ->
    [one] one interface
   *[other] { $hosts } interfaces
} with { $addresses ->
    [one] one address
   *[other] { $addresses } addresses
} answered{ $left ->
    [0] {""}
   *[other] , of which { $left } are excluded or of other networks
}
on-link-nobody = nobody on the link answered
on-link-nobody-hint = hosts may ignore questions to all; scan the addresses that you know
