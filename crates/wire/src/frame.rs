//! A received frame, read down to its transport without allocating: what the receive path of an engine asks.

use crate::error::{ParseError, ParseErrorKind};
use crate::ethernet::{self, ethertype};
use crate::ipv4::proto;
use crate::{arp, icmpv4, icmpv6, ipv4, ipv6, sll, tcp, udp, vlan};
use core::net::IpAddr;

/// What a frame begins with, by the numbers of tcpdump.org's LINKTYPE registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkType {
    /// BSD loopback: an address family in host order (0).
    Null,
    /// Ethernet (1).
    Ethernet,
    /// IPv4 or IPv6, nothing before it (101): tun, WireGuard, PPP.
    RawIp,
    /// OpenBSD loopback: an address family in network order (108).
    Loop,
    /// Linux cooked capture (113).
    LinuxSll,
    /// Raw IPv4 (228).
    Ipv4,
    /// Raw IPv6 (229).
    Ipv6,
    /// Linux cooked capture v2 (276).
    LinuxSll2,
}

impl LinkType {
    /// The registry's number, as pcap files carry it.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Null => 0,
            Self::Ethernet => 1,
            Self::RawIp => 101,
            Self::Loop => 108,
            Self::LinuxSll => 113,
            Self::Ipv4 => 228,
            Self::Ipv6 => 229,
            Self::LinuxSll2 => 276,
        }
    }

    /// The link type of a number; 12 and 14, DLT_RAW of some systems, are raw IP too.
    #[must_use]
    pub const fn from_number(number: u16) -> Option<Self> {
        Some(match number {
            0 => Self::Null,
            1 => Self::Ethernet,
            12 | 14 | 101 => Self::RawIp,
            108 => Self::Loop,
            113 => Self::LinuxSll,
            228 => Self::Ipv4,
            229 => Self::Ipv6,
            276 => Self::LinuxSll2,
            _ => return None,
        })
    }
}

