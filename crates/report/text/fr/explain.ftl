# `vigie scan --explain` : ce que signifient les réponses. Les noms de drapeaux, messages et états sont ceux des protocoles.

explain-title = Explication : les paquets et ce qu'ils signifient
explain-means = Signification
explain-why = Pourquoi
explain-else = Autres causes possibles
explain-sure = Certitude
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
    [one] Un autre paquet n'est pas affiché
   *[other] { $n } autres paquets ne sont pas affichés
} : nouveaux essais et réponses en double.
explain-path-packets = { $n ->
    [one] Un paquet a mesuré
   *[other] { $n } paquets ont mesuré
} le chemin ou la limite de débit de la machine : l'état des ports visés était déjà connu, et ils ne comptent pas comme essais.
explain-nothing-came = pas de réponse
explain-no-packets-connect = Le noyau a établi ces connexions (-sT). Vigie n'a pas vu leurs paquets, aucun n'est donc affiché.
explain-no-packets = Les paquets n'ont pas été enregistrés.
explain-kernel-reset = Non affiché ici : le noyau du scanner répond lui-même à chaque SYN, ACK par un RST, car aucun programme de cette machine n'a ouvert cette connexion.

explain-own-head = { $n ->
    [one] { $host } est cette machine
   *[other] { $n } adresses appartiennent à cette machine
}
explain-own-means = Les paquets ne quittent pas cette machine : le noyau les remet par l'interface de bouclage (loopback). Le résultat montre ce que voient les programmes locaux, pas ce que voient les autres machines.
explain-own-why = RFC 1122, section 3.2.1.3 : les adresses de bouclage ne doivent pas apparaître hors d'une machine. Linux remet aussi par le bouclage les paquets destinés à ses propres adresses.
explain-own-else = Les paquets n'ont traversé aucun pare-feu externe, et les règles des autres interfaces ne s'appliquent pas au bouclage : un port ouvert ici peut être fermé pour tous les autres. Pour le savoir, scannez depuis une autre machine.

explain-arp-head = { $n ->
    [one] { $host } a répondu à ARP : la machine est active
   *[other] { $n } machines ont répondu à ARP : elles sont actives
}
explain-arp-means = Le scanner a demandé sur le lien qui possède l'adresse, et la machine concernée a répondu avec son adresse MAC. Elle est sur le même lien, sans routeur ni pare-feu routé entre les deux.
explain-arp-why = RFC 826 : la machine qui possède l'adresse répond aux requêtes ARP. Une machine qui utilise IPv4 sur Ethernet doit y répondre : ARP trouve donc aussi celles qui bloquent tous les pings.
explain-arp-else = Un autre équipement peut répondre à sa place (proxy ARP, RFC 1027), ou la réponse peut être forgée : ARP n'est pas authentifié.

explain-nd-head = { $n ->
    [one] { $host } a répondu à la découverte de voisins : la machine est active
   *[other] { $n } machines ont répondu à la découverte de voisins : elles sont actives
}
explain-nd-means = Le scanner a demandé sur le lien qui possède l'adresse, et la machine concernée a répondu avec son adresse MAC. Elle est sur le même lien.
explain-nd-why = RFC 4861, section 7.2 : la machine qui possède l'adresse répond à une sollicitation de voisin par une annonce. Une limite de sauts (hop limit) de 255 prouve qu'aucun routeur ne l'a relayée.
explain-nd-else = Un routeur peut répondre à sa place (proxy), ou la réponse peut être forgée : la découverte de voisins n'est pas authentifiée.

explain-timestamp-head = { $n ->
    [one] { $host } a répondu à une requête ICMP timestamp : la machine est active
   *[other] { $n } machines ont répondu à des requêtes ICMP timestamp : elles sont actives
}
explain-timestamp-means = La requête ICMP timestamp est arrivée et la machine a répondu avec son heure : le chemin fonctionne dans les deux sens. Les pare-feu qui bloquent les pings laissent souvent passer ce type.
explain-timestamp-why = RFC 792 (timestamp et timestamp reply) ; RFC 1122, section 3.2.2.8 : une machine peut y répondre, sans y être tenue.
explain-timestamp-else = Un routeur ou un répartiteur de charge a pu répondre à sa place. La réponse n'indique pas si un port est ouvert.

