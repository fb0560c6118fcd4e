//! Complete scans in the simulator: checks the verdicts.
//!
//! Every assertion must hold for every seed. Results that depend on chance are counted and printed.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::{PortState, Reason};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::SimHost;
use vigie_sim::host::Answering;
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::random::Random;
use vigie_sim::run::{plan, ports, run};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn one(text: &str) -> RangeSet {
    RangeSet::new([Range::single(ip(text), 0)])
}

/// Linux answers a repeated SYN at most once in half a second. If the SYN/ACK of a listener is lost, it ignores quick
/// tries from the same source port.
#[test]
fn listeners_that_do_not_answer_every_try_are_found() {
    let target = ip("10.1.0.1");
    let open: Vec<u16> = (1..=65_000).step_by(97).collect();
    let (mut missed, mut among) = (0, 0);
    for seed in 0..12 {
        let host = SimHost::new(target).with(open.iter().copied(), Answering::Open);
        let path = Path::new(Duration::from_millis(10))
            .with_loss(Loss::Even(0.01))
            .with_bottleneck(200_000.0, 2_000);
        let mut network = Network::new([host.like_linux()], path, seed);
        let plan = plan(&one("10.1.0.1"), ports(1, 65_535), seed);
        let outcome = run(plan, &mut network);
        let found = outcome.ports(target, PortState::Open).len();
        missed += open.len() - found;
        among += open.len();
        assert!(
            outcome.elapsed < Duration::from_secs(3),
            "{:?}",
            outcome.elapsed
        );
    }
    // With a probability of 1 in 10,000 both answers to one source port are lost; the next try uses another port.
    assert_eq!(missed, 0, "of {among}");
}

#[test]
fn every_kind_of_answer_has_its_state() {
    let target = ip("10.1.0.1");
    let host = SimHost::new(target)
        .with([22, 80], Answering::Open)
        .with([100], Answering::Dropped)
        .with([110], Answering::Rejected(3, 1))
        .with([111], Answering::Rejected(3, 2))
        .with([112], Answering::Rejected(3, 3))
        .with([113], Answering::Rejected(3, 9))
        .with([114], Answering::Rejected(3, 10))
        .with([115], Answering::Rejected(3, 13))
        .with([120], Answering::SplitHandshake)
        .with([130], Answering::Malformed);
    let mut network = Network::new([host], Path::new(Duration::from_millis(5)), 1);
    let outcome = run(plan(&one("10.1.0.1"), ports(1, 200), 1), &mut network);
    assert_eq!(outcome.ports(target, PortState::Open), [22, 80]);
    // A bare SYN returns no cookie, so it proves nothing.
    assert_eq!(outcome.ports(target, PortState::OpenFiltered), [120]);
    assert_eq!(
        outcome.ports(target, PortState::Filtered),
        [100, 110, 111, 112, 113, 114, 115, 130]
    );
    assert_eq!(outcome.ports(target, PortState::Closed).len(), 200 - 11);
    let reason = |port| {
        outcome
            .findings()
            .find(|f| f.port == port)
            .map(|f| f.reason)
            .unwrap()
    };
    assert_eq!(reason(22), Reason::SynAck);
    assert_eq!(reason(100), Reason::NoResponse);
    assert_eq!(reason(110), Reason::HostUnreach);
    assert_eq!(reason(111), Reason::ProtoUnreach);
    assert_eq!(reason(112), Reason::PortUnreach);
    assert_eq!(reason(113), Reason::NetProhibited);
    assert_eq!(reason(114), Reason::HostProhibited);
    assert_eq!(reason(115), Reason::AdminProhibited);
    assert_eq!(reason(120), Reason::SplitHandshakeSyn);
}

#[test]
fn a_thousand_seeds_with_loss_give_no_wrong_verdict() {
    let target = ip("10.1.0.1");
    let (mut missed, mut answering) = (0u64, 0u64);
    for seed in 0..1000u64 {
        let mut random = Random::new(seed);
        let open: BTreeSet<u16> = (0..20).map(|_| 1 + random.below(300) as u16).collect();
        let dropped: BTreeSet<u16> = (0..10)
            .map(|_| 1 + random.below(300) as u16)
            .filter(|p| !open.contains(p))
            .collect();
        let host = SimHost::new(target)
            .with(open.iter().copied(), Answering::Open)
            .with(dropped.iter().copied(), Answering::Dropped);
        let mut path = Path::new(Duration::from_millis(1 + random.below(50)))
            .with_loss(Loss::Even(random.unit() * 0.05));
        path.jitter = Duration::from_millis(random.below(10));
        path.duplicate = random.unit() * 0.02;
        path.reorder = random.unit() * 0.02;
        let mut network = Network::new([host], path, seed);
        let outcome = run(plan(&one("10.1.0.1"), ports(1, 300), seed), &mut network);
        for finding in outcome.findings() {
            match finding.state {
                PortState::Open => {
                    assert!(open.contains(&finding.port), "seed {seed}: {finding:?}");
                }
                PortState::Closed => {
                    assert!(
                        !open.contains(&finding.port) && !dropped.contains(&finding.port),
                        "seed {seed}: {finding:?}"
                    );
                }
                PortState::Filtered => missed += u64::from(!dropped.contains(&finding.port)),
                other => panic!("seed {seed}: {other}"),
            }
        }
        assert_eq!(
            outcome
                .findings()
                .map(|f| f.port)
                .collect::<BTreeSet<_>>()
                .len(),
            300,
            "seed {seed}"
        );
        answering += 300 - dropped.len() as u64;
    }
    println!(
        "missed {missed} of {answering} answering ports; the bound allows {:.1}",
        answering as f64 * 1e-4
    );
    assert!(
        missed as f64 <= 2.0 * 1e-4 * answering as f64,
        "missed {missed} of {answering}"
    );
}

#[test]
fn ipv6_hosts_on_the_link_are_resolved_and_scanned() {
    let target = ip("fd00::7");
    let host = SimHost::new(target)
        .with([443], Answering::Open)
        .with([9], Answering::Rejected(1, 1));
    let mut network = Network::new([host], Path::new(Duration::from_millis(1)), 1);
    let outcome = run(plan(&one("fd00::7"), ports(1, 500), 3), &mut network);
    assert_eq!(outcome.ports(target, PortState::Open), [443]);
    assert_eq!(outcome.ports(target, PortState::Filtered), [9]);
    assert_eq!(outcome.ports(target, PortState::Closed).len(), 498);
}

#[test]
fn a_host_that_has_everything_open_is_suspected() {
    let target = ip("10.1.0.1");
    let host = SimHost::new(target)
        .otherwise(Answering::Open)
        .with([7], Answering::Closed);
    let mut network = Network::new([host], Path::new(Duration::from_millis(2)), 1);
    let outcome = run(plan(&one("10.1.0.1"), ports(1, 200), 1), &mut network);
    let suspected = |e: &vigie_scan::Event| matches!(e, vigie_scan::Event::Warning(vigie_scan::event::Warning::AllOpen { host, .. }) if host.ip == target);
    assert_eq!(outcome.events.iter().filter(|e| suspected(e)).count(), 1);
}
