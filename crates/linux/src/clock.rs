//! Time as the kernel tells it: monotonic nanoseconds for the engines, and the bridge from
//! the wall-clock stamps that packet rings carry to that same monotonic scale.
//!
//! It must not know what the time is used for.

use std::num::NonZeroU64;

use rustix::thread::set_current_timer_slack;
use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of `CLOCK_MONOTONIC`: the one time scale that engines are given.
///
/// The origin is arbitrary (about the boot); it never steps backwards.
pub fn monotonic_ns() -> u64 {
    nanos(ClockId::Monotonic)
}

/// Nanoseconds since the Unix epoch (`CLOCK_REALTIME`), for reports and capture files only:
/// it may step.
pub fn unix_ns() -> u64 {
    nanos(ClockId::Realtime)
}

/// How late a sleeper may be woken, ns: the kernel's default of 50 us is longer than the gaps of a fast pace.
const SLACK: u64 = 1_000;

/// From now on this thread, and those that it begins, are woken when they asked to be.
pub fn wake_in_time() {
    // Without it a pace is kept less evenly, nothing else.
    let _ = NonZeroU64::new(SLACK).map(|slack| set_current_timer_slack(Some(slack)));
}

fn nanos(clock: ClockId) -> u64 {
    let t = clock_gettime(clock);
    t.tv_sec.unsigned_abs() * 1_000_000_000 + t.tv_nsec.unsigned_abs()
}

/// Converts the `CLOCK_REALTIME` stamps of packet rings to `CLOCK_MONOTONIC`.
///
/// The offset between both clocks is sampled, not constant: the wall clock is slewed and
/// stepped. [`sample`](Self::sample) before each drain keeps the error to what happened since.
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

    /// A wall-clock stamp (ns since the epoch) on the monotonic scale (ns).
    pub fn to_monotonic(self, unix_ns: u64) -> u64 {
        unix_ns.wrapping_sub(self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_taken_between_two_readings_lies_between_them() {
        let clock = StampClock {
            offset: 1_700_000_000_000_000_000,
        };
        assert_eq!(clock.to_monotonic(1_700_000_000_000_000_123), 123);
        assert!(monotonic_ns() <= monotonic_ns());
        assert!(unix_ns() > 1_500_000_000_000_000_000);
    }
}
