//! What the arguments of `vigie capture` mean: validated, before any file or socket is opened.

use std::path::PathBuf;
use std::time::Duration;

use vigie_pcap::{Format, Precision};
use vigie_print::{Dump, Options, TimeStyle};
use vigie_report::Message;

use crate::error::Error;
use crate::flags::capture::{CaptureFlags, Direction, MAX_SNAP};

/// Size of the kernel's ring where `-B` is not given, in bytes.
const DEFAULT_BUFFER: usize = 32 << 20;

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
    /// Returns the capture that the flags ask for.
    ///
    /// # Errors
    /// Flags that cannot be combined, or a filter file that cannot be read.
    pub fn new(flags: &CaptureFlags) -> Result<Self, Error> {
        let write = write(flags)?;
        let print = write.is_none() || flags.print;
        Ok(Self {
            source: source(flags)?,
            filter: filter(flags)?,
            print: print.then(|| self::print(flags)),
            write,
            count: flags.count,
            snap: flags.snap.filter(|bytes| *bytes > 0).unwrap_or(MAX_SNAP),
            explain: flags.explain,
        })
    }
}

fn source(flags: &CaptureFlags) -> Result<Source, Error> {
    if flags.list {
        return Ok(Source::Interfaces);
    }
    if flags.code {
        return Ok(Source::Code {
            interface: flags.interface.clone(),
            file: flags.read.clone(),
        });
    }
    if let Some(path) = &flags.read {
        if flags.interface.is_some() {
            let message = Message::new("arg-conflict")
                .outside("arg", "-r")
                .outside("other", "-i");
            return Err(Error::usage(message));
        }
        return Ok(Source::File(path.clone()));
    }
    Ok(Source::Live(Live {
        interface: flags.interface.clone(),
        promiscuous: !flags.no_promiscuous,
        incoming: flags.direction != Direction::Out,
        outgoing: flags.direction != Direction::In,
        buffer: flags.buffer.map_or(DEFAULT_BUFFER, |kib| kib * 1024),
    }))
}

/// Returns the filter: the words of the command line, or a file's text.
fn filter(flags: &CaptureFlags) -> Result<String, Error> {
    let Some(path) = &flags.filter_file else {
        return Ok(flags.filter.join(" "));
    };
    std::fs::read_to_string(path).map_err(|error| {
        let message = Message::new("capture-file-unreadable")
            .outside("file", path.to_string_lossy())
            .shown("error", error);
        Error::could_not_run(message)
    })
}

fn print(flags: &CaptureFlags) -> Print {
    let dump = match (flags.hex_ascii, flags.hex, flags.ascii) {
        (0, 0, 0) => Dump::None,
        (0, 0, ascii) => Dump::Ascii {
            link_header: ascii > 1,
        },
        (0, hex, _) => Dump::Hex {
            link_header: hex > 1,
        },
        (both, ..) => Dump::HexAscii {
            link_header: both > 1,
        },
    };
    Print {
        options: Options {
            verbose: flags.verbose,
            link_header: flags.link_header,
            absolute_sequence: flags.absolute,
            dump,
        },
        numeric: flags.numeric > 0,
        time: match flags.time {
            0 => TimeStyle::OfDay,
            1 => TimeStyle::None,
            2 => TimeStyle::Epoch,
            3 => TimeStyle::SincePrevious,
            4 => TimeStyle::Date,
            _ => TimeStyle::SinceFirst,
        },
        nanoseconds: flags.nano,
        line_buffered: flags.line_buffered,
    }
}

fn write(flags: &CaptureFlags) -> Result<Option<Write>, Error> {
    let rotation = Rotation {
        size: flags.rotate_size,
        time: flags.rotate_time,
        count: flags.rotate_count,
    };
    let Some(path) = &flags.write else {
        let for_files = [
            ("-C", rotation.size.is_some()),
            ("-G", rotation.time.is_some()),
            ("-W", rotation.count.is_some()),
            ("--format", flags.format.is_some()),
        ];
        return match for_files.into_iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Error::usage(
                Message::new("capture-needs-write").outside("arg", flag),
            )),
            None => Ok(None),
        };
    };
    let by_name = || match path.extension() {
        Some(extension) if extension == "pcapng" => Format::PcapNg,
        _ => Format::Pcap,
    };
    Ok(Some(Write {
        path: path.clone(),
        format: flags.format.unwrap_or_else(by_name),
        precision: if flags.nano {
            Precision::Nano
        } else {
            Precision::Micro
        },
        packet_buffered: flags.packet_buffered,
        rotation,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(flags: CaptureFlags) -> Result<CaptureOptions, Error> {
        CaptureOptions::new(&flags)
    }

    #[test]
    fn packets_are_printed_unless_they_are_only_written() {
        let written = CaptureFlags {
            write: Some("file.pcapng".into()),
            ..CaptureFlags::default()
        };
        let both = CaptureFlags {
            print: true,
            ..written.clone()
        };
        assert!(options(CaptureFlags::default()).unwrap().print.is_some());
        assert!(options(both).unwrap().print.is_some());
        let options = options(written).unwrap();
        assert!(options.print.is_none());
        assert_eq!(options.write.unwrap().format, Format::PcapNg);
    }

    #[test]
    fn what_is_about_files_needs_a_file() {
        let flags = CaptureFlags {
            rotate_count: Some(5),
            ..CaptureFlags::default()
        };
        assert_eq!(
            options(flags).unwrap_err().message.key,
            "capture-needs-write"
        );
    }

    #[test]
    fn a_capture_has_one_source() {
        let flags = CaptureFlags {
            read: Some("file.pcap".into()),
            interface: Some("eth0".into()),
            ..CaptureFlags::default()
        };
        assert_eq!(
            options(flags.clone()).unwrap_err().message.key,
            "arg-conflict"
        );
        let code = CaptureFlags {
            code: true,
            ..flags
        };
        assert!(matches!(options(code).unwrap().source, Source::Code { .. }));
    }

    #[test]
    fn a_snapshot_length_of_zero_is_the_whole_packet() {
        let snap = |snap| {
            let flags = CaptureFlags {
                snap,
                ..CaptureFlags::default()
            };
            options(flags).unwrap().snap
        };
        assert_eq!(
            (snap(None), snap(Some(0)), snap(Some(96))),
            (MAX_SNAP, MAX_SNAP, 96)
        );
    }
}
