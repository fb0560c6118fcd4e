# La leçon `law`.

learn-law-title = Droit et éthique
learn-law-why =
    Il y a deux raisons de faire un scan de ports : tester ses propres systèmes, et tester ceux des autres. La première est une
    bonne pratique. La seconde est le début de mainte attaque, et en a l'air pour qui garde la machine.
learn-law-law =
    Le droit change d'un pays à l'autre, et cette leçon n'est pas un conseil juridique. La plupart punissent l'accès sans droit à
    un ordinateur, et beaucoup la tentative : en France les articles 323-1 et suivants du Code pénal, en Grande-Bretagne le
    Computer Misuse Act. Les contrats avec fournisseurs et employeurs interdisent souvent les scans en plus. Et un scan peut
    nuire : de vieux appareils se sont arrêtés sous l'un d'eux.

    Donc : scannez ce qui est à vous. Pour tout le reste, obtenez d'abord la permission du propriétaire, par écrit : quelles
    adresses, quels ports, quand, d'où, et qui appeler si quelque chose casse.

    Vigie vous y tient. Votre propre machine, le labo et les réseaux privés auxquels vous êtes relié sont libres ; tout le reste
    demande un périmètre. Demandez-lui ce qui peut être scanné :
learn-law-check =
    `plain` appartient au labo. 192.0.2.1 est à quelqu'un d'autre, pour autant que Vigie le sache. Et si vous le scannez quand
    même ?
learn-law-refused =
    Refusé, et aucun paquet n'est parti. Avec une permission, vous l'écririez dans un fichier de périmètre (`docs/scope.md`), ou
    diriez qui l'a donnée : `--authorized "Jeanne Dupont, propriétaire de example.net"`. C'est écrit dans chaque résultat.
learn-law-seen =
    Personne n'est anonyme. Un scan a besoin de réponses, il nomme donc son expéditeur ; pare-feu, fournisseurs et journaux le
    gardent. Les ruses contre cela (faux expéditeurs, machines d'autrui) cachent moins qu'on ne le dit, et Vigie n'en a aucune.

    Ce que vous trouvez par hasard chez les autres, dites-le à eux, et à personne d'autre.
learn-law-q1 = Un ami vous dit : « scanne le serveur de ma société, j'y travaille. » Que vous faut-il ?
learn-law-q1-a = rien, il y travaille
learn-law-q1-b = sa parole au téléphone
learn-law-q1-c = la permission écrite de qui est responsable du serveur
learn-law-q1-right = Et peut-être celle du fournisseur à qui appartient la machine.
learn-law-q1-hint = Qui peut donner la permission pour ce serveur, et comment la prouveriez-vous plus tard ?
learn-law-q2 = Que pouvez-vous scanner sans demander à personne ?
learn-law-q2-a = votre propre ordinateur portable
learn-law-q2-b = le site web d'un magasin
learn-law-q2-c = le réseau sans fil de votre voisin, qui n'a pas de mot de passe
learn-law-q2-right = Vos propres machines, et ce labo autant que vous voulez.
learn-law-q2-hint = Laquelle de ces choses est à vous ?
learn-law-q3 = Un scan lent vous rend-il anonyme ?
learn-law-q3-a = oui
learn-law-q3-b = non
learn-law-q3-right = Chaque paquet porte son expéditeur, à n'importe quel rythme.
learn-law-q3-hint = Où vont les réponses ?
learn-law-end =
    Qui ne fait que survoler se sert d'outils que d'autres ont faits, sans comprendre ce qu'il fait. Vous avez regardé
    dessous. Maintenant étudiez, sur vos propres machines, ou sur celles d'amis qui ont dit oui.
