//! 802.1Q and 802.1ad tags (IEEE 802.1Q-2018 section 9.6), as they follow an Ethernet header.

use crate::error::ParseError;
use crate::table::header;

/// A parsed tag: tag control information and the EtherType after it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 4],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Parses the tag; `bytes` begins after the EtherType that announces it.
    ///
    /// # Errors
    /// If `bytes` is shorter than 4.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.split_first_chunk() {
            Some((head, payload)) => Ok(Self { head, payload }),
            None => Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len())),
        }
    }

    /// Returns the bytes after the tag.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { "802.1Q", 4;
    /// Priority code point, 0 to 7.
    priority, set_priority: u8, 3;
    /// Drop eligible indicator.
    drop_eligible, set_drop_eligible: bool, 1;
    /// VLAN identifier, 0 to 4095.
    vid, set_vid: u16, 12;
    /// EtherType of the payload.
    ethertype, set_ethertype: u16, 16;
}
