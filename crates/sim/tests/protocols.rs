//! IP protocol scans in the simulator: silence is proof only if the limiter of the host let a control through.
//!
//! Every assertion must hold for every seed.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{EndReason, Warning};
use vigie_scan::plan::Technique;
use vigie_scan::{Event, Plan, PortState, Reason};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::SimHost;
use vigie_sim::host::{Datagrams, Limiter};
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::run::{Outcome, plan, run};

const TARGET: &str = "10.1.0.1";
/// Protocols that the target drops. The UDP probe finds a closed port, so protocol 17 is open like 1 and 6.
const SILENT: [u8; 4] = [2, 47, 51, 136];
const OPEN: [u16; 3] = [1, 6, 17];

fn ip() -> IpAddr {
    TARGET.parse().unwrap()
}

fn host(errors: Limiter) -> SimHost {
    SimHost::new(ip())
        .limit_errors(errors)
        .protocols_otherwise(Datagrams::Closed)
        .with_protocols(SILENT, Datagrams::Silent)
        .with_protocols([103], Datagrams::Rejected(3, 13))
}

fn protocols(numbers: impl IntoIterator<Item = u16>, seed: u64) -> Plan {
    // The simulator does not answer ICMPv6 in IPv4.
    let numbers = numbers.into_iter().filter(|n| *n != 58);
    let ports = PortList::new(numbers.map(|n| (Transport::Ip, n)));
    let targets = RangeSet::new([Range::single(ip(), 0)]);
    let mut plan = plan(&targets, ports, seed);
    plan.spec.tcp.as_mut().expect("protocols").technique = Technique::IpProtocol;
    plan.spec.budget.rate_limit_probing = None;
    plan
}

fn network(host: SimHost, loss: f64, seed: u64) -> Network {
    let path = Path::new(Duration::from_millis(5)).with_loss(Loss::Even(loss));
    Network::new([host], path, seed)
}

fn end(outcome: &Outcome) -> EndReason {
    let end = |e: &Event| match e {
        Event::End(ending) => Some(ending.ended),
        _ => None,
    };
    outcome.events.iter().find_map(end).expect("it ended")
}

#[test]
fn every_protocol_gets_its_state_under_every_limiter() {
    for errors in [
        Limiter::LINUX,
        Limiter::LINUX_V6,
        Limiter::BSD,
        Limiter::Unlimited,
    ] {
        for loss in [0.0, 0.01, 0.05] {
            for seed in 0..8 {
                let mut network = network(host(errors), loss, seed);
                let outcome = run(protocols(0..256, seed), &mut network);
                let what = format!("{errors:?}, loss {loss}, seed {seed}");
                assert_eq!(outcome.ports(ip(), PortState::Open), OPEN, "{what}");
                let silent = outcome.ports(ip(), PortState::OpenFiltered);
                assert_eq!(silent, SILENT.map(u16::from), "{what}");
                assert_eq!(outcome.ports(ip(), PortState::Filtered), [103], "{what}");
                let closed = outcome.ports(ip(), PortState::Closed).len();
                assert_eq!(closed, 255 - 8, "{what}");
                assert_eq!(end(&outcome), EndReason::Complete, "{what}");
            }
        }
    }
}

#[test]
fn a_linux_limiter_is_probed_at_its_own_rate() {
    let mut network = network(host(Limiter::LINUX), 0.0, 1);
    let outcome = run(protocols(0..256, 1), &mut network);
    let took = outcome.elapsed.as_secs_f64();
    println!("{took:.1} s, {} frames", outcome.sent);
    // One second for each error: 248 closed protocols, one rejected, and the closed UDP port, without the six that come
    // at once; and the trains of the silent protocols.
    assert!((243.0..262.0).contains(&took), "{took}");
    let reported = outcome.events.iter().any(|e| {
        matches!(e, Event::Warning(Warning::LimitsErrors { rate, .. }) if (0.9..1.2).contains(rate))
    });
    assert!(reported);
}

#[test]
fn ports_beyond_the_budget_stay_unproven() {
    for seed in 0..20 {
        let mut network = network(host(Limiter::LINUX), 0.02, seed);
        let mut plan = protocols(0..256, seed);
        plan.spec.budget.rate_limit_probing = Some(Duration::from_mins(1));
        let outcome = run(plan, &mut network);
        assert!(outcome.elapsed < Duration::from_secs(70), "seed {seed}");
        assert_eq!(end(&outcome), EndReason::Budget, "seed {seed}");
        assert_eq!(outcome.ports(ip(), PortState::Open), OPEN, "seed {seed}");
        for finding in outcome.findings() {
            let silent = SILENT.map(u16::from).contains(&finding.port);
            match finding.state {
                PortState::OpenFiltered => assert!(silent, "seed {seed}: {finding:?}"),
                PortState::Closed => assert!(!silent, "seed {seed}: {finding:?}"),
                PortState::Unknown => assert_eq!(finding.reason, Reason::Unproven),
                _ => {}
            }
        }
        // The protocols in common use come first.
        let closed = outcome.ports(ip(), PortState::Closed);
        for spoken in [50, 132, 89, 4, 41, 112] {
            assert!(closed.contains(&spoken), "seed {seed}: {closed:?}");
        }
        assert!(closed.len() > 45, "seed {seed}: {}", closed.len());
    }
}

#[test]
fn a_control_is_found_outside_a_short_list() {
    for seed in 0..20 {
        // No requested protocol is closed, so only unassigned numbers show that the host sends errors.
        let mut network = network(host(Limiter::LINUX), 0.02, seed);
        let outcome = run(protocols([1, 2, 47, 51], seed), &mut network);
        let silent = outcome.ports(ip(), PortState::OpenFiltered);
        assert_eq!(silent, [2, 47, 51], "seed {seed}");
        assert_eq!(end(&outcome), EndReason::Complete, "seed {seed}");
        assert!(outcome.elapsed < Duration::from_secs(15), "seed {seed}");
    }
}

#[test]
fn a_host_that_sends_no_errors_is_given_up_soon() {
    let mut network = network(host(Limiter::Silent), 0.0, 1);
    let outcome = run(protocols(0..256, 1), &mut network);
    assert_eq!(outcome.ports(ip(), PortState::Open), [1, 6]);
    assert_eq!(outcome.ports(ip(), PortState::OpenFiltered).len(), 253);
    assert!(
        outcome.elapsed < Duration::from_secs(20),
        "{:?}",
        outcome.elapsed
    );
}
