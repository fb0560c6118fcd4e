//! A stretch of the scan that is judged as one: what was sent in it, and what came back.
//!
//! This file must not know what follows from it.

use core::time::Duration;

use super::Mode;
use crate::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Epoch {
    pub(super) start: Instant,
    /// Where its second half and its last quarter begin, as planned.
    late_from: [Instant; 2],
    /// Unset while the epoch runs.
    pub(super) end: Option<Instant>,
    pub(super) rate: f64,
    pub(super) mode: Mode,
    pub(super) plain: u32,
    pub(super) canaries: u32,
    pub(super) retries: u32,
    /// Answers to plain probes and to canaries.
    pub(super) plain_answers: u32,
    pub(super) canary_answers: u32,
    pub(super) rtt_min: u64,
    /// The shortest RTT of each of these, and of how many.
    late: [(u64, u32); 2],
    /// Sending times of the first and last answered probe, arrival times of first and last answer.
    pub(super) sent_span: (Instant, Instant),
    pub(super) came_span: (Instant, Instant),
}

impl Epoch {
    pub(super) fn new(start: Instant, length: Duration, rate: f64, mode: Mode) -> Epoch {
        let span = (Instant::FAR, Instant::ZERO);
        Epoch {
            start,
            late_from: [start + length / 2, start + length * 3 / 4],
            end: None,
            rate,
            mode,
            plain: 0,
            canaries: 0,
            retries: 0,
            plain_answers: 0,
            canary_answers: 0,
            rtt_min: u64::MAX,
            late: [(u64::MAX, 0); 2],
            sent_span: span,
            came_span: span,
        }
    }

    pub(super) fn seconds(&self) -> f64 {
        self.end
            .map_or(0.0, |end| end.since(self.start).as_secs_f64())
            .max(1e-6)
    }

    pub(super) fn actual(&self) -> f64 {
        f64::from(self.plain + self.canaries + self.retries) / self.seconds()
    }

    /// An answer came at `now` to a probe of it that was sent at `sent`.
    #[inline]
    pub(super) fn timed(&mut self, now: Instant, sent: Instant) {
        let rtt = now.since(sent).as_nanos() as u64;
        self.rtt_min = self.rtt_min.min(rtt);
        for (late, from) in self.late.iter_mut().zip(self.late_from) {
            if sent >= from {
                *late = (late.0.min(rtt), late.1 + 1);
            }
        }
        self.sent_span = (self.sent_span.0.min(sent), self.sent_span.1.max(sent));
        self.came_span = (self.came_span.0.min(now), self.came_span.1.max(now));
    }

    /// The queue that stood at its end, in ns, where the way takes `base` without one; 0 where too few answers tell.
    pub(super) fn queue(&self, base: u64) -> u64 {
        let told = self.late.iter().rev().find(|late| late.1 >= 4);
        told.map_or(0, |late| late.0.saturating_sub(base))
    }

    /// Whether enough answers came from its end to tell of a queue.
    pub(super) fn tells_of_queue(&self) -> bool {
        self.late[1].1 >= 4
    }

    /// Whether it sent about what it was allowed to.
    pub(super) fn full(&self) -> bool {
        self.actual() > 0.7 * self.rate
    }
}
