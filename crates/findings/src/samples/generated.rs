//! Results of every kind generated from a seed, for tests that compare with other programs.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use vigie_scan::event::{
    EndReason, Event, HostSummary, LossAccount, ScanSummary, StateCount, Warning,
};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::open_port_check::{CheckOutcome, CheckedPort, OpenPortCheck};
use vigie_scan::plan::{Backend, Discovery, PortScan, Technique};
use vigie_scan::target::{Segment, TargetSet};
use vigie_scan::{HostState, PortState, Reason, ServiceMatch};
use vigie_scope::ports::PortList;
use vigie_scope::target::Range;
use vigie_scope::{AuthSource, Authorization};
use vigie_scope::{Host, Transport};
use vigie_wire::MacAddr;
use vigie_wire::tcp::Flags;

use super::{self as samples, Sample};
use crate::ScanInfo;

/// Hostile host names: markup, escapes, ends of comments, formulas, direction marks, noncharacters.
const NAMES: [&str; 16] = [
    "plain.example",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "a&b;&amp;&#0;&lt;",
    "-->]]>--><?xml?><!DOCTYPE x>",
    "evil\x1b[2J\x07\0\x08.example",
    "\u{202e}gnp.example\u{200f}",
    "tab\there, comma/slash (bracket)\nline\rend",
    "漢字.例え",
    "\u{fffe}\u{ffff}\u{1fffe}\u{fdd0}",
    "=cmd|'/c calc'!A1",
    "'quote' \"double\" `back`",
    "back\\slash\\x1b",
    "{{7*7}} ${x} %s %n",
    "e\u{301}\u{1f469}\u{200d}\u{1f4bb}",
    "\u{85}\u{2028}\u{ad}",
];

/// Numbers from a seed (xorshift64*).
struct Random(u64);

impl Random {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len() as u64) as usize].clone()
    }

    fn wait(&mut self) -> Option<Duration> {
        (self.roll(4) > 0).then(|| Duration::from_micros(self.roll(90_000) + 20))
    }
}

/// Returns the result of a seed. Seeds below 64 differ in address family, size, ports or end.
pub fn sample(seed: u64) -> Sample {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    (0..8).for_each(|_| {
        random.roll(2);
    });
    let (mut scan, hosts) = plan(&mut random, seed);
    let mut names = BTreeMap::new();
    let mut events = Vec::new();
    let mut up = 0;
    let interrupted = seed % 5 == 3;
    for (host, _) in scan
        .plan
        .local
        .targets
        .iter()
        .take(hosts as usize)
        .collect::<Vec<_>>()
    {
        for _ in 0..random.roll(3) {
            let list: &mut Vec<String> = names.entry(host).or_default();
            list.push(random.pick(&NAMES).to_owned());
        }
        let found = found(&mut random, host);
        if found.state == HostState::Up {
            up += 1;
            if random.roll(8) > 0 {
                events.push(Event::Host(found));
            }
            one_host(
                &mut random,
                found,
                scan.plan.spec.tcp_ports(),
                interrupted,
                &mut events,
            );
        } else {
            events.push(Event::Host(found));
        }
        let warning = random.pick(&[
            Warning::AllOpen {
                host,
                handshakes: handshakes(seed),
            },
            Warning::StoppedAnswering { host },
            Warning::ForeignResets {
                host,
                count: 9,
                ttl: 62,
                own_ttl: 57,
            },
            Warning::KernelDropped { frames: 17 },
            Warning::StrangeSource {
                from: host.ip,
                count: 2,
            },
            Warning::LimitsResets { host, rate: 200.5 },
            Warning::LimitsErrors { host, rate: 1.0 },
            Warning::Unresolved { host },
        ]);
        if random.roll(9) == 0 {
            events.push(Event::Warning(warning));
        }
    }
    scan.names = names;
    events.push(Event::Loss(LossAccount {
        sent: random.roll(100_000),
        loss_rate: 0.01,
        measured: true,
        srtt: random.wait(),
        ..LossAccount::default()
    }));
    let ended = if interrupted {
        EndReason::Interrupted
    } else {
        random.pick(&[EndReason::Complete, EndReason::MaxTries, EndReason::MaxTime])
    };
    events.push(Event::End(ScanSummary {
        complete: ended == EndReason::Complete || ended == EndReason::MaxTries,
        ended,
        elapsed: Duration::from_millis(random.roll(100_000)),
        hosts,
        hosts_up: up,
        ports: scan.plan.spec.tcp_ports().len() as u64,
    }));
    if seed % 6 == 4 {
        events.truncate(random.roll(events.len() as u64) as usize);
    }
    Sample { scan, events }
}

/// Returns connections of every kind that verified a host; none for some seeds.
fn handshakes(seed: u64) -> Option<Box<OpenPortCheck>> {
    let ends = [
        CheckOutcome::Nothing,
        CheckOutcome::Refused,
        CheckOutcome::Reset,
        CheckOutcome::Closed,
        CheckOutcome::Silent,
        CheckOutcome::Spoke("SSH-2.0-x\\x00 <b>".to_owned()),
    ];
    let kinds = seed % 7;
    let tried = |i: u64| CheckedPort {
        port: 50_000 + i as u16,
        control: i % 2 == 1,
        end: ends[((i / 2 + seed) % kinds) as usize].clone(),
    };
    (kinds > 0).then(|| {
        Box::new(OpenPortCheck {
            ports: (0..16).map(tried).collect(),
        })
    })
}

