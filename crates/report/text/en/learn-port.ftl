# The lesson `port`.

learn-port-title = What a port is
learn-port-what =
    A machine has an address and runs many programs. A port is the number that selects one of them: the address of an
    application on its machine. A web server usually listens on port 80, a mail server on port 25, a name server on
    port 53. When you type the name of a site into a browser, the browser connects to port 80 or 443 of its machine.

    TCP and UDP have separate ports. A port is *open* when a program listens on it, and *closed* when none does. A port
    scan finds out which ports of a machine are open.

    The lab has a machine called `plain`, with a few programs and no firewall. Scan it:
learn-port-seen =
    Each line is a port that accepted a connection (`syn-ack`). The others of the 1,000 scanned ports refused
    (`reset`) and are only counted. SERVICE is the usual service of the port number; the program itself was not
    identified.
learn-port-numbers =
    A port number has 16 bits: there are 65,536 TCP ports and as many UDP ports. IANA sorts them into three classes:

    - 0 to 1023, well-known ports: the usual services. Only privileged programs may listen on them.
    - 1024 to 49151, registered ports: registered for certain applications.
    - 49152 to 65535, dynamic ports: for temporary use.

    Both ends of a connection have a port. The server's port is known in advance. The client's system chooses a port
    for each connection, and the replies go to it. (Linux uses 32768 to 60999 by default.)
learn-port-q1 = Which TCP ports of `plain` from 1 to 100 are open?
learn-port-q1-right = Correct: five programs are listening there.
learn-port-q1-hint = Look at the lines with the state `open`, and ignore ports above 100.
learn-port-q2 = A client connects to your SSH server from its port 50264. To which class does that number belong?
learn-port-q2-a = a well-known port
learn-port-q2-b = a registered port
learn-port-q2-c = a dynamic port
learn-port-q2-right = The number has no meaning of its own: the client's system chose it for this connection.
learn-port-q2-hint = Compare 50264 with 1023, 49151 and 65535.
