# `vigie capture` : aide, messages, erreurs dans les filtres et les fichiers de capture ; résumés de `--explain`.

capture-about = Capturer des paquets, en lignes ou dans un fichier
capture-usage = vigie capture [OPTIONS] [FILTRE]
capture-after =
    Exemples
      vigie capture -n -i eth0 'udp && port 53'
      vigie capture -i lo 'udp or icmp'
      vigie capture -n 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 && ! net 10.0.0.0/8'
      vigie capture -i any -w tout.pcapng
      vigie capture -r tout.pcapng -vv host 10.0.0.1

    Le filtre suit la syntaxe de tcpdump : tcp, udp, icmp, ip6, arp, host, src, dst, net, port, portrange, proto, vlan, less,
    greater, comparaisons avec proto[décalage:taille], &&, ||, !, parenthèses (à protéger du shell).
value-direction = SENS
value-bytes = OCTETS
value-kib = KIO
value-mb = MO
value-count = NOMBRE
capture-help-filter = Filtre de capture dans la syntaxe de tcpdump

capture-group-filter = Filtre
capture-group-from = Source
capture-help-interface = Interface, ou any pour toutes (par défaut : la première active)
capture-help-list = Lister les interfaces
capture-help-read = Lire les paquets d'un fichier de capture (- pour l'entrée standard)
capture-help-filter-file = Lire le filtre dans un fichier
capture-help-direction = Seulement les paquets reçus, ou seulement les paquets envoyés : in, out, inout
capture-help-no-promiscuous = Ne pas utiliser le mode promiscuous
capture-help-snap = Longueur de capture : octets gardés de chaque paquet (0 : tous)
capture-help-buffer = Taille du tampon circulaire du noyau
capture-help-code = Afficher le filtre compilé et quitter

capture-group-show = Affichage
capture-help-numeric = Ne pas résoudre adresses et ports (les noms viennent de /etc/hosts et de la table des services, jamais du réseau)
capture-help-verbose = Plus de détails : en-tête IP et sommes de contrôle ; -vv ajoute les messages DNS complets et plus
capture-help-link-header = Afficher l'en-tête de liaison
capture-help-hex-ascii = Afficher les octets en hexadécimal et ASCII ; -XX avec l'en-tête de liaison
capture-help-hex = Afficher les octets en hexadécimal ; -xx avec l'en-tête de liaison
capture-help-ascii = Afficher les octets en ASCII ; -AA avec l'en-tête de liaison
capture-help-time = Horodatage : -t aucun, -tt depuis 1970, -ttt depuis la ligne précédente, -tttt avec la date, -ttttt depuis la première ligne
capture-help-absolute = Numéros de séquence TCP absolus
capture-help-line-buffered = Vider le tampon après chaque ligne
capture-help-nano = Horodatage en nanosecondes

