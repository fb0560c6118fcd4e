//! IPv4 and IPv6: addresses, the header with `-v`, fragments, extension headers and the payload.

use crate::{
    bytes::{be16, be32},
    icmp, icmpv6,
    line::{IpPayload, Line},
    other, tcp, udp,
};
use vigie_wire::{checksum::Checksum, error::ParseErrorKind, ipv4, ipv6, ipv6_ext::next};

/// Maximum number of nested IP headers.
const MAX_DEPTH: u8 = 4;

/// Prints an IPv4 packet: `length` bytes on the wire, `bytes` as captured, possibly with padding. `prefix` starts the
/// line with "IP".
pub(crate) fn version4(line: &mut Line<'_>, length: usize, bytes: &[u8], prefix: bool) {
    if prefix {
        line.text("IP ");
    }
    line.depth += 1;
    match ipv4::View::parse(bytes) {
        Ok(view) => packet4(line, length, &view),
        Err(error) => malformed4(line, error.kind, error.had, bytes),
    }
    line.depth -= 1;
}

fn malformed4(line: &mut Line<'_>, kind: ParseErrorKind, had: usize, bytes: &[u8]) {
    match kind {
        ParseErrorKind::BadVersion => {
            // tcpdump prints "IP" here even after a link header, in place of the prefix.
            if line.out.ends_with("IP ") {
                line.out.truncate(line.out.len() - 3);
            }
            line.add(format_args!(
                "IP{} (invalid)",
                bytes.first().map_or(0, |first| first >> 4)
            ));
        }
        ParseErrorKind::BadLength => line.add(format_args!("bad-hlen {had}")),
        _ => line.text("[|ip]"),
    }
}

fn packet4(line: &mut Line<'_>, length: usize, view: &ipv4::View<'_>) {
    let total = usize::from(view.total_len());
    // The length is 0 in captured packets of this host if the network card fills it in (segmentation offload).
    let total = if total == 0 { length } else { total };
    if total < view.header_len() {
        return line.add(format_args!("bad-len {total}"));
    }
    if length < total {
        line.add(format_args!(
            "truncated-ip - {} bytes missing! ",
            total - length
        ));
    }
    if line.options.verbose > 0 {
        header4(line, view, total);
    }
    let message = IpPayload {
        source: view.src().into(),
        destination: view.dst().into(),
        protocol: view.proto(),
        bytes: view.payload(),
        length: total.min(length.max(view.header_len())) - view.header_len(),
        fragment: view.more_fragments() || view.frag_offset() != 0,
        addressed: false,
    };
    if view.frag_offset() != 0 {
        line.addresses(&message);
        return line.add(format_args!("ip-proto-{}", view.proto()));
    }
    transport(line, &message, true);
}

/// Appends `(tos 0x0, ttl 64, id 7, offset 0, flags [DF], proto TCP (6), length 60)` and starts a new line.
fn header4(line: &mut Line<'_>, view: &ipv4::View<'_>, total: usize) {
    line.add(format_args!("(tos {:#x}", view.tos()));
    line.text(match view.tos() & 3 {
        1 => ",ECT(1)",
        2 => ",ECT(0)",
        3 => ",CE",
        _ => "",
    });
    if view.ttl() >= 1 {
        line.add(format_args!(", ttl {}", view.ttl()));
    }
    line.add(format_args!(
        ", id {}, offset {}, flags [",
        view.id(),
        u32::from(view.frag_offset()) * 8
    ));
    line.flags(view.flags(), &[("+", 1), ("DF", 2), ("rsvd", 4)]);
    let protocol = view.proto();
    line.add(format_args!(
        "], proto {} ({protocol}), length {total}",
        protocol_name(protocol)
    ));
    if !view.options().is_empty() {
        options4(line, view.options());
    }
    if !view.checksum_ok() {
        line.add(format_args!(
            ", bad cksum {:x} (->{:x})!",
            view.checksum(),
            header_sum(view)
        ));
    }
    line.text(")\n    ");
}

/// Returns the correct header checksum.
fn header_sum(view: &ipv4::View<'_>) -> u16 {
    let words = [
        u16::from_be_bytes([0x40 | view.header_words(), view.tos()]),
        view.total_len(),
        view.id(),
        (u16::from(view.flags()) << 13) | view.frag_offset(),
        u16::from_be_bytes([view.ttl(), view.proto()]),
    ];
    let mut sum = Checksum::new()
        .add_bytes(&view.src().octets())
        .add_bytes(&view.dst().octets());
    for word in words {
        sum = sum.add_u16(word);
    }
    sum.add_bytes(view.options()).finish()
}

