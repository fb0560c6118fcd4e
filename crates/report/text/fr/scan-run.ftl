# Erreurs et remarques de `vigie scan` avant et pendant l'envoi.

scan-family-empties = { $flag } ne laisse rien à scanner : aucune cible n'a d'adresse de cette famille
scan-family-empties-hint = retirez l'option, ou indiquez des cibles de cette famille
scan-all-excluded = plus rien à scanner : toutes les cibles sont exclues
scan-all-excluded-hint = vérifiez --exclude et --exclude-file
scan-too-many = trop d'adresses pour un seul scan : { $count }
scan-too-many-hint = la limite est { $most } ; vérifiez qu'un préfixe comme /0 n'a pas été tapé pour /24
scan-name-family = « { $name } » n'a pas d'adresse de la famille demandée
name-unknown = impossible de résoudre « { $name } » : { $error }
name-unknown-hint = vérifiez l'orthographe, ou utilisez l'adresse
interface-unknown = interface inconnue : « { $name } »
interface-unknown-hint = interfaces disponibles : { $names }
interface-down = l'interface { $name } est désactivée
interface-down-hint = activez-la : ip link set { $name } up
kernel-refused = le noyau a refusé : { $error }
no-route = pas de route vers { $target } : { $error }
no-route-hint = vérifiez avec : ip route get ADRESSE (rien n'a été envoyé)
only-group-addresses = toutes les cibles sont des adresses broadcast, multicast ou anycast : aucune machine précise n'y répond
only-group-addresses-hint = indiquez les adresses des machines elles-mêmes
scan-plan-broken = erreur interne : le plan du scan ne correspond pas à ses routes : { $error }
privileges-kept = impossible d'abandonner les privilèges : { $error }
link-went-down = l'interface s'est désactivée pendant le scan
link-went-down-hint = réactivez-la et relancez le scan
no-net-raw = un scan SYN a besoin de sockets AF_PACKET, et ce processus n'a pas la capacité CAP_NET_RAW
no-net-raw-hint = lancez-le en root, ou accordez la capacité une fois pour toutes : sudo setcap cap_net_raw+ep { $program } — ou utilisez -sT, sans privilège
udp-by-sockets = CAP_NET_RAW manque : UDP est scanné par des sockets ordinaires. Limites : chaque machine est supposée active ; les erreurs ICMP ne sont associées que par le port ; pas d'adresses MAC ; le pare-feu local peut bloquer des sondes
udp-sockets-no-packets = --pcap et --packet-trace nécessitent des sockets AF_PACKET, mais UDP est scanné ici par des sockets ordinaires (CAP_NET_RAW manque)
udp-sockets-no-packets-hint = retirez l'option, ou lancez en root
udp-sockets-no-source-port = --source-port nécessite des sockets AF_PACKET, mais UDP est scanné ici par des sockets ordinaires (CAP_NET_RAW manque)
udp-sockets-no-source-port-hint = retirez --source-port, ou lancez en root
udp-sockets-no-traceroute = --traceroute envoie des paquets à TTL réduit, ce qui nécessite CAP_NET_RAW
udp-sockets-no-traceroute-hint = retirez --traceroute, ou lancez en root
udp-sockets-alone = sans CAP_NET_RAW, -sU ne se combine pas avec une autre technique
udp-sockets-alone-hint = lancez -sU et -sT l'un après l'autre, ou les deux ensemble en root
udp-with-connect = -sU ne se combine pas avec -sT
udp-with-connect-hint = utilisez -sSU, ou lancez -sU et -sT l'un après l'autre
source-not-ours = { $address } n'est pas une adresse de cette machine
source-not-ours-hint = Vigie n'envoie que depuis ses propres adresses ; listez-les avec : ip address
link-unframed = les sockets AF_PACKET ne prennent pas en charge le type de lien de { $name }
link-unframed-hint = utilisez -sT : le noyau établit les connexions
scan-falls-back = CAP_NET_RAW manque : passage au scan connect (-sT)
scan-other-address = { $name } a aussi l'adresse { $address }, qui n'est pas scannée
scan-unroutable = ignorées, pas de route : de { $first } à { $last } ({ $error })
scan-group-addresses = { $count ->
    [one] ignorée : une adresse broadcast, multicast ou anycast
   *[other] ignorées : { $count } adresses broadcast, multicast ou anycast
}
no-source-port = impossible de réserver un port source : { $error }
no-source-port-hint = choisissez-en un autre avec --source-port, ou retirez l'option
file-not-written = impossible d'écrire { $file } : { $error }
state-not-written-hint = le point de reprise est écrit sans privilèges : choisissez un dossier qui appartient à l'utilisateur de ce processus
file-not-written-hint = choisissez un autre emplacement
connect-no-descriptors = trop de fichiers ouverts : la limite de ce processus est { $limit }
connect-no-descriptors-hint = augmentez la limite : ulimit -n 4096
state-unreadable = impossible de lire { $file } : { $error }
state-unreadable-hint = indiquez le fichier écrit par --state
state-foreign = { $file } n'est pas le point de reprise d'un scan
state-version = { $file } a été écrit par une autre version de Vigie : { $error }
state-damaged = { $file } est endommagé : tronqué ou modifié
state-journal-unreadable = impossible de lire les résultats des parties terminées dans { $file } : { $what }
state-refused-hint = rien n'a été envoyé ; relancez le scan sans --resume
state-other-plan = le point de reprise ne convient plus à cette machine : certaines cibles n'ont plus de route
xdp-falls-back = AF_XDP n'est pas disponible ({ $error }) : envoi par sockets AF_PACKET
pcap-of-connections = --pcap ne peut pas enregistrer un scan connect : le noyau établit les connexions, et Vigie n'en voit pas les paquets
pcap-of-connections-hint = utilisez -sS, ou capturez dans un autre terminal : vigie capture -w FICHIER
connect-no-source-port = --source-port ne s'emploie pas avec -sT : le noyau choisit les ports source
connect-no-source-port-hint = retirez --source-port, ou utilisez -sS
connect-no-traceroute = --traceroute ne s'emploie pas avec -sT : il envoie des paquets à TTL réduit
connect-no-traceroute-hint = retirez --traceroute, ou utilisez -sS en root ou avec CAP_NET_RAW
stdin-twice = l'entrée standard ne peut être lue qu'une fois
stdin-twice-hint = donnez un fichier à -iL ou à --exclude-file

# --on-link
on-link-ipv4 = --on-link utilise IPv6, et -4 exclut IPv6
on-link-ipv4-hint = retirez -4 ; pour IPv4, scannez le réseau : vigie scan -sn 10.0.1.0/24
on-link-no-link = { $name } n'est pas un lien avec des voisins
on-link-no-address = cette machine n'a pas d'adresse IPv6 sur { $name }
on-link-found = sonde multicast sur { $name } ({ $group }), réponses : { $hosts ->
    [one] une interface
   *[other] { $hosts } interfaces
}, { $addresses ->
    [one] une adresse
   *[other] { $addresses } adresses
}{ $left ->
    [0] {""}
   *[other] , dont { $left } exclues ou d'autres réseaux
}
on-link-nobody = aucune machine du lien n'a répondu
on-link-nobody-hint = des machines peuvent ignorer les sondes multicast ; scannez plutôt les adresses connues
