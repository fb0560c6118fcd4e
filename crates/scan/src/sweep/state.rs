//! A sweep's knowledge for a checkpoint, and taken up again.
//!
//! This file must not know files; [`crate::checkpoint`] seals what it writes.

use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use super::donations::WorkItem;
use super::extents::Extents;
use super::hosts::HostsState;
use super::{Counts, Sweep};
use crate::canary::Class;
use crate::ledger::{Ledger, Reply};
use crate::loss::Loss;
use crate::time::Instant;
use crate::wire::{DecodeError, Reader, Writer};

/// Answers may lie unread for so long: in a block of the ring that is not full yet, or while this machine has others
/// to serve. What they answer is sent again.
const UNREAD: Duration = Duration::from_millis(250);

/// So many of those who answered before are asked again at most, to learn what the path bears now.
const RECALLED: u64 = 512;
/// So many of those whose host limits its answers are passed over before one stretch is given up.
const PASSED: u32 = 64;

/// Work changes hands some twenty times in a part's life; each piece costs the room between two extents.
const MOST_PIECES: usize = 1024;

/// A sweep's knowledge without its times, for a checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepState {
    /// In the order in which they came to it; never none.
    pieces: Vec<Piece>,
    round: u8,
    loss: Loss,
    hosts: HostsState,
    counts: Counts,
    /// The most that the pace was known to come to without harm, in probes a second.
    best: f64,
}

/// A span of the positions, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    /// Where it begins in the whole.
    base: u64,
    cursor: u64,
    ledger: Ledger,
}

impl Sweep {
    /// The knowledge at `now`. Probes whose answers may still be on their way count as not sent:
    /// who resumes will not be there to receive them.
    pub(crate) fn state(&self, now: Instant) -> SweepState {
        let wait = self.rtt.last_wait().max(self.bounds.patience) + UNREAD;
        let recent = |stamp: &Instant| *stamp + wait > now && *stamp > Instant::ZERO;
        let under_way = self.cursor.saturating_sub(1) / self.stride;
        // Runs from there on have the stamps of the round before, if any.
        let of_this_round = if self.cursor == 0 { 0 } else { under_way + 1 };
        let (this, before) = self
            .stamps
            .split_at((of_this_round as usize).min(self.stamps.len()));
        // The probes of a run were sent between its stamp and the next one's: a sender that was held up may have
        // begun a run long ago and ended it just now.
        let begin = |run: u64| run.saturating_sub(1) * self.stride;
        let just_now = self.last_sent + wait > now;
        // This round has just begun: answers to the end of the one before are still on their way.
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
        let pieces = self.extents.iter().map(|span| Piece {
            base: span.base,
            cursor: cursor.saturating_sub(span.at).min(span.len),
            ledger: self.ledger.copy_range(span.at, span.len),
        });
        SweepState {
            pieces: pieces.collect(),
            round,
            loss: self.loss.clone(),
            hosts: self.hosts.state(),
            counts: self.counts,
            best: self.pacer.proven_rate(),
        }
    }

    /// Takes up the knowledge of an earlier run of the same sweep, or of its parts: the sweeps of the
    /// parts after the first. None if the states are of another sweep.
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

    /// Whether `states` are those of parts that together have all its positions, each once.
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
        self.apart = self.spacing();
        self.pacer.resume_from(state.best);
        if self.round > 0 {
            // Some of this round were sent: that nothing is left to send proves nothing.
            self.in_round = 1;
            self.pacer.retry(now);
            self.pacer.protect_hosts(now, self.ledger.unanswered());
        }
        let runs = self.ledger.len().div_ceil(self.stride) as usize;
        // All that counts as sent was so long ago.
        self.stamps = vec![Instant::ZERO; runs];
        self.last_sent = now;
        self.recall_canaries();
    }

    /// Who answered before tells of the path from the start: what is sent again at first was mostly silent.
    fn recall_canaries(&mut self) {
        for (reply, class, most) in [
            (Reply::Negative, Class::Negative, RECALLED),
            (Reply::Positive, Class::Open, RECALLED / 8),
        ] {
            let each = (self.ledger.len() / most).max(1);
            let (mut at, mut passed) = (0, 0);
            while let Some(position) = self.ledger.next_with(at, reply) {
                let index = self.index(position);
                if class == Class::Open || !self.hosts.is_limited(index) {
                    self.canaries.offer(index, class);
                } else if passed < PASSED {
                    (at, passed) = (position + 1, passed + 1);
                    continue;
                }
                // One of each stretch: the order is random, so they are as good as any.
                (at, passed) = ((position / each + 1) * each, 0);
            }
        }
    }
}

impl SweepState {
    /// All pieces of `states` in the order of the positions; an empty one before what begins where it ends.
    fn pieces(states: &[SweepState]) -> Vec<&Piece> {
        let mut pieces: Vec<&Piece> = states.iter().flat_map(|s| &s.pieces).collect();
        pieces.sort_by_key(|piece| (piece.base, piece.ledger.len()));
        pieces
    }

