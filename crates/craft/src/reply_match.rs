//! Matches received packets to sent ones. Addresses, ports, identifiers and the quote of an ICMP error must all match.
//! A [`Key`] finds the candidates in a map, [`confirms`] compares the rest. Must not know sockets or clocks.

use crate::env::Env;
use crate::packet::Packet;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use vigie_wire::frame::{Frame, LinkType, Net, Transport};
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::{arp, icmpv4, icmpv6, tcp};

/// Values that a packet and its reply share, from the sender's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Address of the sender.
    local: IpAddr,
    /// Address of the peer; unspecified for a packet to a group.
    remote: IpAddr,
    /// IP protocol, or [`ARP`].
    proto: u16,
    /// Ports, or identifier and sequence number.
    ids: u32,
}

/// Value of [`Key::proto`] for ARP.
const ARP: u16 = 0x806;
/// Value of [`Key::proto`] for neighbour discovery.
const ND: u16 = 0x100 | proto::ICMPV6 as u16;

const fn pair(a: u16, b: u16) -> u32 {
    (a as u32) << 16 | b as u32
}

/// Returns the address that replies come from; unspecified if several hosts can reply.
fn single(addr: IpAddr) -> IpAddr {
    match addr {
        IpAddr::V4(a) if a.is_multicast() || a.is_broadcast() => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(a) if a.is_multicast() => Ipv6Addr::UNSPECIFIED.into(),
        addr => addr,
    }
}

impl Key {
    /// Returns the key of a sent packet; `None` if nothing can be matched to it.
    #[must_use]
    pub fn of_sent(frame: &Frame<'_>) -> Option<Self> {
        if let Net::Arp(arp) = &frame.net {
            let (local, remote) = (arp.sender_ip().into(), arp.target_ip().into());
            return (arp.op() == arp::REQUEST).then_some(Self {
                local,
                remote,
                proto: ARP,
                ids: 0,
            });
        }
        let (local, remote) = frame.addresses()?;
        let remote = single(remote);
        let (proto, ids) = match &frame.transport {
            Transport::Tcp(tcp) => (proto::TCP.into(), pair(tcp.src_port(), tcp.dst_port())),
            Transport::Udp(udp) => (proto::UDP.into(), pair(udp.src_port(), udp.dst_port())),
            Transport::Icmpv4(icmp) => match icmp.kind() {
                icmpv4::kind::ECHO_REQUEST
                | icmpv4::kind::TIMESTAMP_REQUEST
                | icmpv4::kind::MASK_REQUEST => (proto::ICMP.into(), pair(icmp.id(), icmp.seq())),
                _ => return None,
            },
            Transport::Icmpv6(icmp) => match icmp.kind() {
                icmpv6::kind::ECHO_REQUEST => (proto::ICMPV6.into(), pair(icmp.id(), icmp.seq())),
                icmpv6::kind::NEIGHBOUR_SOLICIT => {
                    return Some(Self {
                        local,
                        remote: icmp.target()?.into(),
                        proto: ND,
                        ids: 0,
                    });
                }
                _ => return None,
            },
            Transport::Other { proto, payload } => {
                let ids = if *proto == proto::SCTP {
                    sctp_ports(payload)
                } else {
                    Some((0, 0))
                };
                let (a, b) = ids?;
                ((*proto).into(), pair(a, b))
            }
            _ => return None,
        };
        Some(Self {
            local,
            remote,
            proto,
            ids,
        })
    }

    /// Returns the keys of the packets that a received one may answer: one sent to its source, one sent to a group.
    #[must_use]
    pub fn of_received(frame: &Frame<'_>) -> [Option<Self>; 2] {
        let exact = Self::answered_by(frame);
        let many = exact.map(|key| Self {
            remote: match key.remote {
                IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
                IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
            },
            ..key
        });
        [exact, many]
    }

    fn answered_by(frame: &Frame<'_>) -> Option<Self> {
        if let Net::Arp(arp) = &frame.net {
            let (local, remote) = (arp.target_ip().into(), arp.sender_ip().into());
            return (arp.op() == arp::REPLY).then_some(Self {
                local,
                remote,
                proto: ARP,
                ids: 0,
            });
        }
        let (remote, local) = frame.addresses()?;
        let (proto, ids) = match &frame.transport {
            Transport::Tcp(tcp) => (proto::TCP.into(), pair(tcp.dst_port(), tcp.src_port())),
            Transport::Udp(udp) => (proto::UDP.into(), pair(udp.dst_port(), udp.src_port())),
            Transport::Icmpv4(icmp) if icmp.is_error() => return quoted(icmp.quoted()),
            Transport::Icmpv4(icmp) => match icmp.kind() {
                icmpv4::kind::ECHO_REPLY
                | icmpv4::kind::TIMESTAMP_REPLY
                | icmpv4::kind::MASK_REPLY => (proto::ICMP.into(), pair(icmp.id(), icmp.seq())),
                _ => return None,
            },
            Transport::Icmpv6(icmp) if icmp.is_error() => return quoted(icmp.quoted()),
            Transport::Icmpv6(icmp) => match icmp.kind() {
                icmpv6::kind::ECHO_REPLY => (proto::ICMPV6.into(), pair(icmp.id(), icmp.seq())),
                icmpv6::kind::NEIGHBOUR_ADVERT => {
                    return Some(Self {
                        local,
                        remote: icmp.target()?.into(),
                        proto: ND,
                        ids: 0,
                    });
                }
                _ => return None,
            },
            Transport::Other { proto, payload } => {
                let ids = if *proto == proto::SCTP {
                    sctp_ports(payload)
                } else {
                    Some((0, 0))
                };
                let (a, b) = ids?;
                ((*proto).into(), pair(b, a))
            }
            _ => return None,
        };
        Some(Self {
            local,
            remote,
            proto,
            ids,
        })
    }
}