explain-echo-head = { $n ->
    [one] { $host } a répondu à un ping : la machine est active
   *[other] { $n } machines ont répondu à un ping : elles sont actives
}
explain-echo-means = La requête echo est arrivée et la réponse est revenue : le chemin fonctionne dans les deux sens, et aucun pare-feu ne bloque les pings.
explain-echo-why = RFC 1122, section 3.2.2.6 (IPv6 : RFC 4443, section 4.2) : toute machine doit répondre aux requêtes echo.
explain-echo-else = Un routeur ou un répartiteur de charge a pu répondre à sa place. La réponse n'indique pas si un port est ouvert.

explain-tcp-host-head = { $n ->
    [one] { $host } a répondu à une sonde TCP : la machine est active
   *[other] { $n } machines ont répondu à une sonde TCP : elles sont actives
}
explain-tcp-host-means = Un SYN ou un ACK vers un port courant a reçu une réponse. N'importe quelle réponse prouve que la machine est active.
explain-tcp-host-why = RFC 9293, section 3.5.2 : une machine répond par RST à un segment qui n'appartient à aucune connexion, et par SYN, ACK à un SYN vers un port ouvert.
explain-tcp-host-else = Un pare-feu ou un proxy SYN a pu répondre à sa place.

explain-assumed-head = { $n ->
    [one] { $host } est supposée active (-Pn)
   *[other] { $n } machines sont supposées actives (-Pn)
}
explain-assumed-means = Aucune sonde de découverte n'a été envoyée. Les ports ont été scannés quand même ; si aucun n'a répondu, la machine est peut-être éteinte.
explain-assumed-why = -Pn saute la découverte des machines. C'est utile quand un pare-feu bloque toutes les sondes de découverte.
explain-assumed-else = Sans -Pn, le scan envoie d'abord des sondes de découverte et indique si la machine a répondu.

explain-other-host-head = { $n ->
    [one] { $host } répond : { $reason }
   *[other] { $n } machines répondent : { $reason }
}
explain-other-host-means = Une réponse est arrivée que seule une machine active envoie.
explain-other-host-why = Toute réponse à une sonde prouve qu'une machine l'a reçue.
explain-other-host-else = Un équipement sur le chemin a pu répondre à sa place.

explain-down-head = { $n ->
    [one] { $host } n'a pas répondu
   *[other] { $n } adresses n'ont pas répondu
}
explain-down-means = Aucune sonde de découverte n'a reçu de réponse. Soit l'adresse n'est pas utilisée, soit la machine est éteinte, soit un pare-feu bloque toutes ces sondes.
explain-down-why = Derrière un routeur, l'absence de réponse prouve peu. Sur le même lien, elle prouve beaucoup : une machine ne peut se cacher ni d'ARP ni de la découverte de voisins.
explain-down-else = Scannez ses ports quand même avec -Pn : une machine qui bloque les pings peut avoir un port ouvert.

