# La leçon `handshake`.

learn-handshake-title = L'établissement en trois temps
learn-handshake-what =
    Une connexion TCP commence par trois segments. Chacun porte des drapeaux (flags), dont deux comptent ici : SYN
    (« comptons à partir de ce nombre ») et ACK (« j'ai tout reçu jusqu'à ce nombre »). Connectez-vous au port 80 de `plain` :
learn-handshake-open =
    Lisez les trois premières lignes. Les drapeaux sont entre crochets, `S` est SYN et un point est ACK :

        client                     serveur
           |  SYN         seq=x       |
           | -----------------------> |
           |  SYN,ACK     seq=y       |
           | <----------------------- |      ack = x + 1
           |  ACK                     |
           | -----------------------> |      ack = y + 1

    Après le troisième, la connexion est établie. La suite la termine : FIN (`F`) poliment, RST (`R`) d'un coup.
learn-handshake-numbers =
    Chaque côté tire son premier nombre au hasard et le dit dans son SYN. L'autre dit par ACK quel nombre il attend ensuite :
    un de plus, car le SYN lui-même compte pour un. Ainsi tous deux savent qu'ils parlent de la même connexion, et un
    étranger qui ne voit pas les paquets ne peut pas s'y glisser en devinant.

    Maintenant le port 81, où personne n'écoute :
learn-handshake-closed =
    La machine répond aussitôt par RST : « il n'y a rien ici ». C'est ce que les programmes appellent « connexion refusée ».

    Deux cas donc : SYN,ACK veut dire ouvert, RST veut dire fermé. Le troisième, le silence, attend la leçon sur les
    pare-feu.
learn-handshake-q1 = Un client envoie SYN avec seq 1000. Quel numéro d'acquittement porte le SYN,ACK ?
learn-handshake-q1-a = 1000
learn-handshake-q1-b = 1001
learn-handshake-q1-c = un nombre au hasard
learn-handshake-q1-right = Le SYN prend un nombre, le prochain attendu est donc 1001.
learn-handshake-q1-hint = L'ACK nomme le nombre attendu ensuite, et le SYN lui-même compte.
learn-handshake-q2 = Faites-vous refuser par `plain` : essayez de vous connecter à un port TCP de 10.77.1.10 où personne n'écoute.
learn-handshake-q2-right = Le labo a vu votre SYN, et le RST en retour.
learn-handshake-q2-hint = Les ports 24 et 81 sont fermés. `vigie scan -sT -p 24 10.77.1.10` essaie une connexion.
