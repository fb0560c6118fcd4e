//! The time before a line: `-t`, `-tt`, `-ttt`, `-tttt`, `-ttttt`. The caller provides the offset of the time zone.

use alloc::string::String;
use core::fmt::Write as _;

use vigie_wire::civil::Date;

/// Format of a packet's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// Time of day.
    #[default]
    OfDay,
    /// No time (`-t`).
    None,
    /// Seconds since 1970 (`-tt`).
    Epoch,
    /// Time since the previous packet (`-ttt`).
    SincePrevious,
    /// Date and time of day (`-tttt`).
    Date,
    /// Time since the first packet (`-ttttt`).
    SinceFirst,
}

/// Prints packet times. Stores the times of the first and of the previous packet.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    style: TimeStyle,
    /// Offset of local time from UTC, in seconds.
    offset: i64,
    nanoseconds: bool,
    first: Option<u64>,
    previous: Option<u64>,
}

const SECOND: u64 = 1_000_000_000;

impl Clock {
    /// Creates a clock for local time that is `offset` seconds ahead of UTC. Fractions are microseconds.
    #[must_use]
    pub fn new(style: TimeStyle, offset: i64) -> Self {
        Self {
            style,
            offset,
            nanoseconds: false,
            first: None,
            previous: None,
        }
    }

    /// Sets whether fractions are nanoseconds.
    #[must_use]
    pub fn with_nanoseconds(mut self, nanoseconds: bool) -> Self {
        self.nanoseconds = nanoseconds;
        self
    }

    /// Sets the offset of local time from UTC, in seconds. It changes with daylight saving time.
    pub fn set_offset(&mut self, offset: i64) {
        self.offset = offset;
    }

    /// Appends a packet's time (`time` in nanoseconds since 1970) and a space; nothing for [`TimeStyle::None`].
    pub fn print(&mut self, time: u64, out: &mut String) {
        let reference = match self.style {
            TimeStyle::SincePrevious => self.previous.unwrap_or(time),
            TimeStyle::SinceFirst => self.first.unwrap_or(time),
            _ => 0,
        };
        self.first.get_or_insert(time);
        self.previous = Some(time);
        let local = (time / SECOND).saturating_add_signed(self.offset);
        match self.style {
            TimeStyle::None => return,
            TimeStyle::Epoch => {
                let _ = write!(out, "{}", time / SECOND);
            }
            TimeStyle::OfDay => clock_time(local, out),
            TimeStyle::Date => {
                let Date { year, month, day } = Date::from_days(local / 86_400);
                let _ = write!(out, "{year:04}-{month:02}-{day:02} ");
                clock_time(local, out);
            }
            TimeStyle::SincePrevious | TimeStyle::SinceFirst => {
                let apart = time.abs_diff(reference);
                out.push(if time < reference { '-' } else { ' ' });
                let seconds = apart / SECOND;
                let _ = write!(
                    out,
                    "{:02}:{:02}:{:02}",
                    seconds / 3600,
                    seconds / 60 % 60,
                    seconds % 60
                );
                self.fraction(apart % SECOND, out);
                out.push(' ');
                return;
            }
        }
        self.fraction(time % SECOND, out);
        out.push(' ');
    }

    fn fraction(&self, nanoseconds: u64, out: &mut String) {
        let _ = if self.nanoseconds {
            write!(out, ".{nanoseconds:09}")
        } else {
            write!(out, ".{:06}", nanoseconds / 1000)
        };
    }
}

fn clock_time(seconds: u64, out: &mut String) {
    let of_day = seconds % 86_400;
    let _ = write!(
        out,
        "{:02}:{:02}:{:02}",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_those_of_tcpdump() {
        let shown = |style, times: &[u64]| {
            let mut clock = Clock::new(style, 0);
            let mut out = String::new();
            for &time in times {
                clock.print(time, &mut out);
            }
            out
        };
        let time = 1_795_228_408_037_511_000;
        assert_eq!(shown(TimeStyle::OfDay, &[time]), "02:33:28.037511 ");
        assert_eq!(shown(TimeStyle::None, &[time]), "");
        assert_eq!(shown(TimeStyle::Epoch, &[time]), "1795228408.037511 ");
        assert_eq!(
            shown(TimeStyle::Date, &[time]),
            "2026-11-21 02:33:28.037511 "
        );
        let later = [time, time + 3_600_000_001_000, time];
        assert_eq!(
            shown(TimeStyle::SincePrevious, &later),
            " 00:00:00.000000  01:00:00.000001 -01:00:00.000001 "
        );
        assert_eq!(
            shown(TimeStyle::SinceFirst, &later),
            " 00:00:00.000000  01:00:00.000001  00:00:00.000000 "
        );
        let mut out = String::new();
        Clock::new(TimeStyle::Date, 3600)
            .with_nanoseconds(true)
            .print(951_782_399_000_000_001, &mut out);
        assert_eq!(out, "2000-02-29 00:59:59.000000001 ");
    }
}
