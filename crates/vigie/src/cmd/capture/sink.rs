//! Where captured packets go: lines on standard output, capture files. Knows no interface and no filter.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vigie_pcap::{Counters, Packet, Writer, WriterOptions};
use vigie_print::Printer;
use vigie_report::Message;
use vigie_wire::LinkType;

use super::options::{Print, Rotation, Write};
use crate::error::Error;
use crate::local_time::LocalClock;
use crate::names::LocalNames;
use crate::ui::Ui;

/// How many bytes are gathered before a file is written to.
const GATHERED: usize = 1 << 19;

/// Prints packets.
pub struct Lines {
    print: Print,
    printer: Printer,
    clock: LocalClock,
    names: LocalNames,
    line: String,
}

impl Lines {
    /// Nothing printed yet.
    pub fn new(print: Print) -> Self {
        Self {
            print,
            printer: Printer::new(print.options),
            clock: LocalClock::new(print.time, print.nanoseconds),
            names: LocalNames::read(print.numeric),
            line: String::new(),
        }
    }

    /// Prints one.
    pub fn packet(&mut self, packet: &Packet<'_>, ui: &mut Ui) -> io::Result<()> {
        let time = packet.time.unwrap_or(0);
        self.line.clear();
        self.clock.print(time, &mut self.line);
        self.printer.print(
            packet.link,
            packet.length,
            packet.bytes,
            &self.names,
            &mut self.line,
        );
        ui.line(&self.line)?;
        if self.print.line_buffered {
            ui.flush()
        } else {
            Ok(())
        }
    }
}

/// Writes packets to files.
pub struct Files {
    options: Write,
    interface: Option<String>,
    snap: u32,
    writer: Option<(LinkType, Writer)>,
    out: Box<dyn io::Write>,
    path: PathBuf,
    /// The first file is named by its first packet's time.
    unnamed: bool,
    gathered: Vec<u8>,
    /// Bytes of the present file.
    written: u64,
    /// How many files have been begun.
    begun: u64,
    /// When the present file began, in nanoseconds since 1970.
    since: Option<u64>,
    counters: Counters,
}

impl Files {
    /// Opens the first file, so that one that cannot be written is found before anything is captured. Where names hold
    /// times and `now` is unknown (0: packets from a file), that waits for the first packet.
    pub fn open(
        options: &Write,
        interface: Option<String>,
        snap: u32,
        now: u64,
    ) -> Result<Self, Error> {
        let path = name(options, 0, now);
        let unnamed = now == 0 && options.rotation.time.is_some();
        Ok(Self {
            out: if unnamed {
                Box::new(io::sink())
            } else {
                create(&path)?
            },
            unnamed,
            options: options.clone(),
            interface,
            snap,
            writer: None,
            path,
            gathered: Vec::with_capacity(GATHERED + (1 << 16)),
            written: 0,
            begun: 1,
            since: None,
            counters: Counters::default(),
        })
    }

    /// Writes one. False when the last file wished for is full.
    pub fn packet(&mut self, packet: &Packet<'_>) -> Result<bool, Error> {
        let time = packet.time.unwrap_or(0);
        if std::mem::take(&mut self.unnamed) {
            self.path = name(&self.options, 0, time);
            self.out = create(&self.path)?;
        }
        if self.is_full(time) && !self.next(time)? {
            return Ok(false);
        }
        self.since.get_or_insert(time);
        if self.writer.is_none() {
            let link = LinkType::from_number(packet.link).ok_or_else(|| {
                Error::could_not_run(
                    Message::new("capture-link-unknown").shown("link", packet.link),
                )
            })?;
            self.begin(link);
        }
        match &self.writer {
            Some((link, writer)) if link.number() == packet.link => {
                writer.packet(time, packet.length, packet.bytes, &mut self.gathered);
            }
            _ => {
                let message = Message::new("capture-links-mixed")
                    .outside("file", self.path.to_string_lossy());
                return Err(Error::could_not_run(message));
            }
        }
        self.counters.received += 1;
        if self.gathered.len() >= GATHERED || self.options.packet_buffered {
            self.drain()?;
        }
        Ok(true)
    }

