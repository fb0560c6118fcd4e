//! What nmap's users type, and the long options that it stands for.
//!
//! A new habit is one line in `ALIASES`. Only what clap cannot spell by itself
//! stands here; `-h`, `-v`, `-6` pass through. This file must not know what an
//! option does.

use std::ffi::{OsStr, OsString};

use vigie_report::Message;

use crate::error::Error;

/// What a habit stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// This long option, without a value.
    Flag(&'static str),
    /// This long option; the value is joined (`-p22`) or the next argument (`-p 22`).
    Value(&'static str),
    /// This long option; the value is joined (`-PS22`) or, where none is, this one.
    Joined(&'static str, &'static str),
    /// Something that this version does not do.
    NotYet,
    /// Something that Vigie leaves out, with the key of the reason.
    LeftOut(&'static str),
    /// Something that is done differently here.
    Instead(&'static str),
    /// What Vigie does anyway.
    Already,
}

use Means::{Already, Flag, Instead, Joined, LeftOut, NotYet, Value};

/// How the flag and an argument must fit for each habit: exactly, or, where a value may be
/// joined, as the argument's beginning. The longest that fits wins.
const ALIASES: &[(&str, Means)] = &[
    ("-sS", Flag("--syn")),
    ("-sT", Flag("--connect")),
    ("-sU", Flag("--udp")),
    ("-sA", Flag("--ack")),
    ("-sF", Flag("--fin")),
    ("-sN", Flag("--null")),
    ("-sX", Flag("--xmas")),
    ("-sW", Flag("--window")),
    ("-sM", Flag("--maimon")),
    ("-sO", Flag("--ip-protocols")),
    ("-sY", Flag("--sctp-init")),
    ("-sZ", Flag("--sctp-cookie-echo")),
    ("-sn", Flag("--hosts-only")),
    ("-sP", Flag("--hosts-only")),
    ("-sL", NotYet),
    ("-sV", NotYet),
    ("-sC", LeftOut("habit-no-exploits")),
    ("-sI", LeftOut("habit-conceals")),
    ("-sR", NotYet),
    ("-Pn", Flag("--no-discovery")),
    ("-P0", Flag("--no-discovery")),
    ("-PN", Flag("--no-discovery")),
    ("-PS", Joined("--ask-syn", "80")),
    ("-PA", Joined("--ask-ack", "80")),
    ("-PU", Joined("--ask-udp", "40125")),
    ("-PY", Joined("--ask-sctp", "80")),
    ("-PE", Flag("--ask-echo")),
    ("-PP", Flag("--ask-timestamp")),
    ("-PM", Flag("--ask-mask")),
    ("-PO", Joined("--ask-protocols", "1,2,4")),
    ("-PR", Flag("--ask-neighbours")),
    ("-p", Value("--ports")),
    ("-T", Value("--timing")),
    ("-e", Value("--interface")),
    ("-g", Value("--source-port")),
    ("-iL", Value("--input-list")),
    ("-iR", LeftOut("habit-no-random")),
    ("-o", Value("--output")),
    ("-oN", Value("--text")),
    ("-oJ", Value("--json")),
    ("-oX", Value("--xml")),
    ("-oG", Value("--grepable")),
    ("-oA", Value("--output-all")),
    ("-oS", Instead("-oN")),
    ("-A", NotYet),
    ("-O", NotYet),
    ("-r", NotYet),
    ("-R", NotYet),
    ("-d", Instead("-v")),
    ("-f", LeftOut("habit-conceals")),
    ("-ff", LeftOut("habit-conceals")),
    ("-D", LeftOut("habit-conceals")),
    ("-S", LeftOut("habit-conceals")),
    ("-b", LeftOut("habit-third-party")),
    ("--system-dns", Already),
    ("--badsum", Instead("vigie packet")),
    ("--excludefile", Value("--exclude-file")),
    ("--host-timeout", Value("--host-timeout")),
    ("--version-intensity", NotYet),
    ("--script", LeftOut("habit-no-exploits")),
    ("--script-args", LeftOut("habit-no-exploits")),
    ("--proxies", LeftOut("habit-third-party")),
    ("--proxy", LeftOut("habit-third-party")),
    ("--spoof-mac", LeftOut("habit-conceals")),
    ("--mtu", LeftOut("habit-conceals")),
    ("--ip-options", Instead("vigie packet")),
    ("--data-length", Instead("vigie packet")),
    ("--ttl", Instead("vigie packet")),
    ("--unprivileged", Instead("-sT")),
    ("--iflist", Instead("vigie capture -D")),
    ("--exclude-ports", NotYet),
    ("--port-ratio", Instead("--top-ports")),
    ("--version-light", NotYet),
    ("--version-all", NotYet),
    ("--version-trace", NotYet),
    ("--script-args-file", LeftOut("habit-no-exploits")),
    ("--script-trace", LeftOut("habit-no-exploits")),
    ("--script-updatedb", LeftOut("habit-no-exploits")),
    ("--script-help", LeftOut("habit-no-exploits")),
    ("--osscan-limit", NotYet),
    ("--osscan-guess", NotYet),
    ("--min-hostgroup", LeftOut("habit-own-pace")),
    ("--max-hostgroup", LeftOut("habit-own-pace")),
    ("--min-parallelism", LeftOut("habit-own-pace")),
    ("--max-parallelism", LeftOut("habit-own-pace")),
    ("--min-rtt-timeout", LeftOut("habit-own-pace")),
    ("--max-rtt-timeout", LeftOut("habit-own-pace")),
    ("--initial-rtt-timeout", LeftOut("habit-own-pace")),
    ("--defeat-rst-ratelimit", LeftOut("habit-own-pace")),
    ("--defeat-icmp-ratelimit", LeftOut("habit-own-pace")),
    ("--scan-delay", Instead("--max-rate")),
    ("--max-scan-delay", Instead("--max-rate")),
    ("--randomize-hosts", Already),
    ("--data", Instead("vigie packet")),
    ("--data-string", Instead("vigie packet")),
    ("--append-output", NotYet),
    ("--noninteractive", Already),
    ("--stylesheet", Instead("--html")),
    ("--webxml", Instead("--html")),
    ("--no-stylesheet", Already),
    ("--datadir", LeftOut("habit-own-tables")),
    ("--servicedb", LeftOut("habit-own-tables")),
    ("--versiondb", LeftOut("habit-own-tables")),
    ("--send-eth", NotYet),
    ("--send-ip", NotYet),
    ("--disable-arp-ping", NotYet),
    ("--stats-every", NotYet),
    ("--privileged", Already),
];

/// The arguments after `scan` with every habit rewritten. What stands after `--` is left alone.
pub fn rewrite(args: Vec<OsString>) -> Result<Vec<OsString>, Error> {
    let mut out = Vec::with_capacity(args.len() + 2);
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            out.push(arg);
            out.extend(args);
            break;
        }
        match arg.to_str() {
            Some(text) if text.starts_with("--") => long(text, &arg, &mut args, &mut out)?,
            Some(text) if text.len() > 1 && text.starts_with('-') => {
                short(text, &mut args, &mut out)?;
            }
            _ => out.push(arg),
        }
    }
    Ok(out)
}

fn long(
    text: &str,
    arg: &OsStr,
    args: &mut impl Iterator<Item = OsString>,
    out: &mut Vec<OsString>,
) -> Result<(), Error> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    match ALIASES.iter().find(|(flag, _)| *flag == name) {
        None => out.push(arg.to_owned()),
        Some((_, Value(option))) if value.is_none() => {
            out.push(joined(option, next(name, args)?.as_os_str()));
        }
        Some((_, Value(option))) => out.push(joined(option, OsStr::new(value.unwrap_or("")))),
        Some((_, means)) => return apply(name, *means, out),
    }
    Ok(())
}

