//! Waits for the network to reach a state: the kernel sets carriers and IPv6 addresses some time after the request that
//! causes them.

use std::time::{Duration, Instant};

use super::Network;
use crate::netlink::{Error, Protocol, Socket};

// RTMGRP_*: links, addresses and routes of both families.
const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;

impl Network {
    /// Waits until `ready` returns true, calling it again whenever a link, address or route changed. Returns false if
    /// `timeout` passes first.
    ///
    /// # Errors
    /// If `ready` fails, or the kernel refuses.
    pub fn wait_until(
        &mut self,
        timeout: Duration,
        mut ready: impl FnMut(&mut Self) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        let mut changes = Socket::listen(Protocol::Route, GROUPS)?;
        let end = Instant::now() + timeout;
        loop {
            if ready(self)? {
                return Ok(true);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            changes.wait("wait for the network", left)?;
        }
    }

    /// Waits until every link that is switched on has a carrier and no address is tentative; with `link_local` also until
    /// each Ethernet link that is not a bridge port has an IPv6 link-local address. Returns false if `timeout` passes
    /// first.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn wait_ready(&mut self, timeout: Duration, link_local: bool) -> Result<bool, Error> {
        self.wait_until(timeout, |network| {
            let addresses = network.addresses()?;
            let has_local = |link: u32| {
                addresses.iter().any(|a| {
                    let ip = a.prefix.address;
                    let local =
                        matches!(ip, std::net::IpAddr::V6(v6) if v6.is_unicast_link_local());
                    a.link == link && local
                })
            };
            let links = network.links()?;
            let running = links.iter().filter(|link| link.up).all(|link| {
                let named =
                    !link_local || !link.resolves || link.master.is_some() || has_local(link.index);
                link.running && named
            });
            Ok(running && !addresses.iter().any(|address| address.tentative))
        })
    }
}
