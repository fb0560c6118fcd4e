//! Numbers as each language writes them: separators, durations, rates, probabilities.

use std::time::Duration;

use fluent_bundle::FluentValue;

use crate::Lang;

/// U+202F, narrow no-break space: between groups of digits in French.
const NARROW_SPACE: char = '\u{202f}';

impl Lang {
    const fn group(self) -> char {
        match self {
            Lang::En => ',',
            Lang::Fr => NARROW_SPACE,
        }
    }

    const fn decimal(self) -> char {
        match self {
            Lang::En => '.',
            Lang::Fr => ',',
        }
    }
}

/// Returns a whole number: `65,535` or `65 535`.
pub fn whole(n: u64, lang: Lang) -> String {
    group_digits(&n.to_string(), lang)
}

/// Returns a number with `digits` decimal places.
pub fn decimal(value: f64, digits: usize, lang: Lang) -> String {
    localise(&format!("{value:.digits$}"), lang)
}

/// Returns a duration with up to three significant digits: `0.21 ms`, `0.04 s`, `2 min 05 s`, `1 h 02 min`.
pub fn duration(d: Duration, lang: Lang) -> String {
    let seconds = d.as_secs_f64();
    if seconds < 0.000_099_5 {
        format!("{} µs", decimal(seconds * 1e6, 0, lang))
    } else if seconds < 0.009_995 {
        format!("{} ms", decimal(seconds * 1e3, 2, lang))
    } else if seconds < 0.099_95 {
        format!("{} ms", decimal(seconds * 1e3, 1, lang))
    } else if seconds < 9.995 {
        format!("{} s", decimal(seconds, 2, lang))
    } else if seconds < 59.95 {
        format!("{} s", decimal(seconds, 1, lang))
    } else {
        long_duration(seconds.round() as u64, lang)
    }
}

/// Returns the duration of a run, rounded to milliseconds: `41 ms`, `1.37 s`, `12.3 s`, `2 min 05 s`.
pub fn elapsed(d: Duration, lang: Lang) -> String {
    let seconds = d.as_secs_f64();
    if seconds < 0.999_5 {
        format!("{} ms", decimal((seconds * 1e3).ceil(), 0, lang))
    } else if seconds < 9.995 {
        format!("{} s", decimal(seconds, 2, lang))
    } else {
        duration(d, lang)
    }
}

/// Returns a duration in whole seconds: `7 s`, `2 min 05 s`, `1 h 02 min`, `3 d 04 h`.
pub fn wait(d: Duration, lang: Lang) -> String {
    long_duration(d.as_secs_f64().round() as u64, lang)
}

fn long_duration(s: u64, lang: Lang) -> String {
    let day = match lang {
        Lang::En => "d",
        Lang::Fr => "j",
    };
    match s {
        0..60 => format!("{s} s"),
        60..3_600 => format!("{} min {:02} s", s / 60, s % 60),
        3_600..86_400 => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
        _ => format!(
            "{} {day} {:02} h",
            whole(s / 86_400, lang),
            s % 86_400 / 3_600
        ),
    }
}

/// Returns a rate per second: `870`, `12.3 k`, `1.37 M`.
pub fn rate(per_second: f64, lang: Lang) -> String {
    let v = per_second.max(0.0);
    if v < 999.5 {
        decimal(v, 0, lang)
    } else if v < 99_950.0 {
        format!("{} k", decimal(v / 1e3, 1, lang))
    } else if v < 999_500.0 {
        format!("{} k", decimal(v / 1e3, 0, lang))
    } else {
        format!("{} M", decimal(v / 1e6, 2, lang))
    }
}

/// Returns a share (0..=1) as percent: `0 %`, `0.4 %`, `12 %`.
pub fn percent(share: f64, lang: Lang) -> String {
    let p = share.clamp(0.0, 1.0) * 100.0;
    let digits = if p == 0.0 || p >= 9.95 {
        0
    } else if p >= 0.095 {
        1
    } else {
        2
    };
    match lang {
        Lang::En => format!("{}%", decimal(p, digits, lang)),
        Lang::Fr => format!("{}\u{a0}%", decimal(p, digits, lang)),
    }
}

