//! Calendar dates of the Gregorian calendar, for timestamps in packets, capture files and reports.
//!
//! The conversion counts years from March, so that the leap day is the last day of a year, and uses that 400 years have
//! 146,097 days (Howard Hinnant, "chrono-compatible low-level date algorithms").

/// English abbreviations of the weekdays, from Monday.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// English abbreviations of the months, from January.
pub const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_1970: u64 = 719_468;
/// Days in 400 years.
const DAYS_OF_ERA: u64 = 146_097;

/// Date of the Gregorian calendar, not before 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: u64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Date {
    /// Returns the date that is `days` days after 1970-01-01.
    #[must_use]
    pub const fn from_days(days: u64) -> Self {
        let days = days.saturating_add(DAYS_BEFORE_1970);
        let (era, of_era) = (days / DAYS_OF_ERA, days % DAYS_OF_ERA);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // From March on, every five months have 153 days.
        let month_from_march = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
        let month = ((month_from_march + 2) % 12 + 1) as u8;
        let year = era * 400 + year_of_era + (month <= 2) as u64;
        Self { year, month, day }
    }

    /// Returns the number of days from 1970-01-01 to this date; `None` if the date does not exist or is earlier.
    #[must_use]
    pub fn days(self) -> Option<u64> {
        let Self { year, month, day } = self;
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let year_from_march = if month > 2 { year } else { year - 1 };
        let month_from_march = (u64::from(month) + 9) % 12;
        let (era, of_era) = (year_from_march / 400, year_from_march % 400);
        let of_year = (153 * month_from_march + 2) / 5 + u64::from(day) - 1;
        let days =
            era.checked_mul(DAYS_OF_ERA)? + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        let days = days.checked_sub(DAYS_BEFORE_1970)?;
        (Self::from_days(days) == self).then_some(days)
    }

    /// Returns the English abbreviation of the month.
    #[must_use]
    pub fn month_name(self) -> &'static str {
        MONTHS[usize::from(self.month.clamp(1, 12)) - 1]
    }
}

/// Returns the English abbreviation of the weekday that is `days` days after 1970-01-01, a Thursday.
#[must_use]
pub const fn weekday_name(days: u64) -> &'static str {
    WEEKDAYS[((days % 7 + 3) % 7) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(year: u64, month: u8, day: u8) -> Date {
        Date { year, month, day }
    }

    #[test]
    fn known_dates() {
        for (days, expected, weekday) in [
            (0, date(1970, 1, 1), "Thu"),
            (11_015, date(2000, 2, 28), "Mon"),
            (11_016, date(2000, 2, 29), "Tue"),
            (11_017, date(2000, 3, 1), "Wed"),
            (20_729, date(2026, 10, 3), "Sat"),
            (47_540, date(2100, 2, 28), "Sun"),
            (47_541, date(2100, 3, 1), "Mon"),
        ] {
            assert_eq!(Date::from_days(days), expected);
            assert_eq!(expected.days(), Some(days));
            assert_eq!(weekday_name(days), weekday, "{expected:?}");
        }
        assert_eq!(date(2026, 10, 3).month_name(), "Oct");
    }

    #[test]
    fn dates_that_do_not_exist_have_no_days() {
        for bad in [
            date(2100, 2, 29),
            date(2026, 4, 31),
            date(2026, 0, 1),
            date(2026, 13, 1),
            date(2026, 1, 0),
            date(1969, 12, 31),
            date(u64::MAX, 1, 1),
        ] {
            assert_eq!(bad.days(), None, "{bad:?}");
        }
    }

    #[test]
    fn dates_advance_day_by_day() {
        let mut last = Date::from_days(0);
        for days in 1..60_000 {
            let next = Date::from_days(days);
            let same_month = next == date(last.year, last.month, last.day + 1);
            let next_month =
                next == date(last.year, last.month + 1, 1) || next == date(last.year + 1, 1, 1);
            assert!(
                same_month || next_month && last.day >= 28,
                "{last:?} {next:?}"
            );
            assert_eq!(next.days(), Some(days));
            last = next;
        }
    }

    proptest! {
        #[test]
        fn days_and_dates_convert_back(days in 0..4_000_000_u64) {
            prop_assert_eq!(Date::from_days(days).days(), Some(days));
        }

        #[test]
        fn no_number_of_days_panics(days in any::<u64>()) {
            let _ = Date::from_days(days);
        }
    }
}
