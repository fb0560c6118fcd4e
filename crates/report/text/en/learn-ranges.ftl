# The lesson `ranges`.

learn-ranges-title = Many ports, many hosts
learn-ranges-ports =
    Probing one port at a time is tedious; a scanner does it in one go. Without `-p`, `vigie scan` scans the 1,000 most
    common ports. With `-p` you choose them: numbers, ranges, names, separated by commas:
learn-ranges-ports-seen =
    `1-100` is a range, `http*` is every service whose name begins with http. `-F` means the 100 most common ports,
    `--top-ports 10` the ten most common.

    A program may listen on any port. Only a scan of all ports shows everything; `-p-` is the short form:
learn-ranges-all-seen =
    All 65,535 ports in a second or two: the paths of the lab are short. On a real network it depends on the path, and
    Vigie finds the right rate by itself.
learn-ranges-hosts =
    You can also give ranges of hosts. `10.77.1.0/24` is a network of 256 addresses, `10.77.1.10-30` a range,
    `10.77.1.10,20,30` a list. Names work as well, you can give several targets, and `--exclude` excludes some.
learn-ranges-hosts-seen =
    Before the port scan, Vigie checks which hosts are up (host discovery). No host has the address that ends in 40, so
    its ports were not scanned. A host that does not reply may still be up, behind a firewall: `-Pn` assumes that every
    host is up.
learn-ranges-q1 = With one command, scan TCP ports 20 to 30 of 10.77.1.10 and 10.77.1.30, and of no other host.
learn-ranges-q1-right = Both hosts were scanned, and no other.
learn-ranges-q1-hint = `vigie scan -p 20-30 10.77.1.10 10.77.1.30`, or `10.77.1.10,30`
learn-ranges-q2 = Which TCP ports of `plain` are open, among all ports?
learn-ranges-q2-right = Ten of 65,535.
learn-ranges-q2-hint = The scan with `-p-` lists them.
