//! Compatibility with the command lines of other tools: rewrites nmap's spellings that clap cannot parse, and explains
//! options that Vigie does not have.
//!
//! Everything comes from the registry. This file must not know any flag.

use std::ffi::{OsStr, OsString};

use vigie_report::Message;

use super::foreign::{self, Answer, Foreign};
use super::{Row, Takes, Tool};
use crate::error::Error;

/// Meaning of a spelling of nmap.
#[derive(Clone, Copy)]
enum Means {
    /// A flag of Vigie, and its value if none is joined.
    Flag(&'static Row, Option<&'static str>),
    /// An option that Vigie has no flag for.
    Foreign(&'static Foreign),
}

impl Means {
    /// Whether a value may follow within the same argument.
    fn joins(self) -> bool {
        match self {
            Self::Flag(row, _) => row.takes_value(),
            Self::Foreign(foreign) => foreign.joins,
        }
    }
}

/// The spellings of nmap that a command understands.
struct Table {
    command: &'static str,
    entries: Vec<(&'static str, Means)>,
}

/// Returns the arguments of `command` with nmap's spellings rewritten to Vigie's long options. Arguments after `--`
/// stay as they are. Commands without spellings of nmap get their arguments back.
///
/// # Errors
/// An option of nmap that Vigie leaves out or does not have yet, or one without its value.
pub fn rewrite(
    command: &'static str,
    rows: &[&'static Row],
    args: Vec<OsString>,
) -> Result<Vec<OsString>, Error> {
    let table = Table::new(command, rows);
    if table.entries.is_empty() {
        return Ok(args);
    }
    let mut out = Vec::with_capacity(args.len() + 2);
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            out.push(arg);
            out.extend(args);
            break;
        }
        match arg.to_str() {
            Some(text) if text.starts_with("--") => table.long(text, &arg, &mut args, &mut out)?,
            Some(text) if text.len() > 1 && text.starts_with('-') => {
                table.short(text, &mut args, &mut out)?;
            }
            _ => out.push(arg),
        }
    }
    Ok(out)
}

/// Returns the error for an option that `command` lacks and another tool has: Vigie's spelling, or the reason. `None` if
/// no tool has it.
pub fn foreign_option(command: &'static str, rows: &[&'static Row], text: &str) -> Option<Error> {
    let tools = Tool::ALL
        .into_iter()
        .filter(|tool| tool.command() == command);
    for tool in tools {
        let spelled = |row: &&&Row| {
            let mut spellings = row.spellings.iter();
            spellings.any(|s| s.tool == tool && s.text == text)
        };
        if let Some(row) = rows.iter().find(spelled) {
            let message = Message::new("arg-unknown").outside("arg", text);
            let hint = Message::new("flag-spelled")
                .safe("tool", tool.name())
                .outside("flag", text)
                .safe("own", row.spelled());
            return Some(Error::usage(message).hint(hint));
        }
        let found = foreign::of(tool).iter().find(|f| f.text == text);
        if let Some(foreign) = found {
            let unneeded = || {
                let message = Message::new("arg-unknown").outside("arg", text);
                Error::usage(message).hint(Message::new("flag-already"))
            };
            return Some(refused(command, foreign).unwrap_or_else(unneeded));
        }
    }
    None
}

/// Returns the error for an option that Vigie has no flag for; `None` if Vigie always behaves that way.
fn refused(command: &'static str, foreign: &Foreign) -> Option<Error> {
    let about = |key| Message::new(key).outside("flag", foreign.text);
    Some(match foreign.answer {
        Answer::Already => return None,
        Answer::NotYet => Error::usage(about("flag-not-yet"))
            .hint(Message::new("flag-not-yet-hint").safe("command", command)),
        Answer::Omitted(reason) => {
            let message = about("flag-left-out").text("why", Message::new(reason.why));
            Error::usage(message).hint(Message::new(reason.advice))
        }
        Answer::Instead(other) => Error::usage(about("flag-not-yet"))
            .hint(Message::new("flag-use-instead").safe("instead", other)),
    })
}

