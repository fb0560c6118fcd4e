# `vigie sockets` : listes, signification des états, ce qui n'a pas pu être lu.

sockets-which-all = (serveurs et établies)
sockets-which-listeners = (seulement serveurs)
sockets-which-connections = (sans serveurs)
sockets-which-named = (dans les états indiqués)
sockets-which-exposed = (serveurs accessibles à d'autres machines)
sockets-title-inet = Connexions Internet actives { $which }
sockets-title-unix = Sockets du domaine UNIX actives { $which }
sockets-title-packet = Sockets AF_PACKET actives { $which }

sockets-col-netns = Netns
sockets-col-proto = Proto
sockets-col-recv-q = Recv-Q
sockets-col-send-q = Send-Q
sockets-col-local = Adresse locale
sockets-col-foreign = Adresse distante
sockets-col-state = Etat
sockets-col-user = Utilisateur
sockets-col-inode = Inode
sockets-col-program = PID/Program name
sockets-col-reach = Accessible à
sockets-col-flags = Indicateurs
sockets-col-type = Type
sockets-col-peer = Pair
sockets-col-path = Chemin
sockets-col-protocol = Protocole
sockets-col-interface = Interface

sockets-reach-everyone = tous
sockets-reach-everyone-v6 = tous, IPv6 seulement
sockets-reach-everyone-both = tous, aussi en IPv4
sockets-reach-everyone-perhaps = tous, IPv4 possible
sockets-reach-machine = cette machine seulement
sockets-reach-address = machines joignant cette adresse
sockets-reach-group = membres de ce groupe
sockets-reach-interface = machines sur

sockets-backlog = file d'attente : { $waiting ->
    [one] une connexion
   *[other] { $waiting } connexions
}, limite { $most }
sockets-detail-command = commande : { $text }
sockets-detail-unit = unité : { $text }
sockets-detail-container = conteneur : { $text }
sockets-detail-netns = netns : { $text }

sockets-tree-server =
    { $reach }, { $clients ->
        [0] aucun client
        [one] { $clients } client
       *[other] { $clients } clients
    }
sockets-tree-others = Connexions dont la socket en écoute n'est pas ici ({ $count })
sockets-tree-other-end = autre bout : { $owner }

sockets-sum-total = Total
sockets-sum-listening = En écoute
sockets-sum-exposed = Exposées
sockets-sum-established = Établies
sockets-sum-time-wait = TIME_WAIT
sockets-sum-states = TCP : { $states }

sockets-explain-title = Signification de ces états
sockets-explain-count = { $name } ({ $count })
sockets-state-listen = un programme attend des connexions de clients : un port ouvert
sockets-state-established = la connexion est établie ; les deux côtés peuvent envoyer des données
sockets-state-syn-sent = cette machine a envoyé un SYN et attend une réponse
sockets-state-syn-recv = un client a envoyé un SYN et reçu SYN-ACK ; son ACK n'est pas encore arrivé
sockets-state-fin-wait1 = ce côté a fermé la connexion ; le pair ne l'a pas encore acquitté
sockets-state-fin-wait2 = ce côté a fermé et le pair l'a acquitté ; le pair peut encore envoyer des données
sockets-state-time-wait = fermée ; gardée une minute pour que des paquets en retard n'atteignent pas une nouvelle connexion
sockets-state-close = inutilisée : ni connectée, ni en écoute
sockets-state-close-wait = le pair a fermé ; le programme local n'a pas encore fermé (s'il y en a beaucoup : il ne ferme pas ses sockets)
sockets-state-last-ack = les deux côtés ont fermé ; attend le dernier ACK du pair
sockets-state-closing = les deux côtés ont fermé en même temps ; attend un ACK
sockets-state-bound = liée à un port, mais ni en écoute ni connectée
sockets-state-udp-unconnected = accepte les datagrammes de tous : c'est un port UDP ouvert, car UDP n'a pas de connexions
sockets-state-udp-connected = n'échange qu'avec ce pair ; le noyau ignore les datagrammes des autres
sockets-state-raw = reçoit tous les paquets IP d'un protocole (ping, démons de routage, scanners)
sockets-state-packet = reçoit les trames d'une interface, y compris celles des autres programmes (sniffers, clients DHCP)
sockets-state-unix-listening = un programme attend des connexions d'autres programmes de cette machine
sockets-state-unix-connected = connectée à un autre programme de cette machine
sockets-state-unix-unconnected = non connectée ; une socket datagramme peut recevoir de tout programme et envoyer à tous
sockets-state-unix-connecting = un programme se connecte ; le serveur n'a pas encore accepté
sockets-state-unix-disconnecting = en cours de fermeture
sockets-state-sctp-opening = une association SCTP s'établit
sockets-state-sctp-closing = une association SCTP se termine

sockets-note-interrupted = la liste des sockets { $proto } du noyau a changé à chaque tentative de lecture ({ $netns }) : il peut en manquer
sockets-note-fallback = les sockets { $proto } ont été lues dans /proc/net, avec moins de détails, car netlink a échoué ({ $error })
sockets-note-unreadable =
    { $count ->
        [one] { $count } enregistrement du noyau sur les sockets { $proto } n'a pas pu être lu
       *[other] { $count } enregistrements du noyau sur les sockets { $proto } n'ont pas pu être lus
    }
sockets-note-hidden =
    { $sockets ->
        [one] le programme de { $sockets } socket ne vous est pas visible
       *[other] les programmes de { $sockets } sockets ne vous sont pas visibles
    }{ $processes ->
        [0] { "" }
        [one] { " " }(pas d'accès à { $processes } processus)
       *[other] { " " }(pas d'accès à { $processes } processus)
    } ; lancez en root pour les voir
sockets-note-netns =
    { $count ->
        [one] impossible d'entrer dans { $count } espace de noms réseau
       *[other] impossible d'entrer dans { $count } espaces de noms réseau
    } ; lancez en root pour les voir
