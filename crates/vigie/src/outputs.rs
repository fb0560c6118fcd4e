//! Outputs of the commands that write scan results: formats and destinations.
//!
//! The formats are the rows of [`FORMATS`]. At most one output goes to standard output. The others go to files, which
//! are created before anything is sent, so that a file that cannot be written stops the scan at once. This file must not
//! know where results come from.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use vigie_findings::Sink;
use vigie_report::Message;
use vigie_report::scan::formats::{Destination, FORMATS, Format, Settings};
use vigie_report::scan::human::Style;
use vigie_report::style::Paint;

use crate::error::Error;
use crate::flags::output::OutputFlags;
use crate::ui::Ui;

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

/// Returns the outputs that the flags ask for. Without any, the report for people goes to standard output.
///
/// # Errors
/// Returns a usage error if two outputs go to standard output or to the same file.
pub fn read(flags: &OutputFlags) -> Result<Vec<Output>, Error> {
    let given = |format: &'static Format| {
        // The last file of a format counts.
        let mut files = flags.files.iter().rev();
        let (_, path) = files.find(|(name, _)| *name == format.name)?;
        let file = (path.as_os_str() != "-").then(|| path.clone());
        Some(Output { format, file })
    };
    let mut outputs: Vec<Output> = FORMATS.iter().filter_map(given).collect();
    if let Some(base) = &flags.base {
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
    let named = flags.stdout.as_deref().and_then(Format::by_name);
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
    use crate::flags::{self, report::ReportFlags};
    use std::collections::BTreeSet;
    use vigie_report::{Lang, Texts};

    fn parsed(words: &str) -> ReportFlags {
        let texts = Texts::new(Lang::En);
        let command = flags::report::command(&texts).no_binary_name(true);
        let matches = command.try_get_matches_from(words.split_whitespace());
        flags::parse(&matches.unwrap()).unwrap()
    }

    fn asked(line: &str) -> Result<Vec<(&'static str, Option<String>)>, &'static str> {
        let flags = parsed(&format!("r.jsonl {line}"));
        let outputs = read(&flags.output).map_err(|error| error.message.key)?;
        let path = |p: PathBuf| p.into_os_string().into_string().unwrap();
        Ok(outputs
            .into_iter()
            .map(|o| (o.format.name, o.file.map(path)))
            .collect())
    }

    #[test]
    fn several_outputs_go_to_their_destinations() {
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
    fn two_outputs_to_one_destination_are_rejected() {
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
    fn every_format_has_its_own_name() {
        let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
        assert_eq!(names.len(), FORMATS.len());
    }

    #[test]
    fn an_output_flag_without_file_writes_to_stdout() {
        let output = Output {
            format: Format::by_name("xml").unwrap(),
            file: None,
        };
        assert_eq!(read(&parsed("r.jsonl --xml").output), Ok(vec![output]));
    }
}
