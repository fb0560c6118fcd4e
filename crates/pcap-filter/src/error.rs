//! Why a capture filter could not be read or compiled. Carries data, not text.

use alloc::string::String;
use core::{fmt, ops::Range};

/// A filter that could not be read or compiled, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// What is wrong.
    pub kind: FilterErrorKind,
    /// The bytes of the filter's text that are to blame (empty at its end).
    pub span: Range<usize>,
}

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterErrorKind {
    /// A character that no filter holds.
    UnexpectedCharacter(char),
    /// Something else stands here than what could come next.
    Expected {
        /// What could come next, as a key for the texts: `primitive`, `value`, `close`, `operator`, `end`, ...
        what: Expectation,
        /// What stands there instead; empty at the end.
        found: String,
    },
    /// A word that is no keyword, where one was expected.
    UnknownWord(String),
    /// A host name that the given names do not know.
    UnknownHost(String),
    /// A port name that the given names do not know.
    UnknownPort(String),
    /// A protocol name that is not known in its place.
    UnknownProtocol(String),
    /// Not a network: `10.0.0.1/8` has bits set past its mask, `/33` is too long, `10.300` is no address.
    BadNetwork(String),
    /// A number too large for its place.
    TooLarge {
        /// The number as it stands.
        text: String,
        /// The greatest that fits.
        max: u32,
    },
    /// A qualifier that does not go with what it qualifies (`tcp host`, `ip port`).
    Mismatch {
        /// The qualifier.
        qualifier: &'static str,
        /// What it stands before.
        kind: &'static str,
    },
    /// A range whose first end is not a port, or that has no `-`.
    BadRange(String),
    /// `proto[offset:size]` with another size than 1, 2 or 4.
    BadSize(String),
    /// A division by a constant zero, or a shift by 32 or more.
    BadArithmetic,
    /// The link layer has no such thing (an Ethernet address on a link without them, a VLAN on raw IP).
    NotOnThisLink(&'static str),
    /// Known to tcpdump, and not to Vigie.
    Unsupported(&'static str),
    /// Parentheses or alternations nested too deep, or more terms than a kernel program can hold.
    TooLong,
}

/// What a filter's reader expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// A primitive such as `tcp`, `host 10.0.0.1`, `tcp[13] & 2 != 0`.
    Primitive,
    /// A value: an address, a port, a number, a name.
    Value,
    /// A number or `proto[...]` in an arithmetic expression.
    Operand,
    /// `=`, `!=`, `<`, `>`, `<=` or `>=`.
    Comparison,
    /// `)`.
    CloseParenthesis,
    /// `]`.
    CloseBracket,
    /// `and`, `or` or the end.
    Operator,
    /// A dotted mask after `mask`.
    Mask,
}

impl FilterError {
    pub(super) fn new(kind: FilterErrorKind, span: Range<usize>) -> Self {
        Self { kind, span }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "filter: {:?} at {}..{}",
            self.kind, self.span.start, self.span.end
        )
    }
}

impl core::error::Error for FilterError {}
