//! Capture files on disk: opens, writes and rotates them, and explains why one cannot be read.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vigie_pcap::{Counters, ErrorKind, Format, Packet, Precision, Writer, WriterOptions};
use vigie_report::Message;
use vigie_wire::LinkType;

use crate::error::Error;

/// Where and how packets are written.
#[derive(Clone, Debug)]
pub struct FileOptions {
    /// Path of the file, `-` for standard output. With a time format of strftime(3) if files rotate by time.
    pub path: PathBuf,
    /// File format.
    pub format: Format,
    /// Time unit of a pcap file.
    pub precision: Precision,
    /// Write every packet at once.
    pub packet_buffered: bool,
    /// When the next file starts.
    pub rotation: Rotation,
}

/// When the next file starts. Without `size` and `time` there is one file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rotation {
    /// Maximum size of a file, in bytes.
    pub size: Option<u64>,
    /// Maximum duration of a file.
    pub time: Option<Duration>,
    /// Maximum number of files.
    pub count: Option<u64>,
}

/// Number of buffered bytes at which the file is written.
const BUFFER: usize = 1 << 19;

/// Writes packets to one file, or to several that rotate.
pub struct CaptureFiles {
    options: FileOptions,
    interface: Option<String>,
    snap: u32,
    writer: Option<(LinkType, Writer)>,
    out: Box<dyn io::Write>,
    path: PathBuf,
    /// The time in the name of the first file is not known yet.
    unnamed: bool,
    buffer: Vec<u8>,
    /// Size of the current file, in bytes, without the buffer.
    written: u64,
    /// Number of files started.
    started: u64,
    /// Start of the current file, in nanoseconds since 1970.
    since: Option<u64>,
    counters: Counters,
}

impl CaptureFiles {
    /// Opens the first file, so that an error is reported before anything is captured. If names contain a time and `now`
    /// is unknown (0: packets come from a file), the first packet opens it.
    ///
    /// # Errors
    ///
    /// If the file cannot be created.
    pub fn open(
        options: &FileOptions,
        interface: Option<String>,
        snap: u32,
        now: u64,
    ) -> Result<Self, Error> {
        let path = path_of(options, 0, now);
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
            buffer: Vec::with_capacity(BUFFER + (1 << 16)),
            written: 0,
            started: 1,
            since: None,
            counters: Counters::default(),
        })
    }

    /// Writes a packet. Returns false if the last file is full.
    ///
    /// # Errors
    ///
    /// If a file cannot be written, or the link type of the packet is unknown or differs from the file's.
    pub fn packet(&mut self, packet: &Packet<'_>) -> Result<bool, Error> {
        let time = packet.time.unwrap_or(0);
        if std::mem::take(&mut self.unnamed) {
            self.path = path_of(&self.options, 0, time);
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
            self.start(link);
        }
        match &self.writer {
            Some((link, writer)) if link.number() == packet.link => {
                writer.packet(time, packet.length, packet.bytes, &mut self.buffer);
            }
            _ => {
                let message = Message::new("capture-links-mixed")
                    .outside("file", self.path.to_string_lossy());
                return Err(Error::could_not_run(message));
            }
        }
        self.counters.received += 1;
        if self.buffer.len() >= BUFFER || self.options.packet_buffered {
            self.flush()?;
        }
        Ok(true)
    }

    /// Writes the file header for a link type. Every file has one, even without packets.
    pub fn start(&mut self, link: LinkType) {
        let writer = Writer::new(WriterOptions {
            format: self.options.format,
            precision: self.options.precision,
            link,
            snap: self.snap,
            interface: self.interface.clone(),
        });
        writer.start(&mut self.buffer);
        self.writer = Some((link, writer));
    }

    /// Writes the buffer to the file.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn flush(&mut self) -> Result<(), Error> {
        let done = self
            .out
            .write_all(&self.buffer)
            .and_then(|()| self.out.flush());
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        done.map_err(|error| not_written(&self.path, &error))
    }

    /// Ends the current file: `now` in nanoseconds since 1970, `dropped` packets that the kernel dropped.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn finish(&mut self, now: u64, dropped: u64) -> Result<(), Error> {
        if let Some((_, writer)) = &self.writer {
            let counters = Counters {
                dropped,
                ..self.counters
            };
            writer.finish(now, counters, &mut self.buffer);
        }
        self.flush()
    }

    fn is_full(&self, time: u64) -> bool {
        let Rotation {
            size, time: period, ..
        } = self.options.rotation;
        let written = self.written + self.buffer.len() as u64;
        let old = |period: Duration| {
            self.since
                .is_some_and(|since| u128::from(time.saturating_sub(since)) >= period.as_nanos())
        };
        size.is_some_and(|size| written >= size) || period.is_some_and(old)
    }

    /// Starts the next file. Returns false if there may be no more.
    fn next(&mut self, time: u64) -> Result<bool, Error> {
        let Rotation {
            time: period,
            count,
            ..
        } = self.options.rotation;
        // Rotation by size alone overwrites the oldest file; rotation by time ends with the last file.
        if period.is_some() && count.is_some_and(|count| self.started >= count) {
            return Ok(false);
        }
        self.finish(time, 0)?;
        let number = match (period, count) {
            (None, Some(count)) => self.started % count,
            _ => self.started,
        };
        self.path = path_of(&self.options, number, time);
        self.out = create(&self.path)?;
        self.started += 1;
        self.written = 0;
        self.since = Some(time);
        self.counters = Counters::default();
        if let Some((link, _)) = self.writer.take() {
            self.start(link);
        }
        Ok(true)
    }
}

