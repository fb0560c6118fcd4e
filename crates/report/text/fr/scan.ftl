# Le rapport d'un scan. Les états sont traduits (docs/glossaire.md) ; les raisons ne le sont jamais.

plan-line = Vigie { $version }  { $technique } de { $targets }, { $ports }
plan-line-hosts = Vigie { $version }  Recherche des machines de { $targets }
plan-questions = Questions aux machines derrière un routeur : { $questions }
technique-syn = Scan SYN
technique-connect = Scan connect
technique-sctp-init = Scan SCTP INIT
technique-sctp-cookie-echo = Scan SCTP COOKIE ECHO
technique-ip-protocols = Scan des protocoles IP
technique-udp = Scan UDP
technique-udp-sockets = Scan UDP par sockets
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
plan-seed = graine { $seed }, depuis le port { $port }
plan-seed-ports = graine { $seed }, depuis les ports { $port } à { $last } tour à tour
plan-windows = les machines sont scannées en { $windows } fenêtres de { $hosts }, pour tenir dans la mémoire
plan-route = { $range } par { $link } depuis { $source }
plan-route-gateway = { $range } par { $link } depuis { $source } en passant par { $gateway }

host-up = { $host } répond ({ $how })
host-assumed-up = { $host } est tenue pour présente (-Pn)
host-down = { $host } ne répond pas ({ $how })
host-down-hint = rien n'est venu d'elle ; -Pn la scanne tout de même
host-unknown = { $host } : présence inconnue ({ $how })
path-title = Le chemin, par { $probe } :
path-neighbour = Le chemin : c’est une voisine
path-hop = { $ttl }  { $ip }  { $rtt }
path-shared = { $ttl }  { $ip }  comme vers { $of }
path-silent = { $ttl }  pas de réponse (à trois demandes)
host-mac = MAC { $mac }
host-mac-vendor = MAC { $mac } ({ $vendor })
host-partial = { $host } (partiel : le scan a pris fin avant cette machine)

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

not-shown = Non montrés : { $groups }
all-alike = { $n ->
    [one] Son seul port
   *[other] Tous les { $n } ports
} : { $group }
no-ports = Aucun port n'était demandé
group = { $count } ({ $why })
reason-ttl = { $reason } ttl { $ttl }
reason-from = { $reason } de { $from }
reason-rtt = { $reason } en { $rtt }
reason-tries = { $reason }, essai { $tries }
reason-silent = { $reason } ({ $silence })
reason-missed = { $reason }, { $silence }
reason-by-design = { $reason } ; { $why }
reason-confirmed = { $reason }, répond à { $request }
reason-said = { $reason } ; dit de lui-même : { $said }
reason-unrecognised = { $reason }, ne parle aucun des protocoles essayés
silence-needs-key = un serveur y ignore quiconque n'a pas sa clé
silence-may-need-key = un serveur y ignore peut-être quiconque n'a pas sa clé
silence-one-way = un serveur y reçoit et ne répond jamais
silence-known-peers-only = un serveur y ne répond qu'aux pairs qu'on lui a nommés
silence-multicast-only = un serveur y ne répond qu'à ce qui vient par multidiffusion
silence-fixed-port = un serveur y ne répond qu'à un port fixe
udp-mute = UDP : cette machine n'a jamais dit d'un port qu'il est fermé, son silence ne dit donc rien
udp-free = UDP : cette machine dit de chaque port fermé qu'il l'est
udp-tokens = UDP : cette machine dit au plus { $rate } fois par seconde qu'un port est fermé
udp-sample = { $closed } des { $drawn } ports UDP tirés au sort étaient fermés : au plus { $share } des { $of } ports silencieux ne le sont pas, avec une confiance de { $confidence } (--complete les prouve tous)
udp-unproven = { $unproven } ports UDP restent sans preuve : trop peu en a été dit (--complete continue)
silence = { $tries ->
    [one] un essai
   *[other] { $tries } essais
}, oubli de probabilité < { $p }

ended-max-tries = Tous les essais permis ont été faits, et les ports muets sont moins sûrs que demandé : p < { $p } au lieu de { $wanted }
ended-host-timeout = Le temps donné à cette machine (--host-timeout) a pris fin avant que ses ports muets soient sûrs
ended-max-time = Le temps donné au scan (--max-time) a pris fin avant que les ports muets de cette machine soient sûrs
ended-interrupted = Interrompu avant la fin de cette machine : ses résultats sont partiels
ended-failed = Cette machine-ci n'a pas pu continuer avant la fin de celle-là : ses résultats sont partiels

