//! Why bytes cannot be read as a header, or a packet cannot be written. Errors carry data, not text for people.

use core::fmt;

/// Why a header cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParseErrorKind {
    /// Fewer bytes than the layer's header needs.
    Truncated,
    /// A length field contradicts the layer's own minimum (an IPv4 IHL below 5, a TCP data offset below 5).
    BadLength,
    /// The version field names another protocol version.
    BadVersion,
    /// A variant of the protocol that the view does not read (ARP for other than IPv4 on Ethernet).
    Unsupported,
    /// More nested headers than the parser follows.
    TooDeep,
}

/// A header that cannot be read. `needed`, `had` and `offset` are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParseError {
    /// Name of the protocol, as in its table ("TCP").
    pub layer: &'static str,
    /// The reason.
    pub kind: ParseErrorKind,
    /// Bytes needed.
    pub needed: usize,
    /// Bytes available.
    pub had: usize,
    /// Offset of the header in the parsed buffer.
    pub offset: usize,
}

impl ParseError {
    /// Returns the error of a header that is cut short, at offset 0.
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

    /// Returns an error of another kind, at offset 0.
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

    /// Returns the same error for a buffer in which the header begins `offset` bytes later.
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

/// A packet that cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WriteError {
    /// The buffer is too small.
    NoRoom {
        /// Protocol that is written.
        layer: &'static str,
        /// Bytes the packet needs.
        needed: usize,
        /// Size of the buffer in bytes.
        had: usize,
    },
    /// A length does not fit its header field.
    TooLong {
        /// Protocol whose length field is too narrow.
        layer: &'static str,
        /// Length in bytes.
        len: usize,
        /// Maximum length in bytes.
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