fn short(
    text: &str,
    args: &mut impl Iterator<Item = OsString>,
    out: &mut Vec<OsString>,
) -> Result<(), Error> {
    if let Some(count) = verbosity(text) {
        out.extend(std::iter::repeat_n(OsString::from("--verbose"), count));
        return Ok(());
    }
    if let Some((flag, means)) = ALIASES.iter().find(|(flag, _)| *flag == text) {
        if let Value(option) = means {
            out.push(joined(option, &next(flag, args)?));
            return Ok(());
        }
        return apply(flag, *means, out);
    }
    if let Some(letters) = text
        .strip_prefix("-s")
        .filter(|l| !l.is_empty() && !text.starts_with("-sI"))
    {
        return scan_types(text, letters, out);
    }
    let fits = |habit: &&(&str, Means)| takes_joined(habit) && text.starts_with(habit.0);
    match ALIASES
        .iter()
        .filter(fits)
        .max_by_key(|(flag, _)| flag.len())
    {
        Some((flag, Value(option) | Joined(option, _))) => {
            out.push(joined(option, OsStr::new(&text[flag.len()..])));
        }
        Some((flag, means)) => return apply(flag, *means, out),
        None => out.push(text.into()),
    }
    Ok(())
}

/// Whether something may follow the flag within the same argument. Otherwise `-Av` would be a habit.
fn takes_joined((flag, means): &(&str, Means)) -> bool {
    match means {
        Value(_) | Joined(..) => true,
        NotYet => flag.starts_with("-P") || flag.starts_with("-o"),
        LeftOut(_) => matches!(*flag, "-sI" | "-iR" | "-D" | "-S" | "-b" | "-f"),
        Instead(_) => *flag == "-d",
        Flag(_) | Already => false,
    }
}

