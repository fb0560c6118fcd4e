//! Paths that are disturbed for a while: a busy switch, a stalled receiver.
//!
//! The rate may fall while answers are late, and must recover afterwards.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::{Instant, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::run::{Change, plan, ports, run_with};
use vigie_sim::{Outcome, SimHost};

const TARGET: &str = "10.1.0.1";

/// Scans all ports of a near host while the network changes.
fn near(seed: u64, changes: Vec<Change>) -> Outcome {
    let target: IpAddr = TARGET.parse().unwrap();
    let host = SimHost::new(target).with([22, 80, 40_000], Answering::Open);
    let path = Path::new(NEAR).with_bottleneck(100_000.0, 2_000);
    let mut network = Network::new([host], path, seed);
    let targets = RangeSet::new([Range::single(target, 0)]);
    let outcome = run_with(
        plan(&targets, ports(1, 65_535), seed),
        &mut network,
        changes,
        None,
    );
    assert_eq!(outcome.ports(target, PortState::Open), [22, 80, 40_000]);
    outcome
}

/// Delays every answer by up to `late`, from `at` on, for `length`.
fn jitter_for(at: Duration, length: Duration, late: Duration) -> Vec<Change> {
    let begin = Instant::ZERO + at;
    vec![
        (begin, Box::new(move |n: &mut Network| n.back.jitter = late)),
        (
            begin + length,
            Box::new(|n: &mut Network| n.back.jitter = Duration::ZERO),
        ),
    ]
}

/// One-way delay to the near host.
const NEAR: Duration = Duration::from_micros(25);

/// Stalls the receiver at `at` for `length`; then all answers arrive at once. `delay` is the usual delay.
fn stall(delay: Duration, at: Duration, length: Duration) -> Vec<Change> {
    let steps = 20;
    let step = move |i: u32| -> Change {
        let left = length * (steps - i) / steps;
        let change = move |n: &mut Network| n.back.delay = delay + left;
        (Instant::ZERO + at + length * i / steps, Box::new(change))
    };
    (0..=steps).map(step).collect()
}

#[test]
fn the_rate_recovers_after_a_hiccup() {
    for seed in 0..3 {
        let smooth = near(seed, Vec::new()).elapsed;
        for (length, late) in [(5, 5), (20, 20), (100, 10), (100, 50), (300, 100)] {
            let (length, late) = (Duration::from_millis(length), Duration::from_millis(late));
            let stumbled = near(seed, jitter_for(Duration::from_millis(200), length, late)).elapsed;
            let most = 3 * smooth + 5 * length;
            assert!(
                stumbled < most,
                "seed {seed}: {smooth:?} without, {stumbled:?} with {length:?} of answers {late:?} late"
            );
        }
    }
}

#[test]
fn the_rate_recovers_after_a_stall() {
    for seed in 0..3 {
        let smooth = near(seed, Vec::new()).elapsed;
        for length in [3, 10, 40, 200].map(Duration::from_millis) {
            let stalled = near(seed, stall(NEAR, Duration::from_millis(200), length)).elapsed;
            let most = 3 * smooth + 5 * length;
            assert!(
                stalled < most,
                "seed {seed}: {smooth:?} without, {stalled:?} with a stall of {length:?}"
            );
        }
    }
}

/// Late answers during startup must not be taken for the capacity: probes sent later at the same rate disprove it.
#[test]
fn a_stall_in_startup_does_not_limit_the_rate_for_long() {
    let delay = Duration::from_millis(10);
    let target: IpAddr = TARGET.parse().unwrap();
    let scan = |changes| {
        let path = Path::new(delay).with_bottleneck(200_000.0, 2_000);
        let mut network = Network::new([SimHost::new(target)], path, 1);
        let targets = RangeSet::new([Range::single(target, 0)]);
        let plan = plan(&targets, ports(1, 65_535), 1);
        run_with(plan, &mut network, changes, None).elapsed
    };
    let smooth = scan(Vec::new());
    for (at, length) in [(58, 9), (62, 6), (82, 9), (86, 6)] {
        let at = Duration::from_millis(at);
        let stalled = scan(stall(delay, at, Duration::from_millis(length)));
        assert!(
            stalled < smooth * 6 / 5,
            "{smooth:?} without, {stalled:?} with a stall at {at:?}"
        );
    }
}

