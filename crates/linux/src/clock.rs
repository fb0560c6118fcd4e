//! The kernel's clocks: monotonic nanoseconds for engines, and the conversion of packet timestamps to that scale.
//!
//! It must not know what the time is used for.

use std::num::NonZeroU64;

use rustix::thread::set_current_timer_slack;
use rustix::time::{ClockId, clock_gettime};

/// Returns `CLOCK_MONOTONIC` in nanoseconds: the time scale of all engines.
///
/// Its origin is arbitrary (about the boot), and it never steps backwards.
pub fn monotonic_ns() -> u64 {
    nanos(ClockId::Monotonic)
}

/// Returns `CLOCK_REALTIME` in nanoseconds since the Unix epoch, for reports and capture files only: it may step.
pub fn unix_ns() -> u64 {
    nanos(ClockId::Realtime)
}

/// Timer slack in ns. The kernel's default of 50 us is longer than the gaps between packets at a high rate.
const TIMER_SLACK: u64 = 1_000;

/// Reduces the timer slack of this thread, and of threads that it starts from now on, to one microsecond.
pub fn reduce_timer_slack() {
    // A failure only makes the sending rate less even.
    let _ = NonZeroU64::new(TIMER_SLACK).map(|slack| set_current_timer_slack(Some(slack)));
}

fn nanos(clock: ClockId) -> u64 {
    let t = clock_gettime(clock);
    t.tv_sec.unsigned_abs() * 1_000_000_000 + t.tv_nsec.unsigned_abs()
}

/// Converts the `CLOCK_REALTIME` timestamps of packet rings to `CLOCK_MONOTONIC`.
///
/// The offset between the clocks changes, because the wall clock is slewed and stepped: [`sample`](Self::sample) it
/// before each read of a ring.
#[derive(Clone, Copy, Debug)]
pub struct StampClock {
    /// Unix time minus monotonic time, ns, modulo 2^64.
    offset: u64,
}

impl StampClock {
    /// Samples the offset between the two clocks.
    pub fn sample() -> Self {
        Self {
            offset: unix_ns().wrapping_sub(monotonic_ns()),
        }
    }

    /// Converts a timestamp (ns since the Unix epoch) to the monotonic scale (ns).
    pub fn to_monotonic(self, unix_ns: u64) -> u64 {
        unix_ns.wrapping_sub(self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_converted_to_the_monotonic_scale() {
        let clock = StampClock {
            offset: 1_700_000_000_000_000_000,
        };
        assert_eq!(clock.to_monotonic(1_700_000_000_000_000_123), 123);
        assert!(monotonic_ns() <= monotonic_ns());
        assert!(unix_ns() > 1_500_000_000_000_000_000);
    }
}