explain-all-open-head = Tous les ports de { $host } paraissent ouverts : un équipement placé devant elle répond pour tous
explain-all-open-head-real = Tous les ports scannés de { $host } sont ouverts : des connexions complètes le confirment
explain-all-open-head-unclear = Tous les ports de { $host } paraissent ouverts, et des connexions complètes n'ont pas permis de trancher
explain-all-open-front = Vérifié par des connexions complètes. Vers des ports qui ont répondu : { $tried } connexions, maintenues : { $held }, coupées par RST : { $reset }. Vers des ports hauts tirés au hasard : { $controls } connexions, acceptées : { $answered }. Une machine n'écoute pas sur des ports tirés au hasard : un équipement répond donc pour tous.
explain-all-open-resets = Vérifié par des connexions complètes : sur { $tried } vers des ports qui ont répondu, { $reset } ont été coupées par RST juste après l'établissement. L'équipement qui a répondu au SYN n'a pas trouvé de service derrière le port. Il ne répond pas pour les ports hauts tirés au hasard (acceptées : { $answered } sur { $controls }).
explain-all-open-real = Vérifié par des connexions complètes vers { $tried } ports qui ont répondu : maintenues : { $held }, coupées par RST : { $reset } ; acceptées par des ports hauts tirés au hasard : { $answered } sur { $controls }. Un proxy SYN couperait les connexions, et un tarpit accepterait aussi celles vers les ports tirés au hasard.
explain-all-open-unclear = Des connexions complètes n'ont pas permis de trancher : sur { $tried } vers des ports qui ont répondu, maintenues : { $held }, coupées par RST : { $reset } ; sur { $controls } vers des ports hauts tirés au hasard, acceptées : { $answered }.
explain-all-open-means = Un proxy SYN protège une machine des inondations SYN (SYN flood) : il répond lui-même à chaque SYN et ne contacte la machine que si le client continue. Son SYN, ACK montre donc que le proxy est actif, et rien sur le port.
explain-all-open-why = La RFC 4987, section 3.8, décrit les proxys SYN. Aucune machine n'a un programme sur tous ses ports. Une capture trahit le proxy : toutes les réponses ont les mêmes TTL, fenêtre, options et délai.
explain-all-open-else = Un tarpit ou un honeypot répond à tout pour ralentir les scanners. Pour trouver les vrais ports, complétez la connexion (-sT) et attendez les premiers octets du service.

explain-open-syn-ack-head = { $n ->
    [one] { $n } port a répondu SYN, ACK : un programme écoute
   *[other] { $n } ports ont répondu SYN, ACK : des programmes écoutent
}
explain-open-syn-ack-means = La cible a accepté d'ouvrir une connexion : un programme est en écoute sur le port (état LISTEN), et tout client qui atteint cette adresse peut s'y connecter. Le scan n'achève jamais la connexion.
explain-open-syn-ack-why = RFC 9293, section 3.10.7.2 : un port à l'état LISTEN répond à un SYN par SYN, ACK ; un port sans programme en écoute répond RST. La réponse acquitte le numéro de séquence de la sonde : elle n'a pas été forgée à l'aveugle.
explain-open-syn-ack-else = Un répartiteur de charge, un pare-feu ou un proxy SYN a pu répondre à la place de la cible. Le programme n'est pas identifié : SERVICE indique le service habituel de ce numéro de port.

explain-open-connect-head = { $n ->
    [one] { $n } port a accepté une connexion : un programme écoute
   *[other] { $n } ports ont accepté une connexion : des programmes écoutent
}
explain-open-connect-means = Le noyau a établi une connexion (SYN ; SYN, ACK ; ACK) et Vigie l'a fermée aussitôt. Un programme est en écoute, et il a pu journaliser la connexion.
explain-open-connect-why = RFC 9293, section 3.5 : la poignée de main en trois temps (three-way handshake) s'est achevée, ce qui nécessite un programme en écoute.
explain-open-connect-else = Un répartiteur de charge ou un proxy a pu accepter la connexion à la place de la cible. Le programme n'est pas identifié.

explain-open-split-head = { $n ->
    [one] { $n } port a répondu par un SYN : un programme écoute
   *[other] { $n } ports ont répondu par un SYN : des programmes écoutent
}
explain-open-split-means = La cible ouvre une connexion au même moment (ouverture simultanée), ou l'ouvre en deux temps (split handshake). Un programme y accepte des connexions.
explain-open-split-why = RFC 9293, section 3.5 : les deux côtés peuvent ouvrir la même connexion en même temps, chacun par un SYN.
explain-open-split-else = Des équipements conçus pour tromper scanners et clients répondent aussi de cette façon.

explain-open-udp-head = { $n ->
    [one] { $n } port a répondu par un datagramme : un programme écoute
   *[other] { $n } ports ont répondu par des datagrammes : des programmes écoutent
}
explain-open-udp-means = Un programme a reçu la sonde et a répondu. UDP n'a pas de poignée de main : seule une réponse du programme prouve qu'un port est ouvert. Elle n'identifie le service que si elle est dans le protocole de la sonde.
explain-open-udp-why = RFC 768 : UDP transporte des datagrammes entre des ports. Seul le programme associé au port a pu envoyer celui-ci.
explain-open-udp-else = Un proxy ou un répartiteur de charge a pu répondre à la place de la cible.

