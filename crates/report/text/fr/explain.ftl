# `vigie scan --explain` : ce que veulent dire les réponses. Les noms des drapeaux, messages et états sont ceux du métier.

explain-title = Expliqué : les paquets tels qu'ils sont passés, et ce qu'ils veulent dire
explain-means = Ce que cela veut dire
explain-why = Pourquoi
explain-else = Ce que cela pourrait être d'autre
explain-sure = Avec quelle certitude
explain-check = Pour le vérifier
explain-place-listed = { $host } : { $ports }
explain-place-counted = { $host } : { $n ->
    [one] un port
   *[other] { $n } ports
}
explain-place-both = { $host } : { $ports } et { $n ->
    [one] un autre
   *[other] { $n } autres
}
explain-places-more = { $n ->
    [one] et une autre machine
   *[other] et { $n } autres machines
}
explain-from = Envoyé par : { $from }
explain-example-port = { $port } de { $host }
explain-example-host = { $host }
explain-more-packets = { $n ->
    [one] Un autre paquet à son sujet n'est pas montré
   *[other] { $n } autres paquets à son sujet ne sont pas montrés
} : d'autres essais, et des réponses revenues.
explain-path-packets = { $n ->
    [one] Un paquet en outre a mesuré
   *[other] { $n } paquets en outre ont mesuré
} le chemin, ou ce que la machine veut bien répondre : leur réponse était connue d'avance, et ce ne sont pas des essais.
explain-nothing-came = rien n'est revenu
explain-no-packets-connect = Le noyau a fait ces connexions (-sT) : leurs paquets sont passés par ses mains, pas par celles de Vigie, et aucun n'est montré.
explain-no-packets = Ses paquets n'ont pas été gardés, et aucun n'est inventé.
explain-kernel-reset = Ce que la trace ne montre pas : le noyau du scanner répond à chaque SYN, ACK par un RST, car aucun programme d'ici n'a demandé cette connexion.

explain-own-head = { $n ->
    [one] { $host } est cette machine
   *[other] { $n } adresses sont celles de cette machine
}
explain-own-means = Les paquets ne sortent jamais : le noyau les passe d'un côté à l'autre de son lien de bouclage. Ce qu'on voit ainsi est ce que voient les programmes d'ici, pas ce que voient les autres machines.
explain-own-why = RFC 1122, section 3.2.1.3 : les adresses de bouclage ne doivent pas paraître hors d'une machine ; et Linux remet aussi par le lien de bouclage ce qui est adressé à n'importe laquelle de ses propres adresses.
explain-own-else = Aucun pare-feu devant cette machine n'a été traversé, et les règles des interfaces extérieures ne valent pas pour le lien de bouclage : un port ouvert ici peut être fermé pour tous les autres. Pour le savoir, scannez depuis une autre machine.

explain-arp-head = { $n ->
    [one] { $host } a répondu pour son adresse (ARP) : elle est là
   *[other] { $n } machines ont répondu pour leur adresse (ARP) : elles sont là
}
explain-arp-means = Le scanner a demandé à tout le lien qui a l'adresse, et son titulaire l'a dit avec son adresse matérielle. Il est sur le même lien : ni routeur ni pare-feu routé entre les deux.
explain-arp-why = RFC 826 : qui a l'adresse répond. Une machine qui veut parler IPv4 sur Ethernet ne peut pas se taire à cela ; on trouve donc ainsi même celles qui ignorent tous les pings.
explain-arp-else = Un autre appareil peut répondre à sa place (proxy ARP, RFC 1027), ou quelqu'un peut mentir : ARP n'est pas authentifié.

explain-nd-head = { $n ->
    [one] { $host } a répondu pour son adresse (découverte de voisins) : elle est là
   *[other] { $n } machines ont répondu pour leur adresse (découverte de voisins) : elles sont là
}
explain-nd-means = Le scanner a demandé au lien qui a l'adresse, et son titulaire l'a dit avec son adresse matérielle. Il est sur le même lien.
explain-nd-why = RFC 4861, section 7.2 : le titulaire d'une adresse répond à une sollicitation de voisin par une annonce. Une limite de sauts de 255 prouve qu'aucun routeur ne l'a transmise.
explain-nd-else = Un routeur peut répondre à sa place (proxy), ou quelqu'un peut mentir : la découverte de voisins n'est pas authentifiée.

