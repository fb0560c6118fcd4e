//! The parts of a sweep, seen as a whole again; and what one window of a scan leaves to the next.
//!
//! How a sweep becomes parts is in `share`. This file must not know threads.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::time::Duration;

use super::extents::Extent;
use super::hosts::Hosts;
use super::{Counts, Sweep, SweepState};
use crate::ledger::Reply;
use crate::loss::Loss;
use crate::pace::Pacer;
use crate::rate_limit_probing::RateLimitProber;
use crate::rtt::Rtt;
use crate::time::Instant;

/// What is known of one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProbeRecord {
    /// What its answer said.
    pub reply: Reply,
    /// How many tries it had; after an early end those whose answer had its time.
    pub tries: u8,
}

/// The parts of one probe space, each swept by itself.
#[derive(Clone, Debug)]
pub(crate) struct Partitions {
    /// In the order of where they began; never none.
    sweeps: Vec<Sweep>,
    /// All their extents in the order of the positions, and whose they are.
    extents: Vec<(Extent, usize)>,
    /// What all of them have seen of the paths, and of each host.
    loss: Loss,
    /// The same with what was heard from elsewhere: earlier windows have gone the same paths.
    pool: Loss,
    hosts: Hosts,
    /// What was proven afterwards, of hosts that limit their resets.
    proofs: Option<Box<RateLimitProber>>,
}

impl From<Sweep> for Partitions {
    fn from(sweep: Sweep) -> Partitions {
        let (loss, pool, hosts) = (sweep.loss.clone(), sweep.pool(), sweep.hosts.clone());
        let sweeps = Vec::from([sweep]);
        Partitions {
            extents: extents(&sweeps),
            sweeps,
            loss,
            pool,
            hosts,
            proofs: None,
        }
    }
}

/// What one window of a scan leaves to the next: all that is known of the paths.
#[derive(Clone, Debug)]
pub(crate) struct PathEstimates {
    pacer: Pacer,
    parts: u32,
    rtt: Rtt,
    loss: Loss,
}

impl Partitions {
    /// The parts as a whole; none if there is no part.
    pub(crate) fn of(mut parts: Vec<Sweep>) -> Option<Partitions> {
        parts.sort_by_key(|part| part.extents.base());
        let all = parts.iter().map(|part| part.loss.clone());
        let loss = all.reduce(|a, b| a.merged(&b))?;
        let (first, others) = parts.split_first()?;
        let mut hosts = first.hosts.clone();
        for part in others {
            hosts.merge(&part.hosts);
        }
        Some(Partitions {
            extents: extents(&parts),
            sweeps: parts,
            pool: loss.clone(),
            loss,
            hosts,
            proofs: None,
        })
    }

    /// What is known of each host.
    pub(crate) fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// With what was proven afterwards.
    pub(crate) fn with_proofs(mut self, proofs: Option<Box<RateLimitProber>>) -> Partitions {
        self.proofs = proofs;
        self
    }

    /// What was proven afterwards.
    pub(crate) fn proofs(&self) -> Option<&RateLimitProber> {
        self.proofs.as_deref()
    }

    /// Probes a second that the paths carry, as far as that was seen.
    pub(crate) fn pace(&self) -> f64 {
        let pace = |sweep: &Sweep| sweep.pacer.capacity().unwrap_or(sweep.pacer.rate());
        self.sweeps.iter().map(pace).sum()
    }

    /// Probe `index` was answered after all.
    pub(crate) fn settle(&mut self, index: u64, reply: Reply) {
        for part in &mut self.sweeps {
            if let Some(position) = part.position(index) {
                part.ledger.set(position, reply);
            }
        }
    }

    /// What is known of probe `index`; none if it belongs to none of the parts.
    #[inline]
    pub(crate) fn probe(&self, index: u64) -> Option<ProbeRecord> {
        let position = self.sweeps[0].order.position(index);
        let after = self
            .extents
            .partition_point(|(span, _)| span.base <= position);
        let (span, whose) = &self.extents[after.checked_sub(1)?];
        let (position, part) = (span.own(position)?, &self.sweeps[*whose]);
        Some(ProbeRecord {
            reply: part.ledger.get(position),
            tries: part.tries_at(position, index),
        })
    }

