//! Sample results for tests: handwritten here, generated from a seed in [`generated`], a small network in [`small_network`].
//!
//! Feature `samples`.
#![allow(
    clippy::missing_panics_doc,
    reason = "samples are for tests, which may panic"
)]

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{
    EndReason, Event, HostSummary, LossAccount, ScanSummary, StateCount, Warning,
};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::open_port_check::{CheckOutcome, CheckedPort, OpenPortCheck};
use vigie_scan::plan::{
    Backend, Budget, Discovery, DiscoveryProbe, Framing, Listing, LocalPlan, NextHop, Plan,
    PortScan, Route, ScanSpec, Shard, Technique,
};
use vigie_scan::target::{Segment, TargetSet};
use vigie_scan::{HostState, PortState, Reason};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_scope::{Host, Transport};
use vigie_wire::MacAddr;

use crate::{PortsAsked, ScanInfo, Sink};

pub mod generated;
pub mod packets;
mod udp;

pub use udp::{udp, udp_by_sockets};
pub mod small_network;

/// A scan with its events.
pub struct Sample {
    /// Description of the scan.
    pub scan: ScanInfo,
    /// Its events, in order.
    pub events: Vec<Event>,
}

impl Sample {
    /// Gives everything to a sink, one event every 10 ms.
    ///
    /// # Panics
    /// Panics if the sink returns an error.
    pub fn play(&self, sink: &mut dyn Sink) {
        sink.begin(&self.scan).unwrap();
        for (i, event) in self.events.iter().enumerate() {
            sink.event(Duration::from_millis(10 * i as u64), event)
                .unwrap();
        }
        sink.finish().unwrap();
    }
}

/// Returns an address.
///
/// # Panics
/// Panics if `text` is no address.
pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Returns the host with an address.
pub fn host(text: &str) -> Host {
    Host::new(ip(text))
}

/// Returns a time span of `ms` milliseconds.
pub fn ms(ms: f64) -> Duration {
    Duration::from_secs_f64(ms / 1e3)
}

/// Returns a scan of the addresses from `first` to `last` on eth0.
pub fn scan(targets: &[&str], first: &str, last: &str, ports: &str) -> ScanInfo {
    let (a, b) = (Range::single(ip(first), 0), Range::single(ip(last), 0));
    let range = Range { last: b.last, ..a };
    ScanInfo {
        version: "0.1.0".into(),
        command: ["vigie", "scan"]
            .iter()
            .chain(targets)
            .map(|s| (*s).to_owned())
            .collect(),
        started: Duration::from_secs(1_763_689_344),
        targets: targets.iter().map(|s| (*s).to_owned()).collect(),
        ports_asked: PortsAsked::Listed,
        names: std::collections::BTreeMap::new(),
        permission: vigie_scope::Permission::default(),
        plan: Plan {
            spec: ScanSpec {
                targets: RangeSet::new([range]),
                tcp: Some(PortScan::new(
                    Technique::Syn,
                    PortList::parse(ports, Transport::Tcp).unwrap(),
                )),
                udp: None,
                backend: Backend::Packets,
                discovery: Discovery::Probe,
                discovery_probes: DiscoveryProbe::DEFAULT.to_vec(),
                traceroute: false,
                budget: Budget::default(),
                listing: Listing::default(),
                seed: 18_446_744_073_709_551_615,
                shard: Shard::WHOLE,
                memory: u64::MAX,
            },
            local: LocalPlan {
                targets: TargetSet::new(vec![Segment { range, route: 0 }]),
                routes: vec![Route {
                    link: 2,
                    link_name: "eth0".into(),
                    framing: Framing::Ethernet {
                        mac: MacAddr([2, 0, 0, 0, 0, 1]),
                    },
                    source: ip("10.0.1.2"),
                    hop: NextHop::OnLink,
                    mtu: 1500,
                    local: false,
                }],
                neighbours: Vec::new(),
                source_port: 61_000,
                source_ports: 4,
            },
        },
    }
}

/// Returns a host that is up.
pub fn up(host: Host, reason: Reason) -> HostFinding {
    HostFinding {
        host,
        state: HostState::Up,
        reason,
        rtt: Some(ms(0.21)),
        mac: None,
        ttl: Some(64),
    }
}

