//! Middleboxes that reset connections on behalf of a host, and replies from addresses that were not probed, are
//! reported. Ordinary hosts are not.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::Warning;
use vigie_scan::plan::Discovery;
use vigie_scan::{Event, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Network, Outcome, Path, SimHost};

fn host(i: u8) -> IpAddr {
    IpAddr::from([10, 1, 0, i])
}

fn scan(hosts: impl IntoIterator<Item = SimHost>, discovery: Discovery, seed: u64) -> Outcome {
    let path = Path::new(Duration::from_millis(5)).with_loss(Loss::Even(0.02));
    let mut network = Network::new(hosts, path, seed);
    let targets = RangeSet::new([Range::prefix(host(0), 30, 0)]);
    let mut plan = plan(&targets, ports(1, 120), seed);
    plan.spec.discovery = discovery;
    run(plan, &mut network)
}

/// Returns the hosts with foreign resets: address, number of ports, and both times to live.
fn foreign_resets(outcome: &Outcome) -> Vec<(IpAddr, u64, u8, u8)> {
    let about = |event: &Event| match event {
        Event::Warning(Warning::ForeignResets {
            host,
            count,
            ttl,
            own_ttl,
        }) => Some((host.ip, *count, *ttl, *own_ttl)),
        _ => None,
    };
    outcome.events.iter().filter_map(about).collect()
}

#[test]
fn a_middlebox_that_resets_everything_is_reported() {
    for seed in 0..5 {
        // Hosts that answer echo requests, behind a nearer device that resets their ports.
        let hosts = || (0..4).map(|i| SimHost::new(host(i)).otherwise(Answering::Intercepted(254)));
        let asked = scan(hosts(), Discovery::Probe, seed);
        let found_by_ping: Vec<IpAddr> = asked
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Host(f) if f.reason == vigie_scan::Reason::EchoReply => Some(f.host.ip),
                _ => None,
            })
            .collect();
        let reported = foreign_resets(&asked);
        assert!(!found_by_ping.is_empty(), "seed {seed}");
        for ip in found_by_ping {
            assert!(
                reported.contains(&(ip, 120, 254, 64)),
                "seed {seed}: {reported:?}"
            );
        }
        // Only the middlebox answered, so there is nothing to compare its resets with.
        assert_eq!(
            foreign_resets(&scan(hosts(), Discovery::AssumeUp, seed)),
            []
        );
        // One port is let through, and its replies show the distance of the host.
        let open = hosts().map(|h| h.with([80], Answering::Open));
        let reported = foreign_resets(&scan(open, Discovery::AssumeUp, seed));
        let all: Vec<_> = (0..4).map(|i| (host(i), 119, 254, 64)).collect();
        assert_eq!(reported, all, "seed {seed}");
    }
}

#[test]
fn ordinary_hosts_are_not_taken_for_a_middlebox() {
    for seed in 0..5 {
        for discovery in [Discovery::Probe, Discovery::AssumeUp] {
            let hosts = (0..4u8).map(|i| match i {
                0 => SimHost::new(host(i)),
                1 => SimHost::new(host(i)).with([22, 80], Answering::Open),
                2 => SimHost::new(host(i))
                    .with([22], Answering::Open)
                    .otherwise(Answering::Dropped),
                // Another machine answers for a few ports: a port forwarder, not a middlebox that resets.
                _ => SimHost::new(host(i))
                    .with([22], Answering::Open)
                    .with(100..=103, Answering::Intercepted(254)),
            });
            let outcome = scan(hosts, discovery, seed);
            assert_eq!(foreign_resets(&outcome), [], "seed {seed}, {discovery:?}");
            assert_eq!(outcome.ports(host(1), PortState::Open), [22, 80]);
        }
    }
}

#[test]
fn replies_from_an_unprobed_address_are_reported_and_settle_nothing() {
    let stranger: IpAddr = [10, 9, 9, 9].into();
    for seed in 0..3 {
        let hosts = (0..4).map(|i| {
            let host = SimHost::new(host(i)).with([22], Answering::Open);
            SimHost {
                replies_from: (i == 2).then_some(stranger),
                ..host
            }
        });
        let outcome = scan(hosts, Discovery::AssumeUp, seed);
        let strange = |event: &Event| match event {
            Event::Warning(Warning::StrangeSource { from, count }) => Some((*from, *count)),
            _ => None,
        };
        let reported: Vec<(IpAddr, u64)> = outcome.events.iter().filter_map(strange).collect();
        assert_eq!(reported.len(), 1, "seed {seed}: {reported:?}");
        assert_eq!(reported[0].0, stranger, "seed {seed}");
        assert!(reported[0].1 >= 120, "seed {seed}: {reported:?}");
        assert_eq!(outcome.ports(host(1), PortState::Open), [22]);
        assert_eq!(outcome.ports(host(2), PortState::Filtered).len(), 120);
    }
}