explain-open-other-head = { $n ->
    [one] { $n } port a envoyé une réponse propre aux ports ouverts ({ $reason })
   *[other] { $n } ports ont envoyé une réponse propre aux ports ouverts ({ $reason })
}
explain-open-other-means = La cible a reçu la sonde et l'a acceptée.
explain-open-other-why = Dans le protocole sondé, aucun port fermé ne répond ainsi (SCTP : RFC 9260, section 5.1 ; protocoles IP : RFC 1122, section 3.2.2.1).
explain-open-other-else = Un équipement sur le chemin a pu répondre à la place de la cible.

explain-closed-reset-head = { $n ->
    [one] { $n } port a répondu { $flags } : aucun programme n'écoute
   *[other] { $n } ports ont répondu { $flags } : aucun programme n'écoute
}
explain-closed-reset-means = La sonde est arrivée, et un RST est venu de l'adresse de la machine : aucun programme n'est en écoute sur le port. C'est en général le noyau de la machine qui l'envoie ; dans ce cas aucun pare-feu ne bloque ces sondes, et un programme lancé sur ce port serait aussitôt joignable.
explain-closed-reset-why = RFC 9293, sections 3.5.2 et 3.10.7.1 : un port sans connexion ni programme en écoute répond à un segment par RST. Le RST qui répond à un SYN en acquitte le numéro de séquence : son émetteur a vu la sonde. Cela ne prouve pas que cet émetteur est la machine.
explain-closed-reset-else = Un pare-feu peut envoyer le RST à la place de la machine (règle « reject » avec RST), et un programme peut écouter derrière. Le TTL d'un tel RST diffère souvent de celui des autres réponses de la machine.

explain-closed-refused-head = { $n ->
    [one] { $n } port a refusé la connexion : aucun programme n'écoute
   *[other] { $n } ports ont refusé la connexion : aucun programme n'écoute
}
explain-closed-refused-means = Le noyau a reçu un RST pour son SYN (erreur ECONNREFUSED de connect(2)). La machine est joignable, et aucun programme n'est en écoute sur le port.
explain-closed-refused-why = RFC 9293, section 3.10.7.3 : un RST qui acquitte le SYN met fin à la tentative, et le programme reçoit l'erreur « connexion refusée ».
explain-closed-refused-else = Un pare-feu peut envoyer le RST à la place de la machine, et un programme peut écouter derrière.

explain-closed-port-unreach-head = { $n ->
    [one] { $n } port a répondu ICMP port unreachable : aucun programme n'écoute
   *[other] { $n } ports ont répondu ICMP port unreachable : aucun programme n'écoute
}
explain-closed-port-unreach-means = Le datagramme est arrivé, et l'adresse même de la machine a renvoyé une erreur : aucun programme n'utilise ce port UDP.
explain-closed-port-unreach-why = RFC 1122, section 4.1.3.1 (IPv6 : RFC 4443, section 3.1, code 4) : une machine devrait répondre ICMP port unreachable à un datagramme vers un port inutilisé. L'erreur cite la sonde, ce qui prouve à quoi elle répond.
explain-closed-port-unreach-else = Les machines limitent le débit de ces erreurs (Linux : une par seconde vers chaque adresse, après une rafale de six) : un port fermé peut donc rester longtemps sans réponse, et le scan en tient compte. Un pare-feu peut aussi envoyer cette erreur (« reject ») : d'autres ports de la machine restent alors sans réponse ou répondent de la même façon.

explain-closed-other-head = { $n ->
    [one] { $n } port a été refusé par la machine ({ $reason }) : aucun programme n'écoute
   *[other] { $n } ports ont été refusés par la machine ({ $reason }) : aucun programme n'écoute
}
explain-closed-other-means = La sonde est arrivée, et l'adresse de la machine l'a refusée : aucun programme ne l'accepte.
explain-closed-other-why = SCTP : RFC 9260, section 8.4 (ABORT) ; protocoles IP : RFC 1122, section 3.2.2.1 (protocol unreachable).
explain-closed-other-else = Un pare-feu a pu répondre à la place de la machine.

