//! Which addresses belong to one machine, by what a scan has seen of them.
//!
//! Two signs count: the same hardware address on a link, and the same name. Neither is proof, and each says what it is.
//! What many machines may share joins nothing: the hardware address of a router that the scan goes through (it answers
//! for others), those of virtual routers, and a name whose addresses are known to be of several interfaces.

use std::collections::{BTreeMap, BTreeSet};

use vigie_scan::HostState;
use vigie_scan::finding::HostFinding;
use vigie_scan::plan::NextHop;
use vigie_scope::Host;
use vigie_wire::MacAddr;

use crate::ScanInfo;

/// So many hosts are compared; a network with more is a list, not a place to tell machines apart.
const MOST: usize = 1 << 16;
/// VRRP for IPv4 and IPv6 (RFC 9568 section 7.3), HSRP, HSRP version 2 and GLBP: who has the address, changes.
const VIRTUAL: &[&[u8]] = &[
    &[0x00, 0x00, 0x5e, 0x00, 0x01],
    &[0x00, 0x00, 0x5e, 0x00, 0x02],
    &[0x00, 0x00, 0x0c, 0x07, 0xac],
    &[0x00, 0x00, 0x0c, 0x9f],
    &[0x00, 0x07, 0xb4],
];

/// Why addresses are taken for those of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The same hardware address.
    Mac(MacAddr),
    /// The same name.
    Name(String),
}

/// Addresses that seem to be of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// At least two, ascending.
    pub hosts: Vec<Host>,
    pub sign: Sign,
}

/// The hosts that are up, with their hardware addresses.
#[derive(Clone, Debug, Default)]
pub struct Known(BTreeMap<Host, Option<MacAddr>>);

impl Known {
    /// Takes note of a host.
    pub fn note(&mut self, found: &HostFinding) {
        if found.state == HostState::Up && (self.0.len() < MOST || self.0.contains_key(&found.host))
        {
            let mac = self.0.entry(found.host).or_default();
            *mac = found.mac.or(*mac);
        }
    }

    /// Those that belong together: first by hardware address, then by name.
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
            let news = !by_mac.values().any(|m| hosts.iter().all(|h| m.contains(h)));
            hosts.len() > 1 && macs.len() < 2 && news
        });
        let by_mac = by_mac.into_iter().map(|(mac, hosts)| Machine {
            hosts,
            sign: Sign::Mac(mac),
        });
        let by_name = by_name.into_iter().map(|(name, hosts)| Machine {
            hosts: hosts.into_iter().collect(),
            sign: Sign::Name(name),
        });
        by_mac.chain(by_name).collect()
    }
}

/// Whether the hardware address stands for more than one machine.
fn is_shared(scan: &ScanInfo, mac: MacAddr, hosts: &[Host]) -> bool {
    let is_gateway = |host: &Host| {
        let mut routes = scan.plan.local.routes.iter();
        routes.any(|r| r.hop == NextHop::Gateway(host.ip))
    };
    mac == MacAddr::ZERO
        || VIRTUAL.iter().any(|begin| mac.octets().starts_with(begin))
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

    fn known(hosts: &[(&str, Option<MacAddr>)]) -> Known {
        let mut known = Known::default();
        for (ip, mac) in hosts {
            known.note(&HostFinding {
                host: Host::new(ip.parse().unwrap()),
                state: HostState::Up,
                reason: Reason::ArpResponse,
                rtt: None,
                mac: *mac,
                ttl: None,
            });
        }
        known
    }

    fn told(known: &Known, scan: &ScanInfo) -> Vec<(usize, bool)> {
        let machines = known.machines(scan);
        let told = machines.iter();
        told.map(|m| (m.hosts.len(), matches!(m.sign, Sign::Mac(_))))
            .collect()
    }

    #[test]
    fn one_interface_is_one_machine_and_one_name_is_too() {
        let mut scan = samples::near().scan;
        let known = known(&[
            ("10.0.1.1", Some(MAC)),
            ("fd00::1", Some(MAC)),
            ("10.9.0.1", None),
            ("fd09::1", None),
        ]);
        assert_eq!(told(&known, &scan), [(2, true)]);
        scan.know(Host::new("10.9.0.1".parse().unwrap()), "far.example.");
        scan.know(Host::new("fd09::1".parse().unwrap()), "FAR.example");
        assert_eq!(told(&known, &scan), [(2, true), (2, false)]);
        // A name of what the hardware address has joined already says nothing new.
        scan.know(Host::new("10.0.1.1".parse().unwrap()), "near.example");
        scan.know(Host::new("fd00::1".parse().unwrap()), "near.example");
        assert_eq!(told(&known, &scan).len(), 2);
    }

    #[test]
    fn what_machines_share_joins_nothing() {
        let mut scan = samples::near().scan;
        let other = MacAddr([2, 0, 0, 0, 0, 8]);
        let virtual_router = MacAddr([0, 0, 0x5e, 0, 1, 9]);
        let known = known(&[
            ("10.0.1.1", Some(MAC)),
            ("10.0.1.2", Some(MAC)),
            ("10.0.1.3", Some(other)),
            ("10.0.1.4", Some(virtual_router)),
            ("10.0.1.5", Some(virtual_router)),
        ]);
        // One name, two interfaces: machines that share their work.
        scan.know(Host::new("10.0.1.1".parse().unwrap()), "www.example");
        scan.know(Host::new("10.0.1.3".parse().unwrap()), "www.example");
        assert_eq!(told(&known, &scan), [(2, true)]);
        // The router answers for others.
        scan.plan.local.neighbours.push(Neighbour {
            link: 2,
            ip: "10.0.1.9".parse().unwrap(),
            mac: MAC,
        });
        assert_eq!(told(&known, &scan), []);
    }
}