explain-timestamp-head = { $n ->
    [one] { $host } a répondu à une demande d'heure (timestamp) : la machine est là
   *[other] { $n } machines ont répondu à des demandes d'heure (timestamp) : elles sont là
}
explain-timestamp-means = La demande ICMP timestamp est arrivée et la machine a dit son heure : le chemin marche dans les deux sens. Les pare-feu qui jettent les pings oublient souvent cette sorte de message.
explain-timestamp-why = RFC 792 (timestamp et timestamp reply) ; RFC 1122, section 3.2.2.8 : une machine peut y répondre, et n'y est pas tenue.
explain-timestamp-else = Un routeur ou un répartiteur de charge peut répondre à sa place. Si un port est ouvert, cela ne le dit pas.

explain-echo-head = { $n ->
    [one] { $host } a répondu à un ping : elle est là
   *[other] { $n } machines ont répondu à un ping : elles sont là
}
explain-echo-means = La demande d'écho est arrivée et la réponse est revenue : le chemin marche dans les deux sens, et aucun pare-feu ne jette les pings.
explain-echo-why = RFC 1122, section 3.2.2.6 (IPv6 : RFC 4443, section 4.2) : toute machine doit répondre aux demandes d'écho.
explain-echo-else = Un routeur ou un répartiteur de charge peut répondre à sa place. Cela ne dit pas si un port est ouvert.

explain-tcp-host-head = { $n ->
    [one] { $host } a répondu à une sonde TCP : elle est là
   *[other] { $n } machines ont répondu à une sonde TCP : elles sont là
}
explain-tcp-host-means = Un SYN ou un ACK vers un port courant a reçu une réponse. Laquelle n'importe pas ici : qui répond est là.
explain-tcp-host-why = RFC 9293, section 3.5.2 : une machine répond par RST à un segment qui n'est d'aucune connexion, et par SYN, ACK à un SYN vers un port ouvert.
explain-tcp-host-else = Un pare-feu ou un proxy SYN peut répondre à sa place.

explain-assumed-head = { $n ->
    [one] { $host } a été tenue pour présente sans demander (-Pn)
   *[other] { $n } machines ont été tenues pour présentes sans demander (-Pn)
}
explain-assumed-means = Personne n'a demandé si elle est là. Ses ports ont été sondés quand même ; si aucun n'a répondu, elle est peut-être éteinte.
explain-assumed-why = -Pn saute la recherche des machines : utile là où un pare-feu jette tout ce qui pourrait en révéler une.
explain-assumed-else = Sans -Pn, le scan demande d'abord, et dit si quoi que ce soit a répondu.

explain-other-host-head = { $n ->
    [one] { $host } répond : { $reason }
   *[other] { $n } machines répondent : { $reason }
}
explain-other-host-means = Il est venu une réponse que seule envoie une machine qui est là.
explain-other-host-why = Toute réponse à une de nos sondes prouve que quelqu'un l'a reçue.
explain-other-host-else = Un appareil en chemin peut répondre à sa place.

explain-down-head = { $n ->
    [one] { $host } n'a rien répondu
   *[other] { $n } adresses n'ont rien répondu
}
explain-down-means = Aucune sonde qui cherche des machines n'a reçu de réponse. Ou bien personne n'a l'adresse, ou la machine est éteinte, ou un pare-feu jette toutes ces sondes.
explain-down-why = Le silence seul ne prouve rien. Sur le même lien il en dit long, car une machine ne peut pas se cacher d'ARP ni de la découverte de voisins ; à travers un routeur il dit peu.
explain-down-else = Scannez ses ports quand même avec -Pn : une machine qui jette les pings peut avoir un port ouvert.

