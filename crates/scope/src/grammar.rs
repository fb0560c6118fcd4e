//! The parts that the target and the port grammar share: numbers, ranges and lists, with the position of each.

use core::ops::Range;

use crate::error::{ParseError, ParseErrorKind};

/// Reads a decimal number of at most `max` at the bytes `at` of `whole`.
pub(crate) fn number(whole: &str, at: Range<usize>, max: u32) -> Result<u32, ParseError> {
    let text = &whole[at.clone()];
    let error = |kind| Err(ParseError::new(whole, at.clone(), kind));
    if text.is_empty() {
        return error(ParseErrorKind::Empty);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return error(ParseErrorKind::NotANumber);
    }
    match text.parse::<u32>() {
        Ok(n) if n <= max => Ok(n),
        _ => error(ParseErrorKind::TooLarge { max }),
    }
}

/// Reads a range of numbers with optional ends: `7`, `3-9`, `-9` (from `min`), `3-` (to `max`), `-` (all).
pub(crate) fn number_range(
    whole: &str,
    at: Range<usize>,
    (min, max): (u32, u32),
) -> Result<(u32, u32), ParseError> {
    let Some(dash) = whole[at.clone()].find('-') else {
        let n = number(whole, at, max)?;
        return Ok((n, n));
    };
    let end = |at: Range<usize>, open: u32| {
        if at.is_empty() {
            Ok(open)
        } else {
            number(whole, at, max)
        }
    };
    let first = end(at.start..at.start + dash, min)?;
    let last = end(at.start + dash + 1..at.end, max)?;
    if first > last {
        return Err(ParseError::new(whole, at, ParseErrorKind::Backwards));
    }
    Ok((first, last))
}

/// Splits `whole[at]` at `separator` and returns the byte range of each part.
pub(crate) fn split(
    whole: &str,
    at: Range<usize>,
    separator: char,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = at.start;
    whole[at].split(separator).map(move |part| {
        let range = start..start + part.len();
        start = range.end + separator.len_utf8();
        range
    })
}
