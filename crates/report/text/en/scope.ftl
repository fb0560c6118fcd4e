# Authorisation: what may be scanned and who authorised it; `vigie scope`.

permission-line = Allowed: { $grounds }. At most { $probes ->
    [one] one probe
   *[other] { $probes } probes
}
permission-own-address = this machine's own address
permission-loopback = loopback
permission-lab = the lab
permission-connected = private network { $network } on { $interface }
permission-scope = scope { $file }, authorised by { $who }
permission-scope-until = scope { $file }, authorised by { $who } until { $until }
permission-authorized = authorised by { $who } (--authorized)
permission-asked = authorised by { $who } (entered at the terminal)

scope-help-file = Allow the targets in this scope file (docs/scope.md) instead of your own; repeatable
scope-help-authorized = Name who authorised the scan of targets outside every scope; recorded in every result
scope-who-empty = “--authorized” is empty
scope-who-empty-hint = name who authorised the scan: --authorized "Jane Doe, owner of example.net"

scope-refused = nothing was sent: { $parts }
scope-refused-hint = name who authorised the scan with --authorized "WHO", or write a scope file (docs/scope.md)
scope-refused-never-hint = exclude them with --exclude; no option allows them
scope-question = { $parts }. Who authorised you to scan this? (a name, or Enter to stop)
scope-part = { $addresses }: { $why }
scope-named = { $addresses } ({ $name })
scope-and-more = { $some } and { $more ->
    [one] one more address
   *[other] { $more } more addresses
}
scope-unspecified = the unspecified address is not a host
scope-multicast = a multicast address is a group of hosts; use --on-link to find the hosts of a link
scope-broadcast = a broadcast address is every host of a network
scope-never = on the “never” list of { $file }
scope-never-name = the name “{ $name }” is on the “never” list of { $file }
scope-never-unknown = cannot resolve “{ $name }” of the “never” list: { $error }
scope-ports = { $more ->
    [0] port { $port } is outside the scope { $file }
    [one] port { $port } and one more are outside the scope { $file }
   *[other] port { $port } and { $more } more are outside the scope { $file }
}
scope-expired = the scope { $file } expired on { $moment }
scope-not-yet = the scope { $file } is not valid before { $moment }
scope-outside-hours = outside the hours of the scope { $file }
scope-not-in-scope = in no scope

scope-unreadable = cannot read the scope { $file }: { $error }
scope-file-wrong = invalid scope { $file }: { $what }
scope-file-hint = docs/scope.md describes the file; nothing was sent
scope-not-toml = line { $line } is not valid TOML
scope-unknown-key = unknown key “{ $key }” (valid keys: { $known })
scope-no-who = the key “who” is missing (who authorised it)
scope-wrong-type = “{ $key }” must be { $want }
scope-want-text = a string
scope-want-texts = a list of strings
scope-want-ports = ports in the syntax of -p
scope-want-moment = a date or a time
scope-want-rate = a number of probes per second, from 0.001 to 1,000,000,000
scope-wrong-value = invalid value “{ $value }” for “{ $key }”: { $why }
scope-no-moment = write a date (2026-12-31), or a time with its zone (2026-12-31T18:00:00Z)
scope-no-days = write days such as Mon or Mon-Fri before the hours
scope-no-hours = write hours such as 22:00-06:00 (UTC)
scope-no-network = write an address, a range or a network; names belong in “names”
scope-no-name = not a host name

scope-about = Check whether a target may be scanned, and why
scope-usage = vigie scope check [OPTIONS] TARGET...
scope-after =
    Allowed without a scope: this machine, the lab, and private networks that this machine is connected to.
    Everything else needs a scope file (docs/scope.md) or --authorized.
scope-check-about = Show for each target whether it may be scanned, and why; sends nothing to it
scope-check-usage = vigie scope check [OPTIONS] TARGET...
scope-options = Options
scope-help-target = Address, network, range or name, in the syntax of `vigie scan`
scope-help-ports = Also check these ports
scope-target = { $target }
scope-target-addresses = { $target } ({ $addresses })
scope-answer = { $target }: { $answer } ({ $why })
scope-allowed = allowed
scope-not-allowed = not allowed
