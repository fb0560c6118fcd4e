# The lesson `inside`.

learn-inside-title = The view from inside, and connection states
learn-inside-what =
    Before you scan a machine from outside, look at it from inside: its kernel knows which programs listen on which
    ports. The usual commands are `netstat -tanpu` and `ss -tanp`. `vigie sockets` takes the same letters: `-t` TCP,
    `-u` UDP, `-l` only listening sockets, `-a` all sockets, `-n` numeric, `-p` programs.

    List the sockets of `plain`:
learn-inside-seen =
    Each line is a listening socket: state LISTEN. The local address shows who can connect: `0.0.0.0` or `[::]` means
    every machine that reaches this one, `127.0.0.1` means only programs on the machine itself. The last column says
    the same in words.
learn-inside-states =
    TCP establishes a connection before any data is sent, as you say hello on the telephone. The state shows its
    progress:

    - LISTEN: a program waits for clients.
    - SYN_SENT, SYN_RECV: the connection is being established.
    - ESTABLISHED: the connection is open; both sides can send.
    - FIN_WAIT, CLOSE_WAIT, LAST_ACK: one side has closed.
    - TIME_WAIT: closed; the kernel still waits for late packets.

    A busy server has several sockets on the same port: one that keeps listening, and one for each client:

        tcp   0   0 0.0.0.0:22         0.0.0.0:*             LISTEN
        tcp   0   0 192.168.1.159:22   192.168.1.196:50264   ESTABLISHED

    The second line is a connection between two machines. A third machine cannot see it: a scan finds the first line
    and never the second.

    UDP has no connections, so its sockets have no such states. List them:
learn-inside-udp =
    A UDP socket simply accepts datagrams: this is all that “open” means for UDP.
learn-inside-q1 = Which TCP ports of `plain` above 1023 are listening?
learn-inside-q1-right = A database and a web server, by the names of their ports.
learn-inside-q1-hint = Look at the first list, at the number after the last colon of the local address.
learn-inside-q2 = Can a port scan show the connections that are open at this moment (ESTABLISHED)?
learn-inside-q2-a = yes
learn-inside-q2-b = no
learn-inside-q2-right = Only the two ends know the connection. A scan finds listening ports.
learn-inside-q2-hint = Which machines know about a connection?
