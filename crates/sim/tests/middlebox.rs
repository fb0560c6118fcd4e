//! Boxes that refuse in a host's name, and answers from addresses never asked, are told of; ordinary hosts are not
//! taken for either.

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

/// Who is said to be spoken for: the host, ports, and both times to live.
fn spoken_for(outcome: &Outcome) -> Vec<(IpAddr, u64, u8, u8)> {
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
fn a_box_that_resets_everything_is_told_of() {
    for seed in 0..5 {
        // A whole network of hosts that answer echo requests, and whose ports something nearer refuses.
        let hosts = || (0..4).map(|i| SimHost::new(host(i)).otherwise(Answering::Intercepted(254)));
        let asked = scan(hosts(), Discovery::Ask, seed);
        let found_by_ping: Vec<IpAddr> = asked
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Host(f) if f.reason == vigie_scan::Reason::EchoReply => Some(f.host.ip),
                _ => None,
            })
            .collect();
        let told = spoken_for(&asked);
        assert!(!found_by_ping.is_empty(), "seed {seed}");
        for ip in found_by_ping {
            assert!(told.contains(&(ip, 120, 254, 64)), "seed {seed}: {told:?}");
        }
        // Nobody was heard but the box: there is nothing to tell it by.
        assert_eq!(spoken_for(&scan(hosts(), Discovery::AssumeUp, seed)), []);
        // One port is let through, and tells.
        let open = hosts().map(|h| h.with([80], Answering::Open));
        let told = spoken_for(&scan(open, Discovery::AssumeUp, seed));
        let all: Vec<_> = (0..4).map(|i| (host(i), 119, 254, 64)).collect();
        assert_eq!(told, all, "seed {seed}");
    }
}

#[test]
fn ordinary_hosts_are_not_taken_for_it() {
    for seed in 0..5 {
        for discovery in [Discovery::Ask, Discovery::AssumeUp] {
            let hosts = (0..4u8).map(|i| match i {
                0 => SimHost::new(host(i)),
                1 => SimHost::new(host(i)).with([22, 80], Answering::Open),
                2 => SimHost::new(host(i))
                    .with([22], Answering::Open)
                    .otherwise(Answering::Dropped),
                // A few of its ports are another's: that is a forwarder, and no box that refuses.
                _ => SimHost::new(host(i))
                    .with([22], Answering::Open)
                    .with(100..=103, Answering::Intercepted(254)),
            });
            let outcome = scan(hosts, discovery, seed);
            assert_eq!(spoken_for(&outcome), [], "seed {seed}, {discovery:?}");
            assert_eq!(outcome.ports(host(1), PortState::Open), [22, 80]);
        }
    }
}

#[test]
fn answers_from_an_address_never_asked_are_told_of_and_settle_nothing() {
    let stranger: IpAddr = [10, 9, 9, 9].into();
    for seed in 0..3 {
        let hosts = (0..4).map(|i| {
            let host = SimHost::new(host(i)).with([22], Answering::Open);
            SimHost {
                speaks_as: (i == 2).then_some(stranger),
                ..host
            }
        });
        let outcome = scan(hosts, Discovery::AssumeUp, seed);
        let strange = |event: &Event| match event {
            Event::Warning(Warning::StrangeSource { from, count }) => Some((*from, *count)),
            _ => None,
        };
        let told: Vec<(IpAddr, u64)> = outcome.events.iter().filter_map(strange).collect();
        assert_eq!(told.len(), 1, "seed {seed}: {told:?}");
        assert_eq!(told[0].0, stranger, "seed {seed}");
        assert!(told[0].1 >= 120, "seed {seed}: {told:?}");
        assert_eq!(outcome.ports(host(1), PortState::Open), [22]);
        assert_eq!(outcome.ports(host(2), PortState::Filtered).len(), 120);
    }
}
