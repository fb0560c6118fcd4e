//! Checks the claimed miss probability of each host if one of them has a worse path than the others.
//!
//! A low confidence makes misses frequent enough to count. This file must not know how losses are estimated.

use std::net::IpAddr;
use std::time::Duration;

use vigie_scan::{Event, Reason};
use vigie_scope::target::{Range, RangeSet};
use vigie_sim::host::{Answering, Limiter};
use vigie_sim::path::Loss;
use vigie_sim::run::{plan, ports, run};
use vigie_sim::{Network, Path, SimHost};

/// Number of ports of each host that a firewall drops.
const DROPPED: u16 = 50;

/// Number of missed ports.
#[derive(Clone, Copy, Debug, Default)]
struct Missed {
    /// Real number.
    really: f64,
    /// Number that the reports claim.
    claimed: f64,
}

impl Missed {
    #[track_caller]
    fn assert_calibrated(self, what: &str) {
        let Missed { really, claimed } = self;
        println!("{what}: missed {really}, claimed {claimed:.1}");
        // Allow twice the claim, plus three standard deviations of the count.
        assert!(
            really <= 2.0 * claimed + 3.0 * claimed.sqrt() + 1.0,
            "{what}: missed {really}, claimed {claimed:.1}"
        );
    }
}

/// A scan of the first ports of many hosts. Host 0 may differ from the others.
#[derive(Clone, Copy)]
struct Case {
    hosts: u8,
    ports: u16,
    /// Loss on the common path, and on the own part of the path of host 0.
    shared: Loss,
    own: Loss,
    /// Limiter of the resets of host 0.
    resets: Limiter,
    bottleneck: Option<(f64, u32)>,
    confidence: f64,
    seeds: u64,
}

impl Case {
    /// Returns the missed ports of host 0, and of all others together.
    fn run(&self) -> [Missed; 2] {
        let mut missed = [Missed::default(); 2];
        for seed in 0..self.seeds {
            self.scan(seed, &mut missed);
        }
        missed
    }

    fn scan(&self, seed: u64, missed: &mut [Missed; 2]) {
        let ip = |i: u8| IpAddr::from([10, 1, 0, i]);
        let of = |i: u8| {
            let host = SimHost::new(ip(i)).with(1..=DROPPED, Answering::Dropped);
            if i == 0 {
                host.behind(Path::new(Duration::ZERO).with_loss(self.own))
                    .limit_resets(self.resets)
            } else {
                host
            }
        };
        let mut path = Path::new(Duration::from_millis(10)).with_loss(self.shared);
        if let Some((rate, queue)) = self.bottleneck {
            path = path.with_bottleneck(rate, queue);
        }
        let mut network = Network::new((0..self.hosts).map(of), path, seed);
        let range = Range::prefix(ip(0), 32 - self.hosts.ilog2() as u8, 0);
        let mut plan = plan(&RangeSet::new([range]), ports(1, self.ports), seed);
        plan.spec.budget.confidence = self.confidence;
        plan.spec.budget.rate_limit_probing = Some(Duration::from_millis(200));
        plan.spec.listing.all = false;
        plan.spec.listing.most = 0;
        let outcome = run(plan, &mut network);
        let answering = f64::from(self.ports - DROPPED);
        let mut hosts = 0;
        for event in &outcome.events {
            let Event::HostDone(summary) = event else {
                continue;
            };
            hosts += 1;
            let mut silent = summary.counts.iter();
            let silent = silent.find(|c| c.reason == Reason::NoResponse);
            let Some(silent) = silent.filter(|s| s.count >= u64::from(DROPPED)) else {
                // A host with a limiter: its silent ports are reported as unproven.
                continue;
            };
            let one = &mut missed[usize::from(summary.host.host.ip != ip(0))];
            one.really += silent.count as f64 - f64::from(DROPPED);
            one.claimed += silent.miss_probability * answering;
        }
        assert_eq!(hosts, u32::from(self.hosts));
    }
}

const CLEAN: Loss = Loss::Even(0.0);
const BURSTS: Loss = Loss::Bursts {
    begin: 0.01,
    end: 0.19,
};
const PLAIN: Case = Case {
    hosts: 16,
    ports: 250,
    shared: CLEAN,
    own: CLEAN,
    resets: Limiter::Unlimited,
    bottleneck: None,
    confidence: 0.99,
    seeds: 50,
};

#[test]
fn one_host_behind_even_loss() {
    for confidence in [0.9, 0.99, 0.999] {
        for shared in [0.0, 0.01] {
            let case = Case {
                own: Loss::Even(0.05),
                shared: Loss::Even(shared),
                confidence,
                ..PLAIN
            };
            let [lossy, others] = case.run();
            let what = format!("confidence {confidence}, {shared} lost of all");
            lossy.assert_calibrated(&format!("the lossy host, {what}"));
            others.assert_calibrated(&format!("the others, {what}"));
        }
    }
}

#[test]
fn one_host_behind_bursts() {
    for confidence in [0.9, 0.99, 0.999] {
        for shared in [CLEAN, BURSTS] {
            let case = Case {
                own: BURSTS,
                shared,
                confidence,
                ..PLAIN
            };
            let [lossy, others] = case.run();
            let what = format!("confidence {confidence}, {shared:?} of all");
            lossy.assert_calibrated(&format!("the lossy host, {what}"));
            others.assert_calibrated(&format!("the others, {what}"));
        }
    }
}

#[test]
fn beside_a_host_that_limits_its_resets() {
    for loss in [0.0, 0.01, 0.05] {
        let case = Case {
            hosts: 4,
            ports: 5_000,
            shared: Loss::Even(loss),
            resets: Limiter::BSD,
            bottleneck: Some((50_000.0, 1_000)),
            confidence: 0.9999,
            seeds: 12,
            ..PLAIN
        };
        let [_, others] = case.run();
        others.assert_calibrated(&format!("{loss} lost, one host of four limited"));
    }
}