fn options4(line: &mut Line<'_>, options: &[u8]) {
    line.text(", options (");
    let mut at = 0;
    let mut first = true;
    while let Some(&kind) = options.get(at) {
        if !first {
            line.text(",");
        }
        first = false;
        match kind {
            0 => line.text("EOL"),
            1 => line.text("NOP"),
            7 => route(line, "RR", &options[at..]),
            68 => line.text("timestamp"),
            131 => route(line, "LSRR", &options[at..]),
            137 => route(line, "SSRR", &options[at..]),
            148 => line.text("RA"),
            other => line.add(format_args!("unknown {other}")),
        }
        if kind == 0 {
            break;
        }
        at += match (kind, options.get(at + 1)) {
            (1, _) => 1,
            (_, Some(&length)) if length >= 2 => usize::from(length),
            _ => break,
        };
    }
    line.text(")");
}

/// Appends a route option: a comma follows each address that was passed.
fn route(line: &mut Line<'_>, name: &str, option: &[u8]) {
    line.text(name);
    let (length, pointer) = (
        option.get(1).copied().unwrap_or(0),
        option.get(2).copied().unwrap_or(0),
    );
    let addresses = option.get(3..usize::from(length)).unwrap_or_default();
    for (offset, octets) in (3_u8..).step_by(4).zip(addresses.as_chunks::<4>().0) {
        line.add(format_args!(" {}", core::net::Ipv4Addr::from(*octets)));
        if pointer > offset + 1 {
            line.text(",");
        }
    }
}

/// Returns the name of an IP protocol number.
fn protocol_name(protocol: u8) -> &'static str {
    match protocol {
        0 => "Options",
        1 => "ICMP",
        2 => "IGMP",
        4 => "IPIP",
        6 => "TCP",
        9 => "IGRP",
        17 => "UDP",
        33 => "DCCP",
        41 => "IPv6",
        43 => "Routing",
        44 => "Fragment",
        46 => "RSVP",
        47 => "GRE",
        50 => "ESP",
        51 => "AH",
        58 => "ICMPv6",
        59 => "no next header",
        88 => "EIGRP",
        89 => "OSPF",
        103 => "PIM",
        108 => "Compressed IP",
        112 => "VRRP",
        132 => "SCTP",
        _ => "unknown",
    }
}

/// Prints the payload of an IP packet. TCP, UDP and SCTP print the addresses with their ports.
fn transport(line: &mut Line<'_>, message: &IpPayload<'_>, in_ip4: bool) {
    let with_ports = matches!(message.protocol, 6 | 17 | 132);
    if !with_ports && !message.addressed {
        line.addresses(message);
    }
    match message.protocol {
        1 if in_ip4 => icmp::print(line, message),
        2 if in_ip4 => other::igmp(line, message),
        4 if line.depth < MAX_DEPTH => version4(
            line,
            message.length,
            message.bytes,
            !line.options.link_header,
        ),
        6 => tcp::print(line, message),
        17 => udp::print(line, message),
        41 if line.depth < MAX_DEPTH => version6(
            line,
            message.length,
            message.bytes,
            !line.options.link_header,
        ),
        50 => other::esp(line, message),
        58 if !in_ip4 => icmpv6::print(line, message),
        132 => other::sctp(line, message),
        protocol => line.add(format_args!(" ip-proto-{protocol} {}", message.length)),
    }
}

/// Prints an IPv6 packet of `length` bytes on the wire. `prefix` starts the line with "IP6".
pub(crate) fn version6(line: &mut Line<'_>, length: usize, bytes: &[u8], prefix: bool) {
    if prefix {
        line.text("IP6 ");
    }
    line.depth += 1;
    match ipv6::View::parse(bytes) {
        Ok(view) => packet6(line, length, &view),
        Err(error) if error.kind == ParseErrorKind::BadVersion => {
            line.add(format_args!(
                "version error: {} != 6",
                bytes.first().map_or(0, |first| first >> 4)
            ));
        }
        Err(_) => line.text("[|ip6]"),
    }
    line.depth -= 1;
}

fn packet6(line: &mut Line<'_>, length: usize, view: &ipv6::View<'_>) {
    let promised = usize::from(view.payload_len());
    let available = length.saturating_sub(40);
    if available < promised {
        line.add(format_args!(
            "truncated-ip6 - {} bytes missing!",
            promised - available
        ));
    }
    if line.options.verbose > 0 {
        line.text("(");
        if view.traffic_class() != 0 {
            line.add(format_args!("class {:#04x}, ", view.traffic_class()));
        }
        if view.flow_label() != 0 {
            line.add(format_args!("flowlabel {:#07x}, ", view.flow_label()));
        }
        let next = view.next_header();
        let name = protocol_name(next);
        line.add(format_args!(
            "hlim {}, next-header {name} ({next}) payload length: {promised}) ",
            view.hop_limit()
        ));
    }
    let message = IpPayload {
        source: view.src().into(),
        destination: view.dst().into(),
        protocol: view.next_header(),
        bytes: view.payload(),
        length: promised.min(available),
        fragment: false,
        addressed: false,
    };
    extensions(line, message);
}

