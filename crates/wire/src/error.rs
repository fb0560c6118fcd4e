//! Why bytes cannot be read as a header, or a packet cannot be written. Errors carry data, not text for people.

use core::fmt;

/// What was wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParseErrorKind {
    /// Fewer bytes than the layer's header needs.
    Truncated,
    /// A length field contradicts the layer's own minimum (an IPv4 IHL below 5, a TCP data offset below 5).
    BadLength,
    /// The version field names another protocol version.
    BadVersion,
    /// A form of the protocol that this view does not read (an ARP for something else than Ethernet and IPv4).
    Unsupported,
    /// More nested headers than this parser follows.
    TooDeep,
}

/// A layer that could not be read. `needed`, `had` and `offset` are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParseError {
    /// The layer's name, as in its table ("TCP").
    pub layer: &'static str,
    /// What was wrong.
    pub kind: ParseErrorKind,
    /// Bytes the layer needed.
    pub needed: usize,
    /// Bytes that were there.
    pub had: usize,
    /// Where the layer begins in the buffer that was given.
    pub offset: usize,
}

impl ParseError {
    /// A header cut short, at offset 0 of its own buffer.
    #[inline]
    #[must_use]
    pub const fn truncated(layer: &'static str, needed: usize, had: usize) -> Self {
        Self {
            layer,
            kind: ParseErrorKind::Truncated,
            needed,
            had,
            offset: 0,
        }
    }

    /// Another fault, at offset 0 of the layer's own buffer.
    #[inline]
    #[must_use]
    pub const fn new(layer: &'static str, kind: ParseErrorKind, needed: usize, had: usize) -> Self {
        Self {
            layer,
            kind,
            needed,
            had,
            offset: 0,
        }
    }

    /// The same fault seen from a buffer in which the layer begins `offset` bytes later.
    #[inline]
    #[must_use]
    pub const fn at(mut self, offset: usize) -> Self {
        self.offset += offset;
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ParseErrorKind::Truncated => "truncated",
            ParseErrorKind::BadLength => "bad length",
            ParseErrorKind::BadVersion => "bad version",
            ParseErrorKind::Unsupported => "unsupported form",
            ParseErrorKind::TooDeep => "too many nested headers",
        };
        write!(
            f,
            "{}: {what} at offset {} (needed {}, had {})",
            self.layer, self.offset, self.needed, self.had
        )
    }
}

impl core::error::Error for ParseError {}

/// A packet that could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WriteError {
    /// The buffer is too small. Both in bytes.
    NoRoom {
        /// The layer being written.
        layer: &'static str,
        /// Bytes the whole packet needs so far.
        needed: usize,
        /// Bytes the buffer has.
        had: usize,
    },
    /// A length does not fit the field that must carry it.
    TooLong {
        /// The layer whose field is too narrow.
        layer: &'static str,
        /// The length that was asked for, in bytes.
        len: usize,
        /// The longest that fits, in bytes.
        max: usize,
    },
    /// Source and destination are of different address families.
    MixedFamilies,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoom { layer, needed, had } => {
                write!(f, "{layer}: needs {needed} bytes, buffer has {had}")
            }
            Self::TooLong { layer, len, max } => {
                write!(f, "{layer}: {len} bytes, at most {max} fit")
            }
            Self::MixedFamilies => {
                f.write_str("source and destination are of different address families")
            }
        }
    }
}

impl core::error::Error for WriteError {}
