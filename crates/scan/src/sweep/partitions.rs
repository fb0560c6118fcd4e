//! The partitions of a sweep, joined again; and what one window of a scan passes on to the next.
//!
//! A scan that exceeds its memory limit goes through its hosts in windows. Each window is a sweep with its own order
//! that starts with the rate, the round-trip times and the losses that the previous one measured ([`PathEstimates`]).
//!
//! [`donations`](super::donations) splits a sweep. The module does not know threads.

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
use crate::rate_limit::prober::RateLimitProber;
use crate::rtt::Rtt;
use crate::time::Instant;

/// What is known of one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProbeRecord {
    /// The reply received.
    pub reply: Reply,
    /// Number of tries. After an early stop, only tries whose answer had time to arrive count.
    pub tries: u8,
}

/// The partitions of one probe space.
#[derive(Clone, Debug)]
pub(crate) struct Partitions {
    /// In the order of their first positions. Never empty.
    sweeps: Vec<Sweep>,
    /// All extents in the order of their positions, each with the index of its sweep.
    extents: Vec<(Extent, usize)>,
    /// Evidence on loss of all partitions.
    loss: Loss,
    /// The same together with earlier windows, which used the same paths.
    pooled_loss: Loss,
    hosts: Hosts,
    /// Results of the rate limit probing that followed.
    probing: Option<Box<RateLimitProber>>,
}

impl From<Sweep> for Partitions {
    fn from(sweep: Sweep) -> Partitions {
        let (loss, pooled_loss, hosts) =
            (sweep.loss.clone(), sweep.pooled_loss(), sweep.hosts.clone());
        let sweeps = Vec::from([sweep]);
        Partitions {
            extents: extents(&sweeps),
            sweeps,
            loss,
            pooled_loss,
            hosts,
            probing: None,
        }
    }
}

/// What one window of a scan passes on to the next: all estimates of the paths.
#[derive(Clone, Debug)]
pub(crate) struct PathEstimates {
    pacer: Pacer,
    partitions: u32,
    rtt: Rtt,
    loss: Loss,
}