/// Prints extension headers, then the payload behind them.
fn extensions(line: &mut Line<'_>, mut message: IpPayload<'_>) {
    for _ in 0..ipv6::MAX_EXTENSIONS {
        let extension = matches!(
            message.protocol,
            next::HOP_BY_HOP | next::ROUTING | next::FRAGMENT | next::DEST_OPT | next::NONE
        );
        if !extension {
            break;
        }
        if !message.addressed {
            line.addresses(&message);
            message.addressed = true;
        }
        if message.protocol == next::NONE {
            return line.text("no next header");
        }
        let bytes = message.bytes;
        let (Some(&following), Some(&units)) = (bytes.first(), bytes.get(1)) else {
            return line.truncated("ext");
        };
        let size = if message.protocol == next::FRAGMENT {
            8
        } else {
            (usize::from(units) + 1) * 8
        };
        let Some(rest) = bytes.get(size..) else {
            return line.truncated("ext");
        };
        match message.protocol {
            next::HOP_BY_HOP => {
                line.text("HBH ");
                options6(line, &bytes[2..size]);
            }
            next::DEST_OPT => {
                line.text("DSTOPT ");
                options6(line, &bytes[2..size]);
            }
            next::ROUTING => {
                if let Some(last) = routing(line, &bytes[..size]) {
                    // The checksum was computed with the last address of the route.
                    message.destination = last;
                }
            }
            _ => {
                let offset = be16(bytes, 2).unwrap_or(0) & 0xfff8;
                message.fragment = true;
                fragment(line, &message, offset);
                if offset != 0 {
                    return;
                }
            }
        }
        message.protocol = following;
        message.bytes = rest;
        message.length = message.length.saturating_sub(size);
    }
    transport(line, &message, false);
}

/// Prints a fragment header; `offset` is in bytes.
fn fragment(line: &mut Line<'_>, message: &IpPayload<'_>, offset: u16) {
    line.text("frag (");
    if line.options.verbose > 0 {
        line.add(format_args!(
            "{:#010x}:",
            be32(message.bytes, 4).unwrap_or(0)
        ));
    }

    line.add(format_args!(
        "{offset}|{})",
        message.length.saturating_sub(8)
    ));
    if offset == 0 {
        line.text(" ");
    }
}

/// Prints the options of an extension header, with `-v`.
fn options6(line: &mut Line<'_>, mut options: &[u8]) {
    if line.options.verbose == 0 {
        return;
    }
    while let Some((&kind, rest)) = options.split_first() {
        if kind == 0 {
            line.text("(pad1) ");
            options = rest;
            continue;
        }
        let Some((&length, rest)) = rest.split_first() else {
            break;
        };
        let Some((data, rest)) = rest.split_at_checked(usize::from(length)) else {
            break;
        };
        match (kind, data) {
            (1, _) => line.text("(padn) "),
            (5, &[high, low]) => line.add(format_args!(
                "(rtalert: {:#06x}) ",
                u16::from_be_bytes([high, low])
            )),
            _ => line.add(format_args!("(opt_type {kind:#04x}: len={length}) ")),
        }
        options = rest;
    }
}

/// Prints a routing header. Returns the last address of the route if it is not reached yet.
fn routing(line: &mut Line<'_>, header: &[u8]) -> Option<core::net::IpAddr> {
    let (units, kind, left) = (header[1], header[2], header[3]);
    let name = match kind {
        0 => " [Deprecated]",
        2 => "",
        4 => " [SRH]",
        _ => " [Unknown]",
    };
    line.add(format_args!(
        "RT6 (len={units}, type={kind}{name}, segleft={left}"
    ));
    let mut last = None;
    if kind == 0 {
        if line.options.verbose > 0 {
            line.add(format_args!(", rsv={:#x}", be32(header, 4).unwrap_or(0)));
        }
        for (index, address) in header[8..].as_chunks::<16>().0.iter().enumerate() {
            let address = core::net::Ipv6Addr::from(*address);
            line.add(format_args!(", [{index}]{address}"));
            last = Some(address.into());
        }
    }
    line.text(") ");
    last.filter(|_| left > 0)
}