impl Table {
    fn new(command: &'static str, rows: &[&'static Row]) -> Self {
        let mut entries = Vec::new();
        for row in rows {
            let nmap = row.spellings.iter().filter(|s| s.tool == Tool::Nmap);
            entries.extend(nmap.map(|s| (s.text, Means::Flag(row, s.bare))));
        }
        if command == Tool::Nmap.command() {
            let foreign = foreign::of(Tool::Nmap).iter();
            entries.extend(foreign.map(|f| (f.text, Means::Foreign(f))));
        }
        Self { command, entries }
    }

    fn find(&self, text: &str) -> Option<Means> {
        let mut entries = self.entries.iter();
        entries
            .find(|(flag, _)| *flag == text)
            .map(|(_, means)| *means)
    }

    fn long(
        &self,
        text: &str,
        arg: &OsStr,
        args: &mut impl Iterator<Item = OsString>,
        out: &mut Vec<OsString>,
    ) -> Result<(), Error> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        match self.find(name) {
            None => out.push(arg.to_owned()),
            Some(Means::Flag(row, _)) if row.is_own(name) => out.push(arg.to_owned()),
            Some(Means::Flag(row, _)) if row.takes_value() => match value {
                Some(value) => out.push(joined(row, OsStr::new(value))),
                None => out.push(joined(row, &next(name, row, args)?)),
            },
            Some(means) => self.apply(means, out)?,
        }
        Ok(())
    }

    fn short(
        &self,
        text: &str,
        args: &mut impl Iterator<Item = OsString>,
        out: &mut Vec<OsString>,
    ) -> Result<(), Error> {
        if let Some(count) = verbosity(text) {
            out.extend(std::iter::repeat_n(OsString::from("--verbose"), count));
            return Ok(());
        }
        if let Some(means) = self.find(text) {
            return match means {
                Means::Flag(row, None) if row.takes_value() => {
                    out.push(joined(row, &next(text, row, args)?));
                    Ok(())
                }
                Means::Flag(row, _) if row.is_own(text) => {
                    out.push(text.into());
                    Ok(())
                }
                means => self.apply(means, out),
            };
        }
        let scan_types = text
            .strip_prefix("-s")
            .filter(|_| self.find("-sS").is_some());
        if let Some(letters) = scan_types.filter(|l| !l.is_empty() && !l.starts_with('I')) {
            return self.scan_types(text, letters, out);
        }
        let fits = |entry: &&(&str, Means)| entry.1.joins() && text.starts_with(entry.0);
        let longest = self
            .entries
            .iter()
            .filter(fits)
            .max_by_key(|(flag, _)| flag.len());
        match longest {
            Some((flag, Means::Flag(row, _))) => {
                out.push(joined(row, OsStr::new(&text[flag.len()..])));
            }
            Some((_, means)) => return self.apply(*means, out),
            None => out.push(text.into()),
        }
        Ok(())
    }

    /// Rewrites several scan types in one word: `-sSU`.
    fn scan_types(&self, text: &str, letters: &str, out: &mut Vec<OsString>) -> Result<(), Error> {
        for letter in letters.chars() {
            let Some(means) = self.find(&format!("-s{letter}")) else {
                return Err(self.unknown(text));
            };
            self.apply(means, out)?;
        }
        Ok(())
    }

    /// Adds a flag to which no value is joined.
    fn apply(&self, means: Means, out: &mut Vec<OsString>) -> Result<(), Error> {
        match means {
            Means::Flag(row, Some(bare)) => out.push(joined(row, OsStr::new(bare))),
            Means::Flag(row, None) => out.push(row.spelled().into()),
            Means::Foreign(foreign) => {
                if let Some(error) = refused(self.command, foreign) {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Returns the error for a word like `-sQ`. It suggests a spelling that differs in case only.
    fn unknown(&self, text: &str) -> Error {
        let error = Error::usage(Message::new("arg-unknown").outside("arg", text));
        let mut entries = self.entries.iter();
        let alike = entries.find(|(flag, _)| flag.eq_ignore_ascii_case(text));
        error.hint(match alike {
            Some((flag, _)) => Message::new("arg-did-you-mean").safe("suggestion", *flag),
            None => Message::new("arg-unknown-hint").safe("command", self.command),
        })
    }
}

/// Returns the verbosity of `-v`, `-vv` or `-v3`.
fn verbosity(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("-v")?;
    if rest.bytes().all(|b| b == b'v') {
        return Some(rest.len() + 1);
    }
    rest.parse().ok().filter(|count| *count <= 9)
}

fn next(
    flag: &str,
    row: &Row,
    args: &mut impl Iterator<Item = OsString>,
) -> Result<OsString, Error> {
    args.next().ok_or_else(|| {
        let example = format!("{flag} {}", row.example);
        Error::usage(Message::new("flag-needs-value").outside("flag", flag))
            .hint(Message::new("flag-needs-value-hint").outside("example", example))
    })
}

fn joined(row: &Row, value: &OsStr) -> OsString {
    debug_assert!(!matches!(row.takes, Takes::Nothing | Takes::Count));
    let mut arg = OsString::from(row.spelled());
    arg.push("=");
    arg.push(value);
    arg
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::{Lang, Texts};

    use crate::cmd;

    fn scan(line: &str) -> Result<Vec<OsString>, Error> {
        rewritten_for("scan", line)
    }

    fn rewritten_for(command: &str, line: &str) -> Result<Vec<OsString>, Error> {
        let command = cmd::find(command).unwrap();
        let args = line.split_whitespace().map(OsString::from).collect();
        rewrite(command.name, &(command.rows)(), args)
    }

    fn rewritten(line: &str) -> String {
        let words = scan(line).unwrap().into_iter();
        let words: Vec<String> = words.map(|a| a.into_string().unwrap()).collect();
        words.join(" ")
    }

    fn refused(line: &str) -> &'static str {
        scan(line).unwrap_err().message.key
    }

    #[test]
    fn spellings_of_nmap_are_rewritten() {
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
        assert_eq!(rewritten("-PS -PA22"), "--ask-syn=80 --ask-ack=22");
        assert_eq!(rewritten("-sS -- -sT -p"), "--syn -- -sT -p");
        assert_eq!(
            rewritten("--excludefile f --excludefile=g"),
            "--exclude-file=f --exclude-file=g"
        );
        assert_eq!(rewritten("-zz -"), "-zz -");
        assert_eq!(rewritten("--noninteractive -F"), "-F");
    }

    #[test]
    fn omitted_options_are_rejected_with_a_reason() {
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
            assert_eq!(refused(line), "flag-left-out", "{line}");
        }
        for line in ["-oS -", "--iflist", "-d", "-dd", "-d9", "--scan-delay 1s"] {
            assert_eq!(refused(line), "flag-not-yet", "{line}");
        }
        assert_eq!(refused("-p"), "flag-needs-value");
    }

    #[test]
    fn the_report_command_has_the_output_options_of_nmap() {
        let words = rewritten_for("report", "r.jsonl -oX a -oGb -o json -oA c -- -oX").unwrap();
        let words: Vec<&str> = words.iter().map(|a| a.to_str().unwrap()).collect();
        assert_eq!(
            words.join(" "),
            "r.jsonl --xml=a --grepable=b --output=json --output-all=c -- -oX"
        );
        let error = rewritten_for("report", "-oX").unwrap_err();
        assert_eq!(error.message.key, "flag-needs-value");
    }

    /// Typical nmap command lines: each is understood, or the error names the missing option.
    #[test]
    fn typical_nmap_command_lines_are_understood() {
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
            let args = match scan(line) {
                Ok(args) => args,
                Err(error) => {
                    let is_known_gap = not_yet.iter().any(|flag| line.starts_with(flag));
                    assert!(is_known_gap, "{line}: {error:?}");
                    assert_eq!(error.message.key, "flag-not-yet");
                    continue;
                }
            };
            let command = (cmd::find("scan").unwrap().build)(&Texts::new(Lang::En));
            let program = [OsString::from("scan")];
            let parsed = command.try_get_matches_from(program.into_iter().chain(args));
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
        }
    }

    #[test]
    fn similar_spellings_are_suggested() {
        let hint = |line: &str| {
            let hint = scan(line).unwrap_err().hint.unwrap();
            Texts::new(Lang::En).say(&hint)
        };
        assert_eq!(hint("-ss"), "did you mean “-sS”?");
        assert_eq!(hint("-sQ"), "“vigie scan --help” lists the options");
    }

    #[test]
    fn errors_for_foreign_options_name_the_tool() {
        let key = |command: &str, text: &str| {
            let command = cmd::find(command).unwrap();
            let error = foreign_option(command.name, &(command.rows)(), text)?;
            Some((error.message.key, error.hint?.key))
        };
        assert_eq!(key("scan", "--rate"), Some(("arg-unknown", "flag-spelled")));
        assert_eq!(
            key("sockets", "-K"),
            Some(("flag-left-out", "flag-looks-only-hint"))
        );
        assert_eq!(
            key("capture", "-y"),
            Some(("flag-not-yet", "flag-not-yet-hint"))
        );
        assert_eq!(key("capture", "--no-such-option"), None);
    }
}
