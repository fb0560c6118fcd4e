# `vigie packet`: packets in scapy's notation.

packet-about = Build, send, receive and display packets in scapy's notation
packet-usage = vigie packet [ls | show | hex | send | sendp | sr | sr1 | srp | srp1 | run] [OPTIONS] [EXPR]
packet-actions = Commands (default: an interactive prompt)
packet-options = Options
packet-ls-about = List the layers, or the fields of one layer
packet-ls-usage = vigie packet ls [LAYER]
packet-show-about = Show every field of a packet
packet-show-usage = vigie packet show [--json] EXPR
packet-hex-about = Show a packet as a hex dump
packet-hex-usage = vigie packet hex EXPR
packet-send-about = Send IP packets
packet-send-usage = vigie packet send [OPTIONS] EXPR
packet-sendp-about = Send Ethernet frames
packet-sendp-usage = vigie packet sendp [OPTIONS] EXPR
packet-sr-about = Send IP packets and show the replies
packet-sr-usage = vigie packet sr [OPTIONS] EXPR
packet-sr1-about = Send IP packets and show the first reply
packet-sr1-usage = vigie packet sr1 [OPTIONS] EXPR
packet-srp-about = Send Ethernet frames and show the replies
packet-srp-usage = vigie packet srp [OPTIONS] EXPR
packet-srp1-about = Send Ethernet frames and show the first reply
packet-srp1-usage = vigie packet srp1 [OPTIONS] EXPR
packet-run-about = Run a file of statements
packet-run-usage = vigie packet run FILE
packet-help-expression = A packet, such as 'IP(dst="10.0.0.1")/TCP(dport=80, flags="S")'
packet-help-json = JSON output, one object per line
packet-help-layer = A layer, for example TCP
packet-help-file = A file with one statement per line
packet-help-timeout = Time to wait for replies after the last packet (default: 5 s)
packet-help-retry = Resend unanswered packets up to N times
packet-help-interval = Time between packets
packet-help-count = Send everything N times
packet-help-iface = Send on this interface
packet-help-filter = Process only received packets that match this capture filter
packet-after =
    Without a command, an interactive prompt starts: history, Tab completion, one packet or statement per line.
    Unset fields are computed; fields that you set are kept, even if they are invalid.
    Lists, ranges and networks stand for several packets: dport=[22, 80], dport=(1, 1024), dst="10.0.0.0/24".
    Only packets whose source is an address of this machine are sent.
    With sr, sr1, srp and srp1, --explain explains the packets and their replies, and how to verify them.

    Examples
      vigie packet
      vigie packet ls TCP
      vigie packet show 'IP(dst="10.0.0.1")/TCP(dport=80)'
      vigie packet sr 'IP(dst="10.0.0.1")/TCP(dport=[22, 80, 443], flags="S")'

packet-welcome =
    Packets in scapy's notation: IP(dst="10.0.0.1")/TCP(dport=80). ls() lists layers, lsc() lists functions, Ctrl-D exits.

packet-unknown-layer = unknown layer “{ $name }”
packet-unknown-layer-hint = “vigie packet ls” lists the layers
packet-not-a-packet = not a packet

packet-expected = expected { $what }, found “{ $found }”
packet-expected-at-end = expected { $what }
packet-open-string = unterminated string
packet-bracket = unmatched “{ $bracket }”
packet-character = unexpected character “{ $character }”
packet-number = invalid number
packet-number-too-large = number too large: integers have 127 bits, fractions 64
packet-twice = “{ $name }” is given twice
packet-interrupted = interrupted
packet-mixed-links = a capture file cannot hold both packets that begin with { $first } and packets that begin with { $other }
packet-mixed-links-hint = write them to separate files
packet-escape = unknown escape sequence in the string
packet-too-deep = nested too deeply
packet-not-python = “{ $word }” is a Python keyword that is not supported here
packet-not-python-hint = only expressions, assignments and del are supported; lsc() lists the functions
packet-unknown-name = unknown name “{ $name }”
packet-unknown-name-hint = ls() lists the layers, lsc() the functions
packet-there-is = valid names: { $names }
packet-unknown-field = { $of } has no field or method “{ $name }”
packet-no-layer = the packet has no layer { $layer }
packet-index = index out of range
packet-operation-one = “{ $operator }” cannot be applied to { $left }
packet-operation = “{ $operator }” cannot be applied to { $left } and { $right }
packet-argument = { $function }() takes { $takes }
packet-arithmetic = the result is out of range
packet-unpack = { $names } names for { $values } values
packet-too-many = too many: the limit is { $most }
packet-exit = the session ends here
packet-field-none = unknown field { $field }
packet-field-expected = { $field } takes { $what }
packet-field-range = { $value } is out of range for { $field }: { $min } to { $max }
packet-field-name = { $field } has no value named “{ $name }”
packet-field-host = “{ $host }” for { $field } is neither an address nor a known host name
packet-field-long = { $length } bytes are too long for { $field }: the maximum is { $most }
packet-dissect = cannot dissect these bytes as { $layer }: { $had } bytes at offset { $offset }, { $needed } needed
packet-file = { $path }: { $error }
packet-filter = invalid filter “{ $filter }”: { $error }
packet-io = failed: { $error }
packet-no-permission = sending and receiving packets needs the capability CAP_NET_RAW: use sudo, or run setcap cap_net_raw+ep on the program
packet-no-link = no interface to send on
packet-no-such-link = no interface “{ $name }” is up
packet-not-ethernet = this interface is not Ethernet: send IP packets with send() or sr()
packet-needs-ip = these packets must begin with IP() or IPv6(); use sendp() or srp() for frames
packet-needs-ether = these frames must begin with Ether(); use send() or sr() for IP packets
packet-no-route = no route to { $address }: { $error }
packet-no-neighbour = { $address } does not reply on the link
packet-foreign-source = not sent: the source { $address } is not an address of this machine
packet-out-of-scope = not sent: { $address } is in no scope
packet-unchecked = not sent: its addresses cannot be determined (writing it to a file is allowed)
packet-foreign-station = not sent: the source { $address } is not the MAC address of this interface
packet-speaks-for-others = not sent: it would act for a router or for the address of another machine (writing it to a file is allowed)
packet-too-long = { $length } bytes exceed the MTU of the interface
packet-refused = the system refused to send the packet: { $error }
packet-help-explain = Explain the packets and their replies
packet-explain-silent = { $n ->
    [one] One packet got no reply
   *[other] { $n } packets got no reply
}: a firewall drops them, the address is not in use, or the target stays silent (as an open UDP port may).
