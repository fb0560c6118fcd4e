# Les sorties d'un scan.

output-help = Format sur la sortie standard : text, json (JSON Lines, docs/json.md), xml et grepable (tels que nmap les écrit), csv, html
output-help-text = Écrire aussi le rapport dans FICHIER (-oN)
output-help-json = Écrire aussi du JSON Lines dans FICHIER (-oJ)
output-help-xml = Écrire aussi le XML de nmap dans FICHIER (-oX)
output-help-grepable = Écrire aussi les lignes « grepable » de nmap dans FICHIER (-oG)
output-help-csv = Écrire aussi des valeurs séparées par des virgules dans FICHIER
output-help-html = Écrire aussi une page HTML dans FICHIER : rien n'y est chargé ni exécuté
output-help-all = Écrire aussi BASE.nmap (le rapport), BASE.xml, BASE.gnmap et BASE.jsonl (-oA)
output-same-file = deux sorties veulent le fichier { $file }
output-same-file-hint = donnez à chacune le sien