explain-all-open-head = Tous les ports de { $host } répondent comme ouverts : quelque chose devant elle répond pour tous
explain-all-open-head-real = Tous les ports scannés de { $host } sont ouverts : des connexions complètes le confirment
explain-all-open-head-unclear = Tous les ports de { $host } répondent comme ouverts, et des connexions complètes n'ont pu dire pourquoi
explain-all-open-front = Cela a été vérifié par des connexions complètes : { $tried } vers des ports qui ont répondu, dont { $held } ont tenu et { $reset } ont été coupées par RST, et { $controls } vers des ports hauts tirés au hasard, qu'on n'attend pas ouverts, dont { $answered } acceptées. Aucune machine n'écoute sur des ports tirés au hasard : quelque chose répond donc pour tous.
explain-all-open-resets = Cela a été vérifié par des connexions complètes : sur { $tried } vers des ports qui ont répondu, { $reset } ont été coupées par RST une fois la poignée de main achevée. Qui a répondu au SYN n'a trouvé personne derrière le port. Pour des ports hauts tirés au hasard ({ $answered } acceptés sur { $controls }), personne ne répond.
explain-all-open-real = Cela a été vérifié par des connexions complètes, et le soupçon est levé : sur { $tried } vers des ports qui ont répondu, { $held } ont tenu et { $reset } ont été coupées par RST, tandis que { $answered } des { $controls } ports hauts tirés au hasard en ont accepté une. Un proxy SYN les couperait, ou un piège accepterait là aussi.
explain-all-open-unclear = Des connexions complètes ont été faites pour le vérifier, sans le trancher : sur { $tried } vers des ports qui ont répondu, { $held } ont tenu et { $reset } ont été coupées par RST ; sur { $controls } vers des ports hauts tirés au hasard, { $answered } acceptées.
explain-all-open-means = Un proxy SYN répond lui-même à chaque SYN, pour en épargner les déluges à la machine, et ne s'adresse à elle que si un client continue. Son SYN, ACK dit donc que le proxy vit, et rien du port.
explain-all-open-why = La RFC 4987, section 3.8, décrit les proxys SYN ; aucune machine n'a un programme sur tous ses ports. Dans une capture cela se voit : les réponses ont un même TTL, une même fenêtre, les mêmes options, et viennent toutes aussi vite.
explain-all-open-else = Un piège (tarpit, honeypot) répond à tout pour retenir les scanners. Une connexion faite en entier (-sT) qui reçoit les premiers mots du service dit quels ports sont vrais.

explain-open-syn-ack-head = { $n ->
    [one] { $n } port a répondu SYN, ACK : un programme y écoute
   *[other] { $n } ports ont répondu SYN, ACK : des programmes y écoutent
}
explain-open-syn-ack-means = La cible a accepté d'ouvrir une connexion : un programme y attend (LISTEN), et qui atteint cette adresse peut lui parler. Le scan ne va pas plus loin et n'achève jamais la connexion.
explain-open-syn-ack-why = RFC 9293, section 3.10.7.2 : à un SYN qui arrive à un port dans l'état LISTEN, la réponse est SYN, ACK. Un port sans programme répond RST ; rien d'autre qu'un programme en écoute ne l'explique donc. La réponse acquitte le numéro de séquence de cette sonde : personne ne l'a deviné.
explain-open-syn-ack-else = Un répartiteur de charge, un pare-feu ou un proxy SYN peut répondre à la place de la cible. Quel programme écoute, cela ne le dit pas : le nom sous SERVICE est celui qui est d'usage pour ce numéro.

explain-open-connect-head = { $n ->
    [one] { $n } port a accepté une connexion : un programme y écoute
   *[other] { $n } ports ont accepté une connexion : des programmes y écoutent
}
explain-open-connect-means = Le noyau a fait une connexion entière (SYN ; SYN, ACK ; ACK) et Vigie l'a fermée aussitôt. Un programme y attend, et il a pu remarquer la visite : son journal peut en avoir une ligne.
explain-open-connect-why = RFC 9293, section 3.5 : la poignée de main en trois temps a été achevée, ce que seul fait un programme en écoute.
explain-open-connect-else = Un répartiteur de charge ou un proxy a pu accepter à la place de la cible. Quel programme écoute, cela ne le dit pas.

