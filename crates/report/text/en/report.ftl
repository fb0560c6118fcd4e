# `vigie report`.

report-about = Show the results of a scan again, in any output format
report-usage = vigie report [OPTIONS] RESULTS
report-after =
    Examples
      vigie report results.jsonl                 as `vigie scan` showed it
      vigie report results.jsonl --xml r.xml     for tools that read nmap XML
      vigie report results.jsonl --csv           for a spreadsheet
report-help-results = JSON Lines file of `vigie scan -oJ RESULTS`; - for standard input
report-unreadable = { $file } is not a scan result: { $why }
report-unreadable-hint = give a file written by “vigie scan -oJ FILE” or “-o json”
report-partial = these results are partial: the scan did not finish
report-own-input = cannot write to { $file }: it is the input file
report-missing = cannot read { $file }: { $error }
