//! A sweep's knowledge for a checkpoint, and taken up again.
//!
//! This file must not know files; [`crate::checkpoint`] seals what it writes.

use alloc::vec::Vec;
use core::time::Duration;

use super::hosts::HostsState;
use super::{Counts, Sweep};
use crate::ledger::Ledger;
use crate::loss::Loss;
use crate::time::Instant;
use crate::wire::{DecodeError, Reader, Writer};

/// Answers may lie unread for so long: in a block of the ring that is not full yet, or while this machine has others
/// to serve. What they answer is sent again.
const UNREAD: Duration = Duration::from_millis(250);

/// A sweep's knowledge without its times, for a checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepState {
    /// Where its positions begin.
    base: u64,
    round: u8,
    cursor: u64,
    ledger: Ledger,
    loss: Loss,
    hosts: HostsState,
    counts: Counts,
}

impl Sweep {
    /// The knowledge at `now`. Probes whose answers may still be on their way count as not sent:
    /// who resumes will not be there to receive them.
    pub(crate) fn state(&self, now: Instant) -> SweepState {
        let wait = self.rtt.last_wait().max(self.bounds.patience) + UNREAD;
        let recent = |stamp: &Instant| *stamp + wait > now && *stamp > Instant::ZERO;
        // The probes of a run were sent between its stamp and the next one's: a sender that was held up may have
        // begun a run long ago and ended it just now.
        let began = self.stamps.iter().position(recent);
        let under_way = self.cursor.saturating_sub(1) / self.stride;
        let first = match began {
            Some(run) => run.saturating_sub(1) as u64 * self.stride,
            None if self.last_sent + wait > now => under_way * self.stride,
            None => self.cursor,
        };
        // In the first round everything behind the cursor was sent; later, a stamp may be of the round before.
        let (round, cursor) = if first < self.cursor || self.round == 0 {
            (self.round, first.min(self.cursor))
        } else {
            (self.round - 1, first)
        };
        SweepState {
            base: self.base,
            round,
            cursor,
            ledger: self.ledger.clone(),
            loss: self.loss.clone(),
            hosts: self.hosts.state(),
            counts: self.counts,
        }
    }

    /// Takes up the knowledge of an earlier run of the same sweep, or of its parts: the sweeps of the
    /// parts after the first. None if the states are of another sweep.
    pub(crate) fn take_up(&mut self, now: Instant, states: Vec<SweepState>) -> Option<Vec<Sweep>> {
        let mut at = self.base;
        for state in &states {
            let len = state.ledger.len();
            let whole = len.is_multiple_of(Ledger::GRAIN);
            let last = at + len == self.base + self.ledger.len();
            if state.base != at || state.cursor > len || !(whole || last) {
                return None;
            }
            at += len;
        }
        if at != self.base + self.ledger.len() {
            return None;
        }
        self.pacer.share(now, states.len().max(1) as u32);
        let mut others = Vec::new();
        for state in states.into_iter().rev() {
            if state.base == self.base {
                self.set_state(now, state);
                break;
            }
            let mut part = self.split_off(state.base - self.base);
            part.set_state(now, state);
            others.push(part);
        }
        others.reverse();
        Some(others)
    }

    fn set_state(&mut self, now: Instant, state: SweepState) {
        (self.round, self.cursor, self.ledger, self.loss) =
            (state.round, state.cursor, state.ledger, state.loss);
        self.hosts.take_up(now, &state.hosts);
        self.counts = state.counts;
        self.apart = self.spacing();
        if self.round > 0 {
            // Some of this round were sent: that nothing is left to send proves nothing.
            self.in_round = 1;
            self.pacer.retry(now);
        }
        self.stamps.fill(now);
        self.last_sent = now;
    }
}

impl SweepState {
    /// The states of the parts as that of one sweep. What parts behind the first unfinished one
    /// have sent without an answer counts as not sent.
    pub(crate) fn join(mut states: Vec<SweepState>) -> Vec<SweepState> {
        states.sort_by_key(|state| state.base);
        let joined = states.into_iter().reduce(|mut all, next| {
            let ahead = all.ledger.len();
            if next.round < all.round {
                // The first part is a round further: what it sent in this one is sent again.
                (all.round, all.cursor) = (next.round, ahead + next.cursor);
            } else if all.cursor == ahead {
                let further = next.round > all.round;
                all.cursor += if further {
                    next.ledger.len()
                } else {
                    next.cursor
                };
            }
            all.ledger.append(next.ledger);
            all.loss = all.loss.merged(&next.loss);
            all.hosts.join(next.hosts);
            all.counts.sent += next.counts.sent;
            all.counts.answered += next.counts.answered;
            all.counts.duplicates += next.counts.duplicates;
            all
        });
        joined.into_iter().collect()
    }

