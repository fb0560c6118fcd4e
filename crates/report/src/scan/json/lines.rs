//! The objects of docs/json.md, one type each. A field that is not known is left out.
//!
//! Fields are named as in the schema. Times and waits are seconds, rates probes a second, probabilities 0 to 1.

#![allow(clippy::struct_field_names, reason = "the schema names the fields")]

use std::time::Duration;

use serde::Serialize;
use vigie_scan::event::{Ending, HostSummary, LossAccount, Progress, StateCount, Warning};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::plan::{Discovery, NextHop, Shard};
use vigie_scan::scope::{Allowance, Ground};
use vigie_scan::target::Segment;
use vigie_scan::{Heard, Host};

use super::SCHEMA;
use super::ports::expression;
use super::udp::{Udp, UdpPart};
use crate::scan::evidence::{Evidence, Packet};
use crate::scan::{PortsAsked, ScanInfo, address, time, udp, words};
use crate::{escape, vendor};

/// One line.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Line {
    Scan(Box<Scan>),
    Up(Up),
    Host(HostLine),
    Port(Port),
    Evidence(Shown),
    Warning(Warned),
    Path(super::path::PathLine),
    Machine(super::machine::MachineLine),
    Loss(Loss),
    Progress(Pace),
    End(End),
}

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
    fn new(ground: &Ground) -> Allowed {
        let mut allowed = Allowed {
            by: ground.by.as_str(),
            hosts: ground.hosts,
            network: None,
            interface: None,
            file: None,
            who: None,
            until: None,
        };
        match &ground.by {
            Allowance::OwnAddress | Allowance::Loopback | Allowance::Lab => {}
            Allowance::Connected { network, interface } => {
                allowed.network = Some(network.to_text());
                allowed.interface = Some(interface.clone());
            }
            Allowance::Scope { file, who, until } => {
                allowed.file = Some(file.clone());
                allowed.who = Some(who.clone());
                allowed.until = until.map(time::rfc3339);
            }
            Allowance::Authorized { who } | Allowance::Asked { who } => {
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
        let budget = &plan.budget;
        Scan {
            schema: SCHEMA,
            version: scan.version.clone(),
            command: scan.command.clone(),
            started: time::rfc3339(scan.started),
            targets: scan.targets.clone(),
            hosts: plan.targets.len(),
            ranges: plan
                .targets
                .segments()
                .iter()
                .map(|s| Range::new(scan, s))
                .collect(),
            ports: expression(plan.all_ports().iter()),
            ports_per_host: plan.ports_each(),
            ports_asked: match scan.ports_asked {
                PortsAsked::Top => "top",
                PortsAsked::Listed => "listed",
            },
            technique: plan.technique.as_str(),
            tcp_flags: plan.flags.map(|f| f.0),
            discovery: match plan.discovery {
                Discovery::Ask => "ask",
                Discovery::AssumeUp => "assume-up",
            },
            traceroute: plan.traceroute,
            questions: plan
                .questions
                .iter()
                .copied()
                .map(words::question)
                .collect(),
            source_port: plan.source_port,
            seed: plan.seed.to_string(),
            shard: (plan.shard != Shard::WHOLE)
                .then(|| format!("{}/{}", plan.shard.number, plan.shard.of)),
            budget: Budget {
                max_rate: budget.max_rate,
                min_rate: budget.min_rate,
                max_host_rate: budget.max_host_rate,
                max_tries: budget.max_tries,
                confidence: budget.confidence,
                host_timeout: budget.host_timeout.map(|d| d.as_secs_f64()),
                max_time: budget.max_time.map(|d| d.as_secs_f64()),
                max_connections: budget.max_connections,
            },
            listing: Listing {
                all: plan.listing.all,
                open_only: plan.listing.open_only,
                most: plan.listing.most,
            },
            permission: scan.permission.grounds.iter().map(Allowed::new).collect(),
            udp: plan.udp.as_ref().map(UdpPart::new),
        }
    }
}

impl Range {
    fn new(scan: &ScanInfo, segment: &Segment) -> Range {
        let zone = segment.range.zone;
        let text = |ip| address(&scan.plan, Host { ip, zone });
        let route = scan.plan.routes.get(segment.route as usize);
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

/// A host that was found to be up; its ports follow.
#[derive(Serialize)]
pub(super) struct Up {
    at: f64,
    #[serde(flatten)]
    found: Found,
}

/// What is known about a host itself.
#[derive(Serialize)]
struct Found {
    host: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    state: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
}

impl Found {
    fn new(scan: &ScanInfo, found: &HostFinding) -> Found {
        Found {
            host: scan.address(found.host),
            names: scan.names.get(&found.host).cloned().unwrap_or_default(),
            state: found.state.as_str(),
            reason: found.reason.as_str(),
            rtt: found.rtt.map(|d| d.as_secs_f64()),
            ttl: found.ttl,
            mac: found.mac.map(|m| m.to_string()),
            vendor: found.mac.and_then(vendor::of),
        }
    }
}

impl Up {
    pub(super) fn new(scan: &ScanInfo, at: Duration, found: &HostFinding) -> Up {
        Up {
            at: at.as_secs_f64(),
            found: Found::new(scan, found),
        }
    }
}

/// A host with everything that is known about it.
#[derive(Serialize)]
pub(super) struct HostLine {
    at: f64,
    #[serde(flatten)]
    found: Found,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<&'static str>,
    counts: Vec<Count>,
    #[serde(skip_serializing_if = "Option::is_none")]
    udp: Option<Udp>,
}

#[derive(Serialize)]
struct Count {
    state: &'static str,
    reason: &'static str,
    count: u64,
    listed: bool,
    tries: u8,
    miss_probability: f64,
}

impl HostLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, summary: &HostSummary) -> HostLine {
        let count = |c: &StateCount| Count {
            state: c.state.as_str(),
            reason: c.reason.as_str(),
            count: c.count,
            listed: c.listed,
            tries: c.tries,
            miss_probability: c.miss_probability,
        };
        let cut_short = summary.ended.is_early();
        HostLine {
            at: at.as_secs_f64(),
            found: Found::new(scan, &summary.host),
            complete: !cut_short,
            ended: Some(words::ended(summary.ended)),
            counts: summary.counts.iter().map(count).collect(),
            udp: summary.udp.as_ref().map(Udp::new),
        }
    }

    /// A host whose ports were not asked for, or not to the end.
    pub(super) fn without_counts(
        scan: &ScanInfo,
        at: Duration,
        found: &HostFinding,
        complete: bool,
    ) -> HostLine {
        HostLine {
            at: at.as_secs_f64(),
            found: Found::new(scan, found),
            complete,
            ended: None,
            counts: Vec::new(),
            udp: None,
        }
    }
}

/// One port.
#[derive(Serialize)]
pub(super) struct Port {
    at: f64,
    host: String,
    transport: &'static str,
    port: u16,
    state: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt: Option<f64>,
    tries: u8,
    miss_probability: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    unrecognised: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    silence: Option<&'static str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Port {
    pub(super) fn new(
        scan: &ScanInfo,
        at: Duration,
        finding: &Finding,
        service: Option<&'static str>,
    ) -> Port {
        let said = finding.said.as_deref();
        Port {
            at: at.as_secs_f64(),
            host: scan.address(finding.host),
            transport: finding.transport.as_str(),
            port: finding.port,
            state: finding.state.as_str(),
            reason: finding.reason.as_str(),
            service,
            from: finding.from.map(|ip| ip.to_string()),
            ttl: finding.ttl,
            rtt: finding.rtt.map(|d| d.as_secs_f64()),
            tries: finding.tries,
            miss_probability: finding.miss_probability,
            confirmed: match finding.heard {
                Some(Heard::Service(payload)) => Some(payload),
                _ => None,
            },
            unrecognised: finding.heard == Some(Heard::Unknown),
            product: said.and_then(|d| d.product.clone()),
            version: said.and_then(|d| d.version.clone()),
            info: said.and_then(|d| d.info.clone()),
            silence: udp::by_design(finding),
        }
    }
}

/// Something that the user should know about the results.
#[derive(Serialize)]
pub(super) struct Warned {
    at: f64,
    warning: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_ttl: Option<u8>,
}

impl Warned {
    pub(super) fn new(scan: &ScanInfo, at: Duration, warning: &Warning) -> Warned {
        let (ttl, own_ttl) = words::distances(warning).unzip();
        let parts = words::parts(warning);
        Warned {
            at: at.as_secs_f64(),
            warning: parts.word,
            host: parts.host.map(|h| scan.address(h)),
            count: parts.count,
            rate: parts.rate,
            ttl,
            own_ttl,
        }
    }
}

/// Where probes and answers went.
#[derive(Serialize)]
pub(super) struct Loss {
    at: f64,
    sent: u64,
    answered: u64,
    unanswered: u64,
    duplicates: u64,
    stray: u64,
    lost_on_path: f64,
    suppressed: f64,
    dropped_sending: u64,
    dropped_receiving: u64,
    loss_rate: f64,
    measured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    srtt: Option<f64>,
}

impl Loss {
    pub(super) fn new(at: Duration, loss: &LossAccount) -> Loss {
        Loss {
            at: at.as_secs_f64(),
            sent: loss.sent,
            answered: loss.answered,
            unanswered: loss.unanswered,
            duplicates: loss.duplicates,
            stray: loss.stray,
            lost_on_path: loss.lost_on_path,
            suppressed: loss.suppressed,
            dropped_sending: loss.dropped_sending,
            dropped_receiving: loss.dropped_receiving,
            loss_rate: loss.loss_rate,
            measured: loss.measured,
            srtt: loss.srtt.map(|d| d.as_secs_f64()),
        }
    }
}

/// How far the scan is, and how fast.
#[derive(Serialize)]
pub(super) struct Pace {
    at: f64,
    done: f64,
    rate: f64,
    sent: u64,
    loss_rate: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta: Option<f64>,
    round: u8,
    open: u64,
    discovering: bool,
    #[serde(skip_serializing_if = "is_false")]
    udp: bool,
}

impl Pace {
    pub(super) fn new(at: Duration, progress: &Progress) -> Pace {
        Pace {
            at: at.as_secs_f64(),
            done: progress.done,
            rate: progress.rate,
            sent: progress.sent,
            loss_rate: progress.loss_rate,
            eta: progress.eta.map(|d| d.as_secs_f64()),
            round: progress.round,
            open: progress.open,
            discovering: progress.discovering,
            udp: progress.udp,
        }
    }
}

/// The last line. Where a scan broke off, only that it is not complete.
#[derive(Serialize)]
pub(super) struct End {
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts_up: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ports: Option<u64>,
    open: u64,
}

impl End {
    pub(super) fn new(ending: Option<&Ending>, open: u64) -> End {
        End {
            complete: ending.is_some_and(|e| e.complete),
            ended: ending.map(|e| words::ended(e.ended)),
            elapsed: ending.map(|e| e.elapsed.as_secs_f64()),
            hosts: ending.map(|e| e.hosts),
            hosts_up: ending.map(|e| e.hosts_up),
            ports: ending.map(|e| e.ports),
            open,
        }
    }
}

/// The packets about a host or one of its ports.
#[derive(Serialize)]
pub(super) struct Shown {
    at: f64,
    host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    transport: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    more: u64,
    path: u64,
    packets: Vec<Sent>,
}

#[derive(Serialize)]
struct Sent {
    at: f64,
    sent: bool,
    link: u16,
    bytes: String,
}

impl Shown {
    pub(super) fn new(scan: &ScanInfo, at: Duration, evidence: &Evidence) -> Shown {
        let packet = |p: &Packet| Sent {
            at: p.at.as_secs_f64(),
            sent: p.sent,
            link: p.link.number(),
            bytes: escape::hex(&p.bytes),
        };
        Shown {
            at: at.as_secs_f64(),
            host: scan.address(evidence.host),
            transport: evidence.port.map(|(t, _)| t.as_str()),
            port: evidence.port.map(|(_, port)| port),
            more: evidence.more,
            path: evidence.path,
            packets: evidence.packets.iter().map(packet).collect(),
        }
    }
}
