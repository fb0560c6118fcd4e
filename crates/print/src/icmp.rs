//! ICMP (RFC 792 and successors): errors, and with `-v` the packet that they quote.

use core::net::{IpAddr, Ipv4Addr};

use crate::{
    bytes::{be16, be32},
    ip,
    line::{IpPayload, Line, correct_checksum},
};
use vigie_wire::{checksum::checksum, icmpv4::View, ipv4};

pub(crate) fn print(line: &mut Line<'_>, message: &IpPayload<'_>) {
    line.text("ICMP ");
    let Ok(view) = View::parse(message.bytes) else {
        return line.truncated("icmp");
    };
    let bytes = message.bytes;
    let (id, sequence) = (be16(bytes, 4).unwrap_or(0), be16(bytes, 6).unwrap_or(0));
    match view.kind() {
        0 => line.add(format_args!("echo reply, id {id}, seq {sequence}")),
        8 => line.add(format_args!("echo request, id {id}, seq {sequence}")),
        3 => unreachable(line, view.code(), sequence, view.quoted()),
        4 => line.text("source quench"),
        5 => redirect(
            line,
            view.code(),
            be32(bytes, 4).unwrap_or(0),
            view.quoted(),
        ),
        9 => router_advertisement(line, bytes),
        10 => line.text("router solicitation"),
        11 => match view.code() {
            0 => line.text("time exceeded in-transit"),
            1 => line.text("ip reassembly time exceeded"),
            code => line.add(format_args!("time exceeded-#{code}")),
        },
        12 if view.code() == 0 => line.add(format_args!("parameter problem - octet {}", id >> 8)),
        12 => line.add(format_args!("parameter problem - code {}", view.code())),
        13 => line.add(format_args!("time stamp query id {id} seq {sequence}")),
        14 => {
            line.add(format_args!(
                "time stamp reply id {id} seq {sequence}: org "
            ));
            for (at, name) in [(8, ", recv "), (12, ", xmit "), (16, "")] {
                time_of_day(line, be32(bytes, at).unwrap_or(0));
                line.text(name);
            }
        }
        15 => line.text("information request"),
        16 => line.text("information reply"),
        17 => line.text("address mask request"),
        18 => line.add(format_args!(
            "address mask is {:#010x}",
            be32(bytes, 8).unwrap_or(0)
        )),
        kind => line.add(format_args!("type-#{kind}")),
    }
    line.add(format_args!(", length {}", message.length));
    if line.options.verbose > 0 {
        if message.is_whole() {
            wrong_checksum(line, &bytes[..message.length.min(bytes.len())]);
        }
        if matches!(view.kind(), 3 | 4 | 5 | 11 | 12) && !view.quoted().is_empty() {
            line.text("\n\t");
            // With a link header, tcpdump omits "IP" even before a quoted packet.
            let prefix = !line.options.link_header;
            ip::version4(
                line,
                message.length.saturating_sub(8),
                view.quoted(),
                prefix,
            );
        }
    }
}

/// Appends a note if the checksum is wrong.
fn wrong_checksum(line: &mut Line<'_>, bytes: &[u8]) {
    let computed = checksum(bytes);
    if computed != 0 {
        let field = be16(bytes, 2).unwrap_or(0);
        let correct = correct_checksum(computed, field);
        line.add(format_args!(
            " (wrong icmp cksum {field:x} (->{correct:x})!)"
        ));
    }
}

/// Returns destination, protocol and destination port of a quoted packet.
fn quoted(bytes: &[u8]) -> Option<(IpAddr, u8, Option<u16>)> {
    let (header, _) = bytes.split_first_chunk::<20>()?;
    let destination = Ipv4Addr::new(header[16], header[17], header[18], header[19]);
    let port = ipv4::View::parse(bytes)
        .ok()
        .and_then(|view| be16(view.payload(), 2));
    Some((destination.into(), header[9], port))
}

