//! UDP scans in the simulator: checks the verdicts under every kind of limiter, and the sampled bound.
//!
//! Every assertion must hold for every seed. Results that depend on chance are counted and printed.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{EndReason, ErrorLimit, Event, HostSummary};
use vigie_scan::{Plan, PortState, Reason, ServiceMatch};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::SimHost;
use vigie_sim::host::{Bucket, Datagrams, Limiter};
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::random::Random;
use vigie_sim::run::{Outcome, run, udp_plan};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn one(text: &str) -> RangeSet {
    RangeSet::new([Range::single(ip(text), 0)])
}

fn near() -> Path {
    Path::new(Duration::from_millis(2))
}

fn complete(mut plan: Plan) -> Plan {
    if let Some(udp) = &mut plan.spec.udp {
        udp.budget = None;
    }
    plan
}

fn summary(outcome: &Outcome) -> &HostSummary {
    let done = outcome.events.iter().find_map(|e| match e {
        Event::HostDone(summary) => Some(&**summary),
        _ => None,
    });
    done.expect("the host is reported")
}

fn count(outcome: &Outcome, state: PortState, reason: Reason) -> u64 {
    let counts = summary(outcome).counts.iter();
    counts
        .filter(|c| (c.state, c.reason) == (state, reason))
        .map(|c| c.count)
        .sum()
}

#[test]
fn every_kind_of_answer_has_its_state() {
    let target = ip("10.1.0.1");
    let host = SimHost::new(target)
        .limit_errors(Limiter::Unlimited)
        .with_udp([53, 5353, 777], Datagrams::Dns)
        .with_udp([161, 888], Datagrams::Odd)
        .with_udp([123, 999], Datagrams::Silent)
        .with_udp([500, 600], Datagrams::Dropped)
        .with_udp([111], Datagrams::Rejected(3, 1))
        .with_udp([112], Datagrams::Rejected(3, 2))
        .with_udp([113], Datagrams::Rejected(3, 9))
        .with_udp([114], Datagrams::Rejected(3, 10))
        .with_udp([115], Datagrams::Rejected(3, 13));
    let mut network = Network::new([host], near(), 1);
    let plan = udp_plan(&one("10.1.0.1"), (1..=1000).chain([5353]), 1);
    let outcome = run(plan, &mut network);
    // Port 5353 gets an mDNS request, which the DNS server of the simulator answers too.
    assert_eq!(
        outcome.ports(target, PortState::Open),
        [53, 161, 777, 888, 5353]
    );
    assert_eq!(
        outcome.ports(target, PortState::OpenFiltered),
        [123, 500, 600, 999]
    );
    assert_eq!(
        outcome.ports(target, PortState::Filtered),
        [111, 112, 113, 114, 115]
    );
    assert_eq!(
        count(&outcome, PortState::Closed, Reason::PortUnreach),
        1001 - 14
    );
    let found = |port| outcome.findings().find(|f| f.port == port).unwrap();
    assert_eq!(
        found(53).service.and_then(ServiceMatch::service),
        Some("domain")
    );
    assert_eq!(
        found(777).service.and_then(ServiceMatch::service),
        Some("domain")
    );
    assert_eq!(found(161).service, Some(ServiceMatch::Unknown));
    assert_eq!(found(888).service, Some(ServiceMatch::Unknown));
    assert_eq!(found(53).reason, Reason::UdpResponse);
    for (port, reason) in [
        (111, Reason::HostUnreach),
        (112, Reason::ProtoUnreach),
        (113, Reason::NetProhibited),
        (114, Reason::HostProhibited),
        (115, Reason::AdminProhibited),
    ] {
        assert_eq!(found(port).reason, reason);
    }
    let reported: BTreeSet<u16> = outcome.findings().map(|f| f.port).collect();
    assert_eq!(
        reported.len(),
        outcome.findings().count(),
        "no port is reported twice"
    );
    assert_eq!(summary(&outcome).udp.unwrap().limit, ErrorLimit::Unlimited);
}

#[test]
fn a_linux_host_is_proven_as_fast_as_its_tokens_come() {
    let target = ip("10.1.0.1");
    let host = SimHost::new(target).with_udp([53, 4000], Datagrams::Dns);
    let mut network = Network::new([host], near(), 1);
    let plan = complete(udp_plan(&one("10.1.0.1"), (1..=300).chain([4000]), 2));
    let outcome = run(plan, &mut network);
    assert_eq!(outcome.ports(target, PortState::Open), [53, 4000]);
    assert_eq!(outcome.ports(target, PortState::Closed).len(), 299);
    let given = 6.0 + outcome.elapsed.as_secs_f64();
    assert!(299.0 >= 0.95 * given, "299 proven with {given} tokens");
    let ErrorLimit::Limited { rate, .. } = summary(&outcome).udp.unwrap().limit else {
        panic!("it is limited")
    };
    assert!((0.9..1.1).contains(&rate), "{rate}");
}

