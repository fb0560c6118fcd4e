//! Writes whole packets into a buffer of the caller, without allocating.
//!
//! Lengths, checksums and protocol numbers are computed, except those that were set in a header. [`Written`] holds the
//! offsets of the headers, for callers that patch a template afterwards ([`crate::checksum::update16`] updates the
//! checksum). Must not know what the packets are for.

use crate::checksum::Checksum;
use crate::error::WriteError;
use crate::ethernet::ethertype;
use crate::ipv4::proto;
use crate::mac::MacAddr;
use crate::{ethernet, icmpv4, icmpv6, ipv4, ipv6, tcp, udp, vlan};
use core::net::IpAddr;

mod neighbour;

pub use neighbour::{arp, arp_request, neighbour_solicitation, solicited_node};

/// Length of a written packet and offsets of its parts, in bytes from the start of the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Length of the packet.
    pub len: usize,
    /// Offset of the IP header or the ARP message.
    pub net: usize,
    /// Offset of the transport header.
    pub transport: usize,
    /// Offset of the payload.
    pub payload: usize,
}

/// The network header of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Net {
    /// IPv4, without options.
    V4(ipv4::Header),
    /// IPv6, without extension headers.
    V6(ipv6::Header),
}

/// Headers before a transport: the network header and, on links that have one, the link header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram {
    ethernet: Option<ethernet::Header>,
    vlan: Option<vlan::Header>,
    net: Net,
}

impl Datagram {
    /// Returns headers of a datagram from `src` to `dst`, without link header. TTL is 64, the IPv4 identification 1.
    ///
    /// # Errors
    /// If the addresses are of different families.
    pub fn new(src: IpAddr, dst: IpAddr) -> Result<Self, WriteError> {
        let net = match (src, dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => {
                Net::V4(ipv4::Header::new().set_id(1).set_src(src).set_dst(dst))
            }
            (IpAddr::V6(src), IpAddr::V6(dst)) => {
                Net::V6(ipv6::Header::new().set_src(src).set_dst(dst))
            }
            _ => return Err(WriteError::MixedFamilies),
        };
        Ok(Self::with_net(net))
    }

    /// Returns headers with this network header, without link header.
    #[must_use]
    pub const fn with_net(net: Net) -> Self {
        Self {
            ethernet: None,
            vlan: None,
            net,
        }
    }

    /// Adds an Ethernet header.
    #[must_use]
    pub fn ethernet(mut self, src: MacAddr, dst: MacAddr) -> Self {
        self.ethernet = Some(ethernet::Header::new().set_src(src).set_dst(dst));
        self
    }

    /// Adds a VLAN tag; it is written only with an Ethernet header.
    #[must_use]
    pub fn vlan(mut self, vid: u16) -> Self {
        self.vlan = Some(vlan::Header::new().set_vid(vid));
        self
    }

    /// Sets TTL or hop limit.
    #[must_use]
    pub fn ttl(mut self, ttl: u8) -> Self {
        self.net = match self.net {
            Net::V4(ip) => Net::V4(ip.set_ttl(ttl)),
            Net::V6(ip) => Net::V6(ip.set_hop_limit(ttl)),
        };
        self
    }

    /// Sets the IPv4 identification; IPv6 has none.
    #[must_use]
    pub fn ip_id(mut self, id: u16) -> Self {
        if let Net::V4(ip) = self.net {
            self.net = Net::V4(ip.set_id(id));
        }
        self
    }

    /// Returns the length of link and network header in bytes.
    #[must_use]
    pub const fn headers_len(&self) -> usize {
        let link = match (self.ethernet, self.vlan) {
            (Some(_), Some(_)) => ethernet::Header::LEN + vlan::Header::LEN,
            (Some(_), None) => ethernet::Header::LEN,
            _ => 0,
        };
        link + match self.net {
            Net::V4(_) => ipv4::Header::LEN,
            Net::V6(_) => ipv6::Header::LEN,
        }
    }

