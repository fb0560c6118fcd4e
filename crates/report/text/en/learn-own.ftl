# The lesson `own`.

learn-own-title = Checking your own machine
learn-own-what =
    This is what scans are for: to see your own machine as others see it, and to check that its protection does what you
    think. Two views, laid side by side. First from inside: what listens on `walled`?
learn-own-inside =
    22, 80, 443, and 3306: a database. Its address is `[::]`, so by itself it takes connections from everywhere.

    Now from outside:
learn-own-outside =
    22, 80 and 443 can be reached. 3306 cannot: the firewall is all that keeps the database from the world.
learn-own-q1 = Which TCP port of `walled` is listened at, and cannot be reached from `scanner`?
learn-own-q1-right = Remember it: if the firewall is switched off one day, this port is open to everybody.
learn-own-q1-hint = It stands in the list from inside, and is `filtered` from outside.
learn-own-local =
    From the machine itself 3306 is open: its firewall lets it talk to itself. That is why a scan of `localhost` says
    nothing about what others see: scan from another machine.
learn-own-do =
    For each port that is open, ask: do I know the program? Do I need it? Who should reach it? Then, in this order:

    - Stop programs that you do not need, and remove them.
    - Let programs that only this machine needs listen at `127.0.0.1` or `::1`.
    - Let the firewall pass only who should come, and drop or reject the rest.
    - Keep what stays open up to date.

    And look again afterwards, from inside and from outside, by IPv4 and by IPv6. Next month too.
learn-own-q2 = A database is needed only by the web server on the same machine. What is best?
learn-own-q2-a = let it listen everywhere, behind the firewall
learn-own-q2-b = let it listen at 127.0.0.1, and keep the firewall as well
learn-own-q2-c = move it to another port number
learn-own-q2-right = Two walls are better than one; another number hides nothing from a scan.
learn-own-q2-hint = What happens on the day when the firewall is off?
