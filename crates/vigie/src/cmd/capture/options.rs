//! What the arguments of `vigie capture` mean: validated, before any file or socket is opened.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use vigie_pcap::{Format, Precision};
use vigie_print::{Bytes, Options, TimeStyle};
use vigie_report::Message;

use crate::error::Error;

/// The longest packet that is kept where nothing is said, in bytes: every packet whole.
const SNAP: u32 = 262_144;

/// A capture as the user asked for it.
#[derive(Clone, Debug)]
pub struct CaptureOptions {
    /// Where packets come from.
    pub source: Source,
    /// The filter, as typed.
    pub filter: String,
    /// How packets are printed; `None` when they are only written.
    pub print: Option<Print>,
    /// Where they are written.
    pub write: Option<Write>,
    /// How many are taken.
    pub count: Option<u64>,
    /// Bytes kept of a packet.
    pub snap: u32,
    /// At the end it is said what the packets mean.
    pub explain: bool,
}

/// Where packets come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// An interface (`any`: all of them; none: the first that is up).
    Live(Live),
    /// A capture file; `-` is standard input.
    File(PathBuf),
    /// Nowhere: the interfaces are listed.
    Interfaces,
    /// Nowhere: the filter's program is shown, as it is for the link type of an interface or a file; Ethernet's where
    /// neither is named.
    Code {
        /// The interface.
        interface: Option<String>,
        /// The capture file.
        file: Option<PathBuf>,
    },
}

/// How to listen on an interface.
#[derive(Clone, Debug)]
pub struct Live {
    /// Its name.
    pub interface: Option<String>,
    /// Also what is addressed to other machines.
    pub promiscuous: bool,
    /// What this machine receives.
    pub incoming: bool,
    /// What it sends.
    pub outgoing: bool,
    /// Size of the kernel's ring, in bytes.
    pub buffer: usize,
}

/// How packets are printed.
#[derive(Clone, Copy, Debug)]
pub struct Print {
    /// What a line shows.
    pub options: Options,
    /// Numbers, not names.
    pub numeric: bool,
    /// How times are shown.
    pub time: TimeStyle,
    /// Fractions of seconds in nanoseconds.
    pub nanoseconds: bool,
    /// Each line at once.
    pub line_buffered: bool,
}

/// Where and how packets are written.
#[derive(Clone, Debug)]
pub struct Write {
    /// The file; `-` is standard output. With a time in it where files change by time.
    pub path: PathBuf,
    /// The file format.
    pub format: Format,
    /// How fine times are kept.
    pub precision: Precision,
    /// Each packet at once.
    pub packet_buffered: bool,
    /// When the next file begins.
    pub rotation: Rotation,
}

/// When the next file begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rotation {
    /// After this many bytes.
    pub size: Option<u64>,
    /// After this time.
    pub time: Option<Duration>,
    /// How many files there may be.
    pub count: Option<u64>,
}

impl CaptureOptions {
    /// Reads the arguments.
    pub fn read(matches: &ArgMatches) -> Result<Self, Error> {
        let snap = match number(matches, "snap", "-s", u64::from(SNAP))? {
            None | Some(0) => SNAP,
            Some(bytes) => bytes as u32,
        };
        let write = write(matches)?;
        let print = write.is_none() || matches.get_flag("print");
        Ok(Self {
            source: source(matches)?,
            filter: filter(matches)?,
            print: print.then(|| self::print(matches)),
            write,
            count: number(matches, "count", "-c", u64::MAX)?,
            snap,
            explain: matches.get_flag("explain"),
        })
    }
}

/// A whole number of at most `max`.
fn number(
    matches: &ArgMatches,
    id: &str,
    flag: &'static str,
    max: u64,
) -> Result<Option<u64>, Error> {
    number_from(matches, id, flag, 0, max)
}

/// A whole number from `min` to `max`.
fn number_from(
    matches: &ArgMatches,
    id: &str,
    flag: &'static str,
    min: u64,
    max: u64,
) -> Result<Option<u64>, Error> {
    let Some(given) = matches.get_one::<String>(id) else {
        return Ok(None);
    };
    match given.parse() {
        Ok(value) if (min..=max).contains(&value) => Ok(Some(value)),
        _ => {
            let message = Message::new("number-wrong")
                .outside("value", given)
                .outside("arg", flag);
            let hint = Message::new("number-wrong-hint")
                .amount("min", min)
                .amount("max", max);
            Err(Error::usage(message).hint(hint))
        }
    }
}

