# The help of `vigie sockets`, and what its arguments refuse.

sockets-about = Which sockets this machine has, in which state, owned by whom
sockets-usage = vigie sockets [OPTIONS]

sockets-group-which = Which sockets
sockets-help-all = Those that listen and those that are connected
sockets-help-listening = Only those that listen
sockets-help-tcp = TCP
sockets-help-udp = UDP
sockets-help-unix = UNIX sockets
sockets-help-raw = Raw IP sockets
sockets-help-packet = Packet sockets: programs that see frames
sockets-help-mptcp = Multipath TCP
sockets-help-sctp = SCTP
sockets-help-udplite = UDP-Lite
sockets-help-ipv4 = Only IPv4
sockets-help-ipv6 = Only IPv6
sockets-help-netns = In another network namespace: its name, a process that is in it, a path, or all of them

sockets-group-show = What of them
sockets-help-numeric = Numbers of ports and users, not their names (addresses are never looked up)
sockets-help-processes = PID and program
sockets-help-extend = User and inode
sockets-help-verbose = Below each socket: command line, unit, container and namespace of its programs, backlog of a listener
sockets-help-summary = Only counts
sockets-help-tree = Connections below the listening socket that accepted them
sockets-help-explain = Also what each state means
sockets-help-watch = Look again every SECONDS (1 if not given) and show what appears, changes and goes
sockets-help-wide = Lines are never cut
sockets-help-continuous = The same as --watch

sockets-group-filter = Filters (each also lists what listens, as -a does)
sockets-help-port = Local or peer's port: 22,80,8000-8100
sockets-help-state = State: listening, established, time-wait, ... separated by commas
sockets-help-process = Held by a program of this name (* and ? are patterns) or PID
sockets-help-user = Made by this user (name or UID)
sockets-help-local = Local end: 10.0.0.0/8, 10.0.0.1:22, [::1]:22, :22
sockets-help-peer = Peer's end, in the same way
sockets-help-exposed = Only those that listen where other machines may reach them

sockets-group-output = Output
sockets-help-output = Format: text, json (JSON Lines, docs/json.md) or csv
sockets-help-no-header = No titles and no column names
sockets-help-procfs = Read /proc/net and do not ask netlink

sockets-after =
    The letters of netstat and ss combine: -an, -anpe, -antp, -tanpu, -lntp, -x, -s.

    Examples
      vigie sockets -tanpu                    TCP and UDP, with their programs
      vigie sockets -lntp                     who listens on TCP ports, and who may reach them
      vigie sockets --exposed                 what other machines may reach
      vigie sockets --port 22 --tree          the SSH server and its clients
      vigie sockets -a -o json                everything, for a program

    Exit codes: 0 done, 2 wrong command line, 3 could not run.

sockets-netns-failed = the network namespace cannot be looked into: { $error }
sockets-netns-root = run this as root
sockets-netns-hint = “ip netns” lists names; the PID of a process inside works too
sockets-texts-failed = neither netlink nor { $path } can be read: { $error }
sockets-no-user = there is no user “{ $name }” on this machine
sockets-bad-port-hint = ports like 22,80,8000-8100
sockets-bad-end-hint = like 10.0.0.0/8, 10.0.0.1:22, [::1]:22 or :22

value-name = NAME
value-states = STATES
value-address = ADDRESS
