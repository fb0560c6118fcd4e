//! Where results go, and in which format: for every command that writes results of a scan.
//!
//! A new format is one line in [`FORMATS`] and one arm in [`open`]. At most one
//! output goes to standard output; the others go to files, which exist from the
//! beginning on, so that what cannot be written is known before anything is
//! sent. This file must not know where results come from.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches};
use vigie_findings::Sink;
use vigie_findings::json::Json;
use vigie_report::scan::csv::Csv;
use vigie_report::scan::grepable::Grepable;
use vigie_report::scan::html::Html;
use vigie_report::scan::human::{Human, Style};
use vigie_report::scan::partial::{Closed, Stream};
use vigie_report::scan::xml::{Detail, Xml};
use vigie_report::style::Paint;
use vigie_report::{Message, Texts};

use crate::error::Error;
use crate::ui::Ui;

/// A format that results can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The report for people.
    Text,
    /// JSON Lines.
    Json,
    /// nmap's XML.
    Xml,
    /// nmap's grepable lines.
    Grepable,
    /// Comma-separated values.
    Csv,
    /// One page.
    Html,
}

/// Each format with its word (`-o WORD`, `--WORD FILE`) and the key of that option's help.
pub const FORMATS: &[(Format, &str, &str)] = &[
    (Format::Text, "text", "output-help-text"),
    (Format::Json, "json", "output-help-json"),
    (Format::Xml, "xml", "output-help-xml"),
    (Format::Grepable, "grepable", "output-help-grepable"),
    (Format::Csv, "csv", "output-help-csv"),
    (Format::Html, "html", "output-help-html"),
];

/// nmap's short forms, and the options that they stand for.
pub const ALIASES: &[(&str, &str)] = &[
    ("-oN", "--text"),
    ("-oJ", "--json"),
    ("-oX", "--xml"),
    ("-oG", "--grepable"),
    ("-oA", "--output-all"),
];

/// What `-oA BASE` writes: nmap's three files with nmap's endings, and JSON Lines, which holds everything.
const ALL: [(Format, &str); 4] = [
    (Format::Text, "nmap"),
    (Format::Xml, "xml"),
    (Format::Grepable, "gnmap"),
    (Format::Json, "jsonl"),
];

/// Where results go in which format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The format.
    pub format: Format,
    /// The file; `None` is standard output.
    pub file: Option<PathBuf>,
}

/// How much the outputs say.
#[derive(Clone, Copy, Debug, Default)]
pub struct OutputOptions {
    /// With each port how long its answer took and who sent it.
    pub reason: bool,
    /// Only ports that are open or may be.
    pub open_only: bool,
    /// How often `-v` was given.
    pub verbosity: u8,
    /// What the findings mean, and the packets that show it.
    pub explain: bool,
}

/// Whether an option for a file may stand without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// It may, and means standard output.
    Stdout,
    /// It may not: what follows is its file.
    Refused,
}

/// The options: `-o FORMAT`, a file for each format, and a base for all of nmap's.
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
    let words: Vec<&str> = FORMATS.iter().map(|(_, word, _)| *word).collect();
    let mut args = vec![
        Arg::new("output")
            .long("output")
            .short('o')
            .value_name("FORMAT")
            .allow_hyphen_values(true)
            .value_parser(clap::builder::PossibleValuesParser::new(words))
            .help(texts.get("output-help")),
    ];
    args.extend(FORMATS.iter().map(|(_, word, help)| {
        let arg = file(word, "FILE", help).alias(format!("output-{word}"));
        match bare {
            Bare::Refused => arg,
            Bare::Stdout => arg.num_args(0..=1).default_missing_value("-"),
        }
    }));
    args.push(file("output-all", "BASE", "output-help-all"));
    args
}

