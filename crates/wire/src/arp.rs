//! ARP (RFC 826) for IPv4 addresses on Ethernet.

use crate::error::{ParseError, ParseErrorKind};
use crate::ethernet::ethertype;
use crate::mac::MacAddr;
use crate::table::header;
use core::net::Ipv4Addr;

/// Operation: request (RFC 826).
pub const REQUEST: u16 = 1;
/// Operation: reply.
pub const REPLY: u16 = 2;

/// A parsed ARP message for IPv4 on Ethernet.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 28],
}

impl<'a> View<'a> {
    /// Parses the message.
    ///
    /// # Errors
    /// If `bytes` is shorter than 28, or the message is not for IPv4 on Ethernet.
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
    /// Protocol type, 0x0800 for IPv4.
    protocol_type, set_protocol_type: u16, 16 = 0x0800;
    /// Length of a hardware address in bytes.
    hardware_len, set_hardware_len: u8, 8;
    /// Length of a protocol address in bytes.
    protocol_len, set_protocol_len: u8, 8;
    /// Operation, [`REQUEST`] or [`REPLY`].
    op, set_op: u16, 16;
    /// MAC address of the sender.
    sender_mac, set_sender_mac: MacAddr, 48;
    /// IPv4 address of the sender.
    sender_ip, set_sender_ip: Ipv4Addr, 32;
    /// MAC address of the target; zero in a request.
    target_mac, set_target_mac: MacAddr, 48;
    /// IPv4 address of the target.
    target_ip, set_target_ip: Ipv4Addr, 32;
}