impl Partitions {
    /// Joins partitions. Returns `None` if there are none.
    pub(crate) fn join(mut parts: Vec<Sweep>) -> Option<Partitions> {
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
            pooled_loss: loss.clone(),
            loss,
            hosts,
            probing: None,
        })
    }

    /// Returns the evidence on each host.
    pub(crate) fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// Adds the results of rate limit probing.
    pub(crate) fn with_probing(mut self, probing: Option<Box<RateLimitProber>>) -> Partitions {
        self.probing = probing;
        self
    }

    /// Returns the results of rate limit probing.
    pub(crate) fn probing(&self) -> Option<&RateLimitProber> {
        self.probing.as_deref()
    }

    /// Returns the rate that the paths carry, in probes per second.
    pub(crate) fn path_rate(&self) -> f64 {
        let rate = |sweep: &Sweep| sweep.pacer.capacity().unwrap_or(sweep.pacer.rate());
        self.sweeps.iter().map(rate).sum()
    }

    /// Records a later reply to probe `index`.
    pub(crate) fn settle(&mut self, index: u64, reply: Reply) {
        for part in &mut self.sweeps {
            if let Some(position) = part.position(index) {
                part.ledger.set(position, reply);
            }
        }
    }

    /// Returns what is known of probe `index`. Returns `None` if it belongs to no partition.
    #[inline]
    pub(crate) fn probe(&self, index: u64) -> Option<ProbeRecord> {
        let position = self.sweeps[0].order.position(index);
        let after = self
            .extents
            .partition_point(|(extent, _)| extent.base <= position);
        let (extent, owner) = &self.extents[after.checked_sub(1)?];
        let (position, part) = (extent.local(position)?, &self.sweeps[*owner]);
        Some(ProbeRecord {
            reply: part.ledger.get(position),
            tries: part.tries_at(position, index),
        })
    }

    /// Returns the probability that probe `index` would have been answered and all of its `tries` tries were lost.
    pub(crate) fn miss_probability(&self, index: u64, tries: u8) -> f64 {
        self.hosts.miss_probability(index, tries, &self.pooled_loss)
    }

    /// Returns the evidence on loss of all partitions.
    pub(crate) fn loss(&self) -> &Loss {
        &self.loss
    }

    /// Returns the numbers of the hosts that answered at first and no longer do, without rate-limited ones.
    pub(crate) fn fallen_silent(&self) -> BTreeSet<u64> {
        let silent = |sweep: &Sweep| sweep.canaries.fallen_silent().collect::<Vec<_>>();
        let silent = self.sweeps.iter().flat_map(silent);
        silent
            .filter(|host| !self.hosts.rate_limits().contains_key(host))
            .collect()
    }

    /// Returns the state of each partition for a checkpoint.
    pub(crate) fn states(&self, now: Instant) -> Vec<SweepState> {
        self.sweeps.iter().map(|sweep| sweep.state(now)).collect()
    }

    /// Returns the path estimates for the next window.
    pub(crate) fn path_estimates(&self) -> PathEstimates {
        let first = &self.sweeps[0];
        let own = &self.loss;
        let earlier = &first.peer_loss;
        let loss = if self.sweeps.len() > 1 || *earlier == Loss::default() {
            own.clone()
        } else if *own == Loss::default() {
            earlier.clone()
        } else {
            own.merged(earlier)
        };
        PathEstimates {
            pacer: first.pacer.fork(),
            partitions: self.sweeps.len() as u32,
            rtt: first.rtt.clone(),
            loss,
        }
    }

    /// Number of probes without a reply.
    pub(crate) fn unanswered(&self) -> u64 {
        self.sweeps.iter().map(Sweep::unanswered).sum()
    }

    /// Number of probes that were never sent.
    pub(crate) fn unsent(&self) -> u64 {
        let unsent = |sweep: &Sweep| {
            if sweep.round == 0 {
                sweep
                    .extents
                    .remaining(sweep.cursor)
                    .min(sweep.unanswered())
            } else {
                0
            }
        };
        self.sweeps.iter().map(unsent).sum()
    }

    /// Returns the smoothed round-trip time, if one was measured.
    pub(crate) fn smoothed(&self) -> Option<Duration> {
        self.sweeps.iter().find_map(|part| part.rtt.smoothed())
    }

    /// Returns the counters of each partition.
    pub(crate) fn counts(&self) -> impl Iterator<Item = Counts> {
        self.sweeps.iter().map(Sweep::counts)
    }
}

fn extents(sweeps: &[Sweep]) -> Vec<(Extent, usize)> {
    let of = |(owner, sweep): (usize, &Sweep)| {
        let extents: Vec<_> = sweep
            .extents
            .iter()
            .map(|extent| (*extent, owner))
            .collect();
        extents
    };
    let mut all: Vec<_> = sweeps.iter().enumerate().flat_map(of).collect();
    // An empty extent comes before the one that begins where it ends.
    all.sort_unstable_by_key(|(extent, _)| (extent.base, extent.len));
    all
}

impl Sweep {
    /// Starts with the path estimates of an earlier window.
    pub(crate) fn apply_estimates(&mut self, now: Instant, path_estimates: &PathEstimates) {
        self.pacer
            .continue_from(now, &path_estimates.pacer, path_estimates.partitions);
        self.pacer.protect_hosts(now, self.ledger.unanswered());
        self.rtt = path_estimates.rtt.clone();
        self.peer_loss = path_estimates.loss.clone();
    }

    /// Starts to monitor hosts: each run of `per_host` probe indices belongs to one host.
    pub(crate) fn monitor_hosts(&mut self, per_host: u64) {
        self.canaries.monitor_hosts(per_host);
        self.hosts = Hosts::new(self.order.len(), per_host);
    }

    /// Returns the evidence on loss that this sweep has gathered itself.
    pub(crate) fn own_loss(&self) -> &Loss {
        &self.loss
    }

    /// Sets the evidence on loss that the other partitions have gathered.
    pub(crate) fn set_peer_loss(&mut self, peer_loss: Loss) {
        self.peer_loss = peer_loss;
    }

    /// Sets the minimum time to wait for the last answers.
    pub(crate) fn set_patience(&mut self, patience: Duration) {
        self.bounds.patience = patience;
    }
}
