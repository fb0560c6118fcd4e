# La leçon `port`.

learn-port-title = Ce qu'est un port
learn-port-what =
    Une machine a une adresse, et derrière elle beaucoup de programmes. Le port est le numéro qui dit lequel est visé :
    l'adresse d'une application sur sa machine. Un serveur web attend d'ordinaire au port 80, un serveur de courrier au
    port 25, un serveur de noms au port 53. Qui tape le nom d'un site dans son navigateur le fait frapper au port 80 ou 443
    de cette machine.

    TCP et UDP ont chacun leurs ports. Un port est *ouvert* quand un programme y attend, *fermé* quand il n'y en a pas. Un
    scan de ports demande à beaucoup de ports à la fois lesquels sont ouverts.

    Le labo a une machine nommée `plain`, avec quelques programmes et sans pare-feu. Demandez-lui :
learn-port-seen =
    Chaque ligne est un port qui a répondu « entrez » (`syn-ack`). Les autres, des mille ports interrogés, ont répondu
    « personne ici » (`reset`) et sont seulement comptés. SERVICE est le nom que l'on donne d'ordinaire au port ; personne
    n'a demandé au programme qui il est.
learn-port-numbers =
    Un numéro de port a 16 bits : il y en a 65 536, pour TCP et encore une fois pour UDP. L'IANA les range en trois classes :

    - de 0 à 1023, les ports bien connus : les services courants. Seuls des programmes privilégiés peuvent y attendre.
    - de 1024 à 49151, les ports enregistrés : attribués à certaines applications, sur demande.
    - de 49152 à 65535, les ports dynamiques : pour qui en a besoin un moment.

    Les deux bouts d'une connexion ont un port. Celui du serveur est connu ; celui du client est choisi par son système pour
    cette seule connexion, et les réponses y reviennent. (Linux choisit par défaut de 32768 à 60999.)
learn-port-q1 = Quels ports TCP de `plain`, de 1 à 100, sont ouverts ?
learn-port-q1-right = Vous avez lu un scan : cinq programmes y attendent.
learn-port-q1-hint = Regardez les lignes du scan dont l'état est `ouvert`, et laissez les numéros au-dessus de 100.
learn-port-q2 = Un client parle à votre serveur SSH depuis son port 50264. De quelle classe est ce numéro ?
learn-port-q2-a = un port bien connu
learn-port-q2-b = un port enregistré
learn-port-q2-c = un port dynamique
learn-port-q2-right = En lui-même il ne signifie rien : le système du client l'a choisi pour cette connexion.
learn-port-q2-hint = Où se trouve 50264 par rapport à 1023, 49151 et 65535 ?
