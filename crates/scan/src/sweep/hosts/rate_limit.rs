//! The rate limit of one host, measured by the replies that arrive.

use crate::time::Instant;

/// Minimum time in seconds to bound a rate limit: the scan of a near host is over soon.
const MIN_LIMIT_TIME: f64 = 0.01;

/// The rate limit of a host, measured by its replies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RateLimit {
    /// Whether other replies prove it; otherwise it is the most likely cause.
    pub proven: bool,
    /// Start of the count.
    pub since: Instant,
    /// Time of the last reply.
    pub last: Instant,
    /// Number of limited replies since then.
    pub count: u32,
}

impl RateLimit {
    /// Adds the count of another partition.
    pub(super) fn add(&mut self, of: &RateLimit) {
        self.proven |= of.proven;
        self.count += of.count;
        self.since = self.since.min(of.since);
        self.last = self.last.max(of.last);
    }

    /// Returns the replies per second, once there are enough to measure.
    pub(crate) fn rate(&self) -> Option<f64> {
        let span = self.last.since(self.since).as_secs_f64();
        (self.count >= 4 && span >= 1.0).then(|| f64::from(self.count) / span)
    }

    /// Returns an upper bound of the replies per second while there are too few to measure.
    pub(crate) fn upper_bound(&self, now: Instant) -> Option<f64> {
        let span = now.since(self.since).as_secs_f64();
        (span >= MIN_LIMIT_TIME).then(|| f64::from(self.count + 1) / span)
    }
}
