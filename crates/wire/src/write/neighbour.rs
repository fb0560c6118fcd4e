//! Requests for link-layer addresses: ARP and neighbour solicitations.

use super::{Datagram, Written, link};
use crate::error::WriteError;
use crate::ethernet::ethertype;
use crate::icmpv6::nd_option;
use crate::mac::MacAddr;
use crate::{arp, ethernet, icmpv6, vlan};
use core::net::{Ipv4Addr, Ipv6Addr};

/// Writes a broadcast ARP request for `target`: 42 bytes, 46 with a VLAN tag.
///
/// # Errors
/// If the buffer is too small.
pub fn arp_request(
    buf: &mut [u8],
    mac: MacAddr,
    sender: Ipv4Addr,
    target: Ipv4Addr,
    vlan: Option<u16>,
) -> Result<Written, WriteError> {
    arp(
        buf,
        &ethernet::Header::new()
            .set_src(mac)
            .set_dst(MacAddr::BROADCAST),
        &arp::Header::new()
            .set_op(arp::REQUEST)
            .set_sender_mac(mac)
            .set_sender_ip(sender)
            .set_target_ip(target),
        vlan,
    )
}

/// Writes an ARP message.
///
/// # Errors
/// If the buffer is too small.
pub fn arp(
    buf: &mut [u8],
    ethernet: &ethernet::Header,
    message: &arp::Header,
    vlan: Option<u16>,
) -> Result<Written, WriteError> {
    let tag = vlan.map(|vid| vlan::Header::new().set_vid(vid));
    let net = ethernet::Header::LEN + tag.map_or(0, |_| vlan::Header::LEN);
    let len = net + arp::Header::LEN;
    let had = buf.len();
    let buf = buf.get_mut(..len).ok_or(WriteError::NoRoom {
        layer: arp::TABLE.name,
        needed: len,
        had,
    })?;
    link(buf, Some(ethernet), tag.as_ref(), ethertype::ARP);
    let mut head = *message;
    if !message.is_set(const { arp::TABLE.index("hardware_len") }) {
        head = head.set_hardware_len(6);
    }
    if !message.is_set(const { arp::TABLE.index("protocol_len") }) {
        head = head.set_protocol_len(4);
    }
    buf[net..].copy_from_slice(head.bytes());
    Ok(Written {
        len,
        net,
        transport: len,
        payload: len,
    })
}

/// Returns the solicited-node multicast address of `target` (RFC 4291 section 2.7.1).
#[must_use]
pub const fn solicited_node(target: Ipv6Addr) -> Ipv6Addr {
    let o = target.octets();
    Ipv6Addr::from_octets([
        0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, o[13], o[14], o[15],
    ])
}

/// Writes a neighbour solicitation for `target` (RFC 4861 section 4.3) to its solicited-node group, with hop limit 255
/// and the sender's link-layer address as an option.
///
/// # Errors
/// If the buffer is too small.
pub fn neighbour_solicitation(
    buf: &mut [u8],
    mac: MacAddr,
    sender: Ipv6Addr,
    target: Ipv6Addr,
    vlan: Option<u16>,
) -> Result<Written, WriteError> {
    let group = solicited_node(target);
    let mut datagram = Datagram::new(sender.into(), group.into())?
        .ethernet(mac, MacAddr::of_ipv6_multicast(group))
        .ttl(255);
    if let Some(vid) = vlan {
        datagram = datagram.vlan(vid);
    }
    let mut body = [0u8; 24];
    body[..16].copy_from_slice(&target.octets());
    // Type, length in units of 8 bytes, address (RFC 4861 section 4.6.1).
    body[16] = nd_option::SOURCE_LL;
    body[17] = 1;
    body[18..].copy_from_slice(&mac.octets());
    datagram.icmpv6(
        buf,
        &icmpv6::Header::new().set_kind(icmpv6::kind::NEIGHBOUR_SOLICIT),
        &body,
    )
}
