//! Where results go, and in which format: for every command that writes results of a scan.
//!
//! The formats are the rows of [`FORMATS`]. At most one output goes to standard output. The others go to files, which
//! are created before anything is sent, so that a file that cannot be written stops the scan at once. This file must not
//! know where results come from.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches};
use vigie_findings::Sink;
use vigie_report::scan::formats::{Destination, FORMATS, Format, Settings};
use vigie_report::scan::human::Style;
use vigie_report::style::Paint;
use vigie_report::{Message, Texts};

use crate::error::Error;
use crate::ui::Ui;

/// Flag for the files that nmap's `-oA` writes, and nmap's spelling.
const ALL: (&str, &str) = ("output-all", "-oA");

/// One output: a format and its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Format of the output.
    pub format: &'static Format,
    /// The file; `None` means standard output.
    pub file: Option<PathBuf>,
}

/// How much the outputs show.
#[derive(Clone, Copy, Debug, Default)]
pub struct OutputOptions {
    /// Show the round-trip time and the sender of each port's answer (`--reason`).
    pub reason: bool,
    /// Show only ports that are open or may be open (`--open`).
    pub open_only: bool,
    /// Number of `-v` flags.
    pub verbosity: u8,
    /// Explain the findings, with the packets behind them (`--explain`).
    pub explain: bool,
}

/// Whether a flag for a file may be given without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// It may, and means standard output.
    Stdout,
    /// It may not: the next argument is its file.
    Refused,
}

/// Returns the flags: `-o FORMAT`, one for a file of each format, and `--output-all BASE`.
pub fn args(texts: &Texts, bare: Bare) -> Vec<Arg> {
    let file = |long: &'static str, name: &'static str, help: &str| {
        Arg::new(long)
            .long(long)
            .value_name(name)
            .allow_hyphen_values(bare == Bare::Refused)
            .value_parser(clap::value_parser!(PathBuf))
            .hide_short_help(true)
            .help(texts.get(help))
    };
    let names = FORMATS.iter().map(|format| format.name);
    let mut args = vec![
        Arg::new("output")
            .long("output")
            .short('o')
            .value_name("FORMAT")
            .allow_hyphen_values(true)
            .value_parser(clap::builder::PossibleValuesParser::new(names))
            .help(texts.get("output-help")),
    ];
    args.extend(FORMATS.iter().map(|format| {
        let arg = file(format.name, "FILE", format.help).alias(format!("output-{}", format.name));
        match bare {
            Bare::Refused => arg,
            Bare::Stdout => arg.num_args(0..=1).default_missing_value("-"),
        }
    }));
    args.push(file(ALL.0, "BASE", "output-help-all"));
    args
}

/// Returns nmap's short flags with the names of the long flags that they stand for.
pub fn aliases() -> impl Iterator<Item = (&'static str, &'static str)> {
    let formats = FORMATS.iter();
    let flags = formats.filter_map(|format| Some((format.nmap_flag?, format.name)));
    flags.chain([(ALL.1, ALL.0)])
}

/// Replaces nmap's short flags, for a command that has no other flags of nmap.
///
/// # Errors
/// Returns a usage error for a short flag without its file.
pub fn rewrite(args: Vec<OsString>) -> Result<Vec<OsString>, Error> {
    let mut out = Vec::with_capacity(args.len());
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            out.push(arg);
            out.extend(args);
            break;
        }
        let text = arg.to_str().unwrap_or("");
        let Some((flag, long)) = aliases().find(|(flag, _)| text.starts_with(flag)) else {
            out.push(arg);
            continue;
        };
        let mut joined = OsString::from(format!("--{long}="));
        if text == flag {
            joined.push(args.next().ok_or_else(|| needs_value(flag))?);
        } else {
            joined.push(&text[flag.len()..]);
        }
        out.push(joined);
    }
    Ok(out)
}

fn needs_value(flag: &str) -> Error {
    Error::usage(Message::new("habit-needs-value").outside("flag", flag))
        .hint(Message::new("habit-needs-value-hint").outside("example", format!("{flag} results")))
}

/// Returns the outputs that the flags ask for. Without any, the report for people goes to standard output.
///
/// # Errors
/// Returns a usage error if two outputs go to standard output or to the same file.
pub fn read(matches: &ArgMatches) -> Result<Vec<Output>, Error> {
    let mut outputs: Vec<Output> = FORMATS
        .iter()
        .filter_map(|format| {
            let path = matches.get_one::<PathBuf>(format.name)?;
            let file = (path.as_os_str() != "-").then(|| path.clone());
            Some(Output { format, file })
        })
        .collect();
    if let Some(base) = matches.get_one::<PathBuf>(ALL.0) {
        if base.as_os_str() == "-" {
            return Err(two_on_stdout());
        }
        outputs.extend(FORMATS.iter().filter_map(|format| {
            let mut file = base.clone().into_os_string();
            file.push(".");
            file.push(format.extension?);
            let file = Some(file.into());
            Some(Output { format, file })
        }));
    }
    let named = matches.get_one::<String>("output");
    let named = named.and_then(|name| Format::by_name(name));
    let taken = outputs.iter().filter(|o| o.file.is_none()).count();
    if taken + usize::from(named.is_some()) > 1 {
        return Err(two_on_stdout());
    }
    if taken == 0 {
        let format = named.unwrap_or(Format::text());
        outputs.insert(0, Output { format, file: None });
    }
    for (i, output) in outputs.iter().enumerate() {
        if outputs[..i].iter().any(|o| o.file == output.file) {
            let file = output.file.as_deref().unwrap_or(Path::new("-"));
            let same = Message::new("output-same-file").outside("file", file.to_string_lossy());
            return Err(Error::usage(same).hint(Message::new("output-same-file-hint")));
        }
    }
    Ok(outputs)
}

