# La leçon `capture`.

learn-capture-title = Écouter le fil
learn-capture-what =
    Pour comprendre ce que font les programmes, écoutez ce qu'ils envoient. `vigie capture` imprime chaque paquet en une ligne,
    comme tcpdump, avec ses options et ses filtres. Ici elle attend trois paquets du port 80 pendant qu'une autre commande se
    connecte :
learn-capture-line =
    Une ligne a l'heure, le protocole, qui envoie à qui (adresse et port, joints par un point), et ce que dit le paquet.
    `Flags [S]` est SYN, `[S.]` SYN,ACK, `[.]` ACK, `[R]` RST, `[F.]` FIN,ACK, `[P.]` des données. Les premiers numéros d'une
    connexion sont montrés tels quels, les suivants comptés depuis eux.
learn-capture-filters =
    Les filtres gardent ce que vous cherchez :

        host 10.77.1.10           de ou vers cette machine
        tcp port 80               TCP, l'un des ports étant 80
        udp dst port 53           UDP vers le port 53
        icmp                      ICMP
        tcp && ! port 22          TCP, sauf SSH
        tcp[tcpflags] = tcp-syn   TCP avec SYN seul

    `-w FICHIER` garde les paquets dans un fichier, `-r FICHIER` les relit ; Wireshark et tcpdump le lisent aussi. Observez un
    port UDP fermé :
learn-capture-icmp =
    Vous voyez le datagramme et le message ICMP qu'il a causé : « udp port 54 unreachable ». Le message cite le datagramme,
    pour que l'expéditeur sache lequel est visé.

    Écouter demande le même droit que d'envoyer des paquets bruts. Et qui écoute voit les données des autres : n'écoutez que là
    où vous le pouvez.

    Maintenant un scan SYN, dont les paquets serviront à la question suivante :
learn-capture-scan =
    Ses paquets ont été gardés.
learn-capture-q1 =
    Écrivez un filtre qui ne prend que les réponses des ports ouverts, dans tout ce que ce scan a envoyé et reçu : les segments
    avec SYN et ACK et rien d'autre.
learn-capture-q1-right = Exactement ces paquets-là. Les expéditeurs de ces lignes sont les ports ouverts.
learn-capture-q1-hint = La table ci-dessus a un filtre pour SYN seul. Les deux drapeaux s'écrivent `tcp-syn|tcp-ack`.
learn-capture-q2 = Vous n'écoutez que `icmp`, et voyez « udp port 54 unreachable » venant d'une machine. Qu'en apprenez-vous ?
learn-capture-q2-a = quelqu'un a envoyé de l'UDP à un port fermé de cette machine
learn-capture-q2-b = la machine ne répond pas
learn-capture-q2-c = le port 54 est ouvert
learn-capture-q2-right = La machine est là, et personne n'attend à ce port.
learn-capture-q2-hint = Pensez à ce que fait un port UDP fermé.
