//! A sweep in parts: one divided among several senders, and the parts seen as a whole again.
//!
//! Only what was never sent can be given away, so a part's answers are its own from the
//! beginning. This file must not know threads.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::time::Duration;

use super::{Counts, Sweep, SweepState};
use crate::ledger::{Known, Ledger};
use crate::loss::{Loss, MAX_TRIES};
use crate::pace::Pacer;
use crate::rtt::Rtt;
use crate::time::Instant;

/// What is known of one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// What its answer said.
    pub known: Known,
    /// How many tries it had; after an early end those whose answer had its time.
    pub tries: u8,
}

/// The parts of one probe space, each swept by itself.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// In the order of their positions; never none.
    sweeps: Vec<Sweep>,
    /// What all of them have seen of the paths.
    loss: Loss,
    /// The miss probability after so many tries.
    miss: [f64; MAX_TRIES + 1],
}

impl From<Sweep> for Parts {
    fn from(sweep: Sweep) -> Parts {
        let loss = sweep.loss.clone();
        // With what was heard from elsewhere: earlier windows have gone the same paths.
        let miss = core::array::from_fn(|tries| sweep.miss_probability(tries as u8));
        Parts {
            miss,
            ..Parts::new(Vec::from([sweep]), loss)
        }
    }
}

/// What one window of a scan leaves to the next: all that is known of the paths.
#[derive(Clone, Debug)]
pub(crate) struct Legacy {
    pacer: Pacer,
    parts: u32,
    rtt: Rtt,
    loss: Loss,
}

impl Parts {
    fn new(sweeps: Vec<Sweep>, loss: Loss) -> Parts {
        let miss = core::array::from_fn(|tries| loss.miss_probability(tries as u8));
        Parts { sweeps, loss, miss }
    }

    /// The parts as a whole; none if there is no part.
    pub(crate) fn of(mut parts: Vec<Sweep>) -> Option<Parts> {
        parts.sort_by_key(|part| part.base);
        let all = parts.iter().map(|part| part.loss.clone());
        let loss = all.reduce(|a, b| a.merged(&b))?;
        Some(Parts::new(parts, loss))
    }

    /// What is known of probe `index`; none if it belongs to none of the parts.
    #[inline]
    pub(crate) fn seen(&self, index: u64) -> Option<Seen> {
        let position = self.sweeps[0].order.position(index);
        let after = self.sweeps.partition_point(|part| part.base <= position);
        let part = &self.sweeps[after.checked_sub(1)?];
        let position = position - part.base;
        (position < part.ledger.len()).then(|| Seen {
            known: part.ledger.get(position),
            tries: part.tries_at(position),
        })
    }

    /// The miss probability of a probe that stayed silent for `tries` tries.
    pub(crate) fn miss_probability(&self, tries: u8) -> f64 {
        self.miss[usize::from(tries).min(MAX_TRIES)]
    }

    /// What was seen of the paths.
    pub(crate) fn loss(&self) -> &Loss {
        &self.loss
    }

    /// Hosts, by number, that answered at first and do not any more.
    pub(crate) fn fallen_silent(&self) -> BTreeSet<u64> {
        let silent = |sweep: &Sweep| sweep.canaries.fallen_silent().collect::<Vec<_>>();
        self.sweeps.iter().flat_map(silent).collect()
    }

    /// What each part knows, for a checkpoint.
    pub(crate) fn states(&self, now: Instant) -> Vec<SweepState> {
        self.sweeps.iter().map(|sweep| sweep.state(now)).collect()
    }

    /// What the next window of the same scan begins with.
    pub(crate) fn legacy(&self) -> Legacy {
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
        Legacy {
            pacer: first.pacer.heir(),
            parts: self.sweeps.len() as u32,
            rtt: first.rtt.clone(),
            loss,
        }
    }

    /// Of how many probes nothing is known.
    pub(crate) fn unknown(&self) -> u64 {
        self.sweeps.iter().map(Sweep::unknown).sum()
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

impl Sweep {
    /// How many probes were never sent and could be given to others.
    pub(crate) fn untouched(&self) -> u64 {
        if self.round == 0 && self.ended.is_none() {
            self.ledger.len() - self.cursor
        } else {
            0
        }
    }

    /// Divides what was never sent among itself and `others` new sweeps, and the pace with it.
    pub(crate) fn divide(&mut self, now: Instant, others: u32) -> Vec<Sweep> {
        let (all, untouched) = (u64::from(others) + 1, self.untouched());
        self.pacer.share(now, others + 1);
        let cut = |i| self.cursor + untouched * i / all;
        let cuts: Vec<u64> = (1..all).rev().map(cut).collect();
        cuts.into_iter().map(|at| self.split_off(at)).collect()
    }

    /// The positions from about `at` on, which were never sent, as a sweep of their own.
    pub(super) fn split_off(&mut self, at: u64) -> Sweep {
        let at = at.next_multiple_of(Ledger::GRAIN);
        let at = at.min(self.ledger.len() / Ledger::GRAIN * Ledger::GRAIN);
        let ledger = self.ledger.split_off(at);
        self.stamps
            .truncate(self.ledger.len().div_ceil(self.stride) as usize);
        let base = self.base + at;
        let mut part = Sweep::span(
            self.order.len(),
            base..base + ledger.len(),
            0,
            self.bounds,
            None,
        );
        part.order = self.order.clone();
        part.ledger = ledger;
        part.pacer = self.pacer.heir();
        part.rtt = self.rtt.clone();
        part.canaries = self.canaries.heir();
        part
    }

    /// Begins with what an earlier window has learned of the paths.
    pub(crate) fn inherit(&mut self, now: Instant, legacy: &Legacy) {
        self.pacer.succeed(now, &legacy.pacer, legacy.parts);
        self.pacer.protect_hosts(now, self.ledger.unknown());
        self.rtt = legacy.rtt.clone();
        self.elsewhere = legacy.loss.clone();
    }

    /// From now on each `per_host` probes are those of one host, and hosts that fall silent are noticed.
    pub(crate) fn watch_hosts(&mut self, per_host: u64) {
        self.canaries.watch_hosts(per_host);
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
