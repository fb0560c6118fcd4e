# `vigie dns` : son aide, et pourquoi il n'y a pas de réponse. (La disposition de la réponse est celle de dig, dans chaque langue.)

dns-about = Interroger un serveur DNS, comme dig
dns-usage = vigie dns [@SERVEUR] NOM [TYPE] [+MOTS] [OPTIONS]
dns-after =
    Exemples
      vigie dns www.example.org
      vigie dns @10.0.0.1 example.org MX
      vigie dns -x 10.0.0.1 +short
      vigie dns example.org NS +trace

    Mots : +short +tcp +trace +dnssec +norecurse +noedns +bufsize=OCTETS +time=SECONDES +tries=NOMBRE +ignore,
    et ce qui est montré : +[no]all +[no]cmd +[no]comments +[no]question +[no]answer +[no]authority +[no]additional +[no]stats
dns-options = Options
dns-value-words = @SERVEUR NOM TYPE +MOTS
dns-value-port = PORT
dns-value-address = ADRESSE
dns-value-type = TYPE
dns-value-class = CLASSE
dns-help-words = Qui interroger (sinon les serveurs du système), sur quoi, et comment
dns-help-port = Le port du serveur
dns-help-reverse = Le nom d'une adresse
dns-help-type = Le type d'enregistrement : A, AAAA, MX, NS, TXT, SOA, PTR, SRV, ANY, TYPE65280
dns-help-class = La classe : IN, CH, HS
dns-help-ipv4 = Seulement les serveurs à adresse IPv4
dns-help-ipv6 = Seulement les serveurs à adresse IPv6

dns-word-extra = « { $word } » est un nom de trop : une question à la fois
dns-type = « { $type } » n'est pas un type d'enregistrement
dns-class = « { $class } » n'est pas une classe : IN, CH ou HS
dns-address = « { $address } » n'est pas une adresse IP
dns-name = « { $name } » n'est pas un nom : { $error }
dns-switch = il n'y a pas de « { $word } » ici
dns-switch-hint = « vigie dns --help » donne la liste des mots
dns-no-server = ce système ne nomme aucun serveur DNS
dns-no-server-hint = nommez-en un : @10.0.0.1
dns-server-family = { $server } n'a pas d'adresse de cette famille
dns-port-closed = { $server } a répondu, mais pas en DNS : un message ICMP port unreachable est revenu, son port UDP { $port } est fermé
dns-reset = { $server } a répondu, mais pas en DNS : un segment RST est revenu, son port TCP { $port } est fermé
dns-port-closed-hint = aucun service DNS n'écoute sur cette machine et ce port ; elle est active, sinon sa réponse ne serait pas venue
dns-timed-out = { $server } n'a pas répondu sur le port { $port }
dns-timed-out-hint = elle est éteinte, elle n'existe pas, ou un pare-feu écarte la question ; +tcp essaie autrement
dns-unreachable = { $server } est injoignable : { $error } (une erreur ICMP est revenue, ou il n'y a pas de route)
dns-system = la question à { $server } n'a pas pu partir : { $error }
dns-malformed = { $server } a répondu autre chose qu'un message DNS : { $error }
dns-too-deep = les délégations n'en finissent pas

dns-help-explain = Dire ce que veulent dire les mots de la réponse, et montrer les paquets tels qu'ils sont passés
dns-explain-title = Ce que veut dire cette réponse
dns-explain-noerror = le nom existe et a des enregistrements du type demandé (RFC 1035, section 4.1.1)
dns-explain-nodata = le nom existe, mais n'a pas d'enregistrement du type demandé (RFC 2308, section 2.2), ou le serveur renvoie ailleurs (AUTHORITY)
dns-explain-formerr = le serveur n'a pas compris la question
dns-explain-servfail = le serveur n'a pas pu trouver la réponse : ses propres serveurs se taisent, ou une signature est fausse (DNSSEC)
dns-explain-nxdomain = le nom n'existe pas, ni aucun en dessous (RFC 8020)
dns-explain-notimp = le serveur ne fait pas ce qui était demandé
dns-explain-refused = le serveur ne veut pas vous répondre : il en sert d'autres, ou d'autres noms
dns-explain-other = un état plus rare ; le registre des RCODE de l'IANA les donne tous
dns-explain-aa = le serveur est lui-même responsable de ce nom (il fait autorité)
dns-explain-no-aa = absent : la réponse vient d'un cache ou d'ailleurs, et son TTL s'écoule
dns-explain-tc = la réponse est coupée : par TCP elle vient entière
dns-explain-rd = vous avez prié le serveur d'en interroger d'autres au besoin
dns-explain-ra = le serveur le fait (récursion possible)
dns-explain-ad = le serveur dit avoir vérifié les signatures (DNSSEC ; RFC 4035, section 3.2.3)
dns-explain-cd = les signatures ne devaient pas être vérifiées
dns-explain-answer = les enregistrements demandés ; le nombre est le TTL, les secondes pendant lesquelles on peut les garder
dns-explain-authority = qui est responsable de la zone, ou la preuve qu'il n'y a rien
dns-explain-additional = ce que vous demanderiez ensuite, comme les adresses des serveurs nommés
dns-explain-edns = les deux côtés peuvent envoyer des datagrammes plus longs et plus de drapeaux (RFC 6891)
dns-explain-udp = { $server } a répondu depuis son port UDP { $port } : ce port est ouvert
dns-explain-tcp = { $server } a répondu sur son port TCP { $port } : ce port est ouvert
dns-explain-tcp-again = la réponse UDP de { $server } ne tenait pas et a été redemandée sur le port TCP { $port } : les deux sont ouverts
dns-explain-headers = Les messages sont ceux qui sont passés par la socket de ce programme ; des en-têtes qui les précèdent, une socket connaît les adresses, les ports et la longueur.