    /// The miss probability of probe `index` that stayed silent for `tries` tries.
    pub(crate) fn miss_probability(&self, index: u64, tries: u8) -> f64 {
        self.hosts.miss_probability(index, tries, &self.pool)
    }

    /// What was seen of the paths.
    pub(crate) fn loss(&self) -> &Loss {
        &self.loss
    }

    /// Hosts, by number, that answered at first and do not any more; a limiter's tokens are no such end.
    pub(crate) fn fallen_silent(&self) -> BTreeSet<u64> {
        let silent = |sweep: &Sweep| sweep.canaries.fallen_silent().collect::<Vec<_>>();
        let silent = self.sweeps.iter().flat_map(silent);
        silent
            .filter(|host| !self.hosts.limited().contains_key(host))
            .collect()
    }

    /// What each part knows, for a checkpoint.
    pub(crate) fn states(&self, now: Instant) -> Vec<SweepState> {
        self.sweeps.iter().map(|sweep| sweep.state(now)).collect()
    }

    /// What the next window of the same scan begins with.
    pub(crate) fn path_estimates(&self) -> PathEstimates {
        let first = &self.sweeps[0];
        let own = &self.loss;
        let earlier = &first.elsewhere;
        let loss = if self.sweeps.len() > 1 || *earlier == Loss::default() {
            own.clone()
        } else if *own == Loss::default() {
            earlier.clone()
        } else {
            own.merged(earlier)
        };
        PathEstimates {
            pacer: first.pacer.fork(),
            parts: self.sweeps.len() as u32,
            rtt: first.rtt.clone(),
            loss,
        }
    }

    /// Of how many probes nothing is known.
    pub(crate) fn unanswered(&self) -> u64 {
        self.sweeps.iter().map(Sweep::unanswered).sum()
    }

    /// How many probes were never sent.
    pub(crate) fn unsent(&self) -> u64 {
        let unsent = |sweep: &Sweep| {
            if sweep.round == 0 {
                sweep.extents.from(sweep.cursor).min(sweep.unanswered())
            } else {
                0
            }
        };
        self.sweeps.iter().map(unsent).sum()
    }

    /// The smoothed round-trip time, where one was measured.
    pub(crate) fn smoothed(&self) -> Option<Duration> {
        self.sweeps.iter().find_map(|part| part.rtt.smoothed())
    }

    /// What all parts counted.
    pub(crate) fn counts(&self) -> impl Iterator<Item = Counts> {
        self.sweeps.iter().map(Sweep::counts)
    }
}

fn extents(sweeps: &[Sweep]) -> Vec<(Extent, usize)> {
    let of = |(whose, sweep): (usize, &Sweep)| {
        let extents: Vec<_> = sweep.extents.iter().map(|span| (*span, whose)).collect();
        extents
    };
    let mut all: Vec<_> = sweeps.iter().enumerate().flat_map(of).collect();
    // An empty span comes before the one that begins where it ends.
    all.sort_unstable_by_key(|(span, _)| (span.base, span.len));
    all
}

impl Sweep {
    /// Begins with what an earlier window has learned of the paths.
    pub(crate) fn apply_estimates(&mut self, now: Instant, path_estimates: &PathEstimates) {
        self.pacer
            .continue_from(now, &path_estimates.pacer, path_estimates.parts);
        self.pacer.protect_hosts(now, self.ledger.unanswered());
        self.rtt = path_estimates.rtt.clone();
        self.elsewhere = path_estimates.loss.clone();
    }

    /// From now on each `per_host` probes are those of one host, and hosts that fall silent are noticed.
    pub(crate) fn watch_hosts(&mut self, per_host: u64) {
        self.canaries.monitor_hosts(per_host);
        self.hosts = Hosts::new(self.order.len(), per_host);
    }

    /// The evidence on loss that this sweep has gathered itself.
    pub(crate) fn evidence(&self) -> &Loss {
        &self.loss
    }

    /// The evidence that the other parts have gathered.
    pub(crate) fn hear(&mut self, elsewhere: Loss) {
        self.elsewhere = elsewhere;
    }

    /// How slow the slowest host may be, now that more is known.
    pub(crate) fn set_patience(&mut self, patience: Duration) {
        self.bounds.patience = patience;
    }
}
