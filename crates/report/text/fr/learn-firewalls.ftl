# La leçon `firewalls`.

learn-firewalls-title = Les pare-feu
learn-firewalls-what =
    Un pare-feu décide quels paquets passent. Ce qu'il fait des autres se voit. La machine `walled` en a un qui jette : le port
    22 passe, le port 8443 aussi, le port 3306 non.
learn-firewalls-drop =
    22 est ouvert, 8443 fermé : les paquets ont passé, et à 8443 personne n'écoute. 3306 est resté muet, essai après essai :
    `filtré`. Le lien montre des SYN qui partent et rien qui revient.

    Un paquet perdu a le même air. Vigie redemande donc jusqu'à ce qu'une réponse n'ait guère pu se perdre chaque fois, et dit
    quelle probabilité il en reste.

    La machine `polite` refuse ouvertement :
learn-firewalls-reject =
    Trois manières de dire non. 81 : RST, comme si le port était fermé ; pare-feu ou machine, la réponse ne dit pas qui a parlé.
    3306 : ICMP « administrativement interdit » (code 13), les mots d'un pare-feu. 6379 : ICMP « port inaccessible » (code 3),
    qu'une machine dit elle-même pour UDP, mais que seul un pare-feu dit pour TCP. De l'ICMP au lieu d'une réponse veut dire
    `filtré`.

    Jeter ralentit les scans, et les gens honnêtes attendent aussi ; rejeter le dit aussitôt. Ni l'un ni l'autre ne cache une
    machine dont un port est ouvert.
learn-firewalls-source =
    Un pare-feu peut demander qui vient. Celui de `walled` laisse la machine `plain` atteindre chaque port : les vrais font
    ainsi pour un serveur de sauvegarde ou un bureau. Ce que vous trouvez vaut donc pour l'endroit d'où vous avez regardé, et
    pour aucun autre.

    Les commandes de cette question s'exécutent sur `plain`.
learn-firewalls-q1 = Depuis `plain`, trouvez si le port 3306 de 10.77.1.20 est ouvert.
learn-firewalls-q1-right = D'ici il est ouvert ; depuis `scanner` il était filtré. Scannez de là d'où cela compte.
learn-firewalls-q1-hint = La même commande que tout à l'heure : `vigie scan -p 3306 10.77.1.20`
learn-firewalls-q2 = Vu de `scanner` : lesquels des ports 22, 25, 80, 443, 3306 et 8443 de `walled` sont jetés ? Réfléchissez : trois mènent à des programmes, un ne mène à personne.
learn-firewalls-q2-right = Que quelqu'un écoute derrière le mur ne se voit pas : à 25 personne, à 3306 une base de données.
learn-firewalls-q2-hint = 22, 80 et 443 sont ouverts, et 8443 est fermé.
learn-firewalls-q3 = Un port TCP répond par ICMP « administrativement interdit ». Son état ?
learn-firewalls-q3-a = ouvert
learn-firewalls-q3-b = fermé
learn-firewalls-q3-c = filtré
learn-firewalls-q3-right = Quelqu'un en chemin a dit non ; ce qui est derrière, vous ne le savez pas.
learn-firewalls-q3-hint = Le port a-t-il répondu, ou quelqu'un devant lui ?
