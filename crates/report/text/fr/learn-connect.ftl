# La leçon `connect`.

learn-connect-title = Le scan connect
learn-connect-what =
    Un scan connect (`-sT`) demande au noyau d'ouvrir une connexion ordinaire vers chaque port, comme le fait un navigateur.
    Il ne nécessite aucun privilège :
learn-connect-seen =
    Le port 22 a achevé la poignée de main : SYN, SYN,ACK, ACK. Puis la connexion a été fermée. Le programme serveur l'a vue :
    il a accepté un client, peut-être envoyé sa bannière, et a pu journaliser la connexion. Le port 24 a répondu RST, et le
    noyau a signalé « connexion refusée » (`conn-refused`).
learn-connect-compare =
    Comparaison des deux scans :

        scan SYN (-sS)                    scan connect (-sT)
        SYN, SYN,ACK, RST                 SYN, SYN,ACK, ACK, puis fermeture
        paquets bruts : CAP_NET_RAW       aucun privilège
        le programme ne remarque rien     le programme accepte, peut journaliser
        un paquet par port                une connexion par port

    Les deux trouvent les mêmes ports. Sans le droit d'envoyer des paquets bruts, `vigie scan` passe au scan connect et le
    signale.
learn-connect-q1 = Faites un scan connect du port 443 de 10.77.1.10.
learn-connect-q1-right = Le troisième segment, ACK, est là : la poignée de main est achevée.
learn-connect-q1-hint = `-sT` est le scan connect : `vigie scan -sT -p 443 10.77.1.10`
learn-connect-q2 = Quel scan laisse une ligne dans le journal d'un serveur qui journalise chaque connexion ?
learn-connect-q2-a = le scan connect
learn-connect-q2-b = le scan SYN
learn-connect-q2-c = les deux
learn-connect-q2-right = Seule une poignée de main achevée atteint le programme. Un pare-feu, lui, peut journaliser les deux.
learn-connect-q2-hint = Quand un programme apprend-il l'existence d'un client : après le SYN, ou après la poignée de main ?
