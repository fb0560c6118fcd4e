//! A filter and a link type to a [`Condition`] on bytes: what each of the language's words means.
//!
//! Where the meaning is a choice (fragments, extension headers, ARP in `host`), it is libpcap's, so that a filter
//! gives the same verdicts in both. Knows no instruction.

use alloc::{boxed::Box, vec, vec::Vec};
use core::net::IpAddr;

use super::{
    ast::{Arith, ArithOp, Direction, Expr, Family, Primitive, Protocol, Relation},
    condition::{Condition, Test, Value},
    error::{FilterError, FilterErrorKind},
    layout::Layout,
};
use crate::bpf::{Compare, Width};
use vigie_wire::MacAddr;

const IP: u32 = 0x0800;
const ARP: u32 = 0x0806;
const RARP: u32 = 0x8035;
const IP6: u32 = 0x86dd;
/// IPv6 next header of a fragment header.
const FRAGMENT: u32 = 44;

/// What the filter means on packets of this layout.
pub(super) fn lower(expr: &Expr, layout: &mut Layout) -> Result<Condition, FilterError> {
    Ok(match expr {
        Expr::All(terms) => Condition::All(lower_each(terms, layout)?),
        Expr::Any(terms) => Condition::Any(lower_each(terms, layout)?),
        Expr::Not(inner) => Condition::not(lower(inner, layout)?),
        Expr::Primitive(primitive) => lower_primitive(primitive, layout)?,
        Expr::Compare(left, relation, right) => compare(left, *relation, right, layout)?,
    })
}

fn lower_each(terms: &[Expr], layout: &mut Layout) -> Result<Vec<Condition>, FilterError> {
    terms.iter().map(|term| lower(term, layout)).collect()
}

fn not_on_this_link(what: &'static str) -> FilterError {
    FilterError::new(FilterErrorKind::NotOnThisLink(what), 0..0)
}

