# Les mots dont tout le programme se sert.

hint = conseil : { $text }
error = vigie : { $text }
note = vigie : { $text }
version-line = vigie { $version }
