# La leçon `ranges`.

learn-ranges-title = Beaucoup de ports, beaucoup de machines
learn-ranges-ports =
    Interroger port après port est fastidieux ; un scanner le fait d'un coup. Sans `-p`, `vigie scan` interroge les 1 000 ports
    le plus souvent ouverts. Avec `-p`, vous dites lesquels : numéros, plages, noms, séparés par des virgules :
learn-ranges-ports-seen =
    `1-100` est une plage, `http*` tout service dont le nom commence ainsi. `-F` désigne les 100 ports les plus courants,
    `--top-ports 10` les dix plus courants.

    Un programme peut attendre à n'importe quel port. Seule la plage entière montre tout ; `-p-` l'abrège :
learn-ranges-all-seen =
    Les 65 535 ports en une seconde ou deux : dans le labo rien n'est loin. Sur un vrai réseau cela dure ce que le chemin
    permet, et Vigie trouve ce rythme toute seule.
learn-ranges-hosts =
    Les machines se donnent aussi en plages. `10.77.1.0/24` est le réseau de 256 adresses, `10.77.1.10-30` une plage,
    `10.77.1.10,20,30` une liste ; les noms vont aussi, plusieurs cibles se suivent, et `--exclude` en écarte.
learn-ranges-hosts-seen =
    Avant les ports, Vigie demande quelles machines répondent. Personne n'a l'adresse qui finit par 40 : ses ports n'ont
    jamais été interrogés. Une machine muette peut pourtant être là, derrière un pare-feu : `-Pn` les prend toutes pour
    présentes.
learn-ranges-q1 = En une commande, scannez les ports TCP 20 à 30 de 10.77.1.10 et de 10.77.1.30, et d'aucune autre machine.
learn-ranges-q1-right = Les deux machines ont été interrogées, et personne d'autre.
learn-ranges-q1-hint = `vigie scan -p 20-30 10.77.1.10 10.77.1.30`, ou `10.77.1.10,30`
learn-ranges-q2 = Quels ports TCP de `plain` sont ouverts, parmi tous ?
learn-ranges-q2-right = Dix sur 65 535.
learn-ranges-q2-hint = Le scan avec `-p-` les a listés.
