//! The hosts of one window, numbered from 0: all targets, or the targets found to be up.
//!
//! This file must not know ports or packets.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::MacAddr;

use crate::finding::HostFinding;
use crate::plan::DiscoveryProbe;
use crate::rtt;
use crate::target::TargetSet;
use vigie_scope::Host;

/// A host that is up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiveHost {
    /// Number of the host among the targets.
    pub target: u64,
    /// Hardware address; zero if the link needs none.
    pub mac: MacAddr,
    /// How the host was found.
    pub found: HostFinding,
    /// The discovery probe that the host answered, if any.
    pub probe: Option<DiscoveryProbe>,
}

/// The hosts of a window.
#[derive(Clone, Debug)]
pub(crate) struct HostTable {
    targets: TargetSet,
    /// Sorted by target; `None` if every target is scanned.
    up: Option<Arc<[LiveHost]>>,
}

impl HostTable {
    /// Returns a table of every target.
    pub(crate) fn all(targets: TargetSet) -> HostTable {
        HostTable { targets, up: None }
    }

    /// Returns a table of the hosts found to be up, given in any order.
    pub(crate) fn only(targets: TargetSet, mut up: Vec<LiveHost>) -> HostTable {
        up.sort_unstable_by_key(|u| u.target);
        HostTable {
            targets,
            up: Some(up.into()),
        }
    }

    /// The hosts found to be up; `None` if hosts were not discovered.
    pub(crate) fn up(&self) -> Option<&[LiveHost]> {
        self.up.as_deref()
    }

    /// Number of hosts.
    pub(crate) fn len(&self) -> u64 {
        self.up
            .as_ref()
            .map_or(self.targets.len(), |up| up.len() as u64)
    }

    /// Returns host `i`, its route, and its hardware address.
    #[inline]
    pub(crate) fn at(&self, i: u64) -> (Host, u32, MacAddr) {
        let (target, mac) = match &self.up {
            None => (i, MacAddr::ZERO),
            Some(up) => (up[i as usize].target, up[i as usize].mac),
        };
        let (host, route) = self.targets.at(target);
        (host, route, mac)
    }

    /// Returns the number of the host with this address, seen on the interface `zone`.
    #[inline]
    pub(crate) fn index_of(&self, ip: IpAddr, zone: u32) -> Option<u64> {
        let target = self.targets.index_of(ip, zone)?;
        match &self.up {
            None => Some(target),
            Some(up) => up
                .binary_search_by_key(&target, |u| u.target)
                .ok()
                .map(|i| i as u64),
        }
    }

    /// How long to wait for a reply of host `i`, based on its discovery; `local` says which routes lead to this
    /// machine.
    pub(crate) fn patience_for(&self, i: u64, local: impl Fn(u32) -> bool) -> Duration {
        let (_, route, _) = self.at(i);
        if local(route) {
            return Duration::ZERO;
        }
        // Timeout after one sample, RFC 6298 section 2.2.
        let found = self.found(i).and_then(|found| found.rtt);
        found.map_or(rtt::INITIAL, |rtt| (3 * rtt).min(rtt::CEILING))
    }

    /// The longest wait of all hosts: see [`HostTable::patience_for`].
    pub(crate) fn patience(&self, local: impl Fn(u32) -> bool) -> Duration {
        if self.up.is_none() {
            let routes = self.targets.segments().iter().map(|s| s.route);
            let all_local = routes.into_iter().all(local);
            return if all_local {
                Duration::ZERO
            } else {
                rtt::INITIAL
            };
        }
        let each = (0..self.len()).map(|i| self.patience_for(i, &local));
        each.max().unwrap_or(Duration::ZERO)
    }

    /// The discovery probe that host `i` answered, if known.
    pub(crate) fn probe(&self, i: u64) -> Option<DiscoveryProbe> {
        self.up.as_ref()?.get(i as usize)?.probe
    }

    /// How host `i` was found; `None` if hosts were not discovered.
    pub(crate) fn found(&self, i: u64) -> Option<&HostFinding> {
        self.up
            .as_ref()
            .and_then(|up| up.get(i as usize))
            .map(|u| &u.found)
    }
}
