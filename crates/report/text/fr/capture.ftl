# `vigie capture` : son aide, ce qu'elle dit, et ce qui ne va pas dans les filtres et les fichiers de capture.

capture-about = Les paquets sur le câble, en lignes ou dans un fichier
capture-usage = vigie capture [OPTIONS] [FILTRE]
capture-after =
    Exemples
      vigie capture -n -i eth0 'udp && port 53'
      vigie capture -i lo 'udp or icmp'
      vigie capture -n 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 && ! net 10.0.0.0/8'
      vigie capture -i any -w tout.pcapng
      vigie capture -r tout.pcapng -vv host 10.0.0.1

    Le filtre est le langage de tcpdump : tcp, udp, icmp, ip6, arp, host, src, dst, net, port, portrange, proto, vlan, less,
    greater, comparaisons proto[décalage:taille], &&, ||, !, parenthèses (à protéger du shell).
capture-value-filter = FILTRE
capture-value-direction = SENS
capture-value-bytes = OCTETS
capture-value-kib = KIO
capture-value-megabytes = MO
capture-value-count = NOMBRE
capture-value-format = FORMAT
capture-help-filter = Quels paquets : le langage de tcpdump

capture-group-filter = Quels paquets
capture-group-from = D'où
capture-help-interface = Cette interface, ou any (sinon la première active)
capture-help-list = Lister les interfaces
capture-help-read = Un fichier de capture à la place (- pour l'entrée standard)
capture-help-filter-file = Le filtre depuis un fichier
capture-help-direction = Seulement ce qui entre, ou ce qui sort : in, out, inout
capture-help-no-promiscuous = Seulement ce qui est destiné à cette machine
capture-help-snap = Octets gardés d'un paquet (0 : tous)
capture-help-buffer = Taille de l'anneau du noyau
capture-help-code = Montrer le programme du filtre et finir

capture-group-show = Ce qui est montré
capture-help-numeric = Des nombres, pas de noms (les noms viennent de /etc/hosts et de la table des services, jamais du réseau)
capture-help-verbose = Plus : en-tête IP et sommes de contrôle ; -vv les messages DNS entiers et plus
capture-help-link-header = L'en-tête de liaison aussi
capture-help-hex-ascii = Les octets, en hexadécimal et ASCII ; -XX avec l'en-tête de liaison
capture-help-hex = Les octets, en hexadécimal ; -xx avec l'en-tête de liaison
capture-help-ascii = Les octets en ASCII ; -AA avec l'en-tête de liaison
capture-help-time = Heures : -t aucune, -tt depuis 1970, -ttt depuis la ligne d'avant, -tttt avec la date, -ttttt depuis la première
capture-help-absolute = Numéros de séquence TCP tels quels
capture-help-line-buffered = Montrer chaque ligne aussitôt
capture-help-nano = Heures en nanosecondes

capture-group-file = Fichiers
capture-help-write = Écrire les paquets dans un fichier (- pour la sortie standard), sans lignes
capture-help-format = Le format du fichier : pcap ou pcapng (sinon d'après son nom)
capture-help-print = Afficher aussi les lignes
capture-help-packet-buffered = Écrire chaque paquet aussitôt
capture-help-rotate-size = Commencer un nouveau fichier après tant de millions d'octets
capture-help-rotate-time = Commencer un nouveau fichier après tant de secondes ; %H, %M et autres dans le nom en donnent l'heure
capture-help-rotate-count = Au plus tant de fichiers

capture-group-end = Quand s'arrêter (sinon par Ctrl-C)
capture-help-count = Après tant de paquets

capture-link-up = Active
capture-link-running = En marche
capture-link-loopback = Boucle locale
capture-link-any = toutes les interfaces

capture-listening = écoute sur { $interface }, type de liaison { $link }, longueur gardée { $bytes } octets
capture-reading = lecture du fichier { $file }, type de liaison { $link }
capture-captured = { $count ->
    [one] { $count } paquet capturé
   *[other] { $count } paquets capturés
}
capture-received = { $count ->
    [one] { $count } paquet reçu par le filtre
   *[other] { $count } paquets reçus par le filtre
}
capture-dropped = { $count ->
    [one] { $count } paquet perdu par le noyau
   *[other] { $count } paquets perdus par le noyau
}
capture-not-permitted = écouter une interface demande la capacité CAP_NET_RAW
capture-not-permitted-hint = lancez-la en root, ou accordez-la une fois : sudo setcap cap_net_raw+ep { $program }
capture-needs-write = « { $arg } » va avec -w FICHIER
capture-links-mixed = { $file } contiendrait des paquets de plusieurs types de liaison : filtrez-en un, ou écrivez-les à part
capture-link-unknown = les paquets de type de liaison { $link } ne peuvent pas être écrits
capture-file-unreadable = { $file } ne peut pas être lu : { $error }
capture-file-strange = { $file } n'est pas un fichier de capture : il ne commence ni comme pcap ni comme pcapng (octet { $offset })
capture-file-version = { $file } est de la version { $version }, inconnue ici (octet { $offset })
capture-file-length = { $file } est abîmé : à l'octet { $offset }, une longueur de { $length } octets est annoncée
capture-file-interface = { $file } est abîmé : le paquet à l'octet { $offset } est de l'interface { $interface }, qu'il ne décrit pas
capture-file-interfaces = { $file } décrit plus d'interfaces qu'il n'en tient ici (octet { $offset })
capture-file-cut = { $file } finit au milieu d'un paquet, à l'octet { $offset }

filter-character = « { $character } » ne veut rien dire dans un filtre
filter-ends = le filtre finit là où devrait suivre { $expected }
filter-expected = « { $found } » se trouve là où devrait être { $expected }
filter-expected-primitive = quelque chose comme tcp, host ADRESSE ou port NUMÉRO
filter-expected-value = une valeur
filter-expected-operand = un nombre ou proto[décalage]
filter-expected-comparison = une comparaison (=, !=, <, <=, >, >=)
filter-expected-parenthesis = « ) »
filter-expected-bracket = « ] »
filter-expected-operator = &&, ||, ou la fin
filter-expected-mask = un masque comme 255.255.0.0
filter-unknown-word = « { $word } » n'est pas un mot des filtres
filter-unknown-host = aucune machine ne s'appelle « { $name } »
filter-unknown-port = aucun service de ce protocole ne s'appelle « { $name } »
filter-unknown-protocol = aucun protocole ne s'y appelle « { $name } »
filter-bad-network = « { $text } » n'est pas un réseau de cette longueur
filter-too-large = { $text } est trop grand : au plus { $max }
filter-mismatch = « { $qualifier } » ne va pas avec « { $kind } »
filter-bad-range = « { $text } » n'est pas un intervalle de ports
filter-bad-size = { $text } n'est pas une taille : 1, 2 ou 4
filter-bad-arithmetic = une division par zéro, ou un décalage de 32 ou plus
filter-not-on-this-link = « { $word } » ne veut rien dire sur ce genre de liaison
filter-unsupported = tcpdump connaît « { $word } », pas Vigie
filter-too-long = le filtre est trop long ou trop imbriqué pour la machine à filtrer du noyau
filter-hint-host = une adresse demande un mot devant elle : host, src, dst ou net
filter-hint-words = les mots sont tcp, udp, icmp, icmp6, ip, ip6, arp, host, net, port, portrange, src, dst, vlan, less, greater, &&, ||, !
filter-hint-network = les bits après le masque doivent être 0 : 10.0.0.0/8, 192.168.1.0/24, 2001:db8::/32
filter-hint-range = deux ports et un tiret : portrange 8000-8100
filter-hint-quote = le shell le change-t-il ? Mettez le filtre entre guillemets simples