fn sctp_ports(payload: &[u8]) -> Option<(u16, u16)> {
    let &[a, b, c, d, ..] = payload else {
        return None;
    };
    Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
}

/// Returns the key of the packet that an ICMP error quotes.
fn quoted(bytes: &[u8]) -> Option<Key> {
    let quote = Quote::parse(bytes).ok()?;
    let ids = quote.ports().or_else(|| quote.echo()).unwrap_or((0, 0));
    Some(Key {
        local: quote.src,
        remote: single(quote.dst),
        proto: quote.proto.into(),
        ids: pair(ids.0, ids.1),
    })
}

/// Returns whether a received packet answers a sent one with the same key: compares what the key does not hold.
#[must_use]
pub fn confirms(received: &Frame<'_>, sent: &Frame<'_>) -> bool {
    let error = match &received.transport {
        Transport::Icmpv4(icmp) if icmp.is_error() => Some(icmp.quoted()),
        Transport::Icmpv6(icmp) if icmp.is_error() => Some(icmp.quoted()),
        _ => None,
    };
    if let Some(quoted) = error {
        return Quote::parse(quoted).is_ok_and(|quote| quotes(&quote, sent));
    }
    match (&received.transport, &sent.transport) {
        (Transport::Tcp(answer), Transport::Tcp(sent)) => segment_answers(answer, sent),
        (Transport::Udp(answer), Transport::Udp(sent)) => {
            datagram_answers(answer.payload(), sent.payload(), sent.dst_port())
        }
        (Transport::Icmpv4(answer), Transport::Icmpv4(sent)) => matches!(
            (sent.kind(), answer.kind()),
            (icmpv4::kind::ECHO_REQUEST, icmpv4::kind::ECHO_REPLY)
                | (
                    icmpv4::kind::TIMESTAMP_REQUEST,
                    icmpv4::kind::TIMESTAMP_REPLY
                )
                | (icmpv4::kind::MASK_REQUEST, icmpv4::kind::MASK_REPLY)
        ),
        _ => true,
    }
}

/// Returns whether an error quotes this packet, by IPv4 identification and TCP sequence number.
fn quotes(quote: &Quote<'_>, sent: &Frame<'_>) -> bool {
    if let (Some(id), Net::Ipv4(ip)) = (quote.ip_id, &sent.net)
        && id != ip.id()
    {
        return false;
    }
    match &sent.transport {
        Transport::Tcp(tcp) => quote.tcp_seq() == Some(tcp.seq()),
        _ => true,
    }
}

/// Returns whether a segment answers the sent one (RFC 9293 section 3.10.7): it acknowledges a part of it, or is a reset
/// at the sequence number that was acknowledged.
fn segment_answers(answer: &tcp::View<'_>, sent: &tcp::View<'_>) -> bool {
    let flags = answer.flags();
    if flags.contains(tcp::Flags::ACK) {
        let sent_len = sent.payload().len() as u32
            + u32::from(sent.flags().contains(tcp::Flags::SYN))
            + u32::from(sent.flags().contains(tcp::Flags::FIN));
        return answer.ack().wrapping_sub(sent.seq()) <= sent_len;
    }
    !flags.contains(tcp::Flags::RST)
        || !sent.flags().contains(tcp::Flags::ACK)
        || answer.seq() == sent.ack()
}

/// Returns whether the payload of a datagram answers the sent one: DNS by its id, NTP by the originate timestamp (RFC
/// 5905 section 8); true for other protocols.
fn datagram_answers(answer: &[u8], sent: &[u8], port: u16) -> bool {
    match port {
        53 | 5353 if sent.len() >= 12 => answer.get(..2) == sent.get(..2),
        123 if sent.len() >= 48 && answer.len() >= 48 => answer[24..32] == sent[40..48],
        _ => true,
    }
}

/// Returns the link type of frames that begin with the first layer of this packet.
#[must_use]
pub fn link_of(packet: &Packet) -> LinkType {
    match packet.layers.first().map(|layer| layer.layer().name) {
        Some("Ether") => LinkType::Ethernet,
        Some("CookedLinux") => LinkType::LinuxSll,
        Some("CookedLinuxV2") => LinkType::LinuxSll2,
        _ => LinkType::RawIp,
    }
}

/// Returns whether a received packet answers a sent one.
#[must_use]
pub fn answers(received: &Packet, sent: &Packet, env: &dyn Env) -> bool {
    let (Ok(received_bytes), Ok(sent_bytes)) = (received.build(env), sent.build(env)) else {
        return false;
    };
    let (Ok(received), Ok(sent)) = (
        Frame::parse(link_of(received), &received_bytes),
        Frame::parse(link_of(sent), &sent_bytes),
    ) else {
        return false;
    };
    let Some(key) = Key::of_sent(&sent) else {
        return false;
    };
    Key::of_received(&received).contains(&Some(key)) && confirms(&received, &sent)
}
