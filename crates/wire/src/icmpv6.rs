//! ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710, RFC 3810).

use crate::error::ParseError;
use crate::mac::MacAddr;
use crate::table::{Table, field_of, header, table};
use core::net::Ipv6Addr;

/// Message types (IANA "ICMPv6 type Numbers").
pub mod kind {
    /// Destination unreachable.
    pub const DEST_UNREACH: u8 = 1;
    /// Packet too big.
    pub const PACKET_TOO_BIG: u8 = 2;
    /// Time exceeded.
    pub const TIME_EXCEEDED: u8 = 3;
    /// Parameter problem.
    pub const PARAM_PROBLEM: u8 = 4;
    /// Echo request.
    pub const ECHO_REQUEST: u8 = 128;
    /// Echo reply.
    pub const ECHO_REPLY: u8 = 129;
    /// Multicast listener query.
    pub const ML_QUERY: u8 = 130;
    /// Multicast listener report.
    pub const ML_REPORT: u8 = 131;
    /// Multicast listener done.
    pub const ML_DONE: u8 = 132;
    /// Router solicitation.
    pub const ROUTER_SOLICIT: u8 = 133;
    /// Router advertisement.
    pub const ROUTER_ADVERT: u8 = 134;
    /// Neighbour solicitation.
    pub const NEIGHBOUR_SOLICIT: u8 = 135;
    /// Neighbour advertisement.
    pub const NEIGHBOUR_ADVERT: u8 = 136;
    /// Redirect.
    pub const REDIRECT: u8 = 137;
    /// Version 2 multicast listener report.
    pub const ML_REPORT_V2: u8 = 143;
}

/// Codes of destination unreachable (RFC 4443 section 3.1).
pub mod unreach {
    /// No route to the destination.
    pub const NO_ROUTE: u8 = 0;
    /// Administratively prohibited.
    pub const ADMIN_PROHIBITED: u8 = 1;
    /// Beyond the scope of the source address.
    pub const BEYOND_SCOPE: u8 = 2;
    /// Address unreachable.
    pub const ADDRESS: u8 = 3;
    /// Port unreachable.
    pub const PORT: u8 = 4;
    /// The source address failed a policy.
    pub const SOURCE_POLICY: u8 = 5;
    /// The route to the destination rejects.
    pub const REJECT_ROUTE: u8 = 6;
}

/// Neighbour discovery option types (RFC 4861 section 4.6).
pub mod nd_option {
    /// Source link-layer address.
    pub const SOURCE_LL: u8 = 1;
    /// Target link-layer address.
    pub const TARGET_LL: u8 = 2;
    /// Prefix information.
    pub const PREFIX: u8 = 3;
    /// Redirected header.
    pub const REDIRECTED: u8 = 4;
    /// MTU.
    pub const MTU: u8 = 5;
}

/// Neighbour solicitation (RFC 4861 section 4.3).
pub const NEIGHBOUR_SOLICIT: Table = table! { "ICMPv6 neighbour solicitation";
    kind: u8, 8;
    code: u8, 8;
    checksum: u16, 16;
    reserved: u32, 32;
    target: Ipv6Addr, 128;
};

/// Neighbour advertisement (RFC 4861 section 4.4).
pub const NEIGHBOUR_ADVERT: Table = table! { "ICMPv6 neighbour advertisement";
    kind: u8, 8;
    code: u8, 8;
    checksum: u16, 16;
    router: bool, 1;
    solicited: bool, 1;
    overriding: bool, 1;
    reserved: u32, 29;
    target: Ipv6Addr, 128;
};

/// Router advertisement (RFC 4861 section 4.2, RFC 4191 section 2.2 preference, RFC 6275 section 7.1 home agent).
pub const ROUTER_ADVERT: Table = table! { "ICMPv6 router advertisement";
    kind: u8, 8;
    code: u8, 8;
    checksum: u16, 16;
    hop_limit: u8, 8;
    managed: bool, 1;
    other_config: bool, 1;
    home_agent: bool, 1;
    preference: u8, 2;
    proxy: bool, 1;
    reserved: u8, 2;
    router_lifetime: u16, 16;
    reachable_time: u32, 32;
    retrans_timer: u32, 32;
};

/// Redirect (RFC 4861 section 4.5).
pub const REDIRECT: Table = table! { "ICMPv6 redirect";
    kind: u8, 8;
    code: u8, 8;
    checksum: u16, 16;
    reserved: u32, 32;
    target: Ipv6Addr, 128;
    dst: Ipv6Addr, 128;
};

