# La leçon `udp`.

learn-udp-title = UDP : ouvert, fermé, sans réponse
learn-udp-what =
    UDP envoie un datagramme et rien d'autre : pas de connexion, pas d'acquittement. Le résultat dépend de ce qu'il y a à
    l'autre bout. Envoyez une requête à un serveur DNS (port 53) et observez les paquets :
learn-udp-open =
    Un datagramme à l'aller, un au retour : un programme a répondu, le port est donc ouvert. `A?` marque la requête ; la
    ligne suivante est la réponse.

    Maintenant la même requête vers le port 54 de la même machine, où aucun programme n'écoute :
learn-udp-closed =
    La réponse n'est pas de l'UDP : le noyau de la machine signale « port unreachable » par ICMP (type 3, code 3). Cela
    signifie que la machine est active et que le port est fermé.

    Maintenant le port 69, où un programme reçoit tout et ne répond jamais :
learn-udp-silent =
    Pas de réponse. Le programme a pu ignorer le datagramme ; le datagramme ou la réponse a pu se perdre ; un pare-feu a pu
    le bloquer. Sans réponse, on ne peut pas trancher : un scan donne à ce port l'état `ouvert|filtré`.

    Il y a donc trois cas : une réponse UDP signifie ouvert, « port unreachable » signifie fermé, pas de réponse signifie
    que l'état n'est pas connu.
learn-udp-q1 =
    À vous : envoyez un datagramme UDP au port 100 de 10.77.1.10, où aucun programme n'écoute, pour recevoir
    « port unreachable ».
learn-udp-q1-right = Le labo a vu votre datagramme et le message ICMP : le port est fermé.
learn-udp-q1-hint =
    Changez le port dans la dernière commande : `vigie packet sr1 "IP(dst='10.77.1.10')/UDP(dport=100)"`. Ou envoyez une
    requête avec `dig` ou `vigie dns`.
learn-udp-q2 = Un port UDP ne répond jamais, même sondé plusieurs fois. Que savez-vous ?
learn-udp-q2-a = il est ouvert
learn-udp-q2-b = il est fermé
learn-udp-q2-c = il est ouvert ou filtré
learn-udp-q2-right = Un port fermé aurait très probablement répondu. Un datagramme que le programme comprend permettrait de trancher.
learn-udp-q2-hint = Un port fermé répond. Quels autres peuvent rester sans réponse ?
