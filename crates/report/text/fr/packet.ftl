# `vigie packet` : des paquets dans la notation de scapy.

packet-about = Construire, envoyer, recevoir et afficher des paquets dans la notation de scapy
packet-usage = vigie packet [ls | show | hex | send | sendp | sr | sr1 | srp | srp1 | run] [OPTIONS] [EXPR]
packet-actions = Commandes (par défaut : une invite interactive)
packet-options = Options
packet-ls-about = Lister les couches, ou les champs d'une couche
packet-ls-usage = vigie packet ls [COUCHE]
packet-show-about = Afficher chaque champ d'un paquet
packet-show-usage = vigie packet show [--json] EXPR
packet-hex-about = Afficher un paquet en hexadécimal
packet-hex-usage = vigie packet hex EXPR
packet-send-about = Envoyer des paquets IP
packet-send-usage = vigie packet send [OPTIONS] EXPR
packet-sendp-about = Envoyer des trames Ethernet
packet-sendp-usage = vigie packet sendp [OPTIONS] EXPR
packet-sr-about = Envoyer des paquets IP et afficher les réponses
packet-sr-usage = vigie packet sr [OPTIONS] EXPR
packet-sr1-about = Envoyer des paquets IP et afficher la première réponse
packet-sr1-usage = vigie packet sr1 [OPTIONS] EXPR
packet-srp-about = Envoyer des trames Ethernet et afficher les réponses
packet-srp-usage = vigie packet srp [OPTIONS] EXPR
packet-srp1-about = Envoyer des trames Ethernet et afficher la première réponse
packet-srp1-usage = vigie packet srp1 [OPTIONS] EXPR
packet-run-about = Exécuter un fichier d'instructions
packet-run-usage = vigie packet run FICHIER
packet-help-expression = Un paquet, comme 'IP(dst="10.0.0.1")/TCP(dport=80, flags="S")'
packet-help-json = Sortie JSON, un objet par ligne
packet-help-layer = Une couche, par exemple TCP
packet-help-file = Un fichier d'instructions, une par ligne
packet-help-timeout = Temps d'attente des réponses après le dernier paquet (par défaut : 5 s)
packet-help-retry = Renvoyer jusqu'à N fois les paquets sans réponse
packet-help-interval = Intervalle entre les paquets
packet-help-count = Tout envoyer N fois
packet-help-iface = Envoyer sur cette interface
packet-help-filter = Ne traiter que les paquets reçus qui passent ce filtre de capture
packet-after =
    Sans commande, une invite interactive démarre : historique, complétion avec Tab, un paquet ou une instruction par ligne.
    Les champs non renseignés sont calculés ; ceux que vous donnez sont gardés, même s'ils sont invalides.
    Listes, plages et réseaux représentent plusieurs paquets : dport=[22, 80], dport=(1, 1024), dst="10.0.0.0/24".
    Seuls les paquets dont la source est une adresse de cette machine sont envoyés.
    Avec sr, sr1, srp et srp1, --explain explique les paquets et leurs réponses, et comment les vérifier.

    Exemples
      vigie packet
      vigie packet ls TCP
      vigie packet show 'IP(dst="10.0.0.1")/TCP(dport=80)'
      vigie packet sr 'IP(dst="10.0.0.1")/TCP(dport=[22, 80, 443], flags="S")'

packet-welcome =
    Paquets dans la notation de scapy : IP(dst="10.0.0.1")/TCP(dport=80). ls() liste les couches, lsc() les fonctions, Ctrl-D quitte.

packet-unknown-layer = couche inconnue « { $name } »
packet-unknown-layer-hint = « vigie packet ls » liste les couches
packet-not-a-packet = ce n'est pas un paquet

