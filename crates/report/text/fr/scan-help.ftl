# L'aide de `vigie scan`, et ce que ses arguments refusent.

scan-about = Quels ports sont ouverts, fermés ou filtrés, et pourquoi
scan-usage = vigie scan [OPTIONS] CIBLE...

scan-targets = Cibles
scan-help-target = Adresse, réseau, intervalle ou nom : 10.0.1.1, 10.0.1.0/24, 10.0.1-3.1,5-9, fe80::1%eth0, host.example
scan-help-input-list = Lire les cibles dans FICHIER, une ou plusieurs par ligne, # pour les commentaires ; - est l'entrée standard (-iL)
scan-help-exclude = Écarter celles-ci, séparées par des virgules ; peut être répété
scan-help-exclude-file = Écarter ce que FICHIER énumère
scan-help-ipv6 = Prendre les adresses IPv6 des noms
scan-help-dns-servers = Demander les noms à ces serveurs DNS, séparés par des virgules, au lieu de ceux du système
scan-help-ipv4 = Prendre les adresses IPv4 des noms
scan-help-no-dns = Ne jamais demander le nom des adresses
scan-help-no-discovery = Tenir chaque machine pour présente, sans demander d'abord (-Pn)

scan-discovery = Recherche des machines
scan-help-hosts-only = Chercher seulement quelles machines sont là ; aucun port (-sn)
scan-help-on-link = Scanner aussi les machines IPv6 de ce lien : il est interrogé tout entier (ff02::1)
scan-help-traceroute = Montrer aussi les routeurs sur le chemin de chaque machine (--traceroute)
scan-help-ask-echo = Interroger par des demandes d’écho ICMP (-PE)
scan-help-ask-timestamp = Interroger par des demandes d’heure ICMP : IPv4 seulement (-PP)
scan-help-ask-mask = Interroger par des demandes de masque ICMP : IPv4 seulement, d’anciens systèmes répondent (-PM)
scan-help-ask-syn = Interroger par des SYN vers ces ports TCP ; 80 si aucun n’est nommé (-PS22,443)
scan-help-ask-ack = Interroger par des ACK vers ces ports TCP : ils passent les filtres sans suivi d’état ; 80 sinon (-PA)
scan-help-ask-udp = Interroger par des datagrammes UDP vers ces ports : les fermés répondent ; 40125 sinon (-PU)
scan-help-ask-sctp = Interroger par des INIT SCTP vers ces ports ; 80 sinon (-PY)
scan-help-ask-protocols = Interroger dans ces protocoles IP ; 1, 2 et 4 sinon (-PO)
scan-help-ask-neighbours = Demander les adresses matérielles, ARP ou découverte de voisins : toujours fait sur un lien (-PR)

scan-ports = Ports
scan-help-ports = Ports : 22,80,8000-8100,https,T:1-1024 ; - veut dire tous (-p-)
scan-help-fast = Les 100 ports les plus courants au lieu de 1 000
scan-help-top-ports = Les N ports les plus courants

scan-technique = Technique
scan-help-syn = Scan SYN : n'achève jamais de connexion ; demande CAP_NET_RAW (-sS)
scan-help-connect = Scan connect : des connexions comme celles de tout programme ; sans privilège (-sT)
scan-help-ack = Scan ACK : quels ports votre pare-feu laisse passer sans suivre les connexions ; jamais lesquels sont ouverts (-sA)
scan-help-window = Scan window : comme -sA ; d'anciens systèmes y montrent leurs ports ouverts (-sW)
scan-help-fin = Scan FIN : si votre pare-feu arrête autre chose que des SYN ; les ports fermés répondent, les ouverts se taisent (-sF)
scan-help-null = Scan NULL : si votre pare-feu refuse les segments sans aucun drapeau (-sN)
scan-help-xmas = Scan Xmas : si votre pare-feu refuse l'impossible mélange FIN, PSH et URG (-sX)
scan-help-maimon = Scan Maimon : si votre pare-feu laisse passer FIN/ACK ; d'anciens BSD montrent leurs ports ouverts (-sM)
scan-help-scanflags = Envoyer ces drapeaux TCP avec la technique choisie : SYNFIN, URG,PSH ou un nombre ; les réponses se lisent comme elle le dit
scan-help-ip-protocols = Scan des protocoles IP : lesquels, outre TCP et UDP, votre machine parle ou votre pare-feu laisse passer (-sO)
scan-help-sctp-init = Scan SCTP INIT : quels ports SCTP acceptent une association, comme en téléphonie (-sY)
scan-help-sctp-cookie-echo = Scan SCTP COOKIE ECHO : si votre pare-feu arrête autre chose que des INIT (-sZ)
scan-help-udp = Scan UDP : interroge chaque port dans son protocole, puis prouve les ports fermés au rythme de la machine ; mieux avec CAP_NET_RAW (-sU)
scan-help-no-verify = Ne pas vérifier par des connexions complètes si une machine dont tous les ports sont ouverts l'est vraiment (sinon : 16 de ses ports et 16 ports hauts tirés au hasard au plus, pour les 64 premières de ces machines)
scan-help-complete = Prouver tous les ports UDP, et tous les ports muets des machines qui limitent leurs RST, quel qu'en soit le temps ; sans elle, une minute de preuves et ce qu'un échantillon dit du reste
scan-help-source = Interroger aussi les ports UDP depuis ces adresses de cette machine, séparées par des virgules : la limite d'une cible vaut pour chacune
scan-help-interface = Envoyer par cette interface
scan-help-source-port = Envoyer depuis ce seul port ; sinon les essais d'un SYN alternent entre quatre

