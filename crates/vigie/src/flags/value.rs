//! The value of a flag as typed, with the parsers that flags share.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use vigie_report::Message;

use super::Row;
use crate::error::Error;

/// A value of a flag, as typed.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    row: &'static Row,
    text: &'a OsStr,
}

impl<'a> Value<'a> {
    pub(super) const fn new(row: &'static Row, text: &'a OsStr) -> Self {
        Self { row, text }
    }

    /// Returns the name of the flag.
    pub const fn flag(self) -> &'static str {
        self.row.name
    }

    /// Returns the value as text.
    ///
    /// # Errors
    /// The value is not UTF-8.
    pub fn text(self) -> Result<&'a str, Error> {
        self.text
            .to_str()
            .ok_or_else(|| Error::usage(Message::new("arg-not-utf8")))
    }

    /// Returns the value as owned text.
    ///
    /// # Errors
    /// The value is not UTF-8.
    pub fn string(self) -> Result<String, Error> {
        self.text().map(str::to_owned)
    }

    /// Returns the value as an OS string.
    pub const fn os(self) -> &'a OsStr {
        self.text
    }

    /// Returns the value as a path.
    pub fn path(self) -> PathBuf {
        self.text.into()
    }

    /// Returns the value as a whole number; `_` may group its digits.
    ///
    /// # Errors
    /// The value is not a number from `min` to `max`.
    pub fn number(self, min: u64, max: u64) -> Result<u64, Error> {
        match self.text()?.replace('_', "").parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => {
                let hint = Message::new("number-wrong-hint")
                    .amount("min", min)
                    .amount("max", max);
                Err(self.wrong("number-wrong").hint(hint))
            }
        }
    }

    /// Returns the value as a decimal number.
    ///
    /// # Errors
    /// The value is not a number from `min` to `max`.
    pub fn decimal(self, min: f64, max: f64) -> Result<f64, Error> {
        match self.text()?.parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => {
                let hint = Message::new("decimal-wrong-hint")
                    .shown("min", min)
                    .shown("max", max);
                Err(self.wrong("number-wrong").hint(hint))
            }
        }
    }

    /// Returns the value as a time greater than zero, in nmap's notation: seconds, or a number with ms, s, m or h.
    ///
    /// # Errors
    /// The value is not a time greater than zero.
    pub fn time(self) -> Result<Duration, Error> {
        time(self.text()?).ok_or_else(|| {
            self.wrong("time-wrong")
                .hint(Message::new("time-wrong-hint"))
        })
    }

    /// Returns the value as a size in bytes of at least `min`: `1048576`, `1024K`, `1M`, `1G`.
    ///
    /// # Errors
    /// The value is not a size of at least `min`.
    pub fn size(self, min: u64) -> Result<u64, Error> {
        let bytes = size(self.text()?).filter(|bytes| *bytes >= min);
        bytes.ok_or_else(|| {
            self.wrong("number-wrong")
                .hint(Message::new("memory-wrong-hint"))
        })
    }

    /// Returns the error that this value does not fit its flag. `key` is a text with `value` and `arg`.
    pub fn wrong(self, key: &'static str) -> Error {
        Error::usage(
            Message::new(key)
                .outside("value", self.text.to_string_lossy())
                .outside("arg", self.row.spelled()),
        )
    }
}

fn size(text: &str) -> Option<u64> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let shift = match &text[digits..] {
        "" => 0,
        "K" | "k" | "KiB" => 10,
        "M" | "m" | "MiB" => 20,
        "G" | "g" | "GiB" => 30,
        _ => return None,
    };
    text[..digits].parse::<u64>().ok()?.checked_mul(1 << shift)
}

fn time(text: &str) -> Option<Duration> {
    let digits = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let unit = match &text[digits..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    let seconds = text[..digits].parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_units() {
        assert_eq!(size("1048576"), Some(1 << 20));
        assert_eq!(size("64K"), Some(64 << 10));
        assert_eq!(size("3MiB"), Some(3 << 20));
        for text in ["", "M", "1X", "-1", "1.5M", "18446744073709551615G"] {
            assert_eq!(size(text), None, "{text}");
        }
    }

    #[test]
    fn times_have_the_units_of_nmap_and_are_not_zero() {
        let seconds = |text| time(text).map(|time| time.as_secs_f64());
        assert_eq!(seconds("30"), Some(30.0));
        assert_eq!(seconds("250ms"), Some(0.25));
        assert_eq!(seconds("1.5m"), Some(90.0));
        assert_eq!(seconds("2h"), Some(7_200.0));
        for text in ["", "s", "0", "0ms", "-1s", "1d", "inf", "1e400"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
