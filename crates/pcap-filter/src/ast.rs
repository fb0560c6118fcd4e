//! Syntax tree of a filter. It must not know the link type or instructions.

use alloc::{boxed::Box, vec::Vec};
use core::net::IpAddr;

use vigie_wire::MacAddr;

pub use crate::bpf::ArithOp;

/// A parsed filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// `a and b and c`, evaluated in this order. Empty accepts every packet.
    All(Vec<Expr>),
    /// `a or b or c`, evaluated in this order.
    Any(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// A keyword with its value, such as `port 80`.
    Primitive(Primitive),
    /// A comparison of numbers, such as `ip[8] < 5`.
    Compare(Arith, Relation, Arith),
}

/// Protocol of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// Link layer (`ether`, `link`).
    Link,
    /// IPv4.
    Ip,
    /// IPv6.
    Ip6,
    /// ARP.
    Arp,
    /// Reverse ARP.
    Rarp,
    /// Another protocol, by EtherType.
    EtherType(u16),
    /// A protocol over IPv4 and IPv6, by number (`tcp`, `udp`, `sctp`, `esp`, `ah`, `pim`).
    Transport(u8),
    /// A protocol over IPv4 only, by number (`icmp`, `igmp`, `igrp`, `vrrp`).
    OverIp(u8),
    /// A protocol over IPv6 only, by number (`icmp6`).
    OverIp6(u8),
    /// Spanning tree protocol: an LLC frame with SAP 0x42.
    Stp,
}

/// Which address or port of a packet is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `src`
    Source,
    /// `dst`
    Destination,
    /// `src or dst`, the default.
    Either,
    /// `src and dst`
    Both,
}

/// Protocol field that `proto N` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `ether proto`: the EtherType, or the LLC SAP for numbers up to 1,500.
    Link,
    /// `ip proto`.
    Ip,
    /// `ip6 proto`.
    Ip6,
    /// `proto`: IPv4 or IPv6.
    AnyIp,
}

/// Keyword with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Primitive {
    /// A protocol without qualifiers: `tcp`, `arp`.
    Protocol(Protocol),
    /// `host`: any of the addresses matches (a name may have several).
    Host {
        /// `ip`, `ip6`, `arp` or `rarp`; `None` for any.
        protocol: Option<Protocol>,
        /// Which of the two is compared.
        direction: Direction,
        /// Addresses to match.
        addresses: Vec<IpAddr>,
    },
    /// `ether host`
    Mac {
        /// Which of the two is compared.
        direction: Direction,
        /// Address to match.
        address: MacAddr,
    },
    /// `net`
    Net {
        /// `ip`, `ip6`, `arp` or `rarp`; `None` for any.
        protocol: Option<Protocol>,
        /// Which of the two is compared.
        direction: Direction,
        /// Network address; bits outside the mask are 0.
        network: IpAddr,
        /// Mask, of the same address family.
        mask: IpAddr,
    },
    /// `port` or `portrange`
    Port {
        /// IP protocol numbers to match; TCP, UDP and SCTP by default.
        protocols: Vec<u8>,
        /// Which of the two is compared.
        direction: Direction,
        /// First port.
        first: u16,
        /// Last port, inclusive.
        last: u16,
    },
    /// `proto`
    Number {
        /// Field to compare.
        family: Family,
        /// Value to match.
        number: u32,
    },
    /// `broadcast`: sent to the broadcast address of the link, or of IPv4 (all ones or all zeros).
    Broadcast(Option<Protocol>),
    /// `multicast`: sent to a group address of the link, of IPv4 or of IPv6.
    Multicast(Option<Protocol>),
    /// `less`: at most this many bytes on the wire.
    Less(u32),
    /// `greater`: at least this many bytes on the wire.
    Greater(u32),
    /// `vlan`: has a VLAN tag. The rest of the filter applies to what follows the tag.
    Vlan(Option<u16>),
    /// `mpls`: has an MPLS label. The rest of the filter applies to what follows the label.
    Mpls(Option<u32>),
    /// `pppoed`: PPPoE discovery.
    PppoeDiscovery,
    /// `pppoes`: PPPoE session. The rest of the filter applies to the packet inside.
    PppoeSession(Option<u16>),
    /// `inbound`: not sent by this machine.
    Inbound,
    /// `outbound`: sent by this machine.
    Outbound,
    /// `ifindex`: captured on the interface with this index.
    InterfaceIndex(u32),
}

/// Comparison of two unsigned numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `=`, `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Arithmetic expression: 32 bits, unsigned, wrapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arith {
    /// A constant.
    Const(u32),
    /// `len`: the length on the wire, in bytes.
    Length,
    /// `protocol[offset:size]`, big-endian.
    Load {
        /// Protocol whose header starts at offset 0.
        protocol: Protocol,
        /// Offset in bytes.
        offset: Box<Arith>,
        /// Number of bytes: 1, 2 or 4.
        size: u8,
    },
    /// `a + b` and similar.
    Binary(ArithOp, Box<Arith>, Box<Arith>),
    /// `-x`
    Negate(Box<Arith>),
}
