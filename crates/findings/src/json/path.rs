//! The lines of ways to hosts (`--traceroute`), as documented in `docs/json.md`.
//!
//! This file must not know how hops were found.

use std::time::Duration;

use serde::Serialize;
use vigie_scan::event::{Hop, Path};

use crate::{ScanInfo, words};

/// The way to a host.
#[derive(Serialize)]
pub(super) struct PathLine {
    at: f64,
    host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<String>,
    hops: Vec<HopLine>,
}

#[derive(Serialize)]
struct HopLine {
    ttl: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared: Option<String>,
}

impl PathLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, path: &Path) -> PathLine {
        let hop = |hop: &Hop| HopLine {
            ttl: hop.ttl,
            ip: hop.ip.map(|ip| ip.to_string()),
            rtt: hop.rtt.map(|d| d.as_secs_f64()),
            shared: hop.shared.map(|ip| ip.to_string()),
        };
        PathLine {
            at: at.as_secs_f64(),
            host: scan.address(path.host),
            probe: path.probe.map(words::question),
            hops: path.hops.iter().map(hop).collect(),
        }
    }
}
