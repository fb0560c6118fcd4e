//! Arithmetic in capture filters: `tcp[tcpflags] & (tcp-syn|tcp-ack) != 0`, `len > 100`.
//!
//! Precedence as in C: `* / %`, `+ -`, `<< >>`, `&`, `^`, `|`. (libpcap's grammar gives `^` and `%` none, so that
//! `a ^ b % c << d` groups from the right there; here it groups as people read it.)

use alloc::boxed::Box;

use super::{
    ast::{Arith, ArithOp, Expr, Protocol, Relation},
    error::{Expectation, FilterError, FilterErrorKind},
    identify,
    lex::Kind,
    names,
    parse::Parser,
};

/// How many operators one comparison may hold.
const MAX_OPERATORS: usize = 64;

impl Parser<'_> {
    /// `number relation number`
    pub(super) fn comparison(&mut self) -> Result<Expr, FilterError> {
        self.operators = 0;
        let left = self.arithmetic(0)?;
        let relation = match self.peek() {
            Kind::Sign("=" | "==") => Relation::Equal,
            Kind::Sign("!=") => Relation::NotEqual,
            Kind::Sign("<") => Relation::Less,
            Kind::Sign("<=") => Relation::LessOrEqual,
            Kind::Sign(">") => Relation::Greater,
            Kind::Sign(">=") => Relation::GreaterOrEqual,
            _ => return Err(self.expected(Expectation::Comparison)),
        };
        self.advance();
        let right = self.arithmetic(0)?;
        Ok(Expr::Compare(left, relation, right))
    }

    /// Operators that bind at least as close as `floor`.
    fn arithmetic(&mut self, floor: u8) -> Result<Arith, FilterError> {
        self.enter()?;
        let mut left = self.operand()?;
        while let Kind::Sign(sign) = self.peek()
            && let Some((operator, binding)) = operator(sign)
            && binding >= floor
        {
            let span = self.span();
            // Operators of one binding group from the left and nest: there is an end to them.
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return Err(FilterError::new(FilterErrorKind::TooLong, span));
            }
            self.advance();
            let right = self.arithmetic(binding + 1)?;
            left = fold(operator, left, right)
                .ok_or_else(|| FilterError::new(FilterErrorKind::BadArithmetic, span))?;
        }
        self.leave();
        Ok(left)
    }

    fn operand(&mut self) -> Result<Arith, FilterError> {
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
        let Kind::Word(word) = self.peek() else {
            return Err(self.expected(Expectation::Operand));
        };
        if let (Some(protocol), Kind::Sign("[")) = (names::protocol(word), self.ahead(1)) {
            return self.load(protocol);
        }
        if identify::number(word).is_some() {
            return self.number(u32::MAX).map(Arith::Const);
        }
        let value = match word {
            "len" => Arith::Length,
            _ => Arith::Const(
                names::constant(word).ok_or_else(|| self.expected(Expectation::Operand))?,
            ),
        };
        self.advance();
        Ok(value)
    }

    /// `protocol[offset:size]`
    fn load(&mut self, protocol: Protocol) -> Result<Arith, FilterError> {
        let span = self.span();
        let indexable = !matches!(
            protocol,
            Protocol::Transport(50 | 51) | Protocol::EtherType(_) | Protocol::Stp
        );
        if !indexable {
            let kind = FilterErrorKind::Mismatch {
                qualifier: names::keyword(protocol),
                kind: "[...]",
            };
            return Err(FilterError::new(kind, span));
        }
        self.advance();
        self.advance();
        let offset = self.arithmetic(0)?;
        let mut size = 1;
        if self.take_sign(":") {
            let span = self.span();
            size = self.number(u32::MAX)?;
            if !matches!(size, 1 | 2 | 4) {
                let kind = FilterErrorKind::BadSize(alloc::format!("{size}"));
                return Err(FilterError::new(kind, span));
            }
        }
        if !self.take_sign("]") {
            return Err(self.expected(Expectation::CloseBracket));
        }
        // Offsets past this are no packet's, and the kernel gives the highest ones a meaning of its own.
        if let Arith::Const(value) = offset
            && value > 0x0fff_ffff
        {
            let kind = FilterErrorKind::TooLarge {
                text: alloc::format!("{value}"),
                max: 0x0fff_ffff,
            };
            return Err(FilterError::new(kind, span));
        }
        Ok(Arith::Load {
            protocol,
            offset: Box::new(offset),
            size: size as u8,
        })
    }
}

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

/// The operation, computed when both are constants; `None` for a constant division by zero or shift by 32 and more.
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
