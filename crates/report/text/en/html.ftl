# The HTML page of a scan.

html-title = Scan of { $targets }
html-when = { $start }, { $elapsed }
html-running = the scan was still running when this page was written
html-footer = Written by Vigie. This page loads nothing and runs nothing; names and addresses are shown as the scan met them, signs that a screen would obey as escapes.
html-summary = Summary
html-hosts-up = { $n ->
    [one] host up
   *[other] hosts up
}
html-hosts-asked = { $n ->
    [one] address asked
   *[other] addresses asked
}
html-hosts-open = { $n ->
    [one] host with open ports
   *[other] hosts with open ports
}
html-ports-each = { $n ->
    [one] port asked of each host
   *[other] ports asked of each host
}
html-warnings = Warnings
html-map = Port map
html-map-about = { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
} by { $ports ->
    [one] one port
   *[other] { $ports } ports
}; each sign is the state of one port
html-map-blank = no sign: like most ports of that host, in the colour of the row
html-map-more = { $n ->
    [one] One more host is not drawn.
   *[other] { $n } more hosts are not drawn.
}
html-hosts = Hosts
html-no-hosts = No host was found to be up.
html-hosts-left-out = { $n ->
    [one] One more host is up; JSON Lines have it.
   *[other] { $n } more hosts are up; JSON Lines have them all.
}
html-column-rtt = ANSWERED IN
html-reason = { $reason }
html-not-listed = Not listed:
html-host-partial = The scan ended before this host was done.
html-explained = Explained findings
html-timeline = Pace and loss
html-timeline-about = Probes a second and estimated loss over the time of the scan
html-timeline-short = The scan was too short for a timeline.
html-timeline-rate = probes a second (left)
html-timeline-loss = estimated loss (right)
html-timeline-find = an open port was found
html-timeline-hosts = looking for hosts
html-no-account = Where the probes went is told at the end of a scan only.
html-plan = The plan
html-command = Command
html-addresses = Addresses
html-ports = Ports
html-ports-top = The most common:
html-technique = Technique
html-discovery = Hosts
html-discovery-ask = looked for first
html-discovery-assume = all taken as up (-Pn)
html-ways = Ways
html-tries = Most tries at a silent port
html-confidence = Wanted certainty
html-max-rate = Most probes a second
html-min-rate = Fewest probes a second
html-max-time = Most time
html-host-timeout = Most time for a host
html-seed = Seed
html-most = Most probes
html-scope = What allowed it
html-scope-none = Nothing was noted.
html-scope-ground = { $ground } ({ $hosts ->
    [one] one address
   *[other] { $hosts } addresses
})
