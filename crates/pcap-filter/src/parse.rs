//! Parses the tokens of a filter: the grammar of pcap-filter(7).
//!
//! `and` and `or` have the same precedence and group from the left; `not` binds tighter. An identifier without
//! qualifiers uses those of the identifier before it (`port 80 or 443`).

use alloc::{boxed::Box, vec, vec::Vec};
use core::ops::Range;

use crate::{
    ast::{Direction, Expr, Primitive, Protocol},
    error::{Error, ErrorKind, Expectation},
    identifier, keywords,
    lex::{Token, TokenKind, tokens},
    names::FilterNames,
};

/// Maximum nesting depth of parentheses, negations and alternating `and` and `or`.
const MAX_DEPTH: usize = 128;
/// Maximum number of terms. More would not fit the kernel's 4,096 instructions.
const MAX_TERMS: usize = 4096;

/// Parses a filter. An empty text accepts every packet.
pub(crate) fn parse(text: &str, names: &dyn FilterNames) -> Result<Expr, Error> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        names,
        qualifiers: Qualifiers::default(),
        depth: 0,
        terms: 0,
        operators: 0,
    };
    if parser.peek() == TokenKind::End {
        return Ok(Expr::All(Vec::new()));
    }
    let expr = parser.alternation()?;
    match parser.peek() {
        TokenKind::End => Ok(expr),
        _ => Err(parser.expected(Expectation::Operator)),
    }
}

/// Keywords before an identifier that say how to interpret it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Qualifiers {
    pub(crate) protocol: Option<Protocol>,
    pub(crate) direction: Option<Direction>,
    pub(crate) kind: Option<IdentifierKind>,
}

/// Type of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentifierKind {
    Host,
    Net,
    Port,
    PortRange,
    Proto,
}

/// Recursive descent parser.
pub(crate) struct Parser<'text> {
    tokens: Vec<Token<'text>>,
    at: usize,
    pub(crate) names: &'text dyn FilterNames,
    /// Qualifiers that an identifier without its own uses.
    qualifiers: Qualifiers,
    depth: usize,
    terms: usize,
    /// Number of operators in the current comparison.
    pub(crate) operators: usize,
}

