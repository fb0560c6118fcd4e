//! What an answer is worth to a sweep: what it settles, how long it took, and whom it tells.
//!
//! This file must not know what comes next, nor any packet.

use core::time::Duration;

use super::Sweep;
use crate::canary::Class;
use crate::ledger::Reply;
use crate::pace::Sent;
use crate::time::Instant;

/// Within so long a sender may pause and still be said to have sent evenly.
const PAUSE: Duration = Duration::from_millis(1);
/// A stamp shared by more probes than this is too coarse to time an answer with.
const MAX_SHARED: u64 = 1024;

/// What an answer was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// The first answer of its probe.
    New {
        /// The tries made so far.
        tries: u8,
        /// From the probe to the answer, where that is certain.
        rtt: Option<Duration>,
    },
    /// The probe had been answered; `previous` is the reply recorded before.
    Duplicate {
        /// The reply recorded before.
        previous: Reply,
    },
}

impl Sweep {
    /// Probe `index` was answered with `known`.
    #[inline]
    pub fn answered(&mut self, now: Instant, index: u64, reply: Reply) -> Novelty {
        let Some(position) = self.position(index) else {
            return Novelty::Duplicate {
                previous: Reply::Error,
            };
        };
        let before = self.ledger.set(position, reply);
        self.counts.answered += 1;
        if before != Reply::None {
            self.ledger.set(position, before);
            self.counts.duplicates += 1;
            return Novelty::Duplicate { previous: before };
        }
        // A position the cursor has not passed in this round has had one try less.
        let tries = if position < self.cursor {
            self.round + 1
        } else {
            self.round
        };
        let negative = reply == Reply::Negative;
        // Nearly all who send errors limit them: they say nothing about the path where ports are scanned.
        let tells = if reply == Reply::Error && self.hosts.of(index).is_some() {
            self.hosts.error(now, index, tries);
            false
        } else {
            self.hosts.first_answer(now, index, tries, negative)
        };
        if tells {
            self.loss.first_answer(tries);
        }
        // Who listens sends a lost SYN/ACK again by himself: its time is not the path's.
        let may_be_resent = reply == Reply::Positive || self.bounds.kernel_retries;
        let sent = self
            .sent_at(position)
            .filter(|sent| !(may_be_resent && self.rtt.is_retransmission(now.since(*sent))));
        let rtt = sent.filter(|_| tries == 1).map(|sent| now.since(sent));
        if let (Some(rtt), Some(sent)) = (rtt, sent) {
            self.rtt.sample(rtt);
            if tells {
                self.pacer.answered(now, sent, Sent::Plain);
            }
        }
        match reply {
            Reply::Negative if tells => self.canaries.offer(index, Class::Negative),
            Reply::Positive => self.canaries.offer(index, Class::Open),
            _ => {}
        }
        Novelty::New {
            tries: tries.max(1),
            rtt,
        }
    }

    /// An answer came that says nothing about the pace, to probe `index`: only its time counts, where that is certain.
    pub fn timed(&mut self, now: Instant, index: u64) -> Option<Duration> {
        let position = self.position(index)?;
        let passed = position < self.cursor;
        let rtt = now.since(self.sent_at(position)?);
        (self.round == 0 && passed).then(|| {
            self.rtt.sample(rtt);
            rtt
        })
    }

    /// Canary `id` of probe `index` came back. False if no such canary is on its way.
    pub fn canary_answered(&mut self, now: Instant, id: u16, index: u64) -> bool {
        let Some(fate) = self.canaries.answered(id, index) else {
            return false;
        };
        self.counts.answered += 1;
        let rtt = now.since(fate.sent);
        if self.bounds.kernel_retries && self.rtt.is_retransmission(rtt) {
            self.learn(now, fate);
            return true;
        }
        self.rtt.sample(rtt);
        if self.learn(now, fate) {
            self.pacer.answered(now, fate.sent, Sent::Canary);
        }
        true
    }

    /// When the probe at `position` was first sent, where that is known closely enough.
    fn sent_at(&self, position: u64) -> Option<Instant> {
        let run = position / self.stride;
        let begun_again = self.cursor > 0 && run <= (self.cursor - 1) / self.stride;
        if self.stride > MAX_SHARED || self.round > 1 || (self.round == 1 && begun_again) {
            return None;
        }
        let first = *self.stamps.get(run as usize)?;
        if first == Instant::ZERO {
            // By an earlier run of the scan.
            return None;
        }
        if self.stride == 1 {
            return Some(first);
        }
        // Probes are sent evenly between two stamps.
        let end = if self.round == 0 {
            self.cursor
        } else {
            self.ledger.len()
        };
        let sent = end.min((run + 1) * self.stride) - run * self.stride;
        // A burst gives many runs one moment. The last run ends with the round, whose end is not noted.
        let next = match self.stamps.get(run as usize + 1) {
            Some(next) if *next >= first => *next,
            _ if self.round == 0 => self.last_sent,
            _ => return None,
        };
        let span = next.since(first);
        let even = Duration::from_secs_f64(4.0 * self.stride as f64 / self.pacer.rate());
        if span > even + PAUSE {
            // Not evenly: the sender paused somewhere in between. An answer timed too short would stand as the
            // path's shortest for ever, and every other one would look queued.
            return Some(first);
        }
        let part = (position % self.stride).checked_mul(span.as_nanos() as u64)? / sent.max(1);
        Some(first + Duration::from_nanos(part))
    }
}
