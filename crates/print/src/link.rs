//! Link headers: Ethernet with VLAN tags, Linux cooked, BSD loopback, raw IP.

use crate::{arp, bytes, ip, line::Line, other};
use vigie_wire::{LinkType, MacAddr};

/// Maximum number of VLAN tags.
const MAX_TAGS: usize = 16;

/// Prints a packet. Returns the length of the link header with its VLAN tags, in bytes.
pub(crate) fn print(line: &mut Line<'_>, link: u16, length: usize, bytes: &[u8]) -> usize {
    match LinkType::from_number(link) {
        Some(LinkType::Ethernet) => ethernet(line, length, bytes),
        Some(LinkType::LinuxSll) => cooked(line, length, bytes),
        Some(LinkType::LinuxSll2) => cooked_v2(line, length, bytes),
        Some(LinkType::Null) => loopback(line, length, bytes, u32::from_le_bytes),
        Some(LinkType::Loop) => loopback(line, length, bytes, u32::from_be_bytes),
        Some(LinkType::RawIp | LinkType::Ipv4 | LinkType::Ipv6) => {
            if line.options.link_header {
                line.text("ip: ");
            }
            raw(line, length, bytes);
            0
        }
        None => {
            line.add(format_args!("[link type {link}, length {length}]"));
            0
        }
    }
}

/// Prints an IP packet without link header.
fn raw(line: &mut Line<'_>, length: usize, bytes: &[u8]) {
    match bytes.first().map(|first| first >> 4) {
        Some(6) => ip::version6(line, length, bytes, !line.options.link_header),
        Some(_) => ip::version4(line, length, bytes, !line.options.link_header),
        None => line.text("[|ip]"),
    }
}

fn ethernet(line: &mut Line<'_>, length: usize, bytes: &[u8]) -> usize {
    let Some((header, payload)) = bytes.split_first_chunk::<14>() else {
        line.text("[|ether]");
        return bytes.len();
    };
    let [d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, t0, t1] = *header;
    let addresses = (
        MacAddr([s0, s1, s2, s3, s4, s5]),
        MacAddr([d0, d1, d2, d3, d4, d5]),
    );
    let kind = u16::from_be_bytes([t0, t1]);
    if line.options.link_header {
        ethernet_header(line, addresses, kind, length);
    }
    let (kind, payload, tags) = tags(line, kind, payload);
    let shown = line.options.link_header;
    let left = length.saturating_sub(14 + 4 * tags);
    if !network(line, kind, left, payload, !shown) {
        if !shown {
            ethernet_header(line, addresses, kind, length);
        }
        unknown(line, kind, left, payload);
    }
    14 + 4 * tags
}

fn ethernet_header(
    line: &mut Line<'_>,
    (source, destination): (MacAddr, MacAddr),
    kind: u16,
    length: usize,
) {
    line.add(format_args!("{source:#} > {destination:#}, "));
    if kind <= 1500 {
        line.add(format_args!("802.3, length {kind}: "));
    } else {
        line.add(format_args!(
            "ethertype {} ({kind:#06x}), length {length}: ",
            name(kind)
        ));
    }
}

/// Skips VLAN tags, and prints them with `-e`. Returns the EtherType and the bytes behind them, and their number.
fn tags<'bytes>(
    line: &mut Line<'_>,
    mut kind: u16,
    mut payload: &'bytes [u8],
) -> (u16, &'bytes [u8], usize) {
    let mut count = 0;
    while matches!(kind, 0x8100 | 0x88a8 | 0x9100) && count < MAX_TAGS {
        let Some((tag, rest)) = payload.split_first_chunk::<4>() else {
            break;
        };
        let control = u16::from_be_bytes([tag[0], tag[1]]);
        kind = u16::from_be_bytes([tag[2], tag[3]]);
        payload = rest;
        count += 1;
        if line.options.link_header {
            let drop = if control & 0x1000 != 0 { ", DEI" } else { "" };
            line.add(format_args!(
                "vlan {}, p {}{drop}, ",
                control & 0x0fff,
                control >> 13
            ));
            if kind > 1500 {
                line.add(format_args!("ethertype {} ({kind:#06x}), ", name(kind)));
            }
        }
    }
    (kind, payload, count)
}

/// Prints the payload of an EtherType. Returns false if the EtherType is not supported. `prefix` starts the line with
/// the protocol's name.
fn network(line: &mut Line<'_>, kind: u16, length: usize, payload: &[u8], prefix: bool) -> bool {
    match kind {
        0x0800 => ip::version4(line, length, payload, prefix),
        0x86dd => ip::version6(line, length, payload, prefix),
        0x0806 | 0x8035 => arp::print(line, length, payload, prefix),
        _ => return false,
    }
    true
}

