//! Ethernet II (IEEE 802.3 clause 3, EtherType form).

use crate::addr::MacAddr;
use crate::error::ParseError;
use crate::model::{Field, Layer, header};

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

/// Names of the EtherTypes people meet.
pub const ETHERTYPES: &[(u64, &str)] = &[
    (0x0800, "IPv4"),
    (0x0806, "ARP"),
    (0x8035, "RARP"),
    (0x8100, "n_802_1Q"),
    (0x86dd, "IPv6"),
    (0x8847, "MPLS"),
    (0x8863, "PPPOE_DISCOVERY"),
    (0x8864, "PPPOE_SESSION"),
    (0x888e, "PAE"),
    (0x88a8, "n_802_1AD"),
    (0x88cc, "LLDP"),
    (0x9000, "LOOP"),
];

/// The table of fields.
pub const ETHER: Layer = Layer {
    name: "Ether",
    title: "Ethernet",
    fields: &[
        Field::mac("dst").auto(),
        Field::mac("src").auto(),
        Field::hex("type", 16).or(0x9000).names(ETHERTYPES),
    ],
};

/// A frame, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 14],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Checks that a header is there. What follows it is not checked.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.split_first_chunk() {
            Some((head, payload)) => Ok(Self { head, payload }),
            None => Err(ParseError::truncated(ETHER.name, Header::LEN, bytes.len())),
        }
    }

    /// What follows the header, padding included.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { ETHER, 14;
    /// Destination address.
    dst, set_dst: MacAddr = "dst";
    /// Source address.
    src, set_src: MacAddr = "src";
    /// EtherType of what follows, or below 1536 the length of an 802.3 frame.
    ethertype, set_ethertype: u16 = "type";
}
