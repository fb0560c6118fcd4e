//! Builds requests and parses replies of the kernel's socket monitoring protocol, `NETLINK_SOCK_DIAG`.
//!
//! A request or reply is the part after the 16-byte netlink header of a message of type [`SOCK_DIAG_BY_FAMILY`].
//! Integers are in host byte order except where noted. This module sends and receives nothing, and must not know
//! netlink sockets or sequence numbers.

mod bytecode;
mod inet;
mod packet;
mod request;
mod unix;

pub use bytecode::{Bytecode, Comparison};
pub use inet::parse_inet;
pub(crate) use inet::uid_of;
pub use packet::parse_packet;
pub use request::{inet_request, packet_request, unix_request};
pub use unix::parse_unix;

/// Netlink message type of requests and replies (`linux/sock_diag.h`).
pub const SOCK_DIAG_BY_FAMILY: u16 = 20;

/// `AF_UNIX`.
pub const AF_UNIX: u8 = 1;
/// `AF_INET`.
pub const AF_INET: u8 = 2;
/// `AF_INET6`.
pub const AF_INET6: u8 = 10;
/// `AF_PACKET`.
pub const AF_PACKET: u8 = 17;

/// A malformed message from the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The message is shorter than its fixed part.
    Short {
        /// Bytes needed.
        needed: usize,
        /// Bytes available.
        had: usize,
    },
    /// An unexpected address family.
    Family(u8),
    /// An unknown state number.
    State(u8),
    /// An unknown socket type.
    Kind(u8),
}

/// Reads a `u16` in the host byte order at `at`; the caller checked the length.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes([bytes[at], bytes[at + 1]])
}

/// Reads a `u32` in the host byte order at `at`; the caller checked the length.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Reads a kernel cookie: two words, the low one first (`sock_diag_save_cookie`).
fn cookie_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

/// Iterates over the attributes after a message's fixed part: type and value. Ends at the first one that does not fit.
struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.len() < 4 {
            return None;
        }
        let length = usize::from(u16_at(self.0, 0));
        // The two top bits are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
        let kind = u16_at(self.0, 2) & 0x3fff;
        let value = self.0.get(4..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or(&[]);
        Some((kind, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn attributes_end_at_what_does_not_fit() {
        let mut bytes = vec![];
        for (kind, value) in [(3u16, &[1u8][..]), (0x8005, &[1, 2, 3, 4, 5])] {
            bytes.extend_from_slice(&(4 + value.len() as u16).to_ne_bytes());
            bytes.extend_from_slice(&kind.to_ne_bytes());
            bytes.extend_from_slice(value);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        let all: Vec<_> = Attributes(&bytes).collect();
        assert_eq!(all, [(3, &[1u8][..]), (5, &[1, 2, 3, 4, 5])]);
        assert_eq!(Attributes(&bytes[..12]).count(), 1);
        assert_eq!(Attributes(&[0, 0, 0, 0]).count(), 0);
        assert_eq!(Attributes(&[255, 255, 0, 0, 9]).count(), 0);
    }
}
