//! A sweep as part of a checkpoint.
//!
//! A checkpoint holds no times. Probes whose answers may still be under way count as not sent, because no process will
//! receive them. A resumed sweep starts at a safe rate and with a proven rate from the checkpoint, up to which retries
//! may rise in large steps. It first sends canaries to ports that answered before (the ledger knows them): what it
//! sends again is mostly silent and would measure nothing.
//!
//! The state of a split sweep is a list of states, one per partition; each position occurs exactly once. The module
//! does not know files; [`crate::checkpoint`] seals the bytes.

use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use super::donations::WorkItem;
use super::extents::Extents;
use super::hosts::HostsState;
use super::{Counts, Sweep};
use crate::canary::Class;
use crate::checkpoint::codec::{DecodeError, Reader, Writer};
use crate::ledger::{Ledger, Reply};
use crate::loss::Loss;
use crate::time::Instant;

/// Time that answers may lie unread, in a block of the ring that is not full or while this machine is busy.
const UNREAD: Duration = Duration::from_millis(250);

/// Maximum number of ports that answered before and become canaries of a resumed sweep.
const MAX_RECALLED: u64 = 512;
/// Maximum number of ports of rate-limited hosts that are skipped in one stretch.
const MAX_SKIPPED: u32 = 64;

/// Maximum number of pieces in a checkpoint. A partition exchanges work about twenty times; each piece costs the gap
/// between two extents.
const MAX_PIECES: usize = 1024;

/// The state of a sweep without its times.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepState {
    /// In the order of their local numbers. Never empty.
    pieces: Vec<Piece>,
    round: u8,
    loss: Loss,
    hosts: HostsState,
    counts: Counts,
    /// Highest rate proven harmless, in probes per second.
    proven_rate: f64,
}

/// An extent of positions with its replies.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    /// First position in the whole order.
    base: u64,
    /// Next position to look at, relative to `base`.
    cursor: u64,
    ledger: Ledger,
}

impl Sweep {
    /// Returns the state at `now`. Probes whose answers may still be under way count as not sent.
    pub(crate) fn state(&self, now: Instant) -> SweepState {
        let wait = self.rtt.last_wait().max(self.bounds.patience) + UNREAD;
        let recent = |stamp: &Instant| *stamp + wait > now && *stamp > Instant::ZERO;
        let under_way = self.cursor.saturating_sub(1) / self.stride;
        // Runs from here on have the stamps of the previous round, if any.
        let of_this_round = if self.cursor == 0 { 0 } else { under_way + 1 };
        let (this, before) = self
            .stamps
            .split_at((of_this_round as usize).min(self.stamps.len()));
        // The probes of a run were sent between its stamp and the next one. A stalled sender may have begun a run long
        // ago and ended it just now.
        let begin = |run: u64| run.saturating_sub(1) * self.stride;
        let just_now = self.last_sent + wait > now;
        // This round has just begun: answers to the end of the previous one are still under way.
        let late = match before.iter().position(recent) {
            None if just_now && this.is_empty() => Some(self.stamps.len() as u64),
            run => run.map(|run| of_this_round + run as u64),
        };
        let (round, cursor) = match late {
            Some(run) if self.round > 0 => (self.round - 1, begin(run)),
            _ => {
                let first = match this.iter().position(recent) {
                    Some(run) => begin(run as u64),
                    None if just_now => under_way * self.stride,
                    None => self.cursor,
                };
                (self.round, first.min(self.cursor))
            }
        };
        let pieces = self.extents.iter().map(|extent| Piece {
            base: extent.base,
            cursor: cursor.saturating_sub(extent.at).min(extent.len),
            ledger: self.ledger.copy_range(extent.at, extent.len),
        });
        SweepState {
            pieces: pieces.collect(),
            round,
            loss: self.loss.clone(),
            hosts: self.hosts.state(),
            counts: self.counts,
            proven_rate: self.pacer.proven_rate(),
        }
    }

    /// Restores the states of an earlier run of the same sweep. Returns the sweeps of the other partitions, or `None`
    /// if the states belong to another sweep.
    pub(crate) fn resume(
        &mut self,
        now: Instant,
        mut states: Vec<SweepState>,
    ) -> Option<Vec<Sweep>> {
        if !self.is_made_of(&states) {
            return None;
        }
        if states.len() == 1 {
            states = SweepState::join(states);
        }
        states.sort_by_key(SweepState::base);
        self.pacer.divide_rate(now, states.len().max(1) as u32);
        let mut states = states.into_iter();
        let first = states.next()?;
        let others = states.map(|state| {
            let all = state.pieces.iter().map(|piece| piece.ledger.len()).sum();
            let mut part = self.fork(state.base(), all);
            part.set_state(now, state);
            part
        });
        let others = others.collect();
        self.set_state(now, first);
        Some(others)
    }

