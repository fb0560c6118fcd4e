# La leçon `packets`.

learn-packets-title = Construire des paquets à la main
learn-packets-what =
    Vous pouvez faire à la main tout ce que fait un scanner, paquet par paquet. `vigie packet` utilise la notation de scapy :
    les couches s'empilent avec `/`, avec les champs que vous fixez ; les autres champs reçoivent des valeurs par défaut.
    Voici les champs de TCP :
learn-packets-fields =
    Chaque ligne montre le nom d'un champ, son type et sa valeur par défaut : `flags` vaut SYN (2), `dport` vaut 80.

    Envoyez maintenant un SYN au port 80, depuis le port 55555 (un port dynamique, au-dessus de 49151), et regardez la
    réponse :
learn-packets-open =
    `flags = SA` : SYN et ACK sont positionnés, le port est donc ouvert. `sport` et `dport` sont échangés, et `ack` vaut 1 :
    votre SYN avait le numéro de séquence 0, le prochain numéro attendu est 1.

    `sr1` montre la première réponse. `sr` envoie plusieurs paquets et montre la réponse à chacun. Une liste de ports fait un
    paquet par port ; une paire entre parenthèses comme `dport=(20,25)` est une plage :
learn-packets-several =
    À gauche de la flèche, le paquet envoyé ; à droite, la réponse : `SA` du port ouvert, `RA` (RST,ACK) du port fermé. Vous
    venez de faire un scan SYN à la main.
learn-packets-flags =
    Les drapeaux sont les bits d'un octet (RFC 9293, section 3.1) :

        FIN 1   SYN 2   RST 4   PSH 8   ACK 16   URG 32

    SYN,ACK fait 2 + 16 = 18. RST,ACK fait 4 + 16 = 20.

    `vigie packet` seul ouvre une invite avec historique et variables : `p = IP(dst="10.77.1.10")/TCP()`, puis `p.show()`.
    Vigie n'envoie jamais depuis une adresse qui n'est pas à cette machine.
learn-packets-q1 = Les drapeaux d'une réponse valent 20. Quel est l'état du port ?
learn-packets-q1-a = il est ouvert
learn-packets-q1-b = il est fermé
learn-packets-q1-c = il est filtré
learn-packets-q1-right = 20 fait 4 + 16 : RST et ACK.
learn-packets-q1-hint = Quels sont les deux drapeaux dont la somme fait 20 ?
learn-packets-q2 = Construisez un paquet SYN du port 50000 vers le port 443 de 10.77.1.10, et obtenez la réponse.
learn-packets-q2-right = SYN à l'aller, SYN,ACK au retour : le port 443 est ouvert.
learn-packets-q2-hint = Changez `sport` et `dport` dans la commande `sr1` ci-dessus.