/// Returns the path of file `number`, as tcpdump names it: with the time if files rotate by time, with the number if
/// they rotate by size, zero-padded if their count is known.
fn path_of(options: &FileOptions, number: u64, now: u64) -> PathBuf {
    let Rotation { size, time, count } = options.rotation;
    let mut text = options.path.to_string_lossy().into_owned();
    if text == "-" {
        return options.path.clone();
    }
    if time.is_some() {
        let time = Timestamp::from_nanosecond(i128::from(now)).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = time.to_zoned(TimeZone::system());
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

/// Creates a file; `-` is standard output.
fn create(path: &Path) -> Result<Box<dyn io::Write>, Error> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdout()));
    }
    File::create(path)
        .map(|file| Box::new(file) as Box<dyn io::Write>)
        .map_err(|error| not_written(path, &error))
}

/// Returns the error of a file that cannot be written.
fn not_written(path: &Path, error: &io::Error) -> Error {
    if path == Path::new("-") && error.kind() == io::ErrorKind::BrokenPipe {
        return Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
    }
    let message = Message::new("file-not-written")
        .outside("file", path.to_string_lossy())
        .shown("error", error);
    Error::could_not_run(message).hint(Message::new("file-not-written-hint"))
}

/// Returns the message for a file that cannot be read as a capture.
pub fn read_error(path: &Path, error: &vigie_pcap::Error) -> Message {
    let about = |key| {
        let message = Message::new(key).outside("file", path.to_string_lossy());
        message.shown("offset", error.offset)
    };
    match error.kind {
        ErrorKind::NotACapture { .. } => about("capture-file-strange"),
        ErrorKind::UnsupportedVersion { major, minor } => {
            about("capture-file-version").shown("version", format!("{major}.{minor}"))
        }
        ErrorKind::BadLength { claimed } => about("capture-file-length").shown("length", claimed),
        ErrorKind::UnknownInterface { interface } => {
            about("capture-file-interface").shown("interface", interface)
        }
        ErrorKind::TooManyInterfaces => about("capture-file-interfaces"),
        ErrorKind::CutShort { .. } => about("capture-file-cut"),
    }
}
