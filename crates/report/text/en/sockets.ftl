# `vigie sockets`: lists, meaning of states, what could not be read.

sockets-which-all = (servers and established)
sockets-which-listeners = (only servers)
sockets-which-connections = (w/o servers)
sockets-which-named = (in the given states)
sockets-which-exposed = (servers that other machines may reach)
sockets-title-inet = Active Internet connections { $which }
sockets-title-unix = Active UNIX domain sockets { $which }
sockets-title-packet = Active packet sockets { $which }

sockets-col-netns = Netns
sockets-col-proto = Proto
sockets-col-recv-q = Recv-Q
sockets-col-send-q = Send-Q
sockets-col-local = Local Address
sockets-col-foreign = Foreign Address
sockets-col-state = State
sockets-col-user = User
sockets-col-inode = Inode
sockets-col-program = PID/Program name
sockets-col-reach = Reachable by
sockets-col-flags = Flags
sockets-col-type = Type
sockets-col-peer = Peer
sockets-col-path = Path
sockets-col-protocol = Protocol
sockets-col-interface = Interface

sockets-reach-everyone = everyone
sockets-reach-everyone-v6 = everyone, IPv6 only
sockets-reach-everyone-both = everyone, also IPv4
sockets-reach-everyone-perhaps = everyone, possibly IPv4
sockets-reach-machine = this machine only
sockets-reach-address = hosts that reach this address
sockets-reach-group = members of this group
sockets-reach-interface = hosts on

sockets-backlog = accept queue: { $waiting ->
    [one] one connection
   *[other] { $waiting } connections
}, limit { $most }
sockets-detail-command = command: { $text }
sockets-detail-unit = unit: { $text }
sockets-detail-container = container: { $text }
sockets-detail-netns = netns: { $text }

sockets-tree-server =
    { $reach }, { $clients ->
        [0] no clients
        [one] { $clients } client
       *[other] { $clients } clients
    }
sockets-tree-others = Connections whose listening socket is not here ({ $count })
sockets-tree-other-end = other end: { $owner }

sockets-sum-total = Total
sockets-sum-listening = Listening
sockets-sum-exposed = Exposed
sockets-sum-established = Established
sockets-sum-time-wait = TIME_WAIT
sockets-sum-states = TCP: { $states }

sockets-explain-title = Meaning of these states
sockets-explain-count = { $name } ({ $count })
sockets-state-listen = a program is waiting for clients to connect: an open port
sockets-state-established = the connection is open; both sides can send data
sockets-state-syn-sent = this machine sent a SYN and waits for a reply
sockets-state-syn-recv = a client sent a SYN and got SYN-ACK; its ACK has not arrived yet
sockets-state-fin-wait1 = this side closed the connection; the peer has not acknowledged it yet
sockets-state-fin-wait2 = this side closed and the peer acknowledged; the peer may still send data
sockets-state-time-wait = closed; kept for one minute so that late packets cannot reach a new connection
sockets-state-close = not in use: neither connected nor listening
sockets-state-close-wait = the peer closed; the local program has not closed yet (many of these: the program does not close its sockets)
sockets-state-last-ack = both sides closed; waiting for the peer's last ACK
sockets-state-closing = both sides closed at the same time; waiting for an ACK
sockets-state-bound = bound to a port, but neither listening nor connected
sockets-state-udp-unconnected = accepts datagrams from anyone: this is an open UDP port, as UDP has no connections
sockets-state-udp-connected = exchanges datagrams with this peer only; the kernel drops datagrams from others
sockets-state-raw = receives every IP packet of one protocol (ping, routing daemons, scanners)
sockets-state-packet = receives the frames of an interface, including those of other programs (sniffers, DHCP clients)
sockets-state-unix-listening = a program is waiting for other programs of this machine to connect
sockets-state-unix-connected = connected to another program of this machine
sockets-state-unix-unconnected = not connected; a datagram socket can receive from any program and send to any
sockets-state-unix-connecting = a program connects; the server has not accepted yet
sockets-state-unix-disconnecting = being closed
sockets-state-sctp-opening = an SCTP association is being set up
sockets-state-sctp-closing = an SCTP association is being shut down

sockets-note-interrupted = the kernel's list of { $proto } sockets changed during every attempt to read it ({ $netns }): some sockets may be missing
sockets-note-fallback = { $proto } sockets were read from /proc/net with fewer details, because netlink failed ({ $error })
sockets-note-unreadable =
    { $count ->
        [one] { $count } kernel record on { $proto } sockets could not be parsed
       *[other] { $count } kernel records on { $proto } sockets could not be parsed
    }
sockets-note-hidden =
    { $sockets ->
        [one] the program of { $sockets } socket is not visible
       *[other] the programs of { $sockets } sockets are not visible
    } to you{ $processes ->
        [0] { "" }
        [one] { " " }(no access to { $processes } process)
       *[other] { " " }(no access to { $processes } processes)
    }; run as root to see them
sockets-note-netns =
    { $count ->
        [one] { $count } network namespace could not be entered
       *[other] { $count } network namespaces could not be entered
    }; run as root to see them
