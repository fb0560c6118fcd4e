# The lesson `ranges`.

learn-ranges-title = Many ports, many hosts
learn-ranges-ports =
    Asking port by port is tiresome; a scanner does it in one go. Without `-p`, `vigie scan` asks the 1,000 ports that are
    most often open. With `-p` you say which: numbers, ranges, names, separated by commas:
learn-ranges-ports-seen =
    `1-100` is a range, `http*` every service whose name begins so. `-F` means the 100 most common ports,
    `--top-ports 10` the ten most common.

    A program may wait at any port. Only the whole range shows everything; `-p-` is short for it:
learn-ranges-all-seen =
    All 65,535 ports, in a second or two: in the lab nothing is far. On a real network it takes as long as the path
    allows, and Vigie finds that pace by itself.
learn-ranges-hosts =
    Hosts come in ranges too. `10.77.1.0/24` is the network of 256 addresses, `10.77.1.10-30` a range,
    `10.77.1.10,20,30` a list; names work as well, several targets stand one after the other, and `--exclude` leaves some
    out.
learn-ranges-hosts-seen =
    Before the ports, Vigie asks which hosts are up at all. Nobody has the address that ends in 40, so its ports were
    never asked. A host that answers nothing may still be there, behind a firewall: `-Pn` takes every host as up.
learn-ranges-q1 = With one command, scan the TCP ports 20 to 30 of 10.77.1.10 and of 10.77.1.30, and of no other host.
learn-ranges-q1-right = Both hosts were asked, and nobody else.
learn-ranges-q1-hint = `vigie scan -p 20-30 10.77.1.10 10.77.1.30`, or `10.77.1.10,30`
learn-ranges-q2 = Which TCP ports of `plain` are open, of all there are?
learn-ranges-q2-right = Ten of 65,535.
learn-ranges-q2-hint = The scan with `-p-` has listed them.
