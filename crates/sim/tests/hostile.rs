//! Hostile input: arbitrary bytes, and answers to other scans, in every phase of a scan.
//!
//! No input may cause a panic or become a finding.

use std::net::IpAddr;
use std::time::Duration;

use proptest::prelude::*;
use vigie_scan::event::EndReason;
use vigie_scan::plan::{Discovery, Neighbour};
use vigie_scan::{Event, HostState, Ingress, Instant, Reason, Scan};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::SimHost;
use vigie_sim::host::Answering;
use vigie_sim::network::{Network, ROUTER, ROUTER_MAC};
use vigie_sim::path::Path;
use vigie_sim::run::{LINK, plan, ports};
use vigie_wire::frame::{Frame, LinkType, Transport};
use vigie_wire::tcp::Flags;

/// Phase of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Routers,
    Hosts,
    Ports,
    Summary,
    Over,
}

const ALL: [Phase; 5] = [
    Phase::Routers,
    Phase::Hosts,
    Phase::Ports,
    Phase::Summary,
    Phase::Over,
];
const TARGETS: [&str; 2] = ["10.1.0.1", "fd00::7"];

/// Returns a scan in phase `at` that has sent some probes and got no answer.
fn scan(at: Phase, target: &str, seed: u64) -> (Scan, Instant) {
    let target: IpAddr = target.parse().expect("an address");
    let targets = RangeSet::new([Range::single(target, 0)]);
    let mut plan = plan(&targets, ports(1, 40), seed);
    if at != Phase::Routers {
        plan.local.neighbours.push(Neighbour {
            link: LINK,
            ip: ROUTER,
            mac: ROUTER_MAC,
        });
    }
    if at == Phase::Hosts {
        plan.spec.discovery = Discovery::Probe;
    }
    let mut now = Instant::from_millis(1);
    let mut scan = Scan::new(plan, now).expect("the plan fits its routes");
    let mut slot = [0; 256];
    for _ in 0..50 {
        now += Duration::from_millis(1);
        scan.on_timeout(now);
        while scan.poll_transmit(now, &mut slot).is_some() {}
    }
    if matches!(at, Phase::Summary | Phase::Over) {
        scan.stop(now, EndReason::Interrupted);
    }
    if at == Phase::Over {
        while scan.poll_event(now).is_some() {}
        assert!(scan.is_over());
    }
    (scan, now)
}

/// Returns all events of the scan after it has received `frames` and was stopped.
fn events_after(
    mut scan: Scan,
    mut now: Instant,
    kind: LinkType,
    frames: &[Vec<u8>],
) -> Vec<Event> {
    let mut slot = [0; 256];
    for frame in frames {
        now += Duration::from_micros(10);
        scan.on_packet(now, Ingress { link: LINK, kind }, frame);
        scan.on_timeout(now);
        while scan.poll_transmit(now, &mut slot).is_some() {}
    }
    scan.stop(now, EndReason::Interrupted);
    std::iter::from_fn(|| scan.poll_event(now)).collect()
}

/// Returns the events that report an answer.
fn findings(events: &[Event]) -> Vec<&Event> {
    let silent = |reason| matches!(reason, Reason::NoResponse | Reason::NotProbed);
    let more = |event: &&Event| match event {
        Event::Port(f) => !silent(f.reason),
        Event::Host(f) => f.state == HostState::Up && f.reason != Reason::UserSet,
        Event::HostDone(summary) => summary.counts.iter().any(|c| !silent(c.reason)),
        _ => false,
    };
    events.iter().filter(more).collect()
}

/// Returns the replies of a host with every kind of port to a scan with `seed`.
fn answers(target: &str, seed: u64) -> Vec<Vec<u8>> {
    let ip: IpAddr = target.parse().expect("an address");
    let icmp = if ip.is_ipv4() { (3, 13) } else { (1, 1) };
    let host = SimHost::new(ip)
        .with([7, 9], Answering::Open)
        .with([11, 13], Answering::Rejected(icmp.0, icmp.1));
    let mut network = Network::new([host], Path::new(Duration::ZERO), seed);
    let mut plan = plan(&RangeSet::new([Range::single(ip, 0)]), ports(1, 40), seed);
    plan.spec.discovery = Discovery::Probe;
    let mut frames = Vec::new();
    let mut now = Instant::from_millis(1);
    let mut scan = Scan::new(plan, now).expect("the plan fits its routes");
    let mut slot = [0; 256];
    for _ in 0..100 {
        now += Duration::from_millis(1);
        scan.on_timeout(now);
        while let Some(transmit) = scan.poll_transmit(now, &mut slot) {
            for (_, frame) in network.send(now, &slot[..transmit.len]) {
                let from = Ingress {
                    link: LINK,
                    kind: LinkType::Ethernet,
                };
                scan.on_packet(now, from, &frame);
                frames.push(frame);
            }
        }
    }
    assert!(frames.len() > 40, "{}", frames.len());
    frames
}

