# La leçon `port`.

learn-port-title = Ce qu'est un port
learn-port-what =
    Une machine a une adresse et exécute beaucoup de programmes. Un port est le numéro qui désigne l'un d'eux : l'adresse
    d'une application sur sa machine. Un serveur web écoute en général sur le port 80, un serveur de messagerie sur le
    port 25, un serveur DNS sur le port 53. Quand vous tapez le nom d'un site dans un navigateur, celui-ci se connecte au
    port 80 ou 443 de sa machine.

    TCP et UDP ont des ports distincts. Un port est *ouvert* quand un programme y écoute, *fermé* sinon. Un scan de ports
    cherche quels ports d'une machine sont ouverts.

    Le labo a une machine nommée `plain`, avec quelques programmes et sans pare-feu. Scannez-la :
learn-port-seen =
    Chaque ligne est un port qui a accepté une connexion (`syn-ack`). Les autres des 1 000 ports scannés l'ont refusée
    (`reset`) et sont seulement comptés. SERVICE est le service habituel de ce numéro de port ; le programme lui-même
    n'a pas été identifié.
learn-port-numbers =
    Un numéro de port a 16 bits : il y a 65 536 ports TCP et autant de ports UDP. L'IANA les range en trois classes :

    - de 0 à 1023, les ports bien connus : les services courants. Seuls des programmes privilégiés peuvent y écouter.
    - de 1024 à 49151, les ports enregistrés : enregistrés pour certaines applications.
    - de 49152 à 65535, les ports dynamiques : pour un usage temporaire.

    Les deux côtés d'une connexion ont un port. Celui du serveur est connu d'avance. Le système du client choisit un port
    pour chaque connexion, et les réponses y arrivent. (Linux utilise par défaut 32768 à 60999.)
learn-port-q1 = Quels ports TCP de `plain`, de 1 à 100, sont ouverts ?
learn-port-q1-right = Exact : cinq programmes y écoutent.
learn-port-q1-hint = Regardez les lignes à l'état `ouvert`, et ignorez les ports au-dessus de 100.
learn-port-q2 = Un client se connecte à votre serveur SSH depuis son port 50264. À quelle classe appartient ce numéro ?
learn-port-q2-a = un port bien connu
learn-port-q2-b = un port enregistré
learn-port-q2-c = un port dynamique
learn-port-q2-right = Ce numéro n'a pas de sens propre : le système du client l'a choisi pour cette connexion.
learn-port-q2-hint = Comparez 50264 à 1023, 49151 et 65535.
