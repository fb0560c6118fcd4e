# `vigie report`.

report-about = Montrer à nouveau les résultats d'un scan, dans tout format
report-usage = vigie report [OPTIONS] RÉSULTATS
report-after =
    Exemples
      vigie report resultats.jsonl               comme `vigie scan` l'a montré
      vigie report resultats.jsonl --xml r.xml   pour ce qui lit les résultats de nmap
      vigie report resultats.jsonl --csv         pour un tableur
report-help-results = Résultats en JSON Lines, de `vigie scan -oJ RÉSULTATS` ; - est l'entrée standard
report-unreadable = { $file } ne contient pas de résultats d'un scan : { $why }
report-unreadable-hint = donnez un fichier écrit par « vigie scan -oJ FICHIER » ou « -o json »
report-partial = ces résultats sont partiels : le scan n'est pas allé au bout
report-own-input = { $file } est le fichier lu : il serait perdu
report-missing = { $file } ne peut être lu : { $error }
