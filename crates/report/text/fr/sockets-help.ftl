# L'aide de `vigie sockets`, et ce que ses arguments refusent.

sockets-about = Quelles sockets a cette machine, dans quel état, et à qui elles sont
sockets-usage = vigie sockets [OPTIONS]

sockets-group-which = Quelles sockets
sockets-help-all = Celles qui écoutent et celles qui sont connectées
sockets-help-listening = Seulement celles qui écoutent
sockets-help-tcp = TCP
sockets-help-udp = UDP
sockets-help-unix = Sockets UNIX
sockets-help-raw = Sockets IP brutes
sockets-help-packet = Sockets de paquets : les programmes qui voient des trames
sockets-help-mptcp = TCP multichemin (MPTCP)
sockets-help-sctp = SCTP
sockets-help-udplite = UDP-Lite
sockets-help-ipv4 = Seulement IPv4
sockets-help-ipv6 = Seulement IPv6
sockets-help-netns = Dans un autre espace de noms réseau : son nom, un processus qui s'y trouve, un chemin, ou tous (all)

sockets-group-show = Ce qu'on en montre
sockets-help-numeric = Des numéros de ports et d'utilisateurs, pas leurs noms (les adresses ne sont jamais résolues)
sockets-help-processes = PID et programme
sockets-help-extend = Utilisateur et inode
sockets-help-verbose = Sous chaque socket : commande, unité, conteneur et espace de noms de ses programmes, file d'attente d'un serveur
sockets-help-summary = Seulement des totaux
sockets-help-tree = Les connexions sous la socket en écoute qui les a acceptées
sockets-help-explain = Dire aussi ce que veut dire chaque état
sockets-help-watch = Regarder de nouveau toutes les SECONDES (1 par défaut) et montrer ce qui apparaît, change et disparaît
sockets-help-wide = Les lignes ne sont jamais coupées
sockets-help-continuous = Comme --watch

sockets-group-filter = Filtres (chacun montre aussi ce qui écoute, comme -a)
sockets-help-port = Port local ou du pair : 22,80,8000-8100
sockets-help-state = État : listening, established, time-wait, ... séparés par des virgules
sockets-help-process = Tenue par un programme de ce nom (* et ? sont des motifs) ou de ce PID
sockets-help-user = Créée par cet utilisateur (nom ou UID)
sockets-help-local = Côté local : 10.0.0.0/8, 10.0.0.1:22, [::1]:22, :22
sockets-help-peer = Côté du pair, de même
sockets-help-exposed = Seulement celles qui écoutent là où d'autres machines peuvent les atteindre

sockets-group-output = Sortie
sockets-help-output = Format : text, json (JSON Lines, docs/json.md) ou csv
sockets-help-no-header = Ni titres ni noms de colonnes
sockets-help-procfs = Lire /proc/net sans demander à netlink

sockets-after =
    Les lettres de netstat et de ss se combinent : -an, -anpe, -antp, -tanpu, -lntp, -x, -s.

    Exemples
      vigie sockets -tanpu                    TCP et UDP, avec leurs programmes
      vigie sockets -lntp                     qui écoute sur des ports TCP, et qui peut les atteindre
      vigie sockets --exposed                 ce que d'autres machines peuvent atteindre
      vigie sockets --port 22 --tree          le serveur SSH et ses clients
      vigie sockets -a -o json                tout, pour un programme

    Codes de sortie : 0 fait, 2 ligne de commande erronée, 3 exécution impossible.

sockets-netns-failed = l'espace de noms réseau ne peut pas être examiné : { $error }
sockets-netns-root = lancez la commande en root
sockets-netns-hint = « ip netns » donne les noms ; le PID d'un processus qui s'y trouve convient aussi
sockets-texts-failed = ni netlink ni { $path } ne peuvent être lus : { $error }
sockets-no-user = il n'y a pas d'utilisateur « { $name } » sur cette machine
sockets-bad-port-hint = des ports comme 22,80,8000-8100
sockets-bad-end-hint = comme 10.0.0.0/8, 10.0.0.1:22, [::1]:22 ou :22

value-name = NOM
value-states = ÉTATS
value-address = ADRESSE
