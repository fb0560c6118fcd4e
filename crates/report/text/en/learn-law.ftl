# The lesson `law`.

learn-law-title = Law and ethics
learn-law-why =
    There are two reasons for a port scan: to test your own systems, or to test those of others. The first is good
    practice. The second often precedes an attack, and administrators treat it as one.
learn-law-law =
    Laws differ from country to country, and this lesson is not legal advice. Most countries punish unauthorised access to
    a computer, and many punish the attempt: in France articles 323-1 and following of the Code pénal, in Britain the
    Computer Misuse Act. Contracts with providers and employers often forbid scans too. A scan can also cause damage: some
    old devices stop working.

    So scan your own systems. For all others, first get written permission from the owner: which addresses, which ports,
    when, from where, and whom to call if something breaks.

    Vigie enforces this. You may scan your own machine, the lab and private networks that you are connected to; everything
    else needs a scope. Check what may be scanned:
learn-law-check =
    `plain` belongs to the lab. 192.0.2.1 is not known to be yours. What happens if you scan it anyway?
learn-law-refused =
    Vigie refused, and sent no packet. With permission, write it into a scope file (`docs/scope.md`), or name who gave it:
    `--authorized "Jane Doe, owner of example.net"`. It is recorded in every result.
learn-law-seen =
    Nobody is anonymous. A scan needs replies, so its packets carry its source address; firewalls, providers and servers
    log it. Tricks against this (spoofed sources, other people's machines) hide less than people claim, and Vigie offers
    none of them.

    If you find a problem on someone else's system by accident, tell the owner, and nobody else.
learn-law-q1 = A friend asks: “Scan my company's server, I work there.” What do you need?
learn-law-q1-a = nothing, he works there
learn-law-q1-b = a verbal agreement by telephone
learn-law-q1-c = written permission from the person responsible for the server
learn-law-q1-right = And perhaps permission from the hosting provider.
learn-law-q1-hint = Who can give permission for that server, and how would you prove it later?
learn-law-q2 = Which of these may you scan without asking anybody?
learn-law-q2-a = your own laptop
learn-law-q2-b = the web site of a shop
learn-law-q2-c = your neighbour's Wi-Fi network, which has no password
learn-law-q2-right = You may scan your own machines, and this lab as much as you like.
learn-law-q2-hint = Which of them is yours?
learn-law-q3 = Does a slow scan make you anonymous?
learn-law-q3-a = yes
learn-law-q3-b = no
learn-law-q3-right = Every packet carries its source address, at any rate.
learn-law-q3-hint = Where do the replies go?
learn-law-end =
    If you only know the tools, you do not understand what they do. Now you know how they work. Keep learning, on your own
    machines or on those of friends who agreed.
