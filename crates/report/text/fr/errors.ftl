# Erreurs dans les cibles, les ports et les fichiers de résultats.

grammar-empty = élément vide dans la liste
grammar-empty-hint = retirez la virgule ou le tiret en trop, ou ajoutez la valeur manquante
grammar-too-large = { $text } est trop grand : le maximum est { $max }
grammar-too-large-hint = écrivez un nombre de 0 à { $max }
grammar-backwards = la plage { $text } est inversée
grammar-backwards-hint = écrivez d'abord la plus petite valeur
grammar-not-a-number = « { $text } » n'est pas un nombre
grammar-not-a-number-hint = écrivez des chiffres, ou une plage comme 8000-8100
grammar-unknown-service = service inconnu « { $text } »
grammar-unknown-service-hint = écrivez le numéro du port, ou un motif comme http*
grammar-not-four-parts = « { $text } » n'est pas une adresse IPv4 : il faut quatre nombres
grammar-not-four-parts-hint = par exemple { $example }
grammar-bad-prefix = « { $text } » n'est pas une longueur de préfixe
grammar-bad-prefix-hint = écrivez un nombre de 0 à { $max } après la barre oblique
grammar-bad-ipv6 = « { $text } » n'est pas une adresse IPv6
grammar-bad-ipv6-hint = par exemple 2001:db8::1, avec un seul « :: » au plus
grammar-zone-missing = { $text } est une adresse de lien local et nécessite une interface
grammar-zone-missing-hint = ajoutez l'interface, par exemple { $text }%eth0
grammar-zone-not-allowed = seule une adresse de lien local prend une interface : « { $text } »
grammar-zone-not-allowed-hint = retirez ce qui suit « % », ou choisissez l'interface avec -e
grammar-bad-name = « { $text } » n'est ni une adresse ni un nom de machine
grammar-bad-name-hint = un nom est fait de lettres, de chiffres, de tirets et de points
grammar-mixed-families = la plage « { $text } » mélange IPv4 et IPv6
grammar-mixed-families-hint = indiquez une plage IPv4 et une plage IPv6
grammar-too-many = « { $text } » compte plus de { $hosts } adresses
grammar-too-many-hint = découpez en réseaux plus petits, ou corrigez la longueur du préfixe
grammar-unknown-transport = « { $text } » n'est pas un transport
grammar-unknown-transport-hint = utilisez T: pour TCP, U: pour UDP, S: pour SCTP, P: pour les protocoles IP

output-failed = impossible d'écrire la sortie : { $error }

read-io = lecture impossible : { $error }
read-not-a-scan = sa première ligne n'est pas un plan de scan
read-newer = il utilise le schéma { $schema }, que cette version de Vigie ne prend pas en charge
read-line = ligne { $line } : { $what }
read-too-long = plus longue que toute ligne écrite par Vigie
read-not-as-described = ce n'est pas un objet décrit dans docs/json.md
read-field = valeur invalide de « { $field } »
read-after-the-end = trouvée après la fin du scan
