# La leçon `syn`.

learn-syn-title = Le scan SYN
learn-syn-what =
    Pour savoir si un port est ouvert, les deux premiers segments suffisent. Le scan SYN (`-sS`) envoie SYN et regarde ce qui
    revient ; il ne termine jamais l'établissement. Interrogez un port ouvert et un fermé :
learn-syn-seen =
    Le port 80 a répondu SYN,ACK : ouvert. Le port 81 a répondu RST : fermé. Voyez ce qui suit le SYN,ACK : le noyau de cette
    machine-ci n'avait demandé aucune connexion, il a donc répondu RST de lui-même, et la connexion à demi ouverte a disparu.
    Aucun programme à l'autre bout n'en a rien su.
learn-syn-why =
    - Il est rapide : un paquet par port, et aucune connexion à tenir.
    - Il lui faut le droit d'envoyer des paquets bruts : root, ou la capacité CAP_NET_RAW.
    - C'est le scan habituel. Si rien n'est dit et que le droit est là, `vigie scan` le fait.
    - Il n'est pas caché : les pare-feu et les systèmes de détection le connaissent bien.

    Chaque SYN de Vigie porte un secret dans son numéro de séquence. Une réponse doit l'acquitter : ni un paquet égaré ni un
    faux ne devient un résultat.
learn-syn-q1 = Scannez par SYN les ports 20 à 25 de 10.77.1.10.
learn-syn-q1-right = Un SYN pour chacun, et aucun établissement terminé.
learn-syn-q1-hint = Une plage de ports s'écrit `-p 20-25` : `vigie scan -sS -p 20-25 10.77.1.10`
learn-syn-q2 = Lesquels des ports 20 à 25 sont fermés ?
learn-syn-q2-right = Ceux-là ont répondu RST.
learn-syn-q2-hint = Regardez le scan que vous venez de faire.