fn lower_primitive(primitive: &Primitive, layout: &mut Layout) -> Result<Condition, FilterError> {
    Ok(match primitive {
        Primitive::Protocol(protocol) => lower_protocol(*protocol, layout)?,
        Primitive::Host {
            protocol,
            direction,
            addresses,
        } => Condition::Any(
            addresses
                .iter()
                .map(|&address| network(*protocol, *direction, address, all_ones(address), layout))
                .collect(),
        ),
        Primitive::Net {
            protocol,
            direction,
            network: address,
            mask,
        } => network(*protocol, *direction, *address, *mask, layout),
        Primitive::Mac { direction, address } => {
            if !layout.is_ethernet() {
                return Err(not_on_this_link("ether host"));
            }
            ends(*direction, |source| {
                mac(if source { 6 } else { 0 }, *address)
            })
        }
        Primitive::Port {
            protocols,
            direction,
            first,
            last,
        } => port(protocols, *direction, *first, *last, layout),
        Primitive::Number { family, number } => number_of(*family, *number, layout),
        Primitive::Broadcast(None) if layout.is_ethernet() => mac(0, MacAddr::BROADCAST),
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
        Primitive::Vlan(id) => vlan(*id, layout)?,
        Primitive::Mpls(label) => mpls(*label, layout)?,
        Primitive::PppoeDiscovery | Primitive::PppoeSession(_) => pppoe(primitive, layout)?,
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

fn lower_protocol(protocol: Protocol, layout: &Layout) -> Result<Condition, FilterError> {
    Ok(match protocol {
        Protocol::Link if layout.is_ethernet() => Condition::Always,
        Protocol::Link => return Err(not_on_this_link("ether")),
        Protocol::Ip => layout.ethertype(IP),
        Protocol::Ip6 => layout.ethertype(IP6),
        Protocol::Arp => layout.ethertype(ARP),
        Protocol::Rarp => layout.ethertype(RARP),
        Protocol::EtherType(number) => layout.ethertype(u32::from(number)),
        Protocol::Transport(number) => number_of(Family::AnyIp, u32::from(number), layout),
        Protocol::OverIp(number) => number_of(Family::Ip, u32::from(number), layout),
        Protocol::OverIp6(number) => number_of(Family::Ip6, u32::from(number), layout),
        Protocol::Stp => layout.ethertype(0x42),
    })
}

/// `proto N`; in IPv6 the next header, or the one named by a fragment header that comes first.
fn number_of(family: Family, number: u32, layout: &Layout) -> Condition {
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

/// The condition of one or both ends; the closure is asked for the source (true) or the destination.
fn ends(direction: Direction, end: impl Fn(bool) -> Condition) -> Condition {
    match direction {
        Direction::Source => end(true),
        Direction::Destination => end(false),
        Direction::Either => Condition::Any(vec![end(true), end(false)]),
        Direction::Both => Condition::All(vec![end(true), end(false)]),
    }
}

fn mac(offset: u32, address: MacAddr) -> Condition {
    let [a, b, c, d, e, f] = address.octets();
    Condition::All(vec![
        Value::word(offset + 2).equals(u32::from_be_bytes([c, d, e, f])),
        Value::half(offset).equals(u32::from(u16::from_be_bytes([a, b]))),
    ])
}

fn all_ones(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => IpAddr::from([0xff; 4]),
        IpAddr::V6(_) => IpAddr::from([0xff; 16]),
    }
}

/// A host or a network; an IPv4 address counts in IPv4, ARP and RARP unless one of them was named.
fn network(
    protocol: Option<Protocol>,
    direction: Direction,
    address: IpAddr,
    mask: IpAddr,
    layout: &Layout,
) -> Condition {
    let places: Vec<(u32, u32, u32)> = match (address, protocol) {
        (IpAddr::V6(_), _) => vec![(IP6, 8, 24)],
        (_, Some(Protocol::Ip)) => vec![(IP, 12, 16)],
        (_, Some(Protocol::Arp)) => vec![(ARP, 14, 24)],
        (_, Some(Protocol::Rarp)) => vec![(RARP, 14, 24)],
        _ => vec![(IP, 12, 16), (ARP, 14, 24), (RARP, 14, 24)],
    };
    let each = places.into_iter().map(|(ethertype, source, destination)| {
        ends(direction, |is_source| {
            let offset = layout.network + if is_source { source } else { destination };
            let mut parts = vec![layout.ethertype(ethertype)];
            parts.extend(address_at(offset, address, mask));
            Condition::All(parts)
        })
    });
    Condition::Any(each.collect())
}

/// An address, word by word; words that the mask leaves out are not read.
fn address_at(offset: u32, address: IpAddr, mask: IpAddr) -> Vec<Condition> {
    let (address, mask): (Vec<u8>, Vec<u8>) = match (address, mask) {
        (IpAddr::V4(address), IpAddr::V4(mask)) => {
            (address.octets().to_vec(), mask.octets().to_vec())
        }
        (IpAddr::V6(address), IpAddr::V6(mask)) => {
            (address.octets().to_vec(), mask.octets().to_vec())
        }
        _ => return vec![Condition::Never],
    };
    let words = |octets: &[u8]| -> Vec<u32> {
        octets
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_be_bytes(*word))
            .collect()
    };
    let pairs = words(&address).into_iter().zip(words(&mask)).zip(0_u32..);
    pairs
        .filter(|((_, mask), _)| *mask != 0)
        .map(|((address, mask), index)| {
            Value::word(offset + 4 * index)
                .masked(mask)
                .equals(address & mask)
        })
        .collect()
}

/// Ports: in IPv6 right behind the fixed header; in IPv4 behind the header's own length, and not in later fragments.
fn port(
    protocols: &[u8],
    direction: Direction,
    first: u16,
    last: u16,
    layout: &Layout,
) -> Condition {
    let network = layout.network;
    let in_range = |value: &dyn Fn() -> Value| {
        if first == last {
            return value().equals(u32::from(first));
        }
        Condition::All(vec![
            value().test(Compare::GreaterOrEqual, u32::from(first)),
            Condition::not(value().test(Compare::Greater, u32::from(last))),
        ])
    };
    let ip6_ports = || {
        ends(direction, |source| {
            in_range(&|| Value::half(network + if source { 40 } else { 42 }))
        })
    };
    let ip_ports = || {
        let at = |offset: u32| Value::Indexed {
            width: Width::Half,
            index: Box::new(Value::HeaderLength { offset: network }),
            offset: network.wrapping_add(offset),
        };
        ends(direction, |source| {
            in_range(&|| at(if source { 0 } else { 2 }))
        })
    };
    let each = |offset: u32, parts: &dyn Fn() -> Vec<Condition>| {
        let of = |protocol: &u8| {
            let mut all = vec![Value::byte(offset).equals(u32::from(*protocol))];
            all.extend(parts());
            Condition::All(all)
        };
        Condition::Any(protocols.iter().map(of).collect())
    };
    let ip6 = vec![
        layout.ethertype(IP6),
        each(network + 6, &|| vec![ip6_ports()]),
    ];
    let ip = vec![
        layout.ethertype(IP),
        each(network + 9, &|| vec![first_fragment(network), ip_ports()]),
    ];
    Condition::Any(vec![Condition::All(ip6), Condition::All(ip)])
}

/// The IPv4 fragment offset is zero.
fn first_fragment(network: u32) -> Condition {
    Condition::not(Value::half(network + 6).test(Compare::AnySet, 0x1fff))
}

fn vlan(id: Option<u16>, layout: &mut Layout) -> Result<Condition, FilterError> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("vlan"));
    }
    let mut parts = vec![Condition::Any(
        [0x8100, 0x88a8, 0x9100]
            .map(|tag| layout.ethertype(tag))
            .to_vec(),
    )];
    if let Some(id) = id {
        parts.push(
            Value::half(layout.network)
                .masked(0x0fff)
                .equals(u32::from(id)),
        );
    }
    layout.enter_vlan();
    Ok(Condition::All(parts))
}

