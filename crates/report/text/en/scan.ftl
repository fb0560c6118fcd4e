# Scan reports. Port states and reasons use the terms of the field; reasons are never translated.

plan-line = Vigie { $version }  { $technique } of { $targets }, { $ports }
plan-line-hosts = Vigie { $version }  Host discovery of { $targets }
plan-questions = Discovery probes for hosts behind routers: { $questions }
technique-syn = SYN scan
technique-connect = Connect scan
technique-sctp-init = SCTP INIT scan
technique-sctp-cookie-echo = SCTP COOKIE ECHO scan
technique-ip-protocols = IP protocol scan
technique-udp = UDP scan
technique-udp-sockets = UDP scan through ordinary sockets
technique-and-udp = { $technique } and UDP scan
technique-other = { $name } scan
technique-flags = { $technique } with flags { $flags }
plan-targets-more = { $some } and { $more ->
    [one] one more target
   *[other] { $more } more targets
}
plan-addresses = { $targets } ({ $hosts ->
    [one] one address
   *[other] { $hosts } addresses
})
plan-ports-top = the { $n } most common { $transport } ports
plan-ports-all = all { $n } { $transport } ports
plan-ports-some = { $transport } { $n ->
    [one] port
   *[other] ports
} { $list }
plan-ports-many = { $n } { $transport } ports
plan-seed-alone = seed { $seed }
plan-seed = seed { $seed }, source port { $port }
plan-seed-ports = seed { $seed }, source ports { $port } to { $last } in rotation
plan-windows = hosts are scanned in { $windows } windows of { $hosts } to stay within the memory limit
plan-route = { $range } via { $link }, source { $source }
plan-route-gateway = { $range } via { $link }, source { $source }, gateway { $gateway }

host-up = { $host } is up ({ $how })
host-assumed-up = { $host } is assumed up (-Pn)
host-down = { $host } is down ({ $how })
host-down-hint = no reply to discovery probes; use -Pn to scan it anyway
host-unknown = { $host }: up or down not determined ({ $how })
path-title = Route ({ $probe } probes):
path-neighbour = Route: none, the host is on the same link
path-hop = { $ttl }  { $ip }  { $rtt }
path-shared = { $ttl }  { $ip }  same as for { $of }
path-silent = { $ttl }  no reply (3 probes)
host-mac = MAC { $mac }
host-mac-vendor = MAC { $mac } ({ $vendor })
host-partial = { $host } (partial: the scan ended before this host was finished)

column-port = PORT
column-state = STATE
column-service = SERVICE
column-reason = REASON

state-open = open
state-closed = closed
state-filtered = filtered
state-unfiltered = unfiltered
state-open-filtered = open|filtered
state-closed-filtered = closed|filtered
state-unknown = unknown
count-open = { $n } open
count-closed = { $n } closed
count-filtered = { $n } filtered
count-unfiltered = { $n } unfiltered
count-open-filtered = { $n } open|filtered
count-closed-filtered = { $n } closed|filtered
count-unknown = { $n } unknown

not-shown = Not shown: { $groups }
all-alike = { $n ->
    [one] Its only port
   *[other] All { $n } ports
}: { $group }
no-ports = No ports requested
group = { $count } ({ $why })
reason-ttl = { $reason } ttl { $ttl }
reason-from = { $reason } from { $from }
reason-rtt = { $reason } in { $rtt }
reason-tries = { $reason }, try { $tries }
reason-silent = { $reason } ({ $silence })
reason-missed = { $reason }, { $silence }
reason-by-design = { $reason }; { $why }
reason-confirmed = { $reason }, replies to { $request }
reason-said = { $reason }; identifies itself as { $said }
reason-unrecognised = { $reason }, protocol not recognised
silence-needs-key = this protocol ignores clients without a key
silence-may-need-key = this protocol may ignore clients without a key
silence-one-way = this protocol receives and never replies
silence-known-peers-only = this protocol replies only to configured peers
silence-multicast-only = this protocol replies only to multicast requests
silence-fixed-port = this protocol sends its replies to one fixed port
udp-mute = UDP: this host never reported a closed port, so its silence proves nothing
udp-free = UDP: this host reports every closed port
udp-tokens = UDP: this host reports at most { $rate } closed ports per second
udp-sample = { $closed } of { $drawn } randomly sampled UDP ports were closed: at most { $share } of the { $of } silent ports are not closed, with { $confidence } confidence (--complete proves them all)
udp-unproven = { $unproven } UDP ports are unproven: too few replies (--complete continues)
silence = { $tries ->
    [one] one try
   *[other] { $tries } tries
}, risk of error < { $p }

