//! Reads from a frame which host and port it is about, and what kind of answer it is.
//!
//! This file must not know what an answer means.

use std::net::{IpAddr, Ipv6Addr};

use vigie_scan::Reason;
use vigie_scan::probe::unreachable;
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;
use vigie_wire::frame::{Frame, Net, Transport as Carried};
use vigie_wire::quote::Quote;
use vigie_wire::tcp::Flags;
use vigie_wire::{icmpv4, icmpv6};

use crate::evidence::{Packet, Subject};

/// Protocol numbers (IANA) of the transports with ports.
const TCP: u8 = 6;
const UDP: u8 = 17;
const SCTP: u8 = 132;

/// Returns the host and port that a frame is about: the destination of a probe (`sent`), or the host and port that an
/// answer speaks for. `interface` is the zone of link-local addresses.
pub(crate) fn subject(link: LinkType, interface: u32, sent: bool, bytes: &[u8]) -> Option<Subject> {
    let frame = Frame::parse(link, bytes).ok()?;
    let (ip, port) = match (&frame.net, sent) {
        (Net::Arp(arp), true) => (arp.target_ip().into(), None),
        (Net::Arp(arp), false) => (arp.sender_ip().into(), None),
        (Net::Ipv4(ip), true) => (ip.dst().into(), port(&frame, true)),
        (Net::Ipv6(ip), true) => (
            solicited(&frame).unwrap_or(ip.dst()).into(),
            port(&frame, true),
        ),
        (Net::Ipv4(_) | Net::Ipv6(_), false) => match quote(&frame) {
            Some(quote) => (quote.dst, quoted_port(&quote)),
            None => (source(&frame)?, port(&frame, false)),
        },
        (Net::Other { .. }, _) => return None,
    };
    let zone = match ip {
        IpAddr::V6(ip) if ip.is_unicast_link_local() => interface,
        _ => 0,
    };
    Some((Host { ip, zone }, port))
}

/// Whether `received` can be the answer to `sent`: it comes from the probed port, and the TCP sequence numbers match
/// (RFC 9293 section 3.10.7.1).
pub(crate) fn is_answer_to(sent: &Packet, link: LinkType, received: &[u8]) -> bool {
    let (Ok(probe), Ok(answer)) = (
        Frame::parse(sent.link, &sent.bytes),
        Frame::parse(link, received),
    ) else {
        return false;
    };
    let of = match quote(&answer) {
        Some(quote) => quoted_port(&quote),
        None => port(&answer, false),
    };
    if port(&probe, true) != of {
        return false;
    }
    let (Carried::Tcp(probe), Carried::Tcp(answer)) = (&probe.transport, &answer.transport) else {
        return true;
    };
    if probe.flags().contains(Flags::ACK) {
        return !answer.flags().contains(Flags::RST) || answer.seq() == probe.ack();
    }
    let ahead = answer.ack().wrapping_sub(probe.seq());
    let acks = answer.flags().contains(Flags::ACK);
    if acks {
        ahead <= 1
    } else {
        answer.flags().contains(Flags::SYN)
    }
}

/// Returns the sender's address.
pub fn source(frame: &Frame<'_>) -> Option<IpAddr> {
    match &frame.net {
        Net::Arp(arp) => Some(arp.sender_ip().into()),
        Net::Ipv4(ip) => Some(ip.src().into()),
        Net::Ipv6(ip) => Some(ip.src().into()),
        Net::Other { .. } => None,
    }
}

/// Returns the reason that an answer gives.
pub fn answer(link: LinkType, bytes: &[u8]) -> Option<Reason> {
    let frame = Frame::parse(link, bytes).ok()?;
    if let Net::Arp(_) = frame.net {
        return Some(Reason::ArpResponse);
    }
    Some(match &frame.transport {
        Carried::Tcp(tcp) if tcp.flags().contains(Flags::RST) => Reason::Reset,
        Carried::Tcp(tcp) if tcp.flags().contains(Flags::SYN | Flags::ACK) => Reason::SynAck,
        Carried::Tcp(tcp) if tcp.flags().contains(Flags::SYN) => Reason::SplitHandshakeSyn,
        Carried::Udp(_) => Reason::UdpResponse,
        Carried::Icmpv4(message) => match message.kind() {
            icmpv4::kind::ECHO_REPLY => Reason::EchoReply,
            icmpv4::kind::TIMESTAMP_REPLY => Reason::TimestampReply,
            kind => unreachable::reason_v4(kind, message.code())?,
        },
        Carried::Icmpv6(message) => match message.kind() {
            icmpv6::kind::ECHO_REPLY => Reason::EchoReply,
            icmpv6::kind::NEIGHBOUR_ADVERT => Reason::NdResponse,
            kind => unreachable::reason_v6(kind, message.code())?,
        },
        // RFC 9260 section 3.2: the type of the first chunk is the byte after the common header.
        Carried::Other {
            proto: SCTP,
            payload,
        } => match payload.get(12) {
            Some(2) => Reason::InitAck,
            Some(6) => Reason::Abort,
            _ => Reason::OddResponse,
        },
        Carried::Other { .. } => Reason::ProtoResponse,
        _ => Reason::OddResponse,
    })
}

/// Returns the destination port (`to`) or the source port of a frame. For other IP protocols it is the protocol number.
pub fn port(frame: &Frame<'_>, to: bool) -> Option<(Transport, u16)> {
    let pick = |source, destination| if to { destination } else { source };
    match &frame.transport {
        Carried::Tcp(tcp) => Some((Transport::Tcp, pick(tcp.src_port(), tcp.dst_port()))),
        Carried::Udp(udp) => Some((Transport::Udp, pick(udp.src_port(), udp.dst_port()))),
        Carried::Other {
            proto: SCTP,
            payload,
        } => {
            let number = |at: usize| {
                Some(u16::from_be_bytes([
                    *payload.get(at)?,
                    *payload.get(at + 1)?,
                ]))
            };
            Some((Transport::Sctp, pick(number(0)?, number(2)?)))
        }
        Carried::Other { proto, .. } => Some((Transport::Ip, u16::from(*proto))),
        _ => None,
    }
}

/// Returns the datagram that an ICMP error quotes.
pub fn quote<'a>(frame: &Frame<'a>) -> Option<Quote<'a>> {
    let quoted = match &frame.transport {
        Carried::Icmpv4(message) => message.quoted(),
        Carried::Icmpv6(message) => message.quoted(),
        _ => return None,
    };
    Quote::parse(quoted).ok()
}

fn quoted_port(quote: &Quote<'_>) -> Option<(Transport, u16)> {
    let port = quote.ports().map(|(_, to)| to);
    match quote.proto {
        TCP => Some((Transport::Tcp, port?)),
        UDP => Some((Transport::Udp, port?)),
        SCTP => Some((Transport::Sctp, port?)),
        1 | 58 => None,
        other => Some((Transport::Ip, u16::from(other))),
    }
}

/// Returns the target of a neighbour solicitation (RFC 4861 section 4.3).
fn solicited(frame: &Frame<'_>) -> Option<Ipv6Addr> {
    match &frame.transport {
        Carried::Icmpv6(m) if m.kind() == icmpv6::kind::NEIGHBOUR_SOLICIT => m.target(),
        _ => None,
    }
}
