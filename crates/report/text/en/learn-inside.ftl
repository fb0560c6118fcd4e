# The lesson `inside`.

learn-inside-title = The inside view, and the states of connections
learn-inside-what =
    Before you look at a machine from outside, look from inside: its kernel knows which programs wait at which ports.
    People know `netstat -tanpu` or `ss -tanp` for that. `vigie sockets` takes the same letters: `-t` TCP, `-u` UDP, `-l`
    only what listens, `-a` everything, `-n` numbers, `-p` programs.

    Look at `plain` from inside:
learn-inside-seen =
    Every line is a socket that waits for connections: state LISTEN. The local address says who may come: `0.0.0.0` or
    `[::]` means whoever reaches the machine, `127.0.0.1` means only programs on the machine itself. The last column
    says it in words.
learn-inside-states =
    TCP sets up a connection before anything is said, as you say hello on the telephone. The states tell how far it is:

    - LISTEN: a program waits for clients.
    - SYN_SENT, SYN_RECV: the connection is being set up.
    - ESTABLISHED: it stands; both sides may talk.
    - FIN_WAIT, CLOSE_WAIT, LAST_ACK: one side has hung up.
    - TIME_WAIT: over; the kernel still waits for stragglers.

    A server that serves has several sockets at the same port: one that keeps listening, and one for each client. It
    looks like this:

        tcp   0   0 0.0.0.0:22         0.0.0.0:*             LISTEN
        tcp   0   0 192.168.1.159:22   192.168.1.196:50264   ESTABLISHED

    The second line is a conversation between two machines. A third machine has no part in it: a scan sees the first
    line and never the second.

    UDP sets nothing up, so its sockets have no such states. Look:
learn-inside-udp =
    A UDP socket that is there takes what comes: that is all that “open” means for UDP.
learn-inside-q1 = Which TCP ports of `plain` above 1023 are listened at?
learn-inside-q1-right = A database and a web server, by the names of their ports.
learn-inside-q1-hint = Look at the first list, at the numbers after the last colon of the local address.
learn-inside-q2 = Can a port scan show you the connections that stand at this moment (ESTABLISHED)?
learn-inside-q2-a = yes
learn-inside-q2-b = no
learn-inside-q2-right = Only the two ends know of it. A scan sees who listens.
learn-inside-q2-hint = Whose business is a connection between two machines?
