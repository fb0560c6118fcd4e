//! The frames with which simulated hosts and routers reply.

use alloc::vec::Vec;

use vigie_scan::Instant;
use vigie_wire::frame::{Frame, Net, Transport};
use vigie_wire::sctp::crc32c;
use vigie_wire::tcp::Flags;
use vigie_wire::write::Datagram;
use vigie_wire::{ethernet, icmpv4, icmpv6, tcp, udp};

use crate::host::{Answering, SimHost};
use crate::random::Random;

/// Inserts extension headers before the transport of an IPv6 datagram: hop-by-hop and destination options with
/// padding, and the fragment header of an unfragmented datagram (RFC 8200 sections 4.3, 4.5 and 4.6, RFC 6946).
pub(super) fn extend(frame: &mut Vec<u8>) {
    const IP: usize = ethernet::Header::LEN;
    let (length, next, payload) = (IP + 4, IP + 6, IP + 40);
    if frame.len() < payload || frame[IP] >> 4 != 6 {
        return;
    }
    let padding = [1, 4, 0, 0, 0, 0];
    let mut headers = Vec::new();
    headers.extend_from_slice(&[60, 0]);
    headers.extend_from_slice(&padding);
    headers.extend_from_slice(&[44, 0]);
    headers.extend_from_slice(&padding);
    headers.extend_from_slice(&[frame[next], 0, 0, 0, 0, 0, 0, 7]);
    frame[next] = 0;
    let longer = u16::from_be_bytes([frame[length], frame[length + 1]]) + headers.len() as u16;
    frame[length..length + 2].copy_from_slice(&longer.to_be_bytes());
    frame.splice(payload..payload, headers);
}

/// Returns what a port answers to a segment.
pub(super) fn tcp_answer(
    host: &mut SimHost,
    now: Instant,
    segment: &tcp::View<'_>,
    answering: Answering,
    random: &mut Random,
) -> Option<tcp::Header> {
    let reply = tcp::Header::new()
        .set_src_port(segment.dst_port())
        .set_dst_port(segment.src_port())
        .set_window(8192);
    if !segment.flags().contains(Flags::SYN) {
        // A segment without a connection: a reset with the number that it acknowledged (RFC 9293 section 3.10.7.1).
        let answers = matches!(answering, Answering::Open | Answering::Closed);
        return answers.then(|| reply.set_seq(segment.ack()).set_flags(Flags::RST));
    }
    let acknowledged = segment.seq().wrapping_add(1);
    Some(match answering {
        Answering::Open if !host.may_answer(now, (segment.src_port(), segment.dst_port())) => {
            return None;
        }
        Answering::Open => reply
            .set_seq(random.bits() as u32)
            .set_ack(acknowledged)
            .set_flags(Flags::SYN | Flags::ACK),
        Answering::Closed | Answering::Intercepted(_) => {
            if !host.resets.allow(now) {
                return None;
            }
            reply
                .set_ack(acknowledged)
                .set_flags(Flags::RST | Flags::ACK)
        }
        Answering::SplitHandshake => reply.set_seq(random.bits() as u32).set_flags(Flags::SYN),
        Answering::Malformed => match random.below(4) {
            0 => reply
                .set_ack(random.bits() as u32)
                .set_flags(Flags::SYN | Flags::ACK),
            1 => reply
                .set_ack(random.bits() as u32)
                .set_flags(Flags::RST | Flags::ACK),
            2 => reply.set_flags(Flags(random.bits() as u16 & 0x1e8)),
            _ => reply
                .set_dst_port(random.bits() as u16)
                .set_ack(acknowledged)
                .set_flags(Flags::SYN | Flags::ACK),
        },
        Answering::Dropped | Answering::Rejected(..) => return None,
    })
}

