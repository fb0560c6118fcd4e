# The lesson `own`.

learn-own-title = Checking your own machine
learn-own-what =
    The main use of a scan: see your own machine as others see it, and check that its protection works as intended.
    Compare two views. First from inside: which programs listen on `walled`?
learn-own-inside =
    22, 80, 443, and 3306: a database. It listens on `[::]`, so it accepts connections from everywhere.

    Now from outside:
learn-own-outside =
    Ports 22, 80 and 443 are reachable. Port 3306 is not: only the firewall protects the database.
learn-own-q1 = Which TCP port of `walled` is listening but cannot be reached from `scanner`?
learn-own-q1-right = Remember this: if the firewall is ever switched off, this port is open to everybody.
learn-own-q1-hint = It is listening in the view from inside, and `filtered` in the view from outside.
learn-own-local =
    From the machine itself, port 3306 is open: the firewall does not filter local connections. So a scan of `localhost`
    does not show what others see: scan from another machine.
learn-own-do =
    For each open port, ask: do I know the program? Do I need it? Who should reach it? Then, in this order:

    - Stop and remove programs that you do not need.
    - Make programs that only this machine needs listen on `127.0.0.1` or `::1`.
    - Allow only the necessary sources in the firewall, and drop or reject everything else.
    - Keep the remaining programs up to date.

    Then check again, from inside and from outside, with IPv4 and with IPv6. Repeat it every month.
learn-own-q2 = Only the web server on the same machine needs a database. What is best?
learn-own-q2-a = let it listen everywhere, behind the firewall
learn-own-q2-b = let it listen on 127.0.0.1, and keep the firewall as well
learn-own-q2-c = move it to another port number
learn-own-q2-right = Two protections are better than one; another port number hides nothing from a scan.
learn-own-q2-hint = What happens when the firewall is switched off?
