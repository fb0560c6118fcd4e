//! Reads JSON Lines back: the plan and the events of a scan that was made elsewhere or before.
//!
//! What is read may be hostile or cut off. Every number is checked before it
//! becomes a time or a size, ranges and ports are bounded, and a last line that
//! was cut off means a scan that broke off. Objects and fields that are not
//! known are passed over, as docs/json.md says.

use std::io::{self, BufRead, Read as _};
use std::time::Duration;

use vigie_scan::event::{Event, Progress};

use crate::evidence::Evidence;
use crate::json::SCHEMA;
use crate::{ScanInfo, Sink};

mod events;
mod lines;
mod plan;
#[cfg(test)]
mod tests;

/// The longest line, in bytes. A plan of a million separate addresses takes about 100 MB.
const LONGEST: u64 = 256 << 20;

/// A scan as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// What was known before it began, and the names of hosts.
    pub scan: ScanInfo,
    /// What happened, and when after the beginning.
    pub moments: Vec<(Duration, Moment)>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// Something was found or said.
    Event(Event),
    /// How far it was.
    Progress(Progress),
    /// Packets that went.
    Evidence(Evidence),
}

impl Recording {
    /// Feeds all of it to a sink.
    pub fn play(&self, sink: &mut dyn Sink) -> io::Result<()> {
        sink.begin(&self.scan)?;
        for (at, moment) in &self.moments {
            match moment {
                Moment::Event(event) => sink.event(*at, event)?,
                Moment::Progress(progress) => sink.progress(*at, progress)?,
                Moment::Evidence(evidence) => sink.evidence(*at, evidence)?,
            }
        }
        sink.finish()
    }
}

/// Why something is no recording of a scan.
#[derive(Debug)]
pub enum ReadError {
    /// It cannot be read.
    Io(io::Error),
    /// It does not begin with the plan of a scan.
    NotAScan,
    /// It follows a schema that this version does not know.
    Newer {
        /// The schema's version.
        schema: u64,
    },
    /// A line is wrong.
    Line {
        /// Which, from 1.
        number: u64,
        /// What is wrong with it.
        what: LineError,
    },
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineError {
    /// It is longer than any that Vigie writes.
    TooLong,
    /// It is not an object as the schema describes it.
    NotAsDescribed,
    /// The value of a field makes no sense.
    Field(&'static str),
    /// It comes after the end of the scan.
    AfterTheEnd,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> ReadError {
        ReadError::Io(error)
    }
}

/// Reads one recording, to the end of `input`.
pub fn read(input: impl BufRead) -> Result<Recording, ReadError> {
    let mut moments = Vec::new();
    let scan = each(input, |at, moment, _| {
        moments.push((at, moment));
        Ok(())
    })?;
    Ok(Recording { scan, moments })
}

/// Reads one recording, to the end of `input`, and gives each moment to `told` as it is read, with what is known
/// of the scan by then. The scan with the names of its hosts.
pub fn each(
    mut input: impl BufRead,
    mut told: impl FnMut(Duration, Moment, &ScanInfo) -> io::Result<()>,
) -> Result<ScanInfo, ReadError> {
    let mut line = Vec::new();
    let mut number = 0;
    let mut reader: Option<events::Reader> = None;
    loop {
        line.clear();
        number += 1;
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let whole = line.last() == Some(&b'\n');
        let wrong = |what| ReadError::Line { number, what };
        if !whole && line.len() as u64 >= LONGEST {
            return Err(wrong(LineError::TooLong));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Some(reader) = &mut reader else {
            reader = Some(begin(&line, number)?);
            continue;
        };
        let moment = match serde_json::from_slice(&line) {
            Ok(parsed) => reader.moment(parsed),
            // The scan was killed while it wrote this line.
            Err(_) if !whole => break,
            Err(_) => Err(LineError::NotAsDescribed),
        };
        if let Some((at, moment)) = moment.map_err(wrong)? {
            told(at, moment, reader.scan())?;
        }
    }
    reader.map_or(Err(ReadError::NotAScan), |reader| Ok(reader.into_scan()))
}

fn begin(line: &[u8], number: u64) -> Result<events::Reader, ReadError> {
    let Ok(schema) = serde_json::from_slice::<lines::Schema>(line) else {
        return Err(ReadError::NotAScan);
    };
    match (schema.kind.as_ref(), schema.schema) {
        ("scan", Some(schema)) if schema > u64::from(SCHEMA) => {
            return Err(ReadError::Newer { schema });
        }
        ("scan", Some(_)) => {}
        _ => return Err(ReadError::NotAScan),
    }
    let wrong = |what| ReadError::Line { number, what };
    let scan: lines::Scan =
        serde_json::from_slice(line).map_err(|_| wrong(LineError::NotAsDescribed))?;
    plan::scan(scan).map_err(wrong)
}

/// The most seconds that make sense anywhere: three hundred years.
const MOST_SECONDS: f64 = 1e10;

/// A time in seconds.
fn seconds(value: f64, field: &'static str) -> Result<Duration, LineError> {
    if !(0.0..=MOST_SECONDS).contains(&value) {
        return Err(LineError::Field(field));
    }
    Duration::try_from_secs_f64(value).map_err(|_| LineError::Field(field))
}

/// A probability.
fn share(value: f64, field: &'static str) -> Result<f64, LineError> {
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(LineError::Field(field))
    }
}

/// An amount or a rate that is not negative.
fn amount(value: f64, field: &'static str) -> Result<f64, LineError> {
    if (0.0..=1e18).contains(&value) {
        Ok(value)
    } else {
        Err(LineError::Field(field))
    }
}
