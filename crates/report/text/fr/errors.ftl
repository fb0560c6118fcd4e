# Ce qui peut ne pas aller avant tout envoi.

grammar-empty = il manque quelque chose ici
grammar-empty-hint = une virgule ou un tiret de trop, ou une adresse oubliée
grammar-too-large = { $text } est trop grand : le maximum est { $max }
grammar-too-large-hint = écrivez un nombre de 0 à { $max }
grammar-backwards = l'intervalle { $text } est à l'envers
grammar-backwards-hint = écrivez d'abord la plus petite borne
grammar-not-a-number = « { $text } » n'est pas un nombre
grammar-not-a-number-hint = écrivez des chiffres, ou un intervalle comme 8000-8100
grammar-unknown-service = aucun service ne s'appelle « { $text } »
grammar-unknown-service-hint = écrivez le numéro du port, ou un motif comme http*
grammar-not-four-parts = « { $text } » n'est pas une adresse IPv4 : il faut quatre nombres
grammar-not-four-parts-hint = par exemple { $example }
grammar-bad-prefix = « { $text } » n'est pas une longueur de préfixe
grammar-bad-prefix-hint = écrivez un nombre de 0 à { $max } après la barre oblique
grammar-bad-ipv6 = « { $text } » n'est pas une adresse IPv6
grammar-bad-ipv6-hint = par exemple 2001:db8::1, avec un seul « :: » au plus
grammar-zone-missing = { $text } est une adresse de lien local : elle existe sur chaque interface
grammar-zone-missing-hint = dites quelle interface, par exemple { $text }%eth0
grammar-zone-not-allowed = seule une adresse de lien local a une interface : « { $text } »
grammar-zone-not-allowed-hint = retirez ce qui suit « % », ou choisissez l'interface avec -e
grammar-bad-name = « { $text } » n'est ni une adresse ni un nom de machine
grammar-bad-name-hint = un nom est fait de lettres, de chiffres, de tirets et de points
grammar-mixed-families = « { $text } » va d'une famille d'adresses à l'autre
grammar-mixed-families-hint = donnez deux intervalles, l'un en IPv4, l'autre en IPv6
grammar-too-many = « { $text } » représente plus de { $hosts } adresses
grammar-too-many-hint = découpez en réseaux plus petits, ou corrigez la longueur du préfixe
grammar-unknown-transport = « { $text } » n'est pas un transport
grammar-unknown-transport-hint = T: veut dire TCP, U: UDP, S: SCTP, P: les protocoles IP

output-failed = la sortie ne peut pas être écrite : { $error }

read-io = lecture impossible : { $error }
read-not-a-scan = il ne commence pas par le plan d'un scan
read-newer = il suit le schéma { $schema }, que cette version de Vigie ne connaît pas
read-line = ligne { $line } : { $what }
read-too-long = plus longue que toutes celles que Vigie écrit
read-not-as-described = ce n'est pas un objet tel que docs/json.md le décrit
read-field = la valeur de « { $field } » n'a pas de sens
read-after-the-end = elle vient après la fin du scan
