//! Link header of Linux cooked captures, versions 1 and 2 (tcpdump.org LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2):
//! a capture on all interfaces, or on an interface without link-layer addresses, has it.

use crate::error::ParseError;
use crate::table::{Table, field_of, table};

/// Fields of version 1.
pub const TABLE_V1: Table = table! { "Linux cooked capture";
    packet_type: u16, 16;
    hardware_type: u16, 16;
    address_len: u16, 16;
    address: [u8; 8], 64;
    protocol: u16, 16;
};

/// Fields of version 2.
pub const TABLE_V2: Table = table! { "Linux cooked capture v2";
    protocol: u16, 16;
    reserved: u16, 16;
    interface: u32, 32;
    hardware_type: u16, 16;
    packet_type: u8, 8;
    address_len: u8, 8;
    address: [u8; 8], 64;
};

/// Returns EtherType and payload of a frame with a version 1 header.
///
/// # Errors
/// If `bytes` is shorter than 16.
#[inline]
pub fn parse_v1(bytes: &[u8]) -> Result<(u16, &[u8]), ParseError> {
    let short = ParseError::truncated(TABLE_V1.name, 16, bytes.len());
    let ethertype = field_of!(bytes, 16, TABLE_V1, protocol: u16).ok_or(short)?;
    Ok((ethertype, &bytes[16..]))
}

/// Returns EtherType and payload of a frame with a version 2 header.
///
/// # Errors
/// If `bytes` is shorter than 20.
#[inline]
pub fn parse_v2(bytes: &[u8]) -> Result<(u16, &[u8]), ParseError> {
    let short = ParseError::truncated(TABLE_V2.name, 20, bytes.len());
    let ethertype = field_of!(bytes, 20, TABLE_V2, protocol: u16).ok_or(short)?;
    Ok((ethertype, &bytes[20..]))
}

/// Fields of a version 2 header, ready to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderV2 {
    /// EtherType.
    pub protocol: u16,
    /// Interface index.
    pub interface: u32,
    /// Hardware type (`ARPHRD_*` of linux/if_arp.h).
    pub hardware_type: u16,
    /// Packet type: 0 to this host, 4 sent by this host (`PACKET_*` of linux/if_packet.h).
    pub packet_type: u8,
    /// Length of the sender's link-layer address in bytes, at most 8.
    pub address_len: u8,
    /// Link-layer address of the sender, padded with zeros.
    pub address: [u8; 8],
}

impl HeaderV2 {
    /// Length of the header in bytes.
    pub const LEN: usize = 20;

    /// Returns the bytes of the header.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..2].copy_from_slice(&self.protocol.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.interface.to_be_bytes());
        bytes[8..10].copy_from_slice(&self.hardware_type.to_be_bytes());
        bytes[10] = self.packet_type;
        bytes[11] = self.address_len;
        bytes[12..].copy_from_slice(&self.address);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_header_is_read_back() {
        let header = HeaderV2 {
            protocol: 0x86dd,
            interface: 7,
            hardware_type: 1,
            packet_type: 4,
            address_len: 6,
            address: [2, 0, 0, 0, 0, 9, 0, 0],
        };
        let mut bytes = [0; HeaderV2::LEN + 1];
        bytes[..HeaderV2::LEN].copy_from_slice(&header.to_bytes());
        bytes[HeaderV2::LEN] = 0x60;
        assert_eq!(parse_v2(&bytes), Ok((0x86dd, &[0x60][..])));
        assert_eq!(
            bytes[..HeaderV2::LEN],
            [
                0x86, 0xdd, 0, 0, 0, 0, 0, 7, 0, 1, 4, 6, 2, 0, 0, 0, 0, 9, 0, 0
            ]
        );
    }
}
