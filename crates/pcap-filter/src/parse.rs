//! A capture filter's tokens to [`Expr`]: the grammar of pcap-filter(7).
//!
//! `and` and `or` have the same precedence and group from the left; `not` binds closest; an identifier without
//! qualifiers takes those before it (`port 80 or 443`). Knows no link layer and no instruction.

use alloc::{boxed::Box, vec, vec::Vec};
use core::ops::Range;

use super::{
    ast::{Direction, Expr, Primitive, Protocol},
    error::{Expectation, FilterError, FilterErrorKind},
    identify,
    lex::{Kind, Token, tokens},
    names::{self, Names},
};

/// How deep parentheses and alternations may nest, and how many terms a filter may have: more does not fit the
/// kernel's 4,096 instructions anyway.
const MAX_DEPTH: usize = 128;
const MAX_TERMS: usize = 4096;

/// Reads a filter; an empty one takes every packet.
pub(super) fn parse(text: &str, names: &dyn Names) -> Result<Expr, FilterError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        names,
        qualifiers: Qualifiers::default(),
        depth: 0,
        terms: 0,
        operators: 0,
    };
    if parser.peek() == Kind::End {
        return Ok(Expr::All(Vec::new()));
    }
    let expr = parser.alternation()?;
    match parser.peek() {
        Kind::End => Ok(expr),
        _ => Err(parser.expected(Expectation::Operator)),
    }
}

/// What stands before an identifier and says how to take it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Qualifiers {
    pub(super) protocol: Option<Protocol>,
    pub(super) direction: Option<Direction>,
    pub(super) kind: Option<IdKind>,
}

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdKind {
    Host,
    Net,
    Port,
    PortRange,
    Proto,
}

pub(super) struct Parser<'text> {
    tokens: Vec<Token<'text>>,
    at: usize,
    pub(super) names: &'text dyn Names,
    /// The qualifiers that a bare identifier takes.
    qualifiers: Qualifiers,
    depth: usize,
    terms: usize,
    /// Operators of the comparison that is being read.
    pub(super) operators: usize,
}

impl<'text> Parser<'text> {
    pub(super) fn peek(&self) -> Kind<'text> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, distance: usize) -> Kind<'text> {
        self.tokens
            .get(self.at + distance)
            .map_or(Kind::End, |token| token.kind)
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(0..0, |token| token.span.clone())
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Kind::Sign(here) if here == sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek() == Kind::Word(word);
        self.at += usize::from(found);
        found
    }

    /// An error at the next token: what should stand there.
    pub(super) fn expected(&self, what: Expectation) -> FilterError {
        let found = match self.peek() {
            Kind::Word(word) | Kind::Escaped(word) => word,
            Kind::Sign(sign) => sign,
            Kind::End => "",
        };
        FilterError::new(
            FilterErrorKind::Expected {
                what,
                found: found.into(),
            },
            self.span(),
        )
    }

