//! Conditions on bytes: what a filter means once the link layer is known, before any instruction is chosen.

use alloc::{boxed::Box, vec::Vec};

use crate::bpf::{ArithOp, Compare, Width};

/// A number computed from a packet, as the filter machine can.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Const(u32),
    /// The length on the wire.
    Length,
    /// Bytes at a fixed offset, network order.
    At {
        width: Width,
        offset: u32,
    },
    /// Bytes at a computed offset: `index + offset`.
    Indexed {
        width: Width,
        index: Box<Value>,
        offset: u32,
    },
    /// `4 * (byte[offset] & 15)`: an IPv4 header's length in bytes.
    HeaderLength {
        offset: u32,
    },
    Binary(ArithOp, Box<Value>, Box<Value>),
    Negate(Box<Value>),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Test {
    pub(super) left: Value,
    pub(super) compare: Compare,
    pub(super) right: Value,
}

/// A condition; parts are tried in order, and not at all once the answer is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    Never,
    Test(Test),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

impl Value {
    pub(super) fn byte(offset: u32) -> Self {
        Self::At {
            width: Width::Byte,
            offset,
        }
    }

    pub(super) fn half(offset: u32) -> Self {
        Self::At {
            width: Width::Half,
            offset,
        }
    }

    pub(super) fn word(offset: u32) -> Self {
        Self::At {
            width: Width::Word,
            offset,
        }
    }

    pub(super) fn masked(self, mask: u32) -> Self {
        match mask {
            u32::MAX => self,
            _ => Self::Binary(ArithOp::And, Box::new(self), Box::new(Self::Const(mask))),
        }
    }

    pub(super) fn test(self, compare: Compare, right: u32) -> Condition {
        Test {
            left: self,
            compare,
            right: Self::Const(right),
        }
        .simplified()
    }

    pub(super) fn equals(self, right: u32) -> Condition {
        self.test(Compare::Equal, right)
    }
}

impl Test {
    /// The condition of this test: constants are compared now, and `(x & m) = 0` becomes a bit test.
    pub(super) fn simplified(self) -> Condition {
        match (&self.left, self.compare, &self.right) {
            (Value::Const(left), compare, Value::Const(right)) => {
                if compare.holds(*left, *right) {
                    Condition::Always
                } else {
                    Condition::Never
                }
            }
            (Value::Binary(ArithOp::And, value, mask), Compare::Equal, Value::Const(0))
                if matches!(**mask, Value::Const(_)) =>
            {
                Condition::not(Condition::Test(Self {
                    left: (**value).clone(),
                    compare: Compare::AnySet,
                    right: (**mask).clone(),
                }))
            }
            _ => Condition::Test(self),
        }
    }
}

impl Condition {
    pub(super) fn not(inner: Self) -> Self {
        match inner {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}
