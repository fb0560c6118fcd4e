//! Scans stopped at any time: what they report must still be true.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::{Event, Instant, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::run::{plan, ports, run_with};
use vigie_sim::{Outcome, SimHost};

/// Scans a far host on which every tenth port is dropped and all others answer.
fn scan(
    ports_scanned: u16,
    delay: Duration,
    loss: f64,
    edit: impl Fn(&mut vigie_scan::Plan),
    stop: Option<Instant>,
) -> Outcome {
    let target: IpAddr = "10.1.0.1".parse().unwrap();
    let dropped = (1..=ports_scanned).filter(|p| p % 10 == 0);
    let host = SimHost::new(target).with(dropped, Answering::Dropped);
    let mut network = Network::new([host], Path::new(delay).with_loss(Loss::Even(loss)), 1);
    let targets = RangeSet::new([Range::single(target, 0)]);
    let mut plan = plan(&targets, ports(1, ports_scanned), 1);
    edit(&mut plan);
    run_with(plan, &mut network, Vec::new(), stop)
}

/// Returns the ports wrongly reported as filtered, and the number of ports whose state is known.
fn wrong_and_known(outcome: &Outcome) -> (Vec<u16>, usize) {
    let wrong = outcome
        .findings()
        .filter(|f| f.state == PortState::Filtered && f.port % 10 != 0);
    let known = outcome
        .findings()
        .filter(|f| f.state != PortState::Unknown)
        .count();
    (wrong.map(|f| f.port).collect(), known)
}

fn is_complete(outcome: &Outcome) -> bool {
    outcome
        .events
        .iter()
        .any(|e| matches!(e, Event::End(end) if end.complete))
}

#[test]
fn ports_probed_just_before_a_stop_are_not_reported_as_silent() {
    // Include a scan with more ports than stored send times.
    for (n, step) in [(3_000, 7), (65_535, 331)] {
        let mut cut = 0;
        for at in (30..4_000).step_by(step).map(Instant::from_millis) {
            let outcome = scan(n, Duration::from_millis(40), 0.0, |_| {}, Some(at));
            let (wrong, known) = wrong_and_known(&outcome);
            assert!(
                wrong.is_empty(),
                "{n} ports cut off at {at:?}: {} wrong, {known} known, {:?}",
                wrong.len(),
                &wrong[..wrong.len().min(9)]
            );
            cut += usize::from(!is_complete(&outcome) && known > 0);
        }
        assert!(cut > 1, "{n} ports: nothing was cut off");
    }
}

#[test]
fn ports_probed_just_before_the_time_limit_are_not_reported_as_silent() {
    for limit in (100..900).step_by(50).map(Duration::from_millis) {
        for host in [true, false] {
            let edit = |plan: &mut vigie_scan::Plan| {
                if host {
                    plan.spec.budget.host_timeout = Some(limit);
                } else {
                    plan.spec.budget.max_time = Some(limit);
                }
            };
            let outcome = scan(3_000, Duration::from_millis(40), 0.0, edit, None);
            let (wrong, _) = wrong_and_known(&outcome);
            assert!(
                wrong.is_empty(),
                "{limit:?} (for the host: {host}): {} wrong",
                wrong.len()
            );
        }
    }
}

#[test]
fn silence_reported_after_a_stop_is_right_with_loss() {
    let (mut wrong, mut allowed) = (0, 0.0);
    for at in (100..3_000).step_by(50).map(Instant::from_millis) {
        let outcome = scan(3_000, Duration::from_millis(20), 0.03, |_| {}, Some(at));
        wrong += wrong_and_known(&outcome).0.len();
        // The miss probability allows this share of the answering ports to be reported as filtered.
        let answering = 0.9 * 3_000.0;
        let worst = outcome
            .findings()
            .map(|f| f.miss_probability)
            .fold(0.0, f64::max);
        allowed += answering * worst;
    }
    println!("{wrong} missed, {allowed:.0} allowed");
    assert!(f64::from(wrong as u32) <= allowed);
}
