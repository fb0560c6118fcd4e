# La ligne de commande : l'aide du programme, et ce qui ne va pas dans les arguments.

cli-about = Montre une machine telle que le réseau la voit, explique ce qui a été vu et dit avec quelle certitude.
cli-usage-label = Usage :
cli-usage = vigie COMMANDE [OPTIONS] [ARGUMENTS]
cli-commands = Commandes
cli-global = Pour toutes les commandes
cli-help = Aide : -h la liste courte, --help l'aide complète
cli-version = Version
cli-lang = Langue : en ou fr (sinon VIGIE_LANG, LC_ALL, LC_MESSAGES, LANG)
cli-color = Couleurs : auto, always (toujours) ou never (jamais)
cli-no-color = Sans couleurs (comme avec NO_COLOR)
cli-quiet = Rien sur la sortie d'erreur, sauf les erreurs
cli-after =
    Codes de retour
    { $exits }

    Exemples
      vigie scan localhost
      vigie scan 10.0.1.0/24 -p 22,80,443
      vigie scan --help

exit-done = terminé
exit-failed = terminé, et ce qui était demandé n'est pas respecté
exit-usage = la ligne de commande est fausse
exit-could-not-run = impossible d'exécuter : pas de permission, pas de route, un fichier illisible
exit-out-of-scope = les cibles sont hors du périmètre ; rien n'a été envoyé
exit-interrupted = interrompu ; ce qui était connu est affiché et marqué partiel
exit-pipe-closed = celui qui lisait la sortie a cessé de lire

arg-unknown = il n'y a pas d'option « { $arg } »
arg-unknown-hint = « vigie { $command } --help » donne la liste des options
arg-did-you-mean = vouliez-vous dire « { $suggestion } » ?
arg-bad-value = « { $value } » ne convient pas à « { $arg } »
arg-bad-value-hint = les valeurs possibles sont : { $values }
arg-missing-value = « { $arg } » demande une valeur
arg-extra-value = « { $arg } » ne prend pas la valeur « { $value } »
arg-conflict = « { $arg } » ne va pas avec « { $other } »
arg-missing = il manque quelque chose : { $arg }
arg-repeated = « { $arg } » est donné deux fois
arg-not-utf8 = un argument n'est pas de l'UTF-8 valide
arg-wrong = la ligne de commande est incompréhensible
command-unknown = il n'y a pas de commande « { $command } »
command-unknown-hint = les commandes sont : { $commands }
number-wrong = « { $value } » n'est pas un nombre qui convient à « { $arg } »
number-wrong-hint = un nombre entier de { $min } à { $max }
decimal-wrong-hint = un nombre de { $min } à { $max }
time-wrong = « { $value } » n'est pas une durée qui convient à « { $arg } »
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
value-way = VOIE
value-format = FORMAT
value-results = RÉSULTATS
value-shell = SHELL
value-layer = COUCHE
value-expr = EXPR
value-base = BASE
value-filter = FILTRE
value-k-n = K/N