/// Whether a frame carries no cookie, so that only addresses and ports tie it to a probe: neighbour replies and bare
/// SYNs.
fn carries_no_cookie(frame: &[u8]) -> bool {
    let Ok(frame) = Frame::parse(LinkType::Ethernet, frame) else {
        return false;
    };
    match frame.transport {
        Transport::Tcp(tcp) => {
            let flags = tcp.flags();
            flags.contains(Flags::SYN) && !flags.contains(Flags::ACK) && !flags.contains(Flags::RST)
        }
        Transport::Icmpv6(m) => m.kind() == 136,
        _ => matches!(frame.net, vigie_wire::frame::Net::Arp(_)),
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_no_answers(
        at in proptest::sample::select(&ALL[..]),
        target in proptest::sample::select(&TARGETS[..]),
        raw in any::<bool>(),
        frames in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..20),
    ) {
        let (scan, now) = scan(at, target, 1);
        let kind = if raw { LinkType::RawIp } else { LinkType::Ethernet };
        let events = events_after(scan, now, kind, &frames);
        prop_assert!(findings(&events).is_empty(), "{:?}", findings(&events));
    }

    #[test]
    fn answers_to_another_scan_are_no_answers(
        at in proptest::sample::select(&ALL[..]),
        target in proptest::sample::select(&TARGETS[..]),
        seed in 2u64..10_000,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 0..40),
        cut in proptest::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
    ) {
        let (scan, now) = scan(at, target, 1);
        let mut frames = answers(target, seed);
        for (frame, byte, with) in flips {
            let mut changed = frame.get(&frames).clone();
            let at = byte.index(changed.len());
            changed[at] ^= with;
            frames.push(changed);
        }
        if let Some((frame, length)) = cut {
            let mut changed = frame.get(&frames).clone();
            changed.truncate(length.index(changed.len()));
            frames.push(changed);
        }
        frames.retain(|frame| !carries_no_cookie(frame));
        let events = events_after(scan, now, LinkType::Ethernet, &frames);
        prop_assert!(findings(&events).is_empty(), "{:?}", findings(&events));
    }
}

#[test]
fn every_phase_is_reached() {
    let fed: Vec<usize> = ALL
        .iter()
        .map(|at| {
            let (scan, now) = scan(*at, TARGETS[0], 1);
            // These are answers to the scan itself: a phase that expects replies must find something.
            let frames = answers(TARGETS[0], 1);
            findings(&events_after(scan, now, LinkType::Ethernet, &frames)).len()
        })
        .collect();
    assert!(fed[1] > 0 && fed[2] > 0, "{fed:?}");
    assert_eq!((fed[3], fed[4]), (0, 0), "{fed:?}");
}

/// Turns `answer`, a SYN/ACK of the target, into a bare SYN, as a sender could forge it that guessed only the ports.
fn as_bare_syn(answer: &[u8]) -> Vec<u8> {
    let mut frame = answer.to_vec();
    // Ethernet and an IPv4 header without options come before; the flags are the 14th byte, the sum the 17th and 18th.
    let tcp = 14 + 20;
    frame[tcp + 8..tcp + 12].fill(0);
    frame[tcp + 13] = 0x02;
    frame
}

#[test]
fn a_bare_syn_settles_nothing() {
    let target: IpAddr = TARGETS[0].parse().expect("an address");
    let host = SimHost::new(target)
        .with([7, 9], Answering::Open)
        .with([11, 13], Answering::Dropped);
    let mut network = Network::new([host], Path::new(Duration::ZERO), 1);
    let mut plan = plan(&RangeSet::new([Range::single(target, 0)]), ports(1, 40), 1);
    plan.local.neighbours.push(Neighbour {
        link: LINK,
        ip: ROUTER,
        mac: ROUTER_MAC,
    });
    let from = Ingress {
        link: LINK,
        kind: LinkType::Ethernet,
    };
    let mut now = Instant::from_millis(1);
    let mut scan = Scan::new(plan, now).expect("the plan fits its routes");
    let (mut slot, mut sample, mut late) = ([0; 256], None, Vec::new());
    let mut states = std::collections::BTreeMap::new();
    while !scan.is_over() {
        now = scan.poll_timeout(now).unwrap_or(now).max(now);
        scan.on_timeout(now);
        while let Some(transmit) = scan.poll_transmit(now, &mut slot) {
            let probe = slot[..transmit.len].to_vec();
            for (_, answer) in network.send(now, &probe) {
                let is_tcp = answer.len() >= 54 && answer[23] == 6;
                if is_tcp {
                    sample.get_or_insert_with(|| as_bare_syn(&answer));
                }
                late.push(answer);
            }
            // Before any answer arrives, a forged SYN claims each port that was just probed.
            if let Some(sample) = &sample
                && probe.len() >= 54
            {
                let mut claim = sample.clone();
                claim[34..36].copy_from_slice(&probe[36..38]);
                scan.on_packet(now, from, &claim);
            }
        }
        for answer in late.drain(..) {
            scan.on_packet(now, from, &answer);
        }
        while let Some(event) = scan.poll_event(now) {
            if let Event::Port(found) = event {
                states.insert(found.port, found.state);
            }
        }
    }
    let open: Vec<u16> = states
        .iter()
        .filter(|(_, state)| **state == vigie_scan::PortState::Open)
        .map(|(port, _)| *port)
        .collect();
    assert_eq!(open, [7, 9], "{states:?}");
    for port in [11, 13] {
        assert_eq!(
            states.get(&port),
            Some(&vigie_scan::PortState::OpenFiltered),
            "{port}: the forged SYN was noted"
        );
    }
}
