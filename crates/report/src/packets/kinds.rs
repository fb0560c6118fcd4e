//! The kinds of packets. A new kind is a row in `KINDS` and an arm in `kind`; its texts are `seen-*`.

use vigie_wire::frame::{Frame, Net, Transport as Carried};
use vigie_wire::tcp::Flags;
use vigie_wire::{arp, icmpv4, icmpv6, tcp, udp};

/// A kind of packets.
#[derive(Clone, Copy, Debug)]
pub(super) struct PacketKind {
    /// Name that protocol standards use.
    pub(super) name: &'static str,
    /// Key of the text that explains it.
    pub(super) key: &'static str,
    /// Capture filter that matches it. `tcp[...]` and `udp[...]` match IPv4 only, so IPv6 is matched from its header on.
    pub(super) filter: &'static str,
}

const fn row(name: &'static str, key: &'static str, filter: &'static str) -> PacketKind {
    PacketKind { name, key, filter }
}

/// Every kind, in the order of the report.
pub(super) const KINDS: &[PacketKind] = &[
    row("ARP request", "seen-arp-request", "arp[6:2] = 1"),
    row("ARP reply", "seen-arp-reply", "arp[6:2] = 2"),
    row(
        "neighbor solicitation",
        "seen-ns",
        "icmp6 and ip6[40] = 135",
    ),
    row(
        "neighbor advertisement",
        "seen-na",
        "icmp6 and ip6[40] = 136",
    ),
    row(
        "router solicitation/advertisement",
        "seen-router",
        "icmp6 and (ip6[40] = 133 or ip6[40] = 134)",
    ),
    row(
        "MLD",
        "seen-mld",
        "ip6[6] = 0 and ip6[40] = 58 and ip6[48] > 129",
    ),
    row(
        "ICMP echo request",
        "seen-echo",
        "(icmp[0] = 8) or (icmp6 and ip6[40] = 128)",
    ),
    row(
        "ICMP echo reply",
        "seen-echo-reply",
        "(icmp[0] = 0) or (icmp6 and ip6[40] = 129)",
    ),
    row(
        "ICMP port unreachable",
        "seen-port-unreachable",
        "(icmp[0] = 3 and icmp[1] = 3) or (icmp6 and ip6[40] = 1 and ip6[41] = 4)",
    ),
    row(
        "ICMP prohibited",
        "seen-prohibited",
        "(icmp[0] = 3 and (icmp[1] = 9 or icmp[1] = 10 or icmp[1] = 13)) or (icmp6 and ip6[40] = 1 and (ip6[41] = 1 or ip6[41] = 5))",
    ),
    row(
        "ICMP unreachable",
        "seen-unreachable",
        "(icmp[0] = 3) or (icmp6 and ip6[40] = 1)",
    ),
    row(
        "ICMP time exceeded",
        "seen-time-exceeded",
        "(icmp[0] = 11) or (icmp6 and ip6[40] = 3)",
    ),
    row(
        "ICMP redirect",
        "seen-redirect",
        "(icmp[0] = 5) or (icmp6 and ip6[40] = 137)",
    ),
    row("ICMP, other", "seen-icmp", "icmp or icmp6"),
    row(
        "TCP SYN",
        "seen-syn",
        "(tcp[13] & 23 = 2) or (ip6 proto 6 and ip6[53] & 23 = 2)",
    ),
    row(
        "TCP SYN, ACK",
        "seen-syn-ack",
        "(tcp[13] & 23 = 18) or (ip6 proto 6 and ip6[53] & 23 = 18)",
    ),
    row(
        "TCP ACK",
        "seen-ack",
        "(tcp[13] & 23 = 16 and ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) = 0) or (ip6 proto 6 and ip6[53] & 23 = 16 and ip6[4:2] - ((ip6[52] & 240) >> 2) = 0)",
    ),
    row(
        "TCP data",
        "seen-data",
        "(tcp[13] & 23 = 16 and ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) != 0) or (ip6 proto 6 and ip6[53] & 23 = 16 and ip6[4:2] - ((ip6[52] & 240) >> 2) != 0)",
    ),
    row(
        "TCP FIN",
        "seen-fin",
        "(tcp[13] & 23 = 17) or (ip6 proto 6 and ip6[53] & 23 = 17)",
    ),
    row(
        "TCP RST",
        "seen-rst",
        "(tcp[13] & 6 = 4) or (ip6 proto 6 and ip6[53] & 6 = 4)",
    ),
    row(
        "TCP, odd flags",
        "seen-odd-flags",
        "(tcp[13] & 3 = 3) or (tcp[13] & 6 = 6) or (tcp[13] & 22 = 0) or (ip6 proto 6 and (ip6[53] & 3 = 3 or ip6[53] & 6 = 6 or ip6[53] & 22 = 0))",
    ),
    row(
        "DNS query",
        "seen-dns-query",
        "(udp port 53 or udp port 5353) and (udp[10] & 128 = 0 or ip6[50] & 128 = 0)",
    ),
    row(
        "DNS response",
        "seen-dns-response",
        "(udp port 53 or udp port 5353) and (udp[10] & 128 != 0 or ip6[50] & 128 != 0)",
    ),
    row(
        "DHCP",
        "seen-dhcp",
        "udp port 67 or udp port 68 or udp port 546 or udp port 547",
    ),
    row("NTP", "seen-ntp", "udp port 123"),
    row("UDP", "seen-udp", "udp"),
    row(
        "IP fragment",
        "seen-fragment",
        "(ip[6:2] & 8191 != 0) or (ip6[6] = 44)",
    ),
    row(
        "IP, other protocol",
        "seen-protocol",
        "(ip or ip6) and not (tcp or udp or icmp or icmp6)",
    ),
    row("other", "seen-other", "not (ip or ip6 or arp)"),
];

