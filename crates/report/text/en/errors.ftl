# Errors in targets, ports and result files.

grammar-empty = empty item in the list
grammar-empty-hint = remove the extra comma or dash, or add the missing value
grammar-too-large = { $text } is too large: the maximum is { $max }
grammar-too-large-hint = write a number from 0 to { $max }
grammar-backwards = the range { $text } is reversed
grammar-backwards-hint = write the smaller value first
grammar-not-a-number = “{ $text }” is not a number
grammar-not-a-number-hint = write digits, or a range such as 8000-8100
grammar-unknown-service = unknown service “{ $text }”
grammar-unknown-service-hint = write the port number, or a pattern such as http*
grammar-not-four-parts = “{ $text }” is not an IPv4 address: it needs four numbers
grammar-not-four-parts-hint = for example { $example }
grammar-bad-prefix = “{ $text }” is not a prefix length
grammar-bad-prefix-hint = write a number from 0 to { $max } after the slash
grammar-bad-ipv6 = “{ $text }” is not an IPv6 address
grammar-bad-ipv6-hint = for example 2001:db8::1, with at most one “::”
grammar-zone-missing = { $text } is a link-local address and needs an interface
grammar-zone-missing-hint = add the interface, for example { $text }%eth0
grammar-zone-not-allowed = only a link-local address takes an interface: “{ $text }”
grammar-zone-not-allowed-hint = remove the part after “%”, or choose the interface with -e
grammar-bad-name = “{ $text }” is neither an address nor a host name
grammar-bad-name-hint = host names consist of letters, digits, dashes and dots
grammar-mixed-families = the range “{ $text }” mixes IPv4 and IPv6
grammar-mixed-families-hint = give one IPv4 range and one IPv6 range
grammar-too-many = “{ $text }” has more than { $hosts } addresses
grammar-too-many-hint = split it into smaller networks, or correct the prefix length
grammar-unknown-transport = “{ $text }” is not a transport
grammar-unknown-transport-hint = use T: for TCP, U: for UDP, S: for SCTP, P: for IP protocols

output-failed = cannot write the output: { $error }

read-io = cannot read it: { $error }
read-not-a-scan = its first line is not a scan plan
read-newer = it uses schema { $schema }, which this version of Vigie does not support
read-line = line { $line }: { $what }
read-too-long = longer than any line Vigie writes
read-not-as-described = not an object described in docs/json.md
read-field = invalid value of “{ $field }”
read-after-the-end = found after the end of the scan