seen-title = Ce que veulent dire ces paquets
seen-arp-request = quelqu'un demande au lien qui a une adresse IPv4 (RFC 826)
seen-arp-reply = son titulaire répond par son adresse matérielle
seen-ns = quelqu'un demande au lien qui a une adresse IPv6 (RFC 4861)
seen-na = son titulaire répond par son adresse matérielle
seen-router = une machine cherche des routeurs, ou un routeur dit qu'il est là
seen-mld = une machine dit quels groupes multicast elle écoute
seen-echo = un ping : es-tu là ?
seen-echo-reply = la réponse à un ping : je suis là
seen-port-unreachable = aucun programme n'a le port UDP demandé : il est fermé (ou un pare-feu rejette)
seen-prohibited = un pare-feu ou un routeur refuse ouvertement
seen-unreachable = un routeur ou une machine dit que le paquet ne peut être remis
seen-time-exceeded = le TTL d'un paquet s'est épuisé en chemin : traceroute, ou des routeurs qui tournent en rond
seen-redirect = un routeur indique un meilleur chemin
seen-icmp = un autre message du protocole de contrôle
seen-syn = un client demande une connexion ; beaucoup vers beaucoup de ports : un scan
seen-syn-ack = un programme y écoute et accepte : le port est ouvert
seen-ack = des données ou une étape de la connexion sont acquittées ; après SYN, ACK cela achève la poignée de main
seen-data = une connexion porte des données
seen-fin = un côté ferme sa moitié d'une connexion
seen-rst = personne n'y écoute (après un SYN : le port est fermé), ou une connexion est rompue
seen-odd-flags = des drapeaux qu'aucune connexion n'a : un scan par paquets bizarres, ou un logiciel défaillant
seen-dns-query = quelqu'un demande un nom
seen-dns-response = un serveur répond
seen-dhcp = une machine demande une adresse, ou en reçoit une
seen-ntp = des horloges sont mises à l'heure
seen-udp = un datagramme d'un protocole qui n'est pas distingué ici
seen-fragment = le reste d'un paquet trop long pour le chemin
seen-protocol = ni TCP, ni UDP, ni ICMP
seen-other = pas de l'IP, ou coupé trop court
capture-help-explain = À la fin, dire ce que veulent dire les sortes de paquets vues
