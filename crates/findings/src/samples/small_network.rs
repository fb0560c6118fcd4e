//! The scan of a small office network, for pictures of reports.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{EndReason, Event, LossAccount, Progress, ScanSummary};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::{PortState, Reason};
use vigie_scope::Host;
use vigie_scope::target::Range;
use vigie_scope::{AuthSource, Authorization};
use vigie_wire::MacAddr;

use super::packets::{self, Probe};
use super::{Sample, count, done, ip, ms, port, scan, up};
use crate::evidence::{Evidence, Packet};

/// The hosts: name and open ports.
const HOSTS: [(&str, &[u16]); 12] = [
    ("router", &[22, 53, 443]),
    ("web", &[22, 80, 443, 8080]),
    ("mail", &[22, 25, 143, 443, 587, 993]),
    ("db", &[22, 5432]),
    ("files", &[22, 139, 445]),
    ("print", &[80, 515, 631]),
    ("git", &[22, 80, 443]),
    ("backup", &[22]),
    ("camera", &[80, 554]),
    ("desk-1", &[139, 445, 5900]),
    ("desk-2", &[]),
    ("phone", &[443]),
];

/// Returns the scan of the network.
pub fn sample() -> Sample {
    let mut scan = scan(
        &["10.0.1.0/24"],
        "10.0.1.1",
        "10.0.1.254",
        "1-1024,3306,5432,5900,6379,8080,8443",
    );
    let total = scan.plan.spec.tcp_ports().len() as u64;
    let network = Range::prefix(ip("10.0.1.0"), 24, 0);
    let connected = AuthSource::Connected {
        network,
        interface: "eth0".into(),
    };
    scan.permission.authorizations = vec![Authorization {
        source: connected,
        hosts: 254,
    }];
    let mut events = Vec::new();
    for (i, (name, open)) in HOSTS.into_iter().enumerate() {
        let h = Host::new(IpAddr::from([10, 0, 1, 1 + 7 * i as u8]));
        scan.names.insert(h, vec![format!("{name}.example")]);
        one_host(h, name, open, total, &mut events);
    }
    events.push(Event::Loss(LossAccount {
        sent: 21_560,
        answered: 11_900,
        unanswered: 9_660,
        lost_on_path: 41.0,
        loss_rate: 0.004,
        measured: true,
        srtt: Some(ms(0.8)),
        ..LossAccount::default()
    }));
    events.push(Event::End(ScanSummary {
        complete: true,
        ended: EndReason::Complete,
        elapsed: Duration::from_secs_f64(38.4),
        hosts: 254,
        hosts_up: 12,
        ports: total,
    }));
    Sample { scan, events }
}

/// Adds the events of one host.
fn one_host(h: Host, name: &str, open: &[u16], total: u64, events: &mut Vec<Event>) {
    let found = HostFinding {
        mac: Some(MacAddr([2, 0, 0, 0, 0, open.len() as u8])),
        ..up(h, Reason::ArpResponse)
    };
    events.push(Event::Host(found));
    let firewalled = matches!(name, "db" | "backup" | "desk-2");
    let mut counts = Vec::new();
    for number in open {
        events.push(Event::Port(port(
            h,
            *number,
            PortState::Open,
            Reason::SynAck,
        )));
    }
    if !open.is_empty() {
        counts.push(count(
            PortState::Open,
            Reason::SynAck,
            open.len() as u64,
            true,
        ));
    }
    let mut rest = total - open.len() as u64;
    if name == "web" {
        for number in [3306, 6379] {
            events.push(Event::Port(port(
                h,
                number,
                PortState::Filtered,
                Reason::NoResponse,
            )));
        }
        counts.push(count(PortState::Filtered, Reason::NoResponse, 2, true));
        rest -= 2;
    }
    if name == "git" {
        events.push(Event::Port(Finding {
            from: Some(ip("10.0.1.1")),
            ..port(h, 3306, PortState::Filtered, Reason::AdminProhibited)
        }));
        counts.push(count(PortState::Filtered, Reason::AdminProhibited, 1, true));
        rest -= 1;
    }
    counts.push(if firewalled {
        count(PortState::Filtered, Reason::NoResponse, rest, false)
    } else {
        count(PortState::Closed, Reason::Reset, rest, false)
    });
    events.push(done(found, counts, EndReason::Complete));
}

/// Returns packets of the scan.
pub fn evidence() -> Vec<Evidence> {
    let shown = |probe: Probe, answers: Vec<Packet>| {
        probe.evidence([vec![probe.syn(1.0)], answers].concat())
    };
    let ssh = Probe::tcp("10.0.1.1", 22);
    let closed = Probe::tcp("10.0.1.1", 113);
    let silent = Probe::tcp("10.0.1.8", 3306);
    let refused = Probe::tcp("10.0.1.43", 3306);
    let (open, reset) = (vec![ssh.syn_ack()], vec![closed.reset()]);
    let tries = vec![silent.syn(31.5), silent.syn(80.0)];
    let error = vec![refused.icmp(3, 13, "10.0.1.1")];
    vec![
        packets::arp("10.0.1.1", true),
        shown(ssh, open),
        shown(closed, reset),
        shown(silent, tries),
        shown(refused, error),
    ]
}

/// Returns the progress of the scan: host discovery, then three rounds of probes.
pub fn progress() -> Vec<(Duration, Progress)> {
    (0..380u64)
        .map(|i| {
            let (discovering, round) = match i {
                0..40 => (true, 1),
                40..200 => (false, 1),
                200..300 => (false, 2),
                _ => (false, 3),
            };
            let wave = f64::from((i as f64 / 9.0).sin() as f32);
            let progress = Progress {
                sent: if discovering {
                    i * 13
                } else {
                    (i - 40) * 61 + (30.0 * wave) as u64
                },
                rate: 600.0,
                loss_rate: 0.1 / (1.0 + i as f64 / 12.0) + 0.004,
                round,
                discovering,
                ..Progress::default()
            };
            (Duration::from_millis(i * 100 + 100), progress)
        })
        .collect()
}