/// `-v`, `-vv`, `-v3`: how often.
fn verbosity(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("-v")?;
    if rest.bytes().all(|b| b == b'v') {
        return Some(rest.len() + 1);
    }
    rest.parse().ok().filter(|n| *n <= 9)
}

/// Several scan types in one word: `-sSV`.
fn scan_types(text: &str, letters: &str, out: &mut Vec<OsString>) -> Result<(), Error> {
    for letter in letters.chars() {
        let flag = format!("-s{letter}");
        let Some((flag, means)) = ALIASES.iter().find(|(f, _)| *f == flag) else {
            return Err(unknown(text));
        };
        apply(flag, *means, out)?;
    }
    Ok(())
}

fn apply(flag: &str, means: Means, out: &mut Vec<OsString>) -> Result<(), Error> {
    match means {
        Flag(option) => {
            out.push(option.into());
            Ok(())
        }
        Value(_) => unreachable!("the caller has the value"),
        Joined(option, usual) => {
            out.push(joined(option, OsStr::new(usual)));
            Ok(())
        }
        NotYet => Err(
            Error::usage(Message::new("habit-not-yet").outside("flag", flag))
                .hint(Message::new("habit-not-yet-hint")),
        ),
        LeftOut(why) => {
            let message = Message::new("habit-left-out").outside("flag", flag);
            Err(Error::usage(message.text("why", Message::new(why)))
                .hint(Message::new(alternative(why))))
        }
        Already => Ok(()),
        Instead(other) => {
            let message = Message::new("habit-not-yet").outside("flag", flag);
            Err(Error::usage(message)
                .hint(Message::new("habit-use-instead").outside("instead", other)))
        }
    }
}

/// What to do instead of something that is left out for a reason.
fn alternative(why: &str) -> &'static str {
    match why {
        "habit-no-exploits" => "habit-no-exploits-hint",
        "habit-no-random" => "habit-no-random-hint",
        "habit-own-pace" => "habit-own-pace-hint",
        "habit-own-tables" => "habit-own-tables-hint",
        _ => "habit-left-out-hint",
    }
}

/// A word like `-ss` that is no habit, but for its letters' case.
fn unknown(text: &str) -> Error {
    let error = Error::usage(Message::new("arg-unknown").outside("arg", text));
    let alike = ALIASES
        .iter()
        .find(|(flag, _)| flag.eq_ignore_ascii_case(text));
    error.hint(match alike {
        Some((flag, _)) => Message::new("arg-did-you-mean").safe("suggestion", *flag),
        None => Message::new("arg-unknown-hint").safe("command", "scan"),
    })
}

fn next(flag: &str, args: &mut impl Iterator<Item = OsString>) -> Result<OsString, Error> {
    args.next().ok_or_else(|| {
        let example = match flag {
            "-p" => "-p 22,80",
            "-T" => "-T4",
            "-e" => "-e eth0",
            "-g" => "-g 53",
            "-iL" => "-iL hosts.txt",
            "-o" => "-o json",
            "-oN" => "-oN report.txt",
            "-oJ" => "-oJ results.jsonl",
            "-oX" => "-oX results.xml",
            "-oG" => "-oG results.gnmap",
            "-oA" => "-oA results",
            "--host-timeout" => "--host-timeout 30s",
            _ => "--exclude-file never.txt",
        };
        Error::usage(Message::new("habit-needs-value").outside("flag", flag))
            .hint(Message::new("habit-needs-value-hint").outside("example", example))
    })
}

