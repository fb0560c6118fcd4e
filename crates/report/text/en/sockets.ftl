# `vigie sockets`: the lists, what the states mean, what could not be seen.

sockets-which-all = (servers and established)
sockets-which-listeners = (only servers)
sockets-which-connections = (w/o servers)
sockets-which-named = (in the states named)
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
sockets-reach-everyone-v6 = everyone, by IPv6 only
sockets-reach-everyone-both = everyone, by IPv4 too
sockets-reach-everyone-perhaps = everyone, perhaps by IPv4 too
sockets-reach-machine = this machine only
sockets-reach-address = who reaches this address
sockets-reach-group = members of this group
sockets-reach-interface = who is on

sockets-backlog = { $waiting ->
    [one] one connection waits
   *[other] { $waiting } connections wait
} to be accepted, of at most { $most }
sockets-detail-command = runs: { $text }
sockets-detail-unit = unit: { $text }
sockets-detail-container = container: { $text }
sockets-detail-netns = netns: { $text }

sockets-tree-server =
    { $reach }, { $clients ->
        [0] no clients
        [one] { $clients } client
       *[other] { $clients } clients
    }
sockets-tree-others = Connections without a listening socket here ({ $count })
sockets-tree-other-end = other end: { $owner }

sockets-sum-total = Total
sockets-sum-listening = Listening
sockets-sum-exposed = Exposed
sockets-sum-established = Established
sockets-sum-time-wait = TIME_WAIT
sockets-sum-states = TCP: { $states }

sockets-explain-title = What these states mean
sockets-explain-count = { $name } ({ $count })
sockets-state-listen = a program waits here for clients to connect: an open port
sockets-state-established = both sides agreed to talk; data may flow either way
sockets-state-syn-sent = this machine asked for a connection (SYN) and waits for an answer
sockets-state-syn-recv = a client asked for a connection (SYN), was answered (SYN-ACK), and must still confirm it
sockets-state-fin-wait1 = this side closed the connection; the peer has not confirmed that yet
sockets-state-fin-wait2 = this side closed and the peer confirmed; the peer may still send and has not closed
sockets-state-time-wait = closed; the pair of addresses is kept for a minute so that late packets do no harm
sockets-state-close = not in use: neither connected nor listening
sockets-state-close-wait = the peer closed; the program here has not yet (many of them: a program that forgets to close)
sockets-state-last-ack = both sides closed; the last confirmation from the peer is awaited
sockets-state-closing = both sides closed at the same time; a confirmation is awaited
sockets-state-bound = a port is taken, but the program neither listens nor is connected
sockets-state-udp-unconnected = waits for datagrams from anyone; UDP has no connections, so this is what an open port looks like
sockets-state-udp-connected = talks with this one peer only; the kernel drops datagrams from others
sockets-state-raw = sees every IP packet of one protocol (ping, routing daemons, scanners)
sockets-state-packet = sees frames on an interface, even those of others (sniffers, DHCP clients)
sockets-state-unix-listening = a program waits here for other programs of this machine
sockets-state-unix-connected = two programs of this machine talk with each other
sockets-state-unix-unconnected = not connected; of datagram sockets: messages from anyone, or to anyone
sockets-state-unix-connecting = a program asked for a connection that the server has not accepted yet
sockets-state-unix-disconnecting = being closed
sockets-state-sctp-opening = an SCTP association is being set up
sockets-state-sctp-closing = an SCTP association is being shut down

sockets-note-interrupted = the kernel's list of { $proto } sockets changed during every reading ({ $netns }): some may be missing
sockets-note-fallback = { $proto } sockets were read from /proc/net, which tells less, because netlink was refused ({ $error })
sockets-note-unreadable =
    { $count ->
        [one] { $count } report of the kernel on { $proto } sockets could not be understood
       *[other] { $count } reports of the kernel on { $proto } sockets could not be understood
    }
sockets-note-hidden =
    { $sockets ->
        [one] the program of { $sockets } socket
       *[other] the programs of { $sockets } sockets
    } may not be seen by you{ $processes ->
        [0] { "" }
        [one] { " " }({ $processes } process is closed to you)
       *[other] { " " }({ $processes } processes are closed to you)
    }; run this as root to see them
sockets-note-netns =
    { $count ->
        [one] { $count } network namespace could not be entered
       *[other] { $count } network namespaces could not be entered
    }; run this as root to see them
