# `vigie dns` : aide, erreurs et explications. (La présentation des réponses est celle de dig, dans toutes les langues.)

dns-about = Interroger un serveur DNS, comme dig
dns-usage = vigie dns [@SERVEUR] NOM [TYPE] [+OPTIONS] [OPTIONS]
dns-after =
    Exemples
      vigie dns www.example.org
      vigie dns @10.0.0.1 example.org MX
      vigie dns -x 10.0.0.1 +short
      vigie dns example.org NS +trace

    Options de requête : +short +tcp +trace +dnssec +norecurse +noedns +bufsize=OCTETS +time=SECONDES +tries=NOMBRE +ignore
    Options d'affichage : +[no]all +[no]cmd +[no]comments +[no]question +[no]answer +[no]authority +[no]additional +[no]stats
dns-options = Options
value-words = @SERVEUR NOM TYPE +OPTIONS
value-type = TYPE
value-class = CLASSE
dns-help-words = Serveur (par défaut : ceux du système), nom, type d'enregistrement, options comme dans dig
dns-help-port = Port du serveur
dns-help-reverse = Résolution inverse d'une adresse
dns-help-type = Type d'enregistrement : A, AAAA, MX, NS, TXT, SOA, PTR, SRV, ANY, TYPE65280
dns-help-class = Classe : IN, CH, HS
dns-help-ipv4 = N'utiliser que les adresses IPv4 des serveurs
dns-help-ipv6 = N'utiliser que les adresses IPv6 des serveurs

dns-word-extra = nom inattendu « { $word } » : un seul nom par requête
dns-type = type d'enregistrement inconnu « { $type } »
dns-class = classe inconnue « { $class } » : IN, CH ou HS
dns-address = « { $address } » n'est pas une adresse IP
dns-name = nom invalide « { $name } » : { $error }
dns-switch = option inconnue « { $word } »
dns-switch-hint = « vigie dns --help » donne la liste des options
dns-no-server = aucun serveur DNS n'est configuré sur ce système
dns-no-server-hint = indiquez-en un : @10.0.0.1
dns-server-family = { $server } n'a pas d'adresse de cette famille
dns-port-closed = { $server } a répondu ICMP port unreachable : son port UDP { $port } est fermé
dns-reset = { $server } a répondu RST : son port TCP { $port } est fermé
dns-port-closed-hint = la machine est active, mais aucun service DNS n'écoute sur ce port
dns-timed-out = pas de réponse de { $server } sur le port { $port }
dns-timed-out-hint = le serveur est éteint ou n'existe pas, ou un pare-feu bloque la requête ; essayez +tcp
dns-unreachable = { $server } est injoignable : { $error } (erreur ICMP ou pas de route)
dns-system = impossible d'envoyer la requête à { $server } : { $error }
dns-malformed = la réponse de { $server } n'est pas un message DNS valide : { $error }
dns-too-deep = trop de délégations

dns-help-explain = Expliquer la réponse et montrer les paquets
dns-explain-title = Signification de cette réponse
dns-explain-noerror = le nom existe et a des enregistrements du type demandé (RFC 1035, section 4.1.1)
dns-explain-nodata = le nom existe, mais n'a pas d'enregistrement du type demandé (RFC 2308, section 2.2), ou le serveur renvoie à d'autres serveurs (AUTHORITY)
dns-explain-formerr = le serveur n'a pas pu analyser la requête
dns-explain-servfail = le serveur n'a pas pu résoudre le nom : ses serveurs amont ne répondent pas, ou une signature est invalide (DNSSEC)
dns-explain-nxdomain = le nom n'existe pas, ni aucun nom au-dessous (RFC 8020)
dns-explain-notimp = le serveur ne prend pas en charge ce genre de requête
dns-explain-refused = le serveur refuse de vous répondre : il sert d'autres clients, ou d'autres noms
dns-explain-other = un statut plus rare ; voir le registre des RCODE de l'IANA
dns-explain-aa = réponse faisant autorité : le serveur est responsable de ce nom
dns-explain-no-aa = absent : la réponse vient d'un cache, et son TTL décroît
dns-explain-tc = la réponse est tronquée ; TCP la renvoie entière
dns-explain-rd = récursion souhaitée : le client demande au serveur d'interroger d'autres serveurs
dns-explain-ra = récursion disponible : le serveur interroge d'autres serveurs
dns-explain-ad = données authentifiées : le serveur a validé les signatures (DNSSEC ; RFC 4035, section 3.2.3)
dns-explain-cd = vérification désactivée : le client demande au serveur de ne pas valider les signatures
dns-explain-answer = les enregistrements demandés ; le nombre est le TTL, la durée en secondes de leur mise en cache
dns-explain-authority = les serveurs responsables de la zone, ou la preuve qu'il n'y a pas de réponse
dns-explain-additional = des enregistrements associés, comme les adresses des serveurs de noms
dns-explain-edns = EDNS : permet des datagrammes plus longs et plus de drapeaux (RFC 6891)
dns-explain-udp = { $server } a répondu depuis son port UDP { $port } : ce port est ouvert
dns-explain-tcp = { $server } a répondu sur son port TCP { $port } : ce port est ouvert
dns-explain-tcp-again = la réponse UDP de { $server } était tronquée ; la requête a été répétée sur le port TCP { $port } : les deux ports sont ouverts
dns-explain-headers = Les messages sont ceux de la socket de ce programme. Les en-têtes sont reconstruits d'après ce que la socket connaît : adresses, ports et longueur.
