//! Prints the rate of a scan on a simulated path.
//!
//! `cargo run --release -p vigie-sim --example pace -- DELAY_MS LOSS RATE_PPS QUEUE [SEED]`

use std::time::Duration;

use vigie_scan::{Event, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::random::Random;
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Network, Path, SimHost};

fn main() {
    let argument = |i: usize, default: f64| {
        std::env::args()
            .nth(i)
            .and_then(|a| a.parse().ok())
            .unwrap_or(default)
    };
    let (delay, loss, rate, queue) = (
        argument(1, 25.0),
        argument(2, 0.01),
        argument(3, 20_000.0),
        argument(4, 500.0),
    );
    let seed = argument(5, 1.0) as u64;
    let mut random = Random::new(seed);
    let target = "10.1.0.1".parse().unwrap();
    let open: std::collections::BTreeSet<u16> =
        (0..200).map(|_| 1 + random.below(65_535) as u16).collect();
    let host = SimHost::new(target).with(open.iter().copied(), Answering::Open);
    let mut path = Path::new(Duration::from_secs_f64(delay / 1e3)).with_loss(Loss::Even(loss));
    if rate > 0.0 {
        path = path.with_bottleneck(rate, queue as u32);
    }
    let mut network = Network::new([host], path, seed);
    let mut plan = plan(
        &RangeSet::new([Range::single(target, 0)]),
        ports(1, 65_535),
        seed,
    );
    plan.spec.listing.all = false;
    let outcome = run(plan, &mut network);
    let step = (outcome.rates.len() / 60).max(1);
    for (at, rate) in outcome.rates.iter().step_by(step) {
        println!(
            "{:8.3} s {:9.0} pps {}",
            at.as_nanos() as f64 / 1e9,
            rate,
            "#".repeat((rate / 1000.0).min(100.0) as usize)
        );
    }
    let found = outcome.ports(target, PortState::Open).len();
    let least = 65_535.0 / rate + 6.0 * 2.0 * delay / 1e3;
    println!(
        "{found} of {} found in {:.3} s (goal {:.3} s), {} sent, overflowed {}",
        open.len(),
        outcome.elapsed.as_secs_f64(),
        1.5 * least,
        outcome.sent,
        network.out.overflowed + network.back.overflowed
    );
    for event in &outcome.events {
        if let Event::Loss(_) | Event::HostDone(_) = event {
            println!("{event:?}");
        }
    }
}
