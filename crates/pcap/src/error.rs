//! Why a capture file could not be read on. Carries data, not text.

use core::fmt;

/// A capture file that could not be read on, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PcapError {
    /// What is wrong.
    pub kind: PcapErrorKind,
    /// Where the record or block begins, in bytes from the start of the file.
    pub offset: u64,
}

/// What is wrong with a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PcapErrorKind {
    /// The first bytes are those of no capture file.
    NotACapture {
        /// The bytes.
        magic: [u8; 4],
    },
    /// A version or variant that is not read.
    UnsupportedVersion {
        /// Its major number.
        major: u16,
        /// Its minor number.
        minor: u16,
    },
    /// A record or block whose length contradicts itself, the file format, or all reason.
    BadLength {
        /// The length that the file claims, in bytes.
        claimed: u32,
    },
    /// A packet of an interface that was not described.
    UnknownInterface {
        /// Its number.
        interface: u32,
    },
    /// More interfaces than this reader remembers.
    TooManyInterfaces,
    /// The file ends within a header, record or block.
    CutShort {
        /// Bytes of it that are there.
        had: usize,
    },
}

impl fmt::Display for PcapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "capture file: {:?} at byte {}", self.kind, self.offset)
    }
}

impl core::error::Error for PcapError {}
