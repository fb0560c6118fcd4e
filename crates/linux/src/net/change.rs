//! Changes links, addresses, routes and neighbours, to build networks of namespaces.
//!
//! Every function needs `CAP_NET_ADMIN` over the namespace. Nothing is undone on drop: everything disappears with its
//! namespace. This module must not know what a network is built for.

use core::net::IpAddr;
use std::os::fd::{AsFd, AsRawFd};

use super::address::{IFA_ADDRESS, IFA_FLAGS, IFA_LOCAL, IFADDRMSG};
use super::link::{
    IFF_UP, IFINFOMSG, IFLA_ADDRESS, IFLA_IFNAME, IFLA_INFO_KIND, IFLA_LINK, IFLA_LINKINFO,
    IFLA_MASTER, IFLA_MTU,
};
use super::neighbour::{NDA_DST, NDA_LLADDR, NDMSG};
use super::route::{RTA_DST, RTA_GATEWAY, RTA_OIF, RTA_PREFSRC, RTA_VIA, RTMSG};
use super::{Network, Prefix, prefix};
use crate::netlink::{Error, Message, flag};
use crate::netns::Namespace;

const RTM_NEWLINK: u16 = 16;
const RTM_DELLINK: u16 = 17;
const RTM_NEWADDR: u16 = 20;
const RTM_NEWROUTE: u16 = 24;
const RTM_NEWNEIGH: u16 = 28;
const RTM_NEWRULE: u16 = 32;

const IFLA_NET_NS_FD: u16 = 28;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const IFLA_VLAN_ID: u16 = 1;
const IFLA_MACVLAN_MODE: u16 = 1;
const MACVLAN_MODE_BRIDGE: u32 = 4;
const IFA_F_NODAD: u32 = 0x02;
const RTA_PRIORITY: u16 = 6;
const RTA_TABLE: u16 = 15;
const RTPROT_STATIC: u8 = 4;
const NUD_PERMANENT: u16 = 0x80;
const FRA_DST: u16 = 1;
const FRA_PRIORITY: u16 = 6;
const FRA_TABLE: u16 = 15;
const FR_ACT_TO_TBL: u8 = 1;

const TABLE_MAIN: u32 = 254;
const TABLE_LOCAL: u32 = 255;
const SCOPE_LINK: u8 = 253;
const SCOPE_HOST: u8 = 254;

/// Action of a new route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RouteAction {
    /// Forwards them.
    #[default]
    Unicast,
    /// Treats every address of the prefix as this machine's own ("AnyIP").
    Local,
    /// Drops them silently.
    Blackhole,
    /// Drops them and returns ICMP host unreachable.
    Unreachable,
    /// Drops them and returns ICMP administratively prohibited.
    Prohibit,
}

/// A route to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRoute {
    /// Destinations.
    pub destination: Prefix,
    /// Action for packets to these destinations.
    pub action: RouteAction,
    /// Index of the outgoing link.
    pub link: Option<u32>,
    /// Gateway, possibly of the other family (IPv4 through IPv6).
    pub gateway: Option<IpAddr>,
    /// Preferred source address.
    pub source: Option<IpAddr>,
    /// Routing table; by default main, or local for [`RouteAction::Local`].
    pub table: Option<u32>,
    /// Metric; the lowest wins.
    pub metric: Option<u32>,
}

impl NewRoute {
    /// Returns a unicast route to `destination`, without link or gateway.
    pub fn to(destination: Prefix) -> Self {
        Self {
            destination,
            action: RouteAction::Unicast,
            link: None,
            gateway: None,
            source: None,
            table: None,
            metric: None,
        }
    }

    /// Sets the gateway.
    #[must_use]
    pub fn via(mut self, gateway: IpAddr) -> Self {
        self.gateway = Some(gateway);
        self
    }

    /// Sets the outgoing link.
    #[must_use]
    pub fn through(mut self, link: u32) -> Self {
        self.link = Some(link);
        self
    }

    /// Sets the action.
    #[must_use]
    pub fn action(mut self, action: RouteAction) -> Self {
        self.action = action;
        self
    }
}

