//! Checks the claimed miss probability: compares it with the ports really missed, over many seeds.
//!
//! A low confidence makes misses frequent enough to count.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::event::HostSummary;
use vigie_scan::plan::SOURCE_PORTS;
use vigie_scan::{Event, Reason};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Network, Path, SimHost};

/// Ports that answer, and ports that a firewall drops.
const ANSWERING: u64 = 900;
const DROPPED: u16 = 100;

/// Scans a path that loses `loss` in each direction. Returns the number of ports missed, and the number claimed.
fn missed_and_claimed(loss: Loss, confidence: f64, seeds: u64) -> (f64, f64) {
    let path = Path::new(Duration::from_millis(10)).with_loss(loss);
    missed_and_claimed_of(
        (&closed(), SOURCE_PORTS),
        ANSWERING as u16,
        &path,
        confidence,
        seeds,
    )
}

/// A host that drops some ports; the others are closed.
fn closed() -> SimHost {
    SimHost::new(target()).with(1..=DROPPED, Answering::Dropped)
}

fn target() -> IpAddr {
    "10.1.0.1".parse().unwrap()
}

fn missed_and_claimed_of(
    (host, source_ports): (&SimHost, u16),
    answering: u16,
    path: &Path,
    confidence: f64,
    seeds: u64,
) -> (f64, f64) {
    let target = target();
    let (mut missed, mut claimed) = (0.0, 0.0);
    for seed in 0..seeds {
        let mut network = Network::new([host.clone()], path.clone(), seed);
        let mut plan = plan(
            &RangeSet::new([Range::single(target, 0)]),
            ports(1, DROPPED + answering),
            seed,
        );
        plan.local.source_ports = source_ports;
        plan.spec.budget.confidence = confidence;
        plan.spec.listing.all = false;
        plan.spec.listing.most = 0;
        let outcome = run(plan, &mut network);
        let summary: &HostSummary = outcome
            .events
            .iter()
            .find_map(|e| match e {
                Event::HostDone(summary) => Some(summary.as_ref()),
                _ => None,
            })
            .unwrap();
        let silent = summary
            .counts
            .iter()
            .find(|c| c.reason == Reason::NoResponse)
            .unwrap();
        missed += (silent.count - u64::from(DROPPED)) as f64;
        claimed += silent.miss_probability * f64::from(answering);
        assert!(
            silent.miss_probability <= 1.0 - confidence,
            "the bound was not reached: {silent:?}"
        );
    }
    (missed, claimed)
}

fn assert_calibrated(name: &str, loss: Loss, confidence: f64, seeds: u64) {
    let (missed, claimed) = missed_and_claimed(loss, confidence, seeds);
    let (rate, claim) = (
        missed / (ANSWERING * seeds) as f64,
        claimed / (ANSWERING * seeds) as f64,
    );
    println!("{name}: missed {missed} ({rate:.2e}), claimed {claimed:.1} ({claim:.2e})");
    // Allow twice the claim, plus three standard deviations of the count.
    assert!(
        missed <= 2.0 * claimed + 3.0 * claimed.sqrt() + 1.0,
        "{name}: missed {missed}, claimed {claimed:.1}"
    );
}

#[test]
fn even_loss() {
    for (percent, confidence) in [
        (1u32, 0.999),
        (2, 0.999),
        (5, 0.99),
        (5, 0.9999),
        (10, 0.99),
    ] {
        let loss = Loss::Even(f64::from(percent) / 100.0);
        assert_calibrated(
            &format!("even {percent} %, confidence {confidence}"),
            loss,
            confidence,
            200,
        );
    }
}

/// A Linux listener answers repeated SYNs of a connection once in half a second, so it ignores quick tries from one
/// source port.
#[test]
fn listeners_that_do_not_answer_every_try() {
    let listening = DROPPED + 1..=DROPPED + ANSWERING as u16;
    let host = closed().with(listening, Answering::Open).like_linux();
    for source_ports in [1, SOURCE_PORTS] {
        for (percent, confidence) in [(2u32, 0.9999), (5, 0.999), (10, 0.999), (10, 0.9999)] {
            let path = Path::new(Duration::from_millis(2))
                .with_loss(Loss::Even(f64::from(percent) / 100.0));
            let host = (&host, source_ports);
            let (missed, claimed) =
                missed_and_claimed_of(host, ANSWERING as u16, &path, confidence, 200);
            let name =
                format!("even {percent} %, confidence {confidence}, {source_ports} source ports");
            println!("{name}: missed {missed}, claimed {claimed:.1}");
            assert!(
                missed <= 2.0 * claimed + 3.0 * claimed.sqrt() + 1.0,
                "{name}: missed {missed}, claimed {claimed:.1}"
            );
        }
    }
}

/// Most probes are lost while the rate overshoots the capacity. Later tries are not, so silent ports are found then.
#[test]
fn an_overshoot() {
    for (rate, queue, loss, confidence) in [
        (20_000.0, 50, 0.05, 0.99),
        (50_000.0, 100, 0.02, 0.999),
        (5_000.0, 20, 0.05, 0.99),
        (200_000.0, 500, 0.01, 0.9999),
    ] {
        let path = Path::new(Duration::from_millis(20))
            .with_loss(Loss::Even(loss))
            .with_bottleneck(rate, queue);
        let (missed, claimed) =
            missed_and_claimed_of((&closed(), SOURCE_PORTS), 20_000, &path, confidence, 10);
        let name = format!("{rate} pps, loss {loss}, confidence {confidence}");
        println!("{name}: missed {missed}, claimed {claimed:.1}");
        assert!(
            missed <= 2.0 * claimed + 3.0 * claimed.sqrt() + 1.0,
            "{name}: missed {missed}, claimed {claimed:.1}"
        );
    }
}

#[test]
fn bursts() {
    // The mean length of a burst is 1/end frames.
    for (begin, end, confidence) in [
        (0.002, 0.2, 0.99),
        (0.002, 0.1, 0.99),
        (0.005, 0.1, 0.999),
        (0.01, 0.3, 0.999),
        (0.001, 0.02, 0.99),
    ] {
        let loss = Loss::Bursts { begin, end };
        let name = format!(
            "bursts of {:.0}, loss {:.1} %, confidence {confidence}",
            1.0 / end,
            100.0 * loss.rate()
        );
        assert_calibrated(&name, loss, confidence, 200);
    }
}
