//! Decides which packets may be sent: only those with this machine's own addresses as the source, to destinations in
//! scope.
//!
//! Packets written to files are not checked. This file must not know sockets, nor how packets are built.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};

use vigie_craft::lang::RuntimeError;
use vigie_linux::net::{Link, LinkLayer};
use vigie_report::Message;
use vigie_scope::Host;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Range, RangeSet};
use vigie_scope::{Policy, Request};
use vigie_wire::frame::{Net, Transport};
use vigie_wire::{Frame, LinkType, MacAddr};

use super::error::MachineError;
use super::machine::Machine;
use crate::scope;

/// Key of the error that has its own exit code.
pub const OUT_OF_SCOPE: &str = "packet-out-of-scope";
/// EtherTypes that cannot impersonate another station: loopback tests, and those for local experiments (IEEE 802, clause
/// 9.2.3).
const TEST_ETHERTYPES: [u16; 3] = [0x9000, 0x88b5, 0x88b6];
/// IPv4 and IPv6 within IP (RFC 2003, RFC 4213).
const IP_IN_IP: [u8; 2] = [4, 41];
/// Other protocols that carry whole packets: GRE, EtherIP, MPLS.
const TUNNELS: [u8; 3] = [47, 97, 137];
/// Maximum number of nested IP headers that are checked.
const MAX_DEPTH: u8 = 4;

/// Destinations already allowed, so that the policy is evaluated once for each.
#[derive(Debug, Default)]
pub struct Allowed(HashSet<(IpAddr, Option<(vigie_scope::Transport, u16)>)>);

/// Checks that `bytes` may be sent on `link`.
pub fn check(
    machine: &Machine,
    allowed: &mut Allowed,
    kind: LinkType,
    bytes: &[u8],
    link: &Link,
) -> Result<(), RuntimeError> {
    check_nested(machine, allowed, kind, bytes, link, 0)
}

fn check_nested(
    machine: &Machine,
    allowed: &mut Allowed,
    kind: LinkType,
    bytes: &[u8],
    link: &Link,
    depth: u8,
) -> Result<(), RuntimeError> {
    let frame = Frame::parse(kind, bytes).map_err(|_| MachineError::plain("packet-unchecked"))?;
    let own_mac = link.mac.map(MacAddr).unwrap_or_default();
    if let Some(ethernet) = frame.ethernet {
        check_station(ethernet.src(), own_mac)?;
    }
    match frame.net {
        Net::Arp(arp) => {
            check_station(arp.sender_mac(), own_mac)?;
            return check_source(machine, arp.sender_ip().into(), link);
        }
        Net::Other { ethertype, .. } if TEST_ETHERTYPES.contains(&ethertype) => return Ok(()),
        Net::Other { .. } => return Err(MachineError::plain("packet-unchecked")),
        Net::Ipv4(_) | Net::Ipv6(_) => {}
    }
    let Some((src, dst)) = frame.addresses() else {
        return Err(MachineError::plain("packet-unchecked"));
    };
    check_source(machine, src, link)?;
    let port = match frame.transport {
        Transport::Tcp(tcp) => Some((vigie_scope::Transport::Tcp, tcp.dst_port())),
        Transport::Udp(udp) => Some((vigie_scope::Transport::Udp, udp.dst_port())),
        // Only routers send redirects and router advertisements.
        Transport::Icmpv4(icmp) if matches!(icmp.kind(), 5 | 9) => {
            return Err(MachineError::plain("packet-speaks-for-others"));
        }
        Transport::Icmpv6(icmp) => {
            match icmp.kind() {
                134 | 137 => return Err(MachineError::plain("packet-speaks-for-others")),
                136 => {
                    let target = icmp.target().map(IpAddr::V6);
                    if !target.is_some_and(|target| machine.is_own(target)) {
                        return Err(MachineError::plain("packet-speaks-for-others"));
                    }
                }
                _ => {}
            }
            if let Some(mac) = icmp.link_layer_address() {
                check_station(mac, own_mac)?;
            }
            None
        }
        Transport::Other { proto, payload } if IP_IN_IP.contains(&proto) => {
            if depth >= MAX_DEPTH {
                return Err(MachineError::plain("packet-unchecked"));
            }
            check_nested(machine, allowed, LinkType::RawIp, payload, link, depth + 1)?;
            None
        }
        Transport::Other { proto, .. } if TUNNELS.contains(&proto) => {
            return Err(MachineError::plain("packet-unchecked"));
        }
        _ => None,
    };
    check_scope(machine, allowed, dst, port, link)
}

/// Checks that the sender's hardware address is the link's own, or zero.
fn check_station(mac: MacAddr, own: MacAddr) -> Result<(), RuntimeError> {
    if mac == own || mac == MacAddr::ZERO {
        return Ok(());
    }
    Err(MachineError::message(
        Message::new("packet-foreign-station").shown("address", mac),
    ))
}

/// Checks that the source is an address of this machine. Loopback addresses are allowed on the loopback link only.
fn check_source(machine: &Machine, src: IpAddr, link: &Link) -> Result<(), RuntimeError> {
    let right_link = !src.is_loopback() || link.link_layer == LinkLayer::Loopback;
    if machine.is_own(src) && right_link {
        return Ok(());
    }
    Err(MachineError::message(
        Message::new("packet-foreign-source").shown("address", src),
    ))
}

fn check_scope(
    machine: &Machine,
    allowed: &mut Allowed,
    dst: IpAddr,
    port: Option<(vigie_scope::Transport, u16)>,
    link: &Link,
) -> Result<(), RuntimeError> {
    if stays_on_link(dst) || allowed.0.contains(&(dst, port)) {
        return Ok(());
    }
    if !is_allowed(machine.guard(), dst, port, link.index) {
        return Err(MachineError::message(
            Message::new(OUT_OF_SCOPE).shown("address", dst),
        ));
    }
    allowed.0.insert((dst, port));
    Ok(())
}

/// Whether no router forwards packets to `dst`: link-local multicast (RFC 5771 section 4, RFC 4291 section 2.7) and
/// broadcast.
fn stays_on_link(dst: IpAddr) -> bool {
    match dst {
        IpAddr::V4(dst) => dst == Ipv4Addr::BROADCAST || matches!(dst.octets(), [224, 0, 0, _]),
        IpAddr::V6(dst) => dst.is_multicast() && dst.segments()[0] & 0xf <= 2,
    }
}

fn is_allowed(
    guard: &Policy,
    dst: IpAddr,
    port: Option<(vigie_scope::Transport, u16)>,
    link: u32,
) -> bool {
    let is_link_local = matches!(dst, IpAddr::V6(v6) if v6.is_unicast_link_local());
    let host = Host::zoned(dst, if is_link_local { link } else { 0 });
    let addresses = RangeSet::new([Range::single(host.ip, host.zone)]);
    let decision = guard.evaluate(&Request {
        addresses: &addresses,
        names: &[],
        ports: &PortList::new(port),
        now: scope::now(),
    });
    decision.is_allowed()
}
