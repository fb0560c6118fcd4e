//! IPv6 extension headers (RFC 8200 section 4) and the authentication header (RFC 4302).

use super::ipv6::{Fragment, NEXT_HEADERS};
use crate::bits;
use crate::model::{Field, Layer};

/// Next header numbers of the extension headers.
pub mod next {
    /// Hop-by-hop options.
    pub const HOP_BY_HOP: u8 = 0;
    /// Routing.
    pub const ROUTING: u8 = 43;
    /// Fragment.
    pub const FRAGMENT: u8 = 44;
    /// Nothing follows.
    pub const NONE: u8 = 59;
    /// Destination options.
    pub const DEST_OPT: u8 = 60;
}

const NH: Field = Field::uint("nh", 8).or(59).names(NEXT_HEADERS);

/// Hop-by-hop options.
pub const HOP_BY_HOP: Layer = Layer {
    name: "IPv6ExtHdrHopByHop",
    title: "IPv6 Extension Header - Hop-by-Hop Options Header",
    fields: &[NH, Field::uint("len", 8).auto(), Field::bytes("options", 0)],
};

/// Destination options.
pub const DEST_OPT: Layer = Layer {
    name: "IPv6ExtHdrDestOpt",
    title: "IPv6 Extension Header - Destination Options Header",
    fields: HOP_BY_HOP.fields,
};

/// Routing.
pub const ROUTING: Layer = Layer {
    name: "IPv6ExtHdrRouting",
    title: "IPv6 Option Header Routing",
    fields: &[
        NH,
        Field::uint("len", 8).auto(),
        Field::uint("type", 8),
        Field::uint("segleft", 8).auto(),
        Field::uint("reserved", 32),
        Field::bytes("addresses", 0),
    ],
};

/// Fragment.
pub const FRAGMENT: Layer = Layer {
    name: "IPv6ExtHdrFragment",
    title: "IPv6 Extension Header - Fragmentation header",
    fields: &[
        NH,
        Field::uint("res1", 8),
        Field::uint("offset", 13),
        Field::uint("res2", 2),
        Field::uint("m", 1),
        Field::uint("id", 32).auto(),
    ],
};

/// The authentication header.
pub const AH: Layer = Layer {
    name: "AH",
    title: "AH",
    fields: &[
        Field::uint("nh", 8).auto().names(super::ipv4::PROTOCOLS),
        Field::uint("payloadlen", 8).auto(),
        Field::uint("reserved", 16).auto(),
        Field::hex("spi", 32).or(1),
        Field::uint("seq", 32),
        Field::bytes("icv", 0).auto(),
    ],
};

/// A fragment header's place in its datagram.
#[inline]
#[must_use]
pub fn fragment(head: &[u8; 8]) -> Fragment {
    const OFFSET: usize = FRAGMENT.bit_offset("offset");
    const MORE: usize = FRAGMENT.bit_offset("m");
    const ID: usize = FRAGMENT.bit_offset("id");
    Fragment {
        offset: bits::get::<OFFSET, 13, 8>(head) as u16,
        more: bits::get::<MORE, 1, 8>(head) != 0,
        id: bits::get::<ID, 32, 8>(head) as u32,
    }
}