impl Network {
    /// Creates a pair of virtual Ethernet links, the peer in another namespace if one is given. If both stay in this
    /// namespace, their names must differ.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_veth(
        &mut self,
        name: &str,
        peer: &str,
        peer_namespace: Option<&Namespace>,
    ) -> Result<(), Error> {
        let mut message = new_link(name);
        message.nest(IFLA_LINKINFO, |info| {
            info.string(IFLA_INFO_KIND, "veth")
                .nest(IFLA_INFO_DATA, |data| {
                    data.nest(VETH_INFO_PEER, |other| {
                        other.raw(&[0; IFINFOMSG]).string(IFLA_IFNAME, peer);
                        if let Some(namespace) = peer_namespace {
                            other.u32(IFLA_NET_NS_FD, raw(namespace));
                        }
                    });
                });
        });
        self.socket.request("add a veth pair", &message)
    }

    /// Creates a bridge.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_bridge(&mut self, name: &str) -> Result<(), Error> {
        let mut message = new_link(name);
        message.nest(IFLA_LINKINFO, |info| {
            info.string(IFLA_INFO_KIND, "bridge");
        });
        self.socket.request("add a bridge", &message)
    }

    /// Creates an 802.1Q link with tag `id` on the link with index `lower`.
    ///
    /// # Errors
    /// If the kernel refuses; `EOPNOTSUPP` if it has no 802.1Q.
    pub fn add_vlan(&mut self, name: &str, lower: u32, id: u16) -> Result<(), Error> {
        let mut message = new_link(name);
        message.u32(IFLA_LINK, lower).nest(IFLA_LINKINFO, |info| {
            info.string(IFLA_INFO_KIND, "vlan")
                .nest(IFLA_INFO_DATA, |data| {
                    data.u16(IFLA_VLAN_ID, id);
                });
        });
        self.socket.request("add a VLAN link", &message)
    }

    /// Creates a macvlan link (bridge mode) on the link with index `lower`.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_macvlan(&mut self, name: &str, lower: u32) -> Result<(), Error> {
        let mut message = new_link(name);
        message.u32(IFLA_LINK, lower).nest(IFLA_LINKINFO, |info| {
            info.string(IFLA_INFO_KIND, "macvlan")
                .nest(IFLA_INFO_DATA, |data| {
                    data.u32(IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE);
                });
        });
        self.socket.request("add a macvlan link", &message)
    }

    /// Removes a link.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn delete_link(&mut self, index: u32) -> Result<(), Error> {
        let mut message = Message::new(RTM_DELLINK, 0);
        message.raw(&ifinfomsg(index, 0, 0));
        self.socket.request("delete the link", &message)
    }

    /// Switches a link on or off.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_up(&mut self, index: u32, up: bool) -> Result<(), Error> {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message.raw(&ifinfomsg(index, if up { IFF_UP } else { 0 }, IFF_UP));
        self.socket.request("switch the link", &message)
    }

    /// Sets a link's Ethernet address.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_mac(&mut self, index: u32, mac: [u8; 6]) -> Result<(), Error> {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message
            .raw(&ifinfomsg(index, 0, 0))
            .attribute(IFLA_ADDRESS, &mac);
        self.socket.request("set the link's address", &message)
    }

    /// Sets a link's MTU in bytes.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_mtu(&mut self, index: u32, mtu: u32) -> Result<(), Error> {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message.raw(&ifinfomsg(index, 0, 0)).u32(IFLA_MTU, mtu);
        self.socket.request("set the link's MTU", &message)
    }

    /// Sets the length of a link's transmit queue in packets; for a TUN link they wait for its file's reader.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_queue_length(&mut self, index: u32, packets: u32) -> Result<(), Error> {
        const IFLA_TXQLEN: u16 = 13;
        let mut message = Message::new(RTM_NEWLINK, 0);
        message
            .raw(&ifinfomsg(index, 0, 0))
            .u32(IFLA_TXQLEN, packets);
        self.socket.request("set the link's queue", &message)
    }

    /// Attaches a link to the bridge with index `master`, or detaches it (0).
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn set_master(&mut self, index: u32, master: u32) -> Result<(), Error> {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message
            .raw(&ifinfomsg(index, 0, 0))
            .u32(IFLA_MASTER, master);
        self.socket.request("set the link's master", &message)
    }

    /// Moves a link to another namespace; its index may change there.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn move_to(&mut self, index: u32, namespace: &Namespace) -> Result<(), Error> {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message
            .raw(&ifinfomsg(index, 0, 0))
            .u32(IFLA_NET_NS_FD, raw(namespace));
        self.socket.request("move the link", &message)
    }

    /// Adds an address with the prefix length of its subnet. IPv6 addresses are usable at once: duplicate address
    /// detection is switched off.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_address(&mut self, link: u32, address: Prefix) -> Result<(), Error> {
        let scope = if address.address.is_loopback() {
            SCOPE_HOST
        } else {
            0
        };
        let mut header = [0; IFADDRMSG];
        header[0] = prefix::family(address.address);
        header[1] = address.length;
        header[3] = scope;
        header[4..8].copy_from_slice(&link.to_ne_bytes());
        let octets = prefix::octets(address.address);
        let mut message = Message::new(RTM_NEWADDR, flag::CREATE | flag::EXCL);
        message
            .raw(&header)
            .attribute(IFA_LOCAL, &octets)
            .attribute(IFA_ADDRESS, &octets);
        if address.address.is_ipv6() {
            message.u32(IFA_FLAGS, IFA_F_NODAD);
        }
        self.socket.request("add the address", &message)
    }

    /// Adds a route.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_route(&mut self, route: &NewRoute) -> Result<(), Error> {
        let local = route.action == RouteAction::Local;
        let table = route
            .table
            .unwrap_or(if local { TABLE_LOCAL } else { TABLE_MAIN });
        let mut header = [0; RTMSG];
        header[0] = prefix::family(route.destination.address);
        header[1] = route.destination.length;
        header[4] = u8::try_from(table).unwrap_or(0);
        header[5] = RTPROT_STATIC;
        header[6] = match (route.action, route.gateway) {
            (RouteAction::Local, _) => SCOPE_HOST,
            (RouteAction::Unicast, None) => SCOPE_LINK,
            _ => 0,
        };
        header[7] = match route.action {
            RouteAction::Unicast => 1,
            RouteAction::Local => 2,
            RouteAction::Blackhole => 6,
            RouteAction::Unreachable => 7,
            RouteAction::Prohibit => 8,
        };
        let mut message = Message::new(RTM_NEWROUTE, flag::CREATE | flag::EXCL);
        message.raw(&header).u32(RTA_TABLE, table);
        if route.destination.length > 0 {
            message.attribute(RTA_DST, &prefix::octets(route.destination.address));
        }
        if let Some(link) = route.link {
            message.u32(RTA_OIF, link);
        }
        if let Some(gateway) = route.gateway {
            let octets = prefix::octets(gateway);
            if prefix::family(gateway) == header[0] {
                message.attribute(RTA_GATEWAY, &octets);
            } else {
                let mut via = u16::from(prefix::family(gateway)).to_ne_bytes().to_vec();
                via.extend_from_slice(&octets);
                message.attribute(RTA_VIA, &via);
            }
        }
        if let Some(source) = route.source {
            message.attribute(RTA_PREFSRC, &prefix::octets(source));
        }
        if let Some(metric) = route.metric {
            message.u32(RTA_PRIORITY, metric);
        }
        self.socket.request("add the route", &message)
    }

    /// Adds a policy rule: destinations in `to` are looked up in `table` first.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_rule(&mut self, to: Prefix, table: u32, priority: u32) -> Result<(), Error> {
        let mut header = [0; RTMSG];
        header[0] = prefix::family(to.address);
        header[1] = to.length;
        header[7] = FR_ACT_TO_TBL;
        let mut message = Message::new(RTM_NEWRULE, flag::CREATE | flag::EXCL);
        message
            .raw(&header)
            .u32(FRA_TABLE, table)
            .u32(FRA_PRIORITY, priority);
        if to.length > 0 {
            message.attribute(FRA_DST, &prefix::octets(to.address));
        }
        self.socket.request("add the routing rule", &message)
    }

    /// Adds a permanent neighbour entry.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn add_neighbour(&mut self, link: u32, address: IpAddr, mac: [u8; 6]) -> Result<(), Error> {
        let mut header = [0; NDMSG];
        header[0] = prefix::family(address);
        header[4..8].copy_from_slice(&link.to_ne_bytes());
        header[8..10].copy_from_slice(&NUD_PERMANENT.to_ne_bytes());
        let mut message = Message::new(RTM_NEWNEIGH, flag::CREATE | flag::REPLACE);
        message
            .raw(&header)
            .attribute(NDA_DST, &prefix::octets(address))
            .attribute(NDA_LLADDR, &mac);
        self.socket.request("add the neighbour", &message)
    }
}

fn raw(namespace: &Namespace) -> u32 {
    namespace.as_fd().as_raw_fd().cast_unsigned()
}

fn new_link(name: &str) -> Message {
    let mut message = Message::new(RTM_NEWLINK, flag::CREATE | flag::EXCL);
    message.raw(&[0; IFINFOMSG]).string(IFLA_IFNAME, name);
    message
}

fn ifinfomsg(index: u32, flags: u32, change: u32) -> [u8; IFINFOMSG] {
    let mut header = [0; IFINFOMSG];
    header[4..8].copy_from_slice(&index.to_ne_bytes());
    header[8..12].copy_from_slice(&flags.to_ne_bytes());
    header[12..16].copy_from_slice(&change.to_ne_bytes());
    header
}