/// A neighbour discovery option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NdOption<'a> {
    /// Type, see [`nd_option`].
    pub kind: u8,
    /// Bytes after type and length.
    pub data: &'a [u8],
}

/// Iterates over neighbour discovery options; ends at one with an invalid length.
#[derive(Clone, Debug)]
pub struct NdOptions<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for NdOptions<'a> {
    type Item = NdOption<'a>;

    fn next(&mut self) -> Option<NdOption<'a>> {
        let &[kind, words, ..] = self.rest else {
            return None;
        };
        let (option, rest) = self.rest.split_at_checked(usize::from(words) * 8)?;
        let data = option.get(2..)?;
        self.rest = rest;
        Some(NdOption { kind, data })
    }
}

/// A parsed message.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    head: &'a [u8; 8],
}

impl<'a> View<'a> {
    /// Parses the first eight bytes, which all messages of these RFCs have.
    ///
    /// # Errors
    /// If `bytes` is shorter than 8.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.first_chunk() {
            Some(head) => Ok(Self { bytes, head }),
            None => Err(ParseError::truncated("ICMPv6", Header::LEN, bytes.len())),
        }
    }

    /// Returns the bytes after the first eight.
    #[inline]
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(Header::LEN..).unwrap_or(&[])
    }

    /// Same as [`View::body`].
    #[inline]
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.body()
    }

    /// Returns the MTU in a packet-too-big message.
    #[inline]
    #[must_use]
    pub fn mtu(&self) -> u32 {
        self.rest()
    }

    /// Returns whether the message is an error (type below 128), which quotes the datagram that caused it.
    #[inline]
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.kind() < 128
    }

    /// Returns the datagram that an error quotes, IPv6 header first. Empty in other messages.
    #[inline]
    #[must_use]
    pub fn quoted(&self) -> &'a [u8] {
        if self.is_error() { self.body() } else { &[] }
    }

    /// Returns the target address of a neighbour solicitation, a neighbour advertisement or a redirect.
    #[inline]
    #[must_use]
    pub fn target(&self) -> Option<Ipv6Addr> {
        match self.kind() {
            kind::NEIGHBOUR_SOLICIT => {
                field_of!(self.bytes, 24, NEIGHBOUR_SOLICIT, target: Ipv6Addr)
            }
            kind::NEIGHBOUR_ADVERT => field_of!(self.bytes, 24, NEIGHBOUR_ADVERT, target: Ipv6Addr),
            kind::REDIRECT => field_of!(self.bytes, 24, REDIRECT, target: Ipv6Addr),
            _ => None,
        }
    }

    /// Returns whether a neighbour advertisement answers a solicitation (S flag).
    #[inline]
    #[must_use]
    pub fn is_solicited(&self) -> bool {
        self.kind() == kind::NEIGHBOUR_ADVERT
            && field_of!(self.bytes, 24, NEIGHBOUR_ADVERT, solicited: bool).unwrap_or(false)
    }

    /// Returns the options of a neighbour discovery message; none in other messages.
    #[inline]
    #[must_use]
    pub fn options(&self) -> NdOptions<'a> {
        let start = match self.kind() {
            kind::ROUTER_SOLICIT => 8,
            kind::ROUTER_ADVERT => 16,
            kind::NEIGHBOUR_SOLICIT | kind::NEIGHBOUR_ADVERT => 24,
            kind::REDIRECT => 40,
            _ => usize::MAX,
        };
        NdOptions {
            rest: self.bytes.get(start..).unwrap_or(&[]),
        }
    }

    /// Returns the MAC address in the link-layer address option: the sender's in solicitations and router
    /// advertisements, the target's in neighbour advertisements and redirects.
    #[must_use]
    pub fn link_layer_address(&self) -> Option<MacAddr> {
        let wanted = match self.kind() {
            kind::NEIGHBOUR_ADVERT | kind::REDIRECT => nd_option::TARGET_LL,
            _ => nd_option::SOURCE_LL,
        };
        let option = self.options().find(|option| option.kind == wanted)?;
        option.data.first_chunk().map(|octets| MacAddr(*octets))
    }
}

header! { "ICMPv6", 8;
    /// Type of the message.
    kind, set_kind: u8, 8;
    /// Code within the type.
    code, set_code: u8, 8;
    /// Checksum.
    checksum, set_checksum: u16, 16;
    /// Identifier (echo).
    id, set_id: u16, 16;
    /// Sequence number (echo).
    seq, set_seq: u16, 16;
    /// The four bytes after the checksum; their meaning depends on the type.
    rest, set_rest: u32, 32 @ 32;
}