    /// Where its positions begin.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        w.u64(self.base);
        w.u8(self.round);
        w.u64(self.cursor);
        w.u64(self.ledger.len());
        w.list(self.ledger.words().iter(), |w, word| w.u64(*word));
        self.loss.encode(w);
        self.hosts.encode(w);
        w.u64(self.counts.sent);
        w.u64(self.counts.answered);
        w.u64(self.counts.duplicates);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<SweepState, DecodeError> {
        let (base, round, cursor, len) = (r.u64()?, r.u8()?, r.u64()?, r.u64()?);
        if round == u8::MAX {
            // No scan comes so far: tries are fewer.
            return Err(DecodeError::Damaged);
        }
        let words = r.list(Reader::u64)?;
        let ledger = Ledger::from_words(words, len).ok_or(DecodeError::Damaged)?;
        let loss = Loss::decode(r)?;
        let hosts = HostsState::decode(r)?;
        let counts = Counts {
            sent: r.u64()?,
            answered: r.u64()?,
            duplicates: r.u64()?,
        };
        Ok(SweepState {
            base,
            round,
            cursor,
            ledger,
            loss,
            hosts,
            counts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::RoundsEnd;
    use crate::ledger::Known;
    use crate::pace::Caps;
    use crate::sweep::{Bounds, Next, Worth};

    /// Many probes share a time; the sender is held up in the middle of such a run.
    #[test]
    fn what_was_sent_just_now_counts_as_not_sent_even_if_its_run_began_long_ago() {
        let bounds = Bounds {
            caps: Caps {
                min: Some(1e6),
                ..Caps::default()
            },
            max_tries: 3,
            miss: 1e-4,
            until: (Instant::FAR, RoundsEnd::MaxTime),
            first_wait: Duration::from_millis(10),
            patience: Duration::ZERO,
            kernel_retries: false,
        };
        let mut sweep = Sweep::new(1 << 22, 1, bounds, Some(Duration::from_millis(1)));
        assert_eq!(sweep.stride, 64);
        let mut now = Instant::from_millis(1);
        let send = |sweep: &mut Sweep, n: u64, now: &mut Instant| {
            let end = sweep.cursor + n;
            while sweep.cursor < end {
                if !matches!(sweep.next(*now), Next::Probe { .. }) {
                    *now += Duration::from_micros(10);
                }
            }
        };
        send(&mut sweep, 64 * 10 + 7, &mut now);
        now += Duration::from_secs(30);
        assert_eq!(sweep.state(now).cursor, 64 * 10 + 7);
        send(&mut sweep, 5, &mut now);
        assert_eq!(sweep.state(now).cursor, 64 * 10);
        send(&mut sweep, 64, &mut now);
        assert!(sweep.state(now).cursor <= 64 * 10);
    }

    /// Linux sends a SYN/ACK again after one second: as a round-trip time it made all later waits as long.
    #[test]
    fn a_syn_ack_sent_again_by_the_target_times_nothing() {
        let bounds = Bounds {
            caps: Caps::default(),
            max_tries: 3,
            miss: 1e-4,
            until: (Instant::FAR, RoundsEnd::MaxTime),
            first_wait: Duration::from_secs(1),
            patience: Duration::ZERO,
            kernel_retries: false,
        };
        let mut sweep = Sweep::new(2_000, 1, bounds, None);
        let rtt = Duration::from_millis(300);
        let mut now = Instant::from_millis(1);
        let mut sent = Vec::new();
        while sent.len() < 1_000 {
            match sweep.next(now) {
                Next::Probe { index, .. } => sent.push((index, now)),
                _ => now += Duration::from_micros(100),
            }
        }
        let (late, first) = sent[0];
        for (index, sent) in &sent[1..] {
            sweep.answered(*sent + rtt, *index, Known::Negative);
        }
        let at = first + rtt + Duration::from_secs(1);
        let worth = sweep.answered(at, late, Known::Positive);
        assert_eq!(
            worth,
            Worth::First {
                tries: 1,
                rtt: None
            }
        );
        assert_eq!(sweep.rtt().tail(), rtt);
    }
}
