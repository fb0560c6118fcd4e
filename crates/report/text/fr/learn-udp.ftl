# La leçon `udp`.

learn-udp-title = UDP : ouvert, fermé, muet
learn-udp-what =
    UDP envoie un datagramme et rien d'autre : pas de connexion, pas d'accusé de réception. Ce qui se passe à l'autre bout
    dépend de qui s'y trouve. Posez une question à un serveur de noms (port 53), et voyez ce qui passe sur le fil :
learn-udp-open =
    Un datagramme à l'aller, un au retour : un programme a répondu, le port est donc ouvert. Dans la ligne, `A?` est la
    question, et la ligne suivante porte la réponse.

    Maintenant la même question au port 54 de la même machine, où personne n'attend :
learn-udp-closed =
    La réponse n'est pas de l'UDP : c'est le noyau de la machine qui dit « port inaccessible » par ICMP (type 3, code 3). Qui
    répond ainsi est une machine présente, avec un port fermé.

    Et le port 69, où un programme prend tout et ne dit jamais un mot :
learn-udp-silent =
    Rien n'est revenu. Le programme n'a peut-être pas aimé ce qu'il a reçu ; le datagramme ou la réponse a pu se perdre ; un
    pare-feu a pu le jeter. Le silence ne prouve rien de tout cela : un scan appelle un tel port `ouvert|filtré`.

    Trois cas donc : une réponse en UDP veut dire ouvert, « port inaccessible » veut dire fermé, le silence veut dire que
    vous ne savez pas encore.
learn-udp-q1 =
    Provoquez-le vous-même : envoyez un datagramme UDP au port 100 de 10.77.1.10, où personne n'attend, afin que « port
    inaccessible » revienne.
learn-udp-q1-right = Le labo a vu votre datagramme et le message ICMP : le port est fermé.
learn-udp-q1-hint =
    Prenez la dernière commande et changez le port : `vigie packet sr1 "IP(dst='10.77.1.10')/UDP(dport=100)"`. Ou faites
    poser là une question par `dig` ou `vigie dns`.
learn-udp-q2 = Un port UDP reste muet, si souvent qu'on l'interroge. Que savez-vous ?
learn-udp-q2-a = il est ouvert
learn-udp-q2-b = il est fermé
learn-udp-q2-c = il est ouvert, ou quelque chose le filtre
learn-udp-q2-right = Un port fermé l'aurait d'ordinaire dit. Un datagramme que le programme comprend trancherait.
learn-udp-q2-hint = Un port fermé répond. Qui d'autre peut se taire ?
