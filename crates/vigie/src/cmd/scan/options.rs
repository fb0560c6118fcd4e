//! What the arguments of `vigie scan` mean: validated, but names not resolved and routes not asked for.
//!
//! Everything that can be found wrong without looking at this machine or the
//! network is found here. This file must not send or resolve anything.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
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
use crate::outputs::{self, Output};
use crate::scope;

/// How many ports are scanned where nothing is said.
const DEFAULT_PORTS: usize = 1_000;
/// How many `-F` means.
const FAST_PORTS: usize = 100;

/// With less memory than this a window holds hardly a host.
const LEAST_MEMORY: u64 = 4 << 10;

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
    pub questions: Vec<DiscoveryProbe>,
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
    pub permission: scope::ScopeOptions,
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

impl ScanOptions {
    /// Reads and checks the arguments.
    pub fn read(matches: &ArgMatches) -> Result<ScanOptions, Error> {
        let args = Args(matches);
        let technique = techniques::read(matches)?;
        let flags = techniques::flags(args.text("scanflags"), technique)?;
        let technique = technique.or(flags.map(|_| Technique::Syn));
        let (ports, of_udp, ports_asked) = args.ports(technique)?;
        let family = match (args.has("ipv4"), args.has("ipv6")) {
            (true, _) => Some(Family::V4),
            (_, true) => Some(Family::V6),
            _ => None,
        };
        Ok(ScanOptions {
            outputs: outputs::read(matches)?,
            permission: scope::ScopeOptions::read(matches)?,
            budget: args.budget()?,
            source_port: args.number("source-port", 1, 65_535)?.map(|n| n as u16),
            seed: args.number("seed", 0, u64::MAX)?,
            shard: args.shard()?,
            memory: args.memory()?,
            told: None,
            state: matches.get_one::<PathBuf>("state").cloned(),
            resume: matches.get_one::<PathBuf>("resume").cloned(),
            xdp: args.text("io") == Some("xdp"),
            exclude: args.exclude()?,
            targets: args.targets()?,
            family,
            dns: !args.has("no-dns"),
            dns_servers: args.dns_servers()?,
            questions: discovery::read(matches)?,
            on_link: args.all("on-link"),
            traceroute: args.has("traceroute"),
            discovery: if args.has("no-discovery") {
                Discovery::AssumeUp
            } else {
                Discovery::Ask
            },
            ports,
            udp: of_udp
                .map(|ports| udp::plan(ports, args.has("complete"), args.text("source")))
                .transpose()?,
            ports_asked,
            technique,
            flags,
            interface: args.text("interface").map(str::to_owned),
            listing: Listing {
                all: args.has("all-ports"),
                open_only: args.has("open"),
                ..Listing::default()
            },
            explain: args.has("explain"),
            packet_trace: args.has("packet-trace"),
            pcap: matches.get_one::<PathBuf>("pcap").cloned(),
            reason: args.has("reason"),
            verbosity: matches.get_count("verbose"),
        })
    }
}

/// The raw arguments with the checks that they need.
struct Args<'a>(&'a ArgMatches);

impl<'a> Args<'a> {
    fn has(&self, id: &str) -> bool {
        self.0.get_flag(id)
    }

