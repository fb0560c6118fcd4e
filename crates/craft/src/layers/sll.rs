//! Link header of Linux cooked captures, versions 1 and 2 (tcpdump.org LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2): a
//! capture on "any", or on a link without addresses, has it.

use vigie_wire::sll::{TABLE_V1, TABLE_V2};
use super::ethernet::ETHERTYPES;
use crate::model::{Field, Layer};

const PACKET_TYPES: &[(u64, &str)] =
    &[(0, "unicast"), (1, "broadcast"), (2, "multicast"), (3, "unicast-to-another-host"), (4, "sent-by-us")];

/// The table of fields of version 1.
pub const COOKED: Layer = Layer::new(
    "CookedLinux",
    "cooked linux",
    &[
        Field::of(&TABLE_V1, "packet_type", "pkttype").names(PACKET_TYPES),
        Field::of(&TABLE_V1, "hardware_type", "lladdrtype").hex().or(512),
        Field::of(&TABLE_V1, "address_len", "lladdrlen"),
        Field::of(&TABLE_V1, "address", "src"),
        Field::of(&TABLE_V1, "protocol", "proto").hex().or(0x0800).names(ETHERTYPES),
    ],
);

/// The table of fields of version 2.
pub const COOKED_V2: Layer = Layer::new(
    "CookedLinuxV2",
    "cooked linux v2",
    &[
        Field::of(&TABLE_V2, "protocol", "proto").hex().or(0x0800).names(ETHERTYPES),
        Field::of(&TABLE_V2, "reserved", "reserved"),
        Field::of(&TABLE_V2, "interface", "ifindex"),
        Field::of(&TABLE_V2, "hardware_type", "lladdrtype").hex().or(512),
        Field::of(&TABLE_V2, "packet_type", "pkttype").names(PACKET_TYPES),
        Field::of(&TABLE_V2, "address_len", "lladdrlen"),
        Field::of(&TABLE_V2, "address", "src"),
    ],
);

