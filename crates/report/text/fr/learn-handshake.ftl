# La leçon `handshake`.

learn-handshake-title = La poignée de main en trois temps
learn-handshake-what =
    Une connexion TCP commence par trois segments : c'est la poignée de main en trois temps (three-way handshake). Chacun
    porte des drapeaux (flags). Deux comptent ici : SYN (« mes numéros commencent ici ») et ACK (« j'ai tout reçu jusqu'à
    ce numéro »). Connectez-vous au port 80 de `plain` :
learn-handshake-open =
    Lisez les trois premières lignes. Les drapeaux sont entre crochets : `S` est SYN et un point est ACK.

        client                     serveur
           |  SYN         seq=x       |
           | -----------------------> |
           |  SYN,ACK     seq=y       |
           | <----------------------- |      ack = x + 1
           |  ACK                     |
           | -----------------------> |      ack = y + 1

    Après le troisième segment, la connexion est établie. Les autres lignes la terminent : FIN (`F`) la ferme
    normalement, RST (`R`) l'interrompt.
learn-handshake-numbers =
    Chaque côté tire au hasard son premier numéro de séquence et l'envoie dans son SYN. L'ACK de l'autre côté donne le
    prochain numéro attendu : un de plus, car le SYN lui-même compte pour un. Les deux côtés savent ainsi qu'ils parlent
    de la même connexion, et un attaquant qui ne voit pas les paquets ne peut pas deviner les numéros.

    Maintenant le port 81, où aucun programme n'écoute :
learn-handshake-closed =
    La machine répond aussitôt par RST : aucun programme n'écoute. Les programmes affichent « connexion refusée ».

    Il y a donc deux cas : SYN,ACK signifie ouvert, RST signifie fermé. Le troisième cas, pas de réponse, est le sujet de
    la leçon sur les pare-feu.
learn-handshake-q1 = Un client envoie SYN avec seq 1000. Quel numéro d'acquittement porte le SYN,ACK ?
learn-handshake-q1-a = 1000
learn-handshake-q1-b = 1001
learn-handshake-q1-c = un nombre au hasard
learn-handshake-q1-right = Le SYN compte pour un, le prochain numéro attendu est donc 1001.
learn-handshake-q1-hint = L'ACK donne le prochain numéro attendu, et le SYN lui-même compte pour un.
learn-handshake-q2 = Obtenez un refus de `plain` : connectez-vous à un port TCP de 10.77.1.10 où aucun programme n'écoute.
learn-handshake-q2-right = Le labo a vu votre SYN et le RST en retour.
learn-handshake-q2-hint = Les ports 24 et 81 sont fermés. `vigie scan -sT -p 24 10.77.1.10` tente une connexion.
