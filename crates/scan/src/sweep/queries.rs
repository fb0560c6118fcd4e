//! Read access to a sweep: what is known of a probe, and of the paths.

use super::{Counts, Sweep};
use crate::ledger::Reply;
use crate::loss::Loss;
use crate::pace::Pacer;
use crate::rtt::Rtt;
use crate::time::Instant;

impl Sweep {
    /// Returns the reply to probe `index`; [`Reply::Error`] if it belongs to another sweep.
    pub fn reply(&self, index: u64) -> Reply {
        self.position(index)
            .map_or(Reply::Error, |p| self.ledger.get(p))
    }

    /// Returns the number of tries of probe `index`. After an early stop, only tries whose answer had time to arrive count.
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

    /// Whether the sweep was stopped before the answer to the last try at `position` was due.
    fn is_pending(&self, position: u64) -> bool {
        let Some(end) = self.stopped_at else {
            return false;
        };
        // The probes of a run were sent between its stamp and the next one.
        let run = (position / self.stride) as usize;
        let stamps = &self.stamps[run..self.stamps.len().min(run + 2)];
        let wait = self.rtt.last_wait().max(self.bounds.patience);
        stamps
            .iter()
            .any(|stamp| *stamp > Instant::ZERO && *stamp + wait > end)
    }

    /// Number of probes without a reply.
    pub fn unanswered(&self) -> u64 {
        self.ledger.unanswered()
    }

    /// Number of probes.
    pub fn len(&self) -> u64 {
        self.extents.len()
    }

    /// Whether there are no probes.
    pub fn is_empty(&self) -> bool {
        self.ledger.is_empty()
    }

    /// Returns the round-trip time estimate.
    pub fn rtt(&self) -> &Rtt {
        &self.rtt
    }

    /// Returns the evidence on loss.
    pub fn loss(&self) -> &Loss {
        &self.loss
    }

    /// Returns the pacer.
    pub fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    /// Returns the counters.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the number of the present round, from 1.
    pub fn round(&self) -> u8 {
        self.round + 1
    }
}
