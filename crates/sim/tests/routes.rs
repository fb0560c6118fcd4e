//! `--traceroute` through routers that limit their errors as Linux does, with loss, silence and interruptions.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{EndReason, Event, Path as Way};
use vigie_scan::plan::{Discovery, DiscoveryProbe, Plan};
use vigie_scan::probe::Kind;
use vigie_scan::{Instant, PortState};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::{Answering, Datagrams, SimRouter};
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, resume, run, run_until, run_with, udp_plan};
use vigie_sim::{Network, Outcome, Path, SimHost};

const ROUTERS: u8 = 8;

fn router(ttl: u8) -> IpAddr {
    [192, 0, 2, ttl].into()
}

/// Hosts of this many networks, so many in each, behind eight routers.
fn network(networks: u8, each: u8, loss: f64, seed: u64) -> Network {
    let hosts = (0..networks).flat_map(|net| (1..=each).map(move |n| [10, 1, net, n]));
    let hosts = hosts.map(|ip| SimHost::new(ip.into()).with([22], Answering::Open));
    let path = Path::new(Duration::from_millis(10)).with_loss(Loss::Even(loss));
    let mut network = Network::new(hosts, path, seed);
    network.routers = (1..=ROUTERS)
        .map(|ttl| SimRouter::new(router(ttl)))
        .collect();
    network
}

fn traced(mut plan: Plan) -> Plan {
    plan.spec.traceroute = true;
    plan
}

/// `-sn --traceroute` of the hosts of `network`.
fn hosts_only(network: &Network, seed: u64) -> Plan {
    let targets = RangeSet::new(network.hosts.keys().map(|ip| Range::single(*ip, 0)));
    let mut plan = traced(plan(&targets, PortList::default(), seed));
    plan.spec.discovery = Discovery::Ask;
    plan
}

fn ways(outcome: &Outcome) -> BTreeMap<IpAddr, &Way> {
    let mut ways = BTreeMap::new();
    for event in &outcome.events {
        if let Event::Path(path) = event {
            ways.insert(path.host.ip, path.as_ref());
        }
    }
    ways
}

fn addresses(way: &Way) -> Vec<Option<IpAddr>> {
    way.hops.iter().map(|h| h.ip).collect()
}

fn truth(host: IpAddr) -> Vec<Option<IpAddr>> {
    let routers = (1..=ROUTERS).map(router);
    routers.chain([host]).map(Some).collect()
}

fn ending(outcome: &Outcome) -> (bool, EndReason) {
    let last = outcome.events.last();
    let Some(Event::End(end)) = last else {
        panic!("the last event is the end, not {last:?}");
    };
    (end.complete, end.ended)
}

#[test]
fn fifty_hosts_of_two_networks_are_right_and_routers_are_asked_a_few_times() {
    for seed in 0..20 {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.02 };
        let mut network = network(2, 25, loss, seed);
        let plan = hosts_only(&network, seed);
        let outcome = run(plan, &mut network);
        let ways = ways(&outcome);
        assert_eq!(ways.len(), 50, "seed {seed}");
        for (host, way) in &ways {
            assert_eq!(addresses(way), truth(*host), "seed {seed} {host}");
            let shared = way.hops.iter().filter(|h| h.shared.is_some()).count();
            assert!(shared == 0 || shared >= usize::from(ROUTERS) - 1, "{way:?}");
        }
        let most = network.routers.iter().map(|r| r.asked).max();
        assert!(most <= Some(6), "seed {seed}: {most:?}");
        assert!(outcome.elapsed < Duration::from_secs(5), "seed {seed}");
    }
}

#[test]
fn where_every_host_has_a_network_the_last_router_is_asked_in_step_with_its_limit() {
    let mut network = network(30, 1, 0.0, 3);
    let plan = hosts_only(&network, 3);
    let outcome = run(plan, &mut network);
    let ways = ways(&outcome);
    assert_eq!(ways.len(), 30);
    for (host, way) in &ways {
        assert_eq!(addresses(way), truth(*host), "{host}");
    }
    // 30 answers, of which 6 came at once.
    assert!(outcome.elapsed > Duration::from_secs(20));
    assert!(
        outcome.elapsed < Duration::from_secs(40),
        "{:?}",
        outcome.elapsed
    );
}

