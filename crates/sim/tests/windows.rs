//! Scans whose ledger exceeds the memory limit: the windows together find what one ledger would have found.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, ScanSummary, Warning};
use vigie_scan::plan::{Discovery, Plan, Shard};
use vigie_scan::{Event, Instant, PortState};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::Answering;
use vigie_sim::path::Loss;
use vigie_sim::random::Random;
use vigie_sim::run::{plan, ports, resume, run, run_until, run_with};
use vigie_sim::{Network, Outcome, Path, SimHost};

const PORTS: u16 = 1_024;
const OPEN: [u16; 3] = [22, 80, 1_000];
/// A window of 16 KiB holds 2^16 probes: 64 hosts of 1,024 ports.
const MEMORY: u64 = 16 << 10;
const HOSTS: u64 = 512;

fn address(i: u16) -> IpAddr {
    let [high, low] = i.to_be_bytes();
    IpAddr::from([10, 1, high, low])
}

/// 512 addresses with a host at every fourth one: half a million probes, most of them to unused addresses.
fn scene(seed: u64, loss: f64) -> (Plan, Network) {
    let hosts = (0..HOSTS as u16).step_by(4).map(|i| {
        SimHost::new(address(i))
            .with(OPEN, Answering::Open)
            .with(100..=110, Answering::Rejected(3, 13))
    });
    let path = Path::new(Duration::from_millis(10)).with_loss(Loss::Even(loss));
    let targets = RangeSet::new([Range::prefix(address(0), 23, 0)]);
    let mut plan = plan(&targets, ports(1, PORTS), seed);
    plan.spec.listing.all = false;
    plan.spec.listing.open_only = true;
    (plan, Network::new(hosts, path, seed))
}

fn open(outcome: &Outcome) -> BTreeSet<(IpAddr, u16)> {
    let open = outcome.findings().filter(|f| f.state == PortState::Open);
    open.map(|f| (f.host.ip, f.port)).collect()
}

fn truth() -> BTreeSet<(IpAddr, u16)> {
    let hosts = (0..HOSTS as u16).step_by(4);
    hosts
        .flat_map(|i| OPEN.map(|port| (address(i), port)))
        .collect()
}

/// Returns the counts of each host by state and reason.
fn counts(outcome: &Outcome) -> BTreeSet<(IpAddr, String, u64)> {
    let hosts = outcome.events.iter().filter_map(|event| match event {
        Event::HostDone(summary) => Some(summary),
        _ => None,
    });
    hosts
        .flat_map(|h| {
            let words = |c: &vigie_scan::event::StateCount| format!("{} {}", c.state, c.reason);
            h.counts
                .iter()
                .map(move |c| (h.host.host.ip, words(c), c.count))
        })
        .collect()
}

fn ending(outcome: &Outcome) -> ScanSummary {
    let end = outcome.events.iter().find_map(|event| match event {
        Event::End(ending) => Some(*ending),
        _ => None,
    });
    end.expect("every scan ends")
}

#[test]
fn windows_find_what_one_ledger_finds() {
    for discovery in [Discovery::AssumeUp, Discovery::Probe] {
        let (mut whole, mut network) = scene(1, 0.0);
        whole.spec.discovery = discovery;
        let mut windowed = whole.clone();
        windowed.spec.memory = MEMORY;
        assert_eq!(whole.windows(), 1);
        assert!(
            (8..=70).contains(&windowed.windows()),
            "{}",
            windowed.windows()
        );
        let whole = run(whole, &mut network);
        let (_, mut network) = scene(1, 0.0);
        let windowed = run(windowed, &mut network);
        assert_eq!(open(&whole), truth(), "{discovery:?}");
        assert_eq!(open(&windowed), truth(), "{discovery:?}");
        assert_eq!(counts(&windowed), counts(&whole), "{discovery:?}");
        let (a, b) = (ending(&whole), ending(&windowed));
        assert_eq!(
            (a.complete, a.ended, a.hosts, a.hosts_up, a.ports),
            (b.complete, b.ended, b.hosts, b.hosts_up, b.ports),
            "{discovery:?}"
        );
        let strangers = |e: &&Event| matches!(e, Event::Warning(Warning::StrangeSource { .. }));
        assert_eq!(windowed.events.iter().filter(strangers).count(), 0);
        let account = windowed.events.iter().find_map(|event| match event {
            Event::Loss(account) => Some(*account),
            _ => None,
        });
        assert_eq!(account.map(|a| a.sent), Some(network.sent), "{discovery:?}");
        let ends = |o: &Outcome| {
            o.events
                .iter()
                .filter(|e| matches!(e, Event::End(_)))
                .count()
        };
        assert_eq!(ends(&windowed), 1);
    }
}

