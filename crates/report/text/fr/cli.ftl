# La ligne de commande : aide du programme, et erreurs dans les arguments.

cli-about = Scanner réseau : montre ce que le réseau voit d'une machine, explique les paquets et donne le risque d'erreur.
cli-usage-label = Usage :
cli-usage = vigie COMMANDE [OPTIONS] [ARGUMENTS]
cli-commands = Commandes
cli-global = Options de toutes les commandes
cli-help = Aide : -h pour la liste courte, --help pour l'aide complète
cli-version = Version
cli-lang = Langue : en ou fr (par défaut : VIGIE_LANG, LC_ALL, LC_MESSAGES, LANG)
cli-color = Couleurs : auto, always (toujours) ou never (jamais)
cli-no-color = Sans couleurs (comme avec NO_COLOR)
cli-quiet = Seulement les erreurs sur la sortie d'erreur
cli-after =
    Codes de retour
    { $exits }

    Exemples
      vigie scan localhost
      vigie scan 10.0.1.0/24 -p 22,80,443
      vigie scan --help

exit-done = terminé
exit-failed = terminé, mais une condition n'est pas remplie
exit-usage = erreur d'usage
exit-could-not-run = exécution impossible : permission manquante, pas de route, fichier illisible
exit-out-of-scope = cibles hors du périmètre ; rien n'a été envoyé
exit-interrupted = interrompu ; les résultats partiels sont affichés et marqués
exit-pipe-closed = le lecteur de la sortie a fermé le tube

arg-unknown = option inconnue « { $arg } »
arg-unknown-hint = « vigie { $command } --help » donne la liste des options
arg-did-you-mean = vouliez-vous dire « { $suggestion } » ?
arg-bad-value = valeur invalide « { $value } » pour « { $arg } »
arg-bad-value-hint = valeurs possibles : { $values }
arg-missing-value = « { $arg } » attend une valeur
arg-extra-value = « { $arg } » ne prend pas de valeur (« { $value } »)
arg-conflict = « { $arg } » ne se combine pas avec « { $other } »
arg-missing = argument manquant : { $arg }
arg-repeated = « { $arg } » est donné deux fois
arg-not-utf8 = un argument n'est pas de l'UTF-8 valide
arg-wrong = ligne de commande invalide
command-unknown = commande inconnue « { $command } »
command-unknown-hint = commandes : { $commands }
number-wrong = nombre invalide « { $value } » pour « { $arg } »
number-wrong-hint = un nombre entier de { $min } à { $max }
decimal-wrong-hint = un nombre de { $min } à { $max }
time-wrong = durée invalide « { $value } » pour « { $arg } »
time-wrong-hint = un nombre suivi de ms, s, m ou h : 500ms, 30s, 5m, 2h

value-file = FICHIER
value-target = CIBLE...
value-targets = CIBLES
value-iface = INTERFACE
value-time = DURÉE
value-lang = LANGUE
value-size = TAILLE
value-when = QUAND
value-seconds = SECONDES
value-command = COMMANDE
value-node = NŒUD
value-dir = DOSSIER
value-servers = SERVEURS
value-who = QUI
value-ports = PORTS
value-port = PORT
value-numbers = NUMÉROS
value-flags = DRAPEAUX
value-addresses = ADRESSES
value-n = N
value-p = P
value-way = MÉTHODE
value-format = FORMAT
value-results = RÉSULTATS
value-shell = SHELL
value-layer = COUCHE
value-expr = EXPR
value-base = BASE
value-filter = FILTRE
value-k-n = K/N