    /// Writes the head of a file of packets of this link type; every file has one, even an empty one.
    pub fn begin(&mut self, link: LinkType) {
        let writer = Writer::new(WriterOptions {
            format: self.options.format,
            precision: self.options.precision,
            link,
            snap: self.snap,
            interface: self.interface.clone(),
        });
        writer.start(&mut self.gathered);
        self.writer = Some((link, writer));
    }

    /// Writes what is gathered.
    pub fn drain(&mut self) -> Result<(), Error> {
        let done = self
            .out
            .write_all(&self.gathered)
            .and_then(|()| self.out.flush());
        self.written += self.gathered.len() as u64;
        self.gathered.clear();
        done.map_err(|error| not_written(&self.path, &error))
    }

    /// Ends the present file.
    pub fn finish(&mut self, now: u64, dropped: u64) -> Result<(), Error> {
        if let Some((_, writer)) = &self.writer {
            let counters = Counters {
                dropped,
                ..self.counters
            };
            writer.finish(now, counters, &mut self.gathered);
        }
        self.drain()
    }

    fn is_full(&self, time: u64) -> bool {
        let Rotation {
            size, time: period, ..
        } = self.options.rotation;
        let written = self.written + self.gathered.len() as u64;
        let old = |period: std::time::Duration| {
            self.since
                .is_some_and(|since| u128::from(time.saturating_sub(since)) >= period.as_nanos())
        };
        size.is_some_and(|size| written >= size) || period.is_some_and(old)
    }

    /// Begins the next file; false when there may be no more.
    fn next(&mut self, time: u64) -> Result<bool, Error> {
        let Rotation {
            time: period,
            count,
            ..
        } = self.options.rotation;
        // By size alone the files go round; by time the capture ends with the last.
        if period.is_some() && count.is_some_and(|count| self.begun >= count) {
            return Ok(false);
        }
        self.finish(time, 0)?;
        let number = match (period, count) {
            (None, Some(count)) => self.begun % count,
            _ => self.begun,
        };
        self.path = name(&self.options, number, time);
        self.out = create(&self.path)?;
        self.begun += 1;
        self.written = 0;
        self.since = Some(time);
        self.counters = Counters::default();
        if let Some((link, _)) = self.writer.take() {
            self.begin(link);
        }
        Ok(true)
    }
}

/// The name of the `number`th file: with the time in it where files change by time, with its number where they change
/// by size (zero-padded where their count is known, as tcpdump does).
fn name(options: &Write, number: u64, now: u64) -> PathBuf {
    let Rotation { size, time, count } = options.rotation;
    let mut text = options.path.to_string_lossy().into_owned();
    if text == "-" {
        return options.path.clone();
    }
    if time.is_some() {
        let moment = Timestamp::from_nanosecond(i128::from(now)).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = moment.to_zoned(TimeZone::system());
        text = jiff::fmt::strtime::format(&text, &local).unwrap_or(text);
    }
    match (size, time, count) {
        (Some(_), None, Some(count)) => {
            let width = (count - 1).to_string().len();
            PathBuf::from(format!("{text}{number:0width$}"))
        }
        (Some(_), None, None) if number > 0 => PathBuf::from(format!("{text}{number}")),
        (Some(_), Some(_), _) if number > 0 => PathBuf::from(format!("{text}.{number}")),
        _ => PathBuf::from(text),
    }
}

fn create(path: &Path) -> Result<Box<dyn io::Write>, Error> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdout()));
    }
    File::create(path)
        .map(|file| Box::new(file) as Box<dyn io::Write>)
        .map_err(|error| not_written(path, &error))
}

fn not_written(path: &Path, error: &io::Error) -> Error {
    if path == Path::new("-") && error.kind() == io::ErrorKind::BrokenPipe {
        return Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
    }
    let message = Message::new("file-not-written")
        .outside("file", path.to_string_lossy())
        .shown("error", error);
    Error::could_not_run(message).hint(Message::new("file-not-written-hint"))
}
