//! A sweep's knowledge for a checkpoint, and taken up again.
//!
//! This file must not know files; [`crate::checkpoint`] seals what it writes.

use super::{Counts, Sweep};
use crate::ledger::Ledger;
use crate::loss::Loss;
use crate::time::Instant;
use crate::wire::{DecodeError, Reader, Writer};

/// A sweep's knowledge without its times, for a checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepState {
    round: u8,
    cursor: u64,
    ledger: Ledger,
    loss: Loss,
    counts: Counts,
}

impl Sweep {
    /// The knowledge at `now`. Probes whose answers may still be on their way count as not sent:
    /// who resumes will not be there to receive them.
    pub(crate) fn state(&self, now: Instant) -> SweepState {
        let recent =
            |stamp: &Instant| *stamp + self.rtt.last_wait() > now && *stamp > Instant::ZERO;
        let first = self
            .stamps
            .iter()
            .position(recent)
            .map_or(self.cursor, |run| run as u64 * self.stride);
        // In the first round everything behind the cursor was sent; later, a stamp may be of the round before.
        let (round, cursor) = if first < self.cursor || self.round == 0 {
            (self.round, first.min(self.cursor))
        } else {
            (self.round - 1, first)
        };
        SweepState {
            round,
            cursor,
            ledger: self.ledger.clone(),
            loss: self.loss.clone(),
            counts: self.counts,
        }
    }

    /// Takes up the knowledge of an earlier run of the same sweep; false if it is of another one.
    pub(crate) fn take_up(&mut self, now: Instant, state: SweepState) -> bool {
        if state.ledger.len() != self.ledger.len() || state.cursor > self.ledger.len() {
            return false;
        }
        (self.round, self.cursor, self.ledger, self.loss) =
            (state.round, state.cursor, state.ledger, state.loss);
        self.counts = state.counts;
        self.stamps.fill(now);
        self.last_sent = now;
        true
    }
}

impl SweepState {
    pub(crate) fn encode(&self, w: &mut Writer) {
        w.u8(self.round);
        w.u64(self.cursor);
        w.u64(self.ledger.len());
        w.list(self.ledger.words().iter(), |w, word| w.u64(*word));
        self.loss.encode(w);
        w.u64(self.counts.sent);
        w.u64(self.counts.answered);
        w.u64(self.counts.duplicates);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<SweepState, DecodeError> {
        let (round, cursor, len) = (r.u8()?, r.u64()?, r.u64()?);
        let words = r.list(Reader::u64)?;
        let ledger = Ledger::from_words(words, len).ok_or(DecodeError::Damaged)?;
        let loss = Loss::decode(r)?;
        let counts = Counts {
            sent: r.u64()?,
            answered: r.u64()?,
            duplicates: r.u64()?,
        };
        Ok(SweepState {
            round,
            cursor,
            ledger,
            loss,
            counts,
        })
    }
}
