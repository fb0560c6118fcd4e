//! Width of text in a terminal, and text cut to a width.
//!
//! Widths follow Unicode Standard Annex 11. Text must be escaped already (see [`crate::escape`]): control characters have no
//! width.

use unicode_width::UnicodeWidthChar;

/// The mark for a part that was cut off.
pub const ELLIPSIS: char = '…';

/// Returns the width of `text` in columns.
pub fn of(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Returns `text` in lines of at most `columns`, broken at plain spaces only. A longer word has its own line.
pub fn lines(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let wide = of(word);
        match lines.last_mut() {
            Some(line) if used + 1 + wide <= columns => {
                line.push(' ');
                line.push_str(word);
                used += 1 + wide;
            }
            _ => {
                lines.push(word.to_owned());
                used = wide;
            }
        }
    }
    lines
}

/// Returns `text` in at most `columns`, with its end cut off.
pub fn cut(text: &str, columns: usize) -> String {
    if of(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let mut short: String = text.chars().take_while(|c| fits(*c, &mut room)).collect();
    if columns > 0 {
        short.push(ELLIPSIS);
    }
    short
}

/// Returns `text` in at most `columns`, with its start cut off.
pub fn cut_start(text: &str, columns: usize) -> String {
    if of(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let mut short: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| fits(*c, &mut room))
        .collect();
    if columns > 0 {
        short.push(ELLIPSIS);
    }
    short.into_iter().rev().collect()
}

/// Returns `text` in at most `columns`, with its middle cut out, because names differ at both ends.
pub fn cut_middle(text: &str, columns: usize) -> String {
    if of(text) <= columns {
        return text.to_owned();
    }
    let (mut front, mut back) = (
        columns.saturating_sub(1).div_ceil(2),
        columns.saturating_sub(1) / 2,
    );
    let head: String = text.chars().take_while(|c| fits(*c, &mut front)).collect();
    let tail: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| fits(*c, &mut back))
        .collect();
    let middle = if columns > 0 {
        ELLIPSIS.to_string()
    } else {
        String::new()
    };
    head + &middle + &tail.into_iter().rev().collect::<String>()
}

/// Returns `text` padded with spaces to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(of(text))))
}

fn fits(c: char, room: &mut usize) -> bool {
    match room.checked_sub(c.width().unwrap_or(0)) {
        Some(left) => {
            *room = left;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_plain_spaces_only() {
        let text = "vigie\u{a0}: une note qui ne tient pas";
        assert_eq!(
            lines(text, 14),
            ["vigie\u{a0}: une", "note qui ne", "tient pas"]
        );
        assert_eq!(lines("averylongword b", 4), ["averylongword", "b"]);
        assert!(lines("", 10).is_empty());
    }
    use proptest::prelude::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(of("漢字"), 4);
        assert_eq!(cut("漢字漢字", 6), "漢字…");
        assert_eq!(cut_start("漢字漢字", 6), "…漢字");
        assert_eq!(cut_middle("long-name.example", 9), "long…mple");
        assert_eq!(pad("é", 3), "é  ");
        assert_eq!(cut("abc", 0), "");
    }

    proptest! {
        #[test]
        fn cut_text_fits(text in "\\PC{0,40}", columns in 0usize..40) {
            for short in [cut(&text, columns), cut_start(&text, columns), cut_middle(&text, columns)] {
                prop_assert!(of(&short) <= columns, "{:?}", short);
            }
        }
    }
}
