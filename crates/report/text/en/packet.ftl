# `vigie packet`: packets in scapy's notation.

packet-about = Build, send and see packets, in scapy's notation
packet-usage = vigie packet [ls | show | hex | send | sendp | sr | sr1 | srp | srp1 | run] [OPTIONS] [EXPR]
packet-actions = What to do (nothing: a prompt)
packet-options = Options
packet-ls-about = List the layers, or the fields of one
packet-ls-usage = vigie packet ls [LAYER]
packet-show-about = Show every field of a packet
packet-show-usage = vigie packet show [--json] EXPR
packet-hex-about = Show a packet's bytes
packet-hex-usage = vigie packet hex EXPR
packet-send-about = Send IP packets
packet-send-usage = vigie packet send [OPTIONS] EXPR
packet-sendp-about = Send Ethernet frames
packet-sendp-usage = vigie packet sendp [OPTIONS] EXPR
packet-sr-about = Send IP packets and show the answers
packet-sr-usage = vigie packet sr [OPTIONS] EXPR
packet-sr1-about = Send IP packets and show the first answer
packet-sr1-usage = vigie packet sr1 [OPTIONS] EXPR
packet-srp-about = Send Ethernet frames and show the answers
packet-srp-usage = vigie packet srp [OPTIONS] EXPR
packet-srp1-about = Send Ethernet frames and show the first answer
packet-srp1-usage = vigie packet srp1 [OPTIONS] EXPR
packet-run-about = Run a file of statements
packet-run-usage = vigie packet run FILE
packet-help-expression = A packet, such as 'IP(dst="10.0.0.1")/TCP(dport=80, flags="S")'
packet-help-json = JSON instead of text, one object a line
packet-help-layer = A layer, such as TCP
packet-help-file = A file of statements, one a line
packet-help-timeout = Wait this long for answers after the last packet (else 5 s)
packet-help-retry = Send again up to N times what is not answered
packet-help-interval = Wait this long between packets
packet-help-count = Send everything N times
packet-help-iface = Send through this interface
packet-help-filter = Look only at received packets that this capture filter takes
packet-after =
    Without a command it is a prompt: history, Tab for layers and fields, a packet on each line.
    Fields left alone are computed; fields that are set are obeyed, even when they are wrong.
    Lists, ranges and networks stand for many packets: dport=[22, 80], dport=(1, 1024), dst="10.0.0.0/24".
    Only packets with an address of this machine as their source are sent.
    With sr and its kin, --explain says what the packets and their answers mean, and how to check it.

    Examples
      vigie packet
      vigie packet ls TCP
      vigie packet show 'IP(dst="10.0.0.1")/TCP(dport=80)'
      vigie packet sr 'IP(dst="10.0.0.1")/TCP(dport=[22, 80, 443], flags="S")'

packet-welcome =
    Packets in scapy's notation: IP(dst="10.0.0.1")/TCP(dport=80). ls() lists the layers, lsc() the functions; Ctrl-D ends.

packet-unknown-layer = there is no layer “{ $name }”
packet-unknown-layer-hint = “vigie packet ls” lists them
packet-not-a-packet = this is no packet

packet-expected = { $what } was expected here, not “{ $found }”
packet-expected-at-end = { $what } was expected here
packet-open-string = this text does not end
packet-bracket = “{ $bracket }” has no partner
packet-character = “{ $character }” begins nothing in this language
packet-number = this is no number
packet-number-too-large = this number is too large: 127 bits are kept, of fractions 64
packet-twice = “{ $name }” is given twice
packet-interrupted = interrupted
packet-mixed-links = one capture file cannot hold packets that begin with { $first } and packets that begin with { $other }
packet-mixed-links-hint = write them to one file each
packet-escape = this escape in the text is unknown
packet-too-deep = this is nested too deeply
packet-not-python = “{ $word }” is Python, which this is not
packet-not-python-hint = here there are expressions, assignments and del; lsc() lists the functions
packet-unknown-name = nothing is named “{ $name }”
packet-unknown-name-hint = ls() lists the layers, lsc() the functions
packet-there-is = there is: { $names }
packet-unknown-field = { $of } has no “{ $name }”
packet-no-layer = the packet has no layer { $layer }
packet-index = there are not so many
packet-operation-one = “{ $operator }” does not go with { $left }
packet-operation = “{ $operator }” does not go with { $left } and { $right }
packet-argument = { $function }() takes { $takes }
packet-arithmetic = the result is no number that can be kept
packet-unpack = { $names } names for { $values } values
packet-too-many = more than { $most } are too many
packet-exit = the session ends here
packet-field-none = there is no field { $field }
packet-field-expected = { $field } takes { $what }
packet-field-range = { $value } does not fit { $field }: it takes { $min } to { $max }
packet-field-name = { $field } has no value named “{ $name }”
packet-field-host = “{ $host }” for { $field } is neither an address nor a known host
packet-field-long = { $length } bytes are too many for { $field }: { $most } fit
packet-dissect = these bytes are no { $layer }: { $had } bytes at offset { $offset }, { $needed } needed
packet-file = { $path }: { $error }
packet-filter = the filter “{ $filter }” cannot be used: { $error }
packet-io = it did not work: { $error }
packet-no-permission = sending and receiving packets needs the capability CAP_NET_RAW: use sudo, or setcap cap_net_raw+ep on the program
packet-no-link = there is no interface to send through
packet-no-such-link = there is no interface “{ $name }” that is up
packet-not-ethernet = this interface is no Ethernet: send IP packets with send() or sr()
packet-needs-ip = what is sent here begins with IP() or IPv6(); sendp() and srp() send frames
packet-needs-ether = what is sent here begins with Ether(); send() and sr() send IP packets
packet-no-route = there is no way to { $address }: { $error }
packet-no-neighbour = { $address } does not answer on the link
packet-foreign-source = { $address } is no address of this machine: nothing is sent with it as the source
packet-out-of-scope = { $address } is in no scope: nothing is sent to it
packet-unchecked = whose addresses it carries cannot be read from it: it is not sent (files take any bytes)
packet-foreign-station = { $address } is not this interface's hardware address: nothing is sent with it as the sender's
packet-speaks-for-others = it would speak for a router or for another's address: it is not sent (files take any bytes)
packet-too-long = { $length } bytes are too long for the interface
packet-refused = the system refused to send it: { $error }
packet-help-explain = Say what the packets and their answers mean
packet-explain-silent = { $n ->
    [one] One packet was not answered
   *[other] { $n } packets were not answered
}: a firewall drops them, nobody has the address, or what is there stays silent (an open UDP port may).