/// The arguments with nmap's short forms rewritten, for a command that has no other habits.
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
        let Some((flag, option)) = ALIASES.iter().find(|(flag, _)| text.starts_with(flag)) else {
            out.push(arg);
            continue;
        };
        let mut joined = OsString::from(format!("{option}="));
        if text == *flag {
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

/// What the options ask for; the report for people on standard output where none asks for that.
pub fn read(matches: &ArgMatches) -> Result<Vec<Output>, Error> {
    let mut outputs: Vec<Output> = FORMATS
        .iter()
        .filter_map(|(format, word, _)| {
            let path = matches.get_one::<PathBuf>(word)?;
            let file = (path.as_os_str() != "-").then(|| path.clone());
            let format = *format;
            Some(Output { format, file })
        })
        .collect();
    if let Some(base) = matches.get_one::<PathBuf>("output-all") {
        if base.as_os_str() == "-" {
            return Err(two_on_stdout());
        }
        outputs.extend(ALL.map(|(format, ending)| {
            let mut file = base.clone().into_os_string();
            file.push(".");
            file.push(ending);
            Output {
                format,
                file: Some(file.into()),
            }
        }));
    }
    let said = matches.get_one::<String>("output").and_then(|word| {
        let known = FORMATS.iter().find(|(_, w, _)| w == word);
        known.map(|(format, ..)| *format)
    });
    let taken = outputs.iter().filter(|o| o.file.is_none()).count();
    if taken + usize::from(said.is_some()) > 1 {
        return Err(two_on_stdout());
    }
    if taken == 0 {
        let format = said.unwrap_or(Format::Text);
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

/// Two outputs want standard output.
pub fn two_on_stdout() -> Error {
    Error::usage(Message::new("scan-two-stdout")).hint(Message::new("scan-two-stdout-hint"))
}

/// Opens the outputs.
pub fn open(
    outputs: &[Output],
    options: OutputOptions,
    ui: &Ui,
) -> Result<Vec<Box<dyn Sink>>, Error> {
    outputs
        .iter()
        .map(|output| match &output.file {
            None => Ok(on_stdout(output.format, options, ui)),
            Some(path) => create(path).map(|file| in_file(output.format, file, options, ui)),
        })
        .collect()
}

fn on_stdout(format: Format, options: OutputOptions, ui: &Ui) -> Box<dyn Sink> {
    let out = BufWriter::with_capacity(1 << 16, io::stdout());
    match format {
        Format::Xml => Box::new(Xml::new(Stream(out), options.detail())),
        Format::Html => Box::new(Html::new(Stream(out), texts(ui))),
        other => lines(other, out, options.style(ui.paint(), ui.width()), ui),
    }
}

fn in_file(format: Format, file: File, options: OutputOptions, ui: &Ui) -> Box<dyn Sink> {
    match format {
        // Not buffered: each piece and what closes the document after it are one write.
        Format::Xml => Box::new(Xml::new(Closed::new(file), options.detail())),
        Format::Html => Box::new(Html::new(Closed::new(file), texts(ui))),
        other => {
            let style = options.style(Paint::new(false), None);
            lines(other, BufWriter::new(file), style, ui)
        }
    }
}

/// The formats of which every beginning is valid.
fn lines(format: Format, out: impl Write + 'static, style: Style, ui: &Ui) -> Box<dyn Sink> {
    let detail = Detail {
        verbosity: style.verbosity,
    };
    match format {
        Format::Json => Box::new(Json::new(out)),
        Format::Grepable => Box::new(Grepable::new(out, detail)),
        Format::Csv => Box::new(Csv::new(out)),
        Format::Xml => Box::new(Xml::new(Stream(out), detail)),
        Format::Html => Box::new(Html::new(Stream(out), texts(ui))),
        Format::Text => Box::new(Human::new(out, texts(ui), style)),
    }
}

fn texts(ui: &Ui) -> Texts {
    Texts::new(ui.texts().lang())
}

impl OutputOptions {
    const fn detail(self) -> Detail {
        Detail {
            verbosity: self.verbosity,
        }
    }

    const fn style(self, paint: Paint, width: Option<usize>) -> Style {
        Style {
            paint,
            width,
            reason: self.reason,
            open_only: self.open_only,
            verbosity: self.verbosity,
            explain: self.explain,
        }
    }
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

    fn asked(line: &str) -> Result<Vec<(Format, Option<String>)>, &'static str> {
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
            .map(|o| (o.format, o.file.map(path)))
            .collect())
    }

    #[test]
    fn several_outputs_go_each_its_way() {
        let file = |name: &str| Some(name.to_owned());
        assert_eq!(asked(""), Ok(vec![(Format::Text, None)]));
        assert_eq!(asked("-o xml"), Ok(vec![(Format::Xml, None)]));
        assert_eq!(
            asked("--csv a --output-json - --text=b"),
            Ok(vec![
                (Format::Text, file("b")),
                (Format::Json, None),
                (Format::Csv, file("a")),
            ])
        );
        assert_eq!(
            asked("--output-all dir/x.y -o json"),
            Ok(vec![
                (Format::Json, None),
                (Format::Text, file("dir/x.y.nmap")),
                (Format::Xml, file("dir/x.y.xml")),
                (Format::Grepable, file("dir/x.y.gnmap")),
                (Format::Json, file("dir/x.y.jsonl")),
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
    fn every_format_has_its_own_word_and_every_habit_an_option() {
        let words: BTreeSet<&str> = FORMATS.iter().map(|(_, word, _)| *word).collect();
        assert_eq!(words.len(), FORMATS.len());
        for (flag, option) in ALIASES {
            let word = option.trim_start_matches('-');
            assert!(words.contains(word) || word == "output-all", "{flag}");
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
            format: Format::Xml,
            file: None,
        };
        assert_eq!(read(&matches), Ok(vec![output]));
    }
}