fn down(host: Host) -> HostFinding {
    HostFinding {
        host,
        state: HostState::Down,
        reason: Reason::NoResponse,
        rtt: None,
        mac: None,
        ttl: None,
    }
}

/// Returns a TCP port of a host.
pub fn port(host: Host, port: u16, state: PortState, reason: Reason) -> Finding {
    let silent = reason == Reason::NoResponse;
    Finding {
        host,
        transport: Transport::Tcp,
        port,
        state,
        reason,
        from: None,
        ttl: (!silent).then_some(64),
        rtt: (!silent).then(|| ms(0.3)),
        tries: if silent { 3 } else { 1 },
        miss_probability: if silent { 0.000_01 } else { 0.0 },
        service: None,
        detail: None,
    }
}

/// Returns a number of ports with one state for one reason.
pub fn count(state: PortState, reason: Reason, count: u64, listed: bool) -> StateCount {
    let silent = reason == Reason::NoResponse;
    StateCount {
        state,
        reason,
        count,
        listed,
        miss_probability: if silent { 0.000_01 } else { 0.0 },
        tries: if silent { 3 } else { 1 },
    }
}

/// Returns the last event of a host.
pub fn done(host: HostFinding, counts: Vec<StateCount>, ended: EndReason) -> Event {
    Event::HostDone(Box::new(HostSummary {
        host,
        counts,
        ended,
        udp: None,
    }))
}

fn loss() -> Event {
    Event::Loss(LossAccount {
        sent: 1_012,
        answered: 997,
        duplicates: 1,
        stray: 2,
        lost_on_path: 3.2,
        suppressed: 0.0,
        dropped_sending: 0,
        dropped_receiving: 4,
        unanswered: 15,
        loss_rate: 0.003,
        measured: true,
        srtt: Some(ms(0.25)),
    })
}

fn end(complete: bool, ended: EndReason, hosts: u64, hosts_up: u64, ports: u64) -> Event {
    Event::End(ScanSummary {
        complete,
        ended,
        elapsed: Duration::from_millis(41),
        hosts,
        hosts_up,
        ports,
    })
}

/// One host on the same link, 1,000 ports.
pub fn near() -> Sample {
    let mut scan = scan(&["10.0.1.1"], "10.0.1.1", "10.0.1.1", "1-1000");
    scan.ports_asked = PortsAsked::Top;
    let h = host("10.0.1.1");
    let found = HostFinding {
        mac: Some(MacAddr([0x2a, 0xed, 0x2e, 0xae, 0xc3, 0xa4])),
        ttl: None,
        ..up(h, Reason::ArpResponse)
    };
    let events = vec![
        Event::Host(found),
        Event::Port(port(h, 80, PortState::Open, Reason::SynAck)),
        Event::Port(port(h, 22, PortState::Open, Reason::SynAck)),
        Event::Port(port(h, 443, PortState::Filtered, Reason::NoResponse)),
        done(
            found,
            vec![
                count(PortState::Open, Reason::SynAck, 2, true),
                count(PortState::Closed, Reason::Reset, 997, false),
                count(PortState::Filtered, Reason::NoResponse, 1, true),
            ],
            EndReason::Complete,
        ),
        loss(),
        end(true, EndReason::Complete, 1, 1, 1_000),
    ];
    Sample { scan, events }
}

