//! Ethernet II (IEEE 802.3 clause 3, EtherType form).

use crate::error::ParseError;
use crate::mac::MacAddr;
use crate::table::header;

/// EtherTypes (IANA "IEEE 802 Numbers").
pub mod ethertype {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// ARP.
    pub const ARP: u16 = 0x0806;
    /// 802.1Q customer tag.
    pub const VLAN: u16 = 0x8100;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// 802.1ad service tag.
    pub const SERVICE_VLAN: u16 = 0x88a8;
}

/// A parsed Ethernet frame.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 14],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Parses the header; the payload is not checked.
    ///
    /// # Errors
    /// If `bytes` is shorter than 14.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.split_first_chunk() {
            Some((head, payload)) => Ok(Self { head, payload }),
            None => Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len())),
        }
    }

    /// Returns the bytes after the header, padding included.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { "Ethernet", 14;
    /// Destination address.
    dst, set_dst: MacAddr, 48;
    /// Source address.
    src, set_src: MacAddr, 48;
    /// EtherType of the payload; below 1536, the length of an 802.3 frame.
    ethertype, set_ethertype: u16, 16;
}
