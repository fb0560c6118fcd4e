//! ARP (RFC 826). The typed view reads the form that matters to a scanner: IPv4 over Ethernet.

use super::ethernet::{ETHERTYPES, ethertype};
use crate::addr::MacAddr;
use crate::env::Env;
use crate::error::{ParseError, ParseErrorKind};
use crate::model::{Field, Init, Layer, Over, Own, Scope, header};
use crate::packet::{Finish, fill, show};
use alloc::format;
use alloc::string::String;
use core::net::Ipv4Addr;

/// Operation: who has this address (RFC 826).
pub const REQUEST: u16 = 1;
/// Operation: I have it.
pub const REPLY: u16 = 2;

/// Names of hardware types (IANA "ARP Parameters").
pub const HARDWARE: &[(u64, &str)] = &[
    (1, "Ethernet (10Mb)"),
    (2, "Ethernet (3Mb)"),
    (3, "AX.25"),
    (4, "Proteon ProNET Token Ring"),
    (5, "Chaos"),
    (6, "IEEE 802 Networks"),
    (7, "ARCNET"),
    (8, "Hyperchannel"),
    (9, "Lanstar"),
    (10, "Autonet Short Address"),
    (11, "LocalTalk"),
    (12, "LocalNet"),
    (13, "Ultra link"),
    (14, "SMDS"),
    (15, "Frame relay"),
    (16, "ATM"),
    (17, "HDLC"),
    (18, "Fibre Channel"),
    (19, "ATM"),
    (20, "Serial Line"),
    (21, "ATM"),
];

/// Names of operations.
const OPERATIONS: &[(u64, &str)] = &[
    (1, "who-has"),
    (2, "is-at"),
    (3, "RARP-req"),
    (4, "RARP-rep"),
    (5, "Dyn-RARP-req"),
    (6, "Dyn-RAR-rep"),
    (7, "Dyn-RARP-err"),
    (8, "InARP-req"),
    (9, "InARP-rep"),
];

const HARDWARE_ADDRESS: &str = "MultipleTypeField (MACField, StrFixedLenField)";

/// The table of fields.
pub const ARP: Layer = Layer {
    over: &[
        Over::field("Ether", &[("type", Init::Int(0x0806))], &[&[("type", 0x0806)]]),
        Over::field("Dot1Q", &[("type", Init::Int(0x0806))], &[&[("type", 0x0806)]]),
        Over::field("CookedLinux", &[("proto", Init::Int(0x0806))], &[&[("proto", 0x0806)]]),
        Over::field("CookedLinuxV2", &[("proto", Init::Int(0x0806))], &[&[("proto", 0x0806)]]),
    ],
    finish: Some(finish),
    payload_len: Some(|_, _| 0),
    // Addresses of other lengths would be read at the wrong places.
    check: Some(|scope| (scope.uint("hwlen"), scope.uint("plen")) == (6, 4)),
    summary: Some(summary),
    ..Layer::new(
        "ARP",
        "ARP",
        &[
            Field::hex("hwtype", 16).or(1).names(HARDWARE),
            Field::hex("ptype", 16).or(0x0800).names(ETHERTYPES),
            Field::uint("hwlen", 8).auto().class("FieldLenField"),
            Field::uint("plen", 8).auto().class("FieldLenField"),
            Field::uint("op", 16).or(1).names(OPERATIONS),
            Field::mac("hwsrc").own(Own::SourceMac).class("MultipleTypeField (SourceMACField, StrFixedLenField)"),
            Field::ipv4("psrc")
                .own(Own::Source("pdst"))
                .class("MultipleTypeField (SourceIPField, SourceIP6Field, StrFixedLenField)"),
            Field::mac("hwdst").class(HARDWARE_ADDRESS),
            Field::ipv4("pdst").class("MultipleTypeField (IPField, IP6Field, StrFixedLenField)"),
        ],
    )
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, ARP, "hwlen", 6u8);
    fill!(f, ARP, "plen", 4u8);
}

fn summary(scope: &Scope<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(scope, name, env);
    match scope.uint("op") {
        1 => format!("ARP who has {} says {}", text("pdst"), text("psrc")),
        2 => format!("ARP is at {} says {}", text("hwsrc"), text("psrc")),
        _ => format!("ARP {} {} > {}", text("op"), text("psrc"), text("pdst")),
    }
}

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
