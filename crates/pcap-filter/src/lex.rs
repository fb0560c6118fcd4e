//! A capture filter's text to tokens. Knows no keyword: a word is a word.

use alloc::vec::Vec;
use core::ops::Range;

use super::error::{FilterError, FilterErrorKind};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'text> {
    pub(super) kind: Kind<'text>,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'text> {
    /// Letters, digits and what addresses and names hold; a leading backslash (never a keyword) is cut off.
    Word(&'text str),
    /// The same after a backslash.
    Escaped(&'text str),
    /// `(`, `[`, `+`, `!=`, `&&`, ...
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// Longest first, so that `<<` is not two `<`.
const SIGNS: &[&str] = &[
    "&&", "||", "!=", "==", "<=", ">=", "<<", ">>", "(", ")", "[", "]", "!", "=", "<", ">", "&",
    "|", "+", "-", "*", "/", "%", "^", ":",
];

/// Cuts a filter into tokens; the last is always [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, FilterError> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if character.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let rest = &text[at..];
        let escaped = rest.starts_with('\\');
        let length = word(&rest[usize::from(escaped)..], depth > 0);
        if length > 0 {
            let start = at + usize::from(escaped);
            let content = &text[start..start + length];
            let kind = if escaped {
                Kind::Escaped(content)
            } else {
                Kind::Word(content)
            };
            found.push(Token {
                kind,
                span: at..start + length,
            });
            at = start + length;
            continue;
        }
        let Some(&sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
            let span = at..at + character.len_utf8();
            return Err(FilterError::new(
                FilterErrorKind::UnexpectedCharacter(character),
                span,
            ));
        };
        match sign {
            "[" => depth += 1,
            "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        found.push(Token {
            kind: Kind::Sign(sign),
            span: at..at + sign.len(),
        });
        at += sign.len();
    }
    found.push(Token {
        kind: Kind::End,
        span: text.len()..text.len(),
    });
    Ok(found)
}

/// The length of the word that starts here; 0 for none. Between brackets a word is a number or a name, so that
/// `[2:2]` and `[x-1]` are arithmetic; elsewhere it may be an address, a name with dashes or a range.
fn word(text: &str, in_brackets: bool) -> usize {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else {
        return 0;
    };
    let address = !in_brackets && first == b':' && bytes.get(1) == Some(&b':');
    if !first.is_ascii_alphanumeric() && first != b'_' && !address {
        return 0;
    }
    let dashes = !in_brackets || first.is_ascii_alphabetic();
    bytes
        .iter()
        .position(|&byte| match byte {
            b'-' => !dashes,
            b'.' | b':' => in_brackets,
            b'_' => false,
            _ => !byte.is_ascii_alphanumeric(),
        })
        .unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        tokens(text)
            .expect("lexes")
            .into_iter()
            .map(|token| token.kind)
            .collect()
    }

    #[test]
    fn words_are_wide_outside_brackets_and_narrow_inside() {
        use Kind::{End, Escaped, Sign, Word};
        assert_eq!(
            kinds("net fe80::1/10"),
            [Word("net"), Word("fe80::1"), Sign("/"), Word("10"), End]
        );
        assert_eq!(
            kinds("ip[2:2]-0x5<<2"),
            [
                Word("ip"),
                Sign("["),
                Word("2"),
                Sign(":"),
                Word("2"),
                Sign("]"),
                Sign("-"),
                Word("0x5"),
                Sign("<<"),
                Word("2"),
                End
            ]
        );
        assert_eq!(
            kinds("proto \\tcp&&!::1"),
            [
                Word("proto"),
                Escaped("tcp"),
                Sign("&&"),
                Sign("!"),
                Word("::1"),
                End
            ]
        );
        assert_eq!(
            kinds("tcp-syn|x"),
            [Word("tcp-syn"), Sign("|"), Word("x"), End]
        );
    }

    #[test]
    fn a_strange_character_is_placed() {
        let error = tokens("tcp é").expect_err("no such character");
        assert_eq!(error.span, 4..6);
        assert_eq!(error.kind, FilterErrorKind::UnexpectedCharacter('é'));
    }
}
