//! Reads JSON Lines: the description and the events of a recorded scan.
//!
//! The input may be hostile or cut off. Every number is checked before it becomes a time or a size, ranges and ports are
//! bounded, and a truncated last line means that the scan broke off. Unknown objects and fields are skipped, as
//! docs/json.md says.

use std::io::{self, BufRead, Read as _};
use std::time::Duration;

use vigie_scan::event::{Event, Progress};

use super::interfaces::Interfaces;
use super::line::{FirstLine, Line};
use super::scan::ScanLine;
use super::values::Seconds;
use super::{LineError, ReadError, SCHEMA};
use crate::evidence::Evidence;
use crate::{ScanInfo, Sink};

/// Maximum length of a line in bytes. A plan of a million separate addresses takes about 100 MB.
const MAX_LINE: u64 = 256 << 20;

/// A scan as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The description of the scan, with the names of its hosts.
    pub scan: ScanInfo,
    /// What happened, each with the time since the scan began.
    pub records: Vec<(Duration, Record)>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A result or a warning.
    Event(Event),
    /// Progress of the scan.
    Progress(Progress),
    /// Packets behind a result.
    Evidence(Evidence),
}

impl Record {
    /// Gives the record to a sink.
    ///
    /// # Errors
    /// Returns what the sink returns.
    pub fn play(&self, at: Duration, sink: &mut dyn Sink) -> io::Result<()> {
        match self {
            Record::Event(event) => sink.event(at, event),
            Record::Progress(progress) => sink.progress(at, progress),
            Record::Evidence(evidence) => sink.evidence(at, evidence),
        }
    }
}

impl Recording {
    /// Gives the whole recording to a sink.
    ///
    /// # Errors
    /// Returns the first error of the sink.
    pub fn play(&self, sink: &mut dyn Sink) -> io::Result<()> {
        sink.begin(&self.scan)?;
        for (at, record) in &self.records {
            record.play(*at, sink)?;
        }
        sink.finish()
    }
}

/// Reads one recording, to the end of `input`.
///
/// # Errors
/// If `input` is not a recording; see [`ReadError`].
pub fn read(input: impl BufRead) -> Result<Recording, ReadError> {
    let mut records = Vec::new();
    let scan = read_each(input, |at, record, _| {
        records.push((at, record));
        Ok(())
    })?;
    Ok(Recording { scan, records })
}

/// Reads one recording, to the end of `input`. Calls `on_record` for each record, with the time since the scan began and
/// the description of the scan with the names read so far. Returns the description with the names of all hosts.
///
/// # Errors
/// If `input` is not a recording, or with the error of `on_record` as [`ReadError::Io`].
pub fn read_each(
    mut input: impl BufRead,
    mut on_record: impl FnMut(Duration, Record, &ScanInfo) -> io::Result<()>,
) -> Result<ScanInfo, ReadError> {
    let mut line = Vec::new();
    let mut number = 0;
    let mut reader: Option<Reader> = None;
    loop {
        line.clear();
        number += 1;
        let limited = input.by_ref().take(MAX_LINE);
        if { limited }.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let whole = line.last() == Some(&b'\n');
        let wrong = |what| ReadError::Line { number, what };
        if !whole && line.len() as u64 >= MAX_LINE {
            return Err(wrong(LineError::TooLong));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Some(reader) = &mut reader else {
            reader = Some(begin(&line, number)?);
            continue;
        };
        let record = match serde_json::from_slice(&line) {
            Ok(parsed) => reader.record(parsed),
            // The scan was killed while it wrote this line.
            Err(_) if !whole => break,
            Err(_) => Err(LineError::NotAsDescribed),
        };
        if let Some((at, record)) = record.map_err(wrong)? {
            on_record(at, record, &reader.scan)?;
        }
    }
    let mut reader = reader.ok_or(ReadError::NotAScan)?;
    reader.interfaces.add_routes(&mut reader.scan);
    Ok(reader.scan)
}

/// Reads the first line.
fn begin(line: &[u8], number: u64) -> Result<Reader, ReadError> {
    let Ok(first) = serde_json::from_slice::<FirstLine<'_>>(line) else {
        return Err(ReadError::NotAScan);
    };
    match (first.kind.as_ref(), first.schema) {
        ("scan", Some(schema)) if schema > u64::from(SCHEMA) => {
            return Err(ReadError::Newer { schema });
        }
        ("scan", Some(_)) => {}
        _ => return Err(ReadError::NotAScan),
    }
    let wrong = |what| ReadError::Line { number, what };
    let line: ScanLine =
        serde_json::from_slice(line).map_err(|_| wrong(LineError::NotAsDescribed))?;
    let (scan, interfaces) = line.read().map_err(wrong)?;
    Ok(Reader {
        scan,
        interfaces,
        ended: false,
    })
}

/// Reads the lines after the first.
struct Reader {
    /// The scan, with the names read so far.
    scan: ScanInfo,
    interfaces: Interfaces,
    ended: bool,
}

impl Reader {
    /// Returns the record of a line; `None` if the line follows from others or is of a newer version.
    fn record(&mut self, line: Line) -> Result<Option<(Duration, Record)>, LineError> {
        if self.ended {
            return Err(LineError::AfterTheEnd);
        }
        let interfaces = &mut self.interfaces;
        let (at, record) = match line {
            Line::Scan(_) => return Err(LineError::AfterTheEnd),
            Line::Unknown | Line::Machine(_) => return Ok(None),
            Line::Up(line) => {
                let (host, names) = line.found.read(interfaces)?;
                self.add_names(host.host, names);
                event(line.at, Event::Host(host))
            }
            Line::Host(line) => {
                let (at, complete) = (line.at, line.complete);
                let (host, names, summary) = line.read(interfaces)?;
                self.add_names(host.host, names);
                match summary {
                    Some(summary) => event(at, Event::HostDone(Box::new(summary))),
                    None if complete => event(at, Event::Host(host)),
                    // The scan broke off at this host.
                    None => return Ok(None),
                }
            }
            Line::Port(line) => event(line.at, Event::Port(line.read(interfaces)?)),
            Line::Evidence(line) => (line.at, Record::Evidence(line.read(interfaces)?)),
            Line::Warning(line) => match line.read(interfaces)? {
                Some(warning) => event(line.at, Event::Warning(warning)),
                None => return Ok(None),
            },
            Line::Path(line) => event(line.at, Event::Path(Box::new(line.read(interfaces)?))),
            Line::Loss(line) => event(line.at, Event::Loss((&line).try_into()?)),
            Line::Progress(line) => (line.at, Record::Progress((&line).try_into()?)),
            Line::End(line) => {
                self.ended = true;
                let Some(summary) = line.read()? else {
                    return Ok(None);
                };
                let at = summary.elapsed;
                return Ok(Some((at, Record::Event(Event::End(summary)))));
            }
        };
        Ok(Some((at.duration("at")?, record)))
    }

    fn add_names(&mut self, host: vigie_scope::Host, names: Vec<String>) {
        if !names.is_empty() {
            self.scan.names.insert(host, names);
        }
    }
}

fn event(at: Seconds, event: Event) -> (Seconds, Record) {
    (at, Record::Event(event))
}
