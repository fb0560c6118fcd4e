# La leçon `connect`.

learn-connect-title = Le scan par connexion
learn-connect-what =
    Le scan par connexion (`-sT`) demande au noyau une vraie connexion à chaque port, comme le fait un navigateur. Il ne lui
    faut aucun privilège :
learn-connect-seen =
    Le port 22 a eu l'établissement entier : SYN, SYN,ACK, ACK. Puis la connexion a été terminée. Le programme du serveur l'a
    vu : il a accepté un client, peut-être envoyé son salut, et a pu écrire une ligne dans son journal. Le port 24 a répondu
    RST, et le noyau a rapporté « connexion refusée » (`conn-refused`).
learn-connect-compare =
    Côte à côte :

        scan SYN (-sS)                    scan par connexion (-sT)
        SYN, SYN,ACK, RST                 SYN, SYN,ACK, ACK, puis une fin
        paquets bruts : CAP_NET_RAW       aucun privilège
        le programme n'en sait rien       il accepte et peut le noter
        un paquet par port                une connexion par port

    Ils trouvent la même chose. Sans le droit d'envoyer des paquets bruts, `vigie scan` se connecte, et le dit.
learn-connect-q1 = Faites un scan par connexion du port 443 de 10.77.1.10.
learn-connect-q1-right = Le troisième segment, ACK, est là : l'établissement a été terminé.
learn-connect-q1-hint = `-sT` est le scan par connexion : `vigie scan -sT -p 443 10.77.1.10`
learn-connect-q2 = Quel scan laisse une ligne dans le journal d'un serveur qui note chaque connexion ?
learn-connect-q2-a = le scan par connexion
learn-connect-q2-b = le scan SYN
learn-connect-q2-c = les deux
learn-connect-q2-right = Seul un établissement terminé arrive au programme. Le journal d'un pare-feu, lui, peut tenir les deux.
learn-connect-q2-hint = Quand un programme apprend-il qu'un client est là : après le SYN, ou après l'établissement ?
