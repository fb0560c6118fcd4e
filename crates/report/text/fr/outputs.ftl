# Formats de sortie d'un scan.

output-help = Format sur la sortie standard : text, json (JSON Lines, docs/json.md), xml, grepable (tous deux comme nmap), csv ou html
output-help-text = Écrire aussi le rapport dans FICHIER (-oN)
output-help-json = Écrire aussi en JSON Lines dans FICHIER (-oJ)
output-help-xml = Écrire aussi en XML de nmap dans FICHIER (-oX)
output-help-grepable = Écrire aussi au format « grepable » de nmap dans FICHIER (-oG)
output-help-csv = Écrire aussi en CSV dans FICHIER
output-help-html = Écrire aussi une page HTML dans FICHIER, sans script ni ressource externe
output-help-all = Écrire aussi BASE.nmap (le rapport), BASE.xml, BASE.gnmap et BASE.jsonl (-oA)
output-same-file = deux sorties écrivent dans le même fichier : { $file }
output-same-file-hint = donnez à chaque sortie son propre fichier
