# La leçon `law`.

learn-law-title = Droit et éthique
learn-law-why =
    Il y a deux raisons de faire un scan de ports : tester ses propres systèmes, ou tester ceux des autres. La première est une
    bonne pratique. La seconde précède souvent une attaque, et les administrateurs la traitent comme telle.
learn-law-law =
    Le droit change d'un pays à l'autre, et cette leçon n'est pas un conseil juridique. La plupart des pays punissent l'accès
    non autorisé à un ordinateur, et beaucoup punissent la tentative : en France les articles 323-1 et suivants du Code pénal,
    en Grande-Bretagne le Computer Misuse Act. Les contrats avec les fournisseurs et les employeurs interdisent souvent aussi
    les scans. Un scan peut aussi causer des dommages : certains vieux appareils cessent de fonctionner.

    Scannez donc vos propres systèmes. Pour tous les autres, obtenez d'abord l'autorisation écrite du propriétaire : quelles
    adresses, quels ports, quand, d'où, et qui appeler en cas de problème.

    Vigie applique cette règle. Vous pouvez scanner votre propre machine, le labo et les réseaux privés auxquels vous êtes
    connecté ; tout le reste nécessite un périmètre. Vérifiez ce qui peut être scanné :
learn-law-check =
    `plain` appartient au labo. Rien n'indique que 192.0.2.1 soit à vous. Que se passe-t-il si vous le scannez quand même ?
learn-law-refused =
    Vigie a refusé, et n'a envoyé aucun paquet. Avec une autorisation, écrivez un fichier de périmètre (`docs/scope.md`), ou
    nommez qui l'a donnée : `--authorized "Jeanne Dupont, propriétaire de example.net"`. Elle est inscrite dans chaque
    résultat.
learn-law-seen =
    Personne n'est anonyme. Un scan a besoin de réponses, ses paquets portent donc son adresse source ; pare-feu, fournisseurs
    et serveurs la journalisent. Les ruses contre cela (sources usurpées, machines d'autrui) cachent moins qu'on ne le dit, et
    Vigie n'en propose aucune.

    Si vous trouvez par hasard un problème sur le système d'autrui, dites-le au propriétaire, et à personne d'autre.
learn-law-q1 = Un ami vous dit : « scanne le serveur de ma société, j'y travaille. » Que vous faut-il ?
learn-law-q1-a = rien, il y travaille
learn-law-q1-b = un accord oral par téléphone
learn-law-q1-c = l'autorisation écrite de la personne responsable du serveur
learn-law-q1-right = Et peut-être aussi celle de l'hébergeur.
learn-law-q1-hint = Qui peut donner l'autorisation pour ce serveur, et comment la prouveriez-vous plus tard ?
learn-law-q2 = Que pouvez-vous scanner sans demander à personne ?
learn-law-q2-a = votre propre ordinateur portable
learn-law-q2-b = le site web d'un magasin
learn-law-q2-c = le réseau Wi-Fi de votre voisin, qui n'a pas de mot de passe
learn-law-q2-right = Vous pouvez scanner vos propres machines, et ce labo autant que vous voulez.
learn-law-q2-hint = Lequel est à vous ?
learn-law-q3 = Un scan lent vous rend-il anonyme ?
learn-law-q3-a = oui
learn-law-q3-b = non
learn-law-q3-right = Chaque paquet porte son adresse source, quel que soit le débit.
learn-law-q3-hint = Où vont les réponses ?
learn-law-end =
    Qui ne connaît que les outils ne comprend pas ce qu'ils font. Vous savez maintenant comment ils fonctionnent. Continuez à
    apprendre, sur vos propres machines ou sur celles d'amis qui sont d'accord.
