//! The error of the target and the port grammar: what is wrong, and where in the text.
//!
//! The sentence for people is made elsewhere; this file does not know any language.

use alloc::string::String;
use core::fmt;
use core::ops::Range;

/// A target or port expression that cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The whole expression.
    pub input: String,
    /// Byte range of the wrong part, on character boundaries.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub kind: ParseErrorKind,
}

/// What is wrong in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// A part is empty.
    Empty,
    /// A number is above the maximum.
    TooLarge {
        /// Maximum value.
        max: u32,
    },
    /// The end of a range is below its start.
    Backwards,
    /// Not a decimal number.
    NotANumber,
    /// No service of the table has this name.
    UnknownService,
    /// An IPv4 address does not have four parts.
    NotFourParts,
    /// A prefix length is not a number, or too large for the address family.
    BadPrefix {
        /// Maximum prefix length.
        max: u8,
    },
    /// Not an IPv6 address.
    BadIpv6,
    /// A link-local address has no zone (`%interface`).
    ZoneMissing,
    /// An address that is not link-local has a zone.
    ZoneNotAllowed,
    /// Neither an address nor a valid host name.
    BadName,
    /// The ends of a range belong to different address families.
    MixedFamilies,
    /// More addresses than one scan can hold.
    TooMany {
        /// Maximum number of addresses as a power of two.
        max_bits: u8,
    },
    /// An unknown transport letter.
    UnknownTransport,
}

impl ParseErrorKind {
    /// Returns the key of the message for this error.
    pub const fn key(&self) -> &'static str {
        match self {
            ParseErrorKind::Empty => "grammar-empty",
            ParseErrorKind::TooLarge { .. } => "grammar-too-large",
            ParseErrorKind::Backwards => "grammar-backwards",
            ParseErrorKind::NotANumber => "grammar-not-a-number",
            ParseErrorKind::UnknownService => "grammar-unknown-service",
            ParseErrorKind::NotFourParts => "grammar-not-four-parts",
            ParseErrorKind::BadPrefix { .. } => "grammar-bad-prefix",
            ParseErrorKind::BadIpv6 => "grammar-bad-ipv6",
            ParseErrorKind::ZoneMissing => "grammar-zone-missing",
            ParseErrorKind::ZoneNotAllowed => "grammar-zone-not-allowed",
            ParseErrorKind::BadName => "grammar-bad-name",
            ParseErrorKind::MixedFamilies => "grammar-mixed-families",
            ParseErrorKind::TooMany { .. } => "grammar-too-many",
            ParseErrorKind::UnknownTransport => "grammar-unknown-transport",
        }
    }
}

impl ParseError {
    /// Creates an error about the bytes `at` of `input`.
    pub fn new(input: &str, at: Range<usize>, kind: ParseErrorKind) -> ParseError {
        ParseError {
            input: input.into(),
            at,
            kind,
        }
    }

    /// Returns the wrong part of the expression.
    pub fn culprit(&self) -> &str {
        self.input.get(self.at.clone()).unwrap_or("")
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}..{} of {:?}",
            self.kind.key(),
            self.at.start,
            self.at.end,
            self.input
        )
    }
}

impl core::error::Error for ParseError {}