fn unknown(line: &mut Line<'_>, kind: u16, length: usize, payload: &[u8]) {
    if kind <= 1500 {
        other::llc(line, length.min(usize::from(kind)), payload);
    } else {
        bytes::hex_ascii(payload, line.out);
    }
}

/// Returns tcpdump's name of an EtherType.
fn name(kind: u16) -> &'static str {
    match kind {
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x8035 => "Reverse ARP",
        0x86dd => "IPv6",
        0x8100 => "802.1Q",
        0x88a8 => "802.1Q-QinQ",
        0x9100 => "802.1Q-9100",
        0x8847 => "MPLS unicast",
        0x8848 => "MPLS multicast",
        0x8863 => "PPPoE D",
        0x8864 => "PPPoE S",
        0x888e => "EAPOL",
        0x88cc => "LLDP",
        0x9000 => "Loopback",
        _ => "Unknown",
    }
}

/// Returns the name of the packet type in a Linux cooked header.
fn packet_type(number: u16) -> &'static str {
    match number {
        0 => "In ",
        1 => "B ",
        2 => "M ",
        3 => "P ",
        4 => "Out",
        _ => "?",
    }
}

fn cooked(line: &mut Line<'_>, length: usize, bytes: &[u8]) -> usize {
    let Some((header, payload)) = bytes.split_first_chunk::<16>() else {
        line.text("[|sll]");
        return bytes.len();
    };
    let kind = u16::from_be_bytes([header[14], header[15]]);
    if line.options.link_header {
        let packet_type = packet_type(u16::from_be_bytes([header[0], header[1]]));
        line.add(format_args!("{:>3} ", packet_type.trim_end()));
        cooked_address(
            line,
            &header[6..14],
            usize::from(u16::from_be_bytes([header[4], header[5]])),
        );
        line.add(format_args!(
            "ethertype {} ({kind:#06x}), length {length}: ",
            name(kind)
        ));
    }
    cooked_network(line, kind, length.saturating_sub(16), payload);
    16
}

fn cooked_v2(line: &mut Line<'_>, length: usize, bytes: &[u8]) -> usize {
    let Some((header, payload)) = bytes.split_first_chunk::<20>() else {
        line.text("[|sll2]");
        return bytes.len();
    };
    let kind = u16::from_be_bytes([header[0], header[1]]);
    let index = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
    match line.names.interface(index) {
        Some(name) => {
            let start = line.out.len();
            bytes::printable(name.as_bytes(), line.out);
            while line.out.len() < start + 5 {
                line.out.push(' ');
            }
            line.out.push(' ');
        }
        None => line.add(format_args!("ifindex {index} ")),
    }
    line.add(format_args!(
        "{:<3} ",
        packet_type(u16::from(header[10])).trim_end()
    ));
    if line.options.link_header {
        if line.names.interface(index).is_some() {
            line.add(format_args!("ifindex {index} "));
        }
        cooked_address(line, &header[12..20], usize::from(header[11]));
        line.add(format_args!(
            "ethertype {} ({kind:#06x}), length {length}: ",
            name(kind)
        ));
    }
    cooked_network(line, kind, length.saturating_sub(20), payload);
    20
}

fn cooked_address(line: &mut Line<'_>, address: &[u8], length: usize) {
    if let (Some(octets), 6) = (address.first_chunk::<6>(), length) {
        line.add(format_args!("{:#} ", MacAddr(*octets)));
    }
}

fn cooked_network(line: &mut Line<'_>, kind: u16, length: usize, payload: &[u8]) {
    let (kind, payload, count) = tags(line, kind, payload);
    let length = length.saturating_sub(4 * count);
    let shown = line.options.link_header;
    if !network(line, kind, length, payload, !shown) {
        if !shown {
            line.add(format_args!(
                "ethertype {} ({kind:#06x}), length {length}: ",
                name(kind)
            ));
        }
        unknown(line, kind, length, payload);
    }
}

/// Prints BSD loopback: an address family, then the IP packet. `read` gives the byte order of the family.
fn loopback(line: &mut Line<'_>, length: usize, bytes: &[u8], read: fn([u8; 4]) -> u32) -> usize {
    let Some((header, payload)) = bytes.split_first_chunk::<4>() else {
        line.text("[|null]");
        return bytes.len();
    };
    let family = read(*header);
    let left = length.saturating_sub(4);
    if line.options.link_header {
        line.add(format_args!("AF {family}, length {length}: "));
    }
    match family {
        2 => ip::version4(line, left, payload, !line.options.link_header),
        10 | 24 | 28 | 30 => ip::version6(line, left, payload, !line.options.link_header),
        _ => {
            if !line.options.link_header {
                line.add(format_args!("AF {family}, length {length}: "));
            }
            bytes::hex_ascii(payload, line.out);
        }
    }
    4
}
