//! This network namespace as values: links, addresses, routes, neighbours; and the changes to them.
//!
//! The kernel decides and we ask: which link, gateway and source a destination takes is the answer
//! to `RTM_GETROUTE`, so that policy routing, VRFs and metrics are honoured without being known here.
//! This module knows no scan and no packet.
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
pub use link::{Framing, Link};
pub use neighbour::{Neighbour, Reachability};
pub use prefix::{NotAPrefix, Prefix};
pub use route::{RouteError, RouteInfo, RouteKind};
pub use split::{Boundaries, Segment, SplitError};
pub use tun::{Tun, TunMode};

use crate::netlink::{Error, Protocol, Socket};

/// A view of the network namespace that the opening thread was in.
#[derive(Debug)]
pub struct Network {
    socket: Socket,
}

impl Network {
    /// Opens the view. Reading needs no privilege.
    pub fn open() -> Result<Self, Error> {
        Ok(Self {
            socket: Socket::open(Protocol::Route)?,
        })
    }
}
