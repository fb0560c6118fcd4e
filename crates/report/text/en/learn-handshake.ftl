# The lesson `handshake`.

learn-handshake-title = The three-way handshake
learn-handshake-what =
    A TCP connection begins with three segments. Each carries flags, of which two matter here: SYN (“let us count from
    this number”) and ACK (“I have got everything up to that number”). Connect to port 80 of `plain`:
learn-handshake-open =
    Read the first three lines. The flags stand in brackets, `S` is SYN and a dot is ACK:

        client                     server
           |  SYN         seq=x       |
           | -----------------------> |
           |  SYN,ACK     seq=y       |
           | <----------------------- |      ack = x + 1
           |  ACK                     |
           | -----------------------> |      ack = y + 1

    After the third the connection is established. What follows ends it again: FIN (`F`) politely, RST (`R`) at once.
learn-handshake-numbers =
    Each side picks its first number at random and tells it in its SYN. The other says with ACK which number it expects
    next: one more, for the SYN itself counts as one. So both know that they mean the same connection, and a stranger who
    cannot see the packets cannot guess his way in.

    Now port 81, where nobody listens:
learn-handshake-closed =
    The machine answers at once with RST: “there is nothing here”. That is what programs report as “connection refused”.

    Two cases, then: SYN,ACK means open, RST means closed. The third, silence, is for the lesson on firewalls.
learn-handshake-q1 = A client sends SYN with seq 1000. Which acknowledgement number does the SYN,ACK carry?
learn-handshake-q1-a = 1000
learn-handshake-q1-b = 1001
learn-handshake-q1-c = a random number
learn-handshake-q1-right = The SYN takes one number, so the next one expected is 1001.
learn-handshake-q1-hint = The ACK names the number that is expected next, and the SYN itself counts.
learn-handshake-q2 = Let `plain` refuse you: try to connect to a TCP port of 10.77.1.10 where nobody listens.
learn-handshake-q2-right = The lab saw your SYN, and the RST that came back.
learn-handshake-q2-hint = Ports 24 and 81 are closed. `vigie scan -sT -p 24 10.77.1.10` tries one connection.
