# `vigie lab` : un réseau d'exercice.

lab-about = Un réseau d'exercice sur cette machine : machines avec des ports ouverts, pare-feu, routeur
lab-usage = vigie lab up | status | run [-- COMMANDE] | down
lab-actions = Commandes
lab-options = Options
lab-up-about = Créer le labo ; il fonctionne jusqu'à « vigie lab down »
lab-up-usage = vigie lab up [OPTIONS]
lab-status-about = Afficher les machines du labo, leurs adresses et les résultats attendus d'un scan
lab-status-usage = vigie lab status [OPTIONS]
lab-run-about = Exécuter une commande sur le nœud scanner du labo (par défaut : un shell)
lab-run-usage = vigie lab run [OPTIONS] [--] [COMMANDE [ARGUMENTS]]
lab-down-about = Supprimer le labo
lab-down-usage = vigie lab down [OPTIONS]
lab-help-dir = Garder l'état du labo dans DOSSIER (pour avoir plusieurs labos)
lab-help-node = Exécuter sur ce nœud du labo
lab-help-command = Commande et arguments
lab-after =
    Le labo est fait d'espaces de noms réseau. Il n'est relié à aucun autre réseau, et aucun paquet ne quitte cette machine.
    Un utilisateur ordinaire peut aussi en créer un si le système autorise les espaces de noms utilisateur.

    Exemple
      vigie lab up
      vigie lab run vigie scan plain
      vigie lab down

lab-up = Le labo est prêt.
lab-already-up = le labo fonctionne déjà
lab-not-up = aucun labo ne fonctionne
lab-not-up-hint = créez-en un : vigie lab up
lab-was-stale = le labo ne fonctionne plus : son processus { $pid } s'est terminé ; son état a été supprimé
lab-down = Le labo est supprimé.
lab-node = { $name }  ({ $role })
lab-ghost = { $name }  (aucune machine n'a ces adresses)
lab-role-scanner = « vigie lab run » exécute les commandes ici
lab-role-router = routeur
lab-role-host = machine
lab-try = Essayez : vigie lab run vigie scan { $host }
lab-tcp = TCP
lab-udp = UDP
lab-rest = tous les autres
lab-truth-open = ouverts
lab-truth-silent = ouverts, ne répondent jamais
lab-truth-closed = fermés
lab-truth-reset = rejetés par un pare-feu avec RST
lab-truth-unreachable = rejetés par un pare-feu avec ICMP { $code } (IPv6 : { $code6 })
lab-truth-dropped = bloqués par un pare-feu
lab-truth-nobody = aucune machine à cette adresse

lab-cannot-build = impossible de créer le labo : { $error }
lab-cannot-build-files-hint = augmentez la limite de fichiers ouverts : ulimit -n { $wanted }
lab-cannot-user = ce système ne permet pas aux utilisateurs ordinaires de créer des espaces de noms : { $error }
lab-cannot-user-hint = lancez-le en root : sudo vigie lab up
lab-cannot-state = impossible de lire ou d'écrire l'état du labo : { $error }
lab-cannot-state-hint = choisissez un autre dossier : --dir DOSSIER
lab-state-foreign = impossible de garder l'état du labo dans { $path } : il appartient à un autre utilisateur
lab-state-unreadable = { $path } n'est pas l'état d'un labo, ou une autre version l'a écrit
lab-cannot-enter = impossible d'entrer dans le labo : { $error }
lab-cannot-enter-hint = seul l'utilisateur qui a créé le labo peut y entrer ; ou recréez-le : vigie lab down, vigie lab up
lab-cannot-end = le processus { $pid } du labo ne se termine pas : { $error }
lab-no-node = le labo n'a pas de nœud « { $name } »
lab-no-node-hint = ses nœuds : { $names }
lab-cannot-run = impossible d'exécuter « { $command } » : { $error }
