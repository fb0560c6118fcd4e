//! A packet written once and stamped many times.
//!
//! Two probes of a kind differ only in destination, ports and cookie. The checksum of everything else is computed
//! once, and the sums of these fields are added to it (RFC 1071: the sum is linear). No allocation, no second pass
//! over the bytes. This file must not know what the packet is.

use core::net::IpAddr;

use vigie_wire::MacAddr;
use vigie_wire::write::{Datagram, Written};

use super::To;
use crate::plan::{Framing, NextHop, Route};

/// Length of the longest probe in bytes.
pub(super) const MAX: usize = 128;
/// Offset of the destination address in an IPv4 and in an IPv6 header, and of the IPv4 checksum.
const V4_DST: usize = 16;
const V4_CHECKSUM: usize = 10;
const V6_DST: usize = 24;

/// A prepared probe.
#[derive(Clone, Debug)]
pub struct Template {
    bytes: [u8; MAX],
    len: usize,
    /// Offset of the IP header; 0 on links without hardware addresses.
    net: usize,
    v6: bool,
    /// Offsets of the stamped fields; `port` is `None` for probes without ports.
    port: Option<usize>,
    /// Offset of the source port, for probes that rotate through several.
    source: Option<usize>,
    cookie: usize,
    /// Offset of the second copy of the cookie.
    cookie_copy: Option<usize>,
    checksum: usize,
    /// Whether the transport's checksum covers the addresses.
    pseudo: bool,
    /// Whether the destination hardware address differs by target.
    stamp_mac: bool,
    /// Checksums of the bytes that are not stamped.
    net_sum: u32,
    transport_sum: u32,
    /// The sender, for packets that are written whole each time.
    pub(super) sender: Option<(MacAddr, IpAddr)>,
    /// Whether packets that are written whole have an Ethernet header, and their source port.
    framed: bool,
    source_port: u16,
}

/// Offsets of the stamped fields, from the start of the transport header.
#[derive(Clone, Copy, Debug)]
pub struct FieldOffsets {
    /// Destination port.
    pub port: Option<usize>,
    /// Source port, if tries rotate through several.
    pub source: Option<usize>,
    /// Cookie (four bytes).
    pub cookie: usize,
    /// Second copy of the cookie.
    pub cookie_copy: Option<usize>,
    /// Checksum.
    pub checksum: usize,
    /// Whether the checksum covers a pseudo header.
    pub pseudo: bool,
}

impl Template {
    /// Prepares a template from a packet written with the unspecified address, port 0 and cookie 0 in the stamped
    /// fields.
    ///
    /// # Panics
    /// If `written` does not describe `bytes`: a mistake in a probe's own file.
    pub fn new(bytes: &[u8], written: Written, offsets: FieldOffsets, route: &Route) -> Template {
        let mut copy = [0; MAX];
        copy[..written.len].copy_from_slice(&bytes[..written.len]);
        let v6 = route.source.is_ipv6();
        let at = |offset| written.transport + offset;
        let mut template = Template {
            bytes: copy,
            len: written.len,
            net: written.net,
            v6,
            port: offsets.port.map(at),
            source: offsets.source.map(at),
            cookie: at(offsets.cookie),
            cookie_copy: offsets.cookie_copy.map(at),
            checksum: at(offsets.checksum),
            pseudo: offsets.pseudo,
            stamp_mac: matches!(route.framing, Framing::Ethernet { .. })
                && route.hop != NextHop::Direct,
            net_sum: 0,
            transport_sum: 0,
            sender: None,
            framed: false,
            source_port: 0,
        };
        if !v6 {
            template.put(template.net + V4_CHECKSUM, [0; 2]);
            template.net_sum = sum(&template.bytes[template.net..written.transport]);
        }
        // With zero in all stamped fields, the sum of the rest is the complement of the checksum.
        let check = u16::from_be_bytes([
            template.bytes[template.checksum],
            template.bytes[template.checksum + 1],
        ]);
        template.transport_sum = u32::from(!check);
        template
    }

    /// Returns a template in which nothing is stamped.
    pub(super) fn blank(bytes: &[u8]) -> Template {
        let mut copy = [0; MAX];
        copy[..bytes.len()].copy_from_slice(bytes);
        Template {
            bytes: copy,
            len: bytes.len(),
            net: 0,
            v6: false,
            port: None,
            source: None,
            cookie: 0,
            cookie_copy: None,
            checksum: 0,
            pseudo: false,
            stamp_mac: false,
            net_sum: 0,
            transport_sum: 0,
            sender: None,
            framed: false,
            source_port: 0,
        }
    }

