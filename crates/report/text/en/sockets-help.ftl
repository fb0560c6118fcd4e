# Help of `vigie sockets`, and errors in its arguments.

sockets-about = List the sockets of this machine: state, program, and which machines can reach them
sockets-usage = vigie sockets [OPTIONS]

sockets-group-which = Which sockets
sockets-help-all = Listening and connected sockets
sockets-help-listening = Only listening sockets
sockets-help-tcp = TCP
sockets-help-udp = UDP
sockets-help-unix = UNIX sockets
sockets-help-raw = Raw IP sockets
sockets-help-packet = Packet sockets (programs that capture frames)
sockets-help-mptcp = Multipath TCP
sockets-help-sctp = SCTP
sockets-help-udplite = UDP-Lite
sockets-help-ipv4 = Only IPv4
sockets-help-ipv6 = Only IPv6
sockets-help-netns = In another network namespace: a name, a PID, a path, or all

sockets-group-show = Details
sockets-help-numeric = Numeric ports and users (addresses are never resolved)
sockets-help-processes = PID and program
sockets-help-extend = User and inode
sockets-help-verbose = Below each socket: command line, unit, container and namespace of its programs, and the backlog of a listener
sockets-help-summary = Only counts
sockets-help-tree = Show connections below the listening socket that accepted them
sockets-help-explain = Explain each state
sockets-help-watch = Repeat every SECONDS (default: 1) and show what appears, changes and disappears
sockets-help-wide = Never truncate lines
sockets-help-continuous = Same as --watch

sockets-group-filter = Filters (each implies -a)
sockets-help-port = Local or remote port: 22,80,8000-8100
sockets-help-state = State: listening, established, time-wait, ..., separated by commas
sockets-help-process = Used by a program with this name (* and ? are wildcards) or PID
sockets-help-user = Owned by this user (name or UID)
sockets-help-local = Local address: 10.0.0.0/8, 10.0.0.1:22, [::1]:22, :22
sockets-help-peer = Remote address, in the same syntax
sockets-help-exposed = Only listening sockets that other machines may reach

sockets-group-output = Output
sockets-help-output = Format: text, json (JSON Lines, docs/json.md) or csv
sockets-help-no-header = No titles or column headers
sockets-help-procfs = Read /proc/net instead of netlink

sockets-after =
    The option letters of netstat and ss can be combined: -an, -anpe, -antp, -tanpu, -lntp, -x, -s.

    Examples
      vigie sockets -tanpu                    TCP and UDP, with their programs
      vigie sockets -lntp                     listening TCP ports, and which machines can reach them
      vigie sockets --exposed                 ports that other machines may reach
      vigie sockets --port 22 --tree          the SSH server and its clients
      vigie sockets -a -o json                everything, as JSON

    Exit codes: 0 done, 2 usage error, 3 could not run.

sockets-netns-failed = cannot enter the network namespace: { $error }
sockets-netns-root = run as root
sockets-netns-hint = list names with “ip netns”; the PID of a process in the namespace works too
sockets-texts-failed = cannot read netlink or { $path }: { $error }
sockets-no-user = unknown user “{ $name }”
sockets-bad-port-hint = for example 22,80,8000-8100
sockets-bad-end-hint = for example 10.0.0.0/8, 10.0.0.1:22, [::1]:22 or :22

value-name = NAME
value-states = STATES
value-address = ADDRESS
