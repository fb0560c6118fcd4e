//! ARP (RFC 826) for IPv4 addresses on Ethernet.

use crate::error::{ParseError, ParseErrorKind};
use crate::ethernet::ethertype;
use crate::mac::MacAddr;
use crate::table::header;
use core::net::Ipv4Addr;

/// Operation: who has this address (RFC 826).
pub const REQUEST: u16 = 1;
/// Operation: I have it.
pub const REPLY: u16 = 2;

/// An ARP message for IPv4 over Ethernet, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 28],
}

impl<'a> View<'a> {
    /// Checks that a whole message is there and that it speaks of IPv4 over Ethernet.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let head = bytes.first_chunk().ok_or(ParseError::truncated(
            TABLE.name,
            Header::LEN,
            bytes.len(),
        ))?;
        let view = Self { head };
        if (view.hardware_type(), view.protocol_type()) != (1, ethertype::IPV4)
            || (view.hardware_len(), view.protocol_len()) != (6, 4)
        {
            return Err(ParseError::new(
                TABLE.name,
                ParseErrorKind::Unsupported,
                Header::LEN,
                bytes.len(),
            ));
        }
        Ok(view)
    }
}

header! { "ARP", 28;
    /// Hardware type, 1 for Ethernet.
    hardware_type, set_hardware_type: u16, 16 = 1;
    /// EtherType of the protocol whose addresses are resolved.
    protocol_type, set_protocol_type: u16, 16 = 0x0800;
    /// Length of a hardware address in bytes.
    hardware_len, set_hardware_len: u8, 8;
    /// Length of a protocol address in bytes.
    protocol_len, set_protocol_len: u8, 8;
    /// The operation, [`REQUEST`] or [`REPLY`].
    op, set_op: u16, 16;
    /// The sender's MAC address.
    sender_mac, set_sender_mac: MacAddr, 48;
    /// The sender's IPv4 address.
    sender_ip, set_sender_ip: Ipv4Addr, 32;
    /// The MAC address asked for; zero in a request.
    target_mac, set_target_mac: MacAddr, 48;
    /// The IPv4 address asked for.
    target_ip, set_target_ip: Ipv4Addr, 32;
}
