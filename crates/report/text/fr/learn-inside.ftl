# La leçon `inside`.

learn-inside-title = La vue de l'intérieur, et les états des connexions
learn-inside-what =
    Avant de regarder une machine du dehors, regardez-la du dedans : son noyau sait quels programmes attendent à quels
    ports. On connaît pour cela `netstat -tanpu` ou `ss -tanp`. `vigie sockets` prend les mêmes lettres : `-t` TCP, `-u` UDP,
    `-l` seulement ce qui écoute, `-a` tout, `-n` des nombres, `-p` les programmes.

    Regardez `plain` du dedans :
learn-inside-seen =
    Chaque ligne est un socket qui attend des connexions : état LISTEN. L'adresse locale dit qui peut venir : `0.0.0.0` ou
    `[::]`, quiconque atteint la machine ; `127.0.0.1`, seulement les programmes de la machine elle-même. La dernière
    colonne le dit en mots.
learn-inside-states =
    TCP établit une connexion avant que rien ne soit dit, comme on dit allô au téléphone. Les états disent où elle en est :

    - LISTEN : un programme attend des clients.
    - SYN_SENT, SYN_RECV : la connexion s'établit.
    - ESTABLISHED : elle est établie ; chacun peut parler.
    - FIN_WAIT, CLOSE_WAIT, LAST_ACK : un côté a raccroché.
    - TIME_WAIT : fini ; le noyau attend encore les retardataires.

    Un serveur au travail a plusieurs sockets au même port : un qui continue d'écouter, et un par client. Cela ressemble à
    ceci :

        tcp   0   0 0.0.0.0:22         0.0.0.0:*             LISTEN
        tcp   0   0 192.168.1.159:22   192.168.1.196:50264   ESTABLISHED

    La seconde ligne est une conversation entre deux machines. Une troisième n'y a pas de part : un scan voit la première
    ligne et jamais la seconde.

    UDP n'établit rien, et ses sockets n'ont donc pas de tels états. Regardez :
learn-inside-udp =
    Un socket UDP qui est là prend ce qui vient : pour UDP, « ouvert » ne veut rien dire d'autre.
learn-inside-q1 = Quels ports TCP de `plain` au-dessus de 1023 sont en écoute ?
learn-inside-q1-right = Une base de données et un serveur web, d'après les noms de leurs ports.
learn-inside-q1-hint = Regardez dans la première liste les nombres après le dernier deux-points de l'adresse locale.
learn-inside-q2 = Un scan de ports peut-il montrer les connexions établies en ce moment (ESTABLISHED) ?
learn-inside-q2-a = oui
learn-inside-q2-b = non
learn-inside-q2-right = Seuls les deux bouts la connaissent. Un scan voit qui écoute.
learn-inside-q2-hint = Qui une connexion entre deux machines regarde-t-elle ?
