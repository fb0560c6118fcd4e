# The lesson `law`.

learn-law-title = Law and ethics
learn-law-why =
    There are two reasons for a port scan: to test your own systems, and to test those of others. The first is good
    practice. The second is the beginning of many an attack, and looks like one to whoever keeps the machine.
learn-law-law =
    Laws differ from country to country, and this lesson is no legal advice. Most punish entering a computer without
    right, and many the attempt: in France articles 323-1 and following of the Code pénal, in Britain the Computer Misuse
    Act. Contracts with providers and employers often forbid scans besides. A scan can also do harm: old devices have
    stopped working under one.

    So: scan what is yours. For everything else get the owner's permission first, in writing: which addresses, which
    ports, when, from where, and who is called if something breaks.

    Vigie holds you to it. Your own machine, the lab and private networks that you are connected to are free; everything
    else needs a scope. Ask it what may be scanned:
learn-law-check =
    `plain` belongs to the lab. 192.0.2.1 is somebody else's, as far as Vigie can know. What if you scan it nevertheless?
learn-law-refused =
    Refused, and no packet was sent. With permission you would write it into a scope file (`docs/scope.md`), or say who
    gave it: `--authorized "Jane Doe, owner of example.net"`. That is written into every result.
learn-law-seen =
    Nobody is anonymous. A scan needs answers, so it names its sender; firewalls, providers and logs keep it. Tricks
    against that (forged senders, other people's machines) conceal less than people say, and Vigie has none of them.

    What you find on other people's systems by accident, tell them, and nobody else.
learn-law-q1 = A friend asks: “scan my company's server, I work there.” What do you need?
learn-law-q1-a = nothing, he works there
learn-law-q1-b = his word on the telephone
learn-law-q1-c = the written permission of whoever is responsible for the server
learn-law-q1-right = And perhaps that of the provider whose machine it is.
learn-law-q1-hint = Who may give permission for that server, and how would you prove it later?
learn-law-q2 = Which of these may you scan without asking anybody?
learn-law-q2-a = your own laptop
learn-law-q2-b = the web site of a shop
learn-law-q2-c = your neighbour's wireless network, which has no password
learn-law-q2-right = Your own machines, and this lab as much as you like.
learn-law-q2-hint = Which of them is yours?
learn-law-q3 = Does a slow scan make you anonymous?
learn-law-q3-a = yes
learn-law-q3-b = no
learn-law-q3-right = Each packet carries its sender, at any pace.
learn-law-q3-hint = Where do the answers go?
learn-law-end =
    Who only skims the surface uses tools that others have made, and does not understand what he does. You have looked
    below it. Now study, on your own machines, or on those of friends who said yes.