/// Returns the plan, and the number of hosts with results.
fn plan(random: &mut Random, seed: u64) -> (ScanInfo, u64) {
    let hosts = match seed % 8 {
        0 => 0,
        1 | 2 => 1,
        7 => 300,
        _ => random.roll(30) + 2,
    };
    let first = match seed % 3 {
        0 => Host::new(IpAddr::V4(Ipv4Addr::new(10, 0, seed as u8, 0))),
        1 => Host::new(IpAddr::V6(Ipv6Addr::new(
            0x2001,
            0xdb8,
            seed as u16,
            0,
            0,
            0,
            0,
            0,
        ))),
        _ => Host::zoned(
            IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, seed as u16, 0)),
            2,
        ),
    };
    let mut scan = samples::scan(&["x"], "10.0.0.1", "10.0.0.1", "1");
    let single = Range::single(first.ip, first.zone);
    let range = Range {
        last: single.first + u128::from(hosts.max(1)) - 1,
        ..single
    };
    scan.plan.local.targets = TargetSet::new(vec![Segment { range, route: 0 }]);
    let ports = [
        "22",
        "22,80,443",
        "1-100",
        "U:53,123,T:20-30",
        "-",
        "S:1-4,T:9,U:7,P:1,6",
    ];
    let tcp = PortScan {
        ports: PortList::parse(random.pick(&ports), Transport::Tcp).expect("a port list"),
        technique: random.pick(Technique::ALL),
        flags: (random.roll(4) == 0).then(|| Flags(random.roll(512) as u16)),
    };
    if tcp.technique == Technique::Connect {
        scan.plan.spec.backend = Backend::Connections;
    }
    scan.plan.spec.tcp = Some(tcp);
    scan.plan.spec.discovery = random.pick(&[Discovery::Probe, Discovery::AssumeUp]);
    scan.targets = vec![range.to_text(), random.pick(&NAMES).to_owned()];
    scan.command = vec![
        "vigie".into(),
        "scan".into(),
        random.pick(&NAMES).to_owned(),
        "--a--b---c".into(),
    ];
    scan.permission.authorizations = vec![
        Authorization {
            source: AuthSource::Connected {
                network: range,
                interface: "eth0".into(),
            },
            hosts,
        },
        Authorization {
            source: AuthSource::CommandLine {
                who: random.pick(&NAMES).to_owned(),
            },
            hosts: 1,
        },
    ];
    (scan, hosts)
}

fn found(random: &mut Random, host: Host) -> HostFinding {
    let state = random.pick(&[
        HostState::Up,
        HostState::Up,
        HostState::Up,
        HostState::Down,
        HostState::Unknown,
    ]);
    let up = state == HostState::Up;
    HostFinding {
        host,
        state,
        reason: if up {
            random.pick(&[
                Reason::EchoReply,
                Reason::ArpResponse,
                Reason::UserSet,
                Reason::SynAck,
            ])
        } else {
            Reason::NoResponse
        },
        rtt: random.wait().filter(|_| up),
        mac: (up && random.roll(2) == 0).then_some(MacAddr([2, 0xab, 0, 0, 0, 0xff])),
        ttl: (up && random.roll(3) > 0).then(|| random.roll(256) as u8),
    }
}

fn one_host(
    random: &mut Random,
    found: HostFinding,
    ports: &PortList,
    interrupted: bool,
    events: &mut Vec<Event>,
) {
    let mut counts: Vec<StateCount> = Vec::new();
    let mut findings = Vec::new();
    let usual = random.pick(&[
        (PortState::Closed, Reason::Reset),
        (PortState::Filtered, Reason::NoResponse),
    ]);
    for (i, (transport, port)) in ports.iter().enumerate() {
        let (state, reason) = match random.roll(if ports.len() > 1_000 { 4_000 } else { 12 }) {
            0 => (PortState::Open, Reason::SynAck),
            1 => (PortState::Filtered, Reason::AdminProhibited),
            2 => (PortState::OpenFiltered, Reason::NoResponse),
            3 => (PortState::Closed, Reason::PortUnreach),
            _ if interrupted && i % 2 == 0 => (PortState::Unknown, Reason::NotProbed),
            _ => usual,
        };
        let tries = random.roll(5) as u8 + 1;
        let miss_probability = if reason == Reason::NoResponse {
            0.1f64.powi(i32::from(tries))
        } else {
            0.0
        };
        findings.push(Finding {
            host: found.host,
            transport,
            port,
            state,
            reason,
            from: (reason == Reason::AdminProhibited)
                .then_some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
            ttl: (reason != Reason::NoResponse).then_some(63),
            rtt: random.wait().filter(|_| reason != Reason::NoResponse),
            tries,
            miss_probability,
            service: (transport == Transport::Udp && state == PortState::Open)
                .then(|| random.pick(&[ServiceMatch::Service("dns"), ServiceMatch::Unknown])),
            detail: None,
        });
        match counts
            .iter_mut()
            .find(|c| (c.state, c.reason) == (state, reason))
        {
            Some(count) => {
                count.count += 1;
                count.tries = count.tries.max(tries);
                count.miss_probability = count.miss_probability.max(miss_probability);
            }
            None => counts.push(StateCount {
                state,
                reason,
                count: 1,
                listed: false,
                miss_probability,
                tries,
            }),
        }
    }
    for count in &mut counts {
        count.listed = count.count <= 25 || count.state == PortState::Open;
    }
    let listed = |f: &Finding| {
        counts
            .iter()
            .any(|c| c.listed && (c.state, c.reason) == (f.state, f.reason))
    };
    events.extend(findings.into_iter().filter(listed).map(Event::Port));
    let ended = if interrupted {
        EndReason::Interrupted
    } else {
        random.pick(&[
            EndReason::Complete,
            EndReason::MaxTries,
            EndReason::HostTimeout,
        ])
    };
    events.push(Event::HostDone(Box::new(HostSummary {
        host: found,
        counts,
        ended,
        udp: None,
    })));
}