fn mpls(label: Option<u32>, layout: &mut Layout) -> Result<Condition, FilterError> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("mpls"));
    }
    let at = layout.network;
    let mut parts = vec![layout.enter_mpls()];
    if let Some(label) = label {
        parts.push(Value::word(at).masked(0xffff_f000).equals(label << 12));
    }
    Ok(Condition::All(parts))
}

fn pppoe(primitive: &Primitive, layout: &mut Layout) -> Result<Condition, FilterError> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("pppoe"));
    }
    let Primitive::PppoeSession(session) = primitive else {
        return Ok(layout.ethertype(0x8863));
    };
    let mut parts = vec![layout.ethertype(0x8864)];
    if let Some(session) = session {
        parts.push(
            Value::word(layout.network)
                .masked(0xffff)
                .equals(u32::from(*session)),
        );
    }
    layout.enter_pppoe();
    Ok(Condition::All(parts))
}

/// A comparison, guarded by what its loads presume: `tcp[13]` is false, not wrong, on what is no TCP.
fn compare(
    left: &Arith,
    relation: Relation,
    right: &Arith,
    layout: &Layout,
) -> Result<Condition, FilterError> {
    let mut parts = Vec::new();
    let left = number(left, layout, &mut parts)?;
    let right = number(right, layout, &mut parts)?;
    // The machine knows =, > and >=; the others are those negated.
    let (compare, negated) = match relation {
        Relation::Equal => (Compare::Equal, false),
        Relation::NotEqual => (Compare::Equal, true),
        Relation::Greater => (Compare::Greater, false),
        Relation::GreaterOrEqual => (Compare::GreaterOrEqual, false),
        Relation::Less => (Compare::GreaterOrEqual, true),
        Relation::LessOrEqual => (Compare::Greater, true),
    };
    let test = Test {
        left,
        compare,
        right,
    }
    .simplified();
    parts.push(if negated { Condition::not(test) } else { test });
    Ok(Condition::All(parts))
}

fn number(
    arith: &Arith,
    layout: &Layout,
    guards: &mut Vec<Condition>,
) -> Result<Value, FilterError> {
    Ok(match arith {
        Arith::Const(value) => Value::Const(*value),
        Arith::Length => Value::Length,
        Arith::Negate(inner) => Value::Negate(Box::new(number(inner, layout, guards)?)),
        Arith::Binary(operator, left, right) => {
            let left = number(left, layout, guards)?;
            let right = number(right, layout, guards)?;
            Value::Binary(*operator, Box::new(left), Box::new(right))
        }
        Arith::Load {
            protocol,
            offset,
            size,
        } => {
            let offset = number(offset, layout, guards)?;
            let width = match size {
                1 => Width::Byte,
                2 => Width::Half,
                _ => Width::Word,
            };
            load(*protocol, offset, width, layout, guards)?
        }
    })
}

fn load(
    protocol: Protocol,
    offset: Value,
    width: Width,
    layout: &Layout,
    guards: &mut Vec<Condition>,
) -> Result<Value, FilterError> {
    let network = layout.network;
    let base = match protocol {
        Protocol::Link if layout.has_link_bytes() => 0,
        Protocol::Link => return Err(not_on_this_link("ether[...]")),
        Protocol::OverIp6(number) => {
            guards.push(layout.ethertype(IP6));
            guards.push(Value::byte(network + 6).equals(u32::from(number)));
            network + 40
        }
        Protocol::Transport(_) | Protocol::OverIp(_) => {
            guards.push(layout.ethertype(IP));
            guards.push(lower_protocol(protocol, layout)?);
            guards.push(first_fragment(network));
            return Ok(behind_header(offset, width, network));
        }
        other => {
            guards.push(lower_protocol(other, layout)?);
            network
        }
    };
    Ok(match offset {
        Value::Const(offset) => Value::At {
            width,
            offset: base.wrapping_add(offset),
        },
        index => Value::Indexed {
            width,
            index: Box::new(index),
            offset: base,
        },
    })
}

/// A load counted from the end of the IPv4 header.
fn behind_header(offset: Value, width: Width, network: u32) -> Value {
    let header = Box::new(Value::HeaderLength { offset: network });
    match offset {
        Value::Const(offset) => Value::Indexed {
            width,
            index: header,
            offset: network.wrapping_add(offset),
        },
        other => {
            let index = Box::new(Value::Binary(ArithOp::Add, Box::new(other), header));
            Value::Indexed {
                width,
                index,
                offset: network,
            }
        }
    }
}
