# `vigie lab`: a practice network.

lab-about = A practice network on this machine: hosts with open ports, firewalls, a router
lab-usage = vigie lab up | status | run [-- COMMAND] | down
lab-actions = Commands
lab-options = Options
lab-up-about = Create the lab; it runs until “vigie lab down”
lab-up-usage = vigie lab up [OPTIONS]
lab-status-about = Show the hosts of the lab, their addresses and the expected scan results
lab-status-usage = vigie lab status [OPTIONS]
lab-run-about = Run a command on the scanner node of the lab (default: a shell)
lab-run-usage = vigie lab run [OPTIONS] [--] [COMMAND [ARGUMENTS]]
lab-down-about = Remove the lab
lab-down-usage = vigie lab down [OPTIONS]
lab-help-dir = Keep the state of the lab in DIR (allows several labs)
lab-help-node = Run on this node of the lab
lab-help-command = Command and arguments
lab-after =
    The lab consists of network namespaces. It is connected to no other network, and no packet leaves this machine.
    Ordinary users can create one too if the system allows user namespaces.

    Example
      vigie lab up
      vigie lab run vigie scan plain
      vigie lab down

lab-up = The lab is up.
lab-already-up = the lab is already up
lab-not-up = no lab is up
lab-not-up-hint = create one: vigie lab up
lab-was-stale = the lab no longer runs: its process { $pid } has ended; its state was removed
lab-down = The lab is removed.
lab-node = { $name }  ({ $role })
lab-ghost = { $name }  (no host has these addresses)
lab-role-scanner = “vigie lab run” runs commands here
lab-role-router = router
lab-role-host = host
lab-try = Try: vigie lab run vigie scan { $host }
lab-tcp = TCP
lab-udp = UDP
lab-rest = all others
lab-truth-open = open
lab-truth-silent = open, never reply
lab-truth-closed = closed
lab-truth-reset = rejected by a firewall with RST
lab-truth-unreachable = rejected by a firewall with ICMP { $code } (IPv6: { $code6 })
lab-truth-dropped = dropped by a firewall
lab-truth-nobody = no host at this address

lab-cannot-build = cannot create the lab: { $error }
lab-cannot-build-files-hint = raise the limit on open files: ulimit -n { $wanted }
lab-cannot-user = this system does not let ordinary users create namespaces: { $error }
lab-cannot-user-hint = run as root: sudo vigie lab up
lab-cannot-state = cannot read or write the state of the lab: { $error }
lab-cannot-state-hint = choose another directory: --dir DIR
lab-state-foreign = cannot keep the state of the lab in { $path }: it belongs to another user
lab-state-unreadable = { $path } is not the state of a lab, or another version wrote it
lab-cannot-enter = cannot enter the lab: { $error }
lab-cannot-enter-hint = only the user who created the lab can enter it; or create it again: vigie lab down, vigie lab up
lab-cannot-end = the process { $pid } of the lab does not end: { $error }
lab-no-node = the lab has no node “{ $name }”
lab-no-node-hint = its nodes: { $names }
lab-cannot-run = cannot run “{ $command }”: { $error }