/// Returns the smallest round percentage that is not below a probability: `0.01%`, `0.1%`, `5%`. From 50% on it is the
/// next whole percent.
pub fn bound(probability: f64, lang: Lang) -> String {
    let p = probability.clamp(0.0, 1.0) * 100.0;
    let text = |percent: f64, digits| match lang {
        Lang::En => format!("{}%", decimal(percent, digits, lang)),
        Lang::Fr => format!("{}\u{a0}%", decimal(percent, digits, lang)),
    };
    for (step, digits) in [(0.01, 2), (0.1, 1), (1.0, 0), (10.0, 0)] {
        for factor in [1.0, 2.0, 5.0] {
            if p < step * factor {
                return text(step * factor, digits);
            }
        }
    }
    text(p.ceil(), 0)
}

/// Returns a number for a sentence; `None` for any other value.
pub(crate) fn of_value(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    match value {
        FluentValue::Number(n) => Some(localise(&n.as_string(), lang)),
        _ => None,
    }
}

/// Adds separators to a number as Rust writes it.
fn localise(text: &str, lang: Lang) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    match digits.split_once('.') {
        Some((whole, fraction)) => {
            format!(
                "{sign}{}{}{fraction}",
                group_digits(whole, lang),
                lang.decimal()
            )
        }
        None => format!("{sign}{}", group_digits(digits, lang)),
    }
}

fn group_digits(digits: &str, lang: Lang) -> String {
    if digits.len() <= 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(lang.group());
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn separators_follow_the_language() {
        assert_eq!(whole(65_535, Lang::En), "65,535");
        assert_eq!(whole(65_535, Lang::Fr), "65\u{202f}535");
        assert_eq!(whole(999, Lang::En), "999");
        assert_eq!(decimal(-1234.5, 1, Lang::Fr), "-1\u{202f}234,5");
        assert_eq!(decimal(f64::NAN, 1, Lang::En), "NaN");
    }

    #[test]
    fn durations_keep_three_digits() {
        let us = Duration::from_micros;
        assert_eq!(duration(us(17), Lang::En), "17 µs");
        assert_eq!(duration(us(210), Lang::En), "0.21 ms");
        assert_eq!(elapsed(us(41_000), Lang::Fr), "41 ms");
        assert_eq!(duration(us(40_000), Lang::Fr), "40,0 ms");
        assert_eq!(duration(us(296_000_000), Lang::En), "4 min 56 s");
        assert_eq!(duration(us(59_970_000), Lang::En), "1 min 00 s");
        assert_eq!(wait(Duration::from_secs(3_725), Lang::Fr), "1 h 02 min");
        assert_eq!(wait(Duration::from_secs(200_000), Lang::Fr), "2 j 07 h");
    }

    #[test]
    fn rates_and_shares_are_short() {
        assert_eq!(rate(870.2, Lang::En), "870");
        assert_eq!(rate(12_340.0, Lang::Fr), "12,3 k");
        assert_eq!(rate(1_370_000.0, Lang::En), "1.37 M");
        assert_eq!(percent(0.004, Lang::En), "0.4%");
        assert_eq!(percent(0.0, Lang::Fr), "0\u{a0}%");
        assert_eq!(percent(0.123, Lang::En), "12%");
    }

    #[test]
    fn bounds_are_round() {
        assert_eq!(bound(0.0, Lang::En), "0.01%");
        assert_eq!(bound(0.0001, Lang::En), "0.02%");
        assert_eq!(bound(0.003, Lang::Fr), "0,5\u{a0}%");
        assert_eq!(bound(0.04, Lang::En), "5%");
        assert_eq!(bound(0.9, Lang::En), "90%");
    }

    proptest! {
        #[test]
        fn a_bound_is_never_below_its_probability(p in 0.0f64..1.0) {
            let text = bound(p, Lang::En);
            let bound: f64 = text.trim_end_matches('%').parse().unwrap();
            prop_assert!(bound >= p * 100.0 - 1e-7, "{} for {}", text, p);
        }
    }
}
