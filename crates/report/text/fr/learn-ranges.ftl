# La leçon `ranges`.

learn-ranges-title = Beaucoup de ports, beaucoup de machines
learn-ranges-ports =
    Sonder un port à la fois est fastidieux ; un scanner fait tout d'un coup. Sans `-p`, `vigie scan` scanne les 1 000 ports
    les plus courants. Avec `-p`, vous les choisissez : numéros, plages, noms, séparés par des virgules :
learn-ranges-ports-seen =
    `1-100` est une plage, `http*` désigne tous les services dont le nom commence par http. `-F` désigne les 100 ports les
    plus courants, `--top-ports 10` les dix plus courants.

    Un programme peut écouter sur n'importe quel port. Seul un scan de tous les ports montre tout ; `-p-` en est la forme
    courte :
learn-ranges-all-seen =
    Les 65 535 ports en une seconde ou deux : les chemins du labo sont courts. Sur un vrai réseau, cela dépend du chemin, et
    Vigie trouve elle-même le bon débit.
learn-ranges-hosts =
    Vous pouvez aussi indiquer des plages de machines. `10.77.1.0/24` est un réseau de 256 adresses, `10.77.1.10-30` une plage,
    `10.77.1.10,20,30` une liste. Les noms conviennent aussi, vous pouvez indiquer plusieurs cibles, et `--exclude` en exclut.
learn-ranges-hosts-seen =
    Avant le scan de ports, Vigie cherche quelles machines répondent (découverte des machines). Aucune machine n'a l'adresse
    qui finit par 40 : ses ports n'ont pas été scannés. Une machine qui ne répond pas peut pourtant être active, derrière un
    pare-feu : `-Pn` suppose chaque machine active.
learn-ranges-q1 = En une commande, scannez les ports TCP 20 à 30 de 10.77.1.10 et de 10.77.1.30, et d'aucune autre machine.
learn-ranges-q1-right = Les deux machines ont été scannées, et aucune autre.
learn-ranges-q1-hint = `vigie scan -p 20-30 10.77.1.10 10.77.1.30`, ou `10.77.1.10,30`
learn-ranges-q2 = Quels ports TCP de `plain` sont ouverts, parmi tous les ports ?
learn-ranges-q2-right = Dix sur 65 535.
learn-ranges-q2-hint = Le scan avec `-p-` en donne la liste.