/// A network with hosts of every kind, names with terminal escapes, and every warning.
pub fn network() -> Sample {
    let mut scan = scan(
        &[
            "10.0.1.0/29",
            "evil\x1b[2J.example",
            "\u{202e}gnp.example",
            "a.example",
        ],
        "10.0.1.0",
        "10.0.1.7",
        "22,80,443",
    );
    let (a, b, c, d) = (
        host("10.0.1.1"),
        host("10.0.1.2"),
        host("10.0.1.3"),
        host("10.0.1.4"),
    );
    scan.names.insert(
        a,
        vec![
            "evil\x1b[2J.example".into(),
            format!("{}.example", "漢字".repeat(40)),
        ],
    );
    scan.plan.local.routes[0].hop = NextHop::Gateway(ip("10.0.0.1"));
    let prohibited = Finding {
        from: Some(ip("10.0.0.1")),
        ttl: Some(254),
        tries: 2,
        ..port(a, 80, PortState::Filtered, Reason::AdminProhibited)
    };
    let all = |state, reason| vec![count(state, reason, 3, false)];
    let events = vec![
        Event::Host(up(a, Reason::EchoReply)),
        Event::Host(up(b, Reason::Reset)),
        Event::Host(up(c, Reason::UserSet)),
        Event::Host(down(d)),
        Event::Port(port(a, 22, PortState::Open, Reason::SynAck)),
        Event::Port(prohibited),
        Event::Warning(Warning::AllOpen {
            host: b,
            handshakes: Some(Box::new(handshakes())),
        }),
        Event::Warning(Warning::KernelDropped { frames: 1_234 }),
        Event::Warning(Warning::StrangeSource {
            from: ip("192.0.2.66"),
            count: 1,
        }),
        Event::Warning(Warning::StoppedAnswering { host: a }),
        Event::Warning(Warning::LimitsResets {
            host: a,
            rate: 199.8,
        }),
        Event::Warning(Warning::LimitsErrors { host: b, rate: 1.0 }),
        Event::Warning(Warning::Unresolved { host: d }),
        done(
            up(a, Reason::EchoReply),
            vec![
                count(PortState::Open, Reason::SynAck, 1, true),
                count(PortState::Filtered, Reason::AdminProhibited, 1, true),
                count(PortState::Closed, Reason::Reset, 1, false),
            ],
            EndReason::Complete,
        ),
        done(
            up(b, Reason::Reset),
            all(PortState::Open, Reason::SynAck),
            EndReason::Complete,
        ),
        done(
            up(c, Reason::UserSet),
            vec![StateCount {
                miss_probability: 0.03,
                tries: 10,
                ..count(PortState::Filtered, Reason::NoResponse, 3, false)
            }],
            EndReason::MaxTries,
        ),
        loss(),
        end(true, EndReason::MaxTries, 8, 3, 3),
    ];
    Sample { scan, events }
}

/// An interrupted scan of a link-local address.
pub fn interrupted() -> Sample {
    let mut scan = scan(&["fe80::1%eth0"], "fe80::1", "fe80::1", "-");
    let h = Host::zoned(ip("fe80::1"), 2);
    let range = Range::single(h.ip, 2);
    scan.plan.local.targets = TargetSet::new(vec![Segment { range, route: 0 }]);
    let events = vec![
        Event::Host(up(h, Reason::NdResponse)),
        Event::Port(port(h, 22, PortState::Open, Reason::SynAck)),
        done(
            up(h, Reason::NdResponse),
            vec![
                count(PortState::Open, Reason::SynAck, 1, true),
                count(PortState::Closed, Reason::Reset, 40_000, false),
                StateCount {
                    tries: 0,
                    miss_probability: 1.0,
                    ..count(PortState::Unknown, Reason::NotProbed, 25_534, false)
                },
            ],
            EndReason::Interrupted,
        ),
        loss(),
        end(false, EndReason::Interrupted, 1, 1, 65_535),
    ];
    Sample { scan, events }
}

/// A scan that broke off without its last event.
pub fn broken() -> Sample {
    let mut sample = near();
    sample.events.truncate(3);
    sample
}

/// One host without an answer.
pub fn silent() -> Sample {
    let h = host("10.0.1.9");
    Sample {
        scan: scan(&["10.0.1.9"], "10.0.1.9", "10.0.1.9", "22"),
        events: vec![
            Event::Host(down(h)),
            end(true, EndReason::Complete, 1, 0, 1),
        ],
    }
}

/// The check of a host behind a SYN proxy, with a service on one port.
pub fn handshakes() -> OpenPortCheck {
    let tried = |(port, control, end)| CheckedPort { port, control, end };
    let ends = [
        (
            22,
            false,
            CheckOutcome::Spoke("SSH-2.0-OpenSSH_9.9".to_owned()),
        ),
        (80, false, CheckOutcome::Reset),
        (443, false, CheckOutcome::Reset),
        (50_123, true, CheckOutcome::Reset),
        (61_234, true, CheckOutcome::Reset),
        (64_321, true, CheckOutcome::Nothing),
    ];
    OpenPortCheck {
        ports: ends.map(tried).into(),
    }
}
