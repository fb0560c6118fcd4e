# `vigie packet` : des paquets dans la notation de scapy.

packet-about = Construire, envoyer et voir des paquets, dans la notation de scapy
packet-usage = vigie packet [ls | show | hex | send | sendp | sr | sr1 | srp | srp1 | run] [OPTIONS] [EXPR]
packet-actions = Que faire (rien : une invite)
packet-options = Options
packet-ls-about = Lister les couches, ou les champs de l'une d'elles
packet-ls-usage = vigie packet ls [COUCHE]
packet-show-about = Montrer chaque champ d'un paquet
packet-show-usage = vigie packet show [--json] EXPR
packet-hex-about = Montrer les octets d'un paquet
packet-hex-usage = vigie packet hex EXPR
packet-send-about = Envoyer des paquets IP
packet-send-usage = vigie packet send [OPTIONS] EXPR
packet-sendp-about = Envoyer des trames Ethernet
packet-sendp-usage = vigie packet sendp [OPTIONS] EXPR
packet-sr-about = Envoyer des paquets IP et montrer les réponses
packet-sr-usage = vigie packet sr [OPTIONS] EXPR
packet-sr1-about = Envoyer des paquets IP et montrer la première réponse
packet-sr1-usage = vigie packet sr1 [OPTIONS] EXPR
packet-srp-about = Envoyer des trames Ethernet et montrer les réponses
packet-srp-usage = vigie packet srp [OPTIONS] EXPR
packet-srp1-about = Envoyer des trames Ethernet et montrer la première réponse
packet-srp1-usage = vigie packet srp1 [OPTIONS] EXPR
packet-run-about = Exécuter un fichier d'instructions
packet-run-usage = vigie packet run FICHIER
packet-help-expression = Un paquet, comme 'IP(dst="10.0.0.1")/TCP(dport=80, flags="S")'
packet-help-json = Du JSON au lieu de texte, un objet par ligne
packet-help-layer = Une couche, comme TCP
packet-help-file = Un fichier d'instructions, une par ligne
packet-help-timeout = Attendre les réponses aussi longtemps après le dernier paquet (sinon 5 s)
packet-help-retry = Renvoyer jusqu'à N fois ce qui reste sans réponse
packet-help-interval = Attendre aussi longtemps entre les paquets
packet-help-count = Tout envoyer N fois
packet-help-iface = Envoyer par cette interface
packet-help-filter = Ne regarder que les paquets reçus que ce filtre de capture accepte
packet-after =
    Sans commande, c'est une invite : historique, Tab pour les couches et les champs, un paquet par ligne.
    Les champs laissés de côté sont calculés ; les champs donnés sont respectés, même quand ils sont faux.
    Listes, intervalles et réseaux valent pour plusieurs paquets : dport=[22, 80], dport=(1, 1024), dst="10.0.0.0/24".
    Seuls les paquets dont la source est une adresse de cette machine sont envoyés.
    Avec sr et les siens, --explain dit ce que veulent dire les paquets et leurs réponses, et comment le vérifier.

    Exemples
      vigie packet
      vigie packet ls TCP
      vigie packet show 'IP(dst="10.0.0.1")/TCP(dport=80)'
      vigie packet sr 'IP(dst="10.0.0.1")/TCP(dport=[22, 80, 443], flags="S")'

packet-welcome =
    Des paquets dans la notation de scapy : IP(dst="10.0.0.1")/TCP(dport=80). ls() liste les couches, lsc() les fonctions ; Ctrl-D termine.

packet-unknown-layer = il n'y a pas de couche « { $name } »
packet-unknown-layer-hint = « vigie packet ls » les liste
packet-not-a-packet = ceci n'est pas un paquet

