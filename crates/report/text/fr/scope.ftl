# La permission : ce qui peut être scanné, sur la parole de qui, et ce que dit `vigie scope`.

permission-line = Permis : { $grounds }. { $probes ->
    [one] Une sonde
   *[other] { $probes } sondes
} au plus
permission-own-address = adresse de cette machine
permission-loopback = boucle locale
permission-lab = le labo
permission-connected = le réseau privé { $network } sur { $interface }
permission-scope = le périmètre { $file }, autorisé par { $who }
permission-scope-until = le périmètre { $file }, autorisé par { $who } jusqu'au { $until }
permission-authorized = autorisé par { $who } (--authorized)
permission-asked = autorisé par { $who } (dit au terminal)

scope-help-file = Scanner ce que permet ce fichier de périmètre (docs/scope.md), au lieu du vôtre ; peut être répété
scope-help-authorized = Dire qui vous a permis de scanner ce qu'aucun périmètre ne nomme ; chaque résultat le garde
scope-who-empty = « --authorized » ne nomme personne
scope-who-empty-hint = dites qui l'a permis : --authorized "Jeanne Dupont, propriétaire d'example.net"

scope-refused = rien n'a été envoyé : { $parts }
scope-refused-hint = dites qui l'a permis avec --authorized "QUI", ou écrivez un périmètre (docs/scope.md)
scope-refused-never-hint = écartez-les avec --exclude ; aucune option ne les permet
scope-question = { $parts }. Qui vous a permis de scanner cela ? (un nom, ou Entrée pour arrêter)
scope-part = { $addresses } : { $why }
scope-named = { $addresses } ({ $name })
scope-and-more = { $some } et { $more ->
    [one] une autre adresse
   *[other] { $more } autres adresses
}
scope-unspecified = l'adresse ne désigne aucune machine
scope-multicast = une adresse de multidiffusion désigne un groupe de machines ; --on-link interroge celles d'un lien
scope-broadcast = une adresse de diffusion désigne toutes les machines d'un réseau
scope-never = sur la liste d'interdits de { $file }
scope-never-name = le nom « { $name } » est sur la liste d'interdits de { $file }
scope-never-unknown = le nom interdit « { $name } » n'est pas connu : { $error }
scope-ports = { $more ->
    [0] le port { $port } est hors du périmètre { $file }
    [one] le port { $port } et un autre sont hors du périmètre { $file }
   *[other] le port { $port } et { $more } autres sont hors du périmètre { $file }
}
scope-expired = le périmètre { $file } a pris fin le { $moment }
scope-not-yet = le périmètre { $file } commence le { $moment }
scope-outside-hours = le périmètre { $file } vaut à d'autres heures
scope-not-in-scope = dans aucun périmètre

scope-unreadable = le périmètre { $file } ne peut pas être lu : { $error }
scope-file-wrong = le périmètre { $file } est incorrect : { $what }
scope-file-hint = docs/scope.md décrit ce fichier ; rien n'a été envoyé
scope-not-toml = la ligne { $line } n'est pas du TOML
scope-unknown-key = « { $key } » n'est pas une clé d'un périmètre (il y a : { $known })
scope-no-who = il ne dit pas qui l'a autorisé (clé « who »)
scope-wrong-type = « { $key } » doit être { $want }
scope-want-text = un texte
scope-want-texts = une liste de textes
scope-want-ports = des ports tels que -p les prend
scope-want-moment = un jour ou un moment
scope-want-rate = un nombre de sondes par seconde, de 0,001 à 1 000 000 000
scope-wrong-value = « { $value } » ne convient pas à « { $key } » : { $why }
scope-no-moment = écrivez un jour (2026-12-31), ou un moment avec son fuseau (2026-12-31T18:00:00Z)
scope-no-days = écrivez des jours comme Mon ou Mon-Fri avant les heures
scope-no-hours = écrivez des heures comme 22:00-06:00 (UTC)
scope-no-network = écrivez une adresse, un intervalle ou un réseau ; les noms vont dans « names »
scope-no-name = ce n'est pas le nom d'une machine

scope-about = Dire si une cible peut être scannée, et pourquoi
scope-usage = vigie scope check [OPTIONS] CIBLE...
scope-after =
    Permis sans périmètre : cette machine, le labo, et les réseaux privés auxquels cette machine est reliée.
    Tout le reste demande un fichier de périmètre (docs/scope.md) ou --authorized.
scope-check-about = Dire pour chaque cible si elle peut être scannée, et pourquoi ; rien ne lui est envoyé
scope-check-usage = vigie scope check [OPTIONS] CIBLE...
scope-options = Options
scope-help-target = Adresse, réseau, intervalle ou nom, tels que `vigie scan` les prend
scope-help-ports = Vérifier aussi ces ports
scope-target = { $target }
scope-target-addresses = { $target } ({ $addresses })
scope-answer = { $target } : { $answer } ({ $why })
scope-allowed = permis
scope-not-allowed = pas permis