    /// Whether `states` are of one sweep's parts: each position once, from the first to the last.
    pub(crate) fn are_one(states: &[SweepState]) -> bool {
        let pieces = SweepState::pieces(states);
        let follows = |pair: &[&Piece]| {
            let len = pair[0].ledger.len();
            pair[0].base + len == pair[1].base && len.is_multiple_of(Ledger::GRAIN)
        };
        pieces.len() <= MOST_PIECES
            && pieces.windows(2).all(follows)
            && states.iter().all(SweepState::is_in_order)
    }

    /// Whether the cursor comes to a piece only when it has passed those before.
    fn is_in_order(&self) -> bool {
        let passed = |piece: &&Piece| piece.cursor == piece.ledger.len();
        let mut rest = self.pieces.iter().skip_while(passed);
        rest.next().is_none_or(|p| p.cursor < p.ledger.len()) && rest.all(|p| p.cursor == 0)
    }

    /// The states of the parts as that of one sweep. What lies behind the first unfinished piece
    /// and was sent without an answer counts as not sent.
    pub(crate) fn join(states: Vec<SweepState>) -> Vec<SweepState> {
        let mut all: Vec<(u8, Piece)> = Vec::new();
        let mut known: Option<SweepState> = None;
        for mut state in states {
            let round = state.round;
            all.extend(state.pieces.drain(..).map(|piece| (round, piece)));
            match &mut known {
                None => known = Some(state),
                Some(known) => {
                    known.loss = known.loss.merged(&state.loss);
                    known.hosts.join(state.hosts);
                    known.best += state.best;
                    known.counts.sent += state.counts.sent;
                    known.counts.answered += state.counts.answered;
                    known.counts.duplicates += state.counts.duplicates;
                }
            }
        }
        all.sort_by_key(|(_, piece)| (piece.base, piece.ledger.len()));
        let one = all.into_iter().reduce(|(round, mut all), (next, piece)| {
            let ahead = all.ledger.len();
            let mut least = round;
            if next < round {
                // What came before is a round further: what it sent in this one is sent again.
                (least, all.cursor) = (next, ahead + piece.cursor);
            } else if all.cursor == ahead {
                all.cursor += if next > round {
                    piece.ledger.len()
                } else {
                    piece.cursor
                };
            }
            all.ledger.append(ahead, piece.ledger);
            (least, all)
        });
        let joined = known.zip(one).map(|(mut state, (round, piece))| {
            state.round = round;
            state.pieces.push(piece);
            state
        });
        joined.into_iter().collect()
    }

    /// Where its positions began.
    pub(crate) fn base(&self) -> u64 {
        self.pieces.first().map_or(0, |piece| piece.base)
    }

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
        w.f64(self.best);
    }

    /// The states of one sweep's parts.
    pub(crate) fn decode_all(r: &mut Reader<'_>) -> Result<Vec<SweepState>, DecodeError> {
        let states = r.list(SweepState::decode)?;
        if SweepState::are_one(&states) {
            Ok(states)
        } else {
            Err(DecodeError::Damaged)
        }
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<SweepState, DecodeError> {
        let round = r.u8()?;
        if round == u8::MAX {
            // No scan comes so far: tries are fewer.
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
        let best = r.f64()?;
        if !best.is_finite() || best < 0.0 {
            return Err(DecodeError::Damaged);
        }
        Ok(SweepState {
            pieces,
            round,
            loss,
            hosts,
            counts,
            best,
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

    /// Many probes share a time; the sender is held up in the middle of such a run.
    #[test]
    fn what_was_sent_just_now_counts_as_not_sent_even_if_its_run_began_long_ago() {
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

    /// Linux sends a SYN/ACK again after one second: as a round-trip time it made all later waits as long.
    #[test]
    fn a_syn_ack_sent_again_by_the_target_times_nothing() {
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
    fn the_end_of_a_round_is_not_heard_because_the_next_one_began() {
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
        // The first round pauses in its middle, for so long that the second one may follow its end at once.
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
        // What was sent before the pause has had its time, in the first round; nothing else has.
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
        /// The seal of a checkpoint tells damage, not malice.
        #[test]
        fn states_that_somebody_made_up_are_refused_or_taken_up_whole(
            states in proptest::collection::vec(
                (0u8..4, proptest::collection::vec((0u64..9, 0u64..9, 0u64..3), 0..4)), 1..4),
            joined: bool,
        ) {
            // Lengths and places that nearly fit each other.
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
                best: 1e5,
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
            let whole = super::super::Partitions::of(parts).expect("there is one");
            prop_assert!((0..n).all(|index| whole.probe(index).is_some()));
        }
    }
}