/// Returns the text key of a frame's kind. text keys: seen-*
pub(super) fn kind(frame: &Frame<'_>) -> &'static str {
    match (&frame.net, &frame.transport) {
        (Net::Arp(message), _) if message.op() == arp::REQUEST => "seen-arp-request",
        (Net::Arp(_), _) => "seen-arp-reply",
        (_, Carried::Tcp(tcp)) => of_tcp(tcp),
        (_, Carried::Udp(udp)) => of_udp(udp),
        (_, Carried::Icmpv4(message)) => of_icmpv4(message.kind(), message.code()),
        (_, Carried::Icmpv6(message)) => of_icmpv6(message.kind(), message.code()),
        (_, Carried::Fragment) => "seen-fragment",
        (_, Carried::Other { .. }) => "seen-protocol",
        (_, Carried::Malformed(_) | Carried::None) => "seen-other",
    }
}

/// Classifies a TCP segment by its flags (RFC 9293 section 3.1).
fn of_tcp(tcp: &tcp::View<'_>) -> &'static str {
    let flags = tcp.flags();
    let all = |set| flags.contains(set);
    if all(Flags::SYN | Flags::FIN) || all(Flags::SYN | Flags::RST) {
        "seen-odd-flags"
    } else if all(Flags::RST) {
        "seen-rst"
    } else if all(Flags::SYN | Flags::ACK) {
        "seen-syn-ack"
    } else if all(Flags::SYN) {
        "seen-syn"
    } else if !all(Flags::ACK) {
        "seen-odd-flags"
    } else if all(Flags::FIN) {
        "seen-fin"
    } else if tcp.payload().is_empty() {
        "seen-ack"
    } else {
        "seen-data"
    }
}

fn of_udp(udp: &udp::View<'_>) -> &'static str {
    let has = |ports: &[u16]| ports.contains(&udp.src_port()) || ports.contains(&udp.dst_port());
    if has(&[53, 5353]) {
        // The bit QR (RFC 1035 section 4.1.1).
        return match udp.payload().get(2) {
            Some(byte) if byte & 0x80 != 0 => "seen-dns-response",
            Some(_) => "seen-dns-query",
            None => "seen-udp",
        };
    }
    if has(&[67, 68, 546, 547]) {
        "seen-dhcp"
    } else if has(&[123]) {
        "seen-ntp"
    } else {
        "seen-udp"
    }
}

fn of_icmpv4(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (icmpv4::kind::ECHO_REQUEST, _) => "seen-echo",
        (icmpv4::kind::ECHO_REPLY, _) => "seen-echo-reply",
        (icmpv4::kind::DEST_UNREACH, 3) => "seen-port-unreachable",
        (icmpv4::kind::DEST_UNREACH, 9 | 10 | 13) => "seen-prohibited",
        (icmpv4::kind::DEST_UNREACH, _) => "seen-unreachable",
        (icmpv4::kind::TIME_EXCEEDED, _) => "seen-time-exceeded",
        (icmpv4::kind::REDIRECT, _) => "seen-redirect",
        _ => "seen-icmp",
    }
}

fn of_icmpv6(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (icmpv6::kind::ECHO_REQUEST, _) => "seen-echo",
        (icmpv6::kind::ECHO_REPLY, _) => "seen-echo-reply",
        (icmpv6::kind::DEST_UNREACH, 4) => "seen-port-unreachable",
        (icmpv6::kind::DEST_UNREACH, 1 | 5) => "seen-prohibited",
        (icmpv6::kind::DEST_UNREACH, _) => "seen-unreachable",
        (icmpv6::kind::TIME_EXCEEDED, _) => "seen-time-exceeded",
        (icmpv6::kind::REDIRECT, _) => "seen-redirect",
        (icmpv6::kind::NEIGHBOUR_SOLICIT, _) => "seen-ns",
        (icmpv6::kind::NEIGHBOUR_ADVERT, _) => "seen-na",
        (icmpv6::kind::ROUTER_SOLICIT | icmpv6::kind::ROUTER_ADVERT, _) => "seen-router",
        (
            icmpv6::kind::ML_QUERY
            | icmpv6::kind::ML_REPORT
            | icmpv6::kind::ML_DONE
            | icmpv6::kind::ML_REPORT_V2,
            _,
        ) => "seen-mld",
        _ => "seen-icmp",
    }
}
