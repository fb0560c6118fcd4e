# Aide de `vigie sockets`, et erreurs dans ses arguments.

sockets-about = Lister les sockets de cette machine : état, programme, et quelles machines peuvent les atteindre
sockets-usage = vigie sockets [OPTIONS]

sockets-group-which = Quelles sockets
sockets-help-all = Sockets en écoute et connectées
sockets-help-listening = Seulement les sockets en écoute
sockets-help-tcp = TCP
sockets-help-udp = UDP
sockets-help-unix = Sockets UNIX
sockets-help-raw = Sockets IP brutes
sockets-help-packet = Sockets AF_PACKET (programmes qui capturent des trames)
sockets-help-mptcp = TCP multichemin (MPTCP)
sockets-help-sctp = SCTP
sockets-help-udplite = UDP-Lite
sockets-help-ipv4 = Seulement IPv4
sockets-help-ipv6 = Seulement IPv6
sockets-help-netns = Dans un autre espace de noms réseau : un nom, un PID, un chemin, ou tous (all)

sockets-group-show = Détails
sockets-help-numeric = Ports et utilisateurs en numéros (les adresses ne sont jamais résolues)
sockets-help-processes = PID et programme
sockets-help-extend = Utilisateur et inode
sockets-help-verbose = Sous chaque socket : ligne de commande, unité, conteneur et espace de noms de ses programmes, et file d'attente (backlog) d'une socket en écoute
sockets-help-summary = Seulement des totaux
sockets-help-tree = Afficher les connexions sous la socket en écoute qui les a acceptées
sockets-help-explain = Expliquer chaque état
sockets-help-watch = Répéter toutes les SECONDES (par défaut : 1) et montrer ce qui apparaît, change et disparaît
sockets-help-wide = Ne jamais tronquer les lignes
sockets-help-continuous = Comme --watch

sockets-group-filter = Filtres (chacun implique -a)
sockets-help-port = Port local ou distant : 22,80,8000-8100
sockets-help-state = État : listening, established, time-wait, ... séparés par des virgules
sockets-help-process = Utilisée par un programme de ce nom (* et ? sont des jokers) ou de ce PID
sockets-help-user = Appartenant à cet utilisateur (nom ou UID)
sockets-help-local = Adresse locale : 10.0.0.0/8, 10.0.0.1:22, [::1]:22, :22
sockets-help-peer = Adresse distante, même syntaxe
sockets-help-exposed = Seulement les sockets en écoute que d'autres machines peuvent atteindre

sockets-group-output = Sortie
sockets-help-output = Format : text, json (JSON Lines, docs/json.md) ou csv
sockets-help-no-header = Sans titres ni en-têtes de colonnes
sockets-help-procfs = Lire /proc/net au lieu de netlink

sockets-after =
    Les lettres d'options de netstat et de ss se combinent : -an, -anpe, -antp, -tanpu, -lntp, -x, -s.

    Exemples
      vigie sockets -tanpu                    TCP et UDP, avec leurs programmes
      vigie sockets -lntp                     ports TCP en écoute, et quelles machines peuvent les atteindre
      vigie sockets --exposed                 ports que d'autres machines peuvent atteindre
      vigie sockets --port 22 --tree          le serveur SSH et ses clients
      vigie sockets -a -o json                tout, en JSON

    Codes de retour : 0 terminé, 2 erreur d'usage, 3 exécution impossible.

sockets-netns-failed = impossible d'entrer dans l'espace de noms réseau : { $error }
sockets-netns-root = lancez en root
sockets-netns-hint = listez les noms avec « ip netns » ; le PID d'un processus de cet espace convient aussi
sockets-texts-failed = impossible de lire netlink ou { $path } : { $error }
sockets-no-user = utilisateur inconnu « { $name } »
sockets-bad-port-hint = par exemple 22,80,8000-8100
sockets-bad-end-hint = par exemple 10.0.0.0/8, 10.0.0.1:22, [::1]:22 ou :22

value-name = NOM
value-states = ÉTATS
value-address = ADRESSE
