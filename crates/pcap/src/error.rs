//! Errors of reading a capture file. They carry data, not text for users.

use core::fmt;

/// Error in a capture file, with its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Start of the record or block, in bytes from the start of the file.
    pub offset: u64,
}

/// What is wrong with a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file starts with the magic number of no capture format.
    NotACapture {
        /// First four bytes of the file or section.
        magic: [u8; 4],
    },
    /// The format version is not supported.
    UnsupportedVersion {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
    /// A record or block has an impossible length, or a length above [`MAX_BLOCK`](crate::MAX_BLOCK).
    BadLength {
        /// Length that the file claims, in bytes.
        claimed: u32,
    },
    /// A packet belongs to an interface that no block describes.
    UnknownInterface {
        /// Interface number within the section.
        interface: u32,
    },
    /// A section describes more interfaces than the reader stores.
    TooManyInterfaces,
    /// The file ends within a header, record or block.
    CutShort {
        /// Number of bytes present.
        had: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "capture file: {:?} at byte {}", self.kind, self.offset)
    }
}

impl core::error::Error for Error {}