    pub(super) fn enter(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FilterError::new(FilterErrorKind::TooLong, self.span()));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn alternation(&mut self) -> Result<Expr, FilterError> {
        self.enter()?;
        let mut left = self.term()?;
        let mut turns = 0;
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
                    turns += 1;
                    let terms = vec![other, right];
                    if and {
                        Expr::All(terms)
                    } else {
                        Expr::Any(terms)
                    }
                }
            };
            if self.depth + turns > MAX_DEPTH {
                return Err(FilterError::new(FilterErrorKind::TooLong, self.span()));
            }
        }
        self.leave();
        Ok(left)
    }

    fn term(&mut self) -> Result<Expr, FilterError> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(FilterError::new(FilterErrorKind::TooLong, self.span()));
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
        if self.peek() == Kind::Sign("(") {
            return self.parenthesis();
        }
        self.primitive().map(Expr::Primitive)
    }

    /// `(` opens an expression, or a number of a comparison: `(tcp)`, `(ip[0] & 0xf) = 5`.
    fn parenthesis(&mut self) -> Result<Expr, FilterError> {
        let (start, depth) = (self.at, self.depth);
        let number = match self.comparison() {
            Ok(comparison) => return Ok(comparison),
            Err(error) => error,
        };
        (self.at, self.depth) = (start, depth);
        self.advance();
        let inner = match self.alternation() {
            Ok(inner) => inner,
            // Whichever reading went further knows better what is wrong.
            Err(error) if error.span.start >= number.span.start => return Err(error),
            Err(_) => return Err(number),
        };
        if !self.take_sign(")") {
            return Err(self.expected(Expectation::CloseParenthesis));
        }
        Ok(inner)
    }

    /// Whether a comparison surely starts here.
    fn looks_arithmetic(&self) -> bool {
        let operator = matches!(
            self.ahead(1),
            Kind::Sign(sign) if !matches!(sign, "(" | ")" | "[" | "]" | "!" | "&&" | "||")
        );
        match self.peek() {
            Kind::Sign("-") | Kind::Word("len") => true,
            Kind::Word(word) if names::protocol(word).is_some() => self.ahead(1) == Kind::Sign("["),
            Kind::Word(word) => {
                operator && (identify::number(word).is_some() || names::constant(word).is_some())
            }
            _ => false,
        }
    }

    /// Everything that starts with a keyword, and bare identifiers.
    fn primitive(&mut self) -> Result<Primitive, FilterError> {
        let start = self.span();
        let Kind::Word(first) = self.peek() else {
            return match self.peek() {
                Kind::Escaped(_) if self.qualifiers != Qualifiers::default() => {
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
            return self.bare(first);
        }
        let alone = qualifiers.direction.is_none() && qualifiers.kind.is_none();
        if let (true, Some(protocol)) = (alone, qualifiers.protocol) {
            self.qualifiers = Qualifiers::default();
            if self.take_word("broadcast") {
                return cast(protocol, "broadcast", start).map(Primitive::Broadcast);
            }
            if self.take_word("multicast") {
                return cast(protocol, "multicast", start).map(Primitive::Multicast);
            }
            return Ok(Primitive::Protocol(protocol));
        }
        self.qualifiers = qualifiers;
        self.identifier(qualifiers)
    }

    /// An identifier without qualifiers of its own.
    fn bare(&mut self, word: &str) -> Result<Primitive, FilterError> {
        if let Some(name) = names::UNSUPPORTED.iter().find(|name| **name == word) {
            return Err(FilterError::new(
                FilterErrorKind::Unsupported(name),
                self.span(),
            ));
        }
        if self.qualifiers == Qualifiers::default() || matches!(word, "and" | "or") {
            let kind = if identify::looks_like_value(word) {
                FilterErrorKind::Expected {
                    what: Expectation::Primitive,
                    found: word.into(),
                }
            } else {
                FilterErrorKind::UnknownWord(word.into())
            };
            return Err(FilterError::new(kind, self.span()));
        }
        self.identifier(self.qualifiers)
    }

    /// The words that take no qualifier.
    fn keyword(&mut self, word: &str) -> Result<Option<Primitive>, FilterError> {
        let argument = |parser: &mut Self, max: u32| -> Result<Option<u32>, FilterError> {
            parser.advance();
            match parser.peek() {
                Kind::Word(word) if identify::number(word).is_some() => {
                    parser.number(max).map(Some)
                }
                _ => Ok(None),
            }
        };
        let number = |parser: &mut Self| -> Result<u32, FilterError> {
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

    /// `[protocol] [direction] [kind]`
    fn qualifiers(&mut self) -> Qualifiers {
        let mut found = Qualifiers::default();
        while let Kind::Word(word) = self.peek() {
            let kind = match word {
                "host" => Some(IdKind::Host),
                "net" => Some(IdKind::Net),
                "port" => Some(IdKind::Port),
                "portrange" => Some(IdKind::PortRange),
                "proto" => Some(IdKind::Proto),
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
            match names::protocol(word) {
                Some(protocol) if first => found.protocol = Some(protocol),
                _ => break,
            }
            self.advance();
        }
        found
    }

    /// `src`, `dst`, `src or dst`, `src and dst` and the other way round; reads nothing when none stands here.
    fn direction(&mut self) -> Option<Direction> {
        let (own, other) = match self.peek() {
            Kind::Word("src") => (Direction::Source, "dst"),
            Kind::Word("dst") => (Direction::Destination, "src"),
            _ => return None,
        };
        self.advance();
        if self.ahead(1) != Kind::Word(other) {
            return Some(own);
        }
        let both = match self.peek() {
            Kind::Word("or") | Kind::Sign("||") => Direction::Either,
            Kind::Word("and") | Kind::Sign("&&") => Direction::Both,
            _ => return Some(own),
        };
        self.advance();
        self.advance();
        Some(both)
    }

    /// A number of at most `max`.
    pub(super) fn number(&mut self, max: u32) -> Result<u32, FilterError> {
        let Kind::Word(word) = self.peek() else {
            return Err(self.expected(Expectation::Value));
        };
        let value = identify::number(word).ok_or_else(|| self.expected(Expectation::Value))?;
        if value > u64::from(max) {
            return Err(FilterError::new(
                FilterErrorKind::TooLarge {
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

fn cast(
    protocol: Protocol,
    kind: &'static str,
    span: Range<usize>,
) -> Result<Option<Protocol>, FilterError> {
    match (protocol, kind) {
        (Protocol::Link, _) => Ok(None),
        (Protocol::Ip, _) | (Protocol::Ip6, "multicast") => Ok(Some(protocol)),
        _ => {
            let qualifier = names::keyword(protocol);
            Err(FilterError::new(
                FilterErrorKind::Mismatch { qualifier, kind },
                span,
            ))
        }
    }
}