scan-pace = Allure et certitude
scan-help-timing = 0 à 2 ralentissent le scan (une sonde toutes les 5 min, 15 s, 0,4 s) ; à partir de 3, Vigie trouve l'allure elle-même (-T4)
scan-help-max-rate = Au plus N sondes par seconde
scan-help-max-host-rate = Au plus N sondes par seconde vers une même machine
scan-help-min-rate = Au moins N sondes par seconde, quoi qu'il se perde
scan-help-max-tries = Au plus N essais sur un port muet
scan-help-max-retries = Au plus N nouvelles tentatives sur un port muet
scan-help-confidence = Réessayer les ports muets jusqu'à un risque d'oubli d'au plus 1 - P ; P vaut 0.9999 si rien n'est dit
scan-help-host-timeout = Au plus ce temps pour une machine ; ce qui est connu alors est gardé
scan-help-max-time = Au plus ce temps pour le tout ; ce qui est connu alors est gardé
scan-help-max-connections = Au plus N connexions à la fois (scan connect)
scan-help-seed = La même graine envoie les mêmes sondes dans le même ordre

scan-help-shard = Ne faire que la K-ième de N parts des sondes : ensemble, les parts font le tout, sans recouvrement
scan-help-memory = Garder ce qu'on sait des sondes dans TAILLE octets (K, M, G ; 256M si rien n'est dit) : un scan qui en demande plus parcourt ses machines par fenêtres
scan-help-state = Garder un point de reprise dans FICHIER, chaque seconde et à Ctrl-C ; il est supprimé quand le scan est complet
scan-help-resume = Poursuivre le scan dont FICHIER garde le point de reprise ; il apporte ses cibles, ses ports et sa graine
scan-help-io = Comment sortent les trames : packet (par défaut) ou xdp (AF_XDP ; packet là où ce n'est pas possible)

scan-output = Sortie
scan-help-open = Ne montrer que les ports ouverts ou qui peuvent l'être
scan-help-reason = Montrer avec chaque port le délai de sa réponse, et qui l'a envoyée
scan-help-explain = Expliquer ce qui a été trouvé : les paquets tels qu'ils sont passés, leur sens, pourquoi, et comment le vérifier
scan-help-all-ports = Montrer tous les ports, quel que soit leur état
scan-help-packet-trace = Afficher une ligne pour chaque paquet du scan, avec son heure ; avec -sT, une ligne par connexion
scan-help-pcap = Garder les paquets du scan dans FICHIER (en pcapng si le nom finit par .pcapng)
scan-help-verbose = En dire plus : les machines absentes, où des sondes se sont perdues (-vv : encore plus)

scan-after =
    Ce que tapent les habitués de nmap marche tel quel : -sS -sT -sA -sF -Pn -sn -PE -PS22 -n -p- -F -T4 -iL -oN -oX -oG -oA -oJ -v -6 --open --reason.

    Exemples
      vigie scan localhost                    les 1 000 ports TCP les plus courants de cette machine
      vigie scan 10.0.1.1 -p-                 tous les 65 535 ports
      vigie scan 10.0.1.0/24 -p 22,80,443     trois ports d'un réseau
      vigie scan -iL hosts.txt -o json        des cibles d'un fichier, des résultats pour un programme

    Codes de retour : 0 terminé, 2 ligne de commande fausse, 3 exécution impossible, 4 hors du périmètre, 130 interrompu.

habit-not-yet = « { $flag } » n'est pas dans cette version de Vigie
habit-not-yet-hint = « vigie scan --help » donne la liste de ce qui y est
habit-left-out = Vigie n'a pas « { $flag } » : { $why }
habit-conceals = cela cache qui fait le scan, et Vigie nomme toujours son expéditeur
habit-third-party = cela passe par la machine de quelqu'un d'autre
habit-no-exploits = cela exécute des scripts contre la cible, et Vigie ne fait que regarder
habit-no-random = cela vise des inconnus ; Vigie ne scanne que ce qu'on lui désigne
habit-left-out-hint = testez depuis un autre endroit avec une machine à vous
habit-no-exploits-hint = interrogez un service vous-même avec « vigie packet », ou avec un outil fait pour cela
habit-no-random-hint = donnez les cibles que vous pouvez scanner
habit-own-pace = Vigie trouve elle-même le rythme et les attentes
habit-own-pace-hint = --max-rate fixe un plafond ; --confidence et --max-retries, la patience
habit-own-tables = ses tables en font partie
habit-own-tables-hint = les ports peuvent se donner par numéro
habit-use-instead = utilisez plutôt { $instead }
habit-needs-value = « { $flag } » demande une valeur à sa suite
habit-needs-value-hint = par exemple « { $example } »

scan-two-techniques = { $one } et { $other } ne se mélangent pas : chacune sonde les mêmes ports à sa façon
scan-two-techniques-hint = choisissez-en une ; lancez Vigie deux fois pour les comparer
scan-ports-of-another = { $flag } sonde les ports { $transport }, et -p en demande d'autres
scan-ports-of-another-hint = retirez-les, ou choisissez la technique qui les sonde
scan-flags-wrong = « { $value } » n'est pas une liste de drapeaux TCP
scan-flags-wrong-hint = écrivez des noms, comme SYNFIN ou URG,PSH,FIN, ou un nombre de 0 à 255 ; il y a FIN SYN RST PSH ACK URG ECE CWR
scan-flags-not-tcp = --scanflags change des segments TCP, et { $flag } n'en envoie pas de siens
scan-flags-not-tcp-hint = retirez-le, ou choisissez une technique comme -sS ou -sF
scan-hosts-only-ports = -sn ne cherche que des machines, et { $flag } parle de ports
scan-hosts-only-ports-hint = retirez l’un des deux
scan-too-many-questions = { $count } questions par machine, c’est trop
scan-too-many-questions-hint = au plus { $most } : une machine présente répond à l’une de quelques-unes
dns-servers-wrong = « { $value } » n’est pas l’adresse d’un serveur DNS
dns-servers-wrong-hint = écrivez des adresses séparées par des virgules, avec un port si ce n’est pas 53 : 10.0.0.1,[2001:db8::1]:5353
scan-no-targets = aucune cible
scan-no-targets-hint = dites quoi scanner : vigie scan 10.0.1.1
scan-two-stdout = deux sorties veulent la sortie standard
scan-two-stdout-hint = faites écrire l'une d'elles dans un fichier
list-unreadable = { $file } ne peut pas être lu : { $error }
list-unreadable-hint = donnez un fichier texte avec des cibles, ou - pour l'entrée standard
list-bad-line = { $file }, ligne { $line } : { $problem }
list-not-text = { $file }, ligne { $line } : ce n'est pas de l'UTF-8 valide
list-too-long = { $file }, ligne { $line } : plus de { $max } octets
list-not-text-hint = écrivez les cibles en texte, séparées par des espaces ou des lignes

ports-miss-transport = un transport scanné n'a pas de ports, ou des ports sont donnés pour un autre
ports-miss-transport-hint = avec -sU, donnez des ports UDP, avec -sSU les deux : -sSU -p T:22,80,U:53,161
source-wrong = « { $value } » n'est pas une adresse
source-wrong-hint = donnez des adresses de cette machine : --source 10.0.0.1,10.0.0.2
shard-wrong-hint = écrivez par exemple 2/5 : la deuxième de cinq parts
memory-wrong-hint = un nombre d'octets, 4K ou plus, comme 64M ou 1G