capture-group-file = Fichiers
capture-help-write = Écrire les paquets dans un fichier (- pour la sortie standard) au lieu de les afficher
capture-help-format = Format du fichier : pcap ou pcapng (par défaut : selon l'extension)
capture-help-print = Afficher aussi les paquets
capture-help-packet-buffered = Vider le tampon après chaque paquet
capture-help-rotate-size = Commencer un nouveau fichier après ce nombre de millions d'octets
capture-help-rotate-time = Commencer un nouveau fichier après ce nombre de secondes ; le nom peut contenir des champs d'heure comme %H et %M
capture-help-rotate-count = Garder au plus ce nombre de fichiers

capture-group-end = Quand s'arrêter (par défaut : Ctrl-C)
capture-help-count = S'arrêter après ce nombre de paquets

capture-link-up = Active
capture-link-running = En fonction
capture-link-loopback = Bouclage
capture-link-any = toutes les interfaces

capture-listening = écoute sur { $interface }, type de lien { $link }, longueur de capture { $bytes } octets
capture-reading = lecture du fichier { $file }, type de lien { $link }
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
capture-not-permitted = la capture nécessite la capacité CAP_NET_RAW
capture-not-permitted-hint = lancez-la en root, ou accordez la capacité une fois pour toutes : sudo setcap cap_net_raw+ep { $program }
capture-needs-write = « { $arg } » nécessite -w FICHIER
capture-links-mixed = { $file } ne peut pas contenir des paquets de plusieurs types de lien : filtrez-en un, ou écrivez des fichiers séparés
capture-link-unknown = impossible d'écrire des paquets du type de lien { $link }
capture-file-unreadable = impossible de lire { $file } : { $error }
capture-file-strange = { $file } n'est pas un fichier de capture : ni en-tête pcap, ni en-tête pcapng (octet { $offset })
capture-file-version = { $file } est d'une version non prise en charge, { $version } (octet { $offset })
capture-file-length = { $file } est endommagé : longueur invalide de { $length } octets à l'octet { $offset }
capture-file-interface = { $file } est endommagé : le paquet à l'octet { $offset } appartient à l'interface non définie { $interface }
capture-file-interfaces = { $file } définit trop d'interfaces (octet { $offset })
capture-file-cut = { $file } est tronqué au milieu d'un paquet, à l'octet { $offset }

filter-character = caractère inattendu « { $character } » dans le filtre
filter-ends = le filtre se termine là où il faut { $expected }
filter-expected = « { $found } » inattendu : il faut ici { $expected }
filter-expected-primitive = une primitive comme tcp, host ADRESSE ou port NUMÉRO
filter-expected-value = une valeur
filter-expected-operand = un nombre ou proto[décalage]
filter-expected-comparison = une comparaison (=, !=, <, <=, >, >=)
filter-expected-parenthesis = « ) »
filter-expected-bracket = « ] »
filter-expected-operator = &&, ||, ou la fin
filter-expected-mask = un masque comme 255.255.0.0
filter-unknown-word = mot inconnu « { $word } » dans le filtre
filter-unknown-host = machine inconnue « { $name } »
filter-unknown-port = service inconnu « { $name } » pour ce protocole
filter-unknown-protocol = protocole inconnu « { $name } » à cet endroit
filter-bad-network = « { $text } » n'est pas un réseau de cette longueur
filter-too-large = { $text } est trop grand : le maximum est { $max }
filter-mismatch = « { $qualifier } » ne se combine pas avec « { $kind } »
filter-bad-range = « { $text } » n'est pas une plage de ports
filter-bad-size = { $text } n'est pas une taille valide : 1, 2 ou 4
filter-bad-arithmetic = division par zéro, ou décalage de 32 ou plus
filter-not-on-this-link = « { $word } » n'a pas de sens sur ce type de lien
filter-unsupported = « { $word } » est un mot-clé de tcpdump que Vigie ne prend pas en charge
filter-too-long = le filtre est trop long ou trop imbriqué pour le noyau
filter-hint-host = mettez host, src, dst ou net devant une adresse
filter-hint-words = mots-clés : tcp, udp, icmp, icmp6, ip, ip6, arp, host, net, port, portrange, src, dst, vlan, less, greater, &&, ||, !
filter-hint-network = les bits après le préfixe doivent être à 0 : 10.0.0.0/8, 192.168.1.0/24, 2001:db8::/32
filter-hint-range = écrivez deux ports et un tiret : portrange 8000-8100
filter-hint-quote = le shell l'a peut-être modifié : mettez le filtre entre guillemets simples

seen-title = Signification de ces paquets
seen-arp-request = une machine demande l'adresse MAC d'une adresse IPv4 (RFC 826)
seen-arp-reply = la machine qui possède l'adresse répond avec son adresse MAC
seen-ns = une machine demande l'adresse MAC d'une adresse IPv6 (RFC 4861)
seen-na = la machine qui possède l'adresse répond avec son adresse MAC
seen-router = une machine sollicite les routeurs, ou un routeur s'annonce
seen-mld = une machine annonce ses groupes multicast
seen-echo = un ping
seen-echo-reply = une réponse à un ping
seen-port-unreachable = aucun programme n'utilise ce port UDP : il est fermé (ou un pare-feu rejette)
seen-prohibited = un pare-feu ou un routeur rejette le paquet
seen-unreachable = un routeur ou une machine signale qu'il ne peut pas remettre le paquet
seen-time-exceeded = le TTL d'un paquet a atteint zéro en chemin : traceroute, ou une boucle de routage
seen-redirect = un routeur signale une meilleure route
seen-icmp = un autre message ICMP
seen-syn = un client demande une connexion ; beaucoup de SYN vers beaucoup de ports : un scan
seen-syn-ack = un programme écoute et accepte : le port est ouvert
seen-ack = acquitte des données ou une étape de la connexion ; après SYN, ACK, achève la poignée de main
seen-data = des données d'une connexion
seen-fin = un côté ferme sa moitié de la connexion
seen-rst = aucun programme n'écoute (après un SYN : le port est fermé), ou une connexion est interrompue
seen-odd-flags = des drapeaux qu'aucune connexion n'utilise : un scan inhabituel, ou un logiciel défaillant
seen-dns-query = une requête DNS
seen-dns-response = une réponse DNS
seen-dhcp = une machine demande une adresse, ou en reçoit une
seen-ntp = synchronisation d'horloges
seen-udp = un datagramme d'un protocole non reconnu
seen-fragment = le reste d'un paquet trop long pour le chemin
seen-protocol = un autre protocole IP que TCP, UDP et ICMP
seen-other = pas de l'IP, ou tronqué
capture-help-explain = À la fin, expliquer les sortes de paquets capturés