#[test]
fn a_window_starts_at_the_rate_of_the_previous_one() {
    let (mut windowed, network) = scene(3, 0.0);
    let mut network = Network {
        out: Path::new(Duration::from_millis(10)).with_bottleneck(20_000.0, 200),
        ..network
    };
    windowed.spec.memory = MEMORY;
    let windows = windowed.windows() as usize;
    assert_eq!(windows, 8);
    let outcome = run(windowed, &mut network);
    assert_eq!(open(&outcome), truth());
    // Silent addresses are retried. If each window started at the initial rate, the scan would take far longer.
    let alone = network.sent as f64 / 20_000.0;
    let waits = windows as f64 * 3.0;
    assert!(
        outcome.elapsed.as_secs_f64() < 1.2 * alone + waits,
        "{:?}, while the bottleneck alone takes {alone} s",
        outcome.elapsed
    );
}

#[test]
fn a_run_killed_in_any_window_resumes_to_the_same_result() {
    let mut random = Random::new(5);
    for seed in 0..6 {
        let (mut windowed, mut network) = scene(seed, if seed % 2 == 0 { 0.0 } else { 0.01 });
        windowed.spec.memory = MEMORY;
        if seed % 3 == 2 {
            windowed.spec.discovery = Discovery::Probe;
        }
        let whole = run(windowed.clone(), &mut network);
        let (_, mut network) = scene(seed, 0.0);
        let span = whole.elapsed.as_millis() as u64;
        let at = Instant::from_millis(2 + span / 8 + random.below(span * 3 / 4));
        let checkpoint = run_until(windowed.clone(), &mut network, at);
        let window = Checkpoint::decode(&checkpoint)
            .expect("just written")
            .window();
        let (_, mut network) = scene(seed, 0.0);
        let rest = resume(windowed.clone(), &checkpoint, &mut network);
        // The earlier windows are not scanned again; the killed run reported their findings.
        let first = window * windowed.spec.window_hosts();
        let later: BTreeSet<(IpAddr, u16)> = truth()
            .into_iter()
            .filter(|(ip, _)| *ip >= address(first as u16))
            .collect();
        assert_eq!(open(&rest), later, "seed {seed}, from window {window}");
        let before = whole.findings().filter(|f| f.state == PortState::Open);
        let before = before.filter(|f| f.host.ip < address(first as u16));
        let mut all: BTreeSet<_> = before.map(|f| (f.host.ip, f.port)).collect();
        all.extend(open(&rest));
        assert_eq!(all, truth(), "seed {seed}");
        let end = ending(&rest);
        assert!(end.complete, "seed {seed}: {end:?}");
        assert_eq!(end.hosts_up, ending(&whole).hosts_up, "seed {seed}");
    }
}

#[test]
fn shards_of_a_scan_in_windows_cover_it() {
    let mut union = BTreeSet::new();
    let mut probes = 0;
    for number in 1..=3 {
        let (mut part, mut network) = scene(7, 0.0);
        part.spec.shard = Shard { number, of: 3 };
        part.spec.memory = MEMORY / 3;
        assert!(part.windows() > 5);
        let outcome = run(part, &mut network);
        for found in open(&outcome) {
            assert!(union.insert(found), "{found:?} in two parts");
        }
        probes += counts(&outcome).iter().map(|(_, _, n)| n).sum::<u64>();
    }
    assert_eq!(union, truth());
    assert_eq!(probes, HOSTS * u64::from(PORTS));
}

#[test]
fn a_stopped_scan_begins_no_further_window() {
    let (mut windowed, mut network) = scene(9, 0.0);
    windowed.spec.memory = MEMORY;
    let whole = run(windowed.clone(), &mut network);
    let stop = Instant::ZERO + whole.elapsed / 2;
    let (_, mut network) = scene(9, 0.0);
    let outcome = run_with(windowed, &mut network, Vec::new(), Some(stop));
    let end = ending(&outcome);
    assert_eq!((end.ended, end.complete), (EndReason::Interrupted, false));
    let found = open(&outcome);
    assert!(
        found.len() > 100 && found.is_subset(&truth()),
        "{}",
        found.len()
    );
    assert!(outcome.elapsed < whole.elapsed * 2 / 3);
}