    /// Writes a TCP segment. `options` are 0 to 40 bytes, a multiple of 4 (see [`tcp::write_options`]).
    ///
    /// # Errors
    /// If the buffer is too small, or a length does not fit its header field.
    pub fn tcp(
        &self,
        buf: &mut [u8],
        header: &tcp::Header,
        options: &[u8],
        payload: &[u8],
    ) -> Result<Written, WriteError> {
        let head_len = tcp::Header::LEN + options.len();
        if options.len() > 40 || !options.len().is_multiple_of(4) {
            return Err(WriteError::TooLong {
                layer: tcp::TABLE.name,
                len: options.len(),
                max: 40,
            });
        }
        let mut head = *header;
        if !header.is_set(const { tcp::TABLE.index("data_offset") }) {
            head = head.set_data_offset((head_len / 4) as u8);
        }
        let written = self.begin(buf, tcp::TABLE.name, proto::TCP, head_len, payload)?;
        let bytes = &mut buf[written.transport..written.len];
        bytes[..tcp::Header::LEN].copy_from_slice(head.bytes());
        bytes[tcp::Header::LEN..head_len].copy_from_slice(options);
        if !header.is_set(const { tcp::TABLE.index("checksum") }) {
            let sum = self
                .pseudo_sum(proto::TCP, bytes.len())
                .add_bytes(bytes)
                .finish();
            patch16(bytes, tcp::TABLE.byte_offset("checksum"), sum);
        }
        Ok(written)
    }

    /// Writes a UDP datagram.
    ///
    /// # Errors
    /// If the buffer is too small, or a length does not fit its header field.
    pub fn udp(
        &self,
        buf: &mut [u8],
        header: &udp::Header,
        payload: &[u8],
    ) -> Result<Written, WriteError> {
        let written = self.begin(buf, udp::TABLE.name, proto::UDP, udp::Header::LEN, payload)?;
        let bytes = &mut buf[written.transport..written.len];
        let mut head = *header;
        if !header.is_set(const { udp::TABLE.index("len") }) {
            head = head.set_len(bytes.len() as u16);
        }
        bytes[..udp::Header::LEN].copy_from_slice(head.bytes());
        if !header.is_set(const { udp::TABLE.index("checksum") }) {
            let sum = self
                .pseudo_sum(proto::UDP, bytes.len())
                .add_bytes(bytes)
                .finish_udp();
            patch16(bytes, udp::TABLE.byte_offset("checksum"), sum);
        }
        Ok(written)
    }

    /// Writes an ICMP or ICMPv6 echo request, by the family of the datagram.
    ///
    /// # Errors
    /// If the buffer is too small, or a length does not fit its header field.
    pub fn echo(
        &self,
        buf: &mut [u8],
        id: u16,
        seq: u16,
        data: &[u8],
    ) -> Result<Written, WriteError> {
        match self.net {
            Net::V4(_) => self.icmpv4(
                buf,
                &icmpv4::Header::new()
                    .set_kind(icmpv4::kind::ECHO_REQUEST)
                    .set_id(id)
                    .set_seq(seq),
                data,
            ),
            Net::V6(_) => self.icmpv6(
                buf,
                &icmpv6::Header::new()
                    .set_kind(icmpv6::kind::ECHO_REQUEST)
                    .set_id(id)
                    .set_seq(seq),
                data,
            ),
        }
    }

    /// Writes an ICMP message; `body` follows the first eight bytes.
    ///
    /// # Errors
    /// If the buffer is too small, or a length does not fit its header field.
    pub fn icmpv4(
        &self,
        buf: &mut [u8],
        header: &icmpv4::Header,
        body: &[u8],
    ) -> Result<Written, WriteError> {
        let written = self.begin(
            buf,
            icmpv4::TABLE.name,
            proto::ICMP,
            icmpv4::Header::LEN,
            body,
        )?;
        let bytes = &mut buf[written.transport..written.len];
        bytes[..icmpv4::Header::LEN].copy_from_slice(header.bytes());
        if !header.is_set(const { icmpv4::TABLE.index("checksum") }) {
            let sum = Checksum::new().add_bytes(bytes).finish();
            patch16(bytes, icmpv4::TABLE.byte_offset("checksum"), sum);
        }
        Ok(written)
    }

    /// Writes an ICMPv6 message; `body` follows the first eight bytes.
    ///
    /// # Errors
    /// If the buffer is too small, or a length does not fit its header field.
    pub fn icmpv6(
        &self,
        buf: &mut [u8],
        header: &icmpv6::Header,
        body: &[u8],
    ) -> Result<Written, WriteError> {
        const INDEX: usize = icmpv6::TABLE.index("checksum");
        let written = self.begin(buf, "ICMPv6", proto::ICMPV6, icmpv6::Header::LEN, body)?;
        let bytes = &mut buf[written.transport..written.len];
        bytes[..icmpv6::Header::LEN].copy_from_slice(header.bytes());
        if !header.is_set(INDEX) {
            let sum = self
                .pseudo_sum(proto::ICMPV6, bytes.len())
                .add_bytes(bytes)
                .finish();
            patch16(bytes, icmpv6::TABLE.byte_offset("checksum"), sum);
        }
        Ok(written)
    }

