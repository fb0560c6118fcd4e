# The command line itself: help of the program, and what is wrong with arguments.

cli-about = Shows a machine the way the network sees it, explains what it saw, and says how sure it is.
cli-usage-label = Usage:
cli-usage = vigie COMMAND [OPTIONS] [ARGUMENTS]
cli-commands = Commands
cli-global = For every command
cli-help = Help: -h the short list, --help all of it
cli-version = Version
cli-lang = Language: en or fr (else VIGIE_LANG, LC_ALL, LC_MESSAGES, LANG)
cli-color = Colours: auto, always or never
cli-no-color = No colours (as does NO_COLOR)
cli-quiet = Nothing on stderr but errors
cli-after =
    Exit codes
    { $exits }

    Examples
      vigie scan localhost
      vigie scan 10.0.1.0/24 -p 22,80,443
      vigie scan --help

exit-done = done
exit-failed = done, and what was asked for does not hold
exit-usage = the command line is wrong
exit-could-not-run = it could not run: no permission, no route, a file that cannot be read
exit-out-of-scope = the targets are out of scope; nothing was sent
exit-interrupted = interrupted; what was known is printed and marked partial
exit-pipe-closed = whoever read the output stopped reading

arg-unknown = there is no option “{ $arg }”
arg-unknown-hint = “vigie { $command } --help” lists the options
arg-did-you-mean = did you mean “{ $suggestion }”?
arg-bad-value = “{ $value }” does not fit “{ $arg }”
arg-bad-value-hint = it takes one of: { $values }
arg-missing-value = “{ $arg }” needs a value
arg-extra-value = “{ $arg }” takes no value “{ $value }”
arg-conflict = “{ $arg }” does not go with “{ $other }”
arg-missing = something is missing: { $arg }
arg-repeated = “{ $arg }” stands there twice
arg-not-utf8 = an argument is not valid UTF-8
arg-wrong = the command line cannot be understood
command-unknown = there is no command “{ $command }”
command-unknown-hint = the commands are: { $commands }
number-wrong = “{ $value }” is no number that fits “{ $arg }”
number-wrong-hint = a whole number from { $min } to { $max }
decimal-wrong-hint = a number from { $min } to { $max }
time-wrong = “{ $value }” is no time that fits “{ $arg }”
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
value-way = WAY
value-format = FORMAT
value-results = RESULTS
value-shell = SHELL
value-layer = LAYER
value-expr = EXPR
value-base = BASE
value-filter = FILTER
value-k-n = K/N
