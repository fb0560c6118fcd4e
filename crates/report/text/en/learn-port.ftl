# The lesson `port`.

learn-port-title = What a port is
learn-port-what =
    A machine has an address, and many programs behind it. A port is the number that says which program is meant: the
    address of an application on its machine. A web server usually waits at port 80, a mail server at port 25, a name
    server at port 53. Whoever types a site's name into a browser has the browser knock at port 80 or 443 of that
    machine.

    TCP and UDP each have their own ports. A port is *open* when a program waits there, *closed* when none does. A port
    scan asks many ports at once which of them are open.

    The lab has a machine called `plain`, with a few programs and no firewall. Ask it:
learn-port-seen =
    Each line is a port that answered “come in” (`syn-ack`). The other ports of the thousand that were asked answered
    “nobody here” (`reset`), and are only counted. SERVICE is the name that people usually give the port; nobody asked
    the program who it is.
learn-port-numbers =
    A port's number has 16 bits: there are 65,536 of them, for TCP and once more for UDP. IANA sorts them into three
    classes:

    - 0 to 1023, the well-known ports: the usual services. Only privileged programs may wait there.
    - 1024 to 49151, the registered ports: reserved for certain applications, on request.
    - 49152 to 65535, the dynamic ports: for whoever needs one for a while.

    Both ends of a connection have a port. The server's is known; the client's is picked by its system for this one
    connection, and the answers come back to it. (Linux picks from 32768 to 60999 by default.)
learn-port-q1 = Which TCP ports of `plain` from 1 to 100 are open?
learn-port-q1-right = You have read a scan: five programs wait there.
learn-port-q1-hint = Look at the lines of the scan whose state is `open`, and leave out numbers above 100.
learn-port-q2 = A client talks to your SSH server from its port 50264. Of which class is that number?
learn-port-q2-a = a well-known port
learn-port-q2-b = a registered port
learn-port-q2-c = a dynamic port
learn-port-q2-right = It means nothing by itself: the client's system picked it for this connection.
learn-port-q2-hint = Where does 50264 stand among 1023, 49151 and 65535?
