//! The object `machine`: addresses that seem to belong to one machine.
//!
//! The writer derives it from the hosts and the names, so the reader only checks it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::values::{Mac, Seconds};
use crate::ScanInfo;
use crate::machines::{Machine, SharedBy};

/// Addresses that seem to belong to one machine.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct MachineLine {
    at: Seconds,
    hosts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac: Option<Mac>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl MachineLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, machine: Machine) -> MachineLine {
        let (mac, name) = match machine.shared {
            SharedBy::Mac(mac) => (Some(mac.into()), None),
            SharedBy::Name(name) => (None, Some(name)),
        };
        let hosts = machine.hosts.into_iter().map(|host| scan.address(host));
        MachineLine {
            at: at.into(),
            hosts: hosts.collect(),
            mac,
            name,
        }
    }
}