impl<'text> Parser<'text> {
    pub(crate) fn peek(&self) -> TokenKind<'text> {
        self.ahead(0)
    }

    pub(crate) fn ahead(&self, distance: usize) -> TokenKind<'text> {
        self.tokens
            .get(self.at + distance)
            .map_or(TokenKind::End, |token| token.kind)
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(0..0, |token| token.span.clone())
    }

    pub(crate) fn advance(&mut self) {
        self.at += 1;
    }

    pub(crate) fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Sign(here) if here == sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek() == TokenKind::Word(word);
        self.at += usize::from(found);
        found
    }

    /// Returns the error that the next token is not `what`.
    pub(crate) fn expected(&self, what: Expectation) -> Error {
        let found = match self.peek() {
            TokenKind::Word(word) | TokenKind::Escaped(word) => word,
            TokenKind::Sign(sign) => sign,
            TokenKind::End => "",
        };
        Error::new(
            ErrorKind::Expected {
                what,
                found: found.into(),
            },
            self.span(),
        )
    }

    pub(crate) fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::TooLong, self.span()));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn alternation(&mut self) -> Result<Expr, Error> {
        self.enter()?;
        let mut left = self.term()?;
        let mut alternations = 0;
        loop {
            let and = self.take_sign("&&") || self.take_word("and");
            if !and && !self.take_sign("||") && !self.take_word("or") {
                break;
            }
            let right = self.term()?;
            left = match (left, and) {
                (Expr::All(mut terms), true) => {
                    terms.push(right);
                    Expr::All(terms)
                }
                (Expr::Any(mut terms), false) => {
                    terms.push(right);
                    Expr::Any(terms)
                }
                (other, and) => {
                    alternations += 1;
                    let terms = vec![other, right];
                    if and {
                        Expr::All(terms)
                    } else {
                        Expr::Any(terms)
                    }
                }
            };
            if self.depth + alternations > MAX_DEPTH {
                return Err(Error::new(ErrorKind::TooLong, self.span()));
            }
        }
        self.leave();
        Ok(left)
    }

    fn term(&mut self) -> Result<Expr, Error> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(Error::new(ErrorKind::TooLong, self.span()));
        }
        if self.take_sign("!") || self.take_word("not") {
            self.enter()?;
            let inner = self.term()?;
            self.leave();
            return Ok(Expr::Not(Box::new(inner)));
        }
        if self.looks_arithmetic() {
            return self.comparison();
        }
        if self.peek() == TokenKind::Sign("(") {
            return self.parenthesis();
        }
        self.primitive().map(Expr::Primitive)
    }

    /// Parses `(`, which opens an expression or the left side of a comparison: `(tcp)`, `(ip[0] & 0xf) = 5`.
    fn parenthesis(&mut self) -> Result<Expr, Error> {
        let (start, depth) = (self.at, self.depth);
        let not_comparison = match self.comparison() {
            Ok(comparison) => return Ok(comparison),
            Err(error) => error,
        };
        (self.at, self.depth) = (start, depth);
        self.advance();
        let inner = match self.alternation() {
            Ok(inner) => inner,
            // Report the error of the interpretation that parsed more tokens.
            Err(error) if error.span.start >= not_comparison.span.start => return Err(error),
            Err(_) => return Err(not_comparison),
        };
        if !self.take_sign(")") {
            return Err(self.expected(Expectation::CloseParenthesis));
        }
        Ok(inner)
    }

    /// Returns whether a comparison certainly starts here.
    fn looks_arithmetic(&self) -> bool {
        let operator = matches!(
            self.ahead(1),
            TokenKind::Sign(sign) if !matches!(sign, "(" | ")" | "[" | "]" | "!" | "&&" | "||")
        );
        match self.peek() {
            TokenKind::Sign("-") | TokenKind::Word("len") => true,
            TokenKind::Word(word) if keywords::protocol(word).is_some() => {
                self.ahead(1) == TokenKind::Sign("[")
            }
            TokenKind::Word(word) => {
                operator
                    && (identifier::number(word).is_some() || keywords::constant(word).is_some())
            }
            _ => false,
        }
    }

    /// Parses a primitive: qualifiers and an identifier, a keyword, or an identifier alone.
    fn primitive(&mut self) -> Result<Primitive, Error> {
        let start = self.span();
        let TokenKind::Word(first) = self.peek() else {
            return match self.peek() {
                TokenKind::Escaped(_) if self.qualifiers != Qualifiers::default() => {
                    self.identifier(self.qualifiers)
                }
                _ => Err(self.expected(Expectation::Primitive)),
            };
        };
        if let Some(primitive) = self.keyword(first)? {
            self.qualifiers = Qualifiers::default();
            return Ok(primitive);
        }
        let qualifiers = self.qualifiers();
        if qualifiers == Qualifiers::default() {
            return self.unqualified(first);
        }
        let alone = qualifiers.direction.is_none() && qualifiers.kind.is_none();
        if let (true, Some(protocol)) = (alone, qualifiers.protocol) {
            self.qualifiers = Qualifiers::default();
            if self.take_word("broadcast") {
                return broadcast_protocol(protocol, "broadcast", start).map(Primitive::Broadcast);
            }
            if self.take_word("multicast") {
                return broadcast_protocol(protocol, "multicast", start).map(Primitive::Multicast);
            }
            return Ok(Primitive::Protocol(protocol));
        }
        self.qualifiers = qualifiers;
        self.identifier(qualifiers)
    }

    /// Parses an identifier without qualifiers of its own.
    fn unqualified(&mut self, word: &str) -> Result<Primitive, Error> {
        if let Some(name) = keywords::UNSUPPORTED.iter().find(|name| **name == word) {
            return Err(Error::new(ErrorKind::Unsupported(name), self.span()));
        }
        if self.qualifiers == Qualifiers::default() || matches!(word, "and" | "or") {
            let kind = if identifier::looks_like_value(word) {
                ErrorKind::Expected {
                    what: Expectation::Primitive,
                    found: word.into(),
                }
            } else {
                ErrorKind::UnknownWord(word.into())
            };
            return Err(Error::new(kind, self.span()));
        }
        self.identifier(self.qualifiers)
    }

    /// Parses the keywords that take no qualifier; `None` if `word` is not one.
    fn keyword(&mut self, word: &str) -> Result<Option<Primitive>, Error> {
        let argument = |parser: &mut Self, max: u32| -> Result<Option<u32>, Error> {
            parser.advance();
            match parser.peek() {
                TokenKind::Word(word) if identifier::number(word).is_some() => {
                    parser.number(max).map(Some)
                }
                _ => Ok(None),
            }
        };
        let number = |parser: &mut Self| -> Result<u32, Error> {
            parser.advance();
            parser.number(u32::MAX)
        };
        Ok(Some(match word {
            "less" => Primitive::Less(number(self)?),
            "greater" => Primitive::Greater(number(self)?),
            "ifindex" => Primitive::InterfaceIndex(number(self)?),
            "vlan" => Primitive::Vlan(argument(self, 4095)?.map(|id| id as u16)),
            "mpls" => Primitive::Mpls(argument(self, 0xf_ffff)?),
            "pppoes" => Primitive::PppoeSession(argument(self, 0xffff)?.map(|id| id as u16)),
            "pppoed" | "broadcast" | "multicast" | "inbound" | "outbound" => {
                self.advance();
                match word {
                    "pppoed" => Primitive::PppoeDiscovery,
                    "broadcast" => Primitive::Broadcast(None),
                    "multicast" => Primitive::Multicast(None),
                    "inbound" => Primitive::Inbound,
                    _ => Primitive::Outbound,
                }
            }
            _ => return Ok(None),
        }))
    }

    /// Parses `[protocol] [direction] [kind]`.
    fn qualifiers(&mut self) -> Qualifiers {
        let mut found = Qualifiers::default();
        while let TokenKind::Word(word) = self.peek() {
            let kind = match word {
                "host" => Some(IdentifierKind::Host),
                "net" => Some(IdentifierKind::Net),
                "port" => Some(IdentifierKind::Port),
                "portrange" => Some(IdentifierKind::PortRange),
                "proto" => Some(IdentifierKind::Proto),
                _ => None,
            };
            if kind.is_some() {
                found.kind = kind;
                self.advance();
                break;
            }
            if let Some(direction) = self.direction()
                && found.direction.is_none()
            {
                found.direction = Some(direction);
                continue;
            }
            let first = found == Qualifiers::default();
            match keywords::protocol(word) {
                Some(protocol) if first => found.protocol = Some(protocol),
                _ => break,
            }
            self.advance();
        }
        found
    }

    /// Parses `src`, `dst`, `src or dst`, `src and dst`, in either order. Consumes nothing if none follows.
    fn direction(&mut self) -> Option<Direction> {
        let (own, other) = match self.peek() {
            TokenKind::Word("src") => (Direction::Source, "dst"),
            TokenKind::Word("dst") => (Direction::Destination, "src"),
            _ => return None,
        };
        self.advance();
        if self.ahead(1) != TokenKind::Word(other) {
            return Some(own);
        }
        let both = match self.peek() {
            TokenKind::Word("or") | TokenKind::Sign("||") => Direction::Either,
            TokenKind::Word("and") | TokenKind::Sign("&&") => Direction::Both,
            _ => return Some(own),
        };
        self.advance();
        self.advance();
        Some(both)
    }

    /// Parses a number of at most `max`.
    pub(crate) fn number(&mut self, max: u32) -> Result<u32, Error> {
        let TokenKind::Word(word) = self.peek() else {
            return Err(self.expected(Expectation::Value));
        };
        let value = identifier::number(word).ok_or_else(|| self.expected(Expectation::Value))?;
        if value > u64::from(max) {
            return Err(Error::new(
                ErrorKind::TooLarge {
                    text: word.into(),
                    max,
                },
                self.span(),
            ));
        }
        self.advance();
        Ok(value as u32)
    }
}

/// Checks that `broadcast` or `multicast` can follow a protocol; `None` for the link layer.
fn broadcast_protocol(
    protocol: Protocol,
    kind: &'static str,
    span: Range<usize>,
) -> Result<Option<Protocol>, Error> {
    match (protocol, kind) {
        (Protocol::Link, _) => Ok(None),
        (Protocol::Ip, _) | (Protocol::Ip6, "multicast") => Ok(Some(protocol)),
        _ => {
            let qualifier = keywords::keyword(protocol);
            Err(Error::new(ErrorKind::Mismatch { qualifier, kind }, span))
        }
    }
}
