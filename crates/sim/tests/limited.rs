//! Hosts that limit their resets and errors: they do not slow the scan, and suppressed replies do not count as lost.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::{LossAccount, Warning};
use vigie_scan::{Event, Finding, PortState, Reason};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::{Answering, Limiter};
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Network, Outcome, Path, SimHost};

fn host(i: u8) -> IpAddr {
    IpAddr::from([10, 1, 0, i])
}

fn account(outcome: &Outcome) -> LossAccount {
    let account = |e: &Event| match e {
        Event::Loss(account) => Some(*account),
        _ => None,
    };
    let found = outcome.events.iter().find_map(account);
    found.expect("every scan has a loss account")
}

/// Returns the hosts reported to limit their resets, with the resets per second.
fn limits(outcome: &Outcome) -> Vec<(IpAddr, f64)> {
    let limits = |e: &Event| match e {
        Event::Warning(Warning::LimitsResets { host, rate }) => Some((host.ip, *rate)),
        _ => None,
    };
    outcome.events.iter().filter_map(limits).collect()
}

const LIMITERS: [(f64, Limiter); 4] = [
    (200.0, Limiter::a_second(200)),
    (500.0, Limiter::a_second(500)),
    (200.0, Limiter::bucket(200.0, 5.0)),
    (10.0, Limiter::bucket(10.0, 10.0)),
];
const LOSSES: [f64; 3] = [0.0, 0.01, 0.05];

fn path(loss: f64) -> Path {
    Path::new(Duration::from_millis(10))
        .with_loss(Loss::Even(loss))
        .with_bottleneck(50_000.0, 1_000)
}

/// Scans the first `all` ports of one host. Every `open`th port is open, and 50 are dropped.
fn single_host(
    resets: Limiter,
    loss: f64,
    (all, open): (u16, usize),
    proofs: u64,
    seed: u64,
) -> Outcome {
    let target = SimHost::new(host(1))
        .with((100..=all).step_by(open), Answering::Open)
        .with(201..=250, Answering::Dropped)
        .with([250 + 1], Answering::Closed)
        .limit_resets(resets);
    let mut network = Network::new([target], path(loss), seed);
    let targets = RangeSet::new([Range::single(host(1), 0)]);
    let mut plan = plan(&targets, ports(1, all), seed);
    plan.spec.budget.rate_limit_probing = Some(Duration::from_secs(proofs));
    // The default confidence would miss one open port in ten thousand by chance.
    plan.spec.budget.confidence = 0.999_999;
    run(plan, &mut network)
}

#[test]
fn open_ports_of_a_limited_host_are_found_at_the_rate_of_the_path() {
    for (rate, limiter) in LIMITERS {
        for loss in LOSSES {
            for seed in 0..2 {
                let outcome = single_host(limiter, loss, (65_535, 3_000), 1, seed);
                let account = account(&outcome);
                let took = outcome.elapsed.as_secs_f64();
                let what =
                    format!("{rate} a second, loss {loss}, seed {seed}: {took:.1} s, {account:?}");
                println!("{what}, {:?}", limits(&outcome));
                assert_eq!(outcome.ports(host(1), PortState::Open).len(), 22, "{what}");
                // Time for all tries at the rate of the bottleneck, for finding that rate, and for rate-limit probing.
                let least = account.sent as f64 / 50_000.0;
                assert!(took < 1.5 * least + 3.0 + 6.0, "{what}");
                let [(ip, measured)] = limits(&outcome)[..] else {
                    panic!("{what}: {:?}", limits(&outcome));
                };
                assert_eq!(ip, host(1));
                // A limiter that counts per second may let through the replies of one more second than has passed.
                assert!(
                    (0.6..1.6).contains(&(measured / rate)),
                    "{what}: {measured}"
                );
                assert!(account.suppressed > 30_000.0, "{what}");
                assert!(account.suppressed < account.sent as f64, "{what}");
                assert!(account.lost_on_path < 0.1 * account.sent as f64, "{what}");
                // Unproven ports are reported as such, and no port is filtered without proof.
                let state = |f: &&Finding| f.state == PortState::ClosedFiltered;
                let unproven: Vec<&Finding> = outcome.findings().filter(state).collect();
                assert!(unproven.len() > 30_000, "{what}");
                assert!(unproven.iter().all(|f| f.reason == Reason::Unproven));
                let filtered = outcome.ports(host(1), PortState::Filtered);
                assert!(
                    filtered.iter().all(|p| (201..=250).contains(p)),
                    "{what}: {filtered:?}"
                );
            }
        }
    }
}

