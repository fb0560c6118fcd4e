//! The first object of docs/json.md: the plan of a scan, and who allowed it.
//!
//! Fields are named as in the schema. It must not know what is found.

use serde::Serialize;
use vigie_scan::plan::{Backend, Discovery, NextHop, Shard};
use vigie_scan::target::Segment;
use vigie_scope::Host;
use vigie_scope::{AuthSource, Authorization};

use super::SCHEMA;
use super::ports::expression;
use super::udp::UdpPart;
use crate::{PortsAsked, ScanInfo, address, time, words};

/// The plan: with the same targets, ports and seed the same probes go out in the same order.
#[derive(Serialize)]
pub(super) struct Scan {
    schema: u32,
    version: String,
    command: Vec<String>,
    started: String,
    targets: Vec<String>,
    hosts: u64,
    ranges: Vec<Range>,
    ports: String,
    ports_per_host: u64,
    ports_asked: &'static str,
    technique: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcp_flags: Option<u16>,
    discovery: &'static str,
    traceroute: bool,
    questions: Vec<String>,
    source_port: u16,
    /// None where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_ports: Option<u16>,
    seed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<String>,
    budget: Budget,
    listing: Listing,
    permission: Vec<Allowed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    udp: Option<UdpPart>,
}

/// What allows a part of the targets.
#[derive(Serialize)]
struct Allowed {
    by: &'static str,
    hosts: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl Allowed {
    fn new(authorization: &Authorization) -> Allowed {
        let mut allowed = Allowed {
            by: authorization.source.as_str(),
            hosts: authorization.hosts,
            network: None,
            interface: None,
            file: None,
            who: None,
            until: None,
        };
        match &authorization.source {
            AuthSource::OwnAddress | AuthSource::Loopback | AuthSource::Lab => {}
            AuthSource::Connected { network, interface } => {
                allowed.network = Some(network.to_text());
                allowed.interface = Some(interface.clone());
            }
            AuthSource::Scope { file, who, until } => {
                allowed.file = Some(file.clone());
                allowed.who = Some(who.clone());
                allowed.until = until.map(time::rfc3339);
            }
            AuthSource::CommandLine { who } | AuthSource::Prompt { who } => {
                allowed.who = Some(who.clone());
            }
        }
        allowed
    }
}

#[derive(Serialize)]
struct Range {
    first: String,
    last: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    local: Option<bool>,
}

#[derive(Serialize)]
struct Budget {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_host_rate: Option<f64>,
    max_tries: u8,
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_timeout: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_time: Option<f64>,
    max_connections: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    verify: Option<u64>,
}

#[derive(Serialize)]
struct Listing {
    all: bool,
    open_only: bool,
    most: u64,
}

impl Scan {
    pub(super) fn new(scan: &ScanInfo) -> Scan {
        let plan = &scan.plan;
        let budget = &plan.spec.budget;
        Scan {
            schema: SCHEMA,
            version: scan.version.clone(),
            command: scan.command.clone(),
            started: time::rfc3339(scan.started),
            targets: scan.targets.clone(),
            hosts: plan.local.targets.len(),
            ranges: plan
                .local
                .targets
                .segments()
                .iter()
                .map(|s| Range::new(scan, s))
                .collect(),
            ports: expression(plan.spec.all_ports().iter()),
            ports_per_host: plan.spec.ports_per_host(),
            ports_asked: match scan.ports_asked {
                PortsAsked::Top => "top",
                PortsAsked::Listed => "listed",
            },
            technique: plan.spec.technique().as_str(),
            tcp_flags: plan.spec.tcp_flags().map(|f| f.0),
            discovery: match plan.spec.discovery {
                Discovery::Ask => "ask",
                Discovery::AssumeUp => "assume-up",
            },
            traceroute: plan.spec.traceroute,
            questions: plan
                .spec
                .discovery_probes
                .iter()
                .copied()
                .map(words::question)
                .collect(),
            source_port: plan.local.source_port,
            source_ports: (plan.local.source_ports > 1).then_some(plan.local.source_ports),
            seed: plan.spec.seed.to_string(),
            shard: (plan.spec.shard != Shard::WHOLE)
                .then(|| format!("{}/{}", plan.spec.shard.number, plan.spec.shard.of)),
            budget: Budget {
                max_rate: budget.max_rate,
                min_rate: budget.min_rate,
                max_host_rate: budget.max_host_rate,
                max_tries: budget.max_tries,
                confidence: budget.confidence,
                host_timeout: budget.host_timeout.map(|d| d.as_secs_f64()),
                max_time: budget.max_time.map(|d| d.as_secs_f64()),
                max_connections: budget.max_connections,
                verify: (budget.max_checked_hosts > 0).then_some(budget.max_checked_hosts),
            },
            listing: Listing {
                all: plan.spec.listing.all,
                open_only: plan.spec.listing.open_only,
                most: plan.spec.listing.most,
            },
            permission: scan
                .permission
                .authorizations
                .iter()
                .map(Allowed::new)
                .collect(),
            udp: plan
                .spec
                .udp
                .as_ref()
                .map(|udp| UdpPart::new(udp, plan.spec.backend == Backend::UdpSockets)),
        }
    }
}

impl Range {
    fn new(scan: &ScanInfo, segment: &Segment) -> Range {
        let zone = segment.range.zone;
        let text = |ip| address(&scan.plan, Host { ip, zone });
        let route = scan.plan.local.routes.get(segment.route as usize);
        Range {
            first: text(segment.range.first_ip()),
            last: text(segment.range.last_ip()),
            interface: route.map(|r| r.link_name.clone()),
            source: route.map(|r| r.source.to_string()),
            gateway: route.and_then(|r| match r.hop {
                NextHop::Gateway(ip) => Some(ip.to_string()),
                NextHop::Direct | NextHop::OnLink => None,
            }),
            local: route.map(|r| r.local),
        }
    }
}
