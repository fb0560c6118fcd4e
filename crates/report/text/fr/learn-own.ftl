# La leçon `own`.

learn-own-title = Vérifier sa propre machine
learn-own-what =
    Voilà à quoi servent les scans : voir sa propre machine comme les autres la voient, et vérifier que sa protection fait ce que
    l'on croit. Deux vues, côte à côte. D'abord du dedans : qu'est-ce qui écoute sur `walled` ?
learn-own-inside =
    22, 80, 443, et 3306 : une base de données. Son adresse est `[::]` : d'elle-même elle prend des connexions de partout.

    Maintenant du dehors :
learn-own-outside =
    22, 80 et 443 se laissent atteindre. 3306 non : le pare-feu est tout ce qui sépare la base de données du monde.
learn-own-q1 = Quel port TCP de `walled` est en écoute, et ne peut être atteint depuis `scanner` ?
learn-own-q1-right = Retenez-le : le jour où le pare-feu est coupé, ce port est ouvert à tous.
learn-own-q1-hint = Il est dans la liste du dedans, et `filtré` du dehors.
learn-own-local =
    Depuis la machine elle-même, 3306 est ouvert : son pare-feu la laisse se parler. C'est pourquoi un scan de `localhost` ne dit
    rien de ce que voient les autres : scannez depuis une autre machine.
learn-own-do =
    Pour chaque port ouvert, demandez-vous : est-ce que je connais le programme ? En ai-je besoin ? Qui doit l'atteindre ? Puis,
    dans cet ordre :

    - Arrêtez les programmes dont vous n'avez pas besoin, et enlevez-les.
    - Faites écouter à `127.0.0.1` ou `::1` ceux dont seule cette machine a besoin.
    - Que le pare-feu ne laisse passer que qui doit venir, et jette ou rejette le reste.
    - Tenez à jour ce qui reste ouvert.

    Et regardez encore après, du dedans et du dehors, en IPv4 et en IPv6. Le mois prochain aussi.
learn-own-q2 = Seul le serveur web de la même machine a besoin d'une base de données. Que faire de mieux ?
learn-own-q2-a = la laisser écouter partout, derrière le pare-feu
learn-own-q2-b = la faire écouter à 127.0.0.1, et garder aussi le pare-feu
learn-own-q2-c = la mettre à un autre numéro de port
learn-own-q2-right = Deux murs valent mieux qu'un ; un autre numéro ne cache rien à un scan.
learn-own-q2-hint = Que se passe-t-il le jour où le pare-feu est coupé ?
