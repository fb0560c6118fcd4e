//! Capture files: pcap and pcapng, read and written as bytes.
//!
//! [`Reader`] is fed bytes as they come and gives packets that borrow from them; [`Writer`] appends to a buffer. Neither opens a
//! file or knows the time. What is read is hostile: lengths are checked before they are believed, and no length in
//! a file decides how much is allocated.
//!
//! Sources: draft-ietf-opsawg-pcap (pcap) and draft-ietf-opsawg-pcapng (pcapng).
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod block;
mod error;
mod read;
mod write;

pub use error::{PcapError, PcapErrorKind};
pub use read::{Reader, Step};
pub use write::{Counters, Format, Precision, Writer, WriterOptions};

/// No record or block of a capture file may be longer, in bytes: far above any link's frames.
pub const MAX_BLOCK: usize = 1 << 24;

/// A captured packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'bytes> {
    /// When it was captured, in nanoseconds since 1970-01-01 UTC; `None` in blocks that carry no time.
    pub time: Option<u64>,
    /// What it begins with: a LINKTYPE number (see [`vigie_wire::LinkType::from_number`]).
    pub link: u16,
    /// Its length on the wire, in bytes; the captured bytes may be fewer.
    pub length: u32,
    /// The number of its interface within the file; 0 in pcap.
    pub interface: u32,
    /// The captured bytes.
    pub bytes: &'bytes [u8],
}

#[cfg(test)]
mod tests;