/// What stands after the link header.
#[derive(Clone, Copy, Debug)]
pub enum Net<'a> {
    /// An IPv4 datagram.
    Ipv4(ipv4::View<'a>),
    /// An IPv6 datagram.
    Ipv6(ipv6::View<'a>),
    /// An ARP message.
    Arp(arp::View<'a>),
    /// Something else.
    Other {
        /// Its EtherType.
        ethertype: u16,
        /// Its bytes.
        payload: &'a [u8],
    },
}

/// What an IP datagram carries.
#[derive(Clone, Copy, Debug)]
pub enum Transport<'a> {
    /// A TCP segment.
    Tcp(tcp::View<'a>),
    /// A UDP datagram.
    Udp(udp::View<'a>),
    /// An ICMP message.
    Icmpv4(icmpv4::View<'a>),
    /// An ICMPv6 message.
    Icmpv6(icmpv6::View<'a>),
    /// A fragment that is not the first: its bytes are from the middle of a datagram.
    Fragment,
    /// A protocol without a view.
    Other {
        /// Its number.
        proto: u8,
        /// Its bytes.
        payload: &'a [u8],
    },
    /// A transport whose header could not be read.
    Malformed(ParseError),
    /// No IP datagram, no transport.
    None,
}

/// A frame, read.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The Ethernet header, where the link has one.
    pub ethernet: Option<ethernet::View<'a>>,
    /// The innermost VLAN tag, where there is one.
    pub vlan: Option<vlan::View<'a>>,
    /// What stands after the link header.
    pub net: Net<'a>,
    /// What the datagram carries.
    pub transport: Transport<'a>,
}

impl<'a> Frame<'a> {
    /// Reads a frame. Errors are those of link and network headers; a broken transport header is told in
    /// [`Frame::transport`], so that the addresses stay readable.
    #[inline]
    pub fn parse(link: LinkType, bytes: &'a [u8]) -> Result<Self, ParseError> {
        let mut frame = Self {
            ethernet: None,
            vlan: None,
            net: Net::Other {
                ethertype: 0,
                payload: bytes,
            },
            transport: Transport::None,
        };
        let (ethertype, payload) = match link {
            LinkType::Ethernet => {
                let ethernet = ethernet::View::parse(bytes)?;
                frame.ethernet = Some(ethernet);
                frame.tags(ethernet.ethertype(), ethernet.payload(), bytes.len())?
            }
            LinkType::LinuxSll => {
                let (ethertype, payload) = sll::parse_v1(bytes)?;
                frame.tags(ethertype, payload, bytes.len())?
            }
            LinkType::LinuxSll2 => {
                let (ethertype, payload) = sll::parse_v2(bytes)?;
                frame.tags(ethertype, payload, bytes.len())?
            }
            LinkType::Null | LinkType::Loop => {
                let payload =
                    bytes
                        .get(4..)
                        .ok_or(ParseError::truncated("Loopback", 4, bytes.len()))?;
                (by_version(payload), payload)
            }
            LinkType::RawIp | LinkType::Ipv4 | LinkType::Ipv6 => (by_version(bytes), bytes),
        };
        let offset = bytes.len() - payload.len();
        frame.net(ethertype, payload).map_err(|e| e.at(offset))?;
        if let Transport::Malformed(error) = &mut frame.transport {
            *error = error.at(offset);
        }
        Ok(frame)
    }

    /// Steps over VLAN tags, at most four of them.
    #[inline]
    fn tags(
        &mut self,
        mut ethertype: u16,
        mut payload: &'a [u8],
        total: usize,
    ) -> Result<(u16, &'a [u8]), ParseError> {
        for _ in 0..4 {
            if !matches!(ethertype, ethertype::VLAN | ethertype::SERVICE_VLAN) {
                return Ok((ethertype, payload));
            }
            let tag = vlan::View::parse(payload).map_err(|e| e.at(total - payload.len()))?;
            self.vlan = Some(tag);
            (ethertype, payload) = (tag.ethertype(), tag.payload());
        }
        match ethertype {
            ethertype::VLAN | ethertype::SERVICE_VLAN => {
                Err(
                    ParseError::new(vlan::TABLE.name, ParseErrorKind::TooDeep, 0, payload.len())
                        .at(total - payload.len()),
                )
            }
            _ => Ok((ethertype, payload)),
        }
    }

    #[inline]
    fn net(&mut self, ethertype: u16, payload: &'a [u8]) -> Result<(), ParseError> {
        match ethertype {
            ethertype::IPV4 => {
                let ip = ipv4::View::parse(payload)?;
                self.net = Net::Ipv4(ip);
                self.transport = if ip.frag_offset() == 0 {
                    transport(ip.proto(), ip.payload(), ip.header_len())
                } else {
                    Transport::Fragment
                };
            }
            ethertype::IPV6 => {
                let ip = ipv6::View::parse(payload)?;
                self.net = Net::Ipv6(ip);
                self.transport = match ip.walk() {
                    Ok(upper) if upper.fragment.is_some_and(|f| f.offset != 0) => {
                        Transport::Fragment
                    }
                    Ok(upper) => {
                        let headers = ip.payload().len() - upper.payload.len();
                        transport(upper.proto, upper.payload, ipv6::Header::LEN + headers)
                    }
                    Err(error) => Transport::Malformed(error),
                };
            }
            ethertype::ARP => self.net = Net::Arp(arp::View::parse(payload)?),
            _ => self.net = Net::Other { ethertype, payload },
        }
        Ok(())
    }

    /// Source and destination of the IP datagram.
    #[inline]
    #[must_use]
    pub fn addresses(&self) -> Option<(IpAddr, IpAddr)> {
        match &self.net {
            Net::Ipv4(ip) => Some((ip.src().into(), ip.dst().into())),
            Net::Ipv6(ip) => Some((ip.src().into(), ip.dst().into())),
            _ => None,
        }
    }

    /// The TTL or hop limit of the IP datagram.
    #[inline]
    #[must_use]
    pub fn ttl(&self) -> Option<u8> {
        match &self.net {
            Net::Ipv4(ip) => Some(ip.ttl()),
            Net::Ipv6(ip) => Some(ip.hop_limit()),
            _ => None,
        }
    }
}

/// The EtherType a bare IP datagram would have, by its version nibble; 0 for neither.
#[inline]
fn by_version(bytes: &[u8]) -> u16 {
    match bytes.first().map(|b| b >> 4) {
        Some(4) => ethertype::IPV4,
        Some(6) => ethertype::IPV6,
        _ => 0,
    }
}

#[inline]
fn transport(proto: u8, payload: &[u8], offset: usize) -> Transport<'_> {
    let read = match proto {
        proto::TCP => tcp::View::parse(payload).map(Transport::Tcp),
        proto::UDP => udp::View::parse(payload).map(Transport::Udp),
        proto::ICMP => icmpv4::View::parse(payload).map(Transport::Icmpv4),
        proto::ICMPV6 => icmpv6::View::parse(payload).map(Transport::Icmpv6),
        _ => Ok(Transport::Other { proto, payload }),
    };
    read.unwrap_or_else(|error| Transport::Malformed(error.at(offset)))
}
