# Output formats of a scan.

output-help = Format on standard output: text, json (JSON Lines, docs/json.md), xml, grepable (both as nmap), csv or html
output-help-text = Also write the report to FILE (-oN)
output-help-json = Also write JSON Lines to FILE (-oJ)
output-help-xml = Also write nmap XML to FILE (-oX)
output-help-grepable = Also write nmap grepable output to FILE (-oG)
output-help-csv = Also write CSV to FILE
output-help-html = Also write an HTML page to FILE, without scripts or external resources
output-help-all = Also write BASE.nmap (the report), BASE.xml, BASE.gnmap and BASE.jsonl (-oA)
output-same-file = two outputs write to the same file: { $file }
output-same-file-hint = give each output its own file
