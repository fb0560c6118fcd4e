//! The datagram quoted in an ICMP error, read as far as it goes.
//!
//! A quote may end after 8 bytes of transport (RFC 792), so the full views cannot read it; this reads what a
//! sender needs to recognise its own probe. It must not know what was sent.

use crate::error::ParseError;
use crate::ipv4::proto;
use crate::table::field_of;
use crate::{icmpv4, ipv4, ipv6, tcp, udp};
use core::net::IpAddr;

/// What a quoted datagram says of the probe that caused the error. Host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote<'a> {
    /// Source of the quoted datagram: the prober.
    pub src: IpAddr,
    /// Its destination: the target.
    pub dst: IpAddr,
    /// Its protocol, past IPv6 extension headers.
    pub proto: u8,
    /// Its TTL or hop limit when it was quoted.
    pub ttl: u8,
    /// The IPv4 identification.
    pub ip_id: Option<u16>,
    /// The transport's bytes, as many as were quoted.
    pub transport: &'a [u8],
}

impl<'a> Quote<'a> {
    /// Reads an IPv4 or IPv6 datagram that may be cut anywhere after its network header.
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

    /// Source and destination port of a quoted TCP, UDP or SCTP.
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

    /// The sequence number of a quoted TCP segment.
    #[inline]
    #[must_use]
    pub fn tcp_seq(&self) -> Option<u32> {
        if self.proto != proto::TCP {
            return None;
        }
        field_of!(self.transport, 8, tcp::TABLE, seq: u32)
    }

    /// Identifier and sequence number of a quoted ICMP or ICMPv6 echo request.
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
