//! Links (network interfaces) and the header that they put before the IP header.

use super::Network;
use crate::netlink::{Error, Message, Reply};

pub(super) const RTM_GETLINK: u16 = 18;
/// Length of `struct ifinfomsg`: family, pad, ARP hardware type (u16), index (i32), flags (u32), change (u32).
pub(super) const IFINFOMSG: usize = 16;
pub(super) const IFLA_ADDRESS: u16 = 1;
pub(super) const IFLA_IFNAME: u16 = 3;
pub(super) const IFLA_MTU: u16 = 4;
pub(super) const IFLA_LINK: u16 = 5;
pub(super) const IFLA_MASTER: u16 = 10;
pub(super) const IFLA_LINKINFO: u16 = 18;
pub(super) const IFLA_INFO_KIND: u16 = 1;

pub(super) const IFF_UP: u32 = 0x1;
const IFF_LOOPBACK: u32 = 0x8;
const IFF_POINTOPOINT: u32 = 0x10;
const IFF_RUNNING: u32 = 0x40;
const IFF_NOARP: u32 = 0x80;
const IFF_LOWER_UP: u32 = 0x1_0000;

// ARPHRD_*: `include/uapi/linux/if_arp.h`.
const ARPHRD_ETHER: u16 = 1;
const ARPHRD_PPP: u16 = 512;
const ARPHRD_RAWIP: u16 = 519;
const ARPHRD_TUNNEL: u16 = 768;
const ARPHRD_TUNNEL6: u16 = 769;
const ARPHRD_LOOPBACK: u16 = 772;
const ARPHRD_SIT: u16 = 776;
const ARPHRD_IPGRE: u16 = 778;
const ARPHRD_IP6GRE: u16 = 823;
const ARPHRD_NONE: u16 = 0xfffe;

/// Header before the IP header on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LinkLayer {
    /// An Ethernet header.
    Ethernet,
    /// The loopback link: an Ethernet header with zero addresses.
    Loopback,
    /// No header: tun, WireGuard, PPP, IP tunnels.
    RawIp,
    /// Another link layer, by its `ARPHRD_*` number: only the kernel's IP sockets can send on it.
    Other(u16),
}

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Interface index, unique in this namespace.
    pub index: u32,
    /// Interface name.
    pub name: String,
    /// Header before the IP header.
    pub link_layer: LinkLayer,
    /// Kind of driver, for example "veth", "bridge", "vlan", "tun"; none for a physical device.
    pub kind: Option<String>,
    /// Link-layer address, if it has six bytes.
    pub mac: Option<[u8; 6]>,
    /// Largest IP packet in bytes.
    pub mtu: u32,
    /// Whether the link is switched on.
    pub up: bool,
    /// Whether the link can carry packets now: it has a carrier, or its driver does not report one.
    pub running: bool,
    /// Whether the link is point-to-point: one peer, no neighbours.
    pub point_to_point: bool,
    /// Whether neighbours must be resolved (ARP, NDP).
    pub resolves: bool,
    /// Index of the bridge, bond or VRF that this link belongs to.
    pub master: Option<u32>,
    /// Index of the underlying link (VLAN, macvlan), or of the veth peer in its own namespace.
    pub lower: Option<u32>,
}

impl Network {
    /// Returns every link of this namespace, sorted by index.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn links(&mut self) -> Result<Vec<Link>, Error> {
        let mut message = Message::new(RTM_GETLINK, 0);
        message.raw(&[0; IFINFOMSG]);
        let mut links = self.socket.collect("list the links", &message, parse)?;
        links.sort_by_key(|link| link.index);
        Ok(links)
    }

    /// Returns the link called `name`.
    ///
    /// # Errors
    /// If the kernel refuses; `ENODEV` if there is no such link.
    pub fn link(&mut self, name: &str) -> Result<Link, Error> {
        const OPERATION: &str = "find the link";
        let mut message = Message::new(RTM_GETLINK, 0);
        message.raw(&[0; IFINFOMSG]).string(IFLA_IFNAME, name);
        let mut found = None;
        self.socket
            .query(OPERATION, &message, |reply| found = parse(reply))?;
        found.ok_or(Error::Malformed {
            operation: OPERATION,
            what: "the answer describes no link",
        })
    }
}

fn parse(reply: Reply<'_>) -> Option<Link> {
    let header: &[u8; IFINFOMSG] = reply.fixed()?;
    let hardware = u16::from_ne_bytes([header[2], header[3]]);
    let index = u32::from_ne_bytes(*header[4..].first_chunk()?);
    let flags = u32::from_ne_bytes(*header[8..].first_chunk()?);
    let attributes = reply.attributes(IFINFOMSG);
    let number = |kind| attributes.first(kind).and_then(|attribute| attribute.u32());
    let kind = attributes
        .first(IFLA_LINKINFO)
        .and_then(|info| info.nested().first(IFLA_INFO_KIND))
        .and_then(|kind| kind.text());
    Some(Link {
        index,
        name: attributes.first(IFLA_IFNAME)?.text()?.to_owned(),
        link_layer: link_layer(hardware, flags),
        kind: kind.map(str::to_owned),
        mac: attributes
            .first(IFLA_ADDRESS)
            .and_then(|attribute| attribute.value.try_into().ok()),
        mtu: number(IFLA_MTU).unwrap_or(0),
        up: flags & IFF_UP != 0,
        running: flags & (IFF_RUNNING | IFF_LOWER_UP) == IFF_RUNNING | IFF_LOWER_UP,
        point_to_point: flags & IFF_POINTOPOINT != 0,
        resolves: flags & (IFF_NOARP | IFF_LOOPBACK | IFF_POINTOPOINT) == 0,
        master: number(IFLA_MASTER),
        lower: number(IFLA_LINK).filter(|&lower| lower != 0),
    })
}

fn link_layer(hardware: u16, flags: u32) -> LinkLayer {
    match hardware {
        ARPHRD_LOOPBACK => LinkLayer::Loopback,
        ARPHRD_ETHER if flags & IFF_LOOPBACK != 0 => LinkLayer::Loopback,
        ARPHRD_ETHER => LinkLayer::Ethernet,
        ARPHRD_NONE | ARPHRD_PPP | ARPHRD_RAWIP | ARPHRD_TUNNEL | ARPHRD_TUNNEL6 | ARPHRD_SIT
        | ARPHRD_IPGRE | ARPHRD_IP6GRE => LinkLayer::RawIp,
        other => LinkLayer::Other(other),
    }
}
