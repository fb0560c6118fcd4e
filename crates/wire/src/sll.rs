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
