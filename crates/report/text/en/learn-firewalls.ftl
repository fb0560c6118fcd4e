# The lesson `firewalls`.

learn-firewalls-title = Firewalls
learn-firewalls-what =
    A firewall decides which packets pass. What it does with the others shows. The machine `walled` has one that drops:
    port 22 is let through, port 8443 too, port 3306 is not.
learn-firewalls-drop =
    22 is open, 8443 closed: the packets passed, and at 8443 nobody listens. 3306 stayed silent, try after try: `filtered`.
    The link shows SYNs that go and nothing that comes.

    A lost packet looks the same. Vigie therefore asks again until an answer would hardly have been lost each time, and
    says how probable that still is.

    The machine `polite` refuses openly:
learn-firewalls-reject =
    Three ways of saying no. 81: RST, as if the port were closed; whether a firewall or the machine said it, the answer
    does not tell. 3306: ICMP “administratively prohibited” (code 13), a firewall's words. 6379: ICMP “port unreachable”
    (code 3), which a machine itself says for UDP, but for TCP only a firewall does. ICMP instead of an answer means
    `filtered`.

    Dropping makes scans slow, and honest users wait as well; rejecting tells at once. Neither hides a machine that has a
    port open.
learn-firewalls-source =
    A firewall can ask who comes. The one of `walled` lets the machine `plain` reach every port: so do real ones for a
    backup server or an office. What you find therefore holds for the place from which you looked, and for no other.

    Commands of this question run at `plain`.
learn-firewalls-q1 = From `plain`, find out whether port 3306 of 10.77.1.20 is open.
learn-firewalls-q1-right = From here it is open; from `scanner` it was filtered. Scan from where it matters.
learn-firewalls-q1-hint = The same command as before: `vigie scan -p 3306 10.77.1.20`
learn-firewalls-q2 = Seen from `scanner`: which of the ports 22, 25, 80, 443, 3306 and 8443 of `walled` are dropped? Look with `vigie lab run`, or think: three are let through to programs, one to nobody.
learn-firewalls-q2-right = Whether somebody listens behind the wall does not show: at 25 nobody does, at 3306 a database.
learn-firewalls-q2-hint = 22, 80 and 443 are open, and 8443 is closed.
learn-firewalls-q3 = A TCP port answers with ICMP “administratively prohibited”. Its state?
learn-firewalls-q3-a = open
learn-firewalls-q3-b = closed
learn-firewalls-q3-c = filtered
learn-firewalls-q3-right = Somebody on the way said no; what is behind, you do not know.
learn-firewalls-q3-hint = Did the port answer, or somebody before it?