fn joined(option: &str, value: &OsStr) -> OsString {
    let mut arg = OsString::from(option);
    arg.push("=");
    arg.push(value);
    arg
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use vigie_report::{Lang, Texts};

    fn rewritten(line: &str) -> String {
        let args = line.split_whitespace().map(OsString::from).collect();
        let out: Vec<String> = rewrite(args)
            .unwrap()
            .into_iter()
            .map(|a| a.into_string().unwrap())
            .collect();
        out.join(" ")
    }

    fn refused(line: &str) -> &'static str {
        rewrite(line.split_whitespace().map(OsString::from).collect())
            .unwrap_err()
            .message
            .key
    }

    #[test]
    fn habits_work_as_typed() {
        assert_eq!(
            rewritten("-sS -p- -T4 -Pn -n -v 10.0.1.1"),
            "--syn --ports=- --timing=4 --no-discovery -n --verbose 10.0.1.1"
        );
        assert_eq!(
            rewritten("-p 22,80 -iL - -oJ out"),
            "--ports=22,80 --input-list=- --json=out"
        );
        assert_eq!(
            rewritten("-p22 -iLhosts -oJ-"),
            "--ports=22 --input-list=hosts --json=-"
        );
        assert_eq!(
            rewritten("-oX - -oGfile -oA base -oXout.xml"),
            "--xml=- --grepable=file --output-all=base --xml=out.xml"
        );
        assert_eq!(
            rewritten("-p -100 -o json -eeth0"),
            "--ports=-100 --output=json --interface=eth0"
        );
        assert_eq!(rewritten("-vv -v3 -vvv"), ["--verbose"; 8].join(" "));
        assert_eq!(rewritten("-h -V -6 -4 -F -q -6n"), "-h -V -6 -4 -F -q -6n");
        assert_eq!(
            rewritten("--open --top-ports 10 --max-rate=5"),
            "--open --top-ports 10 --max-rate=5"
        );
        assert_eq!(rewritten("-sU -sSU"), "--udp --syn --udp");
        assert_eq!(rewritten("-sS -- -sT -p"), "--syn -- -sT -p");
        assert_eq!(
            rewritten("--excludefile f --excludefile=g"),
            "--exclude-file=f --exclude-file=g"
        );
        assert_eq!(rewritten("-zz -"), "-zz -");
        assert_eq!(rewritten("--noninteractive -F"), "-F");
    }

    #[test]
    fn what_is_left_out_is_refused_with_a_reason() {
        for line in [
            "-D RND:5",
            "-DRND:5",
            "-S 192.0.2.1",
            "-f",
            "-ff",
            "-f8",
            "-f 8",
            "-sI zombie",
            "-b host",
            "--script vuln",
            "--script=x",
        ] {
            assert_eq!(refused(line), "habit-left-out", "{line}");
        }
        for line in ["-oS -", "--iflist", "-d", "-dd", "-d9", "--scan-delay 1s"] {
            assert_eq!(refused(line), "habit-not-yet", "{line}");
        }
        assert_eq!(refused("-p"), "habit-needs-value");
    }

    /// What stands for itself: clap spells it as nmap does.
    const ALIKE: &[&str] = &[
        "--exclude",
        "-n",
        "--scanflags",
        "-F",
        "--top-ports",
        "--max-retries",
        "--min-rate",
        "--max-rate",
        "--source-port",
        "-v",
        "--open",
        "--reason",
        "--packet-trace",
        "-6",
    ];

    /// The table in docs/coming-from-nmap.md.
    fn table() -> String {
        let texts = Texts::new(Lang::En);
        let mut rows = String::from("| nmap | Vigie |\n|---|---|\n");
        let mut row = |flag: &str, what: String| {
            rows.push_str(&["| `", flag, "` | ", &what, " |\n"].concat());
        };
        for (flag, means) in ALIASES {
            row(
                flag,
                match means {
                    Flag(option) | Value(option) | Joined(option, _) => {
                        format!("works: `{option}`")
                    }
                    Already => "accepted; Vigie does so anyway".to_owned(),
                    Instead(other) => format!("use `{other}` instead"),
                    NotYet => "not yet".to_owned(),
                    LeftOut(why) => format!(
                        "left out: {}. Instead: {}",
                        texts.get(why),
                        texts.get(alternative(why))
                    ),
                },
            );
        }
        for flag in ALIKE {
            row(flag, "works".to_owned());
        }
        rows
    }

    /// To write it anew: VIGIE_WRITE_DOCS=1 cargo nextest run -p vigie the_table_for_nmaps_users
    #[test]
    fn the_table_for_nmaps_users_is_current() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/coming-from-nmap.md"
        );
        let page = std::fs::read_to_string(file).unwrap();
        let (head, rest) = page.split_once("<!-- flags -->\n").unwrap();
        let (_, tail) = rest.split_once("<!-- end of flags -->").unwrap();
        let wanted = [
            head,
            "<!-- flags -->\n",
            &table(),
            "<!-- end of flags -->",
            tail,
        ]
        .concat();
        if std::env::var_os("VIGIE_WRITE_DOCS").is_some() {
            std::fs::write(file, &wanted).unwrap();
        } else {
            assert!(page == wanted, "write it anew: VIGIE_WRITE_DOCS=1");
        }
    }

    /// Lines as nmap's users type them: each is understood, or what is missing is named.
    #[test]
    fn what_nmaps_users_type_is_understood() {
        let not_yet = ["-sV", "-O", "-A"];
        let lines = [
            "-sS -p- -T4 -Pn -n -oX out.xml 10.0.1.1",
            "-sS -p 1-65535 -T 4 -Pn -n -oXout.xml 10.0.1.1",
            "-sT -p22,80,443 --open --reason -v 10.0.1.0/24",
            "-sA -p 80 -n 10.0.1.1",
            "-sF -F 10.0.1.1",
            "-sN --top-ports 100 10.0.1.1",
            "-sX --top-ports=100 10.0.1.1",
            "-sW -p80 10.0.1.1",
            "-sM -p80 10.0.1.1",
            "-sn 10.0.1.0/24",
            "-sP 10.0.1.0/24",
            "-sU -p 53 10.0.1.1",
            "-sV 10.0.1.1",
            "-O 10.0.1.1",
            "-A -T4 10.0.1.1",
            "-T0 10.0.1.1",
            "-T5 10.0.1.1",
            "-T aggressive 10.0.1.1",
            "-Tpolite 10.0.1.1",
            "-oN - 10.0.1.1",
            "-oG out.gnmap -oN out.txt 10.0.1.1",
            "-oA base 10.0.1.1",
            "-iL hosts.txt --exclude 10.0.1.7",
            "-iLhosts.txt --excludefile never.txt",
            "-6 -e eth0 fe80::1",
            "-eeth0 -g 53 10.0.1.1",
            "-v -v -vv 10.0.1.1",
            "-PS22,80 -PA -PE -PP 10.0.1.1",
            "--max-rate 100 --min-rate=10 --max-retries 2 --host-timeout 30s 10.0.1.1",
        ];
        for line in lines {
            let words = line.split_whitespace().map(OsString::from).collect();
            let args = match rewrite(words) {
                Ok(args) => args,
                Err(error) => {
                    let excused = not_yet.iter().any(|flag| line.starts_with(flag));
                    assert!(excused, "{line}: {error:?}");
                    assert_eq!(error.message.key, "habit-not-yet");
                    continue;
                }
            };
            let command = crate::cmd::scan::args::build(&Texts::new(Lang::En));
            let program = [OsString::from("scan")];
            let parsed = command.try_get_matches_from(program.into_iter().chain(args));
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
        }
    }

    #[test]
    fn what_is_nearly_a_habit_is_suggested() {
        let hint = |line: &str| {
            let words = line.split_whitespace().map(OsString::from).collect();
            let hint = rewrite(words).unwrap_err().hint.unwrap();
            Texts::new(Lang::En).say(&hint)
        };
        assert_eq!(hint("-ss"), "did you mean “-sS”?");
        assert_eq!(hint("-sQ"), "“vigie scan --help” lists the options");
    }

    #[test]
    fn every_habit_means_an_option_that_exists() {
        let command = super::super::args::build(&Texts::new(Lang::En));
        let options: BTreeSet<String> = command
            .get_arguments()
            .filter_map(|a| a.get_long())
            .map(|l| format!("--{l}"))
            .collect();
        for (flag, means) in ALIASES {
            if let Flag(option) | Value(option) | Joined(option, _) = means {
                assert!(options.contains(*option), "{flag} means {option}");
            }
        }
        let shorts: Vec<char> = command
            .get_arguments()
            .filter_map(clap::Arg::get_short)
            .collect();
        for flag in ALIKE {
            let letter = flag.chars().nth(1).filter(|_| flag.len() == 2);
            let known = letter.map_or(options.contains(*flag), |letter| shorts.contains(&letter));
            assert!(known, "{flag}");
        }
        let flags: BTreeSet<&str> = ALIASES.iter().map(|(flag, _)| *flag).collect();
        assert_eq!(flags.len(), ALIASES.len(), "a habit stands twice");
    }
}
