//! ICMP for IPv4 (RFC 792, RFC 950 address mask, RFC 1191 next-hop MTU, RFC 4884 length).

use crate::error::ParseError;
use crate::table::header;

/// Message types (IANA "ICMP Type Numbers").
pub mod kind {
    /// Echo reply.
    pub const ECHO_REPLY: u8 = 0;
    /// Destination unreachable.
    pub const DEST_UNREACH: u8 = 3;
    /// Source quench.
    pub const SOURCE_QUENCH: u8 = 4;
    /// Redirect.
    pub const REDIRECT: u8 = 5;
    /// Echo request.
    pub const ECHO_REQUEST: u8 = 8;
    /// Time exceeded.
    pub const TIME_EXCEEDED: u8 = 11;
    /// Parameter problem.
    pub const PARAM_PROBLEM: u8 = 12;
    /// Timestamp request.
    pub const TIMESTAMP_REQUEST: u8 = 13;
    /// Timestamp reply.
    pub const TIMESTAMP_REPLY: u8 = 14;
    /// Address mask request.
    pub const MASK_REQUEST: u8 = 17;
    /// Address mask reply.
    pub const MASK_REPLY: u8 = 18;
}

/// Codes of destination unreachable (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1).
pub mod unreach {
    /// Network unreachable.
    pub const NET: u8 = 0;
    /// Host unreachable.
    pub const HOST: u8 = 1;
    /// Protocol unreachable.
    pub const PROTOCOL: u8 = 2;
    /// Port unreachable.
    pub const PORT: u8 = 3;
    /// Fragmentation needed and don't-fragment set.
    pub const FRAG_NEEDED: u8 = 4;
    /// Network administratively prohibited.
    pub const NET_PROHIBITED: u8 = 9;
    /// Host administratively prohibited.
    pub const HOST_PROHIBITED: u8 = 10;
    /// Communication administratively prohibited.
    pub const ADMIN_PROHIBITED: u8 = 13;
}

/// A parsed message.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 8],
    body: &'a [u8],
}

impl<'a> View<'a> {
    /// Parses the eight bytes that all messages have.
    ///
    /// # Errors
    /// If `bytes` is shorter than 8.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.split_first_chunk() {
            Some((head, body)) => Ok(Self { head, body }),
            None => Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len())),
        }
    }

    /// Returns the four bytes after the checksum; their meaning depends on the type.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> u32 {
        u32::from(self.id()) << 16 | u32::from(self.seq())
    }

    /// Returns the bytes after the first eight: echoed data, or the datagram that an error quotes.
    #[inline]
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Same as [`View::body`].
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.body
    }

    /// Returns whether the message is an error, which quotes the datagram that caused it.
    #[inline]
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(
            self.kind(),
            kind::DEST_UNREACH
                | kind::SOURCE_QUENCH
                | kind::REDIRECT
                | kind::TIME_EXCEEDED
                | kind::PARAM_PROBLEM
        )
    }

    /// Returns the datagram that an error quotes: an IPv4 header and, by RFC 792, at least 8 bytes after it. Empty in
    /// other messages. [`crate::quote::Quote`] parses it.
    #[inline]
    #[must_use]
    pub fn quoted(&self) -> &'a [u8] {
        if self.is_error() { self.body } else { &[] }
    }
}

header! { "ICMP", 8;
    /// Type of the message.
    kind, set_kind: u8, 8;
    /// Code within the type.
    code, set_code: u8, 8;
    /// Checksum.
    checksum, set_checksum: u16, 16;
    /// Identifier (echo, timestamp, mask).
    id, set_id: u16, 16;
    /// Sequence number (echo, timestamp, mask).
    seq, set_seq: u16, 16;
    /// Next-hop MTU (fragmentation needed).
    mtu, set_mtu: u16, 16 @ 48;
}

impl Header {
    /// Returns the four bytes after the checksum; their meaning depends on the type.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> u32 {
        u32::from(self.id()) << 16 | u32::from(self.seq())
    }

    /// Sets the four bytes after the checksum.
    #[inline]
    #[must_use]
    pub fn set_rest(self, value: u32) -> Self {
        self.set_id((value >> 16) as u16).set_seq(value as u16)
    }
}
