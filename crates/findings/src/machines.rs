//! Groups the addresses that seem to belong to one machine.
//!
//! Addresses are grouped by the same hardware address on a link, or by the same name. Neither is proof. Some values are
//! shared by many machines and group nothing: the hardware address of a router on the way (it answers for others), those
//! of virtual routers, and a name whose addresses belong to several interfaces.

use std::collections::{BTreeMap, BTreeSet};

use vigie_scan::HostState;
use vigie_scan::finding::HostFinding;
use vigie_scan::plan::NextHop;
use vigie_scope::Host;
use vigie_wire::MacAddr;

use crate::ScanInfo;

/// Maximum number of hosts that are compared.
const MAX_HOSTS: usize = 1 << 16;
/// Prefixes of virtual routers' addresses, which move between machines: VRRP for IPv4 and IPv6 (RFC 9568 section 7.3),
/// HSRP, HSRP version 2 and GLBP.
const VIRTUAL_ROUTERS: &[&[u8]] = &[
    &[0x00, 0x00, 0x5e, 0x00, 0x01],
    &[0x00, 0x00, 0x5e, 0x00, 0x02],
    &[0x00, 0x00, 0x0c, 0x07, 0xac],
    &[0x00, 0x00, 0x0c, 0x9f],
    &[0x00, 0x07, 0xb4],
];

/// What the addresses of a machine share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedBy {
    /// The same hardware address.
    Mac(MacAddr),
    /// The same name.
    Name(String),
}

/// Addresses that seem to belong to one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The addresses: at least two, in ascending order.
    pub hosts: Vec<Host>,
    /// What they share.
    pub shared: SharedBy,
}

/// The hosts that are up, with their hardware addresses. Finds the machines among them.
#[derive(Clone, Debug, Default)]
pub struct LiveHosts(BTreeMap<Host, Option<MacAddr>>);

impl LiveHosts {
    /// Adds a host if it is up.
    pub fn add(&mut self, found: &HostFinding) {
        if found.state == HostState::Up
            && (self.0.len() < MAX_HOSTS || self.0.contains_key(&found.host))
        {
            let mac = self.0.entry(found.host).or_default();
            *mac = found.mac.or(*mac);
        }
    }

    /// Returns the machines: first those found by hardware address, then those found by name.
    pub fn machines(&self, scan: &ScanInfo) -> Vec<Machine> {
        let mut by_mac: BTreeMap<MacAddr, Vec<Host>> = BTreeMap::new();
        for (host, mac) in &self.0 {
            if let Some(mac) = mac {
                by_mac.entry(*mac).or_default().push(*host);
            }
        }
        by_mac.retain(|mac, hosts| hosts.len() > 1 && !is_shared(scan, *mac, hosts));
        let mut by_name: BTreeMap<String, BTreeSet<Host>> = BTreeMap::new();
        for (host, names) in &scan.names {
            for name in names.iter().filter(|_| self.0.contains_key(host)) {
                let name = name.trim_end_matches('.').to_lowercase();
                by_name.entry(name).or_default().insert(*host);
            }
        }
        by_name.retain(|_, hosts| {
            let macs: BTreeSet<MacAddr> = hosts.iter().filter_map(|h| self.0[h]).collect();
            let is_new = !by_mac.values().any(|m| hosts.iter().all(|h| m.contains(h)));
            hosts.len() > 1 && macs.len() < 2 && is_new
        });
        let by_mac = by_mac.into_iter().map(|(mac, hosts)| Machine {
            hosts,
            shared: SharedBy::Mac(mac),
        });
        let by_name = by_name.into_iter().map(|(name, hosts)| Machine {
            hosts: hosts.into_iter().collect(),
            shared: SharedBy::Name(name),
        });
        by_mac.chain(by_name).collect()
    }
}

/// Whether several machines may answer from this hardware address.
fn is_shared(scan: &ScanInfo, mac: MacAddr, hosts: &[Host]) -> bool {
    let is_gateway = |host: &Host| {
        let mut routes = scan.plan.local.routes.iter();
        routes.any(|r| r.hop == NextHop::Gateway(host.ip))
    };
    mac == MacAddr::ZERO
        || VIRTUAL_ROUTERS
            .iter()
            .any(|begin| mac.octets().starts_with(begin))
        || scan.plan.local.neighbours.iter().any(|n| n.mac == mac)
        || hosts.iter().any(is_gateway)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use vigie_scan::Reason;
    use vigie_scan::plan::Neighbour;

    const MAC: MacAddr = MacAddr([2, 0, 0, 0, 0, 7]);

    fn live(hosts: &[(&str, Option<MacAddr>)]) -> LiveHosts {
        let mut live = LiveHosts::default();
        for (ip, mac) in hosts {
            live.add(&HostFinding {
                host: Host::new(ip.parse().unwrap()),
                state: HostState::Up,
                reason: Reason::ArpResponse,
                rtt: None,
                mac: *mac,
                ttl: None,
            });
        }
        live
    }

    fn summary(live: &LiveHosts, scan: &ScanInfo) -> Vec<(usize, bool)> {
        let machines = live.machines(scan);
        let machines = machines.iter();
        machines
            .map(|m| (m.hosts.len(), matches!(m.shared, SharedBy::Mac(_))))
            .collect()
    }

    #[test]
    fn addresses_are_grouped_by_hardware_address_and_by_name() {
        let mut scan = samples::near().scan;
        let live = live(&[
            ("10.0.1.1", Some(MAC)),
            ("fd00::1", Some(MAC)),
            ("10.9.0.1", None),
            ("fd09::1", None),
        ]);
        assert_eq!(summary(&live, &scan), [(2, true)]);
        scan.add_name(Host::new("10.9.0.1".parse().unwrap()), "far.example.");
        scan.add_name(Host::new("fd09::1".parse().unwrap()), "FAR.example");
        assert_eq!(summary(&live, &scan), [(2, true), (2, false)]);
        // A name for addresses that are grouped already adds no machine.
        scan.add_name(Host::new("10.0.1.1".parse().unwrap()), "near.example");
        scan.add_name(Host::new("fd00::1".parse().unwrap()), "near.example");
        assert_eq!(summary(&live, &scan).len(), 2);
    }

    #[test]
    fn values_shared_by_machines_group_no_addresses() {
        let mut scan = samples::near().scan;
        let other = MacAddr([2, 0, 0, 0, 0, 8]);
        let virtual_router = MacAddr([0, 0, 0x5e, 0, 1, 9]);
        let live = live(&[
            ("10.0.1.1", Some(MAC)),
            ("10.0.1.2", Some(MAC)),
            ("10.0.1.3", Some(other)),
            ("10.0.1.4", Some(virtual_router)),
            ("10.0.1.5", Some(virtual_router)),
        ]);
        // One name, two interfaces: machines behind DNS load balancing.
        scan.add_name(Host::new("10.0.1.1".parse().unwrap()), "www.example");
        scan.add_name(Host::new("10.0.1.3".parse().unwrap()), "www.example");
        assert_eq!(summary(&live, &scan), [(2, true)]);
        // A router answers for others.
        scan.plan.local.neighbours.push(Neighbour {
            link: 2,
            ip: "10.0.1.9".parse().unwrap(),
            mac: MAC,
        });
        assert_eq!(summary(&live, &scan), []);
    }
}
