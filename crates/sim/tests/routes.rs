//! `--traceroute` through routers that limit their errors as Linux does, with loss, silence and interruptions.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{EndReason, Event, Path as Route};
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

/// `networks` networks with `each` hosts, behind eight routers.
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
    plan.spec.discovery = Discovery::Probe;
    plan
}

fn routes(outcome: &Outcome) -> BTreeMap<IpAddr, &Route> {
    let mut routes = BTreeMap::new();
    for event in &outcome.events {
        if let Event::Path(path) = event {
            routes.insert(path.host.ip, path.as_ref());
        }
    }
    routes
}

fn addresses(route: &Route) -> Vec<Option<IpAddr>> {
    route.hops.iter().map(|h| h.ip).collect()
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
fn fifty_hosts_of_two_networks_cost_each_router_few_probes() {
    for seed in 0..20 {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.02 };
        let mut network = network(2, 25, loss, seed);
        let plan = hosts_only(&network, seed);
        let outcome = run(plan, &mut network);
        let routes = routes(&outcome);
        assert_eq!(routes.len(), 50, "seed {seed}");
        for (host, route) in &routes {
            assert_eq!(addresses(route), truth(*host), "seed {seed} {host}");
            let shared = route.hops.iter().filter(|h| h.shared.is_some()).count();
            assert!(
                shared == 0 || shared >= usize::from(ROUTERS) - 1,
                "{route:?}"
            );
        }
        let most = network.routers.iter().map(|r| r.errors_due).max();
        assert!(most <= Some(6), "seed {seed}: {most:?}");
        assert!(outcome.elapsed < Duration::from_secs(5), "seed {seed}");
    }
}

#[test]
fn hosts_of_different_networks_probe_the_last_router_at_its_limit() {
    let mut network = network(30, 1, 0.0, 3);
    let plan = hosts_only(&network, 3);
    let outcome = run(plan, &mut network);
    let routes = routes(&outcome);
    assert_eq!(routes.len(), 30);
    for (host, route) in &routes {
        assert_eq!(addresses(route), truth(*host), "{host}");
    }
    // 30 answers: 6 at once, then one per second.
    assert!(outcome.elapsed > Duration::from_secs(20));
    assert!(
        outcome.elapsed < Duration::from_secs(40),
        "{:?}",
        outcome.elapsed
    );
}

#[test]
fn a_silent_router_is_a_gap_in_the_route() {
    let mut network = network(2, 25, 0.0, 5);
    network.routers[3].errors = None;
    let plan = hosts_only(&network, 5);
    let outcome = run(plan, &mut network);
    for (host, route) in routes(&outcome) {
        let mut wanted = truth(host);
        wanted[3] = None;
        assert_eq!(addresses(route), wanted, "{host}");
    }
}

#[test]
fn without_host_discovery_the_hosts_with_answering_ports_are_traced() {
    // Hosts with open TCP ports, then a host on which only a UDP port answers.
    let mut network = network(1, 3, 0.0, 7);
    let targets = RangeSet::new([Range::prefix("10.1.0.0".parse().unwrap(), 29, 0)]);
    let outcome = run(traced(plan(&targets, ports(20, 25), 7)), &mut network);
    let found: Vec<IpAddr> = routes(&outcome).into_keys().collect();
    assert_eq!(found, [1, 2, 3].map(|n| IpAddr::from([10, 1, 0, n])));
    for (host, route) in routes(&outcome) {
        assert_eq!(addresses(route), truth(host), "{host}");
    }
    let unresponsive = SimHost::new([10, 1, 0, 9].into())
        .otherwise(Answering::Dropped)
        .with_udp([53], Datagrams::Dns);
    network.hosts.insert(unresponsive.ip, unresponsive);
    let targets = RangeSet::new([Range::single([10, 1, 0, 9].into(), 0)]);
    let outcome = run(traced(udp_plan(&targets, [53, 1000], 7)), &mut network);
    let routes = routes(&outcome);
    let route = routes.values().next().expect("a route");
    assert_eq!(&addresses(route)[..8], &truth(route.host.ip)[..8]);
}

#[test]
fn an_early_end_reports_the_known_hops() {
    let mut many = network(30, 1, 0.0, 3);
    let at = Instant::from_millis(4_000);
    let plan = hosts_only(&many, 3);
    let outcome = run_with(plan.clone(), &mut many, Vec::new(), Some(at));
    assert_eq!(ending(&outcome), (false, EndReason::Interrupted));
    assert_eq!(routes(&outcome).len(), 30);
    let mut many = network(30, 1, 0.0, 3);
    let mut short = plan;
    short.spec.budget.max_time = Some(Duration::from_secs(4));
    let outcome = run(short, &mut many);
    assert_eq!(ending(&outcome), (false, EndReason::MaxTime));
    assert!(outcome.elapsed < Duration::from_secs(5));
}

#[test]
fn a_resume_while_tracing_probes_no_port_and_traces_all_routes_again() {
    let targets = RangeSet::new((0..30).map(|net| Range::single([10, 1, net, 1].into(), 0)));
    let mut plan = traced(plan(&targets, ports(20, 40), 3));
    plan.spec.discovery = Discovery::Probe;
    plan.spec.discovery_probes = vec![DiscoveryProbe::new(Kind::ECHO, 0)];
    let mut first = network(30, 1, 0.0, 3);
    let checkpoint = run_until(plan.clone(), &mut first, Instant::from_millis(6_000));
    let mut second = network(30, 1, 0.0, 4);
    let outcome = resume(plan, &checkpoint, &mut second);
    for host in second.hosts.values() {
        assert_eq!(host.syns_received, 0, "{}: its ports were known", host.ip);
        assert_eq!(outcome.ports(host.ip, PortState::Open), [22]);
    }
    for (host, route) in routes(&outcome) {
        assert_eq!(addresses(route), truth(host), "{host}");
    }
    assert_eq!(routes(&outcome).len(), 30);
}
