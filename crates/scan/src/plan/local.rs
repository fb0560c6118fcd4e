//! The part of a plan that holds for this machine only: routes, neighbours and source ports.
//!
//! This file must not know how any of it was obtained.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::ops::RangeInclusive;

use vigie_wire::MacAddr;

use crate::target::TargetSet;
use vigie_scope::target::RangeSet;

/// Number of source ports that a SYN scan rotates through unless the user chooses one.
///
/// A listener whose SYN/ACK was lost holds the connection half open, and Linux answers a SYN repeated from the same
/// port at most once in half a second (`tcp_invalid_ratelimit`). Quick retries from one port would therefore be
/// ignored. Two tries from each of four ports make eight useful tries.
pub const SOURCE_PORTS: u16 = 4;

/// How frames are laid out on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Ethernet II.
    Ethernet {
        /// Hardware address of this machine on the link.
        mac: MacAddr,
    },
    /// Bare IP packets: loopback, tun, WireGuard, PPP.
    Ip,
}

/// Who receives the frame for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextHop {
    /// The link has no hardware addresses, or the target is this machine.
    Direct,
    /// The target itself; its hardware address is resolved by ARP or neighbour discovery.
    OnLink,
    /// A router; its hardware address is resolved by ARP or neighbour discovery.
    Gateway(IpAddr),
}

/// The route to a part of the targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Interface index.
    pub link: u32,
    /// Interface name, for people.
    pub link_name: String,
    /// Frame layout on the link.
    pub framing: Framing,
    /// Source address, one of this machine's own.
    pub source: IpAddr,
    /// Who receives the frames.
    pub hop: NextHop,
    /// Largest IP packet that the link carries, in bytes.
    pub mtu: u32,
    /// Whether the targets are addresses of this machine.
    pub local: bool,
}

/// A neighbour whose hardware address the kernel already knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Interface index.
    pub link: u32,
    /// IP address.
    pub ip: IpAddr,
    /// Hardware address.
    pub mac: MacAddr,
}

/// How this machine reaches the targets of a scan. Each run determines it again; it is never stored.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalPlan {
    /// The targets; each segment names its route by index.
    pub targets: TargetSet,
    /// The routes to the targets.
    pub routes: Vec<Route>,
    /// Hardware addresses that the kernel already knows.
    pub neighbours: Vec<Neighbour>,
    /// First source port of the probes. The caller holds it, outside the ephemeral range.
    pub source_port: u16,
    /// Number of consecutive source ports, from [`LocalPlan::source_port`] on, that the tries of a SYN rotate
    /// through; see [`SOURCE_PORTS`].
    pub source_ports: u16,
}

impl LocalPlan {
    /// Returns the target addresses without their routes.
    pub fn ranges(&self) -> RangeSet {
        RangeSet::new(self.targets.segments().iter().map(|s| s.range))
    }

    /// Returns all source ports of a sender whose first one is `first`.
    #[inline]
    pub fn source_ports_from(&self, first: u16) -> RangeInclusive<u16> {
        first..=first.saturating_add(self.source_ports.max(1) - 1)
    }

    /// Returns `port` if it is one of the source ports, otherwise the first source port.
    #[inline]
    pub(crate) fn source_port_or_first(&self, port: u16) -> u16 {
        let own = self.source_ports_from(self.source_port).contains(&port);
        if own { port } else { self.source_port }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_ports_are_consecutive() {
        for (count, own) in [(0, 1), (1, 1), (4, 4)] {
            let plan = LocalPlan {
                targets: TargetSet::new(Vec::new()),
                routes: Vec::new(),
                neighbours: Vec::new(),
                source_port: 61_000,
                source_ports: count,
            };
            for port in 60_990..61_010 {
                let is_own = (61_000..61_000 + own).contains(&port);
                let expected = if is_own { port } else { 61_000 };
                assert_eq!(
                    plan.source_port_or_first(port),
                    expected,
                    "{port} of {count}"
                );
            }
        }
    }
}