explain-silent-head = { $n ->
    [one] { $n } port n'a pas répondu : un pare-feu bloque très probablement les sondes
   *[other] { $n } ports n'ont pas répondu : un pare-feu bloque très probablement les sondes
}
explain-silent-means = Une machine répond à cette sonde, que le port soit ouvert ou fermé, sauf si elle est surchargée ou limite ses réponses. Très probablement, un pare-feu a bloqué la sonde ou la réponse. On ne sait pas si un programme écoute derrière.
explain-silent-why = RFC 9293, section 3.10.7 : TCP répond à un SYN dans tous les états : SYN, ACK en LISTEN, RST sans programme en écoute (section 3.10.7.1). Il répond RST à un ACK sans connexion. S'il n'y a pas de réponse, un équipement du chemin ou une limite de la machine a supprimé la sonde ou la réponse.
explain-silent-else = Toutes les sondes ou leurs réponses se sont perdues (probabilité ci-dessous) ; la machine limite ses RST ou est trop chargée (file de connexions pleine) ; une défense a bloqué le scanner ; le chemin de retour manque ; ou la machine s'est arrêtée pendant le scan. Un pare-feu qui rejette (REJECT) au lieu de bloquer sans réponse (DROP) aurait envoyé un RST ou une erreur ICMP.
explain-silent-numbers = { $tries ->
    [one] Un essai
   *[other] Jusqu'à { $tries } essais
} par port. Pertes sur ce chemin, sondes ou réponses : { $rate } ({ $measured ->
    [yes] mesuré
   *[no] limite supposée, trop peu de réponses pour mesurer
}). La probabilité qu'un port ait répondu et que toutes ses réponses se soient perdues est inférieure à { $p }.
explain-silent-drop = Un pare-feu bloque tous les essais ; une perte ordinaire ne touche qu'un paquet, et l'essai suivant passe. C'est pourquoi les ports sans réponse sont réessayés.
explain-silent-others-answered = D'autres ports de la même machine ont répondu entre-temps : le chemin fonctionne dans les deux sens.
explain-silent-nobody-answered = Aucun port de cette machine n'a répondu. Seule la découverte montre qu'elle est active.
explain-silent-of = Pour { $n ->
    [one] un port
   *[other] { $n } ports
} sur { $hosts ->
    [one] une machine
   *[other] { $hosts } machines
} :
explain-silent-surer = { $n ->
    [one] Un autre port est plus sûr que cela.
   *[other] { $n } autres ports sont plus sûrs que cela.
}

explain-silent-udp-head = { $n ->
    [one] { $n } port n'a pas répondu : ouvert ou filtré
   *[other] { $n } ports n'ont pas répondu : ouverts ou filtrés
}
explain-silent-udp-means = En UDP, l'absence de réponse a deux causes possibles : un programme a reçu le datagramme et n'a pas répondu, ou un pare-feu l'a bloqué. Cette sonde ne les distingue pas.
explain-silent-udp-asked-own = Les ports dont Vigie connaît le protocole ont reçu une requête de ce protocole. Le serveur habituel aurait très probablement répondu : l'absence de réponse suggère un pare-feu ou un autre programme.
explain-silent-udp-asked-other = Les ports dont Vigie ne connaît pas le protocole ont reçu un datagramme vide, ou des requêtes de protocoles souvent installés sur des ports inhabituels. La plupart des programmes ignorent ce qu'ils ne comprennent pas : l'absence de réponse y prouve peu.
explain-silent-udp-by-design = { $ports } : { $why }. Un port ouvert y reste aussi sans réponse.
explain-silent-udp-numbers = Les machines limitent le débit de leurs erreurs ICMP. Un essai ne compte que si un port fermé de la même machine a renvoyé une erreur au même moment. Chacun de ces ports a { $tries ->
    [one] au moins un essai de ce genre
   *[other] jusqu'à { $tries } essais de ce genre
}, et d'autres qui ne comptent pas. Si { $rate } des sondes ou des réponses se perdent, la probabilité qu'un port soit fermé et que toutes ses erreurs se soient perdues est inférieure à { $p }.
explain-silent-udp-mute = La machine n'a jamais signalé de port UDP fermé : elle n'envoie pas d'erreurs ICMP, ou un pare-feu les bloque. D'autres essais n'apporteraient rien.
explain-silent-udp-why = RFC 768 : UDP n'a pas d'acquittement, un port ouvert peut donc ne pas répondre. Un port fermé répond ICMP port unreachable (RFC 1122, section 4.1.3.1).
explain-silent-udp-else = La machine a limité ses erreurs ICMP (RFC 1812, section 4.3.2.8 ; RFC 4443, section 2.4), ou un pare-feu bloque les erreurs au retour. Un port ouvert répondrait le plus souvent à une requête de son propre protocole ; certains serveurs ne répondent qu'aux clients qui ont une clé.

