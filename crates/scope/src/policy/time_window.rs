//! The hours in which a scope is valid: `22:00-06:00`, `Mon-Fri 20:00-24:00`, in UTC.
//!
//! Times are in UTC so that a scope means the same on every machine and across daylight saving changes.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

const DAY: u64 = 86_400;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A daily interval on some days of the week. An interval past midnight belongs to the day on which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeWindow {
    /// Days of the week; bit 0 is Monday.
    days: u8,
    /// Start, in seconds since midnight.
    begins: u64,
    /// End, in seconds since the midnight before `begins`; above 86,400 if it is past midnight.
    ends: u64,
}

/// Why a text is not a time window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeWindowError {
    /// The days do not have the form `Mon` or `Mon-Fri`.
    Days,
    /// The hours do not have the form `22:00-06:00`.
    Hours,
}

impl TimeWindow {
    /// Whether `now` (Unix time) is in the window.
    pub fn holds(&self, now: Duration) -> bool {
        self.ends(now).is_some()
    }

    /// Returns the end of the window as Unix time, if `now` is in it.
    pub fn ends(&self, now: Duration) -> Option<Duration> {
        let (day, second) = (now.as_secs() / DAY, now.as_secs() % DAY);
        // The window may have begun today or yesterday. Prefer the later one.
        let today = self
            .begins_on(day)
            .then_some((day, second))
            .filter(|(_, s)| (self.begins..self.ends).contains(s));
        let yesterday = day
            .checked_sub(1)
            .filter(|d| self.begins_on(*d))
            .map(|d| (d, second + DAY))
            .filter(|(_, s)| (self.begins..self.ends).contains(s));
        let (day, _) = today.or(yesterday)?;
        Some(Duration::from_secs(day * DAY + self.ends))
    }

    /// Whether a window begins on this day (days since 1970-01-01, a Thursday).
    const fn begins_on(&self, day: u64) -> bool {
        self.days & (1 << ((day + 3) % 7)) != 0
    }
}

impl FromStr for TimeWindow {
    type Err = TimeWindowError;

    fn from_str(text: &str) -> Result<TimeWindow, TimeWindowError> {
        let text = text.trim();
        let (days, hours) = match text.split_once(char::is_whitespace) {
            Some((days, hours)) => (read_days(days)?, hours.trim()),
            None => (0x7f, text),
        };
        let (begins, ends) = hours.split_once('-').ok_or(TimeWindowError::Hours)?;
        let (begins, ends) = (hour(begins)?, hour(ends)?);
        if begins >= DAY {
            return Err(TimeWindowError::Hours);
        }
        let ends = if ends > begins { ends } else { ends + DAY };
        Ok(TimeWindow { days, begins, ends })
    }
}

/// Parses a list of days or ranges of days into a bit set.
fn read_days(text: &str) -> Result<u8, TimeWindowError> {
    let number = |name: &str| {
        let place = DAYS.iter().position(|d| d.eq_ignore_ascii_case(name));
        place.ok_or(TimeWindowError::Days)
    };
    let mut days = 0;
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first)?, number(last)?);
        let mut day = first;
        loop {
            days |= 1 << day;
            if day == last {
                break;
            }
            day = (day + 1) % 7;
        }
    }
    Ok(days)
}

/// Parses `HH:MM` into seconds since midnight.
fn hour(text: &str) -> Result<u64, TimeWindowError> {
    let number = |text: &str| {
        let plain = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
        plain
            .then(|| text.parse::<u64>().ok())
            .flatten()
            .ok_or(TimeWindowError::Hours)
    };
    let (hours, minutes) = text.split_once(':').ok_or(TimeWindowError::Hours)?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let seconds = hours * 3_600 + minutes * 60;
    if minutes > 59 || seconds > DAY {
        return Err(TimeWindowError::Hours);
    }
    Ok(seconds)
}

impl fmt::Display for TimeWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.days != 0x7f {
            let mut comma = "";
            for (i, day) in DAYS.iter().enumerate() {
                if self.days & (1 << i) != 0 {
                    write!(f, "{comma}{day}")?;
                    comma = ",";
                }
            }
            f.write_str(" ")?;
        }
        let ends = if self.ends > DAY {
            self.ends - DAY
        } else {
            self.ends
        };
        let clock = |seconds: u64| (seconds / 3_600, seconds / 60 % 60);
        let (a, b) = (clock(self.begins), clock(ends));
        write!(f, "{:02}:{:02}-{:02}:{:02}", a.0, a.1, b.0, b.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    /// 1970-01-05 was a Monday.
    fn at(day: u64, hour: u64, minute: u64) -> Duration {
        Duration::from_secs((4 + day) * DAY + hour * 3_600 + minute * 60)
    }

    #[test]
    fn hours_and_days_hold_as_written() {
        let night: TimeWindow = "Mon-Fri 22:00-06:00".parse().unwrap();
        assert!(night.holds(at(0, 22, 0)) && night.holds(at(1, 5, 59)));
        assert!(!night.holds(at(0, 5, 59)) && !night.holds(at(1, 6, 0)));
        // Friday's night ends on Saturday morning; Saturday has none.
        assert!(night.holds(at(5, 1, 0)) && !night.holds(at(5, 23, 0)));
        assert_eq!(night.ends(at(4, 23, 0)), Some(at(5, 6, 0)));
        let always: TimeWindow = "00:00-24:00".parse().unwrap();
        assert!((0..48).all(|half| always.holds(at(2, half / 2, half % 2 * 30))));
        let around: TimeWindow = "sat-mon 8:00-9:30".parse().unwrap();
        assert!(
            around.holds(at(6, 9, 29)) && around.holds(at(0, 8, 0)) && !around.holds(at(1, 8, 0))
        );
        assert_eq!(around.to_string(), "mon,sat,sun 08:00-09:30");
    }

    #[test]
    fn invalid_windows_are_rejected() {
        for text in [
            "",
            "22-6",
            "25:00-26:00",
            "24:00-01:00",
            "10:60-11:00",
            "1:2:3-4:00",
            "-",
            "+1:00-2:00",
        ] {
            assert_eq!(
                text.parse::<TimeWindow>(),
                Err(TimeWindowError::Hours),
                "{text}"
            );
        }
        for text in ["Noday 1:00-2:00", "Mon- 1:00-2:00", ", 1:00-2:00"] {
            assert_eq!(
                text.parse::<TimeWindow>(),
                Err(TimeWindowError::Days),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<String>(), near in "[a-zMF0-9:, -]{0,20}") {
            for text in [text, near] {
                if let Ok(window) = text.parse::<TimeWindow>() {
                    prop_assert_eq!(window.to_string().parse::<TimeWindow>(), Ok(window));
                }
            }
        }

        #[test]
        fn a_window_that_holds_ends_later(now in 0u64..4_000_000_000, text in "[0-2]?[0-9]:[0-5][0-9]-[0-2]?[0-9]:[0-5][0-9]") {
            if let Ok(window) = text.parse::<TimeWindow>() {
                let now = Duration::from_secs(now);
                if let Some(end) = window.ends(now) {
                    prop_assert!(end > now && !window.holds(end) || window.ends - window.begins >= DAY);
                }
            }
        }
    }
}
