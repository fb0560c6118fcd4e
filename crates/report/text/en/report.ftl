# `vigie report`.

report-about = Show the results of a scan again, in any format
report-usage = vigie report [OPTIONS] RESULTS
report-after =
    Examples
      vigie report results.jsonl                 as `vigie scan` showed it
      vigie report results.jsonl --xml r.xml     for what reads nmap's results
      vigie report results.jsonl --csv           for a spreadsheet
report-help-results = Results in JSON Lines, from `vigie scan -oJ RESULTS`; - is standard input
report-unreadable = { $file } holds no results of a scan: { $why }
report-unreadable-hint = give a file that “vigie scan -oJ FILE” or “-o json” wrote
report-partial = these results are partial: the scan did not end
report-own-input = { $file } is the file that is read: it would be lost
report-missing = { $file } cannot be read: { $error }