#[test]
fn a_silent_router_is_a_gap_and_an_unlimited_one_is_no_hurry() {
    let mut network = network(2, 25, 0.0, 5);
    network.routers[3].errors = None;
    let plan = hosts_only(&network, 5);
    let outcome = run(plan, &mut network);
    for (host, way) in ways(&outcome) {
        let mut wanted = truth(host);
        wanted[3] = None;
        assert_eq!(addresses(way), wanted, "{host}");
    }
}

#[test]
fn ports_stand_in_for_hosts_that_nobody_looked_for() {
    // Open TCP ports, and UDP ports of a host that says nothing else.
    let mut network = network(1, 3, 0.0, 7);
    let targets = RangeSet::new([Range::prefix("10.1.0.0".parse().unwrap(), 29, 0)]);
    let outcome = run(traced(plan(&targets, ports(20, 25), 7)), &mut network);
    let found: Vec<IpAddr> = ways(&outcome).into_keys().collect();
    assert_eq!(found, [1, 2, 3].map(|n| IpAddr::from([10, 1, 0, n])));
    for (host, way) in ways(&outcome) {
        assert_eq!(addresses(way), truth(host), "{host}");
    }
    let mute = SimHost::new([10, 1, 0, 9].into())
        .otherwise(Answering::Dropped)
        .with_udp([53], Datagrams::Dns);
    network.hosts.insert(mute.ip, mute);
    let targets = RangeSet::new([Range::single([10, 1, 0, 9].into(), 0)]);
    let outcome = run(traced(udp_plan(&targets, [53, 1000], 7)), &mut network);
    let ways = ways(&outcome);
    let way = ways.values().next().expect("a way");
    assert_eq!(&addresses(way)[..8], &truth(way.host.ip)[..8]);
}

#[test]
fn interrupted_or_out_of_time_what_is_known_is_told() {
    let mut many = network(30, 1, 0.0, 3);
    let at = Instant::from_millis(4_000);
    let plan = hosts_only(&many, 3);
    let outcome = run_with(plan.clone(), &mut many, Vec::new(), Some(at));
    assert_eq!(ending(&outcome), (false, EndReason::Interrupted));
    assert_eq!(ways(&outcome).len(), 30);
    let mut many = network(30, 1, 0.0, 3);
    let mut hasty = plan;
    hasty.spec.budget.max_time = Some(Duration::from_secs(4));
    let outcome = run(hasty, &mut many);
    assert_eq!(ending(&outcome), (false, EndReason::MaxTime));
    assert!(outcome.elapsed < Duration::from_secs(5));
}

#[test]
fn cut_off_while_tracing_the_ports_are_kept_and_the_ways_traced_anew() {
    let targets = RangeSet::new((0..30).map(|net| Range::single([10, 1, net, 1].into(), 0)));
    let mut plan = traced(plan(&targets, ports(20, 40), 3));
    plan.spec.discovery = Discovery::Ask;
    plan.spec.discovery_probes = vec![DiscoveryProbe::new(Kind::ECHO, 0)];
    let mut first = network(30, 1, 0.0, 3);
    let checkpoint = run_until(plan.clone(), &mut first, Instant::from_millis(6_000));
    let mut second = network(30, 1, 0.0, 4);
    let outcome = resume(plan, &checkpoint, &mut second);
    for host in second.hosts.values() {
        assert_eq!(host.seen, 0, "{}: its ports were known", host.ip);
        assert_eq!(outcome.ports(host.ip, PortState::Open), [22]);
    }
    for (host, way) in ways(&outcome) {
        assert_eq!(addresses(way), truth(host), "{host}");
    }
    assert_eq!(ways(&outcome).len(), 30);
}
