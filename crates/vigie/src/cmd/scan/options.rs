//! What the arguments of `vigie scan` mean: validated, but names not resolved and routes not asked for.
//!
//! Everything that can be found wrong without looking at this machine or the
//! network is found here. This file must not send or resolve anything.

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

/// How many ports are scanned where nothing is said.
const DEFAULT_PORTS: usize = 1_000;
/// How many `-F` means.
const FAST_PORTS: usize = 100;

/// A scan as the user asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanOptions {
    /// What is scanned.
    pub targets: Vec<Target>,
    /// What is left out of it.
    pub exclude: Vec<Target>,
    /// Which addresses of a name are taken; all where nothing is said.
    pub family: Option<Family>,
    /// Whether names of addresses may be asked for.
    pub dns: bool,
    /// The servers to ask for names; the system's where none is named.
    pub dns_servers: Vec<SocketAddr>,
    /// Whether hosts are looked for first.
    pub discovery: Discovery,
    /// What hosts are asked.
    pub discovery_probes: Vec<DiscoveryProbe>,
    /// Links all of whose IPv6 hosts are targets.
    pub on_link: Vec<String>,
    /// Whether the way to each host is traced.
    pub traceroute: bool,
    /// Which ports.
    pub ports: PortList,
    /// The UDP ports, where they are scanned, and how.
    pub udp: Option<UdpSpec>,
    /// What `ports` are, for people.
    pub ports_asked: PortsAsked,
    /// How, if the user said so.
    pub technique: Option<Technique>,
    /// TCP flags to send in place of the technique's.
    pub flags: Option<Flags>,
    /// The interface to send from, if the user said so.
    pub interface: Option<String>,
    /// The port to send from, if the user said so.
    pub source_port: Option<u16>,
    /// What the scan may spend.
    pub budget: Budget,
    /// Which ports are listed.
    pub listing: Listing,
    /// The seed, if the user said so.
    pub seed: Option<u64>,
    /// Which part of the probes is made.
    pub shard: Shard,
    /// How many bytes may hold what is known of the probes.
    pub memory: u64,
    /// Where checkpoints are kept.
    pub state: Option<PathBuf>,
    /// The checkpoint to go on from.
    pub resume: Option<PathBuf>,
    /// How many bytes of the journal beside the checkpoint are of windows that are over.
    pub told: Option<u64>,
    /// Whether frames go out by AF_XDP.
    pub xdp: bool,
    /// What the command line says about permission.
    pub permission: PermissionFlags,
    /// Where results go; at most one to standard output.
    pub outputs: Vec<Output>,
    /// Whether the report says what the findings mean, with the packets that show it.
    pub explain: bool,
    /// Whether a line is printed for each packet.
    pub packet_trace: bool,
    /// The capture file that the scan's packets are kept in.
    pub pcap: Option<PathBuf>,
    /// Whether the report says how long each answer took and who sent it.
    pub reason: bool,
    /// How often `-v` was given.
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
            targets: targets(&flags)?,
            exclude: exclude(&flags)?,
            discovery: if flags.no_discovery {
                Discovery::AssumeUp
            } else {
                Discovery::Ask
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
            told: None,
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
    fn a_rate_of_its_own_replaces_that_of_the_template() {
        let rate = |line: &str| options(line).unwrap().budget.max_rate;
        assert_eq!(rate("x -T2"), Some(2.5));
        assert_eq!(rate("x --max-rate 100 -T2"), Some(100.0));
        assert_eq!(rate("x -T4"), None);
    }

    #[test]
    fn flags_that_contradict_each_other_are_refused() {
        assert_eq!(refused("x -sS -sT"), "scan-two-techniques");
        assert_eq!(refused("x -sn -p 22"), "scan-hosts-only-ports");
        assert_eq!(refused("-iL - --exclude-file -"), "stdin-twice");
        assert_eq!(refused("-sS"), "scan-no-targets");
        assert_eq!(refused("x -sT --scanflags SYN"), "scan-flags-not-tcp");
        assert_eq!(refused("x -oX - -oG -"), "scan-two-stdout");
    }

    #[test]
    fn values_out_of_range_are_refused() {
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
