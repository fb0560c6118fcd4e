//! What is known about a scan before its first packet.

use std::collections::BTreeMap;
use std::time::Duration;

use vigie_scan::Plan;
use vigie_scope::{Host, Permission};

/// What is known about a scan before it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanInfo {
    /// The program's version.
    pub version: String,
    /// The command line, program name first.
    pub command: Vec<String>,
    /// When the scan began, since 1970-01-01T00:00:00Z.
    pub started: Duration,
    /// The targets as they were asked for.
    pub targets: Vec<String>,
    /// How the ports were asked for.
    pub ports_asked: PortsAsked,
    /// The names by which hosts were asked for, or that a resolver gave.
    pub names: BTreeMap<Host, Vec<String>>,
    /// What allows it.
    pub permission: Permission,
    /// Everything else.
    pub plan: Plan,
}

/// How the ports were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortsAsked {
    /// The most common ones.
    Top,
    /// One by one or in ranges.
    Listed,
}

impl ScanInfo {
    /// Adds a name of `host`.
    pub fn know(&mut self, host: Host, name: &str) {
        let names = self.names.entry(host).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }

    /// The text of a host's address, with the interface's name where it needs one. Not escaped.
    pub fn address(&self, host: Host) -> String {
        address(&self.plan, host)
    }
}

/// The text of an address: `10.0.1.1`, `fe80::1%eth0`. The name of the interface comes from
/// outside and is not escaped.
pub fn address(plan: &Plan, host: Host) -> String {
    if host.zone == 0 {
        return host.ip.to_string();
    }
    match plan.local.routes.iter().find(|r| r.link == host.zone) {
        Some(route) => format!("{}%{}", host.ip, route.link_name),
        None => format!("{}%{}", host.ip, host.zone),
    }
}
