//! UDP lines, and NTP, DHCP and TFTP.

use super::{Carried, Line, bytes::half, dns, tcp};
use vigie_wire::{MacAddr, udp::View};

pub(super) fn print(line: &mut Line<'_>, carried: &Carried<'_>) {
    let Ok(view) = View::parse(carried.bytes) else {
        let port = |at| half(carried.bytes, at);
        if let (Some(source), Some(destination)) = (port(0), port(2)) {
            tcp::ends(line, carried, source, destination);
        } else if !carried.addressed {
            super::ip::addresses(line, carried);
        }
        return line.cut("udp");
    };
    let (source, destination) = (view.src_port(), view.dst_port());
    tcp::ends(line, carried, source, destination);
    let claimed = usize::from(view.len());
    if claimed < 8 && claimed != 0 {
        return line.add(format_args!("truncated-udplength {claimed}"));
    }
    let length = if claimed == 0 {
        carried.length
    } else {
        claimed
    }
    .saturating_sub(8);
    let present = carried.length.saturating_sub(8);
    // IPv6 has no header checksum: there the datagram's is shown sooner.
    let wanted = if carried.source.is_ipv6() { 1 } else { 2 };
    if line.options.verbose >= wanted && carried.is_whole() {
        checksum(line, carried, view.checksum(), claimed);
    }
    if length > present && !carried.fragment {
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

fn checksum(line: &mut Line<'_>, carried: &Carried<'_>, sum: u16, claimed: usize) {
    let bytes = &carried.bytes[..carried.bytes.len().min(claimed.max(8))];
    let own = Carried {
        bytes,
        length: bytes.len(),
        ..*carried
    };
    match (sum, own.checksum()) {
        // IPv6 forbids leaving it out (RFC 8200 section 8.1).
        (0, _) if carried.source.is_ipv4() => line.text("[no cksum] "),
        (_, 0) => line.text("[udp sum ok] "),
        (_, left) => {
            let right = super::right_sum(left, sum);
            line.add(format_args!("[bad udp cksum {sum:#06x} -> {right:#06x}!] "));
        }
    }
}

/// NTP (RFC 5905): version and mode from the first byte.
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
        return line.cut("ntp");
    };
    line.add(format_args!(
        "NTPv{}, {}, length {length}",
        (first >> 3) & 7,
        MODES[usize::from(first & 7)]
    ));
}

/// BOOTP and DHCP (RFC 951, RFC 2131): who asks.
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
        && let Some(transaction) = super::bytes::word(payload, 4)
    {
        line.add(format_args!(", xid {transaction:#x}"));
    }
}

/// TFTP (RFC 1350): the operation, with a request's file and mode.
fn tftp(line: &mut Line<'_>, length: usize, payload: &[u8]) {
    line.add(format_args!("TFTP, length {length}"));
    let name = match half(payload, 0) {
        Some(1) => "RRQ",
        Some(2) => "WRQ",
        Some(3) => "DATA",
        Some(4) => "ACK",
        Some(5) => "ERROR",
        Some(6) => "OACK",
        Some(other) => return line.add(format_args!(", tftp-#{other}")),
        None => return line.cut("tftp"),
    };
    line.add(format_args!(", {name}"));
    if matches!(name, "RRQ" | "WRQ") {
        let mut parts = payload[2..].split(|&byte| byte == 0);
        line.text(" \"");
        super::bytes::printable(parts.next().unwrap_or_default(), line.out);
        line.text("\" ");
        super::bytes::printable(parts.next().unwrap_or_default(), line.out);
    }
}
