//! UDP (RFC 768).
#![allow(
    clippy::len_without_is_empty,
    reason = "`len` is the header's length field"
)]

use crate::error::ParseError;
use crate::table::header;

/// A parsed UDP datagram.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 8],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Parses the header. The payload has the length that the length field gives, or ends with `bytes`; with a length
    /// below 8 (0 in jumbograms and after offload), it is all remaining bytes.
    ///
    /// # Errors
    /// If `bytes` is shorter than 8.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let Some((head, payload)) = bytes.split_first_chunk() else {
            return Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len()));
        };
        let mut view = Self { head, payload };
        if let Some(len) = usize::from(view.len()).checked_sub(Header::LEN) {
            view.payload = payload.get(..len).unwrap_or(payload);
        }
        Ok(view)
    }

    /// Returns the payload.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { "UDP", 8;
    /// Source port.
    src_port, set_src_port: u16, 16;
    /// Destination port.
    dst_port, set_dst_port: u16, 16;
    /// Length field: header and payload in bytes.
    len, set_len: u16, 16;
    /// Checksum; 0 means none was computed (IPv4 only).
    checksum, set_checksum: u16, 16;
}
