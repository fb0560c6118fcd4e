# `vigie sockets` : les listes, le sens des états, ce qui n'a pas pu être vu.

sockets-which-all = (serveurs et établies)
sockets-which-listeners = (seulement serveurs)
sockets-which-connections = (sans serveurs)
sockets-which-named = (dans les états demandés)
sockets-which-exposed = (serveurs accessibles à d'autres machines)
sockets-title-inet = Connexions Internet actives { $which }
sockets-title-unix = Sockets du domaine UNIX actives { $which }
sockets-title-packet = Sockets de paquets actives { $which }

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
sockets-reach-everyone-v6 = tous, en IPv6 seulement
sockets-reach-everyone-both = tous, en IPv4 aussi
sockets-reach-everyone-perhaps = tous, peut-être en IPv4 aussi
sockets-reach-machine = cette machine seulement
sockets-reach-address = qui atteint cette adresse
sockets-reach-group = membres de ce groupe
sockets-reach-interface = qui est sur

sockets-backlog = { $waiting ->
    [one] une connexion en attente d'être acceptée
   *[other] { $waiting } connexions en attente d'être acceptées
}, { $most } au plus
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
sockets-tree-others = Connexions sans socket en écoute ici ({ $count })
sockets-tree-other-end = autre bout : { $owner }

sockets-sum-total = Total
sockets-sum-listening = En écoute
sockets-sum-exposed = Exposées
sockets-sum-established = Établies
sockets-sum-time-wait = TIME_WAIT
sockets-sum-states = TCP : { $states }

sockets-explain-title = Ce que veulent dire ces états
sockets-explain-count = { $name } ({ $count })
sockets-state-listen = un programme attend ici que des clients se connectent : un port ouvert
sockets-state-established = les deux côtés se sont mis d'accord ; les données peuvent circuler dans les deux sens
sockets-state-syn-sent = cette machine a demandé une connexion (SYN) et attend la réponse
sockets-state-syn-recv = un client a demandé une connexion (SYN), on lui a répondu (SYN-ACK), il doit encore confirmer
sockets-state-fin-wait1 = ce côté a fermé la connexion ; l'autre ne l'a pas encore confirmé
sockets-state-fin-wait2 = ce côté a fermé et l'autre l'a confirmé ; l'autre peut encore émettre et n'a pas fermé
sockets-state-time-wait = fermée ; le couple d'adresses est gardé une minute pour que des paquets en retard ne nuisent pas
sockets-state-close = inutilisée : ni connectée, ni en écoute
sockets-state-close-wait = l'autre côté a fermé ; le programme d'ici, pas encore (s'il y en a beaucoup : un programme qui oublie de fermer)
sockets-state-last-ack = les deux côtés ont fermé ; on attend la dernière confirmation
sockets-state-closing = les deux côtés ont fermé en même temps ; on attend une confirmation
sockets-state-bound = un port est pris, mais le programme n'écoute pas et n'est pas connecté
sockets-state-udp-unconnected = attend des datagrammes de n'importe qui ; UDP n'établit pas de connexion : voilà à quoi ressemble un port ouvert
sockets-state-udp-connected = ne parle qu'avec ce pair ; le noyau jette les datagrammes des autres
sockets-state-raw = voit tous les paquets IP d'un protocole (ping, démons de routage, scanners)
sockets-state-packet = voit les trames d'une interface, même celles des autres (sniffeurs, clients DHCP)
sockets-state-unix-listening = un programme attend ici d'autres programmes de cette machine
sockets-state-unix-connected = deux programmes de cette machine se parlent
sockets-state-unix-unconnected = non connectée ; pour les datagrammes : messages de tous, ou vers tous
sockets-state-unix-connecting = un programme a demandé une connexion que le serveur n'a pas encore acceptée
sockets-state-unix-disconnecting = en cours de fermeture
sockets-state-sctp-opening = une association SCTP s'établit
sockets-state-sctp-closing = une association SCTP se termine

sockets-note-interrupted = la liste des sockets { $proto } du noyau a changé à chaque lecture ({ $netns }) : il peut en manquer
sockets-note-fallback = les sockets { $proto } ont été lues dans /proc/net, qui en dit moins, car netlink a été refusé ({ $error })
sockets-note-unreadable =
    { $count ->
        [one] { $count } message du noyau sur les sockets { $proto } n'a pas été compris
       *[other] { $count } messages du noyau sur les sockets { $proto } n'ont pas été compris
    }
sockets-note-hidden =
    { $sockets ->
        [one] le programme de { $sockets } socket ne vous est pas visible
       *[other] les programmes de { $sockets } sockets ne vous sont pas visibles
    }{ $processes ->
        [0] { "" }
        [one] { " " }({ $processes } processus vous est fermé)
       *[other] { " " }({ $processes } processus vous sont fermés)
    } ; lancez la commande en root pour les voir
sockets-note-netns =
    { $count ->
        [one] { $count } espace de noms réseau n'a pas pu être ouvert
       *[other] { $count } espaces de noms réseau n'ont pas pu être ouverts
    } ; lancez la commande en root pour les voir
