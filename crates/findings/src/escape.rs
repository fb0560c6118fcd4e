//! Escapes text from outside (names, banners, arguments), so that it is safe to print on a terminal.
//!
//! Characters that a terminal would obey or hide are written as an escape (`\x1b`, `\u{202e}`): control characters, line
//! and paragraph separators, direction marks and overrides, invisible characters, private use and noncharacters. A
//! backslash is doubled, so that an escape differs from text that looks like one.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns `text` escaped, on one line.
pub fn line(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push(&mut safe, c);
    }
    Cow::Owned(safe)
}

/// Returns `bytes` as text on one line: valid UTF-8 escaped as by [`line()`], other bytes as `\xNN`.
pub fn bytes(bytes: &[u8]) -> String {
    let mut safe = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        safe.push_str(&line(chunk.valid()));
        for byte in chunk.invalid() {
            push_byte(&mut safe, *byte);
        }
    }
    safe
}

/// Whether a terminal shows `c` as itself and does nothing else with it.
pub fn is_plain(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control() && c != '\\';
    }
    !matches!(u32::from(c),
        0x80..=0x9f               // C1 controls
        | 0xad                    // soft hyphen
        | 0x34f                   // combining grapheme joiner
        | 0x61c                   // Arabic letter mark
        | 0x115f..=0x1160         // Hangul fillers
        | 0x17b4..=0x17b5         // Khmer inherent vowels
        | 0x180b..=0x180f         // Mongolian selectors
        | 0x200b..=0x200f         // zero width, direction marks
        | 0x2028..=0x202e         // line and paragraph separators, embeddings, overrides
        | 0x2060..=0x206f         // word joiner, isolates, deprecated formats
        | 0x3164                  // Hangul filler
        | 0xd800..=0xf8ff         // surrogates (never in a char), private use
        | 0xfdd0..=0xfdef         // noncharacters
        | 0xfe00..=0xfe0f         // variation selectors
        | 0xfeff                  // byte order mark
        | 0xffa0                  // halfwidth Hangul filler
        | 0xfff0..=0xffff         // interlinear annotation, specials
        | 0x1bca0..=0x1bca3       // shorthand format controls
        | 0x1d173..=0x1d17a       // musical format controls
        | 0xe0000.. // tags, selectors, private planes
    )
}

fn push(safe: &mut String, c: char) {
    match c {
        '\\' => safe.push_str("\\\\"),
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        c if is_plain(c) => safe.push(c),
        c if c.is_ascii() => push_byte(safe, c as u8),
        c => write!(safe, "\\u{{{:x}}}", u32::from(c)).expect("a String takes all writes"),
    }
}

fn push_byte(safe: &mut String, byte: u8) {
    write!(safe, "\\x{byte:02x}").expect("a String takes all writes");
}

/// Returns `bytes` in hexadecimal, without separators.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(b"0123456789abcdef"[usize::from(n)]);
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(line("plain é 漢"), "plain é 漢");
        assert!(matches!(line("plain"), Cow::Borrowed(_)));
        assert_eq!(line("a\x1b[31mb"), "a\\x1b[31mb");
        assert_eq!(line("a\nb\tc\r"), "a\\nb\\tc\\r");
        assert_eq!(line("back\\slash"), "back\\\\slash");
        assert_eq!(line("\u{202e}evil"), "\\u{202e}evil");
        assert_eq!(line("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(bytes(b"ok\xff\x00\xc3\xa9"), "ok\\xff\\x00é");
    }

    proptest! {
        #[test]
        fn only_plain_characters_remain(text in any::<String>()) {
            let safe = line(&text);
            prop_assert!(safe.chars().all(|c| is_plain(c) || c == '\\'));
        }

        #[test]
        fn any_bytes_become_plain(raw in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(bytes(&raw).chars().all(|c| is_plain(c) || c == '\\'));
        }

        #[test]
        fn different_texts_stay_different(a in any::<String>(), b in any::<String>()) {
            prop_assert_eq!(a == b, line(&a) == line(&b));
        }
    }
}