packet-expected = { $what } était attendu ici, pas « { $found } »
packet-expected-at-end = { $what } était attendu ici
packet-open-string = ce texte ne se termine pas
packet-bracket = « { $bracket } » n'a pas son pendant
packet-character = « { $character } » ne commence rien dans ce langage
packet-number = ceci n'est pas un nombre
packet-number-too-large = ce nombre est trop grand : 127 bits sont gardés, pour les fractions 64
packet-twice = « { $name } » est donné deux fois
packet-interrupted = interrompu
packet-mixed-links = un fichier de capture ne peut contenir à la fois des paquets qui commencent par { $first } et d'autres par { $other }
packet-mixed-links-hint = écrivez chaque sorte dans un fichier à part
packet-escape = cette séquence d'échappement est inconnue
packet-too-deep = l'imbrication est trop profonde
packet-not-python = « { $word } » est du Python, ce que ceci n'est pas
packet-not-python-hint = ici il y a des expressions, des affectations et del ; lsc() liste les fonctions
packet-unknown-name = rien ne s'appelle « { $name } »
packet-unknown-name-hint = ls() liste les couches, lsc() les fonctions
packet-there-is = il y a : { $names }
packet-unknown-field = { $of } n'a pas de « { $name } »
packet-no-layer = le paquet n'a pas de couche { $layer }
packet-index = il n'y en a pas autant
packet-operation-one = « { $operator } » ne va pas avec { $left }
packet-operation = « { $operator } » ne va pas avec { $left } et { $right }
packet-argument = { $function }() prend { $takes }
packet-arithmetic = le résultat n'est pas un nombre que l'on puisse garder
packet-unpack = { $names } noms pour { $values } valeurs
packet-too-many = plus de { $most }, c'est trop
packet-exit = la session se termine ici
packet-field-none = il n'y a pas de champ { $field }
packet-field-expected = { $field } prend { $what }
packet-field-range = { $value } ne tient pas dans { $field } : il prend { $min } à { $max }
packet-field-name = { $field } n'a pas de valeur nommée « { $name } »
packet-field-host = « { $host } » pour { $field } n'est ni une adresse ni une machine connue
packet-field-long = { $length } octets sont trop pour { $field } : { $most } au plus
packet-dissect = ces octets ne sont pas { $layer } : { $had } octets à la position { $offset }, il en faut { $needed }
packet-file = { $path } : { $error }
packet-filter = le filtre « { $filter } » est inutilisable : { $error }
packet-io = cela n'a pas marché : { $error }
packet-no-permission = envoyer et recevoir des paquets demande la capacité CAP_NET_RAW : utilisez sudo, ou setcap cap_net_raw+ep sur le programme
packet-no-link = il n'y a pas d'interface par laquelle envoyer
packet-no-such-link = il n'y a pas d'interface « { $name } » active
packet-not-ethernet = cette interface n'est pas Ethernet : envoyez des paquets IP avec send() ou sr()
packet-needs-ip = ce qui est envoyé ici commence par IP() ou IPv6() ; sendp() et srp() envoient des trames
packet-needs-ether = ce qui est envoyé ici commence par Ether() ; send() et sr() envoient des paquets IP
packet-no-route = il n'y a pas de chemin vers { $address } : { $error }
packet-no-neighbour = { $address } ne répond pas sur le lien
packet-foreign-source = { $address } n'est pas une adresse de cette machine : rien n'est envoyé avec elle pour source
packet-out-of-scope = { $address } n'est dans aucun périmètre : rien ne lui est envoyé
packet-unchecked = on ne peut y lire de qui sont ses adresses : il n'est pas envoyé (un fichier accepte tout)
packet-foreign-station = { $address } n'est pas l'adresse matérielle de cette interface : rien n'est envoyé avec elle pour émetteur
packet-speaks-for-others = il parlerait pour un routeur ou pour l'adresse d'un autre : il n'est pas envoyé (un fichier accepte tout)
packet-too-long = { $length } octets sont trop longs pour l'interface
packet-refused = le système a refusé l'envoi : { $error }
packet-help-explain = Dire ce que veulent dire les paquets et leurs réponses
packet-explain-silent = { $n ->
    [one] Un paquet est resté sans réponse
   *[other] { $n } paquets sont restés sans réponse
} : un pare-feu les jette, personne n'a l'adresse, ou ce qui est là se tait (un port UDP ouvert le peut).