ended-max-tries = Maximum number of tries reached: silent ports are less certain than requested (risk of error < { $p } instead of { $wanted })
ended-host-timeout = Time limit for this host reached (--host-timeout) before its silent ports were certain
ended-max-time = Time limit for the scan reached (--max-time) before this host's silent ports were certain
ended-interrupted = Interrupted before this host was finished: its results are partial
ended-failed = The scan failed on this machine before this host was finished: its results are partial

warning-line = Warning: { $text }
warning-kernel-dropped = the kernel dropped { $frames ->
    [one] one frame
   *[other] { $frames } frames
} before the scan read them; silent ports may have replied (lower --max-rate)
warning-all-open = every port of { $host } appears open: a device in front of it replies for all of them, so “open” proves little
warning-all-open-front = every port of { $host } appears open, and so { $answered ->
    [one] does one
   *[other] do { $answered }
} of { $controls } random high ports: a device in front of it (SYN proxy or tarpit) replies for all ports. Of { $tried } full connections to its “open” ports, { $held } stayed open and { $reset } were reset. { $real }
warning-all-open-resets = every port of { $host } appears open, but { $reset } of { $tried } full connections were reset right after the handshake: a device in front of it (SYN proxy) replies for the scanned ports. It does not reply for other ports ({ $answered } of { $controls } random high ports accepted a connection). { $real }
warning-all-open-real = every scanned port of { $host } is open, confirmed by full connections: { $held } of { $tried } stayed open, and { $answered } of { $controls } random high ports accepted one
warning-all-open-unclear = every port of { $host } appears open, and full connections did not settle why: { $held } of { $tried } stayed open and { $reset } were reset; { $answered } of { $controls } random high ports accepted one
all-open-real = { $n ->
    [one] A service was found at port { $ports }
   *[other] Services were found at ports { $ports }
}
all-open-none-real = No service was found at any of them
warning-strange-source = { $from } sent { $count ->
    [one] one reply
   *[other] { $count } replies
} but was never probed
warning-stopped-answering = some ports of { $host } replied early in the scan and no longer do: the host may be blocking this scanner, so later silence does not prove “filtered”
warning-foreign-resets = { $count } ports of { $host } were reset by another device: these RSTs have TTL { $ttl }, the host's own replies TTL { $own }. The host itself did not say “closed”
warning-limits-resets = { $host } sends at most { $rate } RSTs per second: its silent ports are not open; only ports proven at that rate are reported as closed or filtered (--complete proves them all)
warning-limits-errors = { $host } sends at most { $rate } ICMP errors per second: silent ports may be rejected like the ports with an error
warning-unresolved = Router { $host } does not reply to ARP or neighbour discovery on this link: targets behind it were not probed

loss-sent = { $sent } probes sent: { $answered } answered, { $unanswered } unanswered; { $duplicates ->
    [one] one duplicate reply
   *[other] { $duplicates } duplicate replies
}, { $stray ->
    [one] one unrelated frame
   *[other] { $stray } unrelated frames
}
loss-path = Lost on the path: about { $lost } ({ $rate }); held back by the targets' rate limiters: about { $suppressed }
loss-path-assumed = Lost on the path: not measured, too few replies; assumed at most { $rate }; held back by the targets' rate limiters: about { $suppressed }
loss-kernel = Dropped by the kernel: { $sending } on transmit, { $receiving } on receive
loss-rtt = Round-trip time: { $rtt }

summary = { $hosts }, { $ports } in { $time }
summary-hosts = { $hosts } in { $time }
summary-hosts-asked = { $hosts } in { $time }; { $sent } probes, { $rate }/s
summary-up = { $up ->
    [one] { $up } host up
   *[other] { $up } hosts up
}
summary-up-of = { $up } of { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
} up
summary-ports = { $n ->
    [one] { $n } port
   *[other] { $n } ports
}
summary-ports-each = { $n ->
    [one] { $n } port each
   *[other] { $n } ports each
}
summary-partial = PARTIAL: { $why }
partial-interrupted = the scan was interrupted
partial-max-time = time limit reached (--max-time)
partial-other = the scan ended before every port was certain

progress = { $percent } { $work }, { $rate }/s, { $open } open
progress-discovering = host discovery
progress-udp = UDP ports
progress-round = round { $round }
progress-eta = , { $eta } left

joined-mac = Same machine (MAC address { $mac }): { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
} (a proxy that answers for other addresses looks the same)
joined-name = Same machine (name { $name }): { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
} (several machines may share a name)
