# The HTML page of a scan.

html-title = Scan of { $targets }
html-when = { $start }, { $elapsed }
html-running = the scan was still running when this page was written
html-footer = Written by Vigie. This page loads no resource and runs no script. Names are shown as received, with control characters escaped.
html-summary = Summary
html-hosts-up = { $n ->
    [one] host up
   *[other] hosts up
}
html-hosts-asked = { $n ->
    [one] address scanned
   *[other] addresses scanned
}
html-hosts-open = { $n ->
    [one] host with open ports
   *[other] hosts with open ports
}
html-ports-each = { $n ->
    [one] port per host
   *[other] ports per host
}
html-warnings = Warnings
html-map = Port map
html-map-about = { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
} by { $ports ->
    [one] one port
   *[other] { $ports } ports
}; each symbol is the state of one port
html-map-blank = blank: the most common state of that host, in the colour of the row
html-map-more = { $n ->
    [one] One more host is not shown.
   *[other] { $n } more hosts are not shown.
}
html-hosts = Hosts
html-no-hosts = No host is up.
html-hosts-left-out = { $n ->
    [one] One more host is up; see the JSON Lines output.
   *[other] { $n } more hosts are up; see the JSON Lines output.
}
html-column-rtt = RESPONSE TIME
html-reason = { $reason }
html-not-listed = Not shown:
html-host-partial = The scan ended before this host was finished.
html-explained = Explanations
html-timeline = Rate and loss
html-timeline-about = Probes per second and estimated loss during the scan
html-timeline-short = The scan was too short for a timeline.
html-timeline-rate = probes per second (left)
html-timeline-loss = estimated loss (right)
html-timeline-find = open port found
html-timeline-hosts = host discovery
html-no-account = Packet counts are available only for finished scans.
html-plan = Scan plan
html-command = Command
html-addresses = Addresses
html-ports = Ports
html-ports-top = The most common:
html-technique = Technique
html-discovery = Host discovery
html-discovery-ask = yes
html-discovery-assume = skipped: all assumed up (-Pn)
html-ways = Routes
html-tries = Maximum tries per silent port
html-confidence = Requested confidence
html-max-rate = Maximum probes per second
html-min-rate = Minimum probes per second
html-max-time = Time limit
html-host-timeout = Time limit per host
html-seed = Seed
html-most = Maximum probes
html-scope = Authorisation
html-scope-none = None recorded.
html-scope-ground = { $ground } ({ $hosts ->
    [one] one address
   *[other] { $hosts } addresses
})
