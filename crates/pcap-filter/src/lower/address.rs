//! Lowers addresses, networks and ports.

use alloc::{boxed::Box, vec, vec::Vec};
use core::net::IpAddr;

use vigie_wire::MacAddr;

use super::{ARP, IP, IP6, RARP, first_fragment};
use crate::{
    ast::{Direction, Protocol},
    bpf::{Compare, Width},
    condition::{Condition, Value},
    layout::Layout,
};

/// Combines the conditions on source and destination. `condition` gets `true` for the source.
fn directed(direction: Direction, condition: impl Fn(bool) -> Condition) -> Condition {
    match direction {
        Direction::Source => condition(true),
        Direction::Destination => condition(false),
        Direction::Either => Condition::Any(vec![condition(true), condition(false)]),
        Direction::Both => Condition::All(vec![condition(true), condition(false)]),
    }
}

/// Lowers `ether host` on Ethernet.
pub(super) fn ether_host(direction: Direction, address: MacAddr) -> Condition {
    directed(direction, |is_source| {
        mac(if is_source { 6 } else { 0 }, address)
    })
}

/// Returns the condition that the address at `offset` is this one.
pub(super) fn mac(offset: u32, address: MacAddr) -> Condition {
    let [a, b, c, d, e, f] = address.octets();
    Condition::All(vec![
        Value::word(offset + 2).equals(u32::from_be_bytes([c, d, e, f])),
        Value::half(offset).equals(u32::from(u16::from_be_bytes([a, b]))),
    ])
}

/// Lowers `host` for one address.
pub(super) fn host(
    protocol: Option<Protocol>,
    direction: Direction,
    address: IpAddr,
    layout: &Layout,
) -> Condition {
    let mask = match address {
        IpAddr::V4(_) => IpAddr::from([0xff; 4]),
        IpAddr::V6(_) => IpAddr::from([0xff; 16]),
    };
    network(protocol, direction, address, mask, layout)
}

/// Lowers `net`. Without a protocol, an IPv4 network matches in IPv4, ARP and RARP.
pub(super) fn network(
    protocol: Option<Protocol>,
    direction: Direction,
    address: IpAddr,
    mask: IpAddr,
    layout: &Layout,
) -> Condition {
    // EtherType, offset of the source, offset of the destination.
    let fields: Vec<(u32, u32, u32)> = match (address, protocol) {
        (IpAddr::V6(_), _) => vec![(IP6, 8, 24)],
        (_, Some(Protocol::Ip)) => vec![(IP, 12, 16)],
        (_, Some(Protocol::Arp)) => vec![(ARP, 14, 24)],
        (_, Some(Protocol::Rarp)) => vec![(RARP, 14, 24)],
        _ => vec![(IP, 12, 16), (ARP, 14, 24), (RARP, 14, 24)],
    };
    let each = fields.into_iter().map(|(ethertype, source, destination)| {
        directed(direction, |is_source| {
            let offset = layout.network + if is_source { source } else { destination };
            let mut parts = vec![layout.ethertype(ethertype)];
            parts.extend(address_at(offset, address, mask));
            Condition::All(parts)
        })
    });
    Condition::Any(each.collect())
}

/// Compares an address in words of 32 bits. Words that the mask excludes are not loaded.
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

/// Lowers `port` and `portrange`. In IPv6 the ports follow the fixed header; in IPv4 they follow the header and its
/// options, and only first fragments have them.
pub(super) fn port(
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
        directed(direction, |source| {
            in_range(&|| Value::half(network + if source { 40 } else { 42 }))
        })
    };
    let ip_ports = || {
        let at = |offset: u32| Value::Indexed {
            width: Width::Half,
            index: Box::new(Value::HeaderLength { offset: network }),
            offset: network.wrapping_add(offset),
        };
        directed(direction, |source| {
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
