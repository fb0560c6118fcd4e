# Aide de `vigie scan`, et erreurs dans ses arguments.

scan-about = Scanner des ports : ouverts, fermés ou filtrés, et pourquoi
scan-usage = vigie scan [OPTIONS] CIBLE...

scan-targets = Cibles
scan-help-target = Adresse, réseau, plage ou nom : 10.0.1.1, 10.0.1.0/24, 10.0.1-3.1,5-9, fe80::1%eth0, host.example
scan-help-input-list = Lire les cibles dans FICHIER (- pour l'entrée standard), une ou plusieurs par ligne ; # commence un commentaire (-iL)
scan-help-exclude = Exclure ces cibles, séparées par des virgules ; répétable
scan-help-exclude-file = Exclure les cibles listées dans FICHIER
scan-help-ipv6 = Scanner les adresses IPv6 des noms
scan-help-dns-servers = Utiliser ces serveurs DNS, séparés par des virgules, au lieu de ceux du système
scan-help-ipv4 = Scanner les adresses IPv4 des noms
scan-help-no-dns = Pas de résolution DNS inverse
scan-help-no-discovery = Sauter la découverte : supposer chaque machine active (-Pn)

scan-discovery = Découverte des machines
scan-help-hosts-only = Découverte seule, sans scan de ports (-sn)
scan-help-on-link = Trouver et scanner aussi les machines IPv6 de ce lien, par sondes multicast (ff02::1)
scan-help-traceroute = Tracer la route vers chaque machine (--traceroute)
scan-help-ask-echo = Sonder par ICMP echo request (-PE)
scan-help-ask-timestamp = Sonder par ICMP timestamp request ; IPv4 seulement (-PP)
scan-help-ask-mask = Sonder par ICMP address mask request ; IPv4 seulement, seuls d'anciens systèmes répondent (-PM)
scan-help-ask-syn = Sonder par SYN TCP vers ces ports ; 80 par défaut (-PS22,443)
scan-help-ask-ack = Sonder par ACK TCP vers ces ports ; passe les filtres sans état ; 80 par défaut (-PA)
scan-help-ask-udp = Sonder par datagrammes UDP vers ces ports ; les ports fermés répondent ; 40125 par défaut (-PU)
scan-help-ask-sctp = Sonder par INIT SCTP vers ces ports ; 80 par défaut (-PY)
scan-help-ask-protocols = Sonder avec ces protocoles IP ; 1, 2 et 4 par défaut (-PO)
scan-help-ask-neighbours = Sonder par ARP ou découverte de voisins ; toujours fait sur le lien local (-PR)

scan-ports = Ports
scan-help-ports = Ports : 22,80,8000-8100,https,T:1-1024 ; - pour tous (-p-)
scan-help-fast = Les 100 ports les plus courants au lieu de 1 000
scan-help-top-ports = Les N ports les plus courants

scan-technique = Technique
scan-help-syn = Scan SYN : n'achève jamais de connexion ; nécessite CAP_NET_RAW (-sS)
scan-help-connect = Scan connect : connexions ordinaires ; sans privilège (-sT)
scan-help-ack = Scan ACK : trouve les ports qu'un pare-feu sans état laisse passer ; ne trouve pas les ports ouverts (-sA)
scan-help-window = Scan window : comme -sA ; trouve aussi les ports ouverts de certains anciens systèmes (-sW)
scan-help-fin = Scan FIN : teste si un pare-feu bloque autre chose que SYN ; les ports fermés répondent, les ports ouverts non (-sF)
scan-help-null = Scan NULL : teste si un pare-feu bloque les segments sans drapeau (-sN)
scan-help-xmas = Scan Xmas : teste si un pare-feu bloque la combinaison invalide FIN, PSH, URG (-sX)
scan-help-maimon = Scan Maimon : teste si un pare-feu laisse passer FIN/ACK ; trouve les ports ouverts d'anciens systèmes BSD (-sM)
scan-help-scanflags = Envoyer ces drapeaux TCP : SYNFIN, URG,PSH ou un nombre ; les réponses s'interprètent selon la technique choisie
scan-help-ip-protocols = Scan des protocoles IP : trouve ceux que la machine prend en charge ou que le pare-feu laisse passer (-sO)
scan-help-sctp-init = Scan SCTP INIT : trouve les ports SCTP qui acceptent une association, comme en téléphonie (-sY)
scan-help-sctp-cookie-echo = Scan SCTP COOKIE ECHO : teste si un pare-feu bloque autre chose que INIT (-sZ)
scan-help-udp = Scan UDP : envoie à chaque port une sonde de son protocole, puis prouve les ports fermés au rythme des erreurs ICMP de la machine ; CAP_NET_RAW conseillé (-sU)
scan-help-no-verify = Ne pas vérifier les machines dont tous les ports paraissent ouverts (par défaut : connexions complètes vers 16 de leurs ports et 16 ports hauts tirés au hasard au plus, pour les 64 premières de ces machines)
scan-help-complete = Prouver chaque port UDP, et chaque port sans réponse des machines qui limitent leurs RST, quelle que soit la durée (par défaut : une minute de preuves, puis une estimation par échantillon)
scan-help-source = Envoyer aussi les sondes UDP depuis ces adresses de cette machine, séparées par des virgules : les limites de débit des cibles valent pour chaque adresse
scan-help-interface = Envoyer par cette interface
scan-help-source-port = Envoyer depuis ce seul port source (par défaut : les essais d'un SYN alternent entre quatre)

scan-pace = Débit et certitude
scan-help-timing = 0 à 2 ralentissent le scan (une sonde toutes les 5 min, 15 s, 0,4 s) ; à partir de 3, Vigie règle elle-même le débit (-T4)
scan-help-max-rate = Au plus N sondes par seconde
scan-help-max-host-rate = Au plus N sondes par seconde vers une même machine
scan-help-min-rate = Au moins N sondes par seconde, quelles que soient les pertes
scan-help-max-tries = Au plus N essais par port sans réponse
scan-help-max-retries = Au plus N nouveaux essais par port sans réponse
scan-help-confidence = Réessayer les ports sans réponse jusqu'à un risque d'erreur d'au plus 1 - P (par défaut : 0.9999)
scan-help-host-timeout = Durée maximale par machine ; les résultats obtenus sont gardés
scan-help-max-time = Durée maximale du scan ; les résultats obtenus sont gardés
scan-help-max-connections = Au plus N connexions simultanées (scan connect)
scan-help-seed = La même graine envoie les mêmes sondes dans le même ordre

scan-help-shard = N'envoyer que la part K sur N des sondes ; les N parts couvrent le scan sans recouvrement
scan-help-memory = Mémoire maximale pour l'état des sondes (K, M, G ; par défaut : 256M) ; un scan plus grand traite ses machines par fenêtres
scan-help-state = Écrire un point de reprise dans FICHIER, chaque seconde et à Ctrl-C ; il est supprimé quand le scan est complet
scan-help-resume = Reprendre le scan du point de reprise FICHIER, avec ses cibles, ses ports et sa graine
scan-help-io = Mode d'envoi des trames : packet (par défaut) ou xdp (AF_XDP ; sinon packet)

scan-output = Sortie
scan-help-open = N'afficher que les ports ouverts ou peut-être ouverts
scan-help-reason = Afficher le délai et l'émetteur de chaque réponse
scan-help-explain = Expliquer les résultats : les paquets, ce qu'ils signifient, pourquoi, et comment le vérifier
scan-help-all-ports = Afficher tous les ports, quel que soit leur état
scan-help-packet-trace = Afficher chaque paquet avec son heure ; avec -sT, chaque connexion
scan-help-pcap = Écrire les paquets dans FICHIER (en pcapng si le nom finit par .pcapng)
scan-help-verbose = Plus de détails : machines qui ne répondent pas, pertes (-vv : encore plus)

scan-after =
    Les options habituelles de nmap fonctionnent : -sS -sT -sA -sF -Pn -sn -PE -PS22 -n -p- -F -T4 -iL -oN -oX -oG -oA -oJ -v -6 --open --reason.

    Exemples
      vigie scan localhost                    les 1 000 ports TCP les plus courants de cette machine
      vigie scan 10.0.1.1 -p-                 les 65 535 ports
      vigie scan 10.0.1.0/24 -p 22,80,443     trois ports d'un réseau
      vigie scan -iL hosts.txt -o json        cibles lues dans un fichier, sortie JSON

    Codes de retour : 0 terminé, 2 erreur d'usage, 3 exécution impossible, 4 hors du périmètre, 130 interrompu.

flag-not-yet = cette version de Vigie n'a pas l'option « { $flag } »
flag-not-yet-hint = « vigie { $command } --help » donne la liste des options
flag-left-out = Vigie n'a pas l'option « { $flag } » : { $why }
flag-conceals = elle cache l'origine d'un scan, et Vigie envoie toujours depuis sa propre adresse
flag-third-party = elle scanne à travers la machine d'un tiers
flag-no-exploits = elle exécute des scripts contre la cible, et Vigie ne fait qu'observer
flag-no-random = elle scanne des inconnus, et Vigie ne scanne que les cibles indiquées
flag-left-out-hint = pour tester depuis une autre adresse, lancez Vigie sur une de vos machines là-bas
flag-no-exploits-hint = interrogez le service vous-même avec « vigie packet », ou utilisez un outil fait pour cela
flag-no-random-hint = indiquez des cibles que vous avez le droit de scanner
flag-own-pace = Vigie règle elle-même le débit et les délais d'attente
flag-own-pace-hint = limitez le débit avec --max-rate, les essais avec --confidence ou --max-retries
flag-own-tables = ses tables sont intégrées
flag-own-tables-hint = indiquez les ports par leur numéro
flag-use-instead = utilisez plutôt { $instead }
flag-needs-value = « { $flag } » attend une valeur
flag-needs-value-hint = par exemple « { $example } »

scan-two-techniques = { $one } ne se combine pas avec { $other } : les deux sondent les mêmes ports
scan-two-techniques-hint = choisissez-en une ; lancez Vigie deux fois pour les comparer
scan-ports-of-another = { $flag } ne prend que des ports { $transport }
scan-ports-of-another-hint = retirez les autres ports, ou choisissez une technique qui les scanne
scan-flags-wrong = « { $value } » n'est pas une liste de drapeaux TCP
scan-flags-wrong-hint = écrivez des noms (SYNFIN ou URG,PSH,FIN) ou un nombre de 0 à 255 ; les drapeaux sont FIN SYN RST PSH ACK URG ECE CWR
scan-flags-not-tcp = --scanflags ne s'emploie pas avec { $flag }, qui n'envoie pas ses propres segments TCP
scan-flags-not-tcp-hint = retirez cette option, ou choisissez une technique TCP comme -sS ou -sF
scan-hosts-only-ports = -sn ne scanne aucun port, donc { $flag } ne s'emploie pas avec elle
scan-hosts-only-ports-hint = retirez l'une des deux
scan-too-many-questions = trop de sondes de découverte par machine : { $count }
scan-too-many-questions-hint = la limite est { $most } ; une machine active répond à l'une des plus courantes
dns-servers-wrong = « { $value } » n'est pas l'adresse d'un serveur DNS
dns-servers-wrong-hint = écrivez des adresses séparées par des virgules, avec le port si ce n'est pas 53 : 10.0.0.1,[2001:db8::1]:5353
scan-no-targets = aucune cible indiquée
scan-no-targets-hint = indiquez au moins une cible : vigie scan 10.0.1.1
scan-two-stdout = deux sorties écrivent sur la sortie standard
scan-two-stdout-hint = écrivez l'une d'elles dans un fichier
list-unreadable = impossible de lire { $file } : { $error }
list-unreadable-hint = indiquez un fichier texte de cibles, ou - pour l'entrée standard
list-bad-line = { $file }, ligne { $line } : { $problem }
list-not-text = { $file }, ligne { $line } : ce n'est pas de l'UTF-8 valide
list-too-long = { $file }, ligne { $line } : plus de { $max } octets
list-not-text-hint = écrivez les cibles en texte, séparées par des espaces ou des sauts de ligne

ports-miss-transport = les ports de -p ne correspondent pas aux transports à scanner
ports-miss-transport-hint = indiquez des ports UDP avec -sU, les deux avec -sSU : -sSU -p T:22,80,U:53,161
source-wrong = « { $value } » n'est pas une adresse
source-wrong-hint = indiquez des adresses de cette machine : --source 10.0.0.1,10.0.0.2
shard-wrong-hint = écrivez K/N, par exemple 2/5 pour la deuxième de cinq parts
memory-wrong-hint = un nombre d'octets, au moins 4K, par exemple 64M ou 1G
flag-spelled = l'option « { $flag } » de { $tool } s'écrit « { $own } » dans Vigie
flag-accepted = acceptée ; Vigie le fait toujours
flag-already = à retirer : Vigie le fait toujours
flag-looks-only = elle modifie la machine, et Vigie ne fait qu'observer
flag-looks-only-hint = fermez les sockets avec « ss -K »
flag-own-privileges = Vigie abandonne toujours ses privilèges
flag-own-privileges-hint = retirez-la
flag-runs-nothing = Vigie n'exécute pas d'autre programme sur les fichiers de capture
flag-runs-nothing-hint = exécutez le programme vous-même quand le fichier est complet
flag-kernel-routes = le noyau choisit la route et les adresses MAC
flag-kernel-routes-hint = définissez les routes avec « ip route », ou choisissez une interface avec -e
