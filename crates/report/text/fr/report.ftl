# `vigie report`.

report-about = Afficher à nouveau les résultats d'un scan, dans n'importe quel format
report-usage = vigie report [OPTIONS] RÉSULTATS
report-after =
    Exemples
      vigie report resultats.jsonl               comme `vigie scan` les a affichés
      vigie report resultats.jsonl --xml r.xml   pour les outils qui lisent le XML de nmap
      vigie report resultats.jsonl --csv         pour un tableur
report-help-results = Fichier JSON Lines de `vigie scan -oJ RÉSULTATS` ; - pour l'entrée standard
report-unreadable = { $file } n'est pas un résultat de scan : { $why }
report-unreadable-hint = indiquez un fichier écrit par « vigie scan -oJ FICHIER » ou « -o json »
report-partial = ces résultats sont partiels : le scan n'est pas allé au bout
report-own-input = impossible d'écrire dans { $file } : c'est le fichier d'entrée
report-missing = impossible de lire { $file } : { $error }
