# The command line: help of the program, and errors in arguments.

cli-about = Network scanner: shows what the network sees of a machine, explains the packets, and states the risk of error.
cli-usage-label = Usage:
cli-usage = vigie COMMAND [OPTIONS] [ARGUMENTS]
cli-commands = Commands
cli-global = Options of every command
cli-help = Help: -h for the short list, --help for everything
cli-version = Version
cli-lang = Language: en or fr (default: VIGIE_LANG, LC_ALL, LC_MESSAGES, LANG)
cli-color = Colours: auto, always or never
cli-no-color = No colours (same as NO_COLOR)
cli-quiet = Only errors on standard error
cli-after =
    Exit codes
    { $exits }

    Examples
      vigie scan localhost
      vigie scan 10.0.1.0/24 -p 22,80,443
      vigie scan --help

exit-done = done
exit-failed = done, but a condition was not met
exit-usage = usage error
exit-could-not-run = could not run: missing permission, no route, unreadable file
exit-out-of-scope = targets out of scope; nothing was sent
exit-interrupted = interrupted; partial results are printed and marked
exit-pipe-closed = the reader of the output closed the pipe

arg-unknown = unknown option “{ $arg }”
arg-unknown-hint = “vigie { $command } --help” lists the options
arg-did-you-mean = did you mean “{ $suggestion }”?
arg-bad-value = invalid value “{ $value }” for “{ $arg }”
arg-bad-value-hint = valid values: { $values }
arg-missing-value = “{ $arg }” needs a value
arg-extra-value = “{ $arg }” takes no value (“{ $value }”)
arg-conflict = “{ $arg }” cannot be combined with “{ $other }”
arg-missing = missing argument: { $arg }
arg-repeated = “{ $arg }” is given twice
arg-not-utf8 = an argument is not valid UTF-8
arg-wrong = invalid command line
command-unknown = unknown command “{ $command }”
command-unknown-hint = commands: { $commands }
number-wrong = invalid number “{ $value }” for “{ $arg }”
number-wrong-hint = a whole number from { $min } to { $max }
decimal-wrong-hint = a number from { $min } to { $max }
time-wrong = invalid duration “{ $value }” for “{ $arg }”
time-wrong-hint = a number with ms, s, m or h: 500ms, 30s, 5m, 2h

value-file = FILE
value-target = TARGET...
value-targets = TARGETS
value-iface = IFACE
value-time = TIME
value-lang = LANG
value-size = SIZE
value-when = WHEN
value-seconds = SECONDS
value-command = COMMAND
value-node = NODE
value-dir = DIR
value-servers = SERVERS
value-who = WHO
value-ports = PORTS
value-port = PORT
value-numbers = NUMBERS
value-flags = FLAGS
value-addresses = ADDRESSES
value-n = N
value-p = P
value-way = METHOD
value-format = FORMAT
value-results = RESULTS
value-shell = SHELL
value-layer = LAYER
value-expr = EXPR
value-base = BASE
value-filter = FILTER
value-k-n = K/N
