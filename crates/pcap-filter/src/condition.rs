//! Conditions on packet bytes: the meaning of a filter on one link type, independent of instructions.

use alloc::{boxed::Box, vec::Vec};

use crate::bpf::{ArithOp, Compare, Width};

/// Number that the BPF machine can compute from a packet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Const(u32),
    /// Length on the wire, in bytes.
    Length,
    /// Bytes at a fixed offset, big-endian.
    At {
        width: Width,
        offset: u32,
    },
    /// Bytes at the computed offset `index + offset`, big-endian.
    Indexed {
        width: Width,
        index: Box<Value>,
        offset: u32,
    },
    /// `4 * (byte[offset] & 15)`: the length of an IPv4 header in bytes.
    HeaderLength {
        offset: u32,
    },
    Binary(ArithOp, Box<Value>, Box<Value>),
    Negate(Box<Value>),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Test {
    pub(crate) left: Value,
    pub(crate) compare: Compare,
    pub(crate) right: Value,
}

/// Condition on a packet. Parts are evaluated in order, until the result is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Always,
    Never,
    Test(Test),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

impl Value {
    pub(crate) fn byte(offset: u32) -> Self {
        Self::At {
            width: Width::Byte,
            offset,
        }
    }

    pub(crate) fn half(offset: u32) -> Self {
        Self::At {
            width: Width::Half,
            offset,
        }
    }

    pub(crate) fn word(offset: u32) -> Self {
        Self::At {
            width: Width::Word,
            offset,
        }
    }

    pub(crate) fn masked(self, mask: u32) -> Self {
        match mask {
            u32::MAX => self,
            _ => Self::Binary(ArithOp::And, Box::new(self), Box::new(Self::Const(mask))),
        }
    }

    pub(crate) fn test(self, compare: Compare, right: u32) -> Condition {
        Test {
            left: self,
            compare,
            right: Self::Const(right),
        }
        .simplified()
    }

    pub(crate) fn equals(self, right: u32) -> Condition {
        self.test(Compare::Equal, right)
    }
}

impl Test {
    /// Converts the test to a condition. Constants are compared now, `(x & mask) = 0` becomes a bit test.
    pub(crate) fn simplified(self) -> Condition {
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
    pub(crate) fn not(inner: Self) -> Self {
        match inner {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}
