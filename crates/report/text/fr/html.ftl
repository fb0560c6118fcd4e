# La page HTML d'un scan.

html-title = Scan de { $targets }
html-when = { $start }, { $elapsed }
html-running = le scan était encore en cours quand cette page a été écrite
html-footer = Écrit par Vigie. Cette page ne charge aucune ressource et n'exécute aucun script. Les noms sont affichés tels que reçus, caractères de contrôle échappés.
html-summary = Résumé
html-hosts-up = { $n ->
    [one] machine répond
   *[other] machines répondent
}
html-hosts-asked = { $n ->
    [one] adresse scannée
   *[other] adresses scannées
}
html-hosts-open = { $n ->
    [one] machine avec des ports ouverts
   *[other] machines avec des ports ouverts
}
html-ports-each = { $n ->
    [one] port par machine
   *[other] ports par machine
}
html-warnings = Avertissements
html-map = Carte des ports
html-map-about = { $hosts ->
    [one] une machine
   *[other] { $hosts } machines
} par { $ports ->
    [one] un port
   *[other] { $ports } ports
} ; chaque symbole est l'état d'un port
html-map-blank = vide : l'état le plus courant de cette machine, dans la couleur de la ligne
html-map-more = { $n ->
    [one] Une autre machine n'est pas affichée.
   *[other] { $n } autres machines ne sont pas affichées.
}
html-hosts = Machines
html-no-hosts = Aucune machine n'a répondu.
html-hosts-left-out = { $n ->
    [one] Une autre machine répond ; voir la sortie JSON Lines.
   *[other] { $n } autres machines répondent ; voir la sortie JSON Lines.
}
html-column-rtt = DÉLAI DE RÉPONSE
html-reason = { $reason }
html-not-listed = Non affichés :
html-host-partial = Le scan s'est terminé avant cette machine.
html-explained = Explications
html-timeline = Débit et pertes
html-timeline-about = Sondes par seconde et pertes estimées pendant le scan
html-timeline-short = Le scan a été trop court pour une chronologie.
html-timeline-rate = sondes par seconde (à gauche)
html-timeline-loss = pertes estimées (à droite)
html-timeline-find = port ouvert trouvé
html-timeline-hosts = découverte des machines
html-no-account = Le compte des paquets n'est disponible que pour un scan terminé.
html-plan = Plan du scan
html-command = Commande
html-addresses = Adresses
html-ports = Ports
html-ports-top = Les plus courants :
html-technique = Technique
html-discovery = Découverte des machines
html-discovery-ask = oui
html-discovery-assume = sautée : toutes supposées actives (-Pn)
html-ways = Routes
html-tries = Essais maximaux par port sans réponse
html-confidence = Confiance demandée
html-max-rate = Sondes par seconde, maximum
html-min-rate = Sondes par seconde, minimum
html-max-time = Durée maximale
html-host-timeout = Durée maximale par machine
html-seed = Graine
html-most = Sondes, maximum
html-scope = Autorisation
html-scope-none = Aucune enregistrée.
html-scope-ground = { $ground } ({ $hosts ->
    [one] une adresse
   *[other] { $hosts } adresses
})