/// Returns what a port answers to an SCTP packet (RFC 9260 sections 5.1 and 8.4). To an INIT: INIT ACK or ABORT with
/// its initiate tag. To a COOKIE ECHO without association: nothing if the port is open, otherwise an ABORT that
/// reflects its tag.
pub(super) fn sctp_answer(host: &SimHost, packet: &[u8]) -> Option<[u8; 16]> {
    let head: &[u8; 20] = packet.first_chunk()?;
    let port = u16::from_be_bytes([head[2], head[3]]);
    let (tag, reflected) = match head[12] {
        1 => (&head[16..20], 0),
        _ => (&head[4..8], 1),
    };
    let kind = match (host.answering(port), head[12]) {
        (Answering::Open, 1) => 2,
        (Answering::Closed, _) => 6,
        _ => return None,
    };
    let mut out = [0; 16];
    out[..2].copy_from_slice(&head[2..4]);
    out[2..4].copy_from_slice(&head[..2]);
    out[4..8].copy_from_slice(tag);
    (out[12], out[13], out[15]) = (kind, reflected, 4);
    let sum = crc32c(&out).to_le_bytes();
    out[8..12].copy_from_slice(&sum);
    Some(out)
}

/// Returns an ICMP error that quotes the header and 8 bytes (RFC 792), or as much as fits (RFC 4443).
pub(super) fn reject(
    datagram: &Datagram,
    kind: u8,
    code: u8,
    frame: &Frame<'_>,
) -> Option<Vec<u8>> {
    let mut out = [0u8; 256];
    let mut quote = Vec::new();
    let written = match (&frame.net, &frame.transport) {
        (Net::Ipv4(ip), Transport::Tcp(t)) => {
            let (from, to) = (ip.src().into(), ip.dst().into());
            let header = tcp::Header::new()
                .set_src_port(t.src_port())
                .set_dst_port(t.dst_port())
                .set_seq(t.seq())
                .set_flags(Flags::SYN)
                .set_window(8192);
            let mut inner = [0u8; 64];
            let w = Datagram::new(from, to)
                .ok()?
                .tcp(&mut inner, &header, &[], &[])
                .ok()?;
            quote.extend_from_slice(&inner[..w.transport + 8]);
            datagram.icmpv4(
                &mut out,
                &icmpv4::Header::new()
                    .set_kind(kind)
                    .set_code(code)
                    .set_rest(0),
                &quote,
            )
        }
        (Net::Ipv6(ip), Transport::Tcp(t)) => {
            let header = tcp::Header::new()
                .set_src_port(t.src_port())
                .set_dst_port(t.dst_port())
                .set_seq(t.seq())
                .set_flags(Flags::SYN)
                .set_window(8192);
            let mut inner = [0u8; 96];
            let w = Datagram::new(ip.src().into(), ip.dst().into())
                .ok()?
                .tcp(&mut inner, &header, &[], &[])
                .ok()?;
            quote.extend_from_slice(&inner[..w.len]);
            datagram.icmpv6(
                &mut out,
                &icmpv6::Header::new().set_kind(kind).set_code(code),
                &quote,
            )
        }
        _ => return None,
    };
    Some(out[..written.ok()?.len].to_vec())
}

/// Returns an ICMP error that quotes the datagram as it arrived, as much as hosts quote.
pub(super) fn quoting(
    frame: &Frame<'_>,
    datagram: &Datagram,
    kind: u8,
    code: u8,
) -> Option<Vec<u8>> {
    let mut out = [0u8; 1500];
    let (from, to) = frame.addresses()?;
    let mut inner = [0u8; 2048];
    let again = Datagram::new(from, to).ok()?;
    let again = match &frame.net {
        Net::Ipv4(ip) => again.ip_id(ip.id()),
        _ => again,
    };
    let written = match frame.transport {
        Transport::Udp(sent) => {
            let header = udp::Header::new()
                .set_src_port(sent.src_port())
                .set_dst_port(sent.dst_port());
            again.udp(&mut inner, &header, sent.payload()).ok()?
        }
        Transport::Other { proto, payload } => again.raw(&mut inner, proto, payload).ok()?,
        _ => return None,
    };
    if let Net::Ipv6(ip) = &frame.net {
        let label = ip.flow_label().to_be_bytes();
        inner[1] |= label[1];
        inner[2..4].copy_from_slice(&label[2..]);
    }
    let quote = &inner[..written.len.min(written.transport + 64)];
    let written = match frame.net {
        Net::Ipv4(_) => datagram.icmpv4(
            &mut out,
            &icmpv4::Header::new()
                .set_kind(kind)
                .set_code(code)
                .set_rest(0),
            quote,
        ),
        _ => datagram.icmpv6(
            &mut out,
            &icmpv6::Header::new().set_kind(kind).set_code(code),
            quote,
        ),
    };
    Some(out[..written.ok()?.len].to_vec())
}
