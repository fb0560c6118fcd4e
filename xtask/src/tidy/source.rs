//! A minimal lexer of Rust for the rules: blanks out comments and strings, cuts off unit tests.
//!
//! It knows no rule and is not a parser: its errors may add a complaint, but must never hide one.

/// Replaces comments, strings and character literals by spaces; line ends stay.
pub(crate) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
            b'/' if bytes[at..].starts_with(b"/*") => comment_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' | b'b' | b'c' if !follows_word(bytes, at) => raw_end(bytes, at).unwrap_or(at),
            b'\'' => char_end(bytes, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            let character = source[at..].chars().next().unwrap_or(' ');
            out.push(character);
            at += character.len_utf8();
        } else {
            out.extend(
                source[at..end]
                    .chars()
                    .map(|character| if character == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && is_word(bytes[at - 1])
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(bytes.len(), |length| at + length)
}

fn comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while next < bytes.len() {
        match bytes[next] {
            b'\\' => next += 2,
            b'"' => return next + 1,
            _ => next += 1,
        }
    }
    bytes.len()
}

/// The end of a prefixed string literal (`r"..."`, `br#"..."#`, `b"..."`, `c"..."`); `None` if none starts here.
fn raw_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut next = at;
    while next < bytes.len() && matches!(bytes[next], b'r' | b'b' | b'c') && next < at + 2 {
        next += 1;
    }
    let raw = bytes[at..next].contains(&b'r');
    let hashes = bytes[next..]
        .iter()
        .take_while(|&&byte| byte == b'#')
        .count();
    if bytes.get(next + hashes) != Some(&b'"') || (hashes > 0 && !raw) {
        return None;
    }
    if !raw {
        return Some(string_end(bytes, next));
    }
    let close: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', hashes))
        .collect();
    let start = next + hashes + 1;
    let length = bytes[start..]
        .windows(close.len())
        .position(|window| window == close)?;
    Some(start + length + close.len())
}

/// The end of a character literal; `None` for a lifetime or a label.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        let length = bytes[at + 3..].iter().position(|&byte| byte == b'\'')?;
        return Some(at + 3 + length + 1);
    }
    // One character, of at most four bytes, then the quote.
    (at + 3..=at + 5).find(|&end| {
        bytes.get(end - 1) == Some(&b'\'')
            && std::str::from_utf8(&bytes[at + 1..end - 1])
                .is_ok_and(|text| text.chars().count() == 1)
    })
}

/// Number of lines before the unit tests (`#[cfg(test)]` on a `mod` with a body, by convention at the end).
pub(crate) fn lines_without_tests(source: &str) -> usize {
    let lines: Vec<&str> = source.lines().collect();
    lines
        .windows(2)
        .position(|pair| {
            pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
        })
        .unwrap_or(lines.len())
}

/// Whether `code` contains `word` as a whole identifier.
pub(crate) fn has_word(code: &str, word: &str) -> bool {
    lines_with_word(code, word).next().is_some()
}

/// The lines (from 1) that contain `word` as a whole identifier.
pub(crate) fn lines_with_word<'code>(
    code: &'code str,
    word: &'code str,
) -> impl Iterator<Item = usize> + 'code {
    code.lines()
        .enumerate()
        .filter(move |(_, line)| {
            line.match_indices(word).any(|(start, _)| {
                let end = start + word.len();
                !line.as_bytes().get(end).copied().is_some_and(is_word)
                    && (start == 0 || !is_word(line.as_bytes()[start - 1]))
            })
        })
        .map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blanked() {
        let source = "a /* x /* y */ z */ b // c\n\"d\\\" e\" r#\"f \" g\"# b'h' '\\'' 'i' 'j: b\"k\" crate l";
        let words: Vec<String> = code_only(source)
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert_eq!(words, ["a", "b", "b", "'j:", "crate", "l"]);
        assert_eq!(code_only(source).lines().count(), source.lines().count());
    }

    #[test]
    fn words_are_whole() {
        assert!(
            has_word("mod tcp;", "tcp")
                && !has_word("mod tcp_options;", "tcp")
                && !has_word("utcp", "tcp")
        );
        assert_eq!(
            lines_with_word("a\nb a\nab", "a").collect::<Vec<_>>(),
            [1, 2]
        );
    }

    #[test]
    fn tests_are_cut_off() {
        assert_eq!(
            lines_without_tests("a\nb\n#[cfg(test)]\nmod tests {\n}\n"),
            2
        );
        assert_eq!(lines_without_tests("#[cfg(test)]\nextern crate std;\n"), 2);
    }
}
