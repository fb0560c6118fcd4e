//! Rate control on simulated paths: it finds and follows the capacity, and random loss does not slow it.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::{Instant, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::run::{Change, plan, ports, run, run_with};
use vigie_sim::{Network, Outcome, Path, SimHost};

fn target() -> IpAddr {
    "10.1.0.1".parse().unwrap()
}

fn scan(path: Path, changes: Vec<Change>, seed: u64) -> Outcome {
    let host = SimHost::new(target()).with((1..=65_000).step_by(331), Answering::Open);
    let mut network = Network::new([host], path, seed);
    let mut plan = plan(
        &RangeSet::new([Range::single(target(), 0)]),
        ports(1, 65_535),
        seed,
    );
    plan.spec.listing.all = false;
    run_with(plan, &mut network, changes, None)
}

/// Returns the mean rate between two times, in probes per second.
fn mean_rate(outcome: &Outcome, from: Duration, to: Duration) -> f64 {
    let start = Instant::ZERO;
    let inside = outcome
        .rates
        .iter()
        .filter(|(at, _)| (from..to).contains(&at.since(start)));
    let (sum, n) = inside.fold((0.0, 0u32), |(sum, n), (_, rate)| (sum + rate, n + 1));
    sum / f64::from(n.max(1))
}

#[test]
fn every_path_is_scanned_completely_in_reasonable_time() {
    for (delay_ms, loss, rate, queue) in [
        (25, 0.01, 20_000.0, 500),
        (25, 0.0, 20_000.0, 500),
        (1, 0.0, 200_000.0, 50),
        (5, 0.02, 50_000.0, 2_000),
        (75, 0.0, 200_000.0, 2_000),
        (10, 0.05, 5_000.0, 100),
    ] {
        let path = Path::new(Duration::from_millis(delay_ms))
            .with_loss(Loss::Even(loss))
            .with_bottleneck(rate, queue);
        let outcome = scan(path, Vec::new(), 1);
        let least = 65_535.0 / rate + 6.0 * 2.0 * delay_ms as f64 / 1e3;
        let took = outcome.elapsed.as_secs_f64();
        println!(
            "{delay_ms} ms, loss {loss}, {rate} pps, queue {queue}: {took:.2} s, {:.2} x the least",
            took / least
        );
        assert_eq!(
            outcome.ports(target(), PortState::Open).len(),
            (1..=65_000).step_by(331).count()
        );
        assert!(
            took < 2.0 * least,
            "{delay_ms} ms, {loss}, {rate} pps, {queue}: {took:.2} s of {least:.2} s"
        );
    }
}

#[test]
fn random_loss_does_not_lower_the_rate() {
    let path = |loss| {
        Path::new(Duration::from_millis(20))
            .with_bottleneck(20_000.0, 400)
            .with_loss(Loss::Even(loss))
    };
    let without = mean_rate(
        &scan(path(0.0), Vec::new(), 2),
        Duration::from_secs(1),
        Duration::from_secs(3),
    );
    let with = mean_rate(
        &scan(path(0.03), Vec::new(), 2),
        Duration::from_secs(1),
        Duration::from_secs(3),
    );
    assert!(
        with > 0.85 * without,
        "{with:.0} pps with loss, {without:.0} without"
    );
}

#[test]
fn the_rate_follows_the_capacity_up_and_down_within_ten_round_trips() {
    let rtt = Duration::from_millis(40);
    let capacity = |rate: f64| {
        move |network: &mut Network| {
            network.out.rate = Some(rate);
            network.back.rate = Some(rate);
        }
    };
    let (halved, doubled) = (Duration::from_millis(1500), Duration::from_millis(3500));
    let changes: Vec<Change> = vec![
        (Instant::ZERO + halved, Box::new(capacity(10_000.0))),
        (Instant::ZERO + doubled, Box::new(capacity(20_000.0))),
    ];
    let path = Path::new(rtt / 2).with_bottleneck(20_000.0, 400);
    let outcome = scan(path, changes, 3);
    let after = |from: Duration| mean_rate(&outcome, from + rtt * 10, from + rtt * 20);
    let (before, low, high) = (
        mean_rate(&outcome, Duration::from_secs(1), halved),
        after(halved),
        after(doubled),
    );
    println!("{before:.0} pps, then {low:.0}, then {high:.0}");
    assert!(
        (16_000.0..24_000.0).contains(&before),
        "{before:.0} pps before"
    );
    assert!(
        (6_000.0..12_500.0).contains(&low),
        "{low:.0} pps after the capacity halved"
    );
    assert!(
        (15_000.0..25_000.0).contains(&high),
        "{high:.0} pps after it doubled"
    );
}

/// A longer route looks like a standing queue, and must not be taken for one for ever.
#[test]
fn a_longer_route_is_not_taken_for_a_queue_for_ever() {
    let path = Path::new(Duration::from_millis(10)).with_bottleneck(1_500.0, 200);
    let longer = |network: &mut Network| {
        network.out.delay = Duration::from_millis(40);
        network.back.delay = Duration::from_millis(40);
    };
    let changes: Vec<Change> = vec![(Instant::from_millis(5_000), Box::new(longer))];
    let outcome = scan(path, changes, 5);
    let seconds = Duration::from_secs;
    let pace = |from, to| mean_rate(&outcome, seconds(from), seconds(to));
    let (before, soon, later) = (pace(2, 5), pace(5, 25), pace(30, 40));
    assert!(before > 1_300.0, "{before}");
    assert!(later > 1_300.0, "{before}, {soon}, then {later}");
    assert!(outcome.elapsed < seconds(70), "{:?}", outcome.elapsed);
}

#[test]
fn filtered_hosts_do_not_slow_the_answering_ones() {
    // Twelve of 16 hosts drop everything. The rate must be that of the path all the same.
    let hosts = (0..16u8).map(|i| {
        let default = if i < 12 {
            Answering::Dropped
        } else {
            Answering::Closed
        };
        SimHost::new(IpAddr::from([10, 1, 0, i])).otherwise(default)
    });
    let path = Path::new(Duration::from_millis(10)).with_bottleneck(20_000.0, 400);
    let mut network = Network::new(hosts, path, 1);
    let mut plan = plan(
        &RangeSet::new([Range::prefix("10.1.0.0".parse().unwrap(), 28, 0)]),
        ports(1, 4000),
        1,
    );
    plan.spec.listing.all = false;
    let outcome = run(plan, &mut network);
    let least = outcome.sent as f64 / 20_000.0;
    let took = outcome.elapsed.as_secs_f64();
    println!(
        "{took:.2} s for {} probes, {:.2} x the bottleneck's own time",
        outcome.sent,
        took / least
    );
    assert!(
        took < 1.5 * least,
        "{took:.2} s for {} probes",
        outcome.sent
    );
}