/// The last silent ports are tried several times within about ten milliseconds, so one stall covers all tries.
#[test]
fn a_stall_at_the_end_leaves_no_port_silent() {
    let end = near(1, Vec::new()).elapsed;
    for early in (0..80).step_by(4) {
        let at = end.saturating_sub(Duration::from_millis(early));
        let outcome = near(1, stall(NEAR, at, Duration::from_millis(80)));
        let silent = outcome.ports(TARGET.parse().unwrap(), PortState::Filtered);
        assert!(
            silent.is_empty(),
            "stalled {early} ms before the end: {silent:?}"
        );
    }
}

#[test]
fn many_stalls_do_not_add_up_to_a_standstill() {
    for seed in 0..2 {
        let smooth = near(seed, Vec::new()).elapsed;
        let every = Duration::from_millis(40);
        let changes = (1..200).flat_map(|i| stall(NEAR, i * every, every / 4));
        let stalled = near(seed, changes.collect()).elapsed;
        assert!(
            stalled < 10 * smooth,
            "seed {seed}: {smooth:?} without, {stalled:?} with a stall of {:?} every {every:?}",
            every / 4
        );
    }
}

#[test]
fn many_hiccups_do_not_add_up_to_a_standstill() {
    for seed in 0..2 {
        let smooth = near(seed, Vec::new()).elapsed;
        let every = Duration::from_millis(50);
        let changes = (1..200).flat_map(|i| jitter_for(i * every, every / 10, every / 10));
        let stumbled = near(seed, changes.collect()).elapsed;
        assert!(
            stumbled < 10 * smooth,
            "seed {seed}: {smooth:?} without, {stumbled:?} with a hiccup every {every:?}"
        );
    }
}

/// Scans hosts that mostly drop everything, so that the scan retries silent ports most of the time.
fn mostly_silent(seed: u64, changes: Vec<Change>) -> Outcome {
    let delay = Duration::from_millis(25);
    let hosts = (0..32u8).map(|i| {
        let default = if i < 25 {
            Answering::Dropped
        } else {
            Answering::Closed
        };
        SimHost::new(IpAddr::from([10, 1, 0, i])).otherwise(default)
    });
    let path = Path::new(delay)
        .with_loss(Loss::Even(0.01))
        .with_bottleneck(20_000.0, 500);
    let mut network = Network::new(hosts, path, seed);
    let mut plan = plan(
        &RangeSet::new([Range::prefix("10.1.0.0".parse().unwrap(), 27, 0)]),
        ports(1, 2_000),
        seed,
    );
    plan.spec.listing.all = false;
    run_with(plan, &mut network, changes, None)
}

#[test]
fn the_rate_recovers_while_silent_ports_are_retried() {
    let delay = Duration::from_millis(25);
    for seed in 0..3 {
        let smooth = mostly_silent(seed, Vec::new()).elapsed;
        for (length, every) in [(20, 400), (60, 1_000), (200, 2_000)] {
            let stalls = (1..8_000 / every).flat_map(|i| {
                let at = Duration::from_millis(i * every);
                stall(delay, at, Duration::from_millis(length))
            });
            let stalled = mostly_silent(seed, stalls.collect()).elapsed;
            assert!(
                stalled < smooth * 2,
                "seed {seed}: {smooth:?} without, {stalled:?} with {length} ms every {every} ms"
            );
        }
    }
}

#[test]
fn the_maximum_rate_is_not_exceeded_by_one_probe() {
    let target: IpAddr = TARGET.parse().unwrap();
    for rate in [1.0, 37.0, 1_000.0] {
        let mut network = Network::new(
            [SimHost::new(target)],
            Path::new(Duration::from_millis(3)),
            1,
        );
        let n = (rate * 3.0) as u16;
        let mut plan = plan(&RangeSet::new([Range::single(target, 0)]), ports(1, n), 1);
        plan.spec.budget.max_rate = Some(rate);
        let outcome = run_with(plan, &mut network, Vec::new(), None);
        // Not counted: the resolution of the router, and one probe sent before the clock starts.
        let least = Duration::from_secs_f64((outcome.sent as f64 - 2.0) / rate);
        assert!(
            outcome.elapsed >= least,
            "{rate}: {} in {:?}",
            outcome.sent,
            outcome.elapsed
        );
    }
}
