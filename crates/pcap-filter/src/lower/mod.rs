//! Lowers a filter to a [`Condition`] on bytes for one link type.
//!
//! Where a keyword could mean several things (fragments, IPv6 extension headers, ARP in `host`), it means the same as in
//! libpcap, so that filters have the same verdicts.

mod address;
mod comparison;
mod encapsulation;

use alloc::{vec, vec::Vec};

use vigie_wire::MacAddr;

use crate::{
    ast::{Expr, Family, Primitive, Protocol},
    bpf::Compare,
    condition::{Condition, Value},
    error::{Error, ErrorKind},
    layout::Layout,
};

const IP: u32 = 0x0800;
const ARP: u32 = 0x0806;
const RARP: u32 = 0x8035;
const IP6: u32 = 0x86dd;
/// IPv6 next header of a fragment header.
const FRAGMENT: u32 = 44;

/// Lowers a filter for packets of this layout.
pub(crate) fn lower(expr: &Expr, layout: &mut Layout) -> Result<Condition, Error> {
    Ok(match expr {
        Expr::All(terms) => Condition::All(lower_each(terms, layout)?),
        Expr::Any(terms) => Condition::Any(lower_each(terms, layout)?),
        Expr::Not(inner) => Condition::not(lower(inner, layout)?),
        Expr::Primitive(primitive) => lower_primitive(primitive, layout)?,
        Expr::Compare(left, relation, right) => {
            comparison::compare(left, *relation, right, layout)?
        }
    })
}

fn lower_each(terms: &[Expr], layout: &mut Layout) -> Result<Vec<Condition>, Error> {
    terms.iter().map(|term| lower(term, layout)).collect()
}

fn not_on_this_link(what: &'static str) -> Error {
    Error::unplaced(ErrorKind::NotOnThisLink(what))
}

fn lower_primitive(primitive: &Primitive, layout: &mut Layout) -> Result<Condition, Error> {
    Ok(match primitive {
        Primitive::Protocol(protocol) => lower_protocol(*protocol, layout)?,
        Primitive::Host {
            protocol,
            direction,
            addresses,
        } => Condition::Any(
            addresses
                .iter()
                .map(|&address| address::host(*protocol, *direction, address, layout))
                .collect(),
        ),
        Primitive::Net {
            protocol,
            direction,
            network: address,
            mask,
        } => address::network(*protocol, *direction, *address, *mask, layout),
        Primitive::Mac { direction, address } => {
            if !layout.is_ethernet() {
                return Err(not_on_this_link("ether host"));
            }
            address::ether_host(*direction, *address)
        }
        Primitive::Port {
            protocols,
            direction,
            first,
            last,
        } => address::port(protocols, *direction, *first, *last, layout),
        Primitive::Number { family, number } => protocol_number(*family, *number, layout),
        Primitive::Broadcast(None) if layout.is_ethernet() => address::mac(0, MacAddr::BROADCAST),
        Primitive::Multicast(None) if layout.is_ethernet() => {
            Value::byte(0).test(Compare::AnySet, 1)
        }
        Primitive::Broadcast(None) => return Err(not_on_this_link("broadcast")),
        Primitive::Multicast(None) => return Err(not_on_this_link("multicast")),
        Primitive::Broadcast(Some(_)) => {
            let destination = || Value::word(layout.network + 16);
            let either = vec![destination().equals(0), destination().equals(u32::MAX)];
            Condition::All(vec![layout.ethertype(IP), Condition::Any(either)])
        }
        Primitive::Multicast(Some(Protocol::Ip6)) => Condition::All(vec![
            layout.ethertype(IP6),
            Value::byte(layout.network + 24).equals(0xff),
        ]),
        Primitive::Multicast(Some(_)) => Condition::All(vec![
            layout.ethertype(IP),
            Value::byte(layout.network + 16).test(Compare::GreaterOrEqual, 0xe0),
        ]),
        Primitive::Less(bytes) => Condition::not(Value::Length.test(Compare::Greater, *bytes)),
        Primitive::Greater(bytes) => Value::Length.test(Compare::GreaterOrEqual, *bytes),
        Primitive::Vlan(id) => encapsulation::vlan(*id, layout)?,
        Primitive::Mpls(label) => encapsulation::mpls(*label, layout)?,
        Primitive::PppoeDiscovery => encapsulation::pppoe_discovery(layout)?,
        Primitive::PppoeSession(session) => encapsulation::pppoe_session(*session, layout)?,
        Primitive::Inbound => Condition::not(
            layout
                .outgoing()
                .ok_or_else(|| not_on_this_link("inbound"))?,
        ),
        Primitive::Outbound => layout
            .outgoing()
            .ok_or_else(|| not_on_this_link("outbound"))?,
        Primitive::InterfaceIndex(index) => layout
            .interface()
            .ok_or_else(|| not_on_this_link("ifindex"))?
            .equals(*index),
    })
}

fn lower_protocol(protocol: Protocol, layout: &Layout) -> Result<Condition, Error> {
    Ok(match protocol {
        Protocol::Link if layout.is_ethernet() => Condition::Always,
        Protocol::Link => return Err(not_on_this_link("ether")),
        Protocol::Ip => layout.ethertype(IP),
        Protocol::Ip6 => layout.ethertype(IP6),
        Protocol::Arp => layout.ethertype(ARP),
        Protocol::Rarp => layout.ethertype(RARP),
        Protocol::EtherType(number) => layout.ethertype(u32::from(number)),
        Protocol::Transport(number) => protocol_number(Family::AnyIp, u32::from(number), layout),
        Protocol::OverIp(number) => protocol_number(Family::Ip, u32::from(number), layout),
        Protocol::OverIp6(number) => protocol_number(Family::Ip6, u32::from(number), layout),
        Protocol::Stp => layout.ethertype(0x42),
    })
}

/// Lowers `proto N`. In IPv6 this is the next header of the fixed header, or of a fragment header directly behind it.
fn protocol_number(family: Family, number: u32, layout: &Layout) -> Condition {
    let ip = || {
        Condition::All(vec![
            layout.ethertype(IP),
            Value::byte(layout.network + 9).equals(number),
        ])
    };
    let ip6 = || {
        let next = || Value::byte(layout.network + 6);
        let fragmented = vec![
            next().equals(FRAGMENT),
            Value::byte(layout.network + 40).equals(number),
        ];
        let either = vec![next().equals(number), Condition::All(fragmented)];
        Condition::All(vec![layout.ethertype(IP6), Condition::Any(either)])
    };
    match family {
        Family::Link => layout.ethertype(number),
        Family::Ip => ip(),
        Family::Ip6 => ip6(),
        Family::AnyIp => Condition::Any(vec![ip(), ip6()]),
    }
}

/// Condition that the IPv4 fragment offset is zero.
fn first_fragment(network: u32) -> Condition {
    Condition::not(Value::half(network + 6).test(Compare::AnySet, 0x1fff))
}
