//! The flags of `vigie capture`, with tcpdump's letters.

use std::path::PathBuf;
use std::time::Duration;

use clap::Command;
use vigie_pcap::Format;
use vigie_report::Texts;

use super::foreign::{Tool, spelling};
use super::{Flag, Flags, Group, Spelling, Takes, args};

/// Maximum snapshot length in bytes. No packet is longer.
pub const MAX_SNAP: u32 = 262_144;

/// A capture as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaptureFlags {
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-i`.
    pub interface: Option<String>,
    /// `-D`: list the interfaces.
    pub list: bool,
    /// `-r`.
    pub read: Option<PathBuf>,
    /// `-F`: the file with the filter.
    pub filter_file: Option<PathBuf>,
    /// `-Q`.
    pub direction: Direction,
    /// `-p`.
    pub no_promiscuous: bool,
    /// `-s`: snapshot length in bytes; 0 for whole packets.
    pub snap: Option<u32>,
    /// `-B`: size of the kernel's ring, in KiB.
    pub buffer: Option<usize>,
    /// `-d`: show the filter's program.
    pub code: bool,
    /// Number of `-n`.
    pub numeric: u8,
    /// Number of `-v`.
    pub verbose: u8,
    /// `-e`.
    pub link_header: bool,
    /// Number of `-X`.
    pub hex_ascii: u8,
    /// Number of `-x`.
    pub hex: u8,
    /// Number of `-A`.
    pub ascii: u8,
    /// Number of `-t`.
    pub time: u8,
    /// `-S`.
    pub absolute: bool,
    /// `-l`.
    pub line_buffered: bool,
    /// `--explain`.
    pub explain: bool,
    /// `--nano`.
    pub nano: bool,
    /// `-w`.
    pub write: Option<PathBuf>,
    /// `--format`.
    pub format: Option<Format>,
    /// `--print`.
    pub print: bool,
    /// `-U`.
    pub packet_buffered: bool,
    /// `-C`: bytes after which the next file begins.
    pub rotate_size: Option<u64>,
    /// `-G`: time after which the next file begins.
    pub rotate_time: Option<Duration>,
    /// `-W`: number of files.
    pub rotate_count: Option<u64>,
    /// `-c`: number of packets.
    pub count: Option<u64>,
}

/// Direction of captured packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Received and sent.
    #[default]
    Both,
    /// Received.
    In,
    /// Sent.
    Out,
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    Command::new(CaptureFlags::COMMAND)
        .about(texts.get("capture-about"))
        .override_usage(texts.get("capture-usage"))
        .after_long_help(texts.get("capture-after"))
        .args_override_self(true)
        .args(args::<CaptureFlags>("", texts))
}

/// text keys: capture-help-*
impl Flags for CaptureFlags {
    const COMMAND: &'static str = "capture";
    const GROUPS: &'static [Group<Self>] = &[
        Group {
            heading: "capture-group-filter",
            flags: &[CaptureFlag::operand(
                "filter",
                Takes::Many("FILTER"),
                "udp",
                |o, value| value.string().map(|word| o.filter.push(word)),
            )],
        },
        Group {
            heading: "capture-group-from",
            flags: FROM,
        },
        Group {
            heading: "capture-group-show",
            flags: SHOW,
        },
        Group {
            heading: "capture-group-file",
            flags: FILES,
        },
        Group {
            heading: "capture-group-end",
            flags: &[
                CaptureFlag::value("count", Takes::One("COUNT"), "10", |o, value| {
                    o.count = Some(value.number(0, u64::MAX)?);
                    Ok(())
                })
                .only_short('c')
                .spelled(&[tcpdump("-c")]),
            ],
        },
    ];
}

type CaptureFlag = Flag<CaptureFlags>;

const fn tcpdump(text: &'static str) -> Spelling {
    spelling(Tool::Tcpdump, text)
}

const FROM: &[CaptureFlag] = &[
    CaptureFlag::value("interface", Takes::One("IFACE"), "eth0", |o, value| {
        value.string().map(|name| o.interface = Some(name))
    })
    .short('i')
    .spelled(&[tcpdump("-i"), tcpdump("--interface")]),
    CaptureFlag::switch("list", |o| o.list = true)
        .long("list-interfaces")
        .short('D')
        .spelled(&[tcpdump("-D"), tcpdump("--list-interfaces")]),
    CaptureFlag::value("read", Takes::One("FILE"), "file.pcap", |o, value| {
        o.read = Some(value.path());
        Ok(())
    })
    .only_short('r')
    .spelled(&[tcpdump("-r")]),
    CaptureFlag::value(
        "filter-file",
        Takes::One("FILE"),
        "filter.txt",
        |o, value| {
            o.filter_file = Some(value.path());
            Ok(())
        },
    )
    .only_short('F')
    .spelled(&[tcpdump("-F")]),
    CaptureFlag::value("direction", Takes::One("DIRECTION"), "in", |o, value| {
        o.direction = match value.text()? {
            "in" => Direction::In,
            "out" => Direction::Out,
            _ => Direction::Both,
        };
        Ok(())
    })
    .only_short('Q')
    .choices(&["in", "out", "inout"])
    .spelled(&[tcpdump("-Q")]),
    CaptureFlag::switch("no-promiscuous", |o| o.no_promiscuous = true)
        .only_short('p')
        .spelled(&[tcpdump("-p")]),
    CaptureFlag::value("snap", Takes::One("BYTES"), "96", |o, value| {
        let bytes = value.number(0, u64::from(MAX_SNAP))?;
        o.snap = u32::try_from(bytes).ok();
        Ok(())
    })
    .long("snapshot-length")
    .short('s')
    .spelled(&[tcpdump("-s"), tcpdump("--snapshot-length")]),
    CaptureFlag::value("buffer", Takes::One("KIB"), "4096", |o, value| {
        // Up to 1 GiB, the kernel's maximum.
        o.buffer = usize::try_from(value.number(0, 1 << 20)?).ok();
        Ok(())
    })
    .only_short('B')
    .rare()
    .spelled(&[tcpdump("-B")]),
    CaptureFlag::switch("code", |o| o.code = true)
        .only_short('d')
        .rare()
        .spelled(&[tcpdump("-d")]),
];

const SHOW: &[CaptureFlag] = &[
    CaptureFlag::count("numeric", |o, count| o.numeric = count)
        .only_short('n')
        .spelled(&[tcpdump("-n")]),
    CaptureFlag::count("verbose", |o, count| o.verbose = count)
        .only_short('v')
        .spelled(&[tcpdump("-v")]),
    CaptureFlag::switch("link-header", |o| o.link_header = true)
        .only_short('e')
        .spelled(&[tcpdump("-e")]),
    CaptureFlag::count("hex-ascii", |o, count| o.hex_ascii = count)
        .only_short('X')
        .spelled(&[tcpdump("-X")]),
    CaptureFlag::count("hex", |o, count| o.hex = count)
        .only_short('x')
        .spelled(&[tcpdump("-x")]),
    CaptureFlag::count("ascii", |o, count| o.ascii = count)
        .only_short('A')
        .spelled(&[tcpdump("-A")]),
    CaptureFlag::count("time", |o, count| o.time = count)
        .only_short('t')
        .spelled(&[tcpdump("-t")]),
    CaptureFlag::switch("absolute", |o| o.absolute = true)
        .only_short('S')
        .spelled(&[tcpdump("-S")]),
    CaptureFlag::switch("line-buffered", |o| o.line_buffered = true)
        .only_short('l')
        .spelled(&[tcpdump("-l")]),
    CaptureFlag::switch("explain", |o| o.explain = true),
    CaptureFlag::switch("nano", |o| o.nano = true).spelled(&[tcpdump("--nano")]),
];

const FILES: &[CaptureFlag] = &[
    CaptureFlag::value("write", Takes::One("FILE"), "file.pcap", |o, value| {
        o.write = Some(value.path());
        Ok(())
    })
    .only_short('w')
    .spelled(&[tcpdump("-w")]),
    CaptureFlag::value("format", Takes::One("FORMAT"), "pcapng", |o, value| {
        o.format = Some(match value.text()? {
            "pcapng" => Format::PcapNg,
            _ => Format::Pcap,
        });
        Ok(())
    })
    .choices(&["pcap", "pcapng"]),
    CaptureFlag::switch("print", |o| o.print = true).spelled(&[tcpdump("--print")]),
    CaptureFlag::switch("packet-buffered", |o| o.packet_buffered = true)
        .only_short('U')
        .spelled(&[tcpdump("-U")]),
    CaptureFlag::value("rotate-size", Takes::One("MB"), "10", |o, value| {
        o.rotate_size = Some(value.number(1, 1 << 30)? * 1_000_000);
        Ok(())
    })
    .only_short('C')
    .spelled(&[tcpdump("-C")]),
    CaptureFlag::value("rotate-time", Takes::One("SECONDS"), "60", |o, value| {
        o.rotate_time = Some(Duration::from_secs(value.number(1, 1 << 31)?));
        Ok(())
    })
    .only_short('G')
    .spelled(&[tcpdump("-G")]),
    CaptureFlag::value("rotate-count", Takes::One("COUNT"), "5", |o, value| {
        o.rotate_count = Some(value.number(1, 1 << 31)?);
        Ok(())
    })
    .only_short('W')
    .spelled(&[tcpdump("-W")]),
];
