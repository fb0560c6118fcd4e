//! The first line of a recording as a plan.
//!
//! What JSON Lines do not hold (frames, hardware addresses, kernel numbers of interfaces) gets values that print the same.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::plan::{
    Backend, Budget, Discovery, DiscoveryProbe, Framing, Listing, LocalPlan, NextHop, Plan,
    PortScan, Route, ScanSpec, Shard, Technique, UdpSpec,
};
use vigie_scan::probe::Kind;
use vigie_scan::target::{Segment, TargetSet};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_scope::{AuthSource, Authorization, Permission};
use vigie_scope::{Host, Transport};
use vigie_wire::tcp::Flags;

use super::events::Reader;
use super::{LineError, amount, lines, seconds, share};
use crate::{PortsAsked, ScanInfo, time};

/// The most interfaces that a recording may name.
const MOST_INTERFACES: usize = 4096;
/// The most questions for each host.
const MOST_QUESTIONS: usize = 1024;
/// Every port of every transport.
const MOST_PORTS: usize = 4 * 65_536;
/// Kernel numbers of interfaces are not recorded; these stand for them.
const FIRST_INTERFACE: u32 = 1;

/// Interfaces by name, with numbers of our own.
#[derive(Clone, Debug, Default)]
pub(super) struct Interfaces {
    numbers: BTreeMap<String, u32>,
}

impl Interfaces {
    fn number(&mut self, name: &str) -> Result<u32, LineError> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        if self.numbers.len() >= MOST_INTERFACES {
            return Err(LineError::Field("interface"));
        }
        let number = FIRST_INTERFACE + self.numbers.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }

    /// `10.0.1.1`, `fe80::1%eth0`.
    pub(super) fn host(&mut self, text: &str, field: &'static str) -> Result<Host, LineError> {
        let (ip, zone) = match text.split_once('%') {
            Some((ip, zone)) if !zone.is_empty() => (ip, self.number(zone)?),
            Some(_) => return Err(LineError::Field(field)),
            None => (text, 0),
        };
        let ip: IpAddr = ip.parse().map_err(|_| LineError::Field(field))?;
        Ok(Host::zoned(ip, zone))
    }
}

/// The plan, and the reader of what follows it.
pub(super) fn scan(line: lines::Scan) -> Result<Reader, LineError> {
    let mut interfaces = Interfaces::default();
    let mut routes: Vec<Route> = Vec::new();
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut segments = Vec::with_capacity(line.ranges.len());
    for range in &line.ranges {
        let key = format!(
            "{:?} {:?} {:?} {:?}",
            range.interface, range.source, range.gateway, range.local
        );
        let route = if let Some(route) = known.get(&key) {
            *route
        } else {
            if routes.len() >= MOST_INTERFACES {
                return Err(LineError::Field("ranges"));
            }
            routes.push(route(range, &mut interfaces)?);
            let place = routes.len() as u32 - 1;
            known.insert(key, place);
            place
        };
        let range = addresses(range, &mut interfaces)?;
        segments.push(Segment { range, route });
    }
    segments.sort_unstable_by_key(|s| s.range);
    let overlap = |pair: &[Segment]| {
        let (a, b) = (pair[0].range, pair[1].range);
        (a.family, a.zone) == (b.family, b.zone) && a.last >= b.first
    };
    if segments.windows(2).any(overlap) {
        return Err(LineError::Field("ranges"));
    }
    let targets = TargetSet::new(segments);
    let by_sockets = line.udp.as_ref().and_then(|udp| udp.by_sockets) == Some(true);
    let technique = Technique::from_word(&line.technique).ok_or(LineError::Field("technique"))?;
    let backend = match technique {
        _ if by_sockets => Backend::UdpSockets,
        Technique::Connect => Backend::Connections,
        _ => Backend::Packets,
    };
    let (ports, udp) = parts(ports(&line.ports)?, line.udp.as_ref())?;
    let spec = ScanSpec {
        targets: RangeSet::new(targets.segments().iter().map(|s| s.range)),
        tcp: (!ports.is_empty()).then(|| PortScan {
            technique,
            ports,
            flags: line.tcp_flags.map(Flags),
        }),
        udp,
        backend,
        discovery: match line.discovery.as_str() {
            "ask" => Discovery::Ask,
            "assume-up" => Discovery::AssumeUp,
            _ => return Err(LineError::Field("discovery")),
        },
        discovery_probes: questions(&line.questions)?,
        traceroute: line.traceroute,
        budget: budget(&line.budget)?,
        listing: Listing {
            all: line.listing.all,
            open_only: line.listing.open_only,
            most: line.listing.most,
        },
        seed: line.seed.parse().map_err(|_| LineError::Field("seed"))?,
        shard: shard(line.shard.as_deref())?,
        memory: u64::MAX,
    };
    let local = LocalPlan {
        targets,
        routes,
        neighbours: Vec::new(),
        source_port: line.source_port,
        source_ports: line.source_ports.unwrap_or(1),
    };
    let info = ScanInfo {
        version: line.version,
        command: line.command,
        started: moment(&line.started, "started")?,
        targets: line.targets,
        ports_asked: match line.ports_asked.as_str() {
            "top" => PortsAsked::Top,
            "listed" => PortsAsked::Listed,
            _ => return Err(LineError::Field("ports_asked")),
        },
        names: BTreeMap::new(),
        permission: Permission {
            authorizations: line
                .permission
                .into_iter()
                .map(authorization)
                .collect::<Result<_, _>>()?,
            ..Permission::default()
        },
        plan: Plan { spec, local },
    };
    Ok(Reader::new(info, interfaces))
}

