//! The packets that a verdict rests on, as they went.
//!
//! They are the scan's own frames, whole, with their times: nothing here is made
//! up afterwards. This file reads from a frame whom it is about and what kind of
//! answer it is; it must not know what that means.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use vigie_scan::Reason;
use vigie_scan::probe::unreachable;
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;
use vigie_wire::frame::{Frame, Net, Transport as Carried};
use vigie_wire::quote::Quote;
use vigie_wire::tcp::Flags;
use vigie_wire::{icmpv4, icmpv6};

/// IP protocol numbers (IANA) that carry ports.
const TCP: u8 = 6;
const UDP: u8 = 17;
const SCTP: u8 = 132;

/// A packet of the scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// When, after the scan began.
    pub at: Duration,
    /// Sent by the scan; otherwise received.
    pub sent: bool,
    /// What it begins with.
    pub link: LinkType,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What packets are about: a host, or one of its ports.
pub type Subject = (Host, Option<(Transport, u16)>);

/// The packets about one host or port, in order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whose they are.
    pub host: Host,
    /// Which port's; `None` where the host itself was asked.
    pub port: Option<(Transport, u16)>,
    /// They.
    pub packets: Vec<Packet>,
    /// So many more tries and answers went that were not kept.
    pub more: u64,
    /// So many packets besides measured the path, or what the host bears: their answers were known beforehand.
    pub path: u64,
}

/// Evidence about many hosts, for what is explained at the end; bounded: what comes last is let go.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    kept: BTreeMap<Subject, Evidence>,
    bytes: usize,
}

impl Shelf {
    /// At most so many bytes are kept, the packets' own and [`Packet::COST`] for each.
    const MOST_BYTES: usize = 64 << 20;

    /// Takes what there is room for.
    pub fn put(&mut self, evidence: &Evidence) {
        let cost: usize = evidence.packets.iter().map(Packet::cost).sum();
        if self.bytes + cost <= Shelf::MOST_BYTES {
            self.bytes += cost;
            self.kept.insert(evidence.subject(), evidence.clone());
        }
    }

    /// All of it.
    pub fn all(&self) -> &BTreeMap<Subject, Evidence> {
        &self.kept
    }
}

impl Packet {
    /// What a packet takes in memory besides its bytes, about.
    const COST: usize = 64;

    /// What it takes in memory, in bytes.
    pub fn cost(&self) -> usize {
        self.bytes.len() + Packet::COST
    }
}

impl Evidence {
    /// Whose they are.
    pub fn subject(&self) -> Subject {
        (self.host, self.port)
    }

    /// Whether one of the answers is of this kind; silence is where none came.
    pub fn shows(&self, reason: Reason) -> bool {
        let mut answers = self.packets.iter().filter(|p| !p.sent);
        match reason {
            Reason::NoResponse => answers.next().is_none(),
            _ => answers.any(|p| answer(p.link, &p.bytes) == Some(reason)),
        }
    }
}

/// Whom a packet is about: where a probe went, or whose answer it is. `interface` is the zone of link-local addresses.
pub fn subject(link: LinkType, interface: u32, sent: bool, bytes: &[u8]) -> Option<Subject> {
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

/// Whether `received` can be the answer to `sent`: it comes from the port that was asked, and TCP's numbers fit
/// (RFC 9293 section 3.10.7.1).
pub fn pairs(sent: &Packet, link: LinkType, received: &[u8]) -> bool {
    let (Ok(asked), Ok(answer)) = (
        Frame::parse(sent.link, &sent.bytes),
        Frame::parse(link, received),
    ) else {
        return false;
    };
    let of = match quote(&answer) {
        Some(quote) => quoted_port(&quote),
        None => port(&answer, false),
    };
    if port(&asked, true) != of {
        return false;
    }
    let (Carried::Tcp(asked), Carried::Tcp(answer)) = (&asked.transport, &answer.transport) else {
        return true;
    };
    if asked.flags().contains(Flags::ACK) {
        return !answer.flags().contains(Flags::RST) || answer.seq() == asked.ack();
    }
    let ahead = answer.ack().wrapping_sub(asked.seq());
    let acks = answer.flags().contains(Flags::ACK);
    if acks {
        ahead <= 1
    } else {
        answer.flags().contains(Flags::SYN)
    }
}

/// Who sent it.
pub fn source(frame: &Frame<'_>) -> Option<IpAddr> {
    match &frame.net {
        Net::Arp(arp) => Some(arp.sender_ip().into()),
        Net::Ipv4(ip) => Some(ip.src().into()),
        Net::Ipv6(ip) => Some(ip.src().into()),
        Net::Other { .. } => None,
    }
}

/// What kind of answer it is.
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
        // RFC 9260 section 3.2: the first chunk's type stands after the common header.
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

/// The port that a packet goes to, or comes from.
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

/// The datagram that an ICMP error quotes.
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

/// Whom a neighbour solicitation asks for (RFC 4861 section 4.3).
fn solicited(frame: &Frame<'_>) -> Option<Ipv6Addr> {
    match &frame.transport {
        Carried::Icmpv6(m) if m.kind() == icmpv6::kind::NEIGHBOUR_SOLICIT => m.target(),
        _ => None,
    }
}
