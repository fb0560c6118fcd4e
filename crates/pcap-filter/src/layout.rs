//! Where things stand in a packet of one link type, and how a filter's words move it (`vlan`, `mpls`, `pppoes`).

use alloc::vec;

use super::condition::{Condition, Value};
use crate::bpf::{self, Compare};
use vigie_wire::LinkType;

/// Where a program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Over the bytes of a captured packet.
    Bytes,
    /// In the kernel, attached to a packet socket. On the cooked link types this is the socket's view: the
    /// protocol comes from the kernel's own fields and offsets count from the network header.
    Socket,
}

/// What stands before the network header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// The link header and its tags.
    Link,
    /// MPLS labels, the last one ending at the network offset.
    Mpls,
    /// PPP in PPPoE, its protocol field ending at the network offset.
    Ppp,
}

/// Offsets of one packet shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    link: LinkType,
    place: Place,
    /// Offset of the EtherType, where the link has one.
    kind: u32,
    /// Offset of the network header.
    pub(super) network: u32,
    behind: Behind,
}

impl Layout {
    pub(super) fn new(link: LinkType, place: Place) -> Self {
        let (kind, network) = match (link, place) {
            (LinkType::LinuxSll | LinkType::LinuxSll2, Place::Socket) => {
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
            place,
            kind,
            network,
            behind: Behind::Link,
        }
    }

    pub(super) fn is_ethernet(&self) -> bool {
        self.link == LinkType::Ethernet
    }

    /// Whether offsets into the link header mean anything.
    pub(super) fn has_link_bytes(&self) -> bool {
        self.kind != bpf::METADATA_ETHERTYPE
    }

    /// The condition that the packet is of this EtherType.
    pub(super) fn ethertype(&self, ethertype: u32) -> Condition {
        match self.behind {
            Behind::Link => self.on_link(ethertype),
            Behind::Mpls => match version_nibble(ethertype) {
                Some(nibble) => Condition::All(vec![
                    // The bottom of the stack, and what a router would guess from the first nibble behind it.
                    Value::byte(self.network - 2).masked(1).equals(1),
                    Value::byte(self.network).masked(0xf0).equals(nibble),
                ]),
                None => Condition::Never,
            },
            Behind::Ppp => Value::half(self.network - 2).equals(match ethertype {
                0x0800 => 0x0021,
                0x86dd => 0x0057,
                other => other,
            }),
        }
    }

    fn on_link(&self, ethertype: u32) -> Condition {
        match self.link {
            LinkType::Ethernet if ethertype <= 1500 => Condition::All(vec![
                // A length, so an LLC frame: the number is its destination service access point.
                Condition::not(Value::half(self.kind).test(Compare::Greater, 1500)),
                Value::byte(self.kind + 2).equals(ethertype),
            ]),
            LinkType::Ethernet | LinkType::LinuxSll | LinkType::LinuxSll2 => {
                Value::half(self.kind).equals(ethertype)
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

    /// BSD loopback: the address family, in the writer's order (taken as little-endian) or in network order. IPv6
    /// has another number on each BSD.
    fn address_family(&self, ethertype: u32) -> Condition {
        let family = |number: u32| {
            let number = if self.link == LinkType::Null {
                number.swap_bytes()
            } else {
                number
            };
            Value::word(self.kind).equals(number)
        };
        match ethertype {
            0x0800 => family(2),
            0x86dd => Condition::Any(vec![family(30), family(24), family(28)]),
            _ => Condition::Never,
        }
    }

    /// Goes behind a VLAN tag.
    pub(super) fn enter_vlan(&mut self) {
        self.kind += 4;
        self.network += 4;
    }

    /// Goes behind an MPLS label; gives the condition that one is there.
    pub(super) fn enter_mpls(&mut self) -> Condition {
        let there = match self.behind {
            Behind::Mpls => Value::byte(self.network - 2).masked(1).equals(0),
            _ => self.ethertype(0x8847),
        };
        self.behind = Behind::Mpls;
        self.network += 4;
        there
    }

    /// Goes behind a PPPoE session header and the PPP protocol field.
    pub(super) fn enter_pppoe(&mut self) {
        self.behind = Behind::Ppp;
        self.network += 8;
    }

    /// The condition that this machine sent the packet; `None` where that is not recorded.
    pub(super) fn outgoing(&self) -> Option<Condition> {
        const OUTGOING: u32 = 4;
        let value = match (self.place, self.link) {
            (Place::Socket, _) => Value::word(bpf::METADATA_PACKET_TYPE),
            (Place::Bytes, LinkType::LinuxSll) => Value::half(0),
            (Place::Bytes, LinkType::LinuxSll2) => Value::byte(10),
            _ => return None,
        };
        Some(value.equals(OUTGOING))
    }

    /// The index of the interface; `None` where that is not recorded.
    pub(super) fn interface(&self) -> Option<Value> {
        match (self.place, self.link) {
            (Place::Socket, _) => Some(Value::word(bpf::METADATA_INTERFACE)),
            (Place::Bytes, LinkType::LinuxSll2) => Some(Value::word(4)),
            _ => None,
        }
    }
}

fn version_nibble(ethertype: u32) -> Option<u32> {
    match ethertype {
        0x0800 => Some(0x40),
        0x86dd => Some(0x60),
        _ => None,
    }
}
