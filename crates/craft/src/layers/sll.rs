//! Linux cooked captures, v1 and v2 (tcpdump.org LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2): the link header a
//! Linux capture of "any" or of a link without addresses writes.

use super::ethernet::ETHERTYPES;
use crate::model::{Field, Layer};

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

