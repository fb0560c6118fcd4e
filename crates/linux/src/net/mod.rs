//! The links, addresses, routes and neighbours of a network namespace, and changes to them.
//!
//! Link, gateway and source address for a destination come from the kernel (`RTM_GETROUTE`), which applies policy routing,
//! VRFs and metrics. This module must not know scans or packets.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, `if_link.h`, `if_addr.h`, `neighbour.h`, `fib_rules.h`.

mod address;
mod change;
mod link;
mod neighbour;
mod prefix;
mod route;
mod source;
mod split;
mod tun;
mod watch;

pub use address::Address;
pub use change::{NewRoute, RouteAction};
pub use link::{Link, LinkLayer};
pub use neighbour::{Neighbour, Reachability};
pub use prefix::{NotAPrefix, Prefix};
pub use route::{RouteError, RouteInfo, RouteKind};
pub use split::{Boundaries, Segment, SplitError};
pub use tun::{Tun, TunMode};

use crate::netlink::{Error, Protocol, Socket};

/// Access to the network namespace of the thread that opened it.
#[derive(Debug)]
pub struct Network {
    socket: Socket,
}

impl Network {
    /// Opens a netlink socket. Reading needs no privilege.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn open() -> Result<Self, Error> {
        Ok(Self {
            socket: Socket::open(Protocol::Route)?,
        })
    }
}