/// Routes for the interfaces that are named by an address and no range, so that their names are kept.
pub(super) fn name_interfaces(info: &mut ScanInfo, interfaces: Interfaces) {
    let known: BTreeSet<u32> = info.plan.local.routes.iter().map(|r| r.link).collect();
    for (name, link) in interfaces.numbers {
        if !known.contains(&link) {
            info.plan.local.routes.push(blank(link, name));
        }
    }
}

/// The ports of a plan with a UDP part, which stand in one list, in two.
fn parts(
    ports: PortList,
    udp: Option<&lines::UdpPart>,
) -> Result<(PortList, Option<UdpSpec>), LineError> {
    let Some(udp) = udp else {
        return Ok((ports, None));
    };
    let of = |wanted: bool| {
        ports
            .iter()
            .filter(move |p| (p.0 == Transport::Udp) == wanted)
    };
    let source = |text: &String| text.parse().map_err(|_| LineError::Field("udp"));
    let plan = UdpSpec {
        ports: PortList::new(of(true)),
        budget: udp.budget.map(|s| seconds(s, "udp")).transpose()?,
        sources: udp.sources.iter().map(source).collect::<Result<_, _>>()?,
        controls: true,
    };
    Ok((PortList::new(of(false)), Some(plan)))
}

fn blank(link: u32, link_name: String) -> Route {
    Route {
        link,
        link_name,
        framing: Framing::Ip,
        source: IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
        hop: NextHop::Direct,
        mtu: 0,
        local: false,
    }
}

fn route(range: &lines::Range, interfaces: &mut Interfaces) -> Result<Route, LineError> {
    let name = range.interface.clone().unwrap_or_default();
    let link = interfaces.number(&name)?;
    let ip = |text: &Option<String>, field| {
        let parse = |t: &String| t.parse::<IpAddr>().map_err(|_| LineError::Field(field));
        text.as_ref().map(parse).transpose()
    };
    let blank = blank(link, name);
    Ok(Route {
        source: ip(&range.source, "source")?.unwrap_or(blank.source),
        hop: ip(&range.gateway, "gateway")?.map_or(NextHop::Direct, NextHop::Gateway),
        local: range.local.unwrap_or(false),
        ..blank
    })
}

fn addresses(range: &lines::Range, interfaces: &mut Interfaces) -> Result<Range, LineError> {
    let first = interfaces.host(&range.first, "first")?;
    let last = interfaces.host(&range.last, "last")?;
    let (from, to) = (
        Range::single(first.ip, first.zone),
        Range::single(last.ip, last.zone),
    );
    if (from.family, from.zone) != (to.family, to.zone) || from.first > to.last {
        return Err(LineError::Field("last"));
    }
    Ok(Range {
        last: to.last,
        ..from
    })
}

