//! Capture files: reads and writes pcap and pcapng as bytes.
//!
//! [`Reader`] takes the bytes of a file in pieces and returns packets that borrow from them. [`Writer`] appends to a
//! buffer. This crate opens no file, reads no clock and knows no protocol.
//!
//! Input is untrusted: every length is checked before it is used, and no length in a file decides how much memory is
//! allocated.
//!
//! ```
//! use vigie_wire::LinkType;
//! use vigie_pcap::{Format, Precision, Reader, Step, Writer, WriterOptions};
//!
//! let writer = Writer::new(WriterOptions {
//!     format: Format::Pcap,
//!     precision: Precision::Micro,
//!     link: LinkType::RawIp,
//!     snap: 262_144,
//!     interface: None,
//! });
//! let mut file = Vec::new();
//! writer.start(&mut file);
//! writer.packet(1_700_000_000_000_000_000, 20, &[0x45; 20], &mut file);
//!
//! let (mut reader, mut rest) = (Reader::new(), &file[..]);
//! let mut lengths = Vec::new();
//! loop {
//!     match reader.step(rest)? {
//!         Step::Packet { packet, consumed } => {
//!             lengths.push(packet.length);
//!             rest = &rest[consumed..];
//!         }
//!         Step::Other { consumed } => rest = &rest[consumed..],
//!         Step::More { .. } => break,
//!     }
//! }
//! assert_eq!(lengths, [20]);
//! # Ok::<(), vigie_pcap::Error>(())
//! ```
//!
//! Sources: draft-ietf-opsawg-pcap (pcap) and draft-ietf-opsawg-pcapng (pcapng).
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod error;
mod format;
mod read;
mod write;

pub use error::{Error, ErrorKind};
pub use read::{Reader, Step};
pub use write::{Counters, Format, Precision, Writer, WriterOptions};

/// Maximum length of a record or block, in bytes. Far above the frame size of any link.
pub const MAX_BLOCK: usize = 1 << 24;

/// A captured packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'bytes> {
    /// Capture time in nanoseconds since 1970-01-01 UTC; `None` in blocks without a time.
    pub time: Option<u64>,
    /// Link type as a LINKTYPE number (see [`vigie_wire::LinkType::from_number`]).
    pub link: u16,
    /// Length on the wire in bytes; fewer bytes may have been captured.
    pub length: u32,
    /// Interface number within the file; 0 in pcap.
    pub interface: u32,
    /// Captured bytes.
    pub bytes: &'bytes [u8],
}

#[cfg(test)]
mod tests;