explain-open-split-head = { $n ->
    [one] { $n } port a répondu par un SYN à lui : un programme est là
   *[other] { $n } ports ont répondu par un SYN à eux : des programmes sont là
}
explain-open-split-means = La cible demande une connexion au même moment, ou l'ouvre en deux temps. Quelqu'un est là et veut parler.
explain-open-split-why = RFC 9293, section 3.5 : deux côtés peuvent ouvrir une même connexion en même temps, chacun par un SYN.
explain-open-split-else = Des appareils qui veulent égarer scanners et clients répondent ainsi aussi.

explain-open-udp-head = { $n ->
    [one] { $n } port a répondu par un datagramme : un programme est là
   *[other] { $n } ports ont répondu par des datagrammes : des programmes sont là
}
explain-open-udp-means = Un programme a reçu la question et a répondu. UDP n'a pas de poignée de main : une réponse du programme lui-même est la seule preuve qu'un port est ouvert ; quel service c'est ne se voit qu'à une réponse dans le protocole de la question.
explain-open-udp-why = RFC 768 : UDP ne fait que porter des datagrammes entre des ports ; seul le programme qui a le port peut avoir envoyé celui-ci.
explain-open-udp-else = Un proxy ou un répartiteur de charge a pu répondre à la place de la cible.

