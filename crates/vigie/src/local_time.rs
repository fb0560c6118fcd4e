//! Timestamps of printed packets in this machine's time zone.
//!
//! This file must not know what else a line contains.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vigie_print::{Clock, TimeStyle};

/// A [`Clock`] in this machine's time zone, with daylight saving time.
pub struct LocalClock {
    clock: Clock,
    zone: TimeZone,
    /// Hour since 1970 for which the clock's offset is valid.
    hour: Option<u64>,
}

impl LocalClock {
    /// Returns a clock for a style, with fractions in microseconds or nanoseconds.
    pub fn new(style: TimeStyle, nanoseconds: bool) -> Self {
        Self {
            clock: Clock::new(style, 0).with_nanoseconds(nanoseconds),
            zone: TimeZone::system(),
            hour: None,
        }
    }

    /// Appends a time (nanoseconds since 1970) and a space.
    pub fn print(&mut self, time: u64, out: &mut String) {
        let hour = time / 3_600_000_000_000;
        if self.hour != Some(hour) {
            self.hour = Some(hour);
            let timestamp =
                Timestamp::from_second((hour * 3600) as i64).unwrap_or(Timestamp::UNIX_EPOCH);
            self.clock
                .set_offset(i64::from(self.zone.to_offset(timestamp).seconds()));
        }
        self.clock.print(time, out);
    }
}
