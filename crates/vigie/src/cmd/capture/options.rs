//! Validated options of `vigie capture`.

use std::path::PathBuf;

use vigie_pcap::{Format, Precision};
use vigie_print::{Dump, Options, TimeStyle};
use vigie_report::Message;

use crate::capture_file::{FileOptions, Rotation};
use crate::error::Error;
use crate::flags::capture::{CaptureFlags, Direction, MAX_SNAP};

/// Default size of the kernel's ring, in bytes.
const DEFAULT_BUFFER: usize = 32 << 20;

/// Options of a capture.
#[derive(Clone, Debug)]
pub struct CaptureOptions {
    /// Source of the packets.
    pub source: Source,
    /// The filter, as typed.
    pub filter: String,
    /// How packets are printed; `None` if they are only written to a file.
    pub print: Option<Print>,
    /// Files to write; `None` if packets are only printed.
    pub write: Option<FileOptions>,
    /// Maximum number of packets.
    pub count: Option<u64>,
    /// Maximum number of bytes stored per packet.
    pub snap: u32,
    /// Explain the packets at the end.
    pub explain: bool,
}

/// Source of the packets.
#[derive(Clone, Debug)]
pub enum Source {
    /// An interface.
    Live(Live),
    /// A capture file; `-` for standard input.
    File(PathBuf),
    /// None: list the interfaces (`-D`).
    Interfaces,
    /// None: show the BPF program of the filter (`-d`) for the link type of an interface or file, otherwise for
    /// Ethernet.
    Code {
        /// Interface whose link type is used.
        interface: Option<String>,
        /// Capture file whose link type is used.
        file: Option<PathBuf>,
    },
}

/// Options of a capture on an interface.
#[derive(Clone, Debug)]
pub struct Live {
    /// Name of the interface, `any` for all; `None` for the first that is up.
    pub interface: Option<String>,
    /// Promiscuous mode.
    pub promiscuous: bool,
    /// Capture received packets.
    pub incoming: bool,
    /// Capture sent packets.
    pub outgoing: bool,
    /// Size of the kernel's ring, in bytes.
    pub buffer: usize,
}

/// Options of printed lines.
#[derive(Clone, Copy, Debug)]
pub struct Print {
    /// Contents of a line.
    pub options: Options,
    /// Print numbers instead of names.
    pub numeric: bool,
    /// Format of times.
    pub time: TimeStyle,
    /// Print nanoseconds instead of microseconds.
    pub nanoseconds: bool,
    /// Flush after every line.
    pub line_buffered: bool,
}

impl CaptureOptions {
    /// Validates the flags.
    ///
    /// # Errors
    ///
    /// A usage error for flags that exclude each other; an error if the filter file cannot be read.
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

/// Returns the filter: the words of the command line, or the contents of a file (`-F`).
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

fn write(flags: &CaptureFlags) -> Result<Option<FileOptions>, Error> {
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
    Ok(Some(FileOptions {
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

    fn options(flags: &CaptureFlags) -> Result<CaptureOptions, Error> {
        CaptureOptions::new(flags)
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
        assert!(options(&CaptureFlags::default()).unwrap().print.is_some());
        assert!(options(&both).unwrap().print.is_some());
        let options = options(&written).unwrap();
        assert!(options.print.is_none());
        assert_eq!(options.write.unwrap().format, Format::PcapNg);
    }

    #[test]
    fn file_options_need_a_file() {
        let flags = CaptureFlags {
            rotate_count: Some(5),
            ..CaptureFlags::default()
        };
        assert_eq!(
            options(&flags).unwrap_err().message.key,
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
        assert_eq!(options(&flags).unwrap_err().message.key, "arg-conflict");
        let code = CaptureFlags {
            code: true,
            ..flags
        };
        assert!(matches!(
            options(&code).unwrap().source,
            Source::Code { .. }
        ));
    }

    #[test]
    fn a_snapshot_length_of_zero_is_the_whole_packet() {
        let snap = |snap| {
            let flags = CaptureFlags {
                snap,
                ..CaptureFlags::default()
            };
            options(&flags).unwrap().snap
        };
        assert_eq!(
            (snap(None), snap(Some(0)), snap(Some(96))),
            (MAX_SNAP, MAX_SNAP, 96)
        );
    }
}
