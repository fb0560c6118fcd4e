//! Protocols with a short line: LLC, IGMP, ESP, SCTP.

use core::net::Ipv4Addr;

use crate::{
    bytes::{be16, be32},
    line::{IpPayload, Line},
};

/// IEEE 802.2: the service access points.
pub(crate) fn llc(line: &mut Line<'_>, length: usize, payload: &[u8]) {
    let [destination, source, control, ..] = *payload else {
        return line.text("LLC [|llc]");
    };
    line.add(format_args!(
        "LLC, dsap {destination:#04x}, ssap {source:#04x}, ctrl {control:#04x}, length {length}"
    ));
}

/// IGMP (RFC 1112, RFC 2236, RFC 3376).
pub(crate) fn igmp(line: &mut Line<'_>, message: &IpPayload<'_>) {
    let bytes = message.bytes;
    line.text("igmp ");
    let (Some(&kind), Some(group)) = (bytes.first(), be32(bytes, 4).map(Ipv4Addr::from_bits))
    else {
        return line.truncated("igmp");
    };
    match kind {
        0x11 if message.length >= 12 => line.text("query v3"),
        0x11 => {
            let delay = bytes.get(1).copied().unwrap_or(0);
            line.text(if delay == 0 { "query v1" } else { "query v2" });
            if delay != 0 && delay != 100 {
                line.add(format_args!(" [max resp time {delay}]"));
            }
            if !group.is_unspecified() {
                line.add(format_args!(" [gaddr {group}]"));
            }
        }
        0x12 => line.add(format_args!("v1 report {group}")),
        0x16 => line.add(format_args!("v2 report {group}")),
        0x17 => line.add(format_args!("leave {group}")),
        0x22 => line.add(format_args!(
            "v3 report, {} group record(s)",
            be16(bytes, 6).unwrap_or(0)
        )),
        other => line.add(format_args!("[type {other:#x}]")),
    }
}

/// ESP (RFC 4303): the fields that are not encrypted.
pub(crate) fn esp(line: &mut Line<'_>, message: &IpPayload<'_>) {
    match (be32(message.bytes, 0), be32(message.bytes, 4)) {
        (Some(index), Some(sequence)) => {
            line.add(format_args!(
                "ESP(spi={index:#010x},seq={sequence:#x}), length {}",
                message.length
            ));
        }
        _ => line.truncated("esp"),
    }
}

/// SCTP (RFC 9260): the chunks.
pub(crate) fn sctp(line: &mut Line<'_>, message: &IpPayload<'_>) {
    let bytes = message.bytes;
    let (Some(source), Some(destination)) = (be16(bytes, 0), be16(bytes, 2)) else {
        if !message.addressed {
            line.addresses(message);
        }
        return line.truncated("sctp");
    };
    // The addresses are repeated even behind extension headers.
    line.endpoints(
        &IpPayload {
            addressed: false,
            ..*message
        },
        source,
        destination,
    );
    line.text("sctp");
    let mut rest = bytes.get(12..).unwrap_or_default();
    let mut number = 0;
    while let (Some(&kind), Some(length)) = (rest.first(), be16(rest, 2)) {
        number += 1;
        if line.options.verbose > 1 {
            line.add(format_args!("\n\t{number}) "));
        } else {
            line.add(format_args!(" ({number}) "));
        }
        chunk(line, kind, rest);
        let Some(next) = rest.get(usize::from(length).max(4).next_multiple_of(4)..) else {
            break;
        };
        rest = next;
    }
}

/// Prints one chunk of SCTP.
fn chunk(line: &mut Line<'_>, kind: u8, bytes: &[u8]) {
    const NAMES: [&str; 15] = [
        "DATA",
        "INIT",
        "INIT ACK",
        "SACK",
        "HB REQ",
        "HB ACK",
        "ABORT",
        "SHUTDOWN",
        "SHUTDOWN ACK",
        "OP ERR",
        "COOKIE ECHO",
        "COOKIE ACK",
        "ECNE",
        "CWR",
        "SHUTDOWN COMPLETE",
    ];
    match NAMES.get(usize::from(kind)) {
        Some(name) => line.add(format_args!("[{name}] ")),
        None => return line.add(format_args!("[Unknown chunk type: {kind:#x}]")),
    }
    let word = |at| be32(bytes, at).unwrap_or(0);
    let half = |at| be16(bytes, at).unwrap_or(0);
    match kind {
        0 => line.add(format_args!(
            "[TSN: {}] [SID: {}] [SSEQ {}] [PPID {:#x}] ",
            word(4),
            half(8),
            half(10),
            word(12)
        )),
        1 | 2 => line.add(format_args!(
            "[init tag: {}] [rwnd: {}] [OS: {}] [MIS: {}] [init TSN: {}] ",
            word(4),
            word(8),
            half(12),
            half(14),
            word(16)
        )),
        _ => {}
    }
}