    /// Whether `states` cover all positions of this sweep, each exactly once.
    fn is_made_of(&self, states: &[SweepState]) -> bool {
        let pieces = SweepState::pieces(states);
        let (first, last) = (pieces.first(), pieces.last());
        SweepState::are_one(states)
            && first.is_some_and(|piece| piece.base == self.extents.base())
            && last.is_some_and(|p| {
                p.base + p.ledger.len() == self.extents.base() + self.extents.len()
            })
    }

    fn set_state(&mut self, now: Instant, state: SweepState) {
        let mut pieces = state.pieces.into_iter();
        if let Some(first) = pieces.next() {
            self.extents = Extents::new(first.base, first.ledger.len());
            (self.cursor, self.ledger) = (first.cursor, first.ledger);
        }
        for Piece {
            base,
            cursor,
            ledger,
        } in pieces
        {
            self.accept_work(WorkItem { base, ledger });
            if cursor > 0 {
                self.cursor = self.extents.last().at + cursor;
            }
        }
        (self.round, self.loss) = (state.round, state.loss);
        self.hosts.resume(now, &state.hosts);
        self.counts = state.counts;
        self.retry_spacing = self.spacing();
        self.pacer.resume_from(state.proven_rate);
        if self.round > 0 {
            // Probes of this round were sent, so an empty rest proves nothing.
            self.sent_in_round = 1;
            self.pacer.retry(now);
            self.pacer.protect_hosts(now, self.ledger.unanswered());
        }
        let runs = self.ledger.len().div_ceil(self.stride) as usize;
        // What counts as sent was sent long ago.
        self.stamps = vec![Instant::ZERO; runs];
        self.last_sent = now;
        self.recall_canaries();
    }

    /// Makes canaries of ports that answered in the earlier run.
    fn recall_canaries(&mut self) {
        for (reply, class, max) in [
            (Reply::Negative, Class::Negative, MAX_RECALLED),
            (Reply::Positive, Class::Open, MAX_RECALLED / 8),
        ] {
            let each = (self.ledger.len() / max).max(1);
            let (mut at, mut skipped) = (0, 0);
            while let Some(position) = self.ledger.next_with(at, reply) {
                let index = self.index(position);
                if class == Class::Open || !self.hosts.is_limited(index) {
                    self.canaries.offer(index, class);
                } else if skipped < MAX_SKIPPED {
                    (at, skipped) = (position + 1, skipped + 1);
                    continue;
                }
                // One port of each stretch: the order is random, so any is as good as another.
                (at, skipped) = ((position / each + 1) * each, 0);
            }
        }
    }
}

impl SweepState {
    /// Returns all pieces in the order of their positions. An empty piece precedes the one that begins where it ends.
    fn pieces(states: &[SweepState]) -> Vec<&Piece> {
        let mut pieces: Vec<&Piece> = states.iter().flat_map(|s| &s.pieces).collect();
        pieces.sort_by_key(|piece| (piece.base, piece.ledger.len()));
        pieces
    }

    /// Whether `states` belong to the partitions of one sweep: each position from the first to the last occurs once.
    pub(crate) fn are_one(states: &[SweepState]) -> bool {
        let pieces = SweepState::pieces(states);
        let follows = |pair: &[&Piece]| {
            let len = pair[0].ledger.len();
            pair[0].base + len == pair[1].base && len.is_multiple_of(Ledger::GRAIN)
        };
        pieces.len() <= MAX_PIECES
            && pieces.windows(2).all(follows)
            && states.iter().all(SweepState::is_in_order)
    }

    /// Whether every piece before the one with the cursor is complete, and every piece after it is unsent.
    fn is_in_order(&self) -> bool {
        let skipped = |piece: &&Piece| piece.cursor == piece.ledger.len();
        let mut rest = self.pieces.iter().skip_while(skipped);
        rest.next().is_none_or(|p| p.cursor < p.ledger.len()) && rest.all(|p| p.cursor == 0)
    }

