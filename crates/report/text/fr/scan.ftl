# Rapports de scan. Les états sont traduits (docs/glossaire.md), les raisons jamais.

plan-line = Vigie { $version }  { $technique } de { $targets }, { $ports }
plan-line-hosts = Vigie { $version }  Découverte des machines de { $targets }
plan-questions = Sondes de découverte au-delà des routeurs : { $questions }
technique-syn = Scan SYN
technique-connect = Scan connect
technique-sctp-init = Scan SCTP INIT
technique-sctp-cookie-echo = Scan SCTP COOKIE ECHO
technique-ip-protocols = Scan des protocoles IP
technique-udp = Scan UDP
technique-udp-sockets = Scan UDP par sockets ordinaires
technique-and-udp = { $technique } et scan UDP
technique-other = Scan { $name }
technique-flags = { $technique } avec les drapeaux { $flags }
plan-targets-more = { $some } et { $more ->
    [one] une autre cible
   *[other] { $more } autres cibles
}
plan-addresses = { $targets } ({ $hosts ->
    [one] une adresse
   *[other] { $hosts } adresses
})
plan-ports-top = les { $n } ports { $transport } les plus courants
plan-ports-all = tous les { $n } ports { $transport }
plan-ports-some = { $n ->
    [one] port
   *[other] ports
} { $transport } { $list }
plan-ports-many = { $n } ports { $transport }
plan-seed-alone = graine { $seed }
plan-seed = graine { $seed }, port source { $port }
plan-seed-ports = graine { $seed }, ports source { $port } à { $last } à tour de rôle
plan-windows = les machines sont scannées en { $windows } fenêtres de { $hosts } pour respecter la limite de mémoire
plan-route = { $range } via { $link }, source { $source }
plan-route-gateway = { $range } via { $link }, source { $source }, passerelle { $gateway }

host-up = { $host } répond ({ $how })
host-assumed-up = { $host } : supposée active (-Pn)
host-down = { $host } ne répond pas ({ $how })
host-down-hint = aucune réponse à la découverte ; -Pn la scanne quand même
host-unknown = { $host } : présence indéterminée ({ $how })
path-title = Route (sondes { $probe }) :
path-neighbour = Route : aucune, la machine est sur le même lien
path-hop = { $ttl }  { $ip }  { $rtt }
path-shared = { $ttl }  { $ip }  comme pour { $of }
path-silent = { $ttl }  pas de réponse (3 sondes)
host-mac = MAC { $mac }
host-mac-vendor = MAC { $mac } ({ $vendor })
host-partial = { $host } (partiel : le scan s'est terminé avant cette machine)

column-port = PORT
column-state = ÉTAT
column-service = SERVICE
column-reason = RAISON

state-open = ouvert
state-closed = fermé
state-filtered = filtré
state-unfiltered = non filtré
state-open-filtered = ouvert|filtré
state-closed-filtered = fermé|filtré
state-unknown = inconnu
count-open = { $n } { $n ->
    [one] ouvert
   *[other] ouverts
}
count-closed = { $n } { $n ->
    [one] fermé
   *[other] fermés
}
count-filtered = { $n } { $n ->
    [one] filtré
   *[other] filtrés
}
count-unfiltered = { $n } { $n ->
    [one] non filtré
   *[other] non filtrés
}
count-open-filtered = { $n } { $n ->
    [one] ouvert|filtré
   *[other] ouverts|filtrés
}
count-closed-filtered = { $n } { $n ->
    [one] fermé|filtré
   *[other] fermés|filtrés
}
count-unknown = { $n } { $n ->
    [one] inconnu
   *[other] inconnus
}

not-shown = Non affichés : { $groups }
all-alike = { $n ->
    [one] État de son seul port
   *[other] État de ses { $n } ports
} : { $group }
no-ports = Aucun port demandé
group = { $count } ({ $why })
reason-ttl = { $reason } ttl { $ttl }
reason-from = { $reason } de { $from }
reason-rtt = { $reason } en { $rtt }
reason-tries = { $reason }, essai { $tries }
reason-silent = { $reason } ({ $silence })
reason-missed = { $reason }, { $silence }
reason-by-design = { $reason } ; { $why }
reason-confirmed = { $reason }, répond à { $request }
reason-said = { $reason } ; se présente comme { $said }
reason-unrecognised = { $reason }, protocole non reconnu
silence-needs-key = ce protocole ignore les clients sans clé
silence-may-need-key = ce protocole peut ignorer les clients sans clé
silence-one-way = ce protocole reçoit et ne répond jamais
silence-known-peers-only = ce protocole ne répond qu'aux pairs configurés
silence-multicast-only = ce protocole ne répond qu'aux requêtes multicast
silence-fixed-port = ce protocole envoie ses réponses à un port fixe
udp-mute = UDP : cette machine n'a jamais signalé de port fermé, son silence ne prouve donc rien
udp-free = UDP : cette machine signale chaque port fermé
udp-tokens = UDP : cette machine signale au plus { $rate } ports fermés par seconde
udp-sample = { $closed } des { $drawn } ports UDP tirés au sort étaient fermés : au plus { $share } des { $of } ports sans réponse ne le sont pas, avec une confiance de { $confidence } (--complete les prouve tous)
udp-unproven = { $unproven } ports UDP restent sans preuve : trop peu de réponses (--complete continue)
silence = { $tries ->
    [one] un essai
   *[other] { $tries } essais
}, risque d'erreur < { $p }

ended-max-tries = Nombre maximal d'essais atteint : les ports sans réponse sont moins sûrs que demandé (risque d'erreur < { $p } au lieu de { $wanted })
ended-host-timeout = Délai de cette machine écoulé (--host-timeout) avant que ses ports sans réponse soient sûrs
ended-max-time = Durée du scan écoulée (--max-time) avant que les ports sans réponse de cette machine soient sûrs
ended-interrupted = Interrompu avant la fin de cette machine : ses résultats sont partiels
ended-failed = Le scan a échoué localement avant la fin de cette machine : ses résultats sont partiels

