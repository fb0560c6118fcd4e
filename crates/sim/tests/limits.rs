//! The rate limit per host, and hosts that block the scanner.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{Event, Warning};
use vigie_scan::{Instant, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, resume, run, run_until, run_with};
use vigie_sim::{Change, Network, Path, SimHost};

fn host(i: u8) -> IpAddr {
    IpAddr::from([10, 1, 0, i])
}

fn four() -> RangeSet {
    RangeSet::new([Range::prefix(host(0), 30, 0)])
}

#[test]
fn no_host_exceeds_its_rate_limit() {
    for seed in 0..5 {
        // One host is silent, so the later rounds probe only that one.
        let hosts = (0..4u8).map(|i| {
            let default = if i == 0 {
                Answering::Dropped
            } else {
                Answering::Closed
            };
            SimHost::new(host(i)).otherwise(default)
        });
        let mut network = Network::new(hosts, Path::new(Duration::from_millis(10)), seed);
        let mut plan = plan(&four(), ports(1, 300), seed);
        plan.spec.budget.max_host_rate = Some(50.0);
        let outcome = run(plan, &mut network);
        for i in 0..4 {
            let seen = network.hosts[&host(i)].syns_received as f64;
            let most = 1.25 * 50.0 * outcome.elapsed.as_secs_f64() + 5.0;
            assert!(
                seen <= most,
                "host {i} got {seen} in {:?}, seed {seed}",
                outcome.elapsed
            );
        }
        assert!(
            outcome.elapsed < Duration::from_secs(25),
            "{:?} for 600 probes at 50 a second",
            outcome.elapsed
        );
        assert_eq!(
            outcome.ports(host(1), PortState::Closed).len(),
            300,
            "seed {seed}"
        );
    }
}

/// The run is killed while only the silent host is retried. After the resume that host must not get the rate of the
/// others as well.
#[test]
fn no_host_exceeds_its_rate_limit_after_a_resume() {
    for seed in 0..5 {
        let network = || {
            let hosts = (0..4u8).map(|i| {
                let host = SimHost::new(host(i));
                if i == 0 {
                    host.otherwise(Answering::Dropped)
                } else {
                    host
                }
            });
            Network::new(hosts, Path::new(Duration::from_millis(10)), seed)
        };
        let mut plan = plan(&four(), ports(1, 300), seed);
        plan.spec.budget.max_host_rate = Some(50.0);
        let checkpoint = run_until(plan.clone(), &mut network(), Instant::from_millis(7_500));
        let mut network = network();
        let outcome = resume(plan, &checkpoint, &mut network);
        let seen = network.hosts[&host(0)].syns_received as f64;
        let most = 1.25 * 50.0 * outcome.elapsed.as_secs_f64() + 5.0;
        assert!(
            seen > 100.0 && seen <= most,
            "{seen} in {:?}, seed {seed}",
            outcome.elapsed
        );
    }
}

fn stopped_answering(events: &[Event]) -> Vec<IpAddr> {
    let silent = |event: &Event| match event {
        Event::Warning(Warning::StoppedAnswering { host }) => Some(host.ip),
        _ => None,
    };
    events.iter().filter_map(silent).collect()
}

#[test]
fn a_host_that_starts_to_block_the_scanner_is_reported() {
    for seed in 0..5 {
        let hosts = (0..4u8).map(|i| SimHost::new(host(i)).with([22, 80], Answering::Open));
        let path = Path::new(Duration::from_millis(10)).with_bottleneck(5_000.0, 200);
        let mut network = Network::new(hosts, path, seed);
        let block = |network: &mut Network| {
            if let Some(host) = network.hosts.get_mut(&host(2)) {
                host.default = Answering::Dropped;
                host.ports.clear();
            }
        };
        let at = Instant::from_millis(1_000);
        let changes: Vec<Change> = vec![(at, Box::new(block))];
        let outcome = run_with(
            plan(&four(), ports(1, 5_000), seed),
            &mut network,
            changes,
            None,
        );
        assert_eq!(stopped_answering(&outcome.events), [host(2)], "seed {seed}");
    }
}

#[test]
fn loss_and_silence_are_not_taken_for_blocking() {
    for seed in 0..10 {
        let hosts = (0..4u8).map(|i| {
            let default = if i == 0 {
                Answering::Dropped
            } else {
                Answering::Closed
            };
            SimHost::new(host(i)).otherwise(default)
        });
        let path = Path::new(Duration::from_millis(10))
            .with_bottleneck(5_000.0, 100)
            .with_loss(Loss::Even(0.05));
        let mut network = Network::new(hosts, path, seed);
        let outcome = run(plan(&four(), ports(1, 5_000), seed), &mut network);
        assert!(stopped_answering(&outcome.events).is_empty(), "seed {seed}");
    }
}
