//! The typed view and header of ICMPv6 messages, and the options of neighbour discovery as the engine reads them. The
//! tables are in [`super::icmpv6`].

use super::icmpv6::{CKSUM, CODE, ID, ND_NA, ND_NS, ND_REDIRECT, SEQ, kind, kind_field};
use crate::addr::MacAddr;
use crate::error::ParseError;
use crate::model::{Field, Layer, field_of, header};
use core::net::Ipv6Addr;

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

/// A neighbour discovery option: its type and what follows type and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NdOption<'a> {
    /// Type, see [`nd_option`].
    pub kind: u8,
    /// The option's bytes after type and length.
    pub data: &'a [u8],
}

/// Reads neighbour discovery options one by one; ends at one whose length is impossible.
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

/// A message, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    head: &'a [u8; 8],
}

impl<'a> View<'a> {
    /// Checks that the first eight bytes are there: all messages of the RFCs above have them.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.first_chunk() {
            Some(head) => Ok(Self { bytes, head }),
            None => Err(ParseError::truncated("ICMPv6", Header::LEN, bytes.len())),
        }
    }

    /// What follows the first eight bytes.
    #[inline]
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(Header::LEN..).unwrap_or(&[])
    }

    /// The same as [`View::body`].
    #[inline]
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.body()
    }

    /// The next-hop MTU of a packet-too-big message.
    #[inline]
    #[must_use]
    pub fn mtu(&self) -> u32 {
        self.rest()
    }

    /// Whether the message reports an error (types below 128), and so quotes the datagram that caused it.
    #[inline]
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.kind() < 128
    }

    /// The quoted datagram of an error, an IPv6 header first. Empty in other messages.
    #[inline]
    #[must_use]
    pub fn quoted(&self) -> &'a [u8] {
        if self.is_error() { self.body() } else { &[] }
    }

    /// The target of a neighbour solicitation, a neighbour advertisement or a redirect.
    #[inline]
    #[must_use]
    pub fn target(&self) -> Option<Ipv6Addr> {
        match self.kind() {
            kind::NEIGHBOUR_SOLICIT => field_of!(self.bytes, 24, ND_NS, "tgt": Ipv6Addr),
            kind::NEIGHBOUR_ADVERT => field_of!(self.bytes, 24, ND_NA, "tgt": Ipv6Addr),
            kind::REDIRECT => field_of!(self.bytes, 24, ND_REDIRECT, "tgt": Ipv6Addr),
            _ => None,
        }
    }

    /// Whether a neighbour advertisement answers a solicitation (its S flag).
    #[inline]
    #[must_use]
    pub fn is_solicited(&self) -> bool {
        self.kind() == kind::NEIGHBOUR_ADVERT
            && field_of!(self.bytes, 24, ND_NA, "S": bool).unwrap_or(false)
    }

    /// The options of a neighbour discovery message; none in others.
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

    /// The Ethernet address in the link-layer address option: the sender's own in solicitations and router
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

/// What all messages begin with, in the shape of an echo: id and seq are the two halves of [`View::rest`].
const COMMON: Layer = Layer::new(
    "ICMPv6",
    "ICMPv6",
    &[
        kind_field(kind::ECHO_REQUEST),
        CODE,
        CKSUM,
        ID,
        SEQ,
        Field::hex("rest", 32).at(32),
    ],
);

header! { COMMON, 8;
    /// Type of the message.
    kind, set_kind: u8 = "type";
    /// Code within the type.
    code, set_code: u8 = "code";
    /// Checksum.
    checksum, set_checksum: u16 = "cksum";
    /// Identifier (echo).
    id, set_id: u16 = "id";
    /// Sequence number (echo).
    seq, set_seq: u16 = "seq";
    /// The four bytes after the checksum, whatever they mean.
    rest, set_rest: u32 = "rest";
}
