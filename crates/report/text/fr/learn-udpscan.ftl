# La leçon `udpscan`.

learn-udpscan-title = Le scan UDP
learn-udpscan-what =
    Un scan UDP envoie un datagramme à chaque port et attend. Vous connaissez les résultats possibles : un datagramme (ouvert),
    « port unreachable » (fermé), pas de réponse. Sondez trois ports en une commande, chacun avec un message DNS vide :
learn-udpscan-seen =
    Le port 53 a répondu en UDP : ouvert. Pour le port 54, le noyau a répondu par ICMP : fermé. Le port 69 n'a pas répondu :
    `ouvert|filtré`.

    Le contenu du datagramme compte. Un serveur DNS répond à un message DNS et peut ignorer le reste ; un serveur de temps
    attend un message NTP. Les scanners envoient donc à chaque port bien connu un message de son protocole.
learn-udpscan-slow =
    Un scan UDP est lent pour deux raisons. Un port sans réponse nécessite un temps d'attente et d'autres essais. Et les noyaux
    limitent le débit des erreurs ICMP : Linux en envoie six d'un coup à un pair, puis une par seconde. Sondez douze ports
    fermés :
learn-udpscan-limit =
    Douze datagrammes sont partis, et seules les premières erreurs sont revenues ; le noyau n'a pas envoyé les autres. Un
    scanner qui prend ce silence pour `ouvert|filtré` se trompe ; un scanner qui respecte la limite met environ une seconde
    par port fermé : un quart d'heure pour mille ports. `vigie scan -sU` mesure la limite et s'y adapte :
learn-udpscan-scan =
    Le scan a envoyé à chaque port un message de son propre protocole, a attendu les réponses tardives, et distingue les trois
    cas : une réponse, « port unreachable », pas de réponse après tous les essais.
learn-udpscan-q1 = Les ports 123 et 161 de 10.77.1.10 répondent à n'importe quel datagramme. Obtenez une réponse des deux.
learn-udpscan-q1-right = Deux datagrammes à l'aller, deux au retour : les deux ports sont ouverts.
learn-udpscan-q1-hint =
    `vigie packet sr "IP(dst='10.77.1.10')/UDP(dport=[123,161])/'hello'"` envoie un datagramme à chacun. Un scan UDP des deux
    ports convient aussi.
learn-udpscan-q2 = Quatre ports UDP de `plain`, de 1 à 200, répondent. Vous en avez vu trois : 53, 123 et 161. Le quatrième est au-dessous de 10. Quels sont les quatre ?
learn-udpscan-q2-right = Le port 7 est le service echo : il renvoie ce qu'il reçoit.
learn-udpscan-q2-hint = Scannez les ports 1 à 9, ou réfléchissez : quel port bien connu s'appelle echo ?