    /// Joins the states of partitions into the state of one sweep. Unanswered probes behind the first incomplete piece
    /// count as not sent.
    pub(crate) fn join(states: Vec<SweepState>) -> Vec<SweepState> {
        let mut all: Vec<(u8, Piece)> = Vec::new();
        let mut joined: Option<SweepState> = None;
        for mut state in states {
            let round = state.round;
            all.extend(state.pieces.drain(..).map(|piece| (round, piece)));
            match &mut joined {
                None => joined = Some(state),
                Some(joined) => {
                    joined.loss = joined.loss.merged(&state.loss);
                    joined.hosts.join(state.hosts);
                    joined.proven_rate += state.proven_rate;
                    joined.counts.sent += state.counts.sent;
                    joined.counts.answered += state.counts.answered;
                    joined.counts.duplicates += state.counts.duplicates;
                }
            }
        }
        all.sort_by_key(|(_, piece)| (piece.base, piece.ledger.len()));
        let one = all.into_iter().reduce(|(round, mut all), (next, piece)| {
            let ahead = all.ledger.len();
            let mut min_round = round;
            if next < round {
                // The earlier pieces are a round ahead: what they sent in that round is sent again.
                (min_round, all.cursor) = (next, ahead + piece.cursor);
            } else if all.cursor == ahead {
                all.cursor += if next > round {
                    piece.ledger.len()
                } else {
                    piece.cursor
                };
            }
            all.ledger.append(ahead, piece.ledger);
            (min_round, all)
        });
        let joined = joined.zip(one).map(|(mut state, (round, piece))| {
            state.round = round;
            state.pieces.push(piece);
            state
        });
        joined.into_iter().collect()
    }

    /// Returns the first position of the first piece.
    pub(crate) fn base(&self) -> u64 {
        self.pieces.first().map_or(0, |piece| piece.base)
    }

    /// Appends the state to a checkpoint.
    pub(crate) fn encode(&self, w: &mut Writer) {
        w.u8(self.round);
        w.list(self.pieces.iter(), |w, piece| {
            w.u64(piece.base);
            w.u64(piece.cursor);
            w.u64(piece.ledger.len());
            w.list(piece.ledger.words().iter(), |w, word| w.u64(*word));
        });
        self.loss.encode(w);
        self.hosts.encode(w);
        w.u64(self.counts.sent);
        w.u64(self.counts.answered);
        w.u64(self.counts.duplicates);
        w.f64(self.proven_rate);
    }

    /// Reads the states of the partitions of one sweep.
    pub(crate) fn decode_all(r: &mut Reader<'_>) -> Result<Vec<SweepState>, DecodeError> {
        let states = r.list(SweepState::decode)?;
        if SweepState::are_one(&states) {
            Ok(states)
        } else {
            Err(DecodeError::Damaged)
        }
    }

