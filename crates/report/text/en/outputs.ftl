# The outputs of a scan.

output-help = Format on standard output: text, json (JSON Lines, docs/json.md), xml and grepable (as nmap writes them), csv, html
output-help-text = Also write the report to FILE (-oN)
output-help-json = Also write JSON Lines to FILE (-oJ)
output-help-xml = Also write nmap's XML to FILE (-oX)
output-help-grepable = Also write nmap's grepable lines to FILE (-oG)
output-help-csv = Also write comma-separated values to FILE
output-help-html = Also write one HTML page to FILE: nothing in it is loaded or run
output-help-all = Also write BASE.nmap (the report), BASE.xml, BASE.gnmap and BASE.jsonl (-oA)
output-same-file = two outputs want the file { $file }
output-same-file-hint = give each its own
