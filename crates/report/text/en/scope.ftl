# Permission: what may be scanned, by whose word, and what `vigie scope` says.

permission-line = Allowed: { $grounds }. At most { $probes ->
    [one] one probe
   *[other] { $probes } probes
}
permission-own-address = this machine's own address
permission-loopback = loopback
permission-lab = the lab
permission-connected = the private network { $network } on { $interface }
permission-scope = the scope { $file }, authorised by { $who }
permission-scope-until = the scope { $file }, authorised by { $who } until { $until }
permission-authorized = authorised by { $who } (--authorized)
permission-asked = authorised by { $who } (said at the terminal)

scope-help-file = Scan what this scope file allows (docs/scope.md), instead of your own; may be given several times
scope-help-authorized = Say who allowed you to scan what no scope names; it is written into every result
scope-who-empty = “--authorized” says nobody
scope-who-empty-hint = say who allowed it: --authorized "Jane Doe, owner of example.net"

scope-refused = nothing was sent: { $parts }
scope-refused-hint = say who allowed it with --authorized "WHO", or write a scope (docs/scope.md)
scope-refused-never-hint = leave these out with --exclude; no option allows them
scope-question = { $parts }. Who allowed you to scan this? (a name, or Enter to stop)
scope-part = { $addresses }: { $why }
scope-named = { $addresses } ({ $name })
scope-and-more = { $some } and { $more ->
    [one] one more address
   *[other] { $more } more addresses
}
scope-unspecified = the address stands for no host
scope-multicast = a multicast address stands for a group of hosts; --on-link asks the hosts of a link
scope-broadcast = a broadcast address stands for every host of a network
scope-never = on the never-list of { $file }
scope-never-name = the name “{ $name }” is on the never-list of { $file }
scope-never-unknown = the never-list's name “{ $name }” is not known: { $error }
scope-ports = { $more ->
    [0] port { $port } is outside the scope { $file }
    [one] port { $port } and one more are outside the scope { $file }
   *[other] port { $port } and { $more } more are outside the scope { $file }
}
scope-expired = the scope { $file } ended on { $moment }
scope-not-yet = the scope { $file } begins on { $moment }
scope-outside-hours = the scope { $file } holds at other hours
scope-not-in-scope = in no scope

scope-unreadable = the scope { $file } cannot be read: { $error }
scope-file-wrong = the scope { $file } is wrong: { $what }
scope-file-hint = docs/scope.md describes the file; nothing was sent
scope-not-toml = line { $line } is no TOML
scope-unknown-key = “{ $key }” is no key of a scope (there are: { $known })
scope-no-who = it does not say who authorised it (key “who”)
scope-wrong-type = “{ $key }” must be { $want }
scope-want-text = a text
scope-want-texts = a list of texts
scope-want-ports = ports as -p takes them
scope-want-moment = a day or a moment
scope-want-rate = a number of probes a second, from 0.001 to 1,000,000,000
scope-wrong-value = “{ $value }” does not fit “{ $key }”: { $why }
scope-no-moment = write a day (2026-12-31), or a moment with its zone (2026-12-31T18:00:00Z)
scope-no-days = write days such as Mon or Mon-Fri before the hours
scope-no-hours = write hours such as 22:00-06:00 (UTC)
scope-no-network = write an address, a range or a network; names go into “names”
scope-no-name = not the name of a host

scope-about = Say whether something may be scanned, and why
scope-usage = vigie scope check [OPTIONS] TARGET...
scope-after =
    Allowed without a scope: this machine, the lab, and private networks that this machine is connected to.
    Everything else needs a scope file (docs/scope.md) or --authorized.
scope-check-about = Say for each target whether it may be scanned, and why; nothing is sent to it
scope-check-usage = vigie scope check [OPTIONS] TARGET...
scope-options = Options
scope-help-target = Address, network, range or name, as `vigie scan` takes them
scope-help-ports = Also check these ports
scope-target = { $target }
scope-target-addresses = { $target } ({ $addresses })
scope-answer = { $target }: { $answer } ({ $why })
scope-allowed = allowed
scope-not-allowed = not allowed