    /// Returns a template for packets that are written whole: their sender and source port.
    pub(super) fn whole(route: &Route, source_port: u16) -> Template {
        let mut template = Template::blank(&[]);
        let mac = ethernet(route).map(|(mac, _)| mac);
        template.sender = Some((mac.unwrap_or(MacAddr::ZERO), route.source));
        template.framed = mac.is_some();
        template.source_port = source_port;
        template
    }

    /// Source port of packets that are written whole.
    pub(super) fn source_port(&self) -> u16 {
        self.source_port
    }

    /// Returns the start of a datagram to `to`, for packets that are written whole; `None` if the families differ.
    pub(super) fn datagram_to(&self, to: &To) -> Option<Datagram> {
        let (mac, source) = self.sender?;
        let datagram = Datagram::new(source, to.ip).ok()?;
        Some(if self.framed {
            datagram.ethernet(mac, to.mac)
        } else {
            datagram
        })
    }

    fn put<const N: usize>(&mut self, at: usize, value: [u8; N]) {
        self.bytes[at..at + N].copy_from_slice(&value);
    }

    /// Writes the probe to `to` into `slot`. Returns the length in bytes.
    ///
    /// # Panics
    /// If the slot is shorter than 128 bytes or the address is not of the template's family.
    #[inline]
    pub fn stamp(&self, slot: &mut [u8], to: &To) -> usize {
        let slot: &mut [u8; MAX] = slot
            .first_chunk_mut()
            .expect("a transmit slot holds the longest probe");
        *slot = self.bytes;
        if self.stamp_mac {
            slot[..6].copy_from_slice(&to.mac.octets());
        }
        let address_sum = match to.ip {
            IpAddr::V4(ip) => {
                debug_assert!(!self.v6);
                let octets = ip.octets();
                let added = sum(&octets);
                put(slot, self.net + V4_DST, octets);
                put(slot, self.net + V4_CHECKSUM, fold(self.net_sum + added));
                added
            }
            IpAddr::V6(ip) => {
                debug_assert!(self.v6);
                let octets = ip.octets();
                put(slot, self.net + V6_DST, octets);
                sum(&octets)
            }
        };
        let cookie = to.cookie.to_be_bytes();
        put(slot, self.cookie, cookie);
        let mut transport = self.transport_sum + sum(&cookie);
        if let Some(at) = self.cookie_copy {
            put(slot, at, cookie);
            transport += sum(&cookie);
        }
        if self.pseudo {
            transport += address_sum;
        }
        if let Some(at) = self.port {
            put(slot, at, to.port.to_be_bytes());
            transport += u32::from(to.port);
        }
        if let Some(at) = self.source {
            let first = u16::from_be_bytes([slot[at], slot[at + 1]]);
            put(slot, at, first.wrapping_add(to.turn).to_be_bytes());
            transport += u32::from(to.turn);
        }
        put(slot, self.checksum, fold(transport));
        self.len
    }

    /// Length of the packet in bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[inline]
fn put<const N: usize>(slot: &mut [u8; MAX], at: usize, value: [u8; N]) {
    slot[at..at + N].copy_from_slice(&value);
}

/// Sum of the 16-bit words of a short run of an even number of bytes.
#[inline]
fn sum(bytes: &[u8]) -> u32 {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|w| u32::from(u16::from_be_bytes(*w)))
        .sum()
}

#[inline]
fn fold(sum: u32) -> [u8; 2] {
    let sum = (sum & 0xffff) + (sum >> 16);
    let sum = (sum & 0xffff) + (sum >> 16);
    (!(sum as u16)).to_be_bytes()
}

/// Returns the Ethernet header of a route's frames, as source and destination.
pub(super) fn ethernet(route: &Route) -> Option<(MacAddr, MacAddr)> {
    match route.framing {
        Framing::Ethernet { mac } => Some((mac, MacAddr::ZERO)),
        Framing::Ip => None,
    }
}

/// Returns the datagram from the route's source to the unspecified address of its family.
pub(super) fn datagram(route: &Route) -> Result<Datagram, vigie_wire::WriteError> {
    let anywhere: IpAddr = match route.source {
        IpAddr::V4(_) => core::net::Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => core::net::Ipv6Addr::UNSPECIFIED.into(),
    };
    let datagram = Datagram::new(route.source, anywhere)?;
    Ok(match ethernet(route) {
        Some((from, to)) => datagram.ethernet(from, to),
        None => datagram,
    })
}
