//! ARP (RFC 826). The typed view reads the form that matters to a scanner: IPv4 over Ethernet.

use super::ethernet::{ETHERTYPES, ethertype};
use crate::addr::MacAddr;
use crate::error::{ParseError, ParseErrorKind};
use crate::model::{Field, Layer, header};
use core::net::Ipv4Addr;

/// Operation: who has this address (RFC 826).
pub const REQUEST: u16 = 1;
/// Operation: I have it.
pub const REPLY: u16 = 2;

/// The table of fields.
pub const ARP: Layer = Layer {
    name: "ARP",
    title: "ARP",
    fields: &[
        Field::hex("hwtype", 16).or(1).names(&[(1, "Ethernet (10Mb)")]),
        Field::hex("ptype", 16).or(0x0800).names(ETHERTYPES),
        Field::uint("hwlen", 8).auto(),
        Field::uint("plen", 8).auto(),
        Field::uint("op", 16).or(1).names(&[(1, "who-has"), (2, "is-at"), (3, "RARP-req"), (4, "RARP-rep")]),
        Field::mac("hwsrc").auto(),
        Field::ipv4("psrc").auto(),
        Field::mac("hwdst").auto(),
        Field::ipv4("pdst").auto(),
    ],
};

/// An ARP message for IPv4 over Ethernet, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 28],
}

impl<'a> View<'a> {
    /// Checks that a whole message is there and that it speaks of IPv4 over Ethernet.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let head = bytes.first_chunk().ok_or(ParseError::truncated(ARP.name, Header::LEN, bytes.len()))?;
        let view = Self { head };
        if (view.hardware_type(), view.protocol_type()) != (1, ethertype::IPV4)
            || (view.hardware_len(), view.protocol_len()) != (6, 4)
        {
            return Err(ParseError::new(ARP.name, ParseErrorKind::Unsupported, Header::LEN, bytes.len()));
        }
        Ok(view)
    }
}

header! { ARP, 28;
    /// Hardware type, 1 for Ethernet.
    hardware_type, set_hardware_type: u16 = "hwtype";
    /// EtherType of the protocol whose addresses are resolved.
    protocol_type, set_protocol_type: u16 = "ptype";
    /// Length of a hardware address in bytes.
    hardware_len, set_hardware_len: u8 = "hwlen";
    /// Length of a protocol address in bytes.
    protocol_len, set_protocol_len: u8 = "plen";
    /// The operation, [`REQUEST`] or [`REPLY`].
    op, set_op: u16 = "op";
    /// The sender's MAC address.
    sender_mac, set_sender_mac: MacAddr = "hwsrc";
    /// The sender's IPv4 address.
    sender_ip, set_sender_ip: Ipv4Addr = "psrc";
    /// The MAC address asked for; zero in a request.
    target_mac, set_target_mac: MacAddr = "hwdst";
    /// The IPv4 address asked for.
    target_ip, set_target_ip: Ipv4Addr = "pdst";
}
