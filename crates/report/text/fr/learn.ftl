# `vigie learn` : textes autour des leçons. Chaque leçon a son propre fichier.

learn-about = De courtes leçons sur les ports et les scans ; les commandes s'exécutent réellement dans un labo sur cette machine
learn-usage = vigie learn [LEÇON] [OPTIONS]
learn-options = Options
learn-help-lesson = Numéro ou nom de la leçon (par défaut : la liste des leçons)
learn-help-read = Seulement lire la leçon, sans rien exécuter
learn-help-restart = Reprendre la leçon au début
learn-help-forget = Effacer votre progression
learn-help-render = Écrire chaque leçon en page Markdown dans DOSSIER
learn-after =
    Chaque leçon crée son propre labo et le supprime à la fin : aucun paquet ne quitte cette machine.
    Un utilisateur ordinaire peut suivre les leçons si le système autorise les espaces de noms utilisateur ; sinon, utilisez sudo.

    Exemple
      vigie learn
      vigie learn 1
      vigie learn handshake --read
learn-list = Leçons
learn-index =
    Les leçons de `vigie learn`, à lire. Dans un terminal, chaque commande s'exécute réellement, dans un labo d'espaces
    de noms réseau sur votre propre machine, et vos réponses sont vérifiées d'après les paquets du labo.
learn-mark-done = faite
learn-mark-at = à l'étape { $step } sur { $steps }
learn-begin = À suivre : vigie learn { $number }
learn-all-done = Toutes les leçons sont faites. Pour en refaire une : vigie learn 1
learn-no-lesson = leçon inconnue « { $lesson } »
learn-no-lesson-hint = donnez un numéro de 1 à { $last }, ou un nom : { $names }
learn-forgotten = progression effacée
learn-no-lab = impossible de créer le labo de la leçon
learn-no-lab-hint = lancez-la en root (sudo vigie learn), ou lisez-la seulement : --read
learn-no-tap = impossible de capturer les paquets du labo
learn-not-kept = impossible d'enregistrer votre progression : { $error }
learn-how =
    Appuyez sur Entrée pour exécuter une commande ; elle s'exécute dans un labo créé pour cette leçon. Le mot avant le $
    est la machine du labo qui l'exécute. Après une question, tapez votre réponse ; `?` affiche la solution. `q` quitte ;
    la leçon reprendra à cet endroit la prochaine fois.
learn-goes-on = Reprise à l'étape { $step }.
learn-otherwise = cette fois, les paquets diffèrent du texte ci-dessous
learn-saw = Paquets sur le lien de { $node } :
learn-saw-nothing = Aucun paquet de ce genre sur le lien de { $node }.
learn-how-choice = (tapez la lettre)
learn-how-ports = (tapez des numéros de port, par exemple 22,80 ou 22-25)
learn-how-command = (tapez une commande ; elle s'exécute dans le labo, et ses paquets sont vérifiés)
learn-how-filter = (tapez un filtre ; il est appliqué aux paquets de la dernière commande)
learn-right = Exact.
learn-wrong = Pas tout à fait.
learn-told = Solution : { $answer }
learn-question = **Question.** { $text }
learn-answer = **Réponse :** { $answer }. { $text }
learn-done = Leçon terminée.
learn-next = Entrée pour la leçon { $number } : { $title }. q quitte.
learn-last = C'était la dernière leçon.
learn-left = le labo a été supprimé ; reprenez avec « vigie learn { $number } »
value-lesson = LEÇON