explain-open-other-head = { $n ->
    [one] { $n } port a donné une réponse que seul donne un port ouvert ({ $reason })
   *[other] { $n } ports ont donné une réponse que seuls donnent des ports ouverts ({ $reason })
}
explain-open-other-means = Quelque chose y a reçu la sonde et l'a acceptée.
explain-open-other-why = Dans le protocole sondé, aucun port fermé ne répond ainsi (SCTP : RFC 9260, section 5.1 ; protocoles d'IP : RFC 1122, section 3.2.2.1).
explain-open-other-else = Un appareil en chemin a pu répondre à la place de la cible.

explain-closed-reset-head = { $n ->
    [one] { $n } port a répondu { $flags } : personne n'y écoute
   *[other] { $n } ports ont répondu { $flags } : personne n'y écoute
}
explain-closed-reset-means = La sonde est arrivée, et une réponse est venue au nom de la machine : aucun programme n'attend à ce port. Le plus souvent c'est son propre noyau qui le dit ; alors aucun pare-feu ne jette ces sondes, et un programme lancé là serait ouvert aussitôt.
explain-closed-reset-why = RFC 9293, sections 3.5.2 et 3.10.7.1 : à un segment qui arrive à un port sans connexion ni programme, la réponse est RST. Après un SYN il en acquitte le numéro, ce qui prouve que l'auteur de la réponse a vu cette sonde ; qui c'est, cela ne le prouve pas.
explain-closed-reset-else = Un pare-feu peut envoyer le RST à la place de la machine (règle « reject », réponse RST), et un programme peut écouter derrière ; le TTL d'une telle réponse diffère souvent de celui des autres.

explain-closed-refused-head = { $n ->
    [one] { $n } port a refusé la connexion : personne n'y écoute
   *[other] { $n } ports ont refusé la connexion : personne n'y écoute
}
explain-closed-refused-means = Le noyau a demandé une connexion et a reçu RST aussitôt (l'erreur ECONNREFUSED de connect(2)). La machine est joignable, et aucun programme n'attend à ce port.
explain-closed-refused-why = RFC 9293, section 3.10.7.3 : un RST qui acquitte notre SYN met fin à la tentative, et le programme apprend « connexion refusée ».
explain-closed-refused-else = Un pare-feu peut envoyer le RST à la place de la machine, et un programme peut écouter derrière.

explain-closed-port-unreach-head = { $n ->
    [one] { $n } port a répondu ICMP port unreachable : aucun programme ne l'a
   *[other] { $n } ports ont répondu ICMP port unreachable : aucun programme ne les a
}
explain-closed-port-unreach-means = Le datagramme est arrivé, et une erreur est revenue de l'adresse même de la machine : aucun programme n'a ce port UDP.
explain-closed-port-unreach-why = RFC 1122, section 4.1.3.1 (IPv6 : RFC 4443, section 3.1, code 4) : une machine qui reçoit un datagramme pour un port sans programme devrait répondre ICMP port unreachable. L'erreur cite notre datagramme, ce qui prouve à quoi elle répond.
explain-closed-port-unreach-else = Les machines n'envoient que peu de ces erreurs (Linux : une par seconde à chaque adresse, après six d'un coup) ; un port fermé peut donc rester longtemps muet, et le scan attend pour cela. Un pare-feu peut aussi rejeter par cette erreur (« reject ») : d'autres ports de la machine restent alors muets ou répondent de même.

explain-closed-other-head = { $n ->
    [one] { $n } port a été refusé par la machine ({ $reason }) : personne n'y écoute
   *[other] { $n } ports ont été refusés par la machine ({ $reason }) : personne n'y écoute
}
explain-closed-other-means = La sonde est arrivée, et une réponse est venue au nom de la machine : rien ne la prend.
explain-closed-other-why = SCTP : RFC 9260, section 8.4 (ABORT) ; protocoles d'IP : RFC 1122, section 3.2.2.1 (protocol unreachable).
explain-closed-other-else = Un pare-feu a pu répondre à la place de la machine.

explain-silent-head = { $n ->
    [one] { $n } port est resté muet : très probablement un pare-feu jette les sondes
   *[other] { $n } ports sont restés muets : très probablement un pare-feu jette les sondes
}
explain-silent-means = Ni oui ni non n'est revenu. Une machine qui reçoit cette sonde répond dans tous les cas, si elle en a le temps et que rien ne retient sa réponse. Très probablement un pare-feu a donc jeté la sonde ou la réponse ; si un programme écoute derrière, on ne le sait pas.
explain-silent-why = RFC 9293, section 3.10.7 : à un SYN la réponse vient dans chaque état, en LISTEN par SYN, ACK, sans programme par RST (section 3.10.7.1) ; à un ACK qui n'est d'aucune connexion elle est RST. L'absence de réponse n'est donc pas le fait de TCP lui-même : quelque chose en chemin, ou une limite de la machine, a pris la sonde ou la réponse.
explain-silent-else = Les sondes ou leurs réponses se sont perdues, à chaque fois (plus bas : combien c'est probable) ; la machine limite le nombre de ses RST, ou est trop occupée pour répondre, sa file de connexions pleine par exemple ; une défense a exclu le scanner ; le chemin du retour manque, ou la machine est partie entre-temps. Un pare-feu qui rejette au lieu de jeter aurait répondu : RST ou une erreur ICMP.
explain-silent-numbers = Au plus { $tries ->
    [one] un essai
   *[other] { $tries } essais
} pour chacun ; sur ce chemin { $rate } des sondes ou de leurs réponses se perdent, { $measured ->
    [yes] mesuré
   *[no] au plus, supposé, car trop peu est revenu pour le mesurer
} ; la probabilité qu'un tel port ait répondu et que chaque réponse se soit perdue est donc inférieure à { $p }.
explain-silent-drop = Un pare-feu qui jette est muet à chaque essai ; un paquet perdu l'est une fois, et l'essai suivant passe. C'est pourquoi les ports muets sont réessayés, et non ceux qui ont répondu.
explain-silent-others-answered = D'autres ports de la même machine ont répondu entre-temps : le chemin marche dans les deux sens.
explain-silent-nobody-answered = Aucun port de la machine n'a répondu : qu'elle soit là, on ne le sait que par ce qui l'a trouvée.
explain-silent-of = Pour { $n ->
    [one] un port
   *[other] { $n } ports
} sur { $hosts ->
    [one] une machine
   *[other] { $hosts } machines
} :
explain-silent-surer = { $n ->
    [one] Un autre port est plus sûr que ceux-ci.
   *[other] { $n } autres ports sont plus sûrs que ceux-ci.
}

explain-silent-udp-head = { $n ->
    [one] { $n } port est resté muet : ouvert et muet, ou filtré
   *[other] { $n } ports sont restés muets : ouverts et muets, ou filtrés
}
explain-silent-udp-means = Rien n'est revenu, et en UDP cela peut vouloir dire deux choses : un programme a reçu le datagramme et n'a pas jugé bon d'y répondre, ou un pare-feu l'a jeté. Cette sonde ne les distingue pas.
explain-silent-udp-asked-own = Les ports où est chez lui un protocole que Vigie parle ont eu une question dans ce protocole : le serveur habituel y aurait le plus souvent répondu ; le silence y parle donc pour un pare-feu, ou pour un autre programme.
explain-silent-udp-asked-other = Les ports où n'est chez lui aucun protocole que Vigie parle ont eu un datagramme vide, ou des questions de protocoles souvent déplacés : la plupart des programmes ignorent ce qu'ils ne comprennent pas, et le silence y dit peu.
explain-silent-udp-by-design = { $ports } : { $why }. Un port ouvert y est muet aussi.
explain-silent-udp-numbers = En UDP, un silence ne compte que si un port fermé de la même machine s'est fait entendre au même moment, car les machines retiennent beaucoup de ces erreurs. Chacun de ces ports a été demandé ainsi { $tries ->
    [one] au moins une fois
   *[other] jusqu'à { $tries } fois
}, et plus souvent sans cette preuve. Si { $rate } des sondes ou de leurs réponses se perdent, la probabilité qu'un tel port soit fermé et que chaque erreur à son sujet se soit perdue est inférieure à { $p }.
explain-silent-udp-mute = La machine n'a jamais dit d'aucun port UDP qu'il est fermé : elle n'envoie pas de telles erreurs, ou un pare-feu les jette. Aucun nombre d'essais n'en dirait plus.
explain-silent-udp-why = La RFC 768 ne connaît pas d'acquittement : un port ouvert peut donc rester muet ; un port fermé répond ICMP port unreachable (RFC 1122, section 4.1.3.1).
explain-silent-udp-else = La machine a retenu son erreur ICMP (leur débit est limité : RFC 1812, section 4.3.2.8 ; RFC 4443, section 2.4), ou un pare-feu jette les erreurs au retour. Une question dans le protocole du programme aurait le plus souvent une réponse si le port est ouvert ; certains serveurs ne répondent qu'à qui détient une clé.

explain-silent-flags-head = { $n ->
    [one] { $n } port est resté muet : ouvert ou filtré
   *[other] { $n } ports sont restés muets : ouverts ou filtrés
}
explain-silent-flags-means = Un port fermé répond RST à cette sonde ; un port ouvert l'ignore. Un pare-feu qui jette ressemble à un port ouvert.
explain-silent-flags-why = RFC 9293, section 3.10.7.2 : un port en LISTEN jette un segment qui n'a ni SYN, ni ACK, ni RST ; section 3.10.7.1 : sans programme, la réponse est RST.
explain-silent-flags-else = Certains systèmes répondent RST dans les deux cas et font paraître tous les ports fermés ; un scan SYN (-sS) distingue ouvert de filtré.

explain-unfiltered-head = { $n ->
    [one] { $n } port a répondu { $flags } : joignable, ouvert ou fermé
   *[other] { $n } ports ont répondu { $flags } : joignables, ouverts ou fermés
}
explain-unfiltered-means = La sonde est passée et la machine y a répondu. Si un programme écoute là, cette sonde ne le dit pas : un port ouvert et un port fermé répondent de même.
explain-unfiltered-why = RFC 9293, section 3.10.7.2 : un port en LISTEN répond RST à un ACK qui n'est d'aucune connexion ; section 3.10.7.1 : un port sans programme aussi.
explain-unfiltered-else = Un pare-feu qui suit les connexions aurait jeté cet ACK : il n'y en a pas ici, ou il laisse passer de tels segments.

explain-icmp-head = { $n ->
    [one] { $n } port a été refusé par une erreur ICMP : { $name }
   *[other] { $n } ports ont été refusés par une erreur ICMP : { $name }
}
explain-icmp-net-unreach = network unreachable, réseau injoignable (type 3, code 0)
explain-icmp-host-unreach = host unreachable, machine injoignable (type 3, code 1)
explain-icmp-proto-unreach = protocol unreachable, protocole inconnu (type 3, code 2)
explain-icmp-port-unreach = port unreachable, port injoignable (type 3, code 3 ; ICMPv6 type 1, code 4)
explain-icmp-net-prohibited = network administratively prohibited, réseau interdit (type 3, code 9)
explain-icmp-host-prohibited = host administratively prohibited, machine interdite (type 3, code 10)
explain-icmp-admin-prohibited = communication administratively prohibited, échange interdit (type 3, code 13 ; ICMPv6 type 1, code 1)
explain-icmp-dest-unreach = destination unreachable, destination injoignable (type 3, ou ICMPv6 type 1, avec un autre code)
explain-icmp-no-route = no route to destination, pas de route (ICMPv6 type 1, code 0)
explain-icmp-beyond-scope = beyond scope, hors de la portée de l'adresse source (ICMPv6 type 1, code 2)
explain-icmp-addr-unreach = address unreachable, adresse injoignable (ICMPv6 type 1, code 3)
explain-icmp-policy-fail = source address failed ingress/egress policy, adresse source refusée (ICMPv6 type 1, code 5)
explain-icmp-reject-route = reject route to destination, route de rejet (ICMPv6 type 1, code 6)
explain-icmp-source-quench = source quench, ralentir (type 4)
explain-icmp-time-exceeded = time exceeded, durée de vie épuisée (type 11 ; ICMPv6 type 3)
explain-icmp-param-prob = parameter problem, en-tête refusé (type 12 ; ICMPv6 type 4)
explain-icmp-means-prohibited = Un pare-feu ou un routeur dit ouvertement que des règles interdisent ce trafic. Si un programme écoute derrière, on ne le sait pas.
explain-icmp-means-way = Quelqu'un en chemin dit que le paquet ne peut être mené à cette machine ou à ce réseau : pas de route, ou personne ne répond pour l'adresse. Si un programme y écoute, on ne le sait pas.
explain-icmp-means-port = Une erreur ICMP là où TCP lui-même répondrait RST : un pare-feu rejette ainsi la sonde (la réponse d'usage des règles « reject »). Si un programme écoute derrière, on ne le sait pas.
explain-icmp-means-protocol = La machine dit qu'elle ne parle pas du tout ce protocole de transport, ou un pare-feu le dit pour elle.
explain-icmp-means-expired = Le paquet a été transmis jusqu'à épuisement de son TTL ou de sa limite de sauts : des routeurs le font tourner en rond, ou le chemin est plus long que le TTL de la sonde.
explain-icmp-means-odd = Quelqu'un en chemin n'a pas pu ou pas voulu traiter le paquet.
explain-icmp-why = RFC 792, RFC 1122 (section 3.2.2.1) et RFC 1812 (section 5.2.7.1), pour IPv6 RFC 4443 (section 3) : l'erreur cite le paquet qui l'a causée, et c'est notre sonde avec ses numéros à elle. Autre chose que le port l'a refusée ; l'état est donc filtré.
explain-icmp-else = L'expéditeur de l'erreur dit qui refuse : la machine elle-même, son pare-feu, ou un routeur devant elle. Le nombre d'erreurs est limité (RFC 1812, section 4.3.2.8 ; RFC 4443, section 2.4) : quand beaucoup de ports sont refusés, une partie reste d'abord muette.

explain-unknown-head = { $n ->
    [one] { $n } port n'a pas été sondé, ou pas jusqu'au bout
   *[other] { $n } ports n'ont pas été sondés, ou pas jusqu'au bout
}
explain-unknown-means = Le scan a pris fin avant de pouvoir en dire quoi que ce soit : rien n'est affirmé.
explain-unknown-why = Un verdict demande une réponse, ou le silence à assez d'essais ({ $reason }).
explain-unknown-else = Donnez-lui plus de temps (--max-time, --host-timeout), ou reprenez-le (--state, --resume).

explain-other-head = { $n ->
    [one] { $n } port : { $reason }
   *[other] { $n } ports : { $reason }
}
explain-other-means = Il est venu une réponse que cette technique lit comme l'état montré.
explain-other-why = Ce que son protocole dit de telles réponses est dans sa RFC : TCP dans la RFC 9293, section 3.10.7 ; ICMP dans les RFC 792 et 4443.
explain-other-else = Un appareil en chemin a pu répondre à la place de la cible ; une autre technique (-sS, -sA, -sT) en montre plus.

explain-silent-other-head = { $n ->
    [one] { $n } port ou protocole est resté muet
   *[other] { $n } ports ou protocoles sont restés muets
}
explain-silent-other-means = Rien n'est revenu : la sonde ou sa réponse a été jetée en chemin, ou ce qui est là ne répond pas à de telles sondes.
explain-silent-other-why = SCTP : un programme en écoute répond à INIT par INIT ACK, une machine sans programme par ABORT (RFC 9260, sections 5.1 et 8.4) ; un COOKIE ECHO jamais donné est écarté en silence (section 5.1.5). Protocoles d'IP : une machine devrait répondre protocol unreachable pour ceux qu'elle ne parle pas (RFC 1122, section 3.2.2.1), et ceux qu'elle parle peuvent ignorer un paquet vide.
explain-silent-other-else = Beaucoup de pare-feu ne laissent passer que TCP, UDP et ICMP et jettent le reste, et les machines limitent le nombre de leurs erreurs ICMP.

explain-window-head = { $n ->
    [one] { $n } port a répondu { $flags }, et la fenêtre de sa réponse dit son état
   *[other] { $n } ports ont répondu { $flags }, et la fenêtre de leurs réponses dit leur état
}
explain-window-means = Un port ouvert et un port fermé répondent de même à cette sonde, mais certains systèmes mettent une fenêtre non nulle dans le RST d'un port ouvert. La ligne de capture ci-dessus l'a après « win ».
explain-window-why = RFC 9293, section 3.10.7 : les deux états répondent par RST à un ACK égaré. Que leurs fenêtres diffèrent est une habitude de certains systèmes, et n'est dans aucune RFC.
explain-window-else = Sur les systèmes sans cette habitude tous les ports paraissent fermés, ou tous ouverts : un scan SYN (-sS) tranche.

explain-traced-head = { $n ->
    [one] Le chemin vers { $host } a été suivi
   *[other] Les chemins vers { $n } machines ont été suivis
}
explain-traced-means = Chaque ligne est un routeur par lequel passent les sondes vers cette machine, le plus proche d'abord. Un routeur qui ne devrait pas y être, ou un autre qui manque, et les paquets prennent un autre chemin que prévu. Un pas sans réponse est un routeur qui transmet et se tait ; ce qui vient après lui est montré tout de même.
explain-traced-why = Chaque routeur retire un à la durée de vie (limite de sauts) d'un paquet, et celui à qui il ne reste rien le jette et le dit à l'expéditeur (RFC 792 et RFC 4443, time exceeded). Des sondes à 1, 2, 3 … sauts font donc se nommer un routeur après l'autre. Un routeur que plusieurs machines partagent a été interrogé pour l'une d'elles, que la ligne nomme.
explain-traced-else = La réponse porte l'adresse du côté proche du routeur, ou celle de n'importe lequel de ses liens. Quand plusieurs chemins se valent, les paquets peuvent alterner ; le retour peut passer ailleurs, et ne se voit pas ; commutateurs et tunnels ne retirent rien et ne se montrent jamais. Les routeurs limitent leurs réponses : le silence y dit peu.
