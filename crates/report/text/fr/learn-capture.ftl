# La leçon `capture`.

learn-capture-title = Capturer des paquets
learn-capture-what =
    Pour comprendre ce que font les programmes, regardez les paquets qu'ils envoient. `vigie capture` affiche une ligne par
    paquet, comme tcpdump, avec ses options et ses filtres. Ici, elle attend trois paquets du port 80 pendant qu'une autre
    commande se connecte :
learn-capture-line =
    Une ligne montre l'heure, le protocole, la source et la destination (adresse et port, joints par un point), et le contenu.
    `Flags [S]` est SYN, `[S.]` SYN,ACK, `[.]` ACK, `[R]` RST, `[F.]` FIN,ACK, `[P.]` des données. Les premiers numéros de
    séquence d'une connexion sont absolus, les suivants relatifs aux premiers.
learn-capture-filters =
    Un filtre choisit des paquets :

        host 10.77.1.10           de ou vers cette machine
        tcp port 80               TCP, port source ou destination 80
        udp dst port 53           UDP vers le port 53
        icmp                      ICMP
        tcp && ! port 22          TCP, sauf SSH
        tcp[tcpflags] = tcp-syn   TCP avec SYN comme seul drapeau

    `-w FICHIER` écrit les paquets dans un fichier, `-r FICHIER` les relit ; Wireshark et tcpdump le lisent aussi. Capturez
    les paquets d'un port UDP fermé :
learn-capture-icmp =
    Vous voyez le datagramme et l'erreur ICMP qu'il a causée : « udp port 54 unreachable ». L'erreur cite le datagramme :
    l'émetteur sait ainsi duquel il s'agit.

    Capturer nécessite le même droit que l'envoi de paquets bruts. Une capture peut aussi montrer les données d'autrui : ne
    capturez que là où vous en avez le droit.

    Lancez maintenant un scan SYN ; la question suivante porte sur ses paquets :
learn-capture-scan =
    Ses paquets ont été enregistrés.
learn-capture-q1 =
    Parmi tous les paquets que ce scan a envoyés et reçus, écrivez un filtre qui ne garde que les réponses des ports ouverts :
    les segments avec exactement les drapeaux SYN et ACK.
learn-capture-q1-right = Exactement ces paquets. Leurs ports source sont les ports ouverts.
learn-capture-q1-hint = La table ci-dessus a un filtre pour SYN seul. Écrivez les deux drapeaux `tcp-syn|tcp-ack`.
learn-capture-q2 = Vous ne capturez que `icmp`, et une machine envoie « udp port 54 unreachable ». Qu'en apprenez-vous ?
learn-capture-q2-a = quelqu'un a envoyé un datagramme UDP à un port fermé de cette machine
learn-capture-q2-b = la machine ne répond pas
learn-capture-q2-c = le port 54 est ouvert
learn-capture-q2-right = La machine est active, et aucun programme n'écoute sur ce port.
learn-capture-q2-hint = Pensez à ce que fait un port UDP fermé.
