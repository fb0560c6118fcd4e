# The lesson `packets`.

learn-packets-title = Building packets by hand
learn-packets-what =
    You can do by hand everything that a scanner does, packet by packet. `vigie packet` uses scapy's notation: layers are
    stacked with `/`, with the fields that you set; the other fields get default values. These are the fields of TCP:
learn-packets-fields =
    Each line shows a field's name, its type and its default value: `flags` is SYN (2), `dport` is 80.

    Now send a SYN to port 80, from port 55555 (a dynamic port, above 49151), and look at the reply:
learn-packets-open =
    `flags = SA`: SYN and ACK are set, so the port is open. `sport` and `dport` are swapped, and `ack` is 1: your SYN had
    the sequence number 0, and the next expected number is 1.

    `sr1` shows the first reply. `sr` sends several packets and shows the reply to each. A list of ports makes one packet
    per port; a pair in parentheses such as `dport=(20,25)` is a range:
learn-packets-several =
    Left of the arrow is the packet sent, right of it the reply: `SA` from the open port, `RA` (RST,ACK) from the closed
    port. You have just made a SYN scan by hand.
learn-packets-flags =
    The flags are bits of one byte (RFC 9293, section 3.1):

        FIN 1   SYN 2   RST 4   PSH 8   ACK 16   URG 32

    SYN,ACK is 2 + 16 = 18. RST,ACK is 4 + 16 = 20.

    `vigie packet` alone starts a prompt with history and variables: `p = IP(dst="10.77.1.10")/TCP()`, then `p.show()`.
    Vigie never sends from an address that is not one of this machine's.
learn-packets-q1 = The flags of a reply have the value 20. What is the state of the port?
learn-packets-q1-a = it is open
learn-packets-q1-b = it is closed
learn-packets-q1-c = it is filtered
learn-packets-q1-right = 20 is 4 + 16: RST and ACK.
learn-packets-q1-hint = Which two flags add up to 20?
learn-packets-q2 = Build a SYN packet from port 50000 to port 443 of 10.77.1.10, and get the reply.
learn-packets-q2-right = SYN out, SYN,ACK back: port 443 is open.
learn-packets-q2-hint = Change `sport` and `dport` in the `sr1` command above.
