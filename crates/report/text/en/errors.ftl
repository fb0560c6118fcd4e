# What can go wrong before anything is sent.

grammar-empty = something is missing here
grammar-empty-hint = a comma or a dash too many, or an address left out
grammar-too-large = { $text } is too large: the largest is { $max }
grammar-too-large-hint = write a number from 0 to { $max }
grammar-backwards = the range { $text } runs backwards
grammar-backwards-hint = write the smaller end first
grammar-not-a-number = “{ $text }” is not a number
grammar-not-a-number-hint = write digits, or a range such as 8000-8100
grammar-unknown-service = no service is called “{ $text }”
grammar-unknown-service-hint = write the port's number, or a pattern such as http*
grammar-not-four-parts = “{ $text }” is not an IPv4 address: it needs four numbers
grammar-not-four-parts-hint = like { $example }
grammar-bad-prefix = “{ $text }” is not a prefix length
grammar-bad-prefix-hint = write a number from 0 to { $max } after the slash
grammar-bad-ipv6 = “{ $text }” is not an IPv6 address
grammar-bad-ipv6-hint = like 2001:db8::1, with at most one “::”
grammar-zone-missing = { $text } is a link-local address: it exists once on each interface
grammar-zone-missing-hint = say which interface, like { $text }%eth0
grammar-zone-not-allowed = only a link-local address has an interface: “{ $text }”
grammar-zone-not-allowed-hint = leave out the part after “%”, or choose the interface with -e
grammar-bad-name = “{ $text }” is neither an address nor a host name
grammar-bad-name-hint = names have letters, digits, dashes and dots
grammar-mixed-families = “{ $text }” goes from one address family to the other
grammar-mixed-families-hint = give two ranges, one of IPv4 and one of IPv6
grammar-too-many = “{ $text }” means more than { $hosts } addresses
grammar-too-many-hint = split it into smaller networks, or correct the prefix length
grammar-unknown-transport = “{ $text }” is not a transport
grammar-unknown-transport-hint = T: is TCP, U: is UDP, S: is SCTP, P: is IP protocols

output-failed = the output cannot be written: { $error }

read-io = it cannot be read: { $error }
read-not-a-scan = it does not begin with the plan of a scan
read-newer = it follows schema { $schema }, which this version of Vigie does not know
read-line = line { $line }: { $what }
read-too-long = longer than any line that Vigie writes
read-not-as-described = not an object as docs/json.md describes it
read-field = the value of “{ $field }” makes no sense
read-after-the-end = it comes after the end of the scan
