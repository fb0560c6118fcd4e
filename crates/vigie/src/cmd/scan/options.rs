//! The options of `vigie scan`, checked. Names are not resolved yet, and routes not looked up.
//!
//! Every mistake that can be found without interfaces or the network is found here. This file must not send or resolve
//! anything.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use vigie_findings::PortsAsked;
use vigie_report::Message;
use vigie_scan::open_port_check;
use vigie_scan::plan::{
    Budget, DEFAULT_MEMORY, Discovery, DiscoveryProbe, Listing, Shard, Technique, UdpSpec,
};
use vigie_scope::ports::PortList;
use vigie_scope::target::Family;
use vigie_wire::tcp::Flags;

use super::lists::{self, Target};
use super::{discovery, techniques, udp};
use crate::error::Error;
use crate::flags::permission::PermissionFlags;
use crate::flags::scan::ScanFlags;
use crate::outputs::{self, Output};

/// Number of ports that are scanned by default.
const DEFAULT_PORTS: usize = 1_000;
/// Number of ports that `-F` scans.
const FAST_PORTS: usize = 100;

/// A scan as the user asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanOptions {
    /// Targets.
    pub targets: Vec<Target>,
    /// Targets that are excluded.
    pub exclude: Vec<Target>,
    /// Address family of names; `None` for both.
    pub family: Option<Family>,
    /// Whether addresses are resolved to names.
    pub dns: bool,
    /// DNS servers for these names; empty for the system's.
    pub dns_servers: Vec<SocketAddr>,
    /// Whether hosts are discovered first.
    pub discovery: Discovery,
    /// Discovery probes to each host.
    pub discovery_probes: Vec<DiscoveryProbe>,
    /// Interfaces on whose link every IPv6 host is a target.
    pub on_link: Vec<String>,
    /// Whether the route to each host is traced.
    pub traceroute: bool,
    /// Ports of the technique.
    pub ports: PortList,
    /// UDP ports and how they are scanned; `None` if they are not.
    pub udp: Option<UdpSpec>,
    /// How `ports` were chosen, for reports.
    pub ports_asked: PortsAsked,
    /// Technique; `None` for the best that the process may use.
    pub technique: Option<Technique>,
    /// TCP flags in place of the technique's.
    pub flags: Option<Flags>,
    /// Interface to send from; `None` for that of the route.
    pub interface: Option<String>,
    /// Source port; `None` for any free port.
    pub source_port: Option<u16>,
    /// Limits of rate, tries and time.
    pub budget: Budget,
    /// Ports that reports list.
    pub listing: Listing,
    /// Seed; `None` for a random one.
    pub seed: Option<u64>,
    /// Shard of the probes.
    pub shard: Shard,
    /// Maximum memory for the state of probes, in bytes.
    pub memory: u64,
    /// File for checkpoints.
    pub state: Option<PathBuf>,
    /// Checkpoint to resume from.
    pub resume: Option<PathBuf>,
    /// Length of the completed windows in the checkpoint's journal, in bytes.
    pub journaled: Option<u64>,
    /// Whether frames are sent with AF_XDP.
    pub xdp: bool,
    /// Scope files and authorization.
    pub permission: PermissionFlags,
    /// Where results go; at most one output to standard output.
    pub outputs: Vec<Output>,
    /// Whether the report explains the findings, with their packets.
    pub explain: bool,
    /// Whether each packet is printed.
    pub packet_trace: bool,
    /// Capture file for the packets of the scan.
    pub pcap: Option<PathBuf>,
    /// Whether the report gives the delay and the sender of each reply.
    pub reason: bool,
    /// Number of `-v`.
    pub verbosity: u8,
}

/// Ports of each transport; a scan has at least one list.
type Ports = (PortList, Option<PortList>, PortsAsked);

impl ScanOptions {
    /// Returns the scan that the flags ask for. Reads the files that list targets.
    ///
    /// # Errors
    /// Flags that cannot be combined, a value that depends on another flag and does not fit it, no targets, or a list
    /// that cannot be read.
    pub fn new(flags: ScanFlags) -> Result<Self, Error> {
        let technique = techniques::choose(&flags.techniques)?;
        let tcp_flags = techniques::flags(flags.tcp_flags.as_deref(), technique)?;
        let technique = technique.or(tcp_flags.map(|_| Technique::Syn));
        let (ports, of_udp, ports_asked) = ports(&flags, technique)?;
        let udp = of_udp.map(|ports| udp::plan(ports, flags.complete, flags.source.as_deref()));
        Ok(Self {
            exclude: exclude(&flags)?,
            targets: targets(&flags)?,
            discovery: if flags.no_discovery {
                Discovery::AssumeUp
            } else {
                Discovery::Probe
            },
            discovery_probes: discovery::probes(&flags)?,
            ports,
            udp: udp.transpose()?,
            ports_asked,
            technique,
            flags: tcp_flags,
            outputs: outputs::read(&flags.output)?,
            budget: budget(&flags),
            listing: Listing {
                all: flags.all_ports,
                open_only: flags.open_only,
                ..Listing::default()
            },
            shard: flags.shard.unwrap_or(Shard::WHOLE),
            memory: flags.memory.unwrap_or(DEFAULT_MEMORY),
            journaled: None,
            family: flags.family,
            dns: !flags.no_dns,
            dns_servers: flags.dns_servers,
            on_link: flags.on_link,
            traceroute: flags.traceroute,
            interface: flags.interface,
            source_port: flags.source_port,
            seed: flags.seed,
            state: flags.state,
            resume: flags.resume,
            xdp: flags.xdp,
            permission: flags.permission,
            explain: flags.explain,
            packet_trace: flags.packet_trace,
            pcap: flags.pcap,
            reason: flags.reason,
            verbosity: flags.verbosity,
        })
    }
}