#[test]
fn every_limiter_is_probed_at_its_own_rate() {
    for (errors, tokens, ports) in [
        (Limiter::LINUX_V6, 10.0, 1_000),
        (Limiter::BSD, 200.0, 8_000),
        (Limiter::Bucket(Bucket::new(1_000.0, 50.0)), 1_000.0, 30_000),
        (Limiter::Bucket(Bucket::new(4.0, 6.0)), 4.0, 400),
    ] {
        let host = SimHost::new(ip("10.1.0.1")).limit_errors(errors);
        let mut network = Network::new([host], near(), 1);
        let plan = complete(udp_plan(&one("10.1.0.1"), 1..=ports, 3));
        let outcome = run(plan, &mut network);
        let closed = count(&outcome, PortState::Closed, Reason::PortUnreach);
        assert_eq!(closed, u64::from(ports), "{errors:?}");
        let spent = network.hosts[&ip("10.1.0.1")].errors_sent as f64;
        assert!(
            f64::from(ports) >= 0.95 * spent,
            "{errors:?}: {spent} tokens spent"
        );
        let given = tokens * outcome.elapsed.as_secs_f64();
        assert!(
            f64::from(ports) >= 0.93 * given,
            "{errors:?}: {ports} in {:?}",
            outcome.elapsed
        );
    }
}

#[test]
fn a_firewall_that_drops_half_of_the_ports_is_distinguished_from_the_limiter() {
    let dropped: Vec<u16> = (1..=400).filter(|p| p % 2 == 0).collect();
    for (errors, seed) in [
        (Limiter::LINUX, 1),
        (Limiter::Unlimited, 2),
        (Limiter::BSD, 3),
    ] {
        let host = SimHost::new(ip("10.1.0.1"))
            .limit_errors(errors)
            .with_udp(dropped.iter().copied(), Datagrams::Dropped);
        let mut network = Network::new([host], near(), 1);
        let plan = complete(udp_plan(&one("10.1.0.1"), 1..=400, seed));
        let outcome = run(plan, &mut network);
        assert_eq!(
            outcome.ports(ip("10.1.0.1"), PortState::OpenFiltered),
            dropped,
            "{errors:?}"
        );
        assert_eq!(outcome.ports(ip("10.1.0.1"), PortState::Closed).len(), 200);
    }
}

#[test]
fn an_unresponsive_host_is_given_up_soon_and_its_silence_proves_nothing() {
    let host = SimHost::new(ip("10.1.0.1"))
        .limit_errors(Limiter::Silent)
        .with_udp([53], Datagrams::Dns);
    let mut network = Network::new([host], near(), 1);
    let outcome = run(
        complete(udp_plan(&one("10.1.0.1"), 1..=500, 1)),
        &mut network,
    );
    assert_eq!(outcome.ports(ip("10.1.0.1"), PortState::Open), [53]);
    assert_eq!(outcome.ports(ip("10.1.0.1"), PortState::Closed), []);
    assert_eq!(
        summary(&outcome).udp.unwrap().limit,
        ErrorLimit::Unresponsive
    );
    assert!(
        outcome.elapsed < Duration::from_secs(30),
        "{:?}",
        outcome.elapsed
    );
}

#[test]
fn several_addresses_have_a_bucket_each() {
    let host = SimHost::new(ip("10.1.0.1"));
    let mut network = Network::new([host], near(), 1);
    let mut plan = complete(udp_plan(&one("10.1.0.1"), 1..=200, 1));
    plan.spec.udp.as_mut().unwrap().sources = vec![ip("10.0.0.8"), ip("10.0.0.9")];
    let outcome = run(plan, &mut network);
    assert_eq!(outcome.ports(ip("10.1.0.1"), PortState::Closed).len(), 200);
    let given = 3.0 * (6.0 + outcome.elapsed.as_secs_f64());
    assert!(200.0 >= 0.9 * given, "200 of {given}");
}

