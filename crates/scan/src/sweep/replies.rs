//! Processes replies: records them, times them, and passes them on to the estimators.
//!
//! A send time is stored for the first probe of each run of positions only. The time of another probe of the run is
//! interpolated between the stamps of its run and of the next one, provided that the sender did not pause in between.
//!
//! The module does not decide what is sent next, and does not know any packet.

use core::time::Duration;

use super::Sweep;
use crate::canary::Class;
use crate::ledger::Reply;
use crate::pace::Sent;
use crate::time::Instant;

/// Maximum pause of a sender that still counts as sending evenly.
const PAUSE: Duration = Duration::from_millis(1);
/// Maximum number of probes per stamp: a stamp shared by more is too coarse for an RTT.
const MAX_SHARED: u64 = 1024;

/// Whether a reply is the first one of its probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// The first reply of its probe.
    New {
        /// Number of tries so far.
        tries: u8,
        /// Round-trip time, if it is certain.
        rtt: Option<Duration>,
    },
    /// The probe was already answered.
    Duplicate {
        /// The reply recorded before.
        previous: Reply,
    },
}

impl Sweep {
    /// Records a reply to probe `index`.
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
        // A position after the cursor has had one try less.
        let tries = if position < self.cursor {
            self.round + 1
        } else {
            self.round
        };
        let negative = reply == Reply::Negative;
        // Nearly all hosts limit their ICMP errors, so in a port scan errors say nothing about the path.
        let measures = if reply == Reply::Error && self.hosts.host_of(index).is_some() {
            self.hosts.record_error(now, index, tries);
            false
        } else {
            self.hosts.first_answer(now, index, tries, negative)
        };
        if measures {
            self.loss.first_answer(tries);
        }
        // A listener retransmits a lost SYN/ACK: its time is not the RTT of the path.
        let may_be_resent = reply == Reply::Positive || self.bounds.kernel_retries;
        let sent = self
            .sent_at(position)
            .filter(|sent| !(may_be_resent && self.rtt.is_retransmission(now.since(*sent))));
        let rtt = sent.filter(|_| tries == 1).map(|sent| now.since(sent));
        if let (Some(rtt), Some(sent)) = (rtt, sent) {
            self.rtt.sample(rtt);
            if measures {
                self.pacer.answered(now, sent, Sent::Plain);
            }
        }
        match reply {
            Reply::Negative if measures => self.canaries.offer(index, Class::Negative),
            Reply::Positive => self.canaries.offer(index, Class::Open),
            _ => {}
        }
        Novelty::New {
            tries: tries.max(1),
            rtt,
        }
    }

    /// Records an answer that says nothing about the rate. Only its round-trip time counts, if it is certain.
    pub fn record_time(&mut self, now: Instant, index: u64) -> Option<Duration> {
        let position = self.position(index)?;
        let passed = position < self.cursor;
        let rtt = now.since(self.sent_at(position)?);
        (self.round == 0 && passed).then(|| {
            self.rtt.sample(rtt);
            rtt
        })
    }

    /// Records the reply to canary `id` of probe `index`. Returns false if no such canary is under way.
    pub fn canary_answered(&mut self, now: Instant, id: u16, index: u64) -> bool {
        let Some(fate) = self.canaries.answered(id, index) else {
            return false;
        };
        self.counts.answered += 1;
        let rtt = now.since(fate.sent);
        if self.bounds.kernel_retries && self.rtt.is_retransmission(rtt) {
            self.record_canary(now, fate);
            return true;
        }
        self.rtt.sample(rtt);
        if self.record_canary(now, fate) {
            self.pacer.answered(now, fate.sent, Sent::Canary);
        }
        true
    }

    /// Returns when the probe at `position` was first sent, if that is known closely enough.
    fn sent_at(&self, position: u64) -> Option<Instant> {
        let run = position / self.stride;
        let begun_again = self.cursor > 0 && run <= (self.cursor - 1) / self.stride;
        if self.stride > MAX_SHARED || self.round > 1 || (self.round == 1 && begun_again) {
            return None;
        }
        let first = *self.stamps.get(run as usize)?;
        if first == Instant::ZERO {
            // Sent by an earlier run of the scan.
            return None;
        }
        if self.stride == 1 {
            return Some(first);
        }
        // Interpolate: probes are sent evenly between two stamps.
        let end = if self.round == 0 {
            self.cursor
        } else {
            self.ledger.len()
        };
        let sent = end.min((run + 1) * self.stride) - run * self.stride;
        // A burst gives many runs the same stamp. The last run ends with the round, whose end is not recorded.
        let next = match self.stamps.get(run as usize + 1) {
            Some(next) if *next >= first => *next,
            _ if self.round == 0 => self.last_sent,
            _ => return None,
        };
        let span = next.since(first);
        let even = Duration::from_secs_f64(4.0 * self.stride as f64 / self.pacer.rate());
        if span > even + PAUSE {
            // The sender paused in between. An RTT that is too short would become the minimum, and every other one
            // would look queued.
            return Some(first);
        }
        let part = (position % self.stride).checked_mul(span.as_nanos() as u64)? / sent.max(1);
        Some(first + Duration::from_nanos(part))
    }
}