    fn text(&self, id: &str) -> Option<&'a str> {
        self.0.get_one::<String>(id).map(String::as_str)
    }

    fn all(&self, id: &str) -> Vec<String> {
        let values = self.0.get_many::<String>(id);
        values.into_iter().flatten().cloned().collect()
    }

    fn targets(&self) -> Result<Vec<Target>, Error> {
        let mut targets = Vec::new();
        for text in self.0.get_many::<String>("target").into_iter().flatten() {
            targets.push(Target::parse("", text)?);
        }
        if let Some(file) = self.0.get_one::<PathBuf>("input-list") {
            targets.extend(lists::read(file)?);
        }
        let others = self.0.get_one::<PathBuf>("resume").is_some() || self.0.contains_id("on-link");
        if targets.is_empty() && !others {
            let none = Error::usage(Message::new("scan-no-targets"));
            return Err(none.hint(Message::new("scan-no-targets-hint")));
        }
        Ok(targets)
    }

    fn dns_servers(&self) -> Result<Vec<SocketAddr>, Error> {
        let Some(text) = self.text("dns-servers") else {
            return Ok(Vec::new());
        };
        let server = |text: &str| {
            let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
            address
                .or_else(|_| text.parse::<SocketAddr>())
                .map_err(|_| {
                    let message = Message::new("dns-servers-wrong").outside("value", text);
                    Error::usage(message).hint(Message::new("dns-servers-wrong-hint"))
                })
        };
        text.split(',').map(server).collect()
    }

    fn exclude(&self) -> Result<Vec<Target>, Error> {
        let is_stdin = |id| {
            self.0
                .get_one::<PathBuf>(id)
                .is_some_and(|file| file.as_os_str() == "-")
        };
        if is_stdin("input-list") && is_stdin("exclude-file") {
            let twice = Error::usage(Message::new("stdin-twice"));
            return Err(twice.hint(Message::new("stdin-twice-hint")));
        }
        let mut targets = Vec::new();
        for text in self.0.get_many::<String>("exclude").into_iter().flatten() {
            for part in lists::comma_separated(text) {
                targets.push(Target::parse("--exclude ", part)?);
            }
        }
        if let Some(file) = self.0.get_one::<PathBuf>("exclude-file") {
            targets.extend(lists::read(file)?);
        }
        Ok(targets)
    }

    /// The ports of the technique, the UDP ports where they are scanned, and how they were asked for.
    fn ports(
        &self,
        technique: Option<Technique>,
    ) -> Result<(PortList, Option<PortList>, PortsAsked), Error> {
        if self.has("hosts-only") {
            discovery::check_hosts_only(self.0, technique)?;
            return Ok((PortList::default(), None, PortsAsked::Listed));
        }
        if let Some(text) = self.text("ports") {
            let (ports, of_udp) = udp::ports(text, self.has("udp"), technique)?;
            techniques::check_ports(technique, &ports)?;
            return Ok((ports, of_udp, PortsAsked::Listed));
        }
        let asked = self.number("top-ports", 1, 65_535)?.map(|n| n as usize);
        let n = asked.unwrap_or(if self.has("fast") {
            FAST_PORTS
        } else {
            DEFAULT_PORTS
        });
        let (ports, of_udp) = udp::common(n, self.has("udp"), technique);
        Ok((ports, of_udp, PortsAsked::Top))
    }

    fn budget(&self) -> Result<Budget, Error> {
        let mut budget = Budget::default();
        match self.text("timing") {
            None | Some("3" | "normal" | "4" | "aggressive") => {}
            Some("0" | "paranoid") => budget.max_rate = Some(1.0 / 300.0),
            Some("1" | "sneaky") => budget.max_rate = Some(1.0 / 15.0),
            Some("2" | "polite") => budget.max_rate = Some(2.5),
            Some("5" | "insane") => budget.max_tries = 3,
            Some(other) => {
                let wrong = Message::new("number-wrong")
                    .outside("value", other)
                    .outside("arg", "-T");
                let hint = Message::new("number-wrong-hint")
                    .amount("min", 0)
                    .amount("max", 5);
                return Err(Error::usage(wrong).hint(hint));
            }
        }
        if let Some(rate) = self.decimal("max-rate", 0.001, 1e9)? {
            budget.max_rate = Some(rate);
        }
        budget.min_rate = self.decimal("min-rate", 0.001, 1e9)?;
        budget.max_host_rate = self.decimal("max-host-rate", 0.001, 1e9)?;
        if let Some(tries) = self.number("max-tries", 1, 255)? {
            budget.max_tries = tries as u8;
        }
        if let Some(more) = self.number("max-retries", 0, 254)? {
            budget.max_tries = more as u8 + 1;
        }
        if let Some(confidence) = self.decimal("confidence", 0.5, 0.999_999_999)? {
            budget.confidence = confidence;
        }
        if let Some(n) = self.number("max-connections", 1, 1_000_000)? {
            budget.max_connections = n as usize;
        }
        budget.host_timeout = self.time("host-timeout")?;
        budget.max_time = self.time("max-time")?;
        if self.has("complete") {
            budget.rate_limit_probing = None;
        }
        if !self.has("no-verify") {
            budget.max_checked_hosts = open_port_check::MAX_HOSTS;
        }
        Ok(budget)
    }

    fn shard(&self) -> Result<Shard, Error> {
        let Some(text) = self.text("shard") else {
            return Ok(Shard::WHOLE);
        };
        let parts = text
            .split_once('/')
            .and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts.map(|(number, of)| Shard { number, of }) {
            Some(shard) if shard.is_valid() => Ok(shard),
            _ => Err(wrong("shard", text, "number-wrong").hint(Message::new("shard-wrong-hint"))),
        }
    }

    fn memory(&self) -> Result<u64, Error> {
        let Some(text) = self.text("memory") else {
            return Ok(DEFAULT_MEMORY);
        };
        size(text)
            .filter(|bytes| *bytes >= LEAST_MEMORY)
            .ok_or_else(|| {
                let wrong = wrong("memory", text, "number-wrong");
                wrong.hint(Message::new("memory-wrong-hint"))
            })
    }

    fn number(&self, id: &str, min: u64, max: u64) -> Result<Option<u64>, Error> {
        let Some(text) = self.text(id) else {
            return Ok(None);
        };
        match text.replace('_', "").parse::<u64>() {
            Ok(n) if (min..=max).contains(&n) => Ok(Some(n)),
            _ => {
                let hint = Message::new("number-wrong-hint")
                    .amount("min", min)
                    .amount("max", max);
                Err(wrong(id, text, "number-wrong").hint(hint))
            }
        }
    }

    fn decimal(&self, id: &str, min: f64, max: f64) -> Result<Option<f64>, Error> {
        let Some(text) = self.text(id) else {
            return Ok(None);
        };
        match text.parse::<f64>() {
            Ok(n) if (min..=max).contains(&n) => Ok(Some(n)),
            _ => {
                let hint = Message::new("decimal-wrong-hint")
                    .shown("min", min)
                    .shown("max", max);
                Err(wrong(id, text, "number-wrong").hint(hint))
            }
        }
    }

    fn time(&self, id: &str) -> Result<Option<Duration>, Error> {
        let Some(text) = self.text(id) else {
            return Ok(None);
        };
        match time(text) {
            Some(time) => Ok(Some(time)),
            None => Err(wrong(id, text, "time-wrong").hint(Message::new("time-wrong-hint"))),
        }
    }
}

fn wrong(id: &str, text: &str, key: &'static str) -> Error {
    Error::usage(
        Message::new(key)
            .outside("value", text)
            .outside("arg", format!("--{id}")),
    )
}

/// A number of bytes: `1048576`, `1024K`, `1M`, `1G`.
fn size(text: &str) -> Option<u64> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let shift = match &text[digits..] {
        "" => 0,
        "K" | "k" | "KiB" => 10,
        "M" | "m" | "MiB" => 20,
        "G" | "g" | "GiB" => 30,
        _ => return None,
    };
    text[..digits].parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// A time as nmap reads it: a number of seconds, or one with ms, s, m or h; never nothing.
fn time(text: &str) -> Option<Duration> {
    let digits = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let unit = match &text[digits..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    let seconds = text[..digits].parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|d| !d.is_zero())
}