/// The ports, part by part: what is written never names a port twice, so more than all of them is wrong.
fn ports(text: &str) -> Result<PortList, LineError> {
    let wrong = LineError::Field("ports");
    if text.is_empty() {
        return Ok(PortList::default());
    }
    let mut transport = Transport::Tcp;
    let mut ports = Vec::new();
    for part in text.split(',') {
        let list = PortList::parse(part, transport).map_err(|_| wrong)?;
        transport = list.iter().last().map_or(transport, |(t, _)| t);
        ports.extend(list.iter());
        if ports.len() > MOST_PORTS {
            return Err(wrong);
        }
    }
    Ok(PortList::new(ports))
}

fn questions(words: &[String]) -> Result<Vec<DiscoveryProbe>, LineError> {
    let wrong = LineError::Field("questions");
    if words.len() > MOST_QUESTIONS {
        return Err(wrong);
    }
    let read = |word: &String| question(word).ok_or(wrong);
    words.iter().map(read).collect()
}

/// `icmp-echo`, `tcp-syn:443`.
pub(super) fn question(word: &str) -> Option<DiscoveryProbe> {
    let (name, port) = word.split_once(':').unwrap_or((word, "0"));
    Some(DiscoveryProbe::new(
        Kind::from_name(name)?,
        port.parse().ok()?,
    ))
}

fn budget(line: &lines::Budget) -> Result<Budget, LineError> {
    let rate = |value: Option<f64>, field| value.map(|v| amount(v, field)).transpose();
    let time = |value: Option<f64>, field| value.map(|v| seconds(v, field)).transpose();
    Ok(Budget {
        max_rate: rate(line.max_rate, "max_rate")?,
        min_rate: rate(line.min_rate, "min_rate")?,
        max_host_rate: rate(line.max_host_rate, "max_host_rate")?,
        max_tries: line.max_tries,
        confidence: share(line.confidence, "confidence")?,
        host_timeout: time(line.host_timeout, "host_timeout")?,
        max_time: time(line.max_time, "max_time")?,
        max_connections: line.max_connections,
        max_checked_hosts: line.verify.unwrap_or(0),
        ..Budget::default()
    })
}

fn authorization(line: lines::Allowed) -> Result<Authorization, LineError> {
    let (file, who) = (
        line.file.unwrap_or_default(),
        line.who.clone().unwrap_or_default(),
    );
    let by = match line.by.as_str() {
        "own-address" => AuthSource::OwnAddress,
        "loopback" => AuthSource::Loopback,
        "lab" => AuthSource::Lab,
        "connected" => AuthSource::Connected {
            network: network(line.network.as_deref().unwrap_or(""))?,
            interface: line.interface.unwrap_or_default(),
        },
        "scope" => AuthSource::Scope {
            file,
            who,
            until: line.until.map(|t| moment(&t, "until")).transpose()?,
        },
        "authorized" => AuthSource::CommandLine { who },
        "asked" => AuthSource::Prompt { who },
        _ => return Err(LineError::Field("by")),
    };
    Ok(Authorization {
        source: by,
        hosts: line.hosts,
    })
}

/// As [`Range::to_text`] writes it.
fn network(text: &str) -> Result<Range, LineError> {
    let wrong = LineError::Field("network");
    let ip = |text: &str| text.parse::<IpAddr>().map_err(|_| wrong);
    if let Some((first, length)) = text.split_once('/') {
        let length: u8 = length.parse().map_err(|_| wrong)?;
        return Ok(Range::prefix(ip(first)?, length, 0));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (Range::single(ip(first)?, 0), Range::single(ip(last)?, 0));
    if first.family != last.family || first.first > last.last {
        return Err(wrong);
    }
    Ok(Range {
        last: last.last,
        ..first
    })
}

fn moment(text: &str, field: &'static str) -> Result<Duration, LineError> {
    time::parse(text).ok_or(LineError::Field(field))
}

/// The part of the whole that was scanned.
fn shard(text: Option<&str>) -> Result<Shard, LineError> {
    let Some(text) = text else {
        return Ok(Shard::WHOLE);
    };
    let parts = text
        .split_once('/')
        .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    parts
        .map(|(number, of)| Shard { number, of })
        .filter(|shard| shard.is_valid())
        .ok_or(LineError::Field("shard"))
}
