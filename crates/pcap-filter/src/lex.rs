//! Splits the text of a filter into tokens. Knows no keywords.

use alloc::vec::Vec;
use core::ops::Range;

use crate::error::{Error, ErrorKind};

/// Token with its byte range in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'text> {
    pub(crate) kind: TokenKind<'text>,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind<'text> {
    /// Keyword, number, address or name.
    Word(&'text str),
    /// A word after a backslash (removed): never a keyword.
    Escaped(&'text str),
    /// `(`, `[`, `+`, `!=`, `&&`, ...
    Sign(&'static str),
    /// End of the text.
    End,
}

/// Operators and brackets, longest first, so that `<<` is not read as two `<`.
const SIGNS: &[&str] = &[
    "&&", "||", "!=", "==", "<=", ">=", "<<", ">>", "(", ")", "[", "]", "!", "=", "<", ">", "&",
    "|", "+", "-", "*", "/", "%", "^", ":",
];

/// Splits a filter into tokens. The last one is always [`TokenKind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Error> {
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
        let length = word_length(&rest[usize::from(escaped)..], depth > 0);
        if length > 0 {
            let start = at + usize::from(escaped);
            let content = &text[start..start + length];
            let kind = if escaped {
                TokenKind::Escaped(content)
            } else {
                TokenKind::Word(content)
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
            return Err(Error::new(ErrorKind::UnexpectedCharacter(character), span));
        };
        match sign {
            "[" => depth += 1,
            "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        found.push(Token {
            kind: TokenKind::Sign(sign),
            span: at..at + sign.len(),
        });
        at += sign.len();
    }
    found.push(Token {
        kind: TokenKind::End,
        span: text.len()..text.len(),
    });
    Ok(found)
}

/// Returns the length of the word at the start of `text`, 0 if there is none.
///
/// In brackets a word is a number or a name, so that `[2:2]` and `[x-1]` are arithmetic. Elsewhere it may also be an
/// address, a name with dashes or a range.
fn word_length(text: &str, in_brackets: bool) -> usize {
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

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        tokens(text)
            .expect("lexes")
            .into_iter()
            .map(|token| token.kind)
            .collect()
    }

    #[test]
    fn dots_colons_and_dashes_split_words_in_brackets_only() {
        use TokenKind::{End, Escaped, Sign, Word};
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
    fn an_unexpected_character_has_a_position() {
        let error = tokens("tcp é").expect_err("no such character");
        assert_eq!(error.span, 4..6);
        assert_eq!(error.kind, ErrorKind::UnexpectedCharacter('é'));
    }
}