/// Returns the error that two outputs go to standard output.
pub fn two_on_stdout() -> Error {
    Error::usage(Message::new("scan-two-stdout")).hint(Message::new("scan-two-stdout-hint"))
}

/// Opens the outputs.
///
/// # Errors
/// Returns an error for a file that cannot be created.
pub fn open(
    outputs: &[Output],
    options: OutputOptions,
    ui: &Ui,
) -> Result<Vec<Box<dyn Sink>>, Error> {
    let settings = |paint, width| Settings {
        lang: ui.texts().lang(),
        style: Style {
            paint,
            width,
            reason: options.reason,
            open_only: options.open_only,
            verbosity: options.verbosity,
            explain: options.explain,
        },
    };
    let open = |output: &Output| match &output.file {
        None => {
            let out = Destination::Stream(Box::new(io::stdout()));
            Ok(output.format.sink(out, settings(ui.paint(), ui.width())))
        }
        Some(path) => {
            let out = Destination::File(Box::new(create(path)?));
            Ok(output.format.sink(out, settings(Paint::new(false), None)))
        }
    };
    outputs.iter().map(open).collect()
}

fn create(path: &Path) -> Result<File, Error> {
    File::create(path).map_err(|error| {
        let message = Message::new("file-not-written")
            .outside("file", path.display().to_string())
            .shown("error", error);
        Error::could_not_run(message).hint(Message::new("file-not-written-hint"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use vigie_report::Lang;

    fn asked(line: &str) -> Result<Vec<(&'static str, Option<String>)>, &'static str> {
        let command = clap::Command::new("x")
            .no_binary_name(true)
            .args(args(&Texts::new(Lang::En), Bare::Refused));
        let matches = command
            .try_get_matches_from(line.split_whitespace())
            .unwrap();
        let outputs = read(&matches).map_err(|error| error.message.key)?;
        let path = |p: PathBuf| p.into_os_string().into_string().unwrap();
        Ok(outputs
            .into_iter()
            .map(|o| (o.format.name, o.file.map(path)))
            .collect())
    }

    #[test]
    fn several_outputs_go_each_its_way() {
        let file = |name: &str| Some(name.to_owned());
        assert_eq!(asked(""), Ok(vec![("text", None)]));
        assert_eq!(asked("-o xml"), Ok(vec![("xml", None)]));
        assert_eq!(
            asked("--csv a --output-json - --text=b"),
            Ok(vec![
                ("text", file("b")),
                ("json", None),
                ("csv", file("a")),
            ])
        );
        assert_eq!(
            asked("--output-all dir/x.y -o json"),
            Ok(vec![
                ("json", None),
                ("text", file("dir/x.y.nmap")),
                ("json", file("dir/x.y.jsonl")),
                ("xml", file("dir/x.y.xml")),
                ("grepable", file("dir/x.y.gnmap")),
            ])
        );
    }

    #[test]
    fn nothing_is_written_twice_to_one_place() {
        for line in ["-o xml --csv -", "--csv - --xml -", "--output-all -"] {
            assert_eq!(asked(line), Err("scan-two-stdout"), "{line}");
        }
        for line in [
            "--csv a --output-xml a",
            "--output-all a --output-xml a.xml",
        ] {
            assert_eq!(asked(line), Err("output-same-file"), "{line}");
        }
    }

    #[test]
    fn every_nmap_flag_stands_for_a_flag() {
        let args = args(&Texts::new(Lang::En), Bare::Refused);
        let longs: BTreeSet<&str> = args.iter().filter_map(Arg::get_long).collect();
        let flags: Vec<&str> = aliases().map(|(flag, _)| flag).collect();
        assert_eq!(flags, ["-oN", "-oJ", "-oX", "-oG", "-oA"]);
        for (flag, long) in aliases() {
            assert!(longs.contains(long), "{flag}");
        }
    }

    #[test]
    fn nmaps_short_forms_are_rewritten() {
        let rewritten = |line: &str| -> String {
            let args = line.split_whitespace().map(OsString::from).collect();
            let out = rewrite(args).unwrap();
            let words: Vec<&str> = out.iter().map(|a| a.to_str().unwrap()).collect();
            words.join(" ")
        };
        assert_eq!(
            rewritten("r.jsonl -oX a -oGb -o json -oA c -- -oX"),
            "r.jsonl --xml=a --grepable=b -o json --output-all=c -- -oX"
        );
        let error = rewrite(vec!["-oX".into()]).unwrap_err();
        assert_eq!(error.message.key, "habit-needs-value");
    }

    #[test]
    fn an_option_may_stand_bare_where_nothing_can_be_mistaken_for_its_file() {
        let command = clap::Command::new("x")
            .no_binary_name(true)
            .arg(Arg::new("results").required(true))
            .args(args(&Texts::new(Lang::En), Bare::Stdout));
        let matches = command.try_get_matches_from(["r.jsonl", "--xml"]).unwrap();
        let output = Output {
            format: Format::by_name("xml").unwrap(),
            file: None,
        };
        assert_eq!(read(&matches), Ok(vec![output]));
    }
}