warning-line = Attention : { $text }
warning-kernel-dropped = le noyau a perdu { $frames ->
    [one] une trame
   *[other] { $frames } trames
} avant que le scan les lise ; des ports sans réponse ont pu répondre (baissez --max-rate)
warning-all-open = tous les ports de { $host } paraissent ouverts : un équipement placé devant elle répond pour tous, « ouvert » ne prouve donc pas grand-chose
warning-all-open-front = tous les ports de { $host } paraissent ouverts, de même que { $answered } ports hauts sur { $controls } tirés au hasard : un équipement placé devant elle (proxy SYN ou tarpit) répond pour tous les ports. Connexions complètes vers ses ports « ouverts » : { $tried }, maintenues : { $held }, coupées par RST : { $reset }. { $real }
warning-all-open-resets = tous les ports de { $host } paraissent ouverts, mais { $reset } connexions complètes sur { $tried } ont été coupées par RST juste après l'établissement : un équipement placé devant elle (proxy SYN) répond pour les ports scannés. Il ne répond pas pour les autres (connexions acceptées par des ports hauts tirés au hasard : { $answered } sur { $controls }). { $real }
warning-all-open-real = tous les ports scannés de { $host } sont ouverts, des connexions complètes le confirment : maintenues : { $held } sur { $tried } ; acceptées par des ports hauts tirés au hasard : { $answered } sur { $controls }
warning-all-open-unclear = tous les ports de { $host } paraissent ouverts, et des connexions complètes n'ont pas permis de trancher : maintenues : { $held } sur { $tried }, coupées par RST : { $reset } ; acceptées par des ports hauts tirés au hasard : { $answered } sur { $controls }
all-open-real = { $n ->
    [one] Service trouvé au port { $ports }
   *[other] Services trouvés aux ports { $ports }
}
all-open-none-real = Aucun service n'y a été trouvé
warning-strange-source = { $from } a envoyé { $count ->
    [one] une réponse
   *[other] { $count } réponses
} sans avoir été sondée
warning-stopped-answering = des ports de { $host } qui répondaient au début du scan ne répondent plus : la machine bloque peut-être ce scanner, et l'absence de réponse ne prouve plus « filtré »
warning-foreign-resets = { $count } ports de { $host } ont été refusés par un autre équipement : ces RST ont le TTL { $ttl }, les réponses propres de la machine le TTL { $own }. Ce n'est pas elle qui a répondu « fermé »
warning-limits-resets = { $host } envoie au plus { $rate } RST par seconde : ses ports sans réponse ne sont pas ouverts ; seuls les ports prouvés à ce rythme sont annoncés fermés ou filtrés (--complete les prouve tous)
warning-limits-errors = { $host } envoie au plus { $rate } erreurs ICMP par seconde : des ports sans réponse peuvent être rejetés comme ceux qui ont renvoyé une erreur
warning-unresolved = Le routeur { $host } ne répond ni à ARP ni à la découverte de voisins sur ce lien : les cibles situées derrière lui n'ont pas été sondées

loss-sent = { $sent } sondes envoyées : { $answered } avec réponse, { $unanswered } sans ; { $duplicates ->
    [one] { $duplicates } réponse
   *[other] { $duplicates } réponses
} en double, { $stray ->
    [one] { $stray } trame
   *[other] { $stray } trames
} sans rapport
loss-path = Perdues en chemin : environ { $lost } ({ $rate }) ; retenues par les limiteurs de débit des cibles : environ { $suppressed }
loss-path-assumed = Perdues en chemin : non mesuré, trop peu de réponses ; supposé au plus { $rate } ; retenues par les limiteurs de débit des cibles : environ { $suppressed }
loss-kernel = Perdues par le noyau : { $sending } à l'émission, { $receiving } à la réception
loss-rtt = Délai aller-retour : { $rtt }

summary = { $hosts }, { $ports } en { $time }
summary-hosts = { $hosts } en { $time }
summary-hosts-asked = { $hosts } en { $time } ; { $sent } sondes, { $rate }/s
summary-up = { $up ->
    [one] { $up } machine répond
   *[other] { $up } machines répondent
}
summary-up-of = { $up ->
    [one] { $up } machine sur { $hosts } répond
   *[other] { $up } machines sur { $hosts } répondent
}
summary-ports = { $n ->
    [one] { $n } port
   *[other] { $n } ports
}
summary-ports-each = { $n ->
    [one] { $n } port chacune
   *[other] { $n } ports chacune
}
summary-partial = PARTIEL : { $why }
partial-interrupted = le scan a été interrompu
partial-max-time = durée maximale écoulée (--max-time)
partial-other = le scan s'est terminé avant que tous les ports soient sûrs

progress = { $percent } { $work }, { $rate }/s, { $open ->
    [one] { $open } ouvert
   *[other] { $open } ouverts
}
progress-discovering = découverte des machines
progress-udp = ports UDP
progress-round = tour { $round }
progress-eta = , encore { $eta }

joined-mac = Même machine (adresse MAC { $mac }) : { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}et { $more } de plus
} (un proxy qui répond pour d'autres adresses donne le même résultat)
joined-name = Même machine (nom { $name }) : { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}et { $more } de plus
} (plusieurs machines peuvent partager un nom)
