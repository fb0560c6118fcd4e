//! A capture filter as values: what was asked, before any link layer or instruction is known.

use alloc::{boxed::Box, vec::Vec};
use core::net::IpAddr;

use vigie_wire::MacAddr;

pub use crate::bpf::ArithOp;

/// A filter, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// All of these, tried in this order.
    All(Vec<Expr>),
    /// Any of these, tried in this order.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// One of the language's words.
    Primitive(Primitive),
    /// A comparison of numbers, some of them from the packet.
    Compare(Arith, Relation, Arith),
}

/// A protocol by its keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// The link layer (`ether`, `link`).
    Link,
    /// IPv4.
    Ip,
    /// IPv6.
    Ip6,
    /// ARP.
    Arp,
    /// Reverse ARP.
    Rarp,
    /// Another protocol by its EtherType.
    EtherType(u16),
    /// A protocol in IPv4 and IPv6, by its number (`tcp`, `udp`, `sctp`, `esp`, `ah`, `pim`).
    Transport(u8),
    /// A protocol in IPv4 only, by its number (`icmp`, `igmp`, `igrp`, `vrrp`).
    OverIp(u8),
    /// A protocol in IPv6 only, by its number (`icmp6`).
    OverIp6(u8),
    /// The spanning tree protocol: an LLC frame with SAP 0x42.
    Stp,
}

/// Which end of a packet is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The source.
    Source,
    /// The destination.
    Destination,
    /// Either (also when nothing was said).
    Either,
    /// Both.
    Both,
}

/// Whose protocol number `proto N` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `ether proto`: an EtherType (an LLC SAP below 1,501).
    Link,
    /// `ip proto`.
    Ip,
    /// `ip6 proto`.
    Ip6,
    /// `proto`: either IP.
    AnyIp,
}

/// One of the language's words with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Primitive {
    /// A protocol alone: `tcp`, `arp`.
    Protocol(Protocol),
    /// An address: any of the list (a name may have several).
    Host {
        /// `ip`, `ip6`, `arp`, `rarp`, or not said.
        protocol: Option<Protocol>,
        /// Which end.
        direction: Direction,
        /// The addresses.
        addresses: Vec<IpAddr>,
    },
    /// A link-layer address.
    Mac {
        /// Which end.
        direction: Direction,
        /// The address.
        address: MacAddr,
    },
    /// A network.
    Net {
        /// `ip`, `ip6`, `arp`, `rarp`, or not said.
        protocol: Option<Protocol>,
        /// Which end.
        direction: Direction,
        /// Its address, bits past the mask clear.
        network: IpAddr,
        /// Its mask, as an address of the same family.
        mask: IpAddr,
    },
    /// A port or a range of ports.
    Port {
        /// IP protocol numbers that count (TCP, UDP, SCTP when not said).
        protocols: Vec<u8>,
        /// Which end.
        direction: Direction,
        /// The first port.
        first: u16,
        /// The last port.
        last: u16,
    },
    /// A protocol by number.
    Number {
        /// Whose number.
        family: Family,
        /// The number.
        number: u32,
    },
    /// To the broadcast address of the link, or of IPv4 (all ones or all zeros).
    Broadcast(Option<Protocol>),
    /// To a group address of the link, of IPv4 or of IPv6.
    Multicast(Option<Protocol>),
    /// At most this many bytes on the wire.
    Less(u32),
    /// At least this many bytes on the wire.
    Greater(u32),
    /// A VLAN tag; what follows in the filter is read behind it.
    Vlan(Option<u16>),
    /// An MPLS label; what follows in the filter is read behind it.
    Mpls(Option<u32>),
    /// PPPoE discovery.
    PppoeDiscovery,
    /// A PPPoE session; what follows in the filter is read behind it.
    PppoeSession(Option<u16>),
    /// Not sent by this machine.
    Inbound,
    /// Sent by this machine.
    Outbound,
    /// Captured on the interface with this index.
    InterfaceIndex(u32),
}

/// How two numbers compare (unsigned).
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

/// A number made of constants and bytes of the packet; 32 bits, unsigned, wrapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arith {
    /// A constant.
    Const(u32),
    /// The length on the wire, in bytes.
    Length,
    /// `protocol[offset:size]`, in network byte order.
    Load {
        /// Where offset 0 is.
        protocol: Protocol,
        /// Bytes from there.
        offset: Box<Arith>,
        /// 1, 2 or 4.
        size: u8,
    },
    /// An operation on two numbers.
    Binary(ArithOp, Box<Arith>, Box<Arith>),
    /// `-x`
    Negate(Box<Arith>),
}