fn unreachable(line: &mut Line<'_>, code: u8, mtu: u16, quote: &[u8]) {
    let Some((destination, protocol, port)) = quoted(quote) else {
        return line.text("unreachable [|icmp]");
    };
    let (before, after) = match code {
        0 => ("net ", " unreachable"),
        1 => ("host ", " unreachable"),
        2 => {
            line.host(destination);
            return line.add(format_args!(" protocol {protocol} unreachable"));
        }
        3 => return port_unreachable(line, destination, protocol, port),
        4 => {
            line.host(destination);
            line.text(" unreachable - need to frag");
            if mtu > 0 {
                line.add(format_args!(" (mtu {mtu})"));
            }
            return;
        }
        5 => ("", " unreachable - source route failed"),
        6 => ("net ", " unreachable - unknown"),
        7 => ("host ", " unreachable - unknown"),
        8 => ("", " unreachable - source host isolated"),
        9 => ("net ", " unreachable - admin prohibited"),
        10 => ("host ", " unreachable - admin prohibited"),
        11 => ("net ", " unreachable - tos prohibited"),
        12 => ("host ", " unreachable - tos prohibited"),
        13 => ("host ", " unreachable - admin prohibited filter"),
        14 => ("host ", " unreachable - host precedence violation"),
        15 => ("host ", " unreachable - precedence cutoff"),
        _ => {
            line.host(destination);
            return line.add(format_args!(" unreachable - #{code}"));
        }
    };
    line.text(before);
    line.host(destination);
    line.text(after);
}

fn port_unreachable(line: &mut Line<'_>, destination: IpAddr, protocol: u8, port: Option<u16>) {
    let Some(port) = port else {
        return line.text("unreachable [|icmp]");
    };
    line.host(destination);
    match protocol {
        6 => line.text(" tcp port "),
        17 => line.text(" udp port "),
        _ => line.add(format_args!(" protocol {protocol} port ")),
    }
    line.port(port, protocol);
    line.text(" unreachable");
}

fn redirect(line: &mut Line<'_>, code: u8, gateway: u32, quote: &[u8]) {
    line.text("redirect");
    if code > 3 {
        return line.add(format_args!("-#{code}"));
    }
    match quoted(quote) {
        Some((destination, ..)) => {
            line.text(if code >= 2 { "-tos " } else { " " });
            line.host(destination);
        }
        None => return line.text(" [|icmp]"),
    }
    line.text(if code & 1 == 0 {
        " to net "
    } else {
        " to host "
    });
    line.host(Ipv4Addr::from_bits(gateway).into());
}

fn router_advertisement(line: &mut Line<'_>, bytes: &[u8]) {
    let lifetime = be16(bytes, 6).unwrap_or(0);
    let (count, size) = (
        bytes.get(4).copied().unwrap_or(0),
        bytes.get(5).copied().unwrap_or(0),
    );
    line.text("router advertisement lifetime ");
    match lifetime {
        0..60 => line.add(format_args!("{lifetime}")),
        60..3600 => line.add(format_args!("{}:{:02}", lifetime / 60, lifetime % 60)),
        _ => line.add(format_args!(
            "{}:{:02}:{:02}",
            lifetime / 3600,
            lifetime / 60 % 60,
            lifetime % 60
        )),
    }
    line.add(format_args!(" {count}:"));
    if size != 2 {
        return line.add(format_args!(" [size {size}]"));
    }
    for entry in bytes
        .get(8..)
        .unwrap_or_default()
        .chunks_exact(8)
        .take(usize::from(count))
    {
        let address = Ipv4Addr::new(entry[0], entry[1], entry[2], entry[3]);
        let preference = be32(entry, 4).unwrap_or(0);
        line.add(format_args!(" {{{address} {preference}}}"));
    }
}

/// Appends a time given in milliseconds since midnight UTC.
fn time_of_day(line: &mut Line<'_>, milliseconds: u32) {
    let seconds = milliseconds / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    line.add(format_args!(
        "{hours:02}:{minutes:02}:{:02}.{:03}",
        seconds % 60,
        milliseconds % 1000
    ));
}
