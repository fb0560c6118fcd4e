//! Hosts at different distances in one scan: the estimates of near hosts must not be applied to far ones.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::plan::Discovery;
use vigie_scan::{Event, HostState, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::network::Network;
use vigie_sim::path::Path;
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Outcome, SimHost};

/// The first host is far, the others near.
const FAR: &str = "10.1.0.1";

fn network(near: u8, further: Duration, seed: u64) -> Network {
    let host = |last: u8| {
        let ip = IpAddr::from([10, 1, 0, last]);
        let host = SimHost::new(ip).with([22, 80], Answering::Open);
        let firewall = host
            .with(60..=90, Answering::Dropped)
            .with([80], Answering::Open);
        if last == 1 {
            firewall.with_extra_delay(further)
        } else {
            firewall
        }
    };
    Network::new(
        (1..=near + 1).map(host),
        Path::new(Duration::from_micros(200)),
        seed,
    )
}

fn scan(near: u8, further: Duration, discovery: Discovery, seed: u64) -> Outcome {
    let hosts = (1..=near + 1).map(|last| Range::single(IpAddr::from([10, 1, 0, last]), 0));
    let mut plan = plan(&RangeSet::new(hosts), ports(1, 100), seed);
    plan.spec.discovery = discovery;
    run(plan, &mut network(near, further, seed))
}

#[test]
fn a_far_host_among_near_ones_is_found_up() {
    for further in [50, 200, 450].map(Duration::from_millis) {
        for seed in 0..5 {
            let outcome = scan(50, further, Discovery::Probe, seed);
            let far: IpAddr = FAR.parse().unwrap();
            let down = outcome.events.iter().any(
                |e| matches!(e, Event::Host(f) if f.host.ip == far && f.state == HostState::Down),
            );
            assert!(!down, "{further:?} further, seed {seed}");
        }
    }
}

#[test]
fn a_far_host_among_near_ones_has_its_ports() {
    let far: IpAddr = FAR.parse().unwrap();
    for discovery in [Discovery::Probe, Discovery::AssumeUp] {
        for further in [50, 200, 450].map(Duration::from_millis) {
            for seed in 0..5 {
                let outcome = scan(50, further, discovery, seed);
                let what = format!("{discovery:?}, {further:?} further, seed {seed}");
                assert_eq!(outcome.ports(far, PortState::Open), [22, 80], "{what}");
                assert_eq!(outcome.ports(far, PortState::Closed).len(), 68, "{what}");
            }
        }
    }
}
