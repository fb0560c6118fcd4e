# La page HTML d'un scan.

html-title = Scan de { $targets }
html-when = { $start }, { $elapsed }
html-running = le scan tournait encore quand cette page a été écrite
html-footer = Écrit par Vigie. Cette page ne charge rien et n'exécute rien ; noms et adresses sont montrés tels que le scan les a rencontrés, les signes auxquels un écran obéirait sous forme d'échappements.
html-summary = En bref
html-hosts-up = { $n ->
    [one] machine répond
   *[other] machines répondent
}
html-hosts-asked = { $n ->
    [one] adresse demandée
   *[other] adresses demandées
}
html-hosts-open = { $n ->
    [one] machine avec des ports ouverts
   *[other] machines avec des ports ouverts
}
html-ports-each = { $n ->
    [one] port demandé à chaque machine
   *[other] ports demandés à chaque machine
}
html-warnings = Avertissements
html-map = Carte des ports
html-map-about = { $hosts ->
    [one] une machine
   *[other] { $hosts } machines
} par { $ports ->
    [one] un port
   *[other] { $ports } ports
} ; chaque signe est l'état d'un port
html-map-blank = sans signe : comme la plupart des ports de cette machine, dans la couleur de la ligne
html-map-more = { $n ->
    [one] Une autre machine n'est pas dessinée.
   *[other] { $n } autres machines ne sont pas dessinées.
}
html-hosts = Machines
html-no-hosts = Aucune machine n'a répondu.
html-hosts-left-out = { $n ->
    [one] Une autre machine répond ; le JSON Lines la donne.
   *[other] { $n } autres machines répondent ; le JSON Lines les donne toutes.
}
html-column-rtt = RÉPONSE EN
html-reason = { $reason }
html-not-listed = Non énumérés :
html-host-partial = Le scan a pris fin avant que cette machine soit terminée.
html-explained = Résultats expliqués
html-timeline = Allure et pertes
html-timeline-about = Sondes par seconde et pertes estimées au fil du scan
html-timeline-short = Le scan a été trop court pour une chronologie.
html-timeline-rate = sondes par seconde (à gauche)
html-timeline-loss = pertes estimées (à droite)
html-timeline-find = un port ouvert a été trouvé
html-timeline-hosts = recherche de machines
html-no-account = Ce que sont devenues les sondes n'est dit qu'à la fin d'un scan.
html-plan = Le plan
html-command = Commande
html-addresses = Adresses
html-ports = Ports
html-ports-top = Les plus courants :
html-technique = Technique
html-discovery = Machines
html-discovery-ask = cherchées d'abord
html-discovery-assume = toutes tenues pour présentes (-Pn)
html-ways = Chemins
html-tries = Essais au plus sur un port muet
html-confidence = Certitude voulue
html-max-rate = Sondes par seconde au plus
html-min-rate = Sondes par seconde au moins
html-max-time = Durée au plus
html-host-timeout = Durée au plus pour une machine
html-seed = Graine
html-most = Sondes au plus
html-scope = Ce qui l'a permis
html-scope-none = Rien n'a été noté.
html-scope-ground = { $ground } ({ $hosts ->
    [one] une adresse
   *[other] { $hosts } adresses
})