#[test]
fn unproven_ports_get_a_sampled_bound() {
    let host = SimHost::new(ip("10.1.0.1"));
    let mut network = Network::new([host], near(), 1);
    let outcome = run(udp_plan(&one("10.1.0.1"), 1..=1000, 1), &mut network);
    let udp = summary(&outcome).udp.unwrap();
    let closed = count(&outcome, PortState::Closed, Reason::PortUnreach);
    let unproven = count(&outcome, PortState::Unknown, Reason::Unproven);
    assert_eq!(closed + unproven, 1000);
    assert_eq!(unproven, udp.unproven);
    assert!(closed >= 60, "{closed}");
    let sample = udp.sample.unwrap();
    assert!(
        sample.drawn >= 25 && sample.closed == sample.drawn,
        "{sample:?}"
    );
    assert_eq!(summary(&outcome).ended, EndReason::Budget);
    assert!(
        outcome.elapsed < Duration::from_secs(80),
        "{:?}",
        outcome.elapsed
    );
}

#[test]
fn ipv6_is_proven_too() {
    let host = SimHost::new(ip("fd00::7"))
        .limit_errors(Limiter::LINUX_V6)
        .with_udp([53], Datagrams::Dns)
        .with_udp([99], Datagrams::Rejected(1, 1));
    let mut network = Network::new([host], near(), 1);
    let outcome = run(
        complete(udp_plan(&one("fd00::7"), 1..=200, 1)),
        &mut network,
    );
    assert_eq!(outcome.ports(ip("fd00::7"), PortState::Open), [53]);
    assert_eq!(outcome.ports(ip("fd00::7"), PortState::Filtered), [99]);
    assert_eq!(outcome.ports(ip("fd00::7"), PortState::Closed).len(), 198);
}

/// A thousand hosts with loss, some ports not closed: no verdict is wrong, and the sampled bound holds as often as it
/// claims.
#[test]
fn a_thousand_seeds_give_no_wrong_verdict_and_the_sampled_bound_holds() {
    let target = ip("10.1.0.1");
    let (mut bounded, mut held, mut missed, mut silent) = (0u32, 0u32, 0u64, 0u64);
    for seed in 0..1000u64 {
        let mut random = Random::new(seed);
        let part = random.unit() * 0.15;
        let quiet: BTreeSet<u16> = (1..=500).filter(|_| random.chance(part)).collect();
        let open: BTreeSet<u16> = (0..3).map(|_| 1 + random.below(500) as u16).collect();
        let errors = match seed % 4 {
            0 => Limiter::LINUX,
            1 => Limiter::LINUX_V6,
            2 => Limiter::BSD,
            _ => Limiter::Bucket(Bucket::new(2.0, 6.0)),
        };
        let host = SimHost::new(target)
            .limit_errors(errors)
            .with_udp(quiet.iter().copied(), Datagrams::Dropped)
            .with_udp(open.iter().copied(), Datagrams::Dns);
        let mut path = Path::new(Duration::from_millis(1 + random.below(40)))
            .with_loss(Loss::Even(random.unit() * 0.03));
        path.jitter = Duration::from_micros(random.below(300));
        path.duplicate = random.unit() * 0.02;
        let mut network = Network::new([host], path, seed);
        let outcome = run(udp_plan(&one("10.1.0.1"), 1..=500, seed), &mut network);
        for finding in outcome.findings() {
            let port = finding.port;
            match finding.state {
                PortState::Open => assert!(open.contains(&port), "seed {seed}: {finding:?}"),
                PortState::Closed => assert!(
                    !open.contains(&port) && !quiet.contains(&port),
                    "seed {seed}: {finding:?}"
                ),
                PortState::OpenFiltered => {
                    silent += 1;
                    missed += u64::from(!quiet.contains(&port) && !open.contains(&port));
                }
                PortState::Unknown => {}
                other => panic!("seed {seed}: {other}"),
            }
        }
        let Some(sample) = summary(&outcome).udp.unwrap().sample else {
            continue;
        };
        // Candidates that are not closed: dropped ports, and servers that were missed.
        let found = outcome.ports(target, PortState::Open).len();
        let truth = (quiet.difference(&open).count() + open.len() - found) as u64;
        bounded += 1;
        held += u32::from(truth <= sample.most);
    }
    println!(
        "the bound held {held} of {bounded} times; {missed} of {silent} silent verdicts were of closed ports"
    );
    assert!(bounded > 300);
    assert!(
        f64::from(held) >= 0.95 * f64::from(bounded),
        "{held} of {bounded}"
    );
    assert!(
        missed as f64 <= 1e-3 * silent as f64 + 3.0,
        "{missed} of {silent}"
    );
}
