//! UDP, NTP, DHCP and TFTP.

use crate::{
    bytes::{be16, be32, printable},
    dns,
    line::{IpPayload, Line, correct_checksum},
};
use vigie_wire::{MacAddr, udp::View};

pub(crate) fn print(line: &mut Line<'_>, message: &IpPayload<'_>) {
    let Ok(view) = View::parse(message.bytes) else {
        let port = |at| be16(message.bytes, at);
        if let (Some(source), Some(destination)) = (port(0), port(2)) {
            line.endpoints(message, source, destination);
        } else if !message.addressed {
            line.addresses(message);
        }
        return line.truncated("udp");
    };
    let (source, destination) = (view.src_port(), view.dst_port());
    line.endpoints(message, source, destination);
    let claimed = usize::from(view.len());
    if claimed < 8 && claimed != 0 {
        return line.add(format_args!("truncated-udplength {claimed}"));
    }
    let length = if claimed == 0 {
        message.length
    } else {
        claimed
    }
    .saturating_sub(8);
    let present = message.length.saturating_sub(8);
    // IPv6 has no header checksum, so tcpdump shows the one of UDP from -v on.
    let min_verbose = if message.source.is_ipv6() { 1 } else { 2 };
    if line.options.verbose >= min_verbose && message.is_whole() {
        checksum(line, message, view.checksum(), claimed);
    }
    if length > present && !message.fragment {
        return line.add(format_args!("UDP, bad length {length} > {present}"));
    }
    let payload = view.payload();
    let payload = &payload[..length.min(payload.len())];
    let on = |port: u16| source == port || destination == port;
    match () {
        () if on(53) => dns::print(line, length, payload, false),
        () if on(5353) => dns::print(line, length, payload, true),
        () if on(123) && length >= 1 => ntp(line, length, payload),
        () if (on(67) || on(68)) && length >= 1 => bootp(line, length, payload),
        () if destination == 69 => tftp(line, length, payload),
        () => line.add(format_args!("UDP, length {length}")),
    }
}

/// Prints the checksum over the length that the header claims.
fn checksum(line: &mut Line<'_>, message: &IpPayload<'_>, field: u16, claimed: usize) {
    let bytes = &message.bytes[..message.bytes.len().min(claimed.max(8))];
    let covered = IpPayload {
        bytes,
        length: bytes.len(),
        ..*message
    };
    match (field, covered.checksum()) {
        // The checksum is optional in IPv4 only (RFC 8200 section 8.1).
        (0, _) if message.source.is_ipv4() => line.text("[no cksum] "),
        (_, 0) => line.text("[udp sum ok] "),
        (_, computed) => {
            let correct = correct_checksum(computed, field);
            line.add(format_args!(
                "[bad udp cksum {field:#06x} -> {correct:#06x}!] "
            ));
        }
    }
}

/// NTP (RFC 5905): version and mode.
fn ntp(line: &mut Line<'_>, length: usize, payload: &[u8]) {
    const MODES: [&str; 8] = [
        "Reserved",
        "Symmetric Active",
        "Symmetric Passive",
        "Client",
        "Server",
        "Broadcast",
        "Control Message",
        "Reserved",
    ];
    let Some(&first) = payload.first() else {
        return line.truncated("ntp");
    };
    line.add(format_args!(
        "NTPv{}, {}, length {length}",
        (first >> 3) & 7,
        MODES[usize::from(first & 7)]
    ));
}

/// BOOTP and DHCP (RFC 951, RFC 2131): operation and client address.
fn bootp(line: &mut Line<'_>, length: usize, payload: &[u8]) {
    line.text("BOOTP/DHCP, ");
    match payload.first() {
        Some(1) => {
            line.text("Request");
            let ethernet = payload.get(1..3) == Some(&[1, 6]);
            if let (true, Some(octets)) = (
                ethernet,
                payload.get(28..).and_then(<[u8]>::first_chunk::<6>),
            ) {
                line.add(format_args!(" from {:#}", MacAddr(*octets)));
            }
        }
        Some(2) => line.text("Reply"),
        Some(other) => line.add(format_args!("unknown ({other:#04x})")),
        None => {}
    }
    line.add(format_args!(", length {length}"));
    if line.options.verbose > 0
        && let Some(transaction) = be32(payload, 4)
    {
        line.add(format_args!(", xid {transaction:#x}"));
    }
}

/// TFTP (RFC 1350): operation, file and mode of a request.
fn tftp(line: &mut Line<'_>, length: usize, payload: &[u8]) {
    line.add(format_args!("TFTP, length {length}"));
    let name = match be16(payload, 0) {
        Some(1) => "RRQ",
        Some(2) => "WRQ",
        Some(3) => "DATA",
        Some(4) => "ACK",
        Some(5) => "ERROR",
        Some(6) => "OACK",
        Some(other) => return line.add(format_args!(", tftp-#{other}")),
        None => return line.truncated("tftp"),
    };
    line.add(format_args!(", {name}"));
    if matches!(name, "RRQ" | "WRQ") {
        let mut parts = payload[2..].split(|&byte| byte == 0);
        line.text(" \"");
        printable(parts.next().unwrap_or_default(), line.out);
        line.text("\" ");
        printable(parts.next().unwrap_or_default(), line.out);
    }
}
