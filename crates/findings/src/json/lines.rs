//! The objects of docs/json.md, one type each. A field that is not known is left out.
//!
//! Fields are named as in the schema. Times and waits are seconds, rates probes a second, probabilities 0 to 1.

#![allow(clippy::struct_field_names, reason = "the schema names the fields")]

use std::time::Duration;

use serde::Serialize;
use vigie_scan::ServiceMatch;
use vigie_scan::event::{HostSummary, LossAccount, Progress, ScanSummary, StateCount, Warning};
use vigie_scan::finding::{Finding, HostFinding};

use super::handshakes::HandshakeLine;
use super::udp::Udp;
use crate::evidence::{Evidence, Packet};
use crate::{ScanInfo, escape, service, vendor, words};

/// One line.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Line {
    Scan(Box<super::plan::Scan>),
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
        let said = finding.detail.as_deref();
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
            confirmed: match finding.service {
                Some(ServiceMatch::Service(payload)) => Some(payload),
                _ => None,
            },
            unrecognised: finding.service == Some(ServiceMatch::Unknown),
            product: said.and_then(|d| d.product.clone()),
            version: said.and_then(|d| d.version.clone()),
            info: said.and_then(|d| d.info.clone()),
            silence: service::by_design(finding),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    handshakes: Vec<HandshakeLine>,
}

impl Warned {
    pub(super) fn new(scan: &ScanInfo, at: Duration, warning: &Warning) -> Warned {
        let (ttl, own_ttl) = words::distances(warning).unzip();
        let handshakes = match warning {
            Warning::AllOpen { handshakes, .. } => handshakes.as_deref(),
            _ => None,
        };
        let parts = words::parts(warning);
        Warned {
            at: at.as_secs_f64(),
            warning: parts.word,
            host: parts.host.map(|h| scan.address(h)),
            count: parts.count,
            rate: parts.rate,
            ttl,
            own_ttl,
            verdict: handshakes.map(|h| h.verdict().as_str()),
            handshakes: HandshakeLine::all(handshakes),
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
    pub(super) fn new(ending: Option<&ScanSummary>, open: u64) -> End {
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