    /// Writes a datagram of any other protocol.
    ///
    /// # Errors
    /// If the buffer is too small, or a length does not fit its header field.
    pub fn raw(&self, buf: &mut [u8], proto: u8, payload: &[u8]) -> Result<Written, WriteError> {
        self.begin(buf, "payload", proto, 0, payload)
    }

    fn pseudo_sum(&self, proto: u8, len: usize) -> Checksum {
        match self.net {
            Net::V4(ip) => Checksum::new().add_pseudo_v4(ip.src(), ip.dst(), proto, len as u16),
            Net::V6(ip) => Checksum::new().add_pseudo_v6(ip.src(), ip.dst(), proto, len as u32),
        }
    }

    /// Writes everything except the transport header, which is `head` bytes long.
    fn begin(
        &self,
        buf: &mut [u8],
        layer: &'static str,
        proto: u8,
        head: usize,
        payload: &[u8],
    ) -> Result<Written, WriteError> {
        let transport = self.headers_len();
        let upper = head + payload.len();
        let len = transport + upper;
        let max = match self.net {
            Net::V4(_) => usize::from(u16::MAX) - ipv4::Header::LEN,
            Net::V6(_) => usize::from(u16::MAX),
        };
        if upper > max {
            return Err(WriteError::TooLong {
                layer,
                len: upper,
                max,
            });
        }
        let had = buf.len();
        let buf = buf.get_mut(..len).ok_or(WriteError::NoRoom {
            layer,
            needed: len,
            had,
        })?;
        let kind = match self.net {
            Net::V4(_) => ethertype::IPV4,
            Net::V6(_) => ethertype::IPV6,
        };
        let net = link(buf, self.ethernet.as_ref(), self.vlan.as_ref(), kind);
        match &self.net {
            Net::V4(ip) => write_ipv4(&mut buf[net..transport], ip, proto, upper),
            Net::V6(ip) => write_ipv6(&mut buf[net..transport], ip, proto, upper),
        }
        buf[transport + head..].copy_from_slice(payload);
        Ok(Written {
            len,
            net,
            transport,
            payload: transport + head,
        })
    }
}

/// Writes the link header at the start of `buf`, which is long enough. Returns its length.
fn link(
    buf: &mut [u8],
    ethernet: Option<&ethernet::Header>,
    vlan: Option<&vlan::Header>,
    kind: u16,
) -> usize {
    let Some(ethernet) = ethernet else { return 0 };
    let typed = |head: ethernet::Header, kind| {
        if head.is_set(const { ethernet::TABLE.index("ethertype") }) {
            head
        } else {
            head.set_ethertype(kind)
        }
    };
    let end = ethernet::Header::LEN;
    let Some(vlan) = vlan else {
        buf[..end].copy_from_slice(typed(*ethernet, kind).bytes());
        return end;
    };
    buf[..end].copy_from_slice(typed(*ethernet, ethertype::VLAN).bytes());
    let tag = if vlan.is_set(const { vlan::TABLE.index("ethertype") }) {
        *vlan
    } else {
        vlan.set_ethertype(kind)
    };
    buf[end..end + vlan::Header::LEN].copy_from_slice(tag.bytes());
    end + vlan::Header::LEN
}

fn write_ipv4(out: &mut [u8], header: &ipv4::Header, proto: u8, upper: usize) {
    let mut head = *header;
    if !header.is_set(const { ipv4::TABLE.index("header_words") }) {
        head = head.set_header_words((ipv4::Header::LEN / 4) as u8);
    }
    if !header.is_set(const { ipv4::TABLE.index("total_len") }) {
        head = head.set_total_len((ipv4::Header::LEN + upper) as u16);
    }
    if !header.is_set(const { ipv4::TABLE.index("proto") }) {
        head = head.set_proto(proto);
    }
    if !header.is_set(const { ipv4::TABLE.index("checksum") }) {
        head = head.set_checksum(0);
        head = head.set_checksum(Checksum::new().add_bytes(head.bytes()).finish());
    }
    out.copy_from_slice(head.bytes());
}

fn write_ipv6(out: &mut [u8], header: &ipv6::Header, proto: u8, upper: usize) {
    let mut head = *header;
    if !header.is_set(const { ipv6::TABLE.index("payload_len") }) {
        head = head.set_payload_len(upper as u16);
    }
    if !header.is_set(const { ipv6::TABLE.index("next_header") }) {
        head = head.set_next_header(proto);
    }
    out.copy_from_slice(head.bytes());
}

fn patch16(bytes: &mut [u8], offset: usize, value: u16) {
    bytes[offset..offset + 2].copy_from_slice(&value.to_be_bytes());
}
