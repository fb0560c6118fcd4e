//! The flags of `vigie scan`. nmap's spellings are accepted; for masscan's, the error names Vigie's flag.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Command;
use vigie_report::Texts;
use vigie_scan::plan::{Budget, DiscoveryProbe, Shard, Technique};
use vigie_scope::target::Family;

use super::foreign::{Tool, nmap, spelling};
use super::output::{self, Bare, HasOutput, OutputFlags};
use super::permission::{self, HasPermission, PermissionFlags};
use super::{Flag, Flags, Group, Spelling, Takes, args};

mod pace;
mod probes;
mod targets;

/// A scan as the command line gives it. [`crate::cmd::scan::options`] checks what depends on several flags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScanFlags {
    /// Targets.
    pub targets: Vec<String>,
    /// `-iL`: a file with targets; `-` is standard input.
    pub input_list: Option<PathBuf>,
    /// `--exclude`: targets left out, separated by commas.
    pub exclude: Vec<String>,
    /// `--exclude-file`.
    pub exclude_file: Option<PathBuf>,
    /// `-4` or `-6`.
    pub family: Option<Family>,
    /// `-n`: do not look up names.
    pub no_dns: bool,
    /// `--dns-servers`.
    pub dns_servers: Vec<SocketAddr>,
    /// `--scope` and `--authorized`.
    pub permission: PermissionFlags,
    /// `-sn`: discover hosts and probe no port.
    pub hosts_only: bool,
    /// `-Pn`: treat every target as up.
    pub no_discovery: bool,
    /// `--traceroute`.
    pub traceroute: bool,
    /// `--on-link`: interfaces on whose link every IPv6 host is a target.
    pub on_link: Vec<String>,
    /// `-PE`, `-PS22` and the like; the default probes if empty.
    pub discovery_probes: Vec<DiscoveryProbe>,
    /// `-PR`. Neighbours are always discovered by ARP or NDP.
    pub ask_neighbours: bool,
    /// `-p`.
    pub ports: Option<String>,
    /// `-F`.
    pub fast: bool,
    /// `--top-ports`.
    pub top_ports: Option<usize>,
    /// `-sS`, `-sT` and the like, without `-sU`.
    pub techniques: Vec<Technique>,
    /// `--scanflags`.
    pub tcp_flags: Option<String>,
    /// `-sU`.
    pub udp: bool,
    /// `--complete`: probe every UDP port until its state is proven.
    pub complete: bool,
    /// `--no-verify`: do not check hosts whose ports all appear open.
    pub no_verify: bool,
    /// `--source`: further source addresses for UDP.
    pub source: Option<String>,
    /// `-e`: the interface to send from.
    pub interface: Option<String>,
    /// `-g`: the source port.
    pub source_port: Option<u16>,
    /// `-T`: nmap's timing template, 0 to 5.
    pub timing: Option<u8>,
    /// Rates, tries, confidence and times.
    pub budget: Budget,
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--shard`.
    pub shard: Option<Shard>,
    /// `--memory`, in bytes.
    pub memory: Option<u64>,
    /// `--state`: where checkpoints go.
    pub state: Option<PathBuf>,
    /// `--resume`: the checkpoint to continue.
    pub resume: Option<PathBuf>,
    /// `--io xdp`.
    pub xdp: bool,
    /// `-o`, `-oX` and the like.
    pub output: OutputFlags,
    /// `--open`.
    pub open_only: bool,
    /// `--reason`.
    pub reason: bool,
    /// `--explain`.
    pub explain: bool,
    /// `--all-ports`.
    pub all_ports: bool,
    /// `--packet-trace`.
    pub packet_trace: bool,
    /// `--pcap`.
    pub pcap: Option<PathBuf>,
    /// Number of `-v`.
    pub verbosity: u8,
}

impl HasOutput for ScanFlags {
    fn output(&mut self) -> &mut OutputFlags {
        &mut self.output
    }
}

impl HasPermission for ScanFlags {
    fn permission(&mut self) -> &mut PermissionFlags {
        &mut self.permission
    }
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    Command::new(ScanFlags::COMMAND)
        .about(texts.get("scan-about"))
        .override_usage(texts.get("scan-usage"))
        .after_long_help(texts.get("scan-after"))
        .args_override_self(true)
        .args(args::<ScanFlags>("", texts))
}

impl Flags for ScanFlags {
    const COMMAND: &'static str = "scan";
    const GROUPS: &'static [Group<Self>] = &[
        Group {
            heading: "scan-targets",
            flags: targets::TARGETS,
        },
        Group {
            heading: "scan-targets",
            flags: &permission::flags::<Self>(),
        },
        Group {
            heading: "scan-discovery",
            flags: targets::DISCOVERY,
        },
        Group {
            heading: "scan-ports",
            flags: probes::PORTS,
        },
        Group {
            heading: "scan-technique",
            flags: probes::TECHNIQUES,
        },
        Group {
            heading: "scan-pace",
            flags: pace::PACE,
        },
        Group {
            heading: "scan-output",
            flags: &output::flags::<Self>(Bare::Refused),
        },
        Group {
            heading: "scan-output",
            flags: REPORT,
        },
    ];
}

type ScanFlag = Flag<ScanFlags>;

const fn masscan(text: &'static str) -> Spelling {
    spelling(Tool::Masscan, text)
}

const REPORT: &[ScanFlag] = &[
    ScanFlag::switch("open", |o| o.open_only = true).spelled(&[
        nmap("--open"),
        masscan("--open"),
        masscan("--open-only"),
    ]),
    ScanFlag::switch("reason", |o| o.reason = true).spelled(&[nmap("--reason")]),
    ScanFlag::switch("explain", |o| o.explain = true),
    ScanFlag::switch("all-ports", |o| o.all_ports = true).rare(),
    ScanFlag::switch("packet-trace", |o| o.packet_trace = true)
        .rare()
        .spelled(&[nmap("--packet-trace"), masscan("--packet-trace")]),
    ScanFlag::value("pcap", Takes::One("FILE"), "scan.pcapng", |o, value| {
        o.pcap = Some(value.path());
        Ok(())
    })
    .hyphens()
    .rare(),
    ScanFlag::count("verbose", |o, count| o.verbosity = count)
        .short('v')
        .spelled(&[nmap("-v"), masscan("-v")]),
];
