# La leçon `firewalls`.

learn-firewalls-title = Les pare-feu
learn-firewalls-what =
    Un pare-feu décide quels paquets passent. Un scan montre ce qu'il fait des autres. La machine `walled` a un pare-feu qui
    bloque sans répondre (DROP) : il laisse passer les ports 22 et 8443, mais pas le port 3306.
learn-firewalls-drop =
    Le port 22 est ouvert et le port 8443 fermé : les paquets sont passés, et aucun programme n'écoute sur 8443. Le port 3306
    n'a jamais répondu : `filtré`. Les paquets sur le lien montrent des SYN et aucune réponse.

    Un paquet perdu donne le même résultat. Vigie sonde donc le port à nouveau jusqu'à ce qu'il soit improbable que toutes
    les réponses se soient perdues, et affiche le risque d'erreur restant.

    La machine `polite` rejette au contraire (REJECT) :
learn-firewalls-reject =
    Il y a trois façons de rejeter. Port 81 : RST, comme si le port était fermé ; la réponse ne montre pas si elle vient du
    pare-feu ou de la machine. Port 3306 : ICMP « administratively prohibited » (code 13), qu'envoient les pare-feu. Port
    6379 : ICMP « port unreachable » (code 3), que la machine envoie elle-même en UDP, mais que seul un pare-feu envoie en
    TCP. Une erreur ICMP pour un port TCP signifie `filtré`.

    Bloquer sans répondre ralentit les scans, mais fait aussi attendre les utilisateurs légitimes ; rejeter répond aussitôt.
    Ni l'un ni l'autre ne cache une machine qui a un port ouvert.
learn-firewalls-source =
    Un pare-feu peut aussi filtrer selon la source. Celui de `walled` laisse la machine `plain` atteindre tous les ports ; les
    vrais le font pour un serveur de sauvegarde ou un bureau. Un résultat ne vaut donc que pour l'endroit d'où vous avez
    scanné.

    Les commandes de cette question s'exécutent sur `plain`.
learn-firewalls-q1 = Depuis `plain`, déterminez si le port 3306 de 10.77.1.20 est ouvert.
learn-firewalls-q1-right = D'ici il est ouvert ; depuis `scanner` il était filtré. Scannez depuis l'endroit qui compte.
learn-firewalls-q1-hint = La même commande que précédemment : `vigie scan -p 3306 10.77.1.20`
learn-firewalls-q2 = Vus de `scanner`, lesquels des ports 22, 25, 80, 443, 3306 et 8443 de `walled` sont bloqués ? Scannez-les avec `vigie lab run`, ou réfléchissez : le pare-feu en laisse passer quatre ; trois ont un programme, un n'en a pas.
learn-firewalls-q2-right = Un scan ne montre pas si un programme écoute derrière le pare-feu : aucun sur le port 25, une base de données sur 3306.
learn-firewalls-q2-hint = 22, 80 et 443 sont ouverts, et 8443 est fermé.
learn-firewalls-q3 = Un port TCP répond par ICMP « administratively prohibited ». Quel est son état ?
learn-firewalls-q3-a = ouvert
learn-firewalls-q3-b = fermé
learn-firewalls-q3-c = filtré
learn-firewalls-q3-right = Un équipement sur le chemin rejette la sonde ; vous ne savez pas ce qu'il y a derrière.
learn-firewalls-q3-hint = Est-ce le port qui a répondu, ou un équipement placé devant lui ?
