# The report of a scan. States are the field's words; reasons are never translated.

plan-line = Vigie { $version }  { $technique } of { $targets }, { $ports }
plan-line-hosts = Vigie { $version }  Host discovery of { $targets }
plan-questions = Hosts behind routers are asked: { $questions }
technique-syn = SYN scan
technique-connect = Connect scan
technique-sctp-init = SCTP INIT scan
technique-sctp-cookie-echo = SCTP COOKIE ECHO scan
technique-ip-protocols = IP protocol scan
technique-udp = UDP scan
technique-udp-sockets = UDP scan through sockets
technique-and-udp = { $technique } and UDP scan
technique-other = { $name } scan
technique-flags = { $technique } with the flags { $flags }
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
plan-seed = seed { $seed }, from port { $port }
plan-seed-ports = seed { $seed }, from ports { $port } to { $last } in turn
plan-windows = the hosts are scanned in { $windows } windows of { $hosts }, to stay within the memory
plan-route = { $range } by { $link } from { $source }
plan-route-gateway = { $range } by { $link } from { $source } through { $gateway }

host-up = { $host } is up ({ $how })
host-assumed-up = { $host } is taken as up (-Pn)
host-down = { $host } is down ({ $how })
host-down-hint = it answered nothing; -Pn scans it all the same
host-unknown = { $host }: not known whether it is up ({ $how })
path-title = The way there, by { $probe }:
path-neighbour = The way there: it is a neighbour
path-hop = { $ttl }  { $ip }  { $rtt }
path-shared = { $ttl }  { $ip }  as on the way to { $of }
path-silent = { $ttl }  no answer (asked three times)
host-mac = MAC { $mac }
host-mac-vendor = MAC { $mac } ({ $vendor })
host-partial = { $host } (partial: the scan ended before this host was done)

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
no-ports = No ports were asked for
group = { $count } ({ $why })
reason-ttl = { $reason } ttl { $ttl }
reason-from = { $reason } from { $from }
reason-rtt = { $reason } in { $rtt }
reason-tries = { $reason }, try { $tries }
reason-silent = { $reason } ({ $silence })
reason-missed = { $reason }, { $silence }
reason-by-design = { $reason }; { $why }
reason-confirmed = { $reason }, answers { $request }
reason-said = { $reason }; says of itself: { $said }
reason-unrecognised = { $reason }, speaks none of the protocols asked
silence-needs-key = a server there answers nobody without its key
silence-may-need-key = a server there may answer only who holds its key
silence-one-way = a server there takes in and never answers
silence-known-peers-only = a server there answers only peers it was told of
silence-multicast-only = a server there answers only what came by multicast
silence-fixed-port = a server there answers to a fixed port only
udp-mute = UDP: this host never said that a port is closed, so its silence says nothing
udp-free = UDP: this host says of every closed port that it is closed
udp-tokens = UDP: this host says at most { $rate } times a second that a port is closed
udp-sample = { $closed } of { $drawn } UDP ports sampled at random were closed: at most { $share } of the { $of } silent ones are not, with { $confidence } confidence (--complete proves them all)
udp-unproven = { $unproven } UDP ports are unproven: too little was said of them (--complete goes on)
silence = { $tries ->
    [one] one try
   *[other] { $tries } tries
}, missed with p < { $p }

ended-max-tries = The most tries were made, and silent ports are less certain than asked for: p < { $p } instead of { $wanted }
ended-host-timeout = The time for this host ran out (--host-timeout) before its silent ports were certain
ended-max-time = The time for the scan ran out (--max-time) before this host's silent ports were certain
ended-interrupted = Interrupted before this host was done: its results are partial
ended-failed = This machine could not go on before this host was done: its results are partial

warning-line = Warning: { $text }
warning-kernel-dropped = this kernel dropped { $frames ->
    [one] one frame
   *[other] { $frames } frames
} before the scan could read them; silent ports may have answered (lower --max-rate)
warning-all-open = every port of { $host } answers as open: something in front of it answers for all of them, and “open” means little
warning-all-open-front = every port of { $host } answers as open, and so { $answered ->
    [one] does one
   *[other] do { $answered }
} of { $controls } random high ports: something in front of it (a SYN proxy or a tarpit) answers for all ports. Of { $tried } full connections to its “open” ports { $held } stood and { $reset } were reset. { $real }
warning-all-open-resets = every port of { $host } answers as open, but { $reset } of { $tried } full connections to them were reset as soon as they stood: something in front of it (a SYN proxy) answers for the ports that were scanned, and not for other ones ({ $answered } of { $controls } random high ports accepted). { $real }
warning-all-open-real = every port of { $host } that was scanned is open, and that is no trick: { $held } of { $tried } full connections stood, and of { $controls } random high ports { $answered } accepted one
warning-all-open-unclear = every port of { $host } answers as open, and full connections could not settle why: { $held } of { $tried } stood and { $reset } were reset, and of { $controls } random high ports { $answered } accepted one
all-open-real = { $n ->
    [one] A service is behind it at port { $ports }
   *[other] Services are behind it at ports { $ports }
}
all-open-none-real = None of them showed a service behind it
warning-strange-source = { $from } sent { $count ->
    [one] one answer
   *[other] { $count } answers
} and was never asked
warning-stopped-answering = ports of { $host } that answered early in the scan no longer do: later silence may be its defence, not its state
warning-foreign-resets = { $count } ports of { $host } were refused from another distance (TTL { $ttl }) than its own answers come from (TTL { $own }): something in front of it resets in its name, and “closed” is that one's word
warning-limits-resets = { $host } answers at most { $rate } resets a second: its silent ports are not open, and only those proven in step with that are called closed or filtered (--complete proves them all)
warning-limits-errors = { $host } answers at most { $rate } ICMP errors a second: silent ports may be rejected like those that answered
warning-unresolved = The router { $host } does not answer for its address on this link: what is behind it was not asked

loss-sent = { $sent } probes sent: { $answered } answered, { $unanswered } not; { $duplicates ->
    [one] one answer
   *[other] { $duplicates } answers
} came twice, { $stray ->
    [one] one frame was no answer
   *[other] { $stray } frames were no answers
}
loss-path = Lost on the path: about { $lost } ({ $rate }); held back by the targets' limiters: about { $suppressed }
loss-path-assumed = Lost on the path: not measured, too little came back; assumed at most { $rate }; held back by the targets' limiters: about { $suppressed }
loss-kernel = Dropped by this kernel: { $sending } on sending, { $receiving } on receiving
loss-rtt = Round trip: { $rtt }

summary = { $hosts }, { $ports } in { $time }
summary-hosts = { $hosts } in { $time }
summary-hosts-asked = { $hosts } in { $time }; { $sent } questions, { $rate } a second
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
partial-max-time = the time for the scan ran out (--max-time)
partial-other = the scan ended before everything was settled

progress = { $percent } { $work }, { $rate }/s, { $open } open
progress-discovering = looking for hosts
progress-udp = UDP ports
progress-round = round { $round }
progress-eta = , { $eta } left

joined-mac = One machine, by its interface { $mac }: { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
} (a machine that answers for others would look the same)
joined-name = One machine, by its name { $name }: { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
} (machines may share a name)
