//! Errors of reading and compiling a filter. They carry data, not text for users.

use alloc::string::String;
use core::{fmt, ops::Range};

/// Error in a filter, with its position in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Byte range of the filter's text that is wrong; empty at the end of the text.
    pub span: Range<usize>,
}

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A character that no filter contains.
    UnexpectedCharacter(char),
    /// A token that is not allowed here.
    Expected {
        /// What is allowed instead.
        what: Expectation,
        /// The token found; empty at the end of the text.
        found: String,
    },
    /// A word that is not a keyword.
    UnknownWord(String),
    /// A host name that the [`FilterNames`](crate::FilterNames) do not resolve.
    UnknownHost(String),
    /// A port name that the [`FilterNames`](crate::FilterNames) do not resolve.
    UnknownPort(String),
    /// A protocol name that is unknown after `proto`.
    UnknownProtocol(String),
    /// Not a network: an address that does not parse, or one with bits set outside its mask (`10.0.0.1/8`).
    BadNetwork(String),
    /// A number above the maximum.
    TooLarge {
        /// The number as written.
        text: String,
        /// The maximum.
        max: u32,
    },
    /// A qualifier that cannot be combined with what follows it (`tcp host`, `ip port`).
    Mismatch {
        /// The qualifier.
        qualifier: &'static str,
        /// The keyword that follows it.
        kind: &'static str,
    },
    /// Not a port range.
    BadRange(String),
    /// `proto[offset:size]` with a size other than 1, 2 or 4.
    BadSize(String),
    /// A division by the constant zero, or a shift by 32 bits or more.
    BadArithmetic,
    /// The link type has no such field (an Ethernet address or a VLAN tag on raw IP).
    NotOnThisLink(&'static str),
    /// A word that tcpdump supports and this crate does not.
    Unsupported(&'static str),
    /// Nested too deeply, or longer than a kernel program can be.
    TooLong,
}

/// Token that the parser expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// A primitive such as `tcp`, `host 10.0.0.1` or `tcp[13] & 2 != 0`.
    Primitive,
    /// A value: an address, a port, a number or a name.
    Value,
    /// A number or `proto[...]` in an arithmetic expression.
    Operand,
    /// `=`, `!=`, `<`, `>`, `<=` or `>=`.
    Comparison,
    /// `)`.
    CloseParenthesis,
    /// `]`.
    CloseBracket,
    /// `and`, `or` or the end of the text.
    Operator,
    /// A dotted mask after `mask`.
    Mask,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, span: Range<usize>) -> Self {
        Self { kind, span }
    }

    /// An error that no position in the text explains.
    pub(crate) fn unplaced(kind: ErrorKind) -> Self {
        Self { kind, span: 0..0 }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "filter: {:?} at {}..{}",
            self.kind, self.span.start, self.span.end
        )
    }
}

impl core::error::Error for Error {}
