# La leçon `inside`.

learn-inside-title = La vue de l'intérieur, et les états des connexions
learn-inside-what =
    Avant de scanner une machine de l'extérieur, regardez-la de l'intérieur : son noyau sait quels programmes écoutent sur
    quels ports. Les commandes habituelles sont `netstat -tanpu` et `ss -tanp`. `vigie sockets` prend les mêmes lettres :
    `-t` TCP, `-u` UDP, `-l` seulement les sockets en écoute, `-a` toutes, `-n` numérique, `-p` programmes.

    Listez les sockets de `plain` :
learn-inside-seen =
    Chaque ligne est une socket en écoute : état LISTEN. L'adresse locale montre qui peut se connecter : `0.0.0.0` ou
    `[::]` désigne toute machine qui atteint celle-ci, `127.0.0.1` seulement les programmes de la machine elle-même. La
    dernière colonne le dit en mots.
learn-inside-states =
    TCP établit une connexion avant d'envoyer des données, comme on dit allô au téléphone. L'état montre où elle en est :

    - LISTEN : un programme attend des clients.
    - SYN_SENT, SYN_RECV : la connexion s'établit.
    - ESTABLISHED : la connexion est établie ; chaque côté peut envoyer.
    - FIN_WAIT, CLOSE_WAIT, LAST_ACK : un côté a fermé.
    - TIME_WAIT : fermée ; le noyau attend encore les paquets en retard.

    Un serveur en activité a plusieurs sockets sur le même port : une qui reste en écoute, et une par client :

        tcp   0   0 0.0.0.0:22         0.0.0.0:*             LISTEN
        tcp   0   0 192.168.1.159:22   192.168.1.196:50264   ESTABLISHED

    La seconde ligne est une connexion entre deux machines. Une troisième ne peut pas la voir : un scan trouve la première
    ligne et jamais la seconde.

    UDP n'a pas de connexions, ses sockets n'ont donc pas ces états. Listez-les :
learn-inside-udp =
    Une socket UDP accepte simplement des datagrammes : c'est tout ce que « ouvert » veut dire en UDP.
learn-inside-q1 = Quels ports TCP de `plain` au-dessus de 1023 sont en écoute ?
learn-inside-q1-right = Une base de données et un serveur web, d'après les noms de leurs ports.
learn-inside-q1-hint = Regardez dans la première liste le nombre après le dernier deux-points de l'adresse locale.
learn-inside-q2 = Un scan de ports peut-il montrer les connexions établies en ce moment (ESTABLISHED) ?
learn-inside-q2-a = oui
learn-inside-q2-b = non
learn-inside-q2-right = Seuls les deux côtés connaissent la connexion. Un scan trouve les ports en écoute.
learn-inside-q2-hint = Quelles machines connaissent une connexion ?
