//! Parses arithmetic comparisons: `tcp[tcpflags] & (tcp-syn|tcp-ack) != 0`, `len > 100`.
//!
//! Precedence is that of C, from high to low: `* / %`, `+ -`, `<< >>`, `&`, `^`, `|`. libpcap's grammar gives `^` and
//! `%` no precedence and groups `a ^ b % c << d` from the right; this parser does not follow it there.

use alloc::boxed::Box;

use crate::{
    ast::{Arith, ArithOp, Expr, Protocol, Relation},
    error::{Error, ErrorKind, Expectation},
    identifier, keywords,
    lex::TokenKind,
    parse::Parser,
};

/// Maximum number of operators in one comparison.
const MAX_OPERATORS: usize = 64;
/// Maximum constant offset. No packet is longer, and the kernel uses the highest offsets for metadata.
const MAX_OFFSET: u32 = 0x0fff_ffff;

impl Parser<'_> {
    /// Parses `number relation number`.
    pub(crate) fn comparison(&mut self) -> Result<Expr, Error> {
        self.operators = 0;
        let left = self.arithmetic(0)?;
        let relation = match self.peek() {
            TokenKind::Sign("=" | "==") => Relation::Equal,
            TokenKind::Sign("!=") => Relation::NotEqual,
            TokenKind::Sign("<") => Relation::Less,
            TokenKind::Sign("<=") => Relation::LessOrEqual,
            TokenKind::Sign(">") => Relation::Greater,
            TokenKind::Sign(">=") => Relation::GreaterOrEqual,
            _ => return Err(self.expected(Expectation::Comparison)),
        };
        self.advance();
        let right = self.arithmetic(0)?;
        Ok(Expr::Compare(left, relation, right))
    }

    /// Parses an expression of operators with at least the precedence `min_precedence`.
    fn arithmetic(&mut self, min_precedence: u8) -> Result<Arith, Error> {
        self.enter()?;
        let mut left = self.operand()?;
        while let TokenKind::Sign(sign) = self.peek()
            && let Some((operator, precedence)) = operator(sign)
            && precedence >= min_precedence
        {
            let span = self.span();
            // Operators of equal precedence nest in the tree, so their number limits its depth.
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return Err(Error::new(ErrorKind::TooLong, span));
            }
            self.advance();
            let right = self.arithmetic(precedence + 1)?;
            left = fold(operator, left, right)
                .ok_or_else(|| Error::new(ErrorKind::BadArithmetic, span))?;
        }
        self.leave();
        Ok(left)
    }

    fn operand(&mut self) -> Result<Arith, Error> {
        if self.take_sign("-") {
            self.enter()?;
            let inner = self.operand()?;
            self.leave();
            return Ok(match inner {
                Arith::Const(value) => Arith::Const(value.wrapping_neg()),
                other => Arith::Negate(Box::new(other)),
            });
        }
        if self.take_sign("(") {
            let inner = self.arithmetic(0)?;
            if !self.take_sign(")") {
                return Err(self.expected(Expectation::CloseParenthesis));
            }
            return Ok(inner);
        }
        let TokenKind::Word(word) = self.peek() else {
            return Err(self.expected(Expectation::Operand));
        };
        if let (Some(protocol), TokenKind::Sign("[")) = (keywords::protocol(word), self.ahead(1)) {
            return self.load(protocol);
        }
        if identifier::number(word).is_some() {
            return self.number(u32::MAX).map(Arith::Const);
        }
        let value = match word {
            "len" => Arith::Length,
            _ => Arith::Const(
                keywords::constant(word).ok_or_else(|| self.expected(Expectation::Operand))?,
            ),
        };
        self.advance();
        Ok(value)
    }

    /// Parses `protocol[offset:size]`.
    fn load(&mut self, protocol: Protocol) -> Result<Arith, Error> {
        let span = self.span();
        let indexable = !matches!(
            protocol,
            Protocol::Transport(50 | 51) | Protocol::EtherType(_) | Protocol::Stp
        );
        if !indexable {
            let kind = ErrorKind::Mismatch {
                qualifier: keywords::keyword(protocol),
                kind: "[...]",
            };
            return Err(Error::new(kind, span));
        }
        self.advance();
        self.advance();
        let offset = self.arithmetic(0)?;
        let mut size = 1;
        if self.take_sign(":") {
            let span = self.span();
            size = self.number(u32::MAX)?;
            if !matches!(size, 1 | 2 | 4) {
                let kind = ErrorKind::BadSize(alloc::format!("{size}"));
                return Err(Error::new(kind, span));
            }
        }
        if !self.take_sign("]") {
            return Err(self.expected(Expectation::CloseBracket));
        }
        if let Arith::Const(value) = offset
            && value > MAX_OFFSET
        {
            let kind = ErrorKind::TooLarge {
                text: alloc::format!("{value}"),
                max: MAX_OFFSET,
            };
            return Err(Error::new(kind, span));
        }
        Ok(Arith::Load {
            protocol,
            offset: Box::new(offset),
            size: size as u8,
        })
    }
}

/// Returns an operator and its precedence.
fn operator(sign: &str) -> Option<(ArithOp, u8)> {
    Some(match sign {
        "|" => (ArithOp::Or, 0),
        "^" => (ArithOp::Xor, 1),
        "&" => (ArithOp::And, 2),
        "<<" => (ArithOp::Shl, 3),
        ">>" => (ArithOp::Shr, 3),
        "+" => (ArithOp::Add, 4),
        "-" => (ArithOp::Sub, 4),
        "*" => (ArithOp::Mul, 5),
        "/" => (ArithOp::Div, 5),
        "%" => (ArithOp::Mod, 5),
        _ => return None,
    })
}

/// Returns the operation, evaluated if both sides are constants; `None` for a division by the constant zero or a shift
/// by 32 bits or more.
fn fold(operator: ArithOp, left: Arith, right: Arith) -> Option<Arith> {
    if let Arith::Const(by) = right {
        match operator {
            ArithOp::Div | ArithOp::Mod if by == 0 => return None,
            ArithOp::Shl | ArithOp::Shr if by > 31 => return None,
            _ => {}
        }
    }
    match (&left, &right) {
        (Arith::Const(a), Arith::Const(b)) => operator.apply(*a, *b).map(Arith::Const),
        _ => Some(Arith::Binary(operator, Box::new(left), Box::new(right))),
    }
}
