//! The line about addresses of one machine, as documented in `docs/json.md`.
//!
//! This file must not know why they are taken for such.

use std::time::Duration;

use serde::Serialize;

use crate::ScanInfo;
use crate::machines::{Machine, Sign};

/// Addresses that seem to be of one machine.
#[derive(Serialize)]
pub(super) struct MachineLine {
    at: f64,
    hosts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl MachineLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, machine: Machine) -> MachineLine {
        let (mac, name) = match machine.sign {
            Sign::Mac(mac) => (Some(mac.to_string()), None),
            Sign::Name(name) => (None, Some(name)),
        };
        let hosts = machine.hosts.into_iter().map(|h| scan.address(h));
        MachineLine {
            at: at.as_secs_f64(),
            hosts: hosts.collect(),
            mac,
            name,
        }
    }
}
