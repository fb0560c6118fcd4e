//! The minimum round-trip time of the last seconds: the time of the path without a queue.
//!
//! A route may become longer. Compared with the minimum of the whole scan, its RTT would read as a standing queue for
//! ever. A queue drains again and again, so the minimum of the last seconds contains none. The module does not know what
//! follows from it.

use core::time::Duration;

use crate::time::Instant;

/// A sample counts for at least this long, and for at most twice as long while answers arrive (BBR: ten seconds).
const WINDOW: Duration = Duration::from_secs(5);

/// Minimum RTT in ns of the present window and of the one before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MinRtt {
    recent: Option<u64>,
    previous: Option<u64>,
    since: Instant,
}

impl MinRtt {
    /// Records a sample of `rtt` ns.
    pub(super) fn record(&mut self, now: Instant, rtt: u64) {
        if now >= self.since + WINDOW {
            // Without samples for a whole window the older minimum stays.
            self.previous = self.recent.or(self.previous);
            self.recent = None;
            self.since = now;
        }
        self.recent = Some(self.recent.map_or(rtt, |min| min.min(rtt)));
    }

    /// Returns the minimum, if anything was measured.
    pub(super) fn get(&self) -> Option<u64> {
        match (self.recent, self.previous) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_samples_are_forgotten() {
        let mut min_rtt = MinRtt::default();
        assert_eq!(min_rtt.get(), None);
        let at = Instant::from_millis;
        min_rtt.record(at(1_000), 20);
        min_rtt.record(at(3_000), 25);
        assert_eq!(min_rtt.get(), Some(20));
        min_rtt.record(at(7_000), 40);
        assert_eq!(min_rtt.get(), Some(20));
        min_rtt.record(at(12_500), 45);
        assert_eq!(min_rtt.get(), Some(40));
    }
}
