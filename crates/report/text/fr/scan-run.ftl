# Ce que dit la commande scan avant d'envoyer, et pourquoi elle ne le peut pas.

scan-family-empties = { $flag } ne laisse rien à scanner : aucune cible n'a d'adresse de cette famille
scan-family-empties-hint = retirez l'option, ou donnez des cibles de cette famille
scan-all-excluded = il ne reste rien à scanner : toutes les cibles sont exclues
scan-all-excluded-hint = voyez --exclude et --exclude-file
scan-too-many = { $count } adresses, c'est trop pour un seul scan
scan-too-many-hint = au plus { $most } : un préfixe comme /0 est souvent une faute de frappe pour /24
scan-name-family = « { $name } » n'a pas d'adresse de la famille demandée
name-unknown = le nom « { $name } » est inconnu : { $error }
name-unknown-hint = vérifiez l'orthographe, ou écrivez l'adresse
interface-unknown = aucune interface ne s'appelle « { $name } »
interface-unknown-hint = il y a : { $names }
interface-down = l'interface { $name } est désactivée
interface-down-hint = activez-la : ip link set { $name } up
kernel-refused = le noyau a refusé : { $error }
no-route = cette machine n'a pas de route vers { $target } : { $error }
no-route-hint = voyez « ip route get » pour cette adresse ; rien n'a été envoyé
only-group-addresses = les cibles sont des adresses de diffusion, de groupe ou anycast : aucune machine seule n'y répond
only-group-addresses-hint = nommez les machines elles-mêmes
scan-plan-broken = le plan ne convient pas à ses routes : { $error }
privileges-kept = les privilèges n'ont pas pu être abandonnés : { $error }
link-went-down = l'interface s'est désactivée
link-went-down-hint = réactivez-la et scannez de nouveau
no-net-raw = un scan SYN a besoin de sockets de paquets, et ce processus n'a pas la capacité CAP_NET_RAW
no-net-raw-hint = lancez-le en root, accordez-la une fois pour toutes : sudo setcap cap_net_raw+ep { $program } — ou utilisez -sT, qui n'a besoin d'aucun privilège
udp-by-sockets = pas de sockets de paquets ici (CAP_NET_RAW) : UDP passe par des sockets ordinaires. Ce qui manque : la recherche des machines (chacune est supposée active), les jetons dans les erreurs ICMP (leurs ports en répondent), les adresses matérielles, et tout ce que le pare-feu de cette machine ne laisse pas sortir
udp-sockets-no-packets = UDP passe ici par des sockets ordinaires (CAP_NET_RAW manque), et --pcap et --packet-trace montrent des paquets, que les sockets ne montrent pas
udp-sockets-no-packets-hint = retirez l'option, ou lancez en root
udp-sockets-no-source-port = UDP passe ici par des sockets ordinaires (CAP_NET_RAW manque), et ceux-ci ont les ports source que le noyau leur donne
udp-sockets-no-source-port-hint = retirez --source-port, ou lancez en root
udp-sockets-no-traceroute = --traceroute envoie des paquets de courte durée de vie, ce qui demande CAP_NET_RAW
udp-sockets-no-traceroute-hint = retirez l'option, ou lancez en root
udp-sockets-alone = -sU marche sans CAP_NET_RAW, mais pas avec une autre technique
udp-sockets-alone-hint = lancez -sU et -sT l'un après l'autre, ou tout à la fois en root
udp-with-connect = -sU et -sT ne vont pas ensemble : UDP demande des paquets faits par Vigie
udp-with-connect-hint = utilisez -sSU, ou lancez -sU et -sT l'un après l'autre
source-not-ours = { $address } n'est pas une adresse de cette machine
source-not-ours-hint = Vigie n'envoie que depuis ses propres adresses ; voyez « ip address »
link-unframed = les sockets de paquets ne savent pas parler la couche liaison de { $name }
link-unframed-hint = utilisez -sT : le noyau y établit les connexions
scan-falls-back = pas de sockets de paquets ici (CAP_NET_RAW) : scan par connexions, comme -sT
scan-other-address = { $name } a aussi l'adresse { $address }, qui n'est pas scannée
scan-unroutable = laissées de côté, sans route : de { $first } à { $last } ({ $error })
scan-group-addresses = { $count ->
    [one] une adresse de diffusion, de groupe ou anycast est laissée de côté
   *[other] { $count } adresses de diffusion, de groupe ou anycast sont laissées de côté
}
no-source-port = aucun port source ne peut être réservé : { $error }
no-source-port-hint = choisissez-en un autre avec --source-port, ou ne dites rien
file-not-written = { $file } ne peut pas être écrit : { $error }
state-not-written-hint = la sauvegarde s'écrit sans privilèges : choisissez un dossier qui appartient à l'utilisateur de ce processus
file-not-written-hint = choisissez un autre emplacement
connect-no-descriptors = ce processus ne peut plus ouvrir un seul fichier : sa limite est { $limit }
connect-no-descriptors-hint = relevez la limite : ulimit -n 4096
state-unreadable = { $file } ne peut pas être lu : { $error }
state-unreadable-hint = donnez le fichier que --state a écrit
state-foreign = { $file } n'est pas le point de reprise d'un scan
state-version = { $file } est le point de reprise d'une autre version de Vigie : { $error }
state-damaged = { $file } est endommagé : il a été tronqué ou modifié
state-journal-unreadable = les résultats des parties terminées ne peuvent être lus dans { $file } : { $what }
state-refused-hint = rien n'a été envoyé ; recommencez le scan
state-other-plan = le point de reprise ne convient plus à cette machine : certaines cibles n'ont plus de route
xdp-falls-back = AF_XDP n'est pas possible ici ({ $error }) : envoi par les sockets de paquets
pcap-of-connections = --pcap garde les paquets que le scan fabrique lui-même ; ici le noyau fait les connexions, et leurs paquets ne se voient pas
pcap-of-connections-hint = scannez avec -sS, ou laissez un autre terminal les garder : vigie capture -w FICHIER
connect-no-source-port = les connexions ont les ports source que le noyau leur donne
connect-no-source-port-hint = ôtez --source-port, ou scannez avec -sS
connect-no-traceroute = --traceroute envoie des paquets à peu de sauts, ce que des connexions (-sT) ne peuvent pas
connect-no-traceroute-hint = ôtez-le, ou scannez avec -sS en root ou avec CAP_NET_RAW
stdin-twice = l'entrée standard ne peut être lue qu'une fois
stdin-twice-hint = donnez un fichier à l'une des options -iL et --exclude-file

# --on-link
on-link-ipv4 = --on-link interroge par IPv6, et -4 exclut IPv6
on-link-ipv4-hint = ôtez -4 ; pour IPv4, scannez le réseau lui-même : vigie scan -sn 10.0.1.0/24
on-link-no-link = { $name } n'est pas un lien dont on puisse interroger les voisins
on-link-no-address = cette machine n'a pas d'adresse IPv6 sur { $name } d'où interroger
on-link-found = tout le lien { $name } a été interrogé d'un coup ({ $group }) : { $hosts ->
    [one] une interface
   *[other] { $hosts } interfaces
} à { $addresses ->
    [one] une adresse
   *[other] { $addresses } adresses
} ont répondu{ $left ->
    [0] {""}
   *[other] , dont { $left } exclues ou d'autres réseaux
}
on-link-nobody = personne n'a répondu sur le lien
on-link-nobody-hint = des machines peuvent ignorer ce qui s'adresse à toutes ; scannez les adresses que vous connaissez
