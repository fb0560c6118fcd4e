# `vigie lab` : un réseau pour s'exercer.

lab-about = Un réseau sur cette machine pour s'exercer : machines aux ports ouverts, pare-feu, routeur
lab-usage = vigie lab up | status | run [-- COMMANDE] | down
lab-actions = Que faire
lab-options = Options
lab-up-about = Créer le labo ; il reste jusqu'à « vigie lab down »
lab-up-usage = vigie lab up [OPTIONS]
lab-status-about = Montrer les machines du labo, leurs adresses et ce qu'un scan doit y trouver
lab-status-usage = vigie lab status [OPTIONS]
lab-run-about = Exécuter une commande dans le labo, là où se tient le scanneur ; un shell sans commande
lab-run-usage = vigie lab run [OPTIONS] [--] [COMMANDE [ARGUMENTS]]
lab-down-about = Supprimer le labo
lab-down-usage = vigie lab down [OPTIONS]
lab-help-dir = Garder l'état du labo dans DOSSIER (pour avoir plusieurs labos)
lab-help-node = Exécuter dans ce nœud du labo
lab-help-command = La commande et ses arguments
lab-after =
    Le labo est fait d'espaces de noms réseau. Il ne mène à aucun autre réseau, et rien ne sort de cette machine.
    Un utilisateur ordinaire peut aussi en créer un là où le système lui permet les espaces de noms utilisateur.

    Exemple
      vigie lab up
      vigie lab run vigie scan plain
      vigie lab down

lab-up = Le labo est prêt.
lab-already-up = le labo est déjà là
lab-not-up = il n'y a pas de labo
lab-not-up-hint = créez-en un : vigie lab up
lab-was-stale = le labo n'est plus là : son processus { $pid } s'est terminé autrement ; son état est supprimé
lab-down = Le labo est supprimé.
lab-node = { $name }  ({ $role })
lab-ghost = { $name }  (personne n'a ces adresses)
lab-role-scanner = « vigie lab run » travaille ici
lab-role-router = routeur
lab-role-host = machine
lab-try = Essayez : vigie lab run vigie scan { $host }
lab-tcp = TCP
lab-udp = UDP
lab-rest = les autres
lab-truth-open = ouverts
lab-truth-silent = ouverts, ne répondent jamais
lab-truth-closed = fermés
lab-truth-reset = refusés par un pare-feu avec un reset
lab-truth-unreachable = refusés par un pare-feu avec ICMP { $code } (IPv6 : { $code6 })
lab-truth-dropped = jetés par un pare-feu
lab-truth-nobody = rien à cette adresse

lab-cannot-build = le labo n'a pas pu être créé : { $error }
lab-cannot-build-files-hint = augmentez la limite de fichiers ouverts : ulimit -n { $wanted }
lab-cannot-user = ce système ne permet pas aux utilisateurs ordinaires de créer des espaces de noms : { $error }
lab-cannot-user-hint = lancez-le en root : sudo vigie lab up
lab-cannot-state = l'état du labo ne peut être gardé ou lu : { $error }
lab-cannot-state-hint = dites où : --dir DOSSIER
lab-state-foreign = l'état du labo ne peut être gardé dans { $path } : cela appartient à un autre utilisateur
lab-state-unreadable = { $path } n'est pas l'état d'un labo, ou une autre version l'a fait
lab-cannot-enter = impossible d'entrer dans le labo : { $error }
lab-cannot-enter-hint = seul qui a créé le labo peut y entrer ; ou recréez-le : vigie lab down, vigie lab up
lab-cannot-end = le processus { $pid } du labo ne se termine pas : { $error }
lab-no-node = le labo n'a pas de nœud « { $name } »
lab-no-node-hint = ses nœuds sont : { $names }
lab-cannot-run = « { $command } » ne peut être exécuté : { $error }
