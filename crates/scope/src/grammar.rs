//! What is wrong with a text that a person typed: what, where, and what would be right.
//!
//! Shared by the target and the port grammar. The sentence itself is made where
//! text for people is made; this file must not know any language.

use alloc::string::String;
use core::fmt;
use core::ops::Range;

/// Something in a target or port expression that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrammarError {
    /// The whole text.
    pub input: String,
    /// Which bytes of it are at fault; always on character boundaries.
    pub at: Range<usize>,
    /// What is wrong with them.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing stands where something must.
    Empty,
    /// A number above the largest that fits there.
    TooLarge {
        /// The largest that fits.
        max: u32,
    },
    /// A range whose end comes before its start.
    Backwards,
    /// Neither a number nor a known name.
    NotANumber,
    /// No service has this name.
    UnknownService,
    /// An IPv4 address with more or fewer than four parts.
    NotFourParts,
    /// A prefix length that the family does not have.
    BadPrefix {
        /// The longest that it has.
        max: u8,
    },
    /// Not an IPv6 address.
    BadIpv6,
    /// A link-local address without the interface that it means.
    ZoneMissing,
    /// A zone on an address that has no use for one.
    ZoneNotAllowed,
    /// Neither an address nor a possible host name.
    BadName,
    /// The ends of a range are of different families.
    MixedFamilies,
    /// More addresses than a scan can hold.
    TooMany {
        /// How many bits of host addresses are allowed.
        max_bits: u8,
    },
    /// A transport letter that does not exist.
    UnknownTransport,
}

impl Problem {
    /// A stable key for the sentence about this problem.
    pub const fn key(&self) -> &'static str {
        match self {
            Problem::Empty => "grammar-empty",
            Problem::TooLarge { .. } => "grammar-too-large",
            Problem::Backwards => "grammar-backwards",
            Problem::NotANumber => "grammar-not-a-number",
            Problem::UnknownService => "grammar-unknown-service",
            Problem::NotFourParts => "grammar-not-four-parts",
            Problem::BadPrefix { .. } => "grammar-bad-prefix",
            Problem::BadIpv6 => "grammar-bad-ipv6",
            Problem::ZoneMissing => "grammar-zone-missing",
            Problem::ZoneNotAllowed => "grammar-zone-not-allowed",
            Problem::BadName => "grammar-bad-name",
            Problem::MixedFamilies => "grammar-mixed-families",
            Problem::TooMany { .. } => "grammar-too-many",
            Problem::UnknownTransport => "grammar-unknown-transport",
        }
    }
}

impl GrammarError {
    /// An error about the bytes `at` of `input`.
    pub fn new(input: &str, at: Range<usize>, problem: Problem) -> GrammarError {
        GrammarError {
            input: input.into(),
            at,
            problem,
        }
    }

    /// The bytes at fault.
    pub fn culprit(&self) -> &str {
        self.input.get(self.at.clone()).unwrap_or("")
    }
}

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}..{} of {:?}",
            self.problem.key(),
            self.at.start,
            self.at.end,
            self.input
        )
    }
}

impl core::error::Error for GrammarError {}

/// Reads a decimal number of at most `max`; `at` is its place in `whole`.
pub(crate) fn number(whole: &str, at: Range<usize>, max: u32) -> Result<u32, GrammarError> {
    let text = &whole[at.clone()];
    let fault = |problem| Err(GrammarError::new(whole, at.clone(), problem));
    if text.is_empty() {
        return fault(Problem::Empty);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return fault(Problem::NotANumber);
    }
    match text.parse::<u32>() {
        Ok(n) if n <= max => Ok(n),
        _ => fault(Problem::TooLarge { max }),
    }
}

/// Splits `whole[at]` at `separator`, with the place of each part.
pub(crate) fn split(
    whole: &str,
    at: Range<usize>,
    separator: char,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = at.start;
    whole[at].split(separator).map(move |part| {
        let range = start..start + part.len();
        start = range.end + separator.len_utf8();
        range
    })
}
