//! The object `path`: the route to a host (`--traceroute`).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_scan::event::{Hop, Path};

use super::LineError;
use super::interfaces::Interfaces;
use super::values::{Seconds, duration, ip};
use crate::{ScanInfo, words};

/// The route to a host.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PathLine {
    pub(super) at: Seconds,
    host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<String>,
    hops: Vec<HopObject>,
}

/// One router, or the host itself.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HopObject {
    ttl: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared: Option<String>,
}

impl PathLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, path: &Path) -> PathLine {
        PathLine {
            at: at.into(),
            host: scan.address(path.host),
            probe: path.probe.map(words::discovery_probe),
            hops: path.hops.iter().map(Into::into).collect(),
        }
    }

    /// Returns the route of the line.
    pub(super) fn read(self, interfaces: &mut Interfaces) -> Result<Path, LineError> {
        if self.hops.len() > usize::from(u8::MAX) {
            return Err(LineError::Field("hops"));
        }
        let probe =
            |word: &String| words::parse_discovery_probe(word).ok_or(LineError::Field("probe"));
        let hops = self.hops.iter().map(TryInto::try_into);
        Ok(Path {
            host: interfaces.host(&self.host, "host")?,
            probe: self.probe.as_ref().map(probe).transpose()?,
            hops: hops.collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Hop> for HopObject {
    fn from(hop: &Hop) -> HopObject {
        HopObject {
            ttl: hop.ttl,
            ip: hop.ip.map(|ip| ip.to_string()),
            rtt: hop.rtt.map(Into::into),
            shared: hop.shared.map(|ip| ip.to_string()),
        }
    }
}

impl TryFrom<&HopObject> for Hop {
    type Error = LineError;

    fn try_from(object: &HopObject) -> Result<Hop, LineError> {
        Ok(Hop {
            ttl: object.ttl,
            ip: ip(object.ip.as_ref(), "ip")?,
            rtt: duration(object.rtt, "rtt")?,
            shared: ip(object.shared.as_ref(), "shared")?,
        })
    }
}