fn targets(flags: &ScanFlags) -> Result<Vec<Target>, Error> {
    let mut targets = Vec::new();
    for text in &flags.targets {
        targets.push(Target::parse("", text)?);
    }
    if let Some(file) = &flags.input_list {
        targets.extend(lists::read(file)?);
    }
    if targets.is_empty() && flags.resume.is_none() && flags.on_link.is_empty() {
        let none = Error::usage(Message::new("scan-no-targets"));
        return Err(none.hint(Message::new("scan-no-targets-hint")));
    }
    Ok(targets)
}

fn exclude(flags: &ScanFlags) -> Result<Vec<Target>, Error> {
    let is_stdin = |file: &Option<PathBuf>| file.as_deref() == Some(Path::new("-"));
    if is_stdin(&flags.input_list) && is_stdin(&flags.exclude_file) {
        let twice = Error::usage(Message::new("stdin-twice"));
        return Err(twice.hint(Message::new("stdin-twice-hint")));
    }
    let mut targets = Vec::new();
    for text in &flags.exclude {
        for part in lists::comma_separated(text) {
            targets.push(Target::parse("--exclude ", part)?);
        }
    }
    if let Some(file) = &flags.exclude_file {
        targets.extend(lists::read(file)?);
    }
    Ok(targets)
}

/// Returns the ports of the technique, the UDP ports if they are scanned, and how they were chosen.
fn ports(flags: &ScanFlags, technique: Option<Technique>) -> Result<Ports, Error> {
    if flags.hosts_only {
        discovery::check_hosts_only(flags, technique)?;
        return Ok((PortList::default(), None, PortsAsked::Listed));
    }
    if let Some(text) = &flags.ports {
        let (ports, of_udp) = udp::ports(text, flags.udp, technique)?;
        techniques::check_ports(technique, &ports)?;
        return Ok((ports, of_udp, PortsAsked::Listed));
    }
    let default = if flags.fast {
        FAST_PORTS
    } else {
        DEFAULT_PORTS
    };
    let count = flags.top_ports.unwrap_or(default);
    let (ports, of_udp) = udp::common(count, flags.udp, technique);
    Ok((ports, of_udp, PortsAsked::Top))
}

fn budget(flags: &ScanFlags) -> Budget {
    let mut budget = flags.budget;
    if flags.complete {
        budget.rate_limit_probing = None;
    }
    if !flags.no_verify {
        budget.max_checked_hosts = open_port_check::MAX_HOSTS;
    }
    budget
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::{Lang, Texts};

    use crate::cli;
    use crate::flags;

    fn options(line: &str) -> Result<ScanOptions, Error> {
        let words = std::iter::once("scan").chain(line.split_whitespace());
        let words = cli::prepare(words.map(Into::into).collect())?;
        let command = flags::scan::command(&Texts::new(Lang::En));
        let matches = command.try_get_matches_from(&words[1..]).unwrap();
        ScanOptions::new(flags::parse(&matches)?)
    }

    #[track_caller]
    fn refused(line: &str) -> &'static str {
        options(line).unwrap_err().message.key
    }

    #[test]
    fn the_default_is_a_scan_of_the_most_common_ports() {
        let options = options("10.0.0.1").unwrap();
        assert_eq!(options.ports.len(), DEFAULT_PORTS);
        assert_eq!((options.technique, options.udp), (None, None));
        assert_eq!(options.discovery_probes, DiscoveryProbe::DEFAULT);
        assert_eq!(options.budget.max_checked_hosts, open_port_check::MAX_HOSTS);
        assert_eq!(options.memory, DEFAULT_MEMORY);
    }

    #[test]
    fn tries_and_retries_differ_by_one() {
        let tries = |line: &str| options(line).unwrap().budget.max_tries;
        assert_eq!(tries("x --max-tries 3"), 3);
        assert_eq!(tries("x --max-retries 3"), 4);
        assert_eq!(tries("x -T5"), 3);
        assert_eq!(tries("x --max-tries 9 -T5"), 9, "the order does not matter");
    }

    #[test]
    fn an_explicit_rate_overrides_the_timing_template() {
        let rate = |line: &str| options(line).unwrap().budget.max_rate;
        assert_eq!(rate("x -T2"), Some(2.5));
        assert_eq!(rate("x --max-rate 100 -T2"), Some(100.0));
        assert_eq!(rate("x -T4"), None);
    }

    #[test]
    fn contradictory_flags_are_rejected() {
        assert_eq!(refused("x -sS -sT"), "scan-two-techniques");
        assert_eq!(refused("x -sn -p 22"), "scan-hosts-only-ports");
        assert_eq!(refused("-iL - --exclude-file -"), "stdin-twice");
        assert_eq!(refused("-sS"), "scan-no-targets");
        assert_eq!(refused("x -sT --scanflags SYN"), "scan-flags-not-tcp");
        assert_eq!(refused("x -oX - -oG -"), "scan-two-stdout");
    }

    #[test]
    fn values_out_of_range_are_rejected() {
        for line in [
            "x --shard 5/4",
            "x --shard 1",
            "x --memory 1K",
            "x --source-port 0",
            "x --confidence 1",
            "x --max-tries 0",
            "x -T6",
        ] {
            assert_eq!(refused(line), "number-wrong", "{line}");
        }
        assert_eq!(refused("x --max-time soon"), "time-wrong");
    }

    #[test]
    fn a_resumed_scan_and_a_link_need_no_targets() {
        assert!(options("--resume scan.state").unwrap().targets.is_empty());
        assert_eq!(options("--on-link eth0").unwrap().on_link, ["eth0"]);
    }
}
