//! UDP scans that are killed and resumed: the result is that of an undisturbed scan, no finding is lost, and no port is
//! proven twice.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::{Instant, Plan, PortState, ServiceMatch};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::SimHost;
use vigie_sim::host::{Datagrams, Limiter};
use vigie_sim::network::Network;
use vigie_sim::path::{Loss, Path};
use vigie_sim::random::Random;
use vigie_sim::run::{Outcome, resume, run, run_until, udp_plan};

const TARGET: &str = "10.1.0.1";
const PORTS: u16 = 120;
const SILENT: [u16; 4] = [7, 69, 77, 110];

fn scene(seed: u64, loss: f64, errors: Limiter) -> (Plan, Network) {
    let ip: IpAddr = TARGET.parse().unwrap();
    let host = SimHost::new(ip)
        .limit_errors(errors)
        .with_udp([53, 100], Datagrams::Dns)
        .with_udp([88, 99], Datagrams::Odd)
        .with_udp(SILENT, Datagrams::Silent);
    let path = Path::new(Duration::from_millis(5)).with_loss(Loss::Even(loss));
    let targets = RangeSet::new([Range::single(ip, 0)]);
    let mut plan = udp_plan(&targets, 1..=PORTS, seed);
    if let Some(udp) = &mut plan.spec.udp {
        udp.budget = None;
    }
    (plan, Network::new([host], path, seed))
}

type States = BTreeMap<u16, (PortState, Option<ServiceMatch>)>;

fn states(outcome: &Outcome) -> States {
    let found = outcome.findings().map(|f| (f.port, (f.state, f.service)));
    found.collect()
}

fn errors_sent(network: &Network) -> u64 {
    network.hosts.values().map(|host| host.errors_sent).sum()
}

#[test]
fn a_run_killed_at_any_time_resumes_to_the_same_result_and_proves_nothing_twice() {
    let mut random = Random::new(11);
    for seed in 0..60 {
        let loss = if seed % 2 == 0 { 0.0 } else { 0.01 };
        let errors = [Limiter::LINUX, Limiter::LINUX_V6, Limiter::BSD][seed as usize % 3];
        let (plan, mut network) = scene(seed, loss, errors);
        let whole = run(plan.clone(), &mut network);
        let (wanted, spent) = (states(&whole), errors_sent(&network));
        assert_eq!(wanted.len(), usize::from(PORTS), "seed {seed}");
        let end = whole.elapsed.as_millis() as u64;

        let mut checkpoint: Option<Vec<u8>> = None;
        let mut spent_again = 0;
        let mut cuts = Vec::new();
        // Kill the run three times, always before its end: a scan that is over has no checkpoint.
        for part in 0..3u64 {
            let (plan, mut network) = scene(seed, loss, errors);
            let at = Instant::from_millis(2 + random.below(end / 4));
            cuts.push(at);
            let bytes = match checkpoint {
                None => run_until(plan, &mut network, at),
                Some(bytes) => vigie_sim::run::resume_until(plan, &bytes, &mut network, at),
            };
            let decoded = Checkpoint::decode(&bytes).unwrap();
            assert_eq!(decoded.encode(), bytes, "seed {seed}, part {part}");
            spent_again += errors_sent(&network);
            checkpoint = Some(bytes);
        }
        let (plan, mut network) = scene(seed, loss, errors);
        let outcome = resume(plan, &checkpoint.unwrap(), &mut network);
        spent_again += errors_sent(&network);
        let what = format!("seed {seed}, cut at {cuts:?}");
        assert_eq!(states(&outcome), wanted, "{what}");
        println!("{what}: {spent} errors, {spent_again} with the cuts");
        // At each kill, errors in flight and the controls of running tests are spent again.
        let unlimited = matches!(errors, Limiter::Window { .. });
        let more = if unlimited { 60 } else { 12 };
        assert!(
            spent_again <= spent + 3 * more,
            "{what}: {spent_again} for {spent}"
        );
    }
}

#[test]
fn the_rest_of_the_budget_and_the_sample_continue_after_a_resume() {
    for seed in 0..10 {
        let budget = |(mut plan, network): (Plan, Network)| {
            let udp = plan.spec.udp.as_mut().unwrap();
            udp.budget = Some(Duration::from_secs(40));
            (plan, network)
        };
        let (plan, mut network) = budget(scene(seed, 0.0, Limiter::LINUX));
        let first = run_until(plan.clone(), &mut network, Instant::from_millis(30_000));
        let proven = errors_sent(&network);
        let (_, mut network) = budget(scene(seed, 0.0, Limiter::LINUX));
        let outcome = resume(plan, &first, &mut network);
        let took = outcome.elapsed;
        assert!(took < Duration::from_secs(30), "seed {seed}: {took:?}");
        let closed = outcome.ports(TARGET.parse().unwrap(), PortState::Closed);
        assert!(
            closed.len() as u64 > proven,
            "seed {seed}: {} {proven}",
            closed.len()
        );
        let sample = outcome.events.iter().find_map(|e| match e {
            vigie_scan::Event::HostDone(summary) => summary.udp?.sample,
            _ => None,
        });
        let sample = sample.expect("not all were reached");
        assert!(
            sample.drawn > 15 && sample.of >= 100,
            "seed {seed}: {sample:?}"
        );
    }
}
