# `vigie learn` : ce qui se dit autour des leçons. Chaque leçon a son propre fichier.

learn-about = De courtes leçons sur les ports et les scans, commandes exécutées pour de vrai dans un labo sur cette machine
learn-usage = vigie learn [LEÇON] [OPTIONS]
learn-options = Options
learn-help-lesson = Le numéro ou le nom de la leçon ; sans lui, la liste des leçons
learn-help-read = Seulement la lire : rien n'est exécuté
learn-help-restart = Depuis le début, et non là où vous l'avez quittée
learn-help-forget = Oublier quelles leçons sont faites
learn-help-render = Écrire chaque leçon comme une page Markdown sous DOSSIER
learn-after =
    Une leçon monte son propre labo et l'enlève à la fin : aucun paquet ne quitte cette machine.
    Un utilisateur ordinaire peut aussi en avoir un là où le système permet les espaces de noms utilisateur ; sinon, sudo.

    Exemple
      vigie learn
      vigie learn 1
      vigie learn handshake --read
learn-list = Leçons
learn-index =
    Les leçons de `vigie learn`, à lire. Dans un terminal, chaque commande est exécutée pour de vrai, dans un labo
    d'espaces de noms réseau sur votre propre machine, et les réponses sont jugées d'après ce que le labo a vu.
learn-mark-done = faite
learn-mark-at = à l'étape { $step } sur { $steps }
learn-begin = À suivre : vigie learn { $number }
learn-all-done = Vous les avez toutes faites. On peut en refaire une : vigie learn 1
learn-no-lesson = il n'y a pas de leçon « { $lesson } »
learn-no-lesson-hint = donnez un numéro de 1 à { $last }, ou un nom : { $names }
learn-forgotten = oublié : toutes les leçons sont à nouveau neuves
learn-no-lab = la leçon n'a pas de labo où travailler
learn-no-lab-hint = lancez-la en root (sudo vigie learn), ou lisez-la seulement : --read
learn-no-tap = les paquets du labo ne peuvent pas être écoutés
learn-not-kept = votre progression ne peut pas être gardée : { $error }
learn-how =
    Une commande attend Entrée, puis s'exécute dans un labo monté pour cette leçon. Le mot avant le $ est la machine du
    labo où elle s'exécute. Une question attend votre réponse ; `?` la donne. `q` quitte, et la leçon reprendra là la
    prochaine fois.
learn-goes-on = Vous étiez à l'étape { $step } : la leçon reprend là.
learn-otherwise = cette fois, les paquets sont allés autrement que ne le dit le texte ci-dessous
learn-saw = Ce qui est passé sur le lien de { $node } :
learn-saw-nothing = Rien de tel n'est passé sur le lien de { $node }.
learn-how-choice = (tapez la lettre)
learn-how-ports = (tapez les numéros de port, comme 22,80 ou 22-25)
learn-how-command = (tapez une commande ; elle s'exécute dans le labo, et l'on regarde ce qu'elle envoie)
learn-how-filter = (tapez un filtre ; il est appliqué aux paquets de la dernière commande)
learn-right = Juste.
learn-wrong = Pas tout à fait.
learn-told = La réponse : { $answer }
learn-question = **Question.** { $text }
learn-answer = **Réponse :** { $answer }. { $text }
learn-done = La leçon est faite.
learn-next = Entrée continue avec la leçon { $number } : { $title }. q termine.
learn-last = C'était la dernière leçon.
learn-left = le labo est enlevé ; « vigie learn { $number } » reprend où vous étiez
value-lesson = LEÇON
