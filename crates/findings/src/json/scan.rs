//! The first object, `scan`: the plan of a scan.
//!
//! Results do not contain link-layer addresses, interface indices or the MTU. A plan that is read back has substitute
//! values for them, which are written the same way.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use vigie_scan::plan::{
    Backend, Budget, Discovery, DiscoveryProbe, Listing, LocalPlan, Plan, PortScan, ScanSpec,
    Shard, Technique, UdpSpec,
};
use vigie_scope::ports::PortList;
use vigie_scope::target::RangeSet;
use vigie_scope::{Permission, Transport};
use vigie_wire::tcp::Flags;

use super::authorization::AuthorizationObject;
use super::interfaces::Interfaces;
use super::port_text::expression;
use super::ranges::{RangeObject, read_ranges};
use super::values::{Amount, Seconds, Share, Word, duration, timestamp};
use super::{LineError, SCHEMA};
use crate::{PortsAsked, ScanInfo, time, words};

/// Maximum number of discovery probes for each host.
const MAX_PROBES: usize = 1024;
/// Maximum number of ports: every port of every transport.
const MAX_PORTS: usize = 4 * 65_536;

/// The plan: with the same targets, ports and seed the same probes are sent in the same order.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ScanLine {
    schema: u32,
    version: String,
    command: Vec<String>,
    started: String,
    targets: Vec<String>,
    /// Written for readers; it follows from `ranges`.
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    hosts: u64,
    ranges: Vec<RangeObject>,
    ports: String,
    /// Written for readers; it follows from `ports`.
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    ports_per_host: u64,
    ports_asked: Word<PortsAsked>,
    technique: Word<Technique>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcp_flags: Option<u16>,
    discovery: Word<Discovery>,
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    traceroute: bool,
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    questions: Vec<String>,
    source_port: u16,
    /// Omitted if 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_ports: Option<u16>,
    seed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<String>,
    budget: BudgetObject,
    listing: ListingObject,
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    permission: Vec<AuthorizationObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    udp: Option<UdpObject>,
}

/// The limits of the scan.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct BudgetObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_rate: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_rate: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_host_rate: Option<Amount>,
    max_tries: u8,
    confidence: Share,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_timeout: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_time: Option<Seconds>,
    max_connections: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    verify: Option<u64>,
}

/// Which ports have a `port` object.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ListingObject {
    all: bool,
    open_only: bool,
    most: u64,
}

/// The UDP part of the plan.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UdpObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<Seconds>,
    sources: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_sockets: Option<bool>,
}

impl From<&ScanInfo> for ScanLine {
    fn from(scan: &ScanInfo) -> ScanLine {
        let (spec, local) = (&scan.plan.spec, &scan.plan.local);
        let ranges = local.targets.segments().iter();
        let authorizations = scan.permission.authorizations.iter();
        ScanLine {
            schema: SCHEMA,
            version: scan.version.clone(),
            command: scan.command.clone(),
            started: time::rfc3339(scan.started),
            targets: scan.targets.clone(),
            hosts: local.targets.len(),
            ranges: ranges.map(|s| RangeObject::new(scan, s)).collect(),
            ports: expression(spec.all_ports().iter()),
            ports_per_host: spec.ports_per_host(),
            ports_asked: scan.ports_asked.into(),
            technique: spec.technique().into(),
            tcp_flags: spec.tcp_flags().map(|f| f.0),
            discovery: spec.discovery.into(),
            traceroute: spec.traceroute,
            questions: spec
                .discovery_probes
                .iter()
                .copied()
                .map(words::discovery_probe)
                .collect(),
            source_port: local.source_port,
            source_ports: (local.source_ports > 1).then_some(local.source_ports),
            seed: spec.seed.to_string(),
            shard: (spec.shard != Shard::WHOLE)
                .then(|| format!("{}/{}", spec.shard.number, spec.shard.of)),
            budget: (&spec.budget).into(),
            listing: ListingObject {
                all: spec.listing.all,
                open_only: spec.listing.open_only,
                most: spec.listing.most,
            },
            permission: authorizations.map(Into::into).collect(),
            udp: spec
                .udp
                .as_ref()
                .map(|udp| UdpObject::new(udp, spec.backend == Backend::UdpSockets)),
        }
    }
}

