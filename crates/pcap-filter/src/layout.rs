//! Header offsets in packets of one link type, and how `vlan`, `mpls` and `pppoes` move them.

use alloc::vec;

use crate::bpf::{self, Compare};
use crate::condition::{Condition, Value};
use vigie_wire::LinkType;

/// Input of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramInput {
    /// The bytes of a captured packet.
    CapturedBytes,
    /// The packet as the kernel shows it to the filter of a packet socket. On the cooked link types the EtherType is
    /// kernel metadata and offsets count from the network header.
    PacketSocket,
}

/// Header before the network header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encapsulation {
    /// The link header and its VLAN tags.
    Link,
    /// MPLS labels; the last one ends at the network offset.
    Mpls,
    /// PPP in PPPoE; the protocol field ends at the network offset.
    Ppp,
}

/// Header offsets at one point of a filter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    link: LinkType,
    input: ProgramInput,
    /// Offset of the EtherType, if the link header has one.
    ethertype: u32,
    /// Offset of the network header.
    pub(crate) network: u32,
    encapsulation: Encapsulation,
}

impl Layout {
    pub(crate) fn new(link: LinkType, input: ProgramInput) -> Self {
        let (ethertype, network) = match (link, input) {
            (LinkType::LinuxSll | LinkType::LinuxSll2, ProgramInput::PacketSocket) => {
                (bpf::METADATA_ETHERTYPE, bpf::NETWORK_HEADER)
            }
            (LinkType::Ethernet, _) => (12, 14),
            (LinkType::LinuxSll, _) => (14, 16),
            (LinkType::LinuxSll2, _) => (0, 20),
            (LinkType::Null | LinkType::Loop, _) => (0, 4),
            (LinkType::RawIp | LinkType::Ipv4 | LinkType::Ipv6, _) => (0, 0),
        };
        Self {
            link,
            input,
            ethertype,
            network,
            encapsulation: Encapsulation::Link,
        }
    }

    pub(crate) fn is_ethernet(&self) -> bool {
        self.link == LinkType::Ethernet
    }

    /// Returns whether the program can read the link header.
    pub(crate) fn has_link_bytes(&self) -> bool {
        self.ethertype != bpf::METADATA_ETHERTYPE
    }

    /// Returns the condition that the packet has this EtherType.
    pub(crate) fn ethertype(&self, ethertype: u32) -> Condition {
        match self.encapsulation {
            Encapsulation::Link => self.on_link(ethertype),
            Encapsulation::Mpls => match version_nibble(ethertype) {
                Some(nibble) => Condition::All(vec![
                    // The last label, then the IP version: MPLS has no field for the protocol.
                    Value::byte(self.network - 2).masked(1).equals(1),
                    Value::byte(self.network).masked(0xf0).equals(nibble),
                ]),
                None => Condition::Never,
            },
            Encapsulation::Ppp => Value::half(self.network - 2).equals(match ethertype {
                0x0800 => 0x0021,
                0x86dd => 0x0057,
                other => other,
            }),
        }
    }

    fn on_link(&self, ethertype: u32) -> Condition {
        match self.link {
            LinkType::Ethernet if ethertype <= 1500 => Condition::All(vec![
                // The field is a length, so this is an LLC frame: compare its destination service access point.
                Condition::not(Value::half(self.ethertype).test(Compare::Greater, 1500)),
                Value::byte(self.ethertype + 2).equals(ethertype),
            ]),
            LinkType::Ethernet | LinkType::LinuxSll | LinkType::LinuxSll2 => {
                Value::half(self.ethertype).equals(ethertype)
            }
            LinkType::RawIp => match version_nibble(ethertype) {
                Some(nibble) => Value::byte(self.network).masked(0xf0).equals(nibble),
                None => Condition::Never,
            },
            LinkType::Ipv4 if ethertype == 0x0800 => Condition::Always,
            LinkType::Ipv6 if ethertype == 0x86dd => Condition::Always,
            LinkType::Ipv4 | LinkType::Ipv6 => Condition::Never,
            LinkType::Null | LinkType::Loop => self.address_family(ethertype),
        }
    }

    /// Returns the condition for a BSD loopback header. `Null` holds the address family in the byte order of the
    /// capturing host, taken as little-endian; `Loop` is big-endian. Each BSD has its own number for IPv6.
    fn address_family(&self, ethertype: u32) -> Condition {
        let family = |number: u32| {
            let number = if self.link == LinkType::Null {
                number.swap_bytes()
            } else {
                number
            };
            Value::word(self.ethertype).equals(number)
        };
        match ethertype {
            0x0800 => family(2),
            0x86dd => Condition::Any(vec![family(30), family(24), family(28)]),
            _ => Condition::Never,
        }
    }

    /// Moves all offsets past a VLAN tag.
    pub(crate) fn enter_vlan(&mut self) {
        self.ethertype += 4;
        self.network += 4;
    }

    /// Moves the network offset past an MPLS label. Returns the condition that there is one.
    pub(crate) fn enter_mpls(&mut self) -> Condition {
        let there = match self.encapsulation {
            Encapsulation::Mpls => Value::byte(self.network - 2).masked(1).equals(0),
            _ => self.ethertype(0x8847),
        };
        self.encapsulation = Encapsulation::Mpls;
        self.network += 4;
        there
    }

    /// Moves the network offset past a PPPoE session header and the PPP protocol field.
    pub(crate) fn enter_pppoe(&mut self) {
        self.encapsulation = Encapsulation::Ppp;
        self.network += 8;
    }

    /// Returns the condition that this machine sent the packet; `None` if the input does not contain the direction.
    pub(crate) fn outgoing(&self) -> Option<Condition> {
        /// `PACKET_OUTGOING` of linux/if_packet.h.
        const OUTGOING: u32 = 4;
        let value = match (self.input, self.link) {
            (ProgramInput::PacketSocket, _) => Value::word(bpf::METADATA_PACKET_TYPE),
            (ProgramInput::CapturedBytes, LinkType::LinuxSll) => Value::half(0),
            (ProgramInput::CapturedBytes, LinkType::LinuxSll2) => Value::byte(10),
            _ => return None,
        };
        Some(value.equals(OUTGOING))
    }

    /// Returns the interface index; `None` if the input does not contain it.
    pub(crate) fn interface(&self) -> Option<Value> {
        match (self.input, self.link) {
            (ProgramInput::PacketSocket, _) => Some(Value::word(bpf::METADATA_INTERFACE)),
            (ProgramInput::CapturedBytes, LinkType::LinuxSll2) => Some(Value::word(4)),
            _ => None,
        }
    }
}

/// Returns the first byte of a packet of this EtherType, masked with 0xf0.
fn version_nibble(ethertype: u32) -> Option<u32> {
    match ethertype {
        0x0800 => Some(0x40),
        0x86dd => Some(0x60),
        _ => None,
    }
}
