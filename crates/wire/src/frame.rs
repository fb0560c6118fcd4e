//! Parses a received frame down to its transport header, without allocating.

use crate::error::{ParseError, ParseErrorKind};
use crate::ethernet::{self, ethertype};
use crate::ipv4::proto;
use crate::{arp, icmpv4, icmpv6, ipv4, ipv6, sll, tcp, udp, vlan};
use core::net::IpAddr;

/// Link-layer header of a frame. Numbers in parentheses are those of tcpdump.org's LINKTYPE registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkType {
    /// BSD loopback: an address family in host order (0).
    Null,
    /// Ethernet (1).
    Ethernet,
    /// IPv4 or IPv6 without link header (101): tun, WireGuard, PPP.
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
    /// Returns the LINKTYPE number, as pcap files have it.
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

    /// Returns the link type with this LINKTYPE number. 12 and 14 (DLT_RAW of some systems) are raw IP too.
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

/// The network layer of a frame.
#[derive(Clone, Copy, Debug)]
pub enum Net<'a> {
    /// An IPv4 datagram.
    Ipv4(ipv4::View<'a>),
    /// An IPv6 datagram.
    Ipv6(ipv6::View<'a>),
    /// An ARP message.
    Arp(arp::View<'a>),
    /// Any other protocol.
    Other {
        /// EtherType.
        ethertype: u16,
        /// Bytes after the link header.
        payload: &'a [u8],
    },
}

/// The transport layer of an IP datagram.
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
    /// A fragment other than the first: it has no transport header.
    Fragment,
    /// Any other protocol.
    Other {
        /// IP protocol number.
        proto: u8,
        /// Bytes after the network header.
        payload: &'a [u8],
    },
    /// The transport header cannot be parsed.
    Malformed(ParseError),
    /// The frame holds no IP datagram.
    None,
}

/// A parsed frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The Ethernet header, if the link has one.
    pub ethernet: Option<ethernet::View<'a>>,
    /// The innermost VLAN tag, if there is one.
    pub vlan: Option<vlan::View<'a>>,
    /// The network layer.
    pub net: Net<'a>,
    /// The transport layer.
    pub transport: Transport<'a>,
}

impl<'a> Frame<'a> {
    /// Parses a frame. A transport header that cannot be parsed is [`Transport::Malformed`], so that the addresses
    /// stay readable.
    ///
    /// # Errors
    /// If the link or network header is truncated or invalid, or more than four VLAN tags follow one another.
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

    /// Skips up to four VLAN tags.
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

    /// Returns source and destination address of the IP datagram.
    #[inline]
    #[must_use]
    pub fn addresses(&self) -> Option<(IpAddr, IpAddr)> {
        match &self.net {
            Net::Ipv4(ip) => Some((ip.src().into(), ip.dst().into())),
            Net::Ipv6(ip) => Some((ip.src().into(), ip.dst().into())),
            _ => None,
        }
    }

    /// Returns the TTL or hop limit of the IP datagram.
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

/// Returns the EtherType of a bare IP datagram by its version; 0 if it is neither IPv4 nor IPv6.
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
