//! Interfaces of a recording. Results contain interface names, not indices, so the reader assigns its own indices.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use vigie_scan::plan::{Framing, NextHop, Route};
use vigie_scope::Host;

use super::LineError;
use crate::ScanInfo;

/// Maximum number of interfaces, and of routes, in a recording.
pub(super) const MAX_INTERFACES: usize = 4096;
/// Number of the first interface.
const FIRST_INTERFACE: u32 = 1;

/// Interface numbers by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Interfaces {
    numbers: BTreeMap<String, u32>,
}

impl Interfaces {
    /// Returns the number of the interface `name`.
    pub(super) fn number(&mut self, name: &str) -> Result<u32, LineError> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        if self.numbers.len() >= MAX_INTERFACES {
            return Err(LineError::Field("interface"));
        }
        let number = FIRST_INTERFACE + self.numbers.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }

    /// Reads `10.0.1.1` or `fe80::1%eth0`, the value of `field`.
    pub(super) fn host(&mut self, text: &str, field: &'static str) -> Result<Host, LineError> {
        let (ip, zone) = match text.split_once('%') {
            Some((ip, zone)) if !zone.is_empty() => (ip, self.number(zone)?),
            Some(_) => return Err(LineError::Field(field)),
            None => (text, 0),
        };
        let ip: IpAddr = ip.parse().map_err(|_| LineError::Field(field))?;
        Ok(Host::zoned(ip, zone))
    }

    /// Adds a route for each interface that appears in an address only, so that its name is preserved.
    pub(super) fn add_routes(self, info: &mut ScanInfo) {
        let known: BTreeSet<u32> = info.plan.local.routes.iter().map(|r| r.link).collect();
        for (name, link) in self.numbers {
            if !known.contains(&link) {
                info.plan.local.routes.push(empty_route(link, name));
            }
        }
    }
}

/// Returns a route through interface `link` with nothing else set.
pub(super) fn empty_route(link: u32, link_name: String) -> Route {
    Route {
        link,
        link_name,
        framing: Framing::Ip,
        source: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        hop: NextHop::Direct,
        mtu: 0,
        local: false,
    }
}
