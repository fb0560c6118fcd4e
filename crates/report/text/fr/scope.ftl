# Autorisation : ce qui peut être scanné et qui l'a autorisé ; `vigie scope`.

permission-line = Autorisé : { $grounds }. { $probes ->
    [one] Une sonde
   *[other] { $probes } sondes
} au plus
permission-own-address = adresse de cette machine
permission-loopback = bouclage (loopback)
permission-lab = le labo
permission-connected = réseau privé { $network } sur { $interface }
permission-scope = périmètre { $file }, autorisé par { $who }
permission-scope-until = périmètre { $file }, autorisé par { $who } jusqu'au { $until }
permission-authorized = autorisé par { $who } (--authorized)
permission-asked = autorisé par { $who } (saisi au terminal)

scope-help-file = Autoriser les cibles de ce fichier de périmètre (docs/scope.md) au lieu du vôtre ; répétable
scope-help-authorized = Nommer qui a autorisé le scan de cibles hors de tout périmètre ; inscrit dans chaque résultat
scope-who-empty = « --authorized » est vide
scope-who-empty-hint = nommez qui a autorisé le scan : --authorized "Jeanne Dupont, propriétaire d'example.net"

scope-refused = rien n'a été envoyé : { $parts }
scope-refused-hint = nommez qui a autorisé le scan avec --authorized "QUI", ou écrivez un fichier de périmètre (docs/scope.md)
scope-refused-never-hint = excluez-les avec --exclude ; aucune option ne les autorise
scope-question = { $parts }. Qui vous a autorisé à scanner cela ? (un nom, ou Entrée pour arrêter)
scope-part = { $addresses } : { $why }
scope-named = { $addresses } ({ $name })
scope-and-more = { $some } et { $more ->
    [one] une autre adresse
   *[other] { $more } autres adresses
}
scope-unspecified = l'adresse non spécifiée n'est pas une machine
scope-multicast = une adresse multicast est un groupe de machines ; --on-link trouve les machines d'un lien
scope-broadcast = une adresse broadcast désigne toutes les machines d'un réseau
scope-never = sur la liste « never » de { $file }
scope-never-name = le nom « { $name } » est sur la liste « never » de { $file }
scope-never-unknown = impossible de résoudre « { $name } » de la liste « never » : { $error }
scope-ports = { $more ->
    [0] le port { $port } est hors du périmètre { $file }
    [one] le port { $port } et un autre sont hors du périmètre { $file }
   *[other] le port { $port } et { $more } autres sont hors du périmètre { $file }
}
scope-expired = le périmètre { $file } a expiré le { $moment }
scope-not-yet = le périmètre { $file } n'est pas valable avant le { $moment }
scope-outside-hours = en dehors des heures du périmètre { $file }
scope-not-in-scope = dans aucun périmètre

scope-unreadable = impossible de lire le périmètre { $file } : { $error }
scope-file-wrong = périmètre { $file } invalide : { $what }
scope-file-hint = docs/scope.md décrit ce fichier ; rien n'a été envoyé
scope-not-toml = la ligne { $line } n'est pas du TOML valide
scope-unknown-key = clé inconnue « { $key } » (clés possibles : { $known })
scope-no-who = la clé « who » manque (qui l'a autorisé)
scope-wrong-type = « { $key } » doit être { $want }
scope-want-text = une chaîne
scope-want-texts = une liste de chaînes
scope-want-ports = des ports dans la syntaxe de -p
scope-want-moment = une date ou un instant
scope-want-rate = un nombre de sondes par seconde, de 0,001 à 1 000 000 000
scope-wrong-value = valeur invalide « { $value } » pour « { $key } » : { $why }
scope-no-moment = écrivez une date (2026-12-31), ou un instant avec son fuseau (2026-12-31T18:00:00Z)
scope-no-days = écrivez des jours comme Mon ou Mon-Fri avant les heures
scope-no-hours = écrivez des heures comme 22:00-06:00 (UTC)
scope-no-network = écrivez une adresse, une plage ou un réseau ; les noms vont dans « names »
scope-no-name = ce n'est pas le nom d'une machine

scope-about = Vérifier si une cible peut être scannée, et pourquoi
scope-usage = vigie scope check [OPTIONS] CIBLE...
scope-after =
    Autorisé sans périmètre : cette machine, le labo, et les réseaux privés auxquels cette machine est connectée.
    Tout le reste nécessite un fichier de périmètre (docs/scope.md) ou --authorized.
scope-check-about = Afficher pour chaque cible si elle peut être scannée, et pourquoi ; rien ne lui est envoyé
scope-check-usage = vigie scope check [OPTIONS] CIBLE...
scope-options = Options
scope-help-target = Adresse, réseau, plage ou nom, dans la syntaxe de `vigie scan`
scope-help-ports = Vérifier aussi ces ports
scope-target = { $target }
scope-target-addresses = { $target } ({ $addresses })
scope-answer = { $target } : { $answer } ({ $why })
scope-allowed = autorisé
scope-not-allowed = non autorisé
