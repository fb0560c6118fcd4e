//! A scan never sends more than the maximum that its plan states, whatever the network does.

use std::net::IpAddr;
use std::time::Duration;

use proptest::prelude::*;
use vigie_scan::Plan;
use vigie_scan::plan::{Discovery, Shard};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::{Answering, Datagrams, Limiter};
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, run, udp_plan};
use vigie_sim::{Network, Path, SimHost};

fn host(i: u8) -> IpAddr {
    IpAddr::from([10, 1, 0, i])
}

/// Hosts of different kinds at some of eight addresses.
fn network(seed: u64, loss: f64, bursts: bool, default: Answering) -> Network {
    let hosts = (0..8u8).filter(|i| i % 3 != 2).map(|i| {
        let errors = [
            Limiter::LINUX,
            Limiter::BSD,
            Limiter::Silent,
            Limiter::Unlimited,
        ];
        let datagrams = [Datagrams::Closed, Datagrams::Silent, Datagrams::Dropped];
        SimHost::new(host(i))
            .with([22, 80], Answering::Open)
            .with([90, 91], Answering::Dropped)
            .otherwise(default)
            .with_udp([53], Datagrams::Dns)
            .udp_otherwise(datagrams[usize::from(i) % 3])
            .limit_errors(errors[usize::from(i) % 4])
    });
    let loss = if bursts {
        // Bursts of four frames on average.
        let begin = 0.25 * loss / (1.0 - loss);
        Loss::Bursts { begin, end: 0.25 }
    } else {
        Loss::Even(loss)
    };
    let path = Path::new(Duration::from_millis(5)).with_loss(loss);
    Network::new(hosts, path, seed)
}

fn answering() -> impl Strategy<Value = Answering> {
    prop_oneof![
        Just(Answering::Open),
        Just(Answering::Closed),
        Just(Answering::Dropped),
        Just(Answering::Rejected(3, 13)),
        Just(Answering::SplitHandshake),
        Just(Answering::Malformed),
    ]
}

fn check(plan: Plan, mut network: Network) -> Result<(), TestCaseError> {
    let most = plan.max_probes();
    let said = format!(
        "{} hosts, {} ports, {:?}",
        plan.local.targets.len(),
        plan.spec.ports_per_host(),
        plan.spec.discovery
    );
    run(plan, &mut network);
    prop_assert!(
        network.sent <= most,
        "{} of at most {most}: {said}",
        network.sent
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_scan_sends_no_more_than_its_plan_says(
        seed: u64,
        loss in 0.0f64..0.4,
        bursts: bool,
        default in answering(),
        last in 1u16..400,
        tries in 1u8..12,
        ask: bool,
        parts in 1u32..4,
        part in 0u32..4,
        memory in prop_oneof![Just(u64::MAX), 100u64..5_000],
    ) {
        let targets = RangeSet::new([Range::prefix(host(0), 29, 0)]);
        let mut plan = plan(&targets, ports(1, last), seed);
        plan.spec.budget.max_tries = tries;
        plan.spec.budget.confidence = 0.999_999_999;
        plan.spec.shard = Shard { number: part % parts + 1, of: parts };
        plan.spec.memory = memory;
        if ask {
            plan.spec.discovery = Discovery::Probe;
        }
        check(plan, network(seed, loss, bursts, default))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_udp_scan_sends_no_more_than_its_plan_says(seed: u64, loss in 0.0f64..0.4, last in 1u16..120, complete: bool) {
        let targets = RangeSet::new([Range::prefix(host(0), 29, 0)]);
        let mut plan = udp_plan(&targets, 1..=last, seed);
        if complete && let Some(udp) = &mut plan.spec.udp {
            udp.budget = None;
        }
        check(plan, network(seed, loss, false, Answering::Closed))?;
    }
}

#[test]
fn the_bound_is_tight_if_nothing_answers() {
    let targets = RangeSet::new([Range::prefix(host(0), 29, 0)]);
    let mut plan = plan(&targets, ports(1, 500), 1);
    plan.spec.budget.max_tries = 3;
    let most = plan.max_probes();
    let mut silent = Network::new([], Path::new(Duration::from_millis(5)), 1);
    run(plan, &mut silent);
    assert!(
        silent.sent * 10 > most * 9,
        "{} of at most {most}",
        silent.sent
    );
}