fn source(matches: &ArgMatches) -> Result<Source, Error> {
    if matches.get_flag("list") {
        return Ok(Source::Interfaces);
    }
    if matches.get_flag("code") {
        return Ok(Source::Code {
            interface: matches.get_one::<String>("interface").cloned(),
            file: matches.get_one::<String>("read").map(PathBuf::from),
        });
    }
    if let Some(path) = matches.get_one::<String>("read") {
        if matches.contains_id("interface") {
            let message = Message::new("arg-conflict")
                .outside("arg", "-r")
                .outside("other", "-i");
            return Err(Error::usage(message));
        }
        return Ok(Source::File(path.into()));
    }
    let direction = matches
        .get_one::<String>("direction")
        .map_or("inout", String::as_str);
    // At most 1 GiB, which is what one ring may have; tcpdump counts in KiB.
    let buffer =
        number(matches, "buffer", "-B", 1 << 20)?.map_or(32 << 20, |kib| kib as usize * 1024);
    Ok(Source::Live(Live {
        interface: matches.get_one::<String>("interface").cloned(),
        promiscuous: !matches.get_flag("no-promiscuous"),
        incoming: direction != "out",
        outgoing: direction != "in",
        buffer,
    }))
}

/// The filter: the words of the command line, or a file's text.
fn filter(matches: &ArgMatches) -> Result<String, Error> {
    if let Some(path) = matches.get_one::<String>("filter-file") {
        return std::fs::read_to_string(path).map_err(|error| {
            let message = Message::new("capture-file-unreadable")
                .outside("file", path)
                .shown("error", error);
            Error::could_not_run(message)
        });
    }
    let words: Vec<&str> = matches
        .get_many::<String>("filter")
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Ok(words.join(" "))
}

fn print(matches: &ArgMatches) -> Print {
    let count = |id| matches.get_count(id);
    let bytes = match (count("hex-ascii"), count("hex"), count("ascii")) {
        (0, 0, 0) => Bytes::None,
        (0, 0, ascii) => Bytes::Ascii { link: ascii > 1 },
        (0, hex, _) => Bytes::Hex { link: hex > 1 },
        (both, ..) => Bytes::HexAscii { link: both > 1 },
    };
    Print {
        options: Options {
            verbose: count("verbose"),
            link_header: matches.get_flag("link-header"),
            absolute: matches.get_flag("absolute"),
            bytes,
        },
        numeric: count("numeric") > 0,
        time: match count("time") {
            0 => TimeStyle::OfDay,
            1 => TimeStyle::None,
            2 => TimeStyle::Epoch,
            3 => TimeStyle::SincePrevious,
            4 => TimeStyle::Date,
            _ => TimeStyle::SinceFirst,
        },
        nanoseconds: matches.get_flag("nano"),
        line_buffered: matches.get_flag("line-buffered"),
    }
}

fn write(matches: &ArgMatches) -> Result<Option<Write>, Error> {
    let Some(path) = matches.get_one::<String>("write") else {
        for (id, flag) in [
            ("rotate-size", "-C"),
            ("rotate-time", "-G"),
            ("rotate-count", "-W"),
            ("format", "--format"),
        ] {
            if matches.contains_id(id) {
                return Err(Error::usage(
                    Message::new("capture-needs-write").outside("arg", flag),
                ));
            }
        }
        return Ok(None);
    };
    let by_name = || {
        if path.ends_with(".pcapng") {
            "pcapng"
        } else {
            "pcap"
        }
    };
    let format = match matches
        .get_one::<String>("format")
        .map_or_else(by_name, String::as_str)
    {
        "pcapng" => Format::PcapNg,
        _ => Format::Pcap,
    };
    let precision = if matches.get_flag("nano") {
        Precision::Nano
    } else {
        Precision::Micro
    };
    let at_least_one = |id, flag, max| number_from(matches, id, flag, 1, max);
    let rotation = Rotation {
        size: at_least_one("rotate-size", "-C", 1 << 30)?.map(|megabytes| megabytes * 1_000_000),
        time: at_least_one("rotate-time", "-G", 1 << 31)?.map(Duration::from_secs),
        count: at_least_one("rotate-count", "-W", 1 << 31)?,
    };
    Ok(Some(Write {
        path: path.into(),
        format,
        precision,
        packet_buffered: matches.get_flag("packet-buffered"),
        rotation,
    }))
}
