# La leçon `packets`.

learn-packets-title = Construire des paquets à la main
learn-packets-what =
    Un scanner ne fait rien que vous ne puissiez faire vous-même, paquet après paquet. `vigie packet` parle la notation de
    scapy : les couches s'empilent avec `/`, chacune avec les champs que vous fixez ; les autres reçoivent des valeurs
    sensées. Voici les champs de TCP :
learn-packets-fields =
    Le nom d'un champ, son genre, et la valeur qu'il a si vous ne dites rien : `flags` vaut SYN (2), `dport` vaut 80.

    Envoyez maintenant un SYN au port 80, depuis le port 55555 (un port dynamique, au-dessus de 49151), et regardez la
    réponse :
learn-packets-open =
    `flags = SA` : SYN et ACK sont mis, le port est donc ouvert. `sport` et `dport` ont changé de place, et `ack` vaut 1 :
    votre SYN avait le numéro 0, le prochain attendu est 1.

    `sr1` montre la première réponse. `sr` envoie un ensemble et montre quelle réponse va avec quoi. Une liste de ports fait
    un paquet de chacun, une paire entre parenthèses comme `dport=(20,25)` une plage :
learn-packets-several =
    À gauche de la flèche ce qui a été envoyé, à droite la réponse : `SA` du port ouvert, `RA` (RST,ACK) du port fermé. Vous
    venez de faire un scan SYN à la main.
learn-packets-flags =
    Les drapeaux sont les bits d'un octet (RFC 9293, section 3.1) :

        FIN 1   SYN 2   RST 4   PSH 8   ACK 16   URG 32

    SYN,ACK fait 2 + 16 = 18. RST,ACK fait 4 + 16 = 20.

    `vigie packet` seul est une invite avec historique, où les variables marchent aussi : `p = IP(dst="10.77.1.10")/TCP()`,
    puis `p.show()`. Vigie n'envoie jamais avec une adresse qui n'est pas celle de cette machine.
learn-packets-q1 = Les drapeaux d'une réponse valent 20. Que dit-elle du port ?
learn-packets-q1-a = il est ouvert
learn-packets-q1-b = il est fermé
learn-packets-q1-c = il est filtré
learn-packets-q1-right = 20 fait 4 + 16 : RST et ACK.
learn-packets-q1-hint = Quels sont les deux drapeaux dont la somme fait 20 ?
learn-packets-q2 = Construisez un paquet : SYN du port 50000 au port 443 de 10.77.1.10, et obtenez la réponse.
learn-packets-q2-right = SYN à l'aller, SYN,ACK au retour : le port 443 est ouvert.
learn-packets-q2-hint = Changez `sport` et `dport` dans la commande avec `sr1` ci-dessus.
