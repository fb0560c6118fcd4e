//! The datagram quoted in an ICMP error.
//!
//! A quote may end after 8 bytes of the transport header (RFC 792), where the views need the whole header. [`Quote`]
//! reads what a sender needs to recognise its own packet.

use crate::error::ParseError;
use crate::ipv4::proto;
use crate::table::field_of;
use crate::{icmpv4, ipv4, ipv6, tcp, udp};
use core::net::IpAddr;

/// A quoted datagram, in host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote<'a> {
    /// Source address: the sender of the quoted datagram.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// IP protocol, after IPv6 extension headers.
    pub proto: u8,
    /// TTL or hop limit when it was quoted.
    pub ttl: u8,
    /// IPv4 identification.
    pub ip_id: Option<u16>,
    /// The quoted bytes of the transport.
    pub transport: &'a [u8],
}

impl<'a> Quote<'a> {
    /// Parses an IPv4 or IPv6 datagram that may end anywhere after its network header.
    ///
    /// # Errors
    /// If the network header is truncated or invalid.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        if bytes.first().is_some_and(|b| b >> 4 == 6) {
            let ip = ipv6::View::parse(bytes)?;
            let (proto, transport) = ip.upper()?;
            let (src, dst) = (ip.src().into(), ip.dst().into());
            return Ok(Self {
                src,
                dst,
                proto,
                ttl: ip.hop_limit(),
                ip_id: None,
                transport,
            });
        }
        let ip = ipv4::View::parse(bytes)?;
        let transport = if ip.frag_offset() == 0 {
            ip.payload()
        } else {
            &[]
        };
        Ok(Self {
            src: ip.src().into(),
            dst: ip.dst().into(),
            proto: ip.proto(),
            ttl: ip.ttl(),
            ip_id: Some(ip.id()),
            transport,
        })
    }

    /// Returns source and destination port of quoted TCP, UDP or SCTP.
    #[inline]
    #[must_use]
    pub fn ports(&self) -> Option<(u16, u16)> {
        match self.proto {
            proto::TCP | proto::UDP | proto::SCTP => Some((
                field_of!(self.transport, 4, udp::TABLE, src_port: u16)?,
                field_of!(self.transport, 4, udp::TABLE, dst_port: u16)?,
            )),
            _ => None,
        }
    }

    /// Returns the sequence number of a quoted TCP segment.
    #[inline]
    #[must_use]
    pub fn tcp_seq(&self) -> Option<u32> {
        if self.proto != proto::TCP {
            return None;
        }
        field_of!(self.transport, 8, tcp::TABLE, seq: u32)
    }

    /// Returns identifier and sequence number of a quoted ICMP or ICMPv6 echo request.
    #[inline]
    #[must_use]
    pub fn echo(&self) -> Option<(u16, u16)> {
        let kind = field_of!(self.transport, 8, icmpv4::TABLE, kind: u8)?;
        match (self.proto, kind) {
            (proto::ICMP, 8) | (proto::ICMPV6, 128) => Some((
                field_of!(self.transport, 8, icmpv4::TABLE, id: u16)?,
                field_of!(self.transport, 8, icmpv4::TABLE, seq: u16)?,
            )),
            _ => None,
        }
    }
}
