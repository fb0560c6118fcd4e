# `vigie lab`: a network to practise on.

lab-about = A network on this machine to practise on: hosts with open ports, firewalls, a router
lab-usage = vigie lab up | status | run [-- COMMAND] | down
lab-actions = What to do
lab-options = Options
lab-up-about = Make the lab; it stays until “vigie lab down”
lab-up-usage = vigie lab up [OPTIONS]
lab-status-about = Show the lab's hosts, their addresses and what a scan of them must find
lab-status-usage = vigie lab status [OPTIONS]
lab-run-about = Run a command inside the lab, where the scanner stands; a shell if none is given
lab-run-usage = vigie lab run [OPTIONS] [--] [COMMAND [ARGUMENTS]]
lab-down-about = Remove the lab
lab-down-usage = vigie lab down [OPTIONS]
lab-help-dir = Keep the lab's state in DIR (so that there can be several labs)
lab-help-node = Run inside this node of the lab
lab-help-command = The command and its arguments
lab-after =
    The lab is made of network namespaces. It leads to no other network, and nothing leaves this machine.
    Ordinary users can make one too where the system lets them have user namespaces.

    Example
      vigie lab up
      vigie lab run vigie scan plain
      vigie lab down

lab-up = The lab is up.
lab-already-up = the lab is up already
lab-not-up = no lab is up
lab-not-up-hint = make one: vigie lab up
lab-was-stale = the lab is gone: its process { $pid } ended by other means; its state is removed
lab-down = The lab is removed.
lab-node = { $name }  ({ $role })
lab-ghost = { $name }  (nobody has these addresses)
lab-role-scanner = “vigie lab run” works here
lab-role-router = router
lab-role-host = host
lab-try = Try: vigie lab run vigie scan { $host }
lab-tcp = TCP
lab-udp = UDP
lab-rest = the rest
lab-truth-open = open
lab-truth-silent = open, never answers
lab-truth-closed = closed
lab-truth-reset = refused by a firewall with a reset
lab-truth-unreachable = refused by a firewall with ICMP { $code } (IPv6: { $code6 })
lab-truth-dropped = dropped by a firewall
lab-truth-nobody = nothing there

lab-cannot-build = the lab could not be made: { $error }
lab-cannot-build-files-hint = raise the limit on open files: ulimit -n { $wanted }
lab-cannot-user = this system does not let ordinary users make namespaces: { $error }
lab-cannot-user-hint = run it as root: sudo vigie lab up
lab-cannot-state = the lab's state cannot be kept or read: { $error }
lab-cannot-state-hint = say where: --dir DIR
lab-state-foreign = the lab's state cannot be kept in { $path }: it belongs to another user
lab-state-unreadable = { $path } is not the state of a lab, or of one that another version made
lab-cannot-enter = the lab cannot be entered: { $error }
lab-cannot-enter-hint = only who made the lab can enter it; or make it anew: vigie lab down, vigie lab up
lab-cannot-end = the lab's process { $pid } does not end: { $error }
lab-no-node = the lab has no node “{ $name }”
lab-no-node-hint = its nodes are: { $names }
lab-cannot-run = “{ $command }” cannot be run: { $error }
