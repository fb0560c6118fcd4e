# La leçon `udpscan`.

learn-udpscan-title = Le scan UDP
learn-udpscan-what =
    Un scan UDP envoie un datagramme à chaque port et attend. Vous savez ce qui peut revenir : un datagramme (ouvert), « port
    inaccessible » (fermé), rien. Trois ports en une commande, chacun avec un message DNS vide :
learn-udpscan-seen =
    53 a répondu en UDP : ouvert. 54 a fait répondre le noyau par ICMP : fermé. 69 est resté muet : `ouvert|filtré`.

    Ce que dit le datagramme compte. Un serveur de noms répond à un message DNS et peut ignorer le reste ; un serveur de temps
    veut un message NTP. Les scanners envoient donc à chaque port connu ce que son programme comprend.
learn-udpscan-slow =
    Un scan UDP est lent, et pour cause. Le silence demande d'attendre, puis de redemander. Et les noyaux limitent leurs
    erreurs ICMP : Linux en laisse partir six d'un coup vers un pair, puis une par seconde. Interrogez douze ports fermés :
learn-udpscan-limit =
    Douze datagrammes sont partis, et seules les premières erreurs sont revenues ; les autres n'ont jamais été envoyées. Qui
    prend ce silence pour `ouvert|filtré` se trompe ; qui respecte la limite met environ une seconde par port fermé : mille
    ports prennent un quart d'heure. `vigie scan -sU` apprend la limite et va à son pas :
learn-udpscan-scan =
    Le scan a posé à chaque port une question dans son propre protocole, a attendu ce que les muets pouvaient encore dire, et
    distingue les trois cas : une réponse, « port inaccessible », le silence après chaque essai.
learn-udpscan-q1 = Les ports 123 et 161 de 10.77.1.10 répondent à tout ce qu'ils reçoivent. Faites-les répondre tous deux.
learn-udpscan-q1-right = Deux datagrammes à l'aller, deux au retour : les deux sont ouverts.
learn-udpscan-q1-hint =
    `vigie packet sr "IP(dst='10.77.1.10')/UDP(dport=[123,161])/'hello'"` en envoie un à chacun. Un scan UDP de ces
    ports le fait aussi.
learn-udpscan-q2 = Le labo répond à certains ports UDP de `plain`, de 1 à 200. Vous en avez vu trois : 53, 123 et 161. Il y en a un quatrième, au-dessous de 10. Quels sont les quatre ?
learn-udpscan-q2-right = Le port 7 s'appelle echo : il renvoie ce qu'il reçoit.
learn-udpscan-q2-hint = Quel port bien connu s'appelle echo ?