explain-silent-flags-head = { $n ->
    [one] { $n } port n'a pas répondu : ouvert ou filtré
   *[other] { $n } ports n'ont pas répondu : ouverts ou filtrés
}
explain-silent-flags-means = Un port fermé répond RST à cette sonde ; un port ouvert l'ignore. Un pare-feu qui bloque la sonde ressemble à un port ouvert.
explain-silent-flags-why = RFC 9293, section 3.10.7.2 : un port en LISTEN ignore un segment sans SYN, ACK ni RST. Section 3.10.7.1 : un port sans programme en écoute répond RST.
explain-silent-flags-else = Certains systèmes répondent RST dans les deux cas : tous les ports paraissent alors fermés. Un scan SYN (-sS) distingue ouvert de filtré.

explain-unfiltered-head = { $n ->
    [one] { $n } port a répondu { $flags } : joignable, ouvert ou fermé
   *[other] { $n } ports ont répondu { $flags } : joignables, ouverts ou fermés
}
explain-unfiltered-means = La sonde est arrivée et la machine a répondu. Un port ouvert et un port fermé donnent la même réponse à cette sonde : elle ne montre pas si un programme écoute.
explain-unfiltered-why = RFC 9293, section 3.10.7.2 : un port en LISTEN répond RST à un ACK sans connexion. Section 3.10.7.1 : un port sans programme en écoute aussi.
explain-unfiltered-else = Un pare-feu à états aurait bloqué cet ACK : il n'y en a pas, ou il autorise ces segments.

