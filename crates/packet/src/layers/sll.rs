//! Linux cooked captures, v1 and v2 (tcpdump.org LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2): the link header a
//! Linux capture of "any" or of a link without addresses writes.

use super::ethernet::ETHERTYPES;
use crate::error::ParseError;
use crate::model::{Field, Layer, field_of};

const PACKET_TYPES: &[(u64, &str)] =
    &[(0, "unicast"), (1, "broadcast"), (2, "multicast"), (3, "unicast-to-another-host"), (4, "sent-by-us")];

/// The table of fields of version 1.
pub const COOKED: Layer = Layer::new(
    "CookedLinux",
    "cooked linux",
    &[
        Field::uint("pkttype", 16).names(PACKET_TYPES),
        Field::hex("lladdrtype", 16).or(512),
        Field::uint("lladdrlen", 16),
        Field::bytes("src", 8),
        Field::hex("proto", 16).or(0x0800).names(ETHERTYPES),
    ],
);

/// The table of fields of version 2.
pub const COOKED_V2: Layer = Layer::new(
    "CookedLinuxV2",
    "cooked linux v2",
    &[
        Field::hex("proto", 16).or(0x0800).names(ETHERTYPES),
        Field::uint("reserved", 16),
        Field::uint("ifindex", 32),
        Field::hex("lladdrtype", 16).or(512),
        Field::uint("pkttype", 8).names(PACKET_TYPES),
        Field::uint("lladdrlen", 8),
        Field::bytes("src", 8),
    ],
);

/// The EtherType and the payload of a version 1 header.
#[inline]
pub fn parse_v1(bytes: &[u8]) -> Result<(u16, &[u8]), ParseError> {
    let short = ParseError::truncated(COOKED.name, 16, bytes.len());
    let ethertype = field_of!(bytes, 16, COOKED, "proto": u16).ok_or(short)?;
    Ok((ethertype, &bytes[16..]))
}

/// The EtherType and the payload of a version 2 header.
#[inline]
pub fn parse_v2(bytes: &[u8]) -> Result<(u16, &[u8]), ParseError> {
    let short = ParseError::truncated(COOKED_V2.name, 20, bytes.len());
    let ethertype = field_of!(bytes, 20, COOKED_V2, "proto": u16).ok_or(short)?;
    Ok((ethertype, &bytes[20..]))
}
