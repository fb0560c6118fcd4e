# The lesson `packets`.

learn-packets-title = Building packets by hand
learn-packets-what =
    A scanner does nothing that you could not do yourself, packet by packet. `vigie packet` speaks scapy's notation:
    layers are stacked with `/`, each with the fields that you set; the others get sensible values. These are the fields of
    TCP:
learn-packets-fields =
    A field's name, its kind, and the value it has when you say nothing: `flags` is SYN (2), `dport` is 80.

    Now send a SYN to port 80, from port 55555 (a dynamic port, above 49151), and look at the answer:
learn-packets-open =
    `flags = SA`: SYN and ACK are set, so the port is open. `sport` and `dport` have changed places, and `ack` is 1: your
    SYN had the number 0, and the next one expected is 1.

    `sr1` shows the first answer. `sr` sends a set and shows which answer belongs to what. A list of ports makes one packet
    of each, a pair in parentheses such as `dport=(20,25)` a range:
learn-packets-several =
    Left of the arrow is what was sent, right of it the answer: `SA` from the open port, `RA` (RST,ACK) from the closed
    one. You have just made a SYN scan by hand.
learn-packets-flags =
    The flags are bits of one byte (RFC 9293, section 3.1):

        FIN 1   SYN 2   RST 4   PSH 8   ACK 16   URG 32

    SYN,ACK is 2 + 16 = 18. RST,ACK is 4 + 16 = 20.

    `vigie packet` alone is a prompt with history, where variables work too: `p = IP(dst="10.77.1.10")/TCP()`, then
    `p.show()`. Vigie never sends with an address that is not this machine's.
learn-packets-q1 = An answer's flags have the value 20. What does it say of the port?
learn-packets-q1-a = it is open
learn-packets-q1-b = it is closed
learn-packets-q1-c = it is filtered
learn-packets-q1-right = 20 is 4 + 16: RST and ACK.
learn-packets-q1-hint = Which two flags add up to 20?
learn-packets-q2 = Build a packet: SYN from port 50000 to port 443 of 10.77.1.10, and get the answer.
learn-packets-q2-right = SYN there, SYN,ACK back: port 443 is open.
learn-packets-q2-hint = Change `sport` and `dport` in the command with `sr1` above.
