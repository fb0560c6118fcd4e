//! Timestamps in UTC as text and back: RFC 3339, and the form of C's `ctime`.

use std::time::Duration;

use vigie_wire::civil::{Date, weekday_name};

/// Returns a time since 1970-01-01T00:00:00Z as `2026-11-21T01:42:24.123Z`.
pub fn rfc3339(since_epoch: Duration) -> String {
    let (days, of_day) = split(since_epoch);
    let Date { year, month, day } = Date::from_days(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60,
        since_epoch.subsec_millis()
    )
}

/// Returns the time as `2026-11-21 01:42:24 UTC`, for people.
pub fn plain(since_epoch: Duration) -> String {
    let text = rfc3339(since_epoch);
    format!("{} {} UTC", &text[..10], &text[11..19])
}

/// Returns the time as C's `ctime` writes it, in UTC: `Sat Nov 21 01:42:24 2026`.
pub fn ctime(since_epoch: Duration) -> String {
    let (days, of_day) = split(since_epoch);
    let date = Date::from_days(days);
    format!(
        "{} {} {:2} {:02}:{:02}:{:02} {}",
        weekday_name(days),
        date.month_name(),
        date.day,
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60,
        date.year,
    )
}

/// Reads an RFC 3339 timestamp in UTC or with an offset, or a date alone (its first second in UTC). Returns the time since
/// 1970-01-01T00:00:00Z; `None` for anything else and for times before 1970.
pub fn parse(text: &str) -> Option<Duration> {
    let number = |range: std::ops::Range<usize>| -> Option<u64> {
        let digits = text.get(range)?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let sign = |at: usize, allowed: &[u8]| {
        text.as_bytes()
            .get(at)
            .is_some_and(|b| allowed.contains(b))
            .then_some(())
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    sign(4, b"-")?;
    sign(7, b"-")?;
    // Two digits each.
    let (month, day) = (month as u8, day as u8);
    let days = Date { year, month, day }.days()?;
    if text.len() == 10 {
        return Some(Duration::from_secs(days * 86_400));
    }
    sign(10, b"Tt ")?;
    sign(13, b":")?;
    sign(16, b":")?;
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = text.get(19..)?;
    let (nanos, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(fraction) => {
            let end = fraction.find(|c: char| !c.is_ascii_digit())?;
            let digits = fraction.get(..end.min(9))?;
            let value: u32 = digits.parse().ok()?;
            let scale = 10u32.pow(9 - digits.len() as u32);
            (value.checked_mul(scale)?, &fraction[end..])
        }
    };
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    let seconds = seconds.checked_add_signed(-offset(zone)?)?;
    Some(Duration::new(seconds, nanos))
}

/// Returns the seconds that local time is ahead of UTC: `Z`, `+02:00`.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, zone.get(1..)?),
        b'-' => (-1, zone.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| -> Option<i64> {
        let plain = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn split(since_epoch: Duration) -> (u64, u64) {
    let seconds = since_epoch.as_secs();
    (seconds / 86_400, seconds % 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_right() {
        let at = |seconds: u64| rfc3339(Duration::from_millis(seconds * 1_000 + 7));
        assert_eq!(at(0), "1970-01-01T00:00:00.007Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.007Z");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59.007Z");
        assert_eq!(at(1_763_689_344), "2025-11-21T01:42:24.007Z");
        assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00.007Z");
        let seconds = Duration::from_secs;
        assert_eq!(ctime(seconds(1_763_689_344)), "Fri Nov 21 01:42:24 2025");
        assert_eq!(ctime(seconds(0)), "Thu Jan  1 00:00:00 1970");
        assert_eq!(plain(seconds(1_763_689_344)), "2025-11-21 01:42:24 UTC");
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        let secs = |text: &str| parse(text).map(|d| d.as_secs());
        assert_eq!(secs("2025-11-21T03:42:24+02:00"), Some(1_763_689_344));
        assert_eq!(secs("2025-11-20T23:12:24-02:30"), Some(1_763_689_344));
        assert_eq!(secs("2025-11-21"), Some(1_763_683_200));
        assert_eq!(
            parse("1970-01-01T00:00:00.5Z"),
            Some(Duration::from_millis(500))
        );
        for wrong in [
            "",
            "2025",
            "2025-11-31",
            "2023-02-29",
            "2025-13-01",
            "1969-12-31",
            "2025-11-21T24:00:00Z",
            "2025-11-21T01:02:03",
            "2025-11-21T01:02:03.Z",
            "2025-11-21T01:02:03.",
            "2025-11-21T01:02:03+2",
            "2025-11-21T01:02:03+02:00x",
            "1970-01-01T00:00:00+01:00",
            "2025-11-2é",
            "+025-11-21",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_timestamp_reads_back(ms in 0u64..200_000_000_000_000) {
            let time = Duration::from_millis(ms);
            prop_assert_eq!(parse(&rfc3339(time)), Some(time));
        }

        #[test]
        fn no_text_causes_a_panic(text in any::<String>(), digits in "[0-9T:.Z+-]{0,30}") {
            let _ = (parse(&text), parse(&digits));
        }
    }
}
