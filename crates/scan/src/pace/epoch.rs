//! A stretch of the scan that is judged as one: what was sent in it, and what came back.
//!
//! This file must not know what follows from it.

use core::time::Duration;

use super::Mode;
use crate::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Epoch {
    pub(super) start: Instant,
    /// Where its second half begins, as planned.
    pub(super) half: Instant,
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
    /// The shortest RTT of its second half, and of how many: a queue that stands at the end.
    pub(super) late: (u64, u32),
    /// Sending times of the first and last answered probe, arrival times of first and last answer.
    pub(super) sent_span: (Instant, Instant),
    pub(super) came_span: (Instant, Instant),
}

impl Epoch {
    pub(super) fn new(start: Instant, length: Duration, rate: f64, mode: Mode) -> Epoch {
        let span = (Instant::FAR, Instant::ZERO);
        Epoch {
            start,
            half: start + length / 2,
            end: None,
            rate,
            mode,
            plain: 0,
            canaries: 0,
            retries: 0,
            plain_answers: 0,
            canary_answers: 0,
            rtt_min: u64::MAX,
            late: (u64::MAX, 0),
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

    /// Whether it sent about what it was allowed to.
    pub(super) fn full(&self) -> bool {
        self.actual() > 0.7 * self.rate
    }
}