impl ScanLine {
    /// Returns the description of the scan, and the interfaces that it names.
    pub(super) fn read(self) -> Result<(ScanInfo, Interfaces), LineError> {
        let mut interfaces = Interfaces::default();
        let (targets, routes) = read_ranges(&self.ranges, &mut interfaces)?;
        let by_sockets = self.udp.as_ref().and_then(|udp| udp.by_sockets) == Some(true);
        let technique = self.technique.value("technique")?;
        let backend = match technique {
            _ if by_sockets => Backend::UdpSockets,
            Technique::Connect => Backend::Connections,
            _ => Backend::Packets,
        };
        let (ports, udp) = split(ports(&self.ports)?, self.udp.as_ref())?;
        let spec = ScanSpec {
            targets: RangeSet::new(targets.segments().iter().map(|s| s.range)),
            tcp: (!ports.is_empty()).then(|| PortScan {
                technique,
                ports,
                flags: self.tcp_flags.map(Flags),
            }),
            udp,
            backend,
            discovery: self.discovery.value("discovery")?,
            discovery_probes: probes(&self.questions)?,
            traceroute: self.traceroute,
            budget: (&self.budget).try_into()?,
            listing: Listing {
                all: self.listing.all,
                open_only: self.listing.open_only,
                most: self.listing.most,
            },
            seed: self.seed.parse().map_err(|_| LineError::Field("seed"))?,
            shard: shard(self.shard.as_deref())?,
            memory: u64::MAX,
        };
        let local = LocalPlan {
            targets,
            routes,
            neighbours: Vec::new(),
            source_port: self.source_port,
            source_ports: self.source_ports.unwrap_or(1),
        };
        let authorizations = self.permission.into_iter().map(TryInto::try_into);
        let info = ScanInfo {
            version: self.version,
            command: self.command,
            started: timestamp(&self.started, "started")?,
            targets: self.targets,
            ports_asked: self.ports_asked.value("ports_asked")?,
            names: BTreeMap::new(),
            permission: Permission {
                authorizations: authorizations.collect::<Result<_, _>>()?,
                ..Permission::default()
            },
            plan: Plan { spec, local },
        };
        Ok((info, interfaces))
    }
}

impl From<&Budget> for BudgetObject {
    fn from(budget: &Budget) -> BudgetObject {
        BudgetObject {
            max_rate: budget.max_rate.map(Amount),
            min_rate: budget.min_rate.map(Amount),
            max_host_rate: budget.max_host_rate.map(Amount),
            max_tries: budget.max_tries,
            confidence: Share(budget.confidence),
            host_timeout: budget.host_timeout.map(Into::into),
            max_time: budget.max_time.map(Into::into),
            max_connections: budget.max_connections,
            verify: (budget.max_checked_hosts > 0).then_some(budget.max_checked_hosts),
        }
    }
}

impl TryFrom<&BudgetObject> for Budget {
    type Error = LineError;

    fn try_from(object: &BudgetObject) -> Result<Budget, LineError> {
        let rate = |value: Option<Amount>, field| value.map(|v| v.number(field)).transpose();
        Ok(Budget {
            max_rate: rate(object.max_rate, "max_rate")?,
            min_rate: rate(object.min_rate, "min_rate")?,
            max_host_rate: rate(object.max_host_rate, "max_host_rate")?,
            max_tries: object.max_tries,
            confidence: object.confidence.number("confidence")?,
            host_timeout: duration(object.host_timeout, "host_timeout")?,
            max_time: duration(object.max_time, "max_time")?,
            max_connections: object.max_connections,
            max_checked_hosts: object.verify.unwrap_or(0),
            ..Budget::default()
        })
    }
}

impl UdpObject {
    fn new(udp: &UdpSpec, by_sockets: bool) -> UdpObject {
        UdpObject {
            budget: udp.budget.map(Into::into),
            sources: udp.sources.iter().map(ToString::to_string).collect(),
            by_sockets: by_sockets.then_some(true),
        }
    }
}

/// Splits the list of all ports: UDP ports go into the UDP part of the plan, if there is one.
fn split(
    ports: PortList,
    udp: Option<&UdpObject>,
) -> Result<(PortList, Option<UdpSpec>), LineError> {
    let Some(udp) = udp else {
        return Ok((ports, None));
    };
    let of = |is_udp: bool| {
        let ports = ports.iter();
        PortList::new(ports.filter(move |p| (p.0 == Transport::Udp) == is_udp))
    };
    let source = |text: &String| text.parse::<IpAddr>().map_err(|_| LineError::Field("udp"));
    let spec = UdpSpec {
        ports: of(true),
        budget: duration(udp.budget, "udp")?,
        sources: udp.sources.iter().map(source).collect::<Result<_, _>>()?,
        controls: true,
    };
    Ok((of(false), Some(spec)))
}

/// Reads the ports part by part. No port is written twice, so a text with more than all ports is wrong.
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
        if ports.len() > MAX_PORTS {
            return Err(wrong);
        }
    }
    Ok(PortList::new(ports))
}

fn probes(words: &[String]) -> Result<Vec<DiscoveryProbe>, LineError> {
    let wrong = LineError::Field("questions");
    if words.len() > MAX_PROBES {
        return Err(wrong);
    }
    let read = |word: &String| words::parse_discovery_probe(word).ok_or(wrong);
    words.iter().map(read).collect()
}

/// Reads `2/5`; without a text, the whole scan.
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