explain-icmp-head = { $n ->
    [one] { $n } port a été rejeté par une erreur ICMP : { $name }
   *[other] { $n } ports ont été rejetés par une erreur ICMP : { $name }
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
explain-icmp-means-prohibited = Un pare-feu ou un routeur signale que ses règles interdisent ce trafic. On ne sait pas si un programme écoute derrière.
explain-icmp-means-way = Un routeur signale qu'il ne peut pas remettre le paquet : il n'a pas de route, ou l'adresse ne répond pas. On ne sait pas si un programme y écoute.
explain-icmp-means-port = Un pare-feu rejette la sonde par une erreur ICMP (courant pour les règles « reject ») ; TCP lui-même enverrait RST. On ne sait pas si un programme écoute derrière.
explain-icmp-means-protocol = La machine signale qu'elle ne prend pas en charge ce protocole de transport, ou un pare-feu le signale à sa place.
explain-icmp-means-expired = Le paquet a été relayé jusqu'à ce que son TTL ou sa limite de sauts atteigne zéro : boucle de routage, ou chemin plus long que le TTL de la sonde.
explain-icmp-means-odd = Un équipement sur le chemin n'a pas pu ou pas voulu traiter le paquet.
explain-icmp-why = RFC 792, RFC 1122 (section 3.2.2.1) et RFC 1812 (section 5.2.7.1) ; IPv6 : RFC 4443 (section 3). L'erreur cite le paquet qui l'a causée, et la citation correspond à notre sonde. Le refus ne vient pas du port lui-même, l'état est donc filtré.
explain-icmp-else = L'émetteur de l'erreur montre qui rejette la sonde : la machine, son pare-feu, ou un routeur placé avant elle. Le débit des erreurs ICMP est limité (RFC 1812, section 4.3.2.8 ; RFC 4443, section 2.4) : si beaucoup de ports sont rejetés, une partie reste d'abord sans réponse.

explain-unknown-head = { $n ->
    [one] { $n } port n'a pas été sondé, ou pas complètement
   *[other] { $n } ports n'ont pas été sondés, ou pas complètement
}
explain-unknown-means = Le scan s'est terminé avant que l'état soit sûr.
explain-unknown-why = Un état nécessite une réponse, ou assez d'essais sans réponse ({ $reason }).
explain-unknown-else = Accordez plus de temps (--max-time, --host-timeout), ou reprenez le scan (--state, --resume).

explain-other-head = { $n ->
    [one] { $n } port : { $reason }
   *[other] { $n } ports : { $reason }
}
explain-other-means = La technique choisie associe cette réponse à l'état affiché.
explain-other-why = La RFC du protocole définit ces réponses : TCP, RFC 9293, section 3.10.7 ; ICMP, RFC 792 et RFC 4443.
explain-other-else = Un équipement sur le chemin a pu répondre à la place de la cible. Une autre technique (-sS, -sA, -sT) en montre plus.

explain-silent-other-head = { $n ->
    [one] { $n } port ou protocole n'a pas répondu
   *[other] { $n } ports ou protocoles n'ont pas répondu
}
explain-silent-other-means = La sonde ou sa réponse a été bloquée en chemin, ou la cible ne répond pas à ces sondes.
explain-silent-other-why = SCTP : un programme en écoute répond à INIT par INIT ACK, sinon la machine répond ABORT (RFC 9260, sections 5.1 et 8.4) ; un COOKIE ECHO invalide est ignoré sans réponse (section 5.1.5). Protocoles IP : une machine devrait répondre protocol unreachable pour ceux qu'elle ne prend pas en charge (RFC 1122, section 3.2.2.1), et peut ignorer un paquet vide de ceux qu'elle prend en charge.
explain-silent-other-else = Beaucoup de pare-feu ne laissent passer que TCP, UDP et ICMP et bloquent le reste, et les machines limitent leurs erreurs ICMP.

explain-window-head = { $n ->
    [one] { $n } port a répondu { $flags } ; la fenêtre TCP de la réponse montre son état
   *[other] { $n } ports ont répondu { $flags } ; la fenêtre TCP des réponses montre leur état
}
explain-window-means = Un port ouvert et un port fermé répondent tous deux RST à cette sonde, mais sur certains systèmes le RST d'un port ouvert a une fenêtre non nulle. Voyez « win » dans la ligne de paquet ci-dessus.
explain-window-why = RFC 9293, section 3.10.7 : les deux états répondent RST à un ACK inattendu. La différence de fenêtre est un comportement de certains systèmes et n'est dans aucune RFC.
explain-window-else = Sur les autres systèmes, tous les ports paraissent fermés, ou tous paraissent ouverts. Un scan SYN (-sS) est fiable.

explain-traced-head = { $n ->
    [one] Route vers { $host }
   *[other] Routes vers { $n } machines
}
explain-traced-means = Chaque ligne est un routeur sur le chemin des sondes, le plus proche d'abord. Un routeur inattendu, ou un routeur absent, signifie que les paquets prennent un autre chemin que prévu. Un saut sans réponse est un routeur qui relaie les paquets mais n'envoie pas d'erreur.
explain-traced-why = Chaque routeur décrémente le TTL (limite de sauts) d'un paquet. À zéro, il abandonne le paquet et le signale à l'émetteur (RFC 792 et RFC 4443, time exceeded). Des sondes de TTL 1, 2, 3 … révèlent donc un routeur après l'autre. Un routeur commun à plusieurs machines a été sondé pour l'une d'elles, nommée sur sa ligne.
explain-traced-else = Un routeur peut répondre depuis l'adresse de son côté proche ou d'un autre de ses liens. Avec plusieurs chemins équivalents, les paquets peuvent alterner. Le retour peut passer par un autre chemin, invisible ici. Les commutateurs et les tunnels ne décrémentent pas le TTL et n'apparaissent jamais. Les routeurs limitent leurs réponses : une réponse manquante prouve peu.