packet-expected = attendu : { $what } ; trouvé : « { $found } »
packet-expected-at-end = attendu : { $what }
packet-open-string = chaîne non terminée
packet-bracket = « { $bracket } » non apparié
packet-character = caractère inattendu « { $character } »
packet-number = nombre invalide
packet-number-too-large = nombre trop grand : les entiers ont 127 bits, les fractions 64
packet-twice = « { $name } » est donné deux fois
packet-interrupted = interrompu
packet-mixed-links = un fichier de capture ne peut pas contenir à la fois des paquets qui commencent par { $first } et d'autres par { $other }
packet-mixed-links-hint = écrivez-les dans des fichiers séparés
packet-escape = séquence d'échappement inconnue dans la chaîne
packet-too-deep = imbrication trop profonde
packet-not-python = « { $word } » est un mot-clé de Python qui n'est pas pris en charge ici
packet-not-python-hint = seuls les expressions, les affectations et del sont pris en charge ; lsc() liste les fonctions
packet-unknown-name = nom inconnu « { $name } »
packet-unknown-name-hint = ls() liste les couches, lsc() les fonctions
packet-there-is = noms possibles : { $names }
packet-unknown-field = { $of } n'a ni champ ni méthode « { $name } »
packet-no-layer = le paquet n'a pas de couche { $layer }
packet-index = indice hors limites
packet-operation-one = « { $operator } » ne s'applique pas à { $left }
packet-operation = « { $operator } » ne s'applique pas à { $left } et { $right }
packet-argument = { $function }() prend { $takes }
packet-arithmetic = le résultat est hors limites
packet-unpack = { $names } noms pour { $values } valeurs
packet-too-many = trop nombreux : la limite est { $most }
packet-exit = la session se termine ici
packet-field-none = champ inconnu { $field }
packet-field-expected = { $field } prend { $what }
packet-field-range = { $value } est hors limites pour { $field } : de { $min } à { $max }
packet-field-name = { $field } n'a pas de valeur nommée « { $name } »
packet-field-host = « { $host } » pour { $field } n'est ni une adresse ni un nom de machine connu
packet-field-long = { $length } octets sont trop longs pour { $field } : le maximum est { $most }
packet-dissect = impossible de disséquer ces octets comme { $layer } : { $had } octets à la position { $offset }, il en faut { $needed }
packet-file = { $path } : { $error }
packet-filter = filtre invalide « { $filter } » : { $error }
packet-io = échec : { $error }
packet-no-permission = envoyer et recevoir des paquets nécessite la capacité CAP_NET_RAW : utilisez sudo, ou setcap cap_net_raw+ep sur le programme
packet-no-link = aucune interface pour envoyer
packet-no-such-link = aucune interface « { $name } » n'est active
packet-not-ethernet = cette interface n'est pas Ethernet : envoyez des paquets IP avec send() ou sr()
packet-needs-ip = ces paquets doivent commencer par IP() ou IPv6() ; utilisez sendp() ou srp() pour des trames
packet-needs-ether = ces trames doivent commencer par Ether() ; utilisez send() ou sr() pour des paquets IP
packet-no-route = pas de route vers { $address } : { $error }
packet-no-neighbour = { $address } ne répond pas sur le lien
packet-foreign-source = non envoyé : la source { $address } n'est pas une adresse de cette machine
packet-out-of-scope = non envoyé : { $address } n'est dans aucun périmètre
packet-unchecked = non envoyé : ses adresses ne peuvent pas être déterminées (l'écrire dans un fichier est permis)
packet-foreign-station = non envoyé : la source { $address } n'est pas l'adresse MAC de cette interface
packet-speaks-for-others = non envoyé : il agirait au nom d'un routeur ou de l'adresse d'une autre machine (l'écrire dans un fichier est permis)
packet-too-long = { $length } octets dépassent la MTU de l'interface
packet-refused = le système a refusé d'envoyer le paquet : { $error }
packet-help-explain = Expliquer les paquets et leurs réponses
packet-explain-silent = { $n ->
    [one] Un paquet est resté sans réponse
   *[other] { $n } paquets sont restés sans réponse
} : un pare-feu les bloque, l'adresse n'est pas utilisée, ou la cible ne répond pas (un port UDP ouvert le peut).
