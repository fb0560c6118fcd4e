//! What is known about a scan before its first packet.

use std::collections::BTreeMap;
use std::time::Duration;

use vigie_scan::Plan;
use vigie_scope::{Host, Permission};

/// Description of a scan: everything that is known before its first packet.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanInfo {
    /// Version of the program.
    pub version: String,
    /// Arguments of the command line, program name first.
    pub command: Vec<String>,
    /// Start of the scan: time since 1970-01-01T00:00:00Z.
    pub started: Duration,
    /// The targets as the user wrote them.
    pub targets: Vec<String>,
    /// How the ports were chosen.
    pub ports_asked: PortsAsked,
    /// Names of hosts: those that the user wrote, and those that a resolver returned.
    pub names: BTreeMap<Host, Vec<String>>,
    /// What authorizes the scan.
    pub permission: Permission,
    /// Targets, ports, limits and routes.
    pub plan: Plan,
}

/// How the ports were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortsAsked {
    /// The most common ports.
    Top,
    /// Listed by the user.
    Listed,
}

impl ScanInfo {
    /// Adds a name of `host`, unless it is known.
    pub fn add_name(&mut self, host: Host, name: &str) {
        let names = self.names.entry(host).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }

    /// Returns the text of a host's address: `10.0.1.1`, `fe80::1%eth0`. The interface name is not escaped.
    pub fn address(&self, host: Host) -> String {
        address(&self.plan, host)
    }
}

/// Returns the text of an address: `10.0.1.1`, `fe80::1%eth0`. The interface name comes from outside and is not escaped.
pub fn address(plan: &Plan, host: Host) -> String {
    if host.zone == 0 {
        return host.ip.to_string();
    }
    match plan.local.routes.iter().find(|r| r.link == host.zone) {
        Some(route) => format!("{}%{}", host.ip, route.link_name),
        None => format!("{}%{}", host.ip, host.zone),
    }
}
