//! Route lookups by the kernel (`RTM_GETROUTE`).

use core::fmt;
use core::net::IpAddr;

use rustix::io::Errno;

use super::{Network, prefix, source};
use crate::netlink::{Attributes, Error, Message, Reply};

pub(super) const RTM_GETROUTE: u16 = 26;
/// Length of `struct rtmsg`: family, destination and source length, TOS, table, protocol, scope, type (bytes),
/// flags (u32).
pub(super) const RTMSG: usize = 12;
pub(super) const RTA_DST: u16 = 1;
pub(super) const RTA_OIF: u16 = 4;
pub(super) const RTA_GATEWAY: u16 = 5;
pub(super) const RTA_PREFSRC: u16 = 7;
const RTA_METRICS: u16 = 8;
pub(super) const RTA_VIA: u16 = 18;
const RTAX_MTU: u16 = 2;

const RTN_LOCAL: u8 = 2;
const RTN_BROADCAST: u8 = 3;
const RTN_ANYCAST: u8 = 4;
const RTN_MULTICAST: u8 = 5;
const RTN_BLACKHOLE: u8 = 6;
const RTN_UNREACHABLE: u8 = 7;
const RTN_PROHIBIT: u8 = 8;

const OPERATION: &str = "look up the route";

/// First hop of packets to a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// This machine.
    Local,
    /// The destination, which is a neighbour on the link.
    OnLink,
    /// A gateway, which is a neighbour on the link. An IPv4 route can have an IPv6 gateway.
    Gateway(IpAddr),
    /// Every neighbour on the link.
    Broadcast,
    /// The members of a multicast group.
    Multicast,
    /// This machine, as one of several with the address (IPv6).
    Anycast,
}

/// Route of packets to a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteInfo {
    /// Index of the outgoing link; for `Local` that of the loopback link, or of a VRF.
    pub link: u32,
    /// First hop.
    pub kind: RouteKind,
    /// Source address that the kernel chooses (RFC 6724 for IPv6).
    pub source: IpAddr,
    /// MTU of the route in bytes, if it sets one; otherwise that of the link applies.
    pub mtu: Option<u32>,
}

impl RouteInfo {
    /// Returns the gateway, if the route has one.
    pub fn gateway(&self) -> Option<IpAddr> {
        match self.kind {
            RouteKind::Gateway(gateway) => Some(gateway),
            _ => None,
        }
    }

    /// Returns the address to resolve on the link for packets to `destination`.
    pub fn next_hop(&self, destination: IpAddr) -> IpAddr {
        self.gateway().unwrap_or(destination)
    }
}

/// Why a destination has no route.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouteError {
    /// No table has a route (`ENETUNREACH`), or the link is down.
    NoRoute,
    /// The route is of type "unreachable" (`EHOSTUNREACH`).
    Unreachable,
    /// The route is of type "prohibit" (`EACCES`).
    Prohibited,
    /// The route is of type "blackhole" (`EINVAL`).
    Blackhole,
    /// An IPv6 link-local destination without its link.
    ZoneNeeded,
    /// No link has this index.
    NoLink,
    /// There is a route, but this machine has no source address for it.
    NoSource,
    /// The lookup itself failed.
    Kernel(Error),
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoute => f.write_str("no route"),
            Self::Unreachable => f.write_str("the route says unreachable"),
            Self::Prohibited => f.write_str("the route says prohibited"),
            Self::Blackhole => f.write_str("the route is a black hole"),
            Self::ZoneNeeded => f.write_str("a link-local address needs its link"),
            Self::NoLink => f.write_str("no such link"),
            Self::NoSource => f.write_str("no source address for this route"),
            Self::Kernel(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for RouteError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Kernel(error) => Some(error),
            _ => None,
        }
    }
}

