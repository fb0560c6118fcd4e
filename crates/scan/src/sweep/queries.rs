//! What a sweep knows, for who asks: of a probe, and of the paths.
//!
//! This file must not decide anything.

use super::{Counts, Sweep};
use crate::ledger::Reply;
use crate::loss::Loss;
use crate::pace::Pacer;
use crate::rtt::Rtt;
use crate::time::Instant;

impl Sweep {
    /// What is known of probe `index`.
    pub fn reply(&self, index: u64) -> Reply {
        self.position(index)
            .map_or(Reply::Error, |p| self.ledger.get(p))
    }

    /// How many tries probe `index` has had; after an early end those whose answer had its time.
    pub fn tries(&self, index: u64) -> u8 {
        let Some(position) = self.position(index) else {
            return 0;
        };
        self.tries_at(position, index)
    }

    #[inline]
    pub(super) fn tries_at(&self, position: u64, index: u64) -> u8 {
        let made = self.round + u8::from(position < self.cursor);
        let made = made - u8::from(made > 0 && self.is_pending(position));
        let (done, skipped) = self.hosts.skips(index);
        let skipped = skipped + u8::from(done && self.round > 0 && position < self.cursor);
        made.saturating_sub(skipped)
    }

    /// Whether an early end came before the answer to the last try at `position` was due.
    fn is_pending(&self, position: u64) -> bool {
        let Some(end) = self.cut_off else {
            return false;
        };
        // The probes of a run were sent between its stamp and the next one's.
        let run = (position / self.stride) as usize;
        let stamps = &self.stamps[run..self.stamps.len().min(run + 2)];
        let wait = self.rtt.last_wait().max(self.bounds.patience);
        stamps
            .iter()
            .any(|stamp| *stamp > Instant::ZERO && *stamp + wait > end)
    }

    /// Of how many probes nothing is known.
    pub fn unanswered(&self) -> u64 {
        self.ledger.unanswered()
    }

    /// How many probes there are.
    pub fn len(&self) -> u64 {
        self.extents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ledger.is_empty()
    }

    /// The round-trip times measured.
    pub fn rtt(&self) -> &Rtt {
        &self.rtt
    }

    /// The loss measured.
    pub fn loss(&self) -> &Loss {
        &self.loss
    }

    /// The pace.
    pub fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    /// What was counted.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The round of tries, from 1.
    pub fn round(&self) -> u8 {
        self.round + 1
    }
}