    /// Reads one state.
    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<SweepState, DecodeError> {
        let round = r.u8()?;
        if round == u8::MAX {
            // Tries are limited to fewer.
            return Err(DecodeError::Damaged);
        }
        let pieces = r.list(|r| {
            let (base, cursor, len) = (r.u64()?, r.u64()?, r.u64()?);
            let words = r.list(Reader::u64)?;
            let ledger = Ledger::from_words(words, len).ok_or(DecodeError::Damaged)?;
            if base.checked_add(len).is_none() || cursor > len {
                return Err(DecodeError::Damaged);
            }
            Ok(Piece {
                base,
                cursor,
                ledger,
            })
        })?;
        if pieces.is_empty() {
            return Err(DecodeError::Damaged);
        }
        let loss = Loss::decode(r)?;
        let hosts = HostsState::decode(r)?;
        let counts = Counts {
            sent: r.u64()?,
            answered: r.u64()?,
            duplicates: r.u64()?,
        };
        let proven_rate = r.f64()?;
        if !proven_rate.is_finite() || proven_rate < 0.0 {
            return Err(DecodeError::Damaged);
        }
        Ok(SweepState {
            pieces,
            round,
            loss,
            hosts,
            counts,
            proven_rate,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EndReason;
    use crate::pace::Caps;
    use crate::sweep::{Bounds, Next, Novelty};
    use proptest::prelude::*;

    fn bounds() -> Bounds {
        Bounds {
            caps: Caps {
                min: Some(1e6),
                ..Caps::default()
            },
            max_tries: 3,
            miss: 1e-4,
            until: (Instant::FAR, EndReason::MaxTime),
            first_wait: Duration::from_millis(10),
            patience: Duration::ZERO,
            kernel_retries: false,
        }
    }

    /// Many probes share a stamp, and the sender stalls in the middle of a run.
    #[test]
    fn recent_probes_count_as_unsent_even_in_an_old_run() {
        let mut sweep = Sweep::new(1 << 22, 1, bounds(), Some(Duration::from_millis(1)));
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
        assert_eq!(sweep.state(now).pieces[0].cursor, 64 * 10 + 7);
        send(&mut sweep, 5, &mut now);
        assert_eq!(sweep.state(now).pieces[0].cursor, 64 * 10);
        send(&mut sweep, 64, &mut now);
        assert!(sweep.state(now).pieces[0].cursor <= 64 * 10);
    }

    /// Linux retransmits a SYN/ACK after one second. Taken for a round-trip time, it would lengthen all later waits.
    #[test]
    fn a_retransmitted_syn_ack_gives_no_rtt() {
        let bounds = Bounds {
            caps: Caps::default(),
            max_tries: 3,
            miss: 1e-4,
            until: (Instant::FAR, EndReason::MaxTime),
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
            sweep.answered(*sent + rtt, *index, Reply::Negative);
        }
        let at = first + rtt + Duration::from_secs(1);
        let novelty = sweep.answered(at, late, Reply::Positive);
        assert_eq!(
            novelty,
            Novelty::New {
                tries: 1,
                rtt: None
            }
        );
        assert_eq!(sweep.rtt().tail(), rtt);
    }

    #[test]
    fn the_end_of_a_round_counts_as_unsent_while_its_answers_are_under_way() {
        let mut sweep = Sweep::new(1_000, 1, bounds(), Some(Duration::from_millis(1)));
        let mut now = Instant::from_millis(1);
        let mut send = |sweep: &mut Sweep, round: u8, n: u64| {
            let sent = |sweep: &Sweep| (sweep.round, sweep.cursor) >= (round, n);
            while !sent(sweep) {
                if !matches!(sweep.next(now), Next::Probe { .. }) {
                    now += Duration::from_micros(100);
                }
            }
            now
        };
        // The first round pauses long enough that the second one may follow it at once.
        send(&mut sweep, 0, 500);
        let wait = sweep.rtt.last_wait() + UNREAD;
        let later = send(&mut sweep, 0, 501) + 2 * wait;
        let mut now = later;
        while sweep.round == 0 || sweep.cursor < 3 {
            if !matches!(sweep.next(now), Next::Probe { .. }) {
                now += Duration::from_micros(100);
            }
        }
        let state = sweep.state(now);
        // Only the answers to what was sent before the pause, in the first round, had time to arrive.
        assert_eq!(state.round, 0);
        assert!(
            (499..=501).contains(&state.pieces[0].cursor),
            "{}",
            state.pieces[0].cursor
        );
        now += wait;
        assert_eq!(
            (sweep.state(now).round, sweep.state(now).pieces[0].cursor),
            (1, 3)
        );
    }

    proptest! {
        /// The seal of a checkpoint detects damage, not malice.
        #[test]
        fn forged_states_are_rejected_or_restored_completely(
            states in proptest::collection::vec(
                (0u8..4, proptest::collection::vec((0u64..9, 0u64..9, 0u64..3), 0..4)), 1..4),
            joined: bool,
        ) {
            // Lengths and positions that nearly fit each other.
            let grain = |n: u64, odd: u64| n * 16 + odd.saturating_sub(1);
            let piece = |(base, len, odd): (u64, u64, u64)| Piece {
                base: base * 16,
                cursor: if odd == 0 { grain(len, odd) } else { len % 2 },
                ledger: Ledger::new(grain(len, odd)),
            };
            let state = |(round, pieces): (u8, Vec<(u64, u64, u64)>)| SweepState {
                pieces: pieces.into_iter().map(piece).collect(),
                round,
                loss: Loss::default(),
                hosts: HostsState::default(),
                counts: Counts::default(),
                proven_rate: 1e5,
            };
            let states: Vec<SweepState> = states.into_iter().map(state).collect();
            let mut w = Writer::new(1);
            w.list(states.iter(), |w, state| state.encode(w));
            let bytes = w.seal();
            let mut reader = Reader::open(&bytes, 1).expect("the seal is right");
            let Ok(mut states) = SweepState::decode_all(&mut reader) else {
                return Ok(());
            };
            if joined {
                states = SweepState::join(states);
            }
            let n = states.iter().flat_map(|s| &s.pieces).map(|p| p.ledger.len()).sum();
            let mut sweep = Sweep::new(n, 1, bounds(), Some(Duration::from_millis(1)));
            let now = Instant::from_millis(1);
            let Some(mut parts) = sweep.resume(now, states) else {
                return Ok(());
            };
            parts.push(sweep);
            for part in &mut parts {
                if part.never_sent() > 0
                    && let Some(work) = part.donate_work(32)
                {
                    part.accept_work(work);
                }
                for i in 0..500 {
                    part.next(now + Duration::from_millis(i));
                }
            }
            let whole = super::super::Partitions::join(parts).expect("there is one");
            prop_assert!((0..n).all(|index| whole.probe(index).is_some()));
        }
    }
}
