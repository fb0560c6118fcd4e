# The lesson `firewalls`.

learn-firewalls-title = Firewalls
learn-firewalls-what =
    A firewall decides which packets pass. A scan shows what it does with the others. The machine `walled` has a firewall
    that drops packets: it lets ports 22 and 8443 through, but not port 3306.
learn-firewalls-drop =
    Port 22 is open and port 8443 closed: the packets passed, and no program listens on 8443. Port 3306 never replied:
    `filtered`. The packets on the link show SYNs and no reply.

    A lost packet looks the same. So Vigie probes the port again until it is unlikely that every reply was lost, and shows
    the remaining risk of error.

    The machine `polite` rejects instead:
learn-firewalls-reject =
    There are three ways to reject. Port 81: RST, as if the port were closed; the reply does not show whether the firewall
    or the machine sent it. Port 3306: ICMP “administratively prohibited” (code 13), which firewalls send. Port 6379: ICMP
    “port unreachable” (code 3), which a machine itself sends for UDP, but only a firewall for TCP. An ICMP error for a TCP
    port means `filtered`.

    Dropping makes scans slow, and also makes legitimate users wait; rejecting replies at once. Neither hides a machine
    that has an open port.
learn-firewalls-source =
    A firewall can also filter by source. The one of `walled` lets the machine `plain` reach every port; real ones do this
    for a backup server or an office. So a result is valid only for the place you scanned from.

    The commands of this question run on `plain`.
learn-firewalls-q1 = From `plain`, find out whether port 3306 of 10.77.1.20 is open.
learn-firewalls-q1-right = From here it is open; from `scanner` it was filtered. Scan from the place that matters.
learn-firewalls-q1-hint = Use the same command as before: `vigie scan -p 3306 10.77.1.20`
learn-firewalls-q2 = Seen from `scanner`, which of the ports 22, 25, 80, 443, 3306 and 8443 of `walled` are dropped? Scan them with `vigie lab run`, or think: the firewall lets four through; three of these have a program, one has none.
learn-firewalls-q2-right = A scan cannot show whether a program listens behind the firewall: none on port 25, a database on 3306.
learn-firewalls-q2-hint = 22, 80 and 443 are open, and 8443 is closed.
learn-firewalls-q3 = A TCP port replies with ICMP “administratively prohibited”. What is its state?
learn-firewalls-q3-a = open
learn-firewalls-q3-b = closed
learn-firewalls-q3-c = filtered
learn-firewalls-q3-right = A device on the path rejects the probe; you do not know what is behind it.
learn-firewalls-q3-hint = Did the port reply, or a device before it?
