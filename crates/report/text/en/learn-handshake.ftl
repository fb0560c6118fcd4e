# The lesson `handshake`.

learn-handshake-title = The three-way handshake
learn-handshake-what =
    A TCP connection begins with three segments. Each carries flags. Two of them matter here: SYN (“my numbers start
    here”) and ACK (“I have received everything up to this number”). Connect to port 80 of `plain`:
learn-handshake-open =
    Read the first three lines. The flags are in brackets: `S` is SYN and a dot is ACK.

        client                     server
           |  SYN         seq=x       |
           | -----------------------> |
           |  SYN,ACK     seq=y       |
           | <----------------------- |      ack = x + 1
           |  ACK                     |
           | -----------------------> |      ack = y + 1

    After the third segment the connection is established. The other lines end it: FIN (`F`) closes it in an orderly
    way, RST (`R`) aborts it.
learn-handshake-numbers =
    Each side chooses its first sequence number at random and sends it in its SYN. The ACK of the other side gives the
    next number that it expects: one more, because the SYN itself counts as one. So both sides know that they mean the
    same connection, and an attacker who cannot see the packets cannot guess the numbers.

    Now port 81, where no program listens:
learn-handshake-closed =
    The machine replies at once with RST: there is no listener. Programs report this as “connection refused”.

    So there are two cases: SYN,ACK means open, RST means closed. The third case, no reply, is the subject of the lesson
    on firewalls.
learn-handshake-q1 = A client sends SYN with seq 1000. Which acknowledgement number does the SYN,ACK carry?
learn-handshake-q1-a = 1000
learn-handshake-q1-b = 1001
learn-handshake-q1-c = a random number
learn-handshake-q1-right = The SYN counts as one, so the next expected number is 1001.
learn-handshake-q1-hint = The ACK gives the next expected number, and the SYN itself counts as one.
learn-handshake-q2 = Get a refusal from `plain`: connect to a TCP port of 10.77.1.10 where no program listens.
learn-handshake-q2-right = The lab saw your SYN and the RST that came back.
learn-handshake-q2-hint = Ports 24 and 81 are closed. `vigie scan -sT -p 24 10.77.1.10` makes one connection attempt.
