//! An epoch: a short interval of the scan that is evaluated as a unit, with its probes and answers.
//!
//! The module does not know what follows from them.

use core::time::Duration;

use super::Mode;
use crate::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Epoch {
    pub(super) start: Instant,
    /// Planned start of the second half and of the last quarter.
    late_from: [Instant; 2],
    /// End of the epoch; `None` while it runs.
    pub(super) end: Option<Instant>,
    pub(super) rate: f64,
    pub(super) mode: Mode,
    pub(super) plain: u32,
    pub(super) canaries: u32,
    pub(super) retries: u32,
    pub(super) plain_answers: u32,
    pub(super) canary_answers: u32,
    /// Minimum RTT in ns.
    pub(super) rtt_min: u64,
    /// Minimum RTT in ns and number of answers, for the second half and the last quarter.
    late: [(u64, u32); 2],
    /// Send times of the first and last answered probe.
    pub(super) sent_span: (Instant, Instant),
    /// Arrival times of the first and last answer.
    pub(super) received_span: (Instant, Instant),
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
            received_span: span,
        }
    }

    /// Length in seconds; never 0.
    pub(super) fn seconds(&self) -> f64 {
        self.end
            .map_or(0.0, |end| end.since(self.start).as_secs_f64())
            .max(1e-6)
    }

    /// Actual rate, in probes per second.
    pub(super) fn actual(&self) -> f64 {
        f64::from(self.plain + self.canaries + self.retries) / self.seconds()
    }

    /// Records the time of an answer at `now` to a probe of this epoch, sent at `sent`.
    #[inline]
    pub(super) fn record_rtt(&mut self, now: Instant, sent: Instant) {
        let rtt = now.since(sent).as_nanos() as u64;
        self.rtt_min = self.rtt_min.min(rtt);
        for (late, from) in self.late.iter_mut().zip(self.late_from) {
            if sent >= from {
                *late = (late.0.min(rtt), late.1 + 1);
            }
        }
        self.sent_span = (self.sent_span.0.min(sent), self.sent_span.1.max(sent));
        self.received_span = (self.received_span.0.min(now), self.received_span.1.max(now));
    }

    /// Returns the queue at the end of the epoch in ns, for a minimum RTT of `base` ns; 0 if there are too few answers.
    pub(super) fn queue(&self, base: u64) -> u64 {
        let measured = self.late.iter().rev().find(|late| late.1 >= 4);
        measured.map_or(0, |late| late.0.saturating_sub(base))
    }

    /// Whether the last quarter has enough answers to measure a queue.
    pub(super) fn measures_queue(&self) -> bool {
        self.late[1].1 >= 4
    }

    /// Whether the sender kept up with the rate.
    pub(super) fn full(&self) -> bool {
        self.actual() > 0.7 * self.rate
    }
}
