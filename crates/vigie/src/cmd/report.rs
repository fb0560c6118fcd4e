//! `vigie report RESULTS.jsonl`: converts results from JSON Lines to any other format.
//!
//! Nothing is sent: everything comes from the file. This file must not know how a scan runs.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use clap::ArgMatches;
use vigie_findings::json::{self, ReadError, Record, Recording};
use vigie_report::Message;
use vigie_report::scan::read_error;
use vigie_scan::Event;

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::report::ReportFlags;
use crate::outputs::{self, OutputOptions};
use crate::ui::{Outcome, Ui};

/// The command.
pub const COMMAND: Command = Command::new::<ReportFlags>(flags::report::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let flags: ReportFlags = flags::parse(matches)?;
    let path = flags.results.as_path();
    let outputs = outputs::read(&flags.output)?;
    let options = OutputOptions {
        reason: flags.reason,
        open_only: flags.open_only,
        verbosity: flags.verbosity,
        explain: flags.explain,
    };
    if let Some(file) = outputs
        .iter()
        .find_map(|o| o.file.as_deref().filter(|f| is_same(f, path)))
    {
        let message = Message::new("report-own-input").outside("file", file.to_string_lossy());
        return Err(Error::usage(message).hint(Message::new("file-not-written-hint")));
    }
    // The results are read completely before anything is written.
    let recording = read(path)?;
    ui.flush()?;
    let mut sinks = outputs::open(&outputs, options, ui)?;
    recording.play(&mut sinks)?;
    if !is_complete(&recording) {
        ui.note(&Message::new("report-partial"));
    }
    Ok(Exit::Done)
}

/// Whether both paths lead to the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| {
        let data = std::fs::metadata(path).ok()?;
        Some((data.dev(), data.ino()))
    };
    identity(one).is_some_and(|file| Some(file) == identity(other))
}

fn read(path: &Path) -> Result<Recording, Error> {
    let name = path.display().to_string();
    let wrong = |error: ReadError| {
        let message = Message::new("report-unreadable")
            .outside("file", &name)
            .text("why", read_error(&error));
        Error::could_not_run(message).hint(Message::new("report-unreadable-hint"))
    };
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| {
            let message = Message::new("report-missing").outside("file", &name);
            Error::could_not_run(message.shown("error", error))
                .hint(Message::new("report-unreadable-hint"))
        })?;
        Box::new(BufReader::with_capacity(1 << 16, file))
    };
    json::read(input).map_err(wrong)
}

fn is_complete(recording: &Recording) -> bool {
    recording
        .records
        .iter()
        .any(|(_, record)| matches!(record, Record::Event(Event::End(summary)) if summary.complete))
}