#[test]
fn few_ports_of_a_limited_host_are_all_proven() {
    for (rate, limiter) in &LIMITERS[..3] {
        for loss in LOSSES {
            for seed in 0..4 {
                let outcome = single_host(*limiter, loss, (3_000, 500), 60, seed);
                let what = format!("{rate} a second, loss {loss}, seed {seed}");
                println!(
                    "{what}: {:?}, {:?}, {:?}",
                    outcome.elapsed,
                    limits(&outcome),
                    account(&outcome)
                );
                assert_eq!(outcome.ports(host(1), PortState::Open).len(), 6, "{what}");
                let filtered: Vec<u16> = (201..=250).collect();
                assert_eq!(
                    outcome.ports(host(1), PortState::Filtered),
                    filtered,
                    "{what}"
                );
                assert_eq!(
                    outcome.ports(host(1), PortState::Closed).len(),
                    2_944,
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn one_limited_host_does_not_slow_the_others() {
    for loss in LOSSES {
        for seed in 0..12 {
            let of = |i: u8| {
                let host = SimHost::new(host(i)).with([22, 80], Answering::Open);
                if i == 1 {
                    host.limit_resets(Limiter::BSD)
                } else {
                    host.with(5_000..=5_099, Answering::Dropped)
                }
            };
            let mut network = Network::new((0..4).map(of), path(loss), seed);
            let targets = RangeSet::new([Range::prefix(host(0), 30, 0)]);
            let mut plan = plan(&targets, ports(1, 20_000), seed);
            plan.spec.budget.rate_limit_probing = Some(Duration::from_secs(1));
            let outcome = run(plan, &mut network);
            let account = account(&outcome);
            let (took, least) = (
                outcome.elapsed.as_secs_f64(),
                account.sent as f64 / 50_000.0,
            );
            let what = format!("loss {loss}, seed {seed}: {took:.1} s, {account:?}");
            println!("{what}, {:?}", limits(&outcome));
            assert!(took < 1.5 * least + 3.0 + 6.0, "{what}");
            assert!(
                limits(&outcome).iter().all(|(ip, _)| *ip == host(1)),
                "{what}"
            );
            assert_eq!(limits(&outcome).len(), 1, "{what}");
            // calibration_hosts.rs checks how often ports are missed. Here the limited host must do no harm to the
            // others: three missed ports per host are far more than claimed, and far fewer than an overshoot costs.
            for i in [0, 2, 3] {
                let closed = outcome.ports(host(i), PortState::Closed).len();
                assert!((19_895..=19_898).contains(&closed), "{what}: {closed}");
            }
        }
    }
}

#[test]
fn limited_errors_are_reported_and_do_not_slow_the_scan() {
    let near = Path::new(Duration::from_micros(25));
    for (name, way) in [
        ("clean", path(0.0)),
        ("1 %", path(0.01)),
        ("5 %", path(0.05)),
        ("near", near),
    ] {
        for seed in 0..3 {
            // A firewall that rejects all but some ports, with the limit of Linux for each peer.
            let target = SimHost::new(host(1))
                .with([22, 80, 443], Answering::Open)
                .with(9_000..=9_100, Answering::Closed)
                .otherwise(Answering::Rejected(3, 13))
                .limit_rejections(Limiter::LINUX);
            let mut network = Network::new([target], way.clone(), seed);
            let targets = RangeSet::new([Range::single(host(1), 0)]);
            let outcome = run(plan(&targets, ports(1, 20_000), seed), &mut network);
            let account = account(&outcome);
            let what = format!("{name}, seed {seed}: {:?}, {account:?}", outcome.elapsed);
            println!("{what}");
            assert_eq!(
                outcome.ports(host(1), PortState::Open),
                [22, 80, 443],
                "{what}"
            );
            assert_eq!(
                outcome.ports(host(1), PortState::Closed).len(),
                101,
                "{what}"
            );
            assert!(outcome.elapsed < Duration::from_secs(30), "{what}");
            let reported = outcome.events.iter().any(|e| {
                matches!(e, Event::Warning(Warning::LimitsErrors { host: h, .. }) if h.ip == host(1))
            });
            assert!(reported, "{what}");
        }
    }
}

#[test]
fn a_lossy_path_is_not_taken_for_a_limiter() {
    for seed in 0..10 {
        for (loss, rate, queue) in [
            (0.05, 2_000.0, 50),
            (0.1, 20_000.0, 500),
            (0.0, 3_000.0, 20),
        ] {
            let target = SimHost::new(host(1)).with([22, 80], Answering::Open);
            let path = Path::new(Duration::from_millis(20))
                .with_loss(Loss::Even(loss))
                .with_bottleneck(rate, queue);
            let mut network = Network::new([target], path, seed);
            let targets = RangeSet::new([Range::single(host(1), 0)]);
            let outcome = run(plan(&targets, ports(1, 10_000), seed), &mut network);
            let what = format!("loss {loss}, {rate} pps, queue {queue}, seed {seed}");
            assert_eq!(limits(&outcome), [], "{what}");
            assert_eq!(outcome.ports(host(1), PortState::Open), [22, 80], "{what}");
        }
    }
}
