//! Host discovery among many addresses, most of them unused: every host is found, and the silence of unused addresses
//! does not lower the rate.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use vigie_scan::plan::{Discovery, NextHop};
use vigie_scan::{Event, HostState, Instant, Plan};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Family, Range, RangeSet};
use vigie_sim::SimHost;
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::random::Random;
use vigie_sim::run::{Change, Outcome, plan, run, run_with};
use vigie_wire::MacAddr;

const FIRST: u32 = 0x0a51_0000;

/// Returns `live` random addresses among the `size` addresses from 10.81.0.0 on.
fn hosts(size: u32, live: usize, seed: u64) -> BTreeSet<IpAddr> {
    let mut random = Random::new(seed);
    let mut hosts = BTreeSet::new();
    while hosts.len() < live {
        let ip = Ipv4Addr::from(FIRST + random.below(u64::from(size)) as u32);
        hosts.insert(IpAddr::V4(ip));
    }
    hosts
}

fn discovery_plan(size: u32, hop: Option<NextHop>, seed: u64) -> Plan {
    let range = Range {
        family: Family::V4,
        zone: 0,
        first: FIRST.into(),
        last: u128::from(FIRST + size - 1),
    };
    let mut plan = plan(&RangeSet::new([range]), PortList::default(), seed);
    plan.spec.discovery = Discovery::Probe;
    if let Some(hop) = hop {
        plan.local.routes[0].hop = hop;
    }
    plan
}

fn found(outcome: &Outcome) -> BTreeSet<IpAddr> {
    let up = outcome.events.iter().filter_map(|e| match e {
        Event::Host(found) if found.state == HostState::Up => Some(found.host.ip),
        _ => None,
    });
    up.collect()
}

/// Discovers hosts on a link. Returns the number of hosts found, the duration and the number of frames sent.
fn on_link(size: u32, live: usize, link: Path, seed: u64) -> (usize, Duration, u64) {
    let expected = hosts(size, live, seed);
    let host = |(i, ip): (usize, &IpAddr)| {
        let mut host = SimHost::new(*ip);
        host.mac = MacAddr([2, 0, 1, 0, (i >> 8) as u8, i as u8]);
        host
    };
    let mut network = Network::new(
        expected.iter().enumerate().map(host),
        Path::new(Duration::from_micros(100)),
        seed,
    );
    network.link = link;
    let outcome = run(
        discovery_plan(size, Some(NextHop::OnLink), seed),
        &mut network,
    );
    let up = found(&outcome);
    assert!(
        up.is_subset(&expected),
        "a host was found that does not exist"
    );
    (up.len(), outcome.elapsed, outcome.sent)
}

#[test]
fn neighbours_are_found_among_many_unused_addresses() {
    // The maximum rate on a link is 5,000 probes per second: four tries at 16,384 addresses take 13 s.
    let pace = |size: u32, tries: u32| Duration::from_secs_f64(f64::from(size * tries) / 5_000.0);
    for (live, loss, tries) in [(200, 0.0, 2), (50, 0.02, 3), (3_000, 0.02, 3), (20, 0.1, 4)] {
        for seed in 1..=2 {
            let link = Path::new(Duration::from_micros(50)).with_loss(Loss::Even(loss));
            let (found, took, sent) = on_link(1 << 14, live, link, seed);
            let what = format!("{live} live, loss {loss}, seed {seed}: {took:?}, {sent} sent");
            assert_eq!(found, live, "{what}");
            assert!(took < pace(1 << 14, tries).mul_f64(1.15), "{what}");
            assert!(took > pace(1 << 14, 2).mul_f64(0.9), "too fast: {what}");
        }
    }
}

#[test]
fn few_neighbours_or_none_do_not_lower_the_rate() {
    for live in [0, 1, 3] {
        let (found, took, sent) = on_link(1 << 14, live, Path::new(Duration::ZERO), 1);
        assert_eq!(found, live);
        let pace = sent as f64 / took.as_secs_f64();
        assert!(pace > 4_000.0, "{live}: {pace} a second");
    }
}

#[test]
fn a_slow_link_is_not_flooded() {
    // A wireless link that carries 3,000 broadcasts per second. The answers of live neighbours show its capacity.
    let link = Path::new(Duration::from_millis(2)).with_bottleneck(3_000.0, 100);
    let (found, _, sent) = on_link(1 << 13, 2_000, link, 1);
    assert_eq!(found, 2_000);
    assert!(sent < 4 * (1 << 13), "{sent}");
}

#[test]
fn hosts_behind_a_router_are_found_through_loss_and_a_bottleneck() {
    for (live, seed) in [(750, 1), (750, 2), (8, 3)] {
        let expected = hosts(1 << 14, live, seed);
        let path = Path::new(Duration::from_millis(25))
            .with_loss(Loss::Even(0.01))
            .with_bottleneck(20_000.0, 500);
        let mut network = Network::new(expected.iter().map(|ip| SimHost::new(*ip)), path, seed);
        let outcome = run(discovery_plan(1 << 14, None, seed), &mut network);
        let up = found(&outcome);
        assert!(
            up.is_subset(&expected),
            "a host was found that does not exist"
        );
        assert!(
            up.len() as f64 >= 0.999 * live as f64,
            "{} of {live}",
            up.len()
        );
        let share = network.out.overflowed as f64 / outcome.sent as f64;
        assert!(share < 0.2, "{share} did not fit the bottleneck");
        let least = outcome.sent as f64 / 20_000.0;
        assert!(
            outcome.elapsed.as_secs_f64() < 1.6 * least,
            "{:?}",
            outcome.elapsed
        );
    }
}

#[test]
fn the_rate_recovers_after_a_path_was_congested() {
    for (seed, congested) in [(1, 200.0), (2, 500.0), (3, 1_000.0)] {
        let expected = hosts(1 << 15, 1_500, seed);
        let path = Path::new(Duration::from_millis(25))
            .with_loss(Loss::Even(0.01))
            .with_bottleneck(20_000.0, 500);
        let mut network = Network::new(expected.iter().map(|ip| SimHost::new(*ip)), path, seed);
        let mut changes: Vec<Change> = Vec::new();
        for second in 0..4 {
            let at = Instant::from_millis(1_000 + 1_500 * second);
            let set = |rate: f64| {
                Box::new(move |network: &mut Network| network.out.rate = Some(rate))
                    as Box<dyn FnOnce(&mut Network)>
            };
            changes.push((at, set(congested)));
            changes.push((at + Duration::from_millis(300), set(20_000.0)));
        }
        let outcome = run_with(
            discovery_plan(1 << 15, None, seed),
            &mut network,
            changes,
            None,
        );
        let up = found(&outcome).len();
        assert!(up as f64 >= 0.999 * 1_500.0, "{up} of 1,500");
        let least = outcome.sent as f64 / 20_000.0;
        assert!(
            outcome.elapsed.as_secs_f64() < 3.0 * least,
            "{congested}: {:?}, at least {least}",
            outcome.elapsed
        );
    }
}
