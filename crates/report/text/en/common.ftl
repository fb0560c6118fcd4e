# Words that every part of the program uses.

hint = hint: { $text }
error = vigie: { $text }
note = vigie: { $text }
version-line = vigie { $version }
