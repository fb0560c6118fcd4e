//! Scans that are killed and resumed, and scans shared among several runs.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::checkpoint::{Checkpoint, DecodeError};
use vigie_scan::plan::{Plan, Shard};
use vigie_scan::{Instant, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::random::Random;
use vigie_sim::run::{plan, ports, resume, run, run_until};
use vigie_sim::{Network, Path, SimHost};

const OPEN: [u16; 5] = [22, 80, 443, 1500, 1999];

fn scene(seed: u64, loss: f64) -> (Plan, Network) {
    let hosts = (1..=3u8).map(|i| {
        SimHost::new(IpAddr::from([10, 1, 0, i]))
            .with(OPEN, Answering::Open)
            .with(100..=140, Answering::Dropped)
    });
    let path = Path::new(Duration::from_millis(20)).with_loss(Loss::Even(loss));
    let targets = RangeSet::new([Range::prefix("10.1.0.0".parse().unwrap(), 30, 0)]);
    (
        plan(&targets, ports(1, 2000), seed),
        Network::new(hosts, path, seed),
    )
}

/// Returns every finding in a form that can be compared.
fn verdicts(outcome: &vigie_sim::Outcome) -> BTreeSet<(IpAddr, u16, PortState)> {
    outcome
        .findings()
        .map(|f| (f.host.ip, f.port, f.state))
        .collect()
}

fn truth() -> BTreeSet<(IpAddr, u16, PortState)> {
    let state = |host: u8, port: u16| match (host, port) {
        (0, _) | (_, 100..=140) => PortState::Filtered,
        _ if OPEN.contains(&port) => PortState::Open,
        _ => PortState::Closed,
    };
    (0..=3u8)
        .flat_map(|h| (1..=2000u16).map(move |p| (IpAddr::from([10, 1, 0, h]), p, state(h, p))))
        .collect()
}

#[test]
fn cut_off_at_any_moment_the_result_is_the_same() {
    let mut random = Random::new(5);
    let truth = truth();
    let mut missed = 0;
    for seed in 0..100 {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.01 };
        let (plan, mut network) = scene(seed, loss);
        let at = Instant::from_millis(2 + random.below(1500));
        let mut checkpoint = run_until(plan.clone(), &mut network, at);
        // Kill the resumed run as well.
        if seed % 3 == 0 {
            let (plan, mut network) = scene(seed, loss);
            let decoded = Checkpoint::decode(&checkpoint).unwrap();
            assert_eq!(decoded.encode(), checkpoint);
            let mut scan = vigie_scan::Scan::new(plan, Instant::from_millis(1)).unwrap();
            assert!(scan.resume(Instant::from_millis(1), decoded));
            assert!(network.send(at, &[]).is_empty());
            // A resumed run that is killed before it sends anything loses nothing.
            let again = scan.checkpoint(Instant::from_millis(1), Vec::new());
            checkpoint = again.encode();
        }
        let (_, mut network) = scene(seed + 1000, loss);
        let outcome = resume(plan, &checkpoint, &mut network);
        let found = verdicts(&outcome);
        let wrong: Vec<_> = found.difference(&truth).collect();
        assert_eq!(found.len(), truth.len(), "seed {seed}");
        // With loss, ports may be missed as often as the bound allows. Nothing else may differ.
        assert!(
            wrong
                .iter()
                .all(|v| loss > 0.0 && v.2 == PortState::Filtered),
            "seed {seed}, {at:?}: {wrong:?}"
        );
        missed += wrong.len();
    }
    let answering = 50 * 3 * (2000 - 41);
    println!("missed {missed} of {answering} answering ports in lossy runs");
    assert!(
        missed as f64 <= 2e-4 * f64::from(answering),
        "missed {missed} of {answering}"
    );
}

/// The first probes of a resumed scan were silent before. Only ports that had answered show how fast the path is.
#[test]
fn a_resumed_scan_is_as_fast_as_before() {
    let target = IpAddr::from([10, 1, 0, 1]);
    let ports = ports(1, 65_535);
    for seed in 0..4 {
        let host = SimHost::new(target).with(1..=50_000, Answering::Dropped);
        let path = Path::new(Duration::from_millis(1)).with_bottleneck(100_000.0, 500);
        let plan = plan(
            &RangeSet::new([Range::single(target, 0)]),
            ports.clone(),
            seed,
        );
        let mut network = Network::new([host.clone()], path.clone(), seed);
        let whole = run(plan.clone(), &mut network).elapsed;
        let mut network = Network::new([host.clone()], path.clone(), seed);
        let checkpoint = run_until(plan.clone(), &mut network, Instant::ZERO + whole / 3);
        let mut network = Network::new([host], path, seed);
        let rest = resume(plan, &checkpoint, &mut network).elapsed;
        println!("seed {seed}: {rest:?} after a third of {whole:?}");
        assert!(rest < whole, "{rest:?} after a third of {whole:?}");
    }
}

#[test]
fn shards_cover_the_scan_without_overlap() {
    let (whole, mut network) = scene(3, 0.0);
    let whole_verdicts = verdicts(&run(whole.clone(), &mut network));
    let mut union = BTreeSet::new();
    for number in 1..=5 {
        let (mut part, mut network) = scene(3, 0.0);
        part.spec.shard = Shard { number, of: 5 };
        let found = verdicts(&run(part, &mut network));
        assert!(
            found.len().abs_diff(8000 / 5) <= 1,
            "part {number} has {} probes",
            found.len()
        );
        for verdict in found {
            assert!(union.insert(verdict), "{verdict:?} in two parts");
        }
    }
    assert_eq!(union, whole_verdicts);
}

#[test]
fn damaged_and_foreign_checkpoints_are_refused() {
    let (plan, mut network) = scene(1, 0.0);
    let good = run_until(plan, &mut network, Instant::from_millis(300));
    assert!(Checkpoint::decode(&good).is_ok());
    assert_eq!(
        Checkpoint::decode(b"").unwrap_err(),
        DecodeError::NotACheckpoint
    );
    assert_eq!(
        Checkpoint::decode(b"{\"type\":\"scan\"}").unwrap_err(),
        DecodeError::NotACheckpoint
    );
    let mut other = good.clone();
    other[8] = 10;
    assert_eq!(
        Checkpoint::decode(&other).unwrap_err(),
        DecodeError::OtherVersion {
            found: 10,
            known: 9
        }
    );
    let mut random = Random::new(1);
    for _ in 0..500 {
        let mut bad = good.clone();
        let at = 12 + random.below(bad.len() as u64 - 12) as usize;
        bad[at] ^= 1 << random.below(8);
        assert_eq!(Checkpoint::decode(&bad).unwrap_err(), DecodeError::Damaged);
        assert!(Checkpoint::decode(&good[..at]).is_err());
    }
}
