//! The shortest round trip of late: what the way takes without a queue.
//!
//! A route may become longer. Its time would read as a queue for ever if the shortest of all times were the measure;
//! a queue is emptied again and again, so the shortest of the last seconds has none in it. This file must not know
//! what follows from it.

use core::time::Duration;

use crate::time::Instant;

/// A time counts for so long at least, and for no more than twice that where answers come (BBR forgets its own after
/// ten seconds).
const WINDOW: Duration = Duration::from_secs(5);

/// In nanoseconds, of this window and of the one before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shortest {
    recent: Option<u64>,
    before: Option<u64>,
    since: Instant,
}

impl Shortest {
    /// An answer took `rtt` ns.
    pub(super) fn note(&mut self, now: Instant, rtt: u64) {
        if now >= self.since + WINDOW {
            // Where nothing was timed for a whole window, what was known before that is all there is.
            self.before = self.recent.or(self.before);
            self.recent = None;
            self.since = now;
        }
        self.recent = Some(self.recent.map_or(rtt, |shortest| shortest.min(rtt)));
    }

    /// The shortest; none where nothing was timed.
    pub(super) fn get(&self) -> Option<u64> {
        match (self.recent, self.before) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_times_are_forgotten() {
        let mut shortest = Shortest::default();
        assert_eq!(shortest.get(), None);
        let at = Instant::from_millis;
        shortest.note(at(1_000), 20);
        shortest.note(at(3_000), 25);
        assert_eq!(shortest.get(), Some(20));
        shortest.note(at(7_000), 40);
        assert_eq!(shortest.get(), Some(20));
        shortest.note(at(12_500), 45);
        assert_eq!(shortest.get(), Some(40));
    }
}
