//! IPv6 extension headers (RFC 8200 section 4) and the authentication header (RFC 4302).

use crate::ipv6::Fragment;
use crate::table::{Table, load, table};

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

/// Hop-by-hop options.
pub const HOP_BY_HOP: Table = table! { "IPv6 hop-by-hop options";
    next_header: u8, 8;
    header_len: u8, 8;
};

/// Destination options.
pub const DEST_OPT: Table = table! { "IPv6 destination options";
    next_header: u8, 8;
    header_len: u8, 8;
};

/// Routing.
pub const ROUTING: Table = table! { "IPv6 routing header";
    next_header: u8, 8;
    header_len: u8, 8;
    routing_type: u8, 8;
    segments_left: u8, 8;
    reserved: u32, 32;
};

/// Fragment.
pub const FRAGMENT: Table = table! { "IPv6 fragment header";
    next_header: u8, 8;
    reserved: u8, 8;
    frag_offset: u16, 13;
    reserved_bits: u8, 2;
    more_fragments: bool, 1;
    id: u32, 32;
};

/// Authentication header.
pub const AH: Table = table! { "AH";
    next_header: u8, 8;
    payload_len: u8, 8;
    reserved: u16, 16;
    spi: u32, 32;
    seq: u32, 32;
};

/// Reads a fragment header.
#[inline]
#[must_use]
pub fn fragment(head: &[u8; 8]) -> Fragment {
    Fragment {
        offset: load!(head, 8, FRAGMENT, frag_offset: u16),
        more: load!(head, 8, FRAGMENT, more_fragments: bool),
        id: load!(head, 8, FRAGMENT, id: u32),
    }
}
