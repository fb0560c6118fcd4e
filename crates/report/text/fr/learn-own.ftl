# La leçon `own`.

learn-own-title = Vérifier sa propre machine
learn-own-what =
    Le principal usage d'un scan : voir sa propre machine comme les autres la voient, et vérifier que sa protection fonctionne
    comme prévu. Comparez deux vues. D'abord de l'intérieur : quels programmes écoutent sur `walled` ?
learn-own-inside =
    22, 80, 443, et 3306 : une base de données. Elle écoute sur `[::]` : elle accepte donc des connexions de partout.

    Maintenant de l'extérieur :
learn-own-outside =
    Les ports 22, 80 et 443 sont joignables. Le port 3306 ne l'est pas : seul le pare-feu protège la base de données.
learn-own-q1 = Quel port TCP de `walled` est en écoute mais injoignable depuis `scanner` ?
learn-own-q1-right = Retenez-le : si le pare-feu est un jour désactivé, ce port est ouvert à tous.
learn-own-q1-hint = Il est en écoute dans la vue de l'intérieur, et `filtré` dans la vue de l'extérieur.
learn-own-local =
    Depuis la machine elle-même, le port 3306 est ouvert : le pare-feu ne filtre pas les connexions locales. Un scan de
    `localhost` ne montre donc pas ce que voient les autres : scannez depuis une autre machine.
learn-own-do =
    Pour chaque port ouvert, demandez-vous : est-ce que je connais ce programme ? En ai-je besoin ? Qui doit l'atteindre ?
    Puis, dans cet ordre :

    - Arrêtez et supprimez les programmes dont vous n'avez pas besoin.
    - Faites écouter sur `127.0.0.1` ou `::1` ceux dont seule cette machine a besoin.
    - N'autorisez dans le pare-feu que les sources nécessaires, et bloquez ou rejetez tout le reste.
    - Tenez à jour les programmes restants.

    Vérifiez ensuite à nouveau, de l'intérieur et de l'extérieur, en IPv4 et en IPv6. Recommencez chaque mois.
learn-own-q2 = Seul le serveur web de la même machine a besoin d'une base de données. Quelle est la meilleure solution ?
learn-own-q2-a = la laisser écouter partout, derrière le pare-feu
learn-own-q2-b = la faire écouter sur 127.0.0.1, et garder aussi le pare-feu
learn-own-q2-c = la déplacer sur un autre numéro de port
learn-own-q2-right = Deux protections valent mieux qu'une ; un autre numéro de port ne cache rien à un scan.
learn-own-q2-hint = Que se passe-t-il quand le pare-feu est désactivé ?
