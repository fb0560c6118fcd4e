//! Splits a text into tokens with their positions. Must not know the grammar.

use super::error::{LangError, LangProblem, Span};
use alloc::string::String;
use alloc::vec::Vec;

/// Kind and value of a token.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// A name.
    Name(String),
    /// An integer.
    Int(i128),
    /// A floating-point number, with a point or an exponent.
    Float(f64),
    /// Text.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An operator or a bracket.
    Symbol(&'static str),
    /// The end of a line, or a semicolon, outside all brackets.
    End,
}

/// A token with its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Kind and value.
    pub kind: TokenKind,
    /// Byte range in the source.
    pub at: Span,
}

/// Operators and brackets, longest first, so that `**` is not read as two `*`.
const SYMBOLS: &[&str] = &[
    "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ":", ".",
    "=", "+", "-", "*", "/", "%", "<", ">", "&", "|", "^", "~",
];

/// Splits a text into tokens. Comments begin with `#`. Inside brackets the end of a line is no token.
pub fn tokens(source: &str) -> Result<Vec<Token>, LangError> {
    let mut lexer = Lexer {
        source,
        at: 0,
        open: Vec::new(),
        tokens: Vec::new(),
    };
    while let Some(c) = lexer.rest().chars().next() {
        lexer.next(c)?;
    }
    if let Some((symbol, at)) = lexer.open.pop() {
        return Err(LangError::new(at..at + 1, LangProblem::Bracket(symbol)));
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    open: Vec<(char, usize)>,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token {
            kind,
            at: start..self.at,
        });
    }

    fn next(&mut self, c: char) -> Result<(), LangError> {
        let start = self.at;
        match c {
            '\n' | ';' => {
                self.at += 1;
                if self.open.is_empty() {
                    self.push(TokenKind::End, start);
                }
            }
            '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
            '\\' if self.rest().starts_with("\\\n") => self.at += 2,
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '"' | '\'' => self.string("")?,
            '0'..='9' => self.number()?,
            '.' if self
                .rest()
                .as_bytes()
                .get(1)
                .is_some_and(u8::is_ascii_digit) =>
            {
                self.number()?;
            }
            c if c.is_alphabetic() || c == '_' => {
                let rest = self.rest();
                let len = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                let word = &rest[..len];
                let quoted = rest[len..].starts_with(['"', '\'']);
                if quoted
                    && matches!(
                        word,
                        "b" | "B" | "r" | "R" | "u" | "U" | "br" | "rb" | "Rb" | "bR" | "BR" | "RB"
                    )
                {
                    self.string(word)?;
                } else {
                    self.at += len;
                    self.push(TokenKind::Name(word.into()), start);
                }
            }
            c => self.symbol(c)?,
        }
        Ok(())
    }

    fn symbol(&mut self, c: char) -> Result<(), LangError> {
        let start = self.at;
        let rest = self.rest();
        let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) else {
            return Err(LangError::new(
                start..start + c.len_utf8(),
                LangProblem::Character(c),
            ));
        };
        self.at += symbol.len();
        match c {
            '(' | '[' | '{' => self.open.push((c, start)),
            ')' | ']' | '}' => {
                let partner = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                if self.open.pop().is_none_or(|(open, _)| open != partner) {
                    return Err(LangError::new(start..start + 1, LangProblem::Bracket(c)));
                }
            }
            _ => {}
        }
        self.push(TokenKind::Symbol(symbol), start);
        Ok(())
    }

    fn number(&mut self) -> Result<(), LangError> {
        let start = self.at;
        let bytes = self.rest().as_bytes();
        let radix = match bytes {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'o' | b'O', ..] => 8,
            [b'0', b'b' | b'B', ..] => 2,
            _ => 10,
        };
        let mut len = if radix == 10 { 0 } else { 2 };
        let mut is_float = false;
        while let Some(&b) = bytes.get(len) {
            let exponent_sign =
                radix == 10 && matches!(b, b'+' | b'-') && matches!(bytes[len - 1], b'e' | b'E');
            if radix == 10 && (b == b'.' || matches!(b, b'e' | b'E')) {
                is_float = true;
            } else if !(b.is_ascii_alphanumeric() || b == b'_' || exponent_sign) {
                break;
            }
            len += 1;
        }
        self.at += len;
        let text: String = self.source[start..self.at]
            .chars()
            .filter(|c| *c != '_')
            .collect();
        let kind = if is_float {
            text.parse()
                .ok()
                .filter(|n: &f64| n.is_finite())
                .map(TokenKind::Float)
        } else {
            let digits = if radix == 10 { &text[..] } else { &text[2..] };
            i128::from_str_radix(digits, radix).ok().map(TokenKind::Int)
        };
        let digits = text.strip_prefix("0x").or(text.strip_prefix("0X"));
        let is_long = match digits {
            Some(digits) => digits.bytes().all(|b| b.is_ascii_hexdigit()) && digits.len() > 30,
            None => text.bytes().all(|b| b.is_ascii_digit()) && text.len() > 30,
        };
        let is_infinite = is_float && text.parse().is_ok_and(|n: f64| n.is_infinite());
        let problem = if is_long || is_infinite {
            LangProblem::NumberTooLarge
        } else {
            LangProblem::Number
        };
        let kind = kind.ok_or(LangError::new(start..self.at, problem))?;
        self.push(kind, start);
        Ok(())
    }

    fn string(&mut self, prefix: &str) -> Result<(), LangError> {
        let start = self.at;
        let is_bytes = prefix.contains(['b', 'B']);
        let is_raw = prefix.contains(['r', 'R']);
        self.at += prefix.len();
        let rest = self.rest();
        let quote = &rest[..1];
        let triple =
            rest.len() >= 3 && rest[1..].starts_with(quote) && rest[2..].starts_with(quote);
        let end = if triple { &rest[..3] } else { quote };
        self.at += end.len();
        let mut text = String::new();
        let mut bytes = Vec::new();
        loop {
            let rest = self.rest();
            if rest.starts_with(end) {
                self.at += end.len();
                break;
            }
            let Some(c) = rest.chars().next().filter(|c| triple || *c != '\n') else {
                return Err(LangError::new(start..self.at, LangProblem::UnclosedString));
            };
            self.at += c.len_utf8();
            let c = if c == '\\' && !is_raw {
                self.escape(is_bytes)?
            } else {
                Some(c)
            };
            let Some(c) = c else { continue };
            if is_bytes {
                // In a bytes literal an escape is one byte; other characters are encoded as UTF-8.
                match u8::try_from(u32::from(c)) {
                    Ok(byte) if byte < 0x80 || self.source.as_bytes()[self.at - 1].is_ascii() => {
                        bytes.push(byte);
                    }
                    _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                }
            } else {
                text.push(c);
            }
        }
        self.push(
            if is_bytes {
                TokenKind::Bytes(bytes)
            } else {
                TokenKind::Str(text)
            },
            start,
        );
        Ok(())
    }

    /// Reads the escape sequence after a backslash. Returns `None` for an escaped end of line.
    fn escape(&mut self, is_bytes: bool) -> Result<Option<char>, LangError> {
        let start = self.at - 1;
        let bad = |end: usize| LangError::new(start..end, LangProblem::Escape);
        let c = self.rest().chars().next().ok_or(bad(self.at))?;
        self.at += c.len_utf8();
        let hex = |lexer: &mut Self, digits: usize| {
            let text = lexer
                .rest()
                .get(..digits)
                .filter(|t| t.bytes().all(|b| b.is_ascii_hexdigit()));
            let number = text
                .and_then(|t| u32::from_str_radix(t, 16).ok())
                .and_then(char::from_u32);
            lexer.at += if number.is_some() { digits } else { 0 };
            number.ok_or(bad(lexer.at))
        };
        Ok(Some(match c {
            '\n' => return Ok(None),
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'v' => '\x0b',
            '\\' | '\'' | '"' => c,
            '0'..='7' => {
                let mut value = c as u32 - '0' as u32;
                for _ in 0..2 {
                    match self.rest().bytes().next() {
                        Some(d @ b'0'..=b'7') => {
                            value = value * 8 + u32::from(d - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                char::from_u32(value & if is_bytes { 0xff } else { 0x1ff }).ok_or(bad(self.at))?
            }
            'x' => hex(self, 2)?,
            'u' if !is_bytes => hex(self, 4)?,
            'U' if !is_bytes => hex(self, 8)?,
            _ => return Err(bad(self.at)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn kinds(source: &str) -> Vec<TokenKind> {
        tokens(source)
            .unwrap()
            .into_iter()
            .map(|token| token.kind)
            .collect()
    }

    #[test]
    fn literals_are_pythons() {
        assert_eq!(
            kinds(r#"'a\x41\n' "b'" "#),
            vec![TokenKind::Str("aA\n".into()), TokenKind::Str("b'".into())]
        );
        assert_eq!(
            kinds(r"b'\x00\xff\101' r'\n'"),
            vec![
                TokenKind::Bytes(vec![0, 255, 65]),
                TokenKind::Str("\\n".into())
            ]
        );
        assert_eq!(
            kinds("0x1F 0b11 1_000 1.5 2e3"),
            vec![
                TokenKind::Int(31),
                TokenKind::Int(3),
                TokenKind::Int(1000),
                TokenKind::Float(1.5),
                TokenKind::Float(2000.0)
            ]
        );
        assert_eq!(kinds("'''a\nb'''"), vec![TokenKind::Str("a\nb".into())]);
    }

    #[test]
    fn brackets_join_lines() {
        assert_eq!(
            kinds("(1,\n2)\n3")
                .iter()
                .filter(|k| **k == TokenKind::End)
                .count(),
            1
        );
        assert!(matches!(
            *tokens("(1]").unwrap_err().problem,
            LangProblem::Bracket(']')
        ));
        let error = tokens("f(1").unwrap_err();
        assert!(
            matches!((error.at, *error.problem), (at, LangProblem::Bracket('(')) if at == (1..2))
        );
    }

    proptest! {
        #[test]
        fn any_text_is_split_or_rejected(source in "\\PC{0,60}") {
            if let Ok(tokens) = tokens(&source) {
                for token in tokens {
                    prop_assert!(source.get(token.at).is_some());
                }
            }
        }
    }
}