impl Network {
    /// Returns the route of packets to `destination`; with `link`, through that link only. For an IPv6 link-local
    /// destination `link` is its zone and required.
    ///
    /// # Errors
    /// If there is no route, or the kernel refuses.
    pub fn lookup(
        &mut self,
        destination: IpAddr,
        link: Option<u32>,
    ) -> Result<RouteInfo, RouteError> {
        if link.is_none() && needs_zone(destination) {
            return Err(RouteError::ZoneNeeded);
        }
        let mut header = [0; RTMSG];
        header[0] = prefix::family(destination);
        header[1] = prefix::width(destination);
        let mut message = Message::new(RTM_GETROUTE, 0);
        message
            .raw(&header)
            .attribute(RTA_DST, &prefix::octets(destination));
        if let Some(link) = link {
            message.u32(RTA_OIF, link);
        }
        let mut answer = None;
        self.socket
            .query(OPERATION, &message, |reply| answer = Some(parse(reply)))
            .map_err(refused)?;
        let Some(Some(answer)) = answer else {
            return Err(malformed());
        };
        let (found, source) = answer?;
        let source = match source {
            Some(source) => source,
            None => source::choose(destination, link, found.link)?,
        };
        Ok(RouteInfo { source, ..found })
    }
}

/// Returns whether an address can mean a different machine on each link.
fn needs_zone(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => false,
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local() || (v6.is_multicast() && v6.octets()[1] & 0x0f <= 2)
        }
    }
}

fn malformed() -> RouteError {
    RouteError::Kernel(Error::Malformed {
        operation: OPERATION,
        what: "the answer describes no route",
    })
}

/// Returns the kind of a failing route, which the kernel encodes as errno (`fib_props`, `ip6_route_info`).
fn refused(error: Error) -> RouteError {
    let Error::Refused {
        errno, complaint, ..
    } = &error
    else {
        return RouteError::Kernel(error);
    };
    match *errno {
        Errno::NETUNREACH | Errno::NETDOWN => RouteError::NoRoute,
        Errno::HOSTUNREACH => RouteError::Unreachable,
        Errno::ACCESS => RouteError::Prohibited,
        Errno::INVAL if complaint.message.is_none() => RouteError::Blackhole,
        Errno::NODEV => RouteError::NoLink,
        _ => RouteError::Kernel(error),
    }
}

type Parsed = Result<(RouteInfo, Option<IpAddr>), RouteError>;

/// Parses a route and its preferred source, if it has one. Returns `None` if the reply is not a route.
fn parse(reply: Reply<'_>) -> Option<Parsed> {
    let header: &[u8; RTMSG] = reply.fixed()?;
    let attributes = reply.attributes(RTMSG);
    let kind = match (header[7], gateway(&attributes)) {
        (RTN_LOCAL, _) => RouteKind::Local,
        (RTN_BROADCAST, _) => RouteKind::Broadcast,
        (RTN_ANYCAST, _) => RouteKind::Anycast,
        (RTN_MULTICAST, _) => RouteKind::Multicast,
        (RTN_BLACKHOLE, _) => return Some(Err(RouteError::Blackhole)),
        (RTN_UNREACHABLE, _) => return Some(Err(RouteError::Unreachable)),
        (RTN_PROHIBIT, _) => return Some(Err(RouteError::Prohibited)),
        (_, Some(gateway)) => RouteKind::Gateway(gateway),
        (_, None) => RouteKind::OnLink,
    };
    let mtu = attributes
        .first(RTA_METRICS)
        .and_then(|metrics| metrics.nested().first(RTAX_MTU))
        .and_then(|mtu| mtu.u32())
        .filter(|&mtu| mtu != 0);
    let source = attributes
        .first(RTA_PREFSRC)
        .and_then(|source| source.address());
    let unspecified = if header[0] == libc::AF_INET as u8 {
        IpAddr::V4(core::net::Ipv4Addr::UNSPECIFIED)
    } else {
        IpAddr::V6(core::net::Ipv6Addr::UNSPECIFIED)
    };
    let info = RouteInfo {
        link: attributes.first(RTA_OIF)?.u32()?,
        kind,
        source: source.unwrap_or(unspecified),
        mtu,
    };
    Some(Ok((info, source)))
}

/// Returns the gateway: `RTA_GATEWAY`, or `RTA_VIA` (a `u16` family and an address) for one of the other family.
fn gateway(attributes: &Attributes<'_>) -> Option<IpAddr> {
    let plain = attributes.first(RTA_GATEWAY).and_then(|a| a.address());
    plain.or_else(|| {
        let via = attributes.first(RTA_VIA)?.value.get(2..)?;
        match via.len() {
            4 => <[u8; 4]>::try_from(via).ok().map(Into::into),
            _ => <[u8; 16]>::try_from(via).ok().map(Into::into),
        }
    })
}
