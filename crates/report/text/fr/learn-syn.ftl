# La leçon `syn`.

learn-syn-title = Le scan SYN
learn-syn-what =
    Les deux premiers segments de la poignée de main montrent si un port est ouvert. Un scan SYN (`-sS`) envoie un SYN et
    regarde la réponse ; il n'achève jamais la poignée de main. Sondez un port ouvert et un port fermé :
learn-syn-seen =
    Le port 80 a répondu SYN,ACK : ouvert. Le port 81 a répondu RST : fermé. Regardez le paquet qui suit le SYN,ACK : le
    noyau de cette machine n'avait demandé aucune connexion, il a donc répondu RST de lui-même, et la connexion à demi
    ouverte a été fermée. Le programme à l'autre bout ne l'a jamais remarquée.
learn-syn-why =
    - Il est rapide : un paquet par port, et aucune connexion à garder.
    - Il nécessite le droit d'envoyer des paquets bruts : root, ou la capacité CAP_NET_RAW.
    - C'est le scan par défaut de `vigie scan` si ce droit est disponible.
    - Il n'est pas caché : les pare-feu et les systèmes de détection d'intrusion le reconnaissent.

    Chaque SYN de Vigie a un numéro de séquence secret. Une réponse doit l'acquitter : un paquet égaré ou forgé ne devient
    donc jamais un résultat.
learn-syn-q1 = Scannez par SYN les ports 20 à 25 de 10.77.1.10.
learn-syn-q1-right = Un SYN vers chaque port, et aucune poignée de main achevée.
learn-syn-q1-hint = Une plage de ports s'écrit `-p 20-25` : `vigie scan -sS -p 20-25 10.77.1.10`
learn-syn-q2 = Lesquels des ports 20 à 25 sont fermés ?
learn-syn-q2-right = Ces ports ont répondu RST.
learn-syn-q2-hint = Regardez votre dernier scan, ou refaites-le dans un autre terminal.