warning-line = Attention : { $text }
warning-kernel-dropped = ce noyau a jeté { $frames ->
    [one] une trame
   *[other] { $frames } trames
} avant que le scan les lise ; des ports muets ont pu répondre (baissez --max-rate)
warning-all-open = tous les ports de { $host } répondent comme ouverts : quelque chose devant elle répond pour tous, et « ouvert » ne veut plus dire grand-chose
warning-all-open-front = tous les ports de { $host } répondent comme ouverts, de même que { $answered } des { $controls } ports hauts tirés au hasard : quelque chose devant elle (un proxy SYN ou un piège) répond pour tous les ports. Sur { $tried } connexions complètes vers ses ports « ouverts », { $held } ont tenu et { $reset } ont été coupées par RST. { $real }
warning-all-open-resets = tous les ports de { $host } répondent comme ouverts, mais { $reset } des { $tried } connexions complètes vers eux ont été coupées par RST sitôt établies : quelque chose devant elle (un proxy SYN) répond pour les ports scannés, et non pour d'autres ({ $answered } des { $controls } ports hauts tirés au hasard ont accepté). { $real }
warning-all-open-real = tous les ports scannés de { $host } sont ouverts, et ce n'est pas une feinte : { $held } des { $tried } connexions complètes ont tenu, et des { $controls } ports hauts tirés au hasard, { $answered } en ont accepté une
warning-all-open-unclear = tous les ports de { $host } répondent comme ouverts, et des connexions complètes n'ont pu dire pourquoi : { $held } sur { $tried } ont tenu et { $reset } ont été coupées par RST, et des { $controls } ports hauts tirés au hasard, { $answered } en ont accepté une
all-open-real = { $n ->
    [one] Un service est derrière, au port { $ports }
   *[other] Des services sont derrière, aux ports { $ports }
}
all-open-none-real = Aucune n'a montré de service derrière
warning-strange-source = { $from } a envoyé { $count ->
    [one] une réponse
   *[other] { $count } réponses
} sans que rien ne lui soit demandé
warning-stopped-answering = des ports de { $host } qui répondaient au début du scan ne répondent plus : ce silence peut être sa défense, non son état
warning-foreign-resets = { $count } ports de { $host } ont été refusés d'une autre distance (TTL { $ttl }) que celle d'où viennent ses propres réponses (TTL { $own }) : quelque chose devant elle ferme en son nom, et « fermé » n'est que sa parole
warning-limits-resets = { $host } envoie au plus { $rate } RST par seconde : ses ports muets ne sont pas ouverts, et seuls ceux prouvés à ce rythme sont dits fermés ou filtrés (--complete les prouve tous)
warning-limits-errors = { $host } envoie au plus { $rate } erreurs ICMP par seconde : des ports muets peuvent être rejetés comme ceux qui ont répondu
warning-unresolved = Le routeur { $host } ne répond pas pour son adresse sur ce lien : rien n'a été demandé à ce qui est derrière lui

loss-sent = { $sent } sondes envoyées : { $answered } avec réponse, { $unanswered } sans ; { $duplicates ->
    [one] { $duplicates } réponse
   *[other] { $duplicates } réponses
} en double, { $stray ->
    [one] { $stray } trame
   *[other] { $stray } trames
} sans rapport
loss-path = Perdues en chemin : environ { $lost } ({ $rate }) ; retenues par les limiteurs des cibles : environ { $suppressed }
loss-path-assumed = Perdues en chemin : non mesuré, trop peu est revenu ; supposé au plus { $rate } ; retenues par les limiteurs des cibles : environ { $suppressed }
loss-kernel = Jetées par ce noyau : { $sending } à l'envoi, { $receiving } à la réception
loss-rtt = Aller-retour : { $rtt }

summary = { $hosts }, { $ports } en { $time }
summary-hosts = { $hosts } en { $time }
summary-hosts-asked = { $hosts } en { $time } ; { $sent } questions, { $rate } par seconde
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
partial-max-time = le temps donné au scan (--max-time) a pris fin
partial-other = le scan a pris fin avant que tout soit établi

progress = { $percent } { $work }, { $rate }/s, { $open ->
    [one] { $open } ouvert
   *[other] { $open } ouverts
}
progress-discovering = recherche des machines
progress-udp = ports UDP
progress-round = tour { $round }
progress-eta = , encore { $eta }

joined-mac = Une seule machine, d'après son interface { $mac } : { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}et { $more } de plus
} (une machine qui répond pour d'autres aurait le même air)
joined-name = Une seule machine, d'après son nom { $name } : { $addresses }{ $more ->
    [0] {""}
   *[other] {" "}et { $more } de plus
} (des machines peuvent partager un nom)
