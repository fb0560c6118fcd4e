//! The objects `up` and `host`: what is known about a host itself, and its ports in numbers.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_scan::event::{EndReason, ErrorLimit, HostSummary, Sample, StateCount, UdpSummary};
use vigie_scan::finding::HostFinding;
use vigie_scan::{HostState, PortState, Reason};

use super::LineError;
use super::interfaces::Interfaces;
use super::values::{Amount, Mac, Seconds, Share, Text, Word, duration};
use crate::{ScanInfo, vendor};

/// Maximum value of a count: every port of every transport.
const MAX_COUNT: u64 = 4 * 65_536;

/// A host that was found to be up; its ports follow.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct UpLine {
    pub(super) at: Seconds,
    #[serde(flatten)]
    pub(super) found: Found,
}

/// A host with everything that is known about it.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct HostLine {
    pub(super) at: Seconds,
    #[serde(flatten)]
    pub(super) found: Found,
    pub(super) complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<Word<EndReason>>,
    counts: Vec<StateCountObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    udp: Option<UdpSummaryObject>,
}

/// What is known about a host itself.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Found {
    host: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    state: Word<HostState>,
    reason: Word<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac: Option<Mac>,
    /// Written for readers; it follows from `mac`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<Text>,
}

/// Number of ports with one state for one reason.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct StateCountObject {
    state: Word<PortState>,
    reason: Word<Reason>,
    count: u64,
    listed: bool,
    tries: u8,
    miss_probability: Share,
}

/// How a host reports closed UDP ports, and what is known about those that are not proven.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UdpSummaryObject {
    limit: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    burst: Option<u32>,
    unproven: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<SampleObject>,
}

/// Result of a random sample of the silent ports.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SampleObject {
    of: u64,
    drawn: u64,
    closed: u64,
    most: u64,
    confidence: Share,
}

impl UpLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, found: &HostFinding) -> UpLine {
        UpLine {
            at: at.into(),
            found: Found::new(scan, found),
        }
    }
}

impl Found {
    fn new(scan: &ScanInfo, found: &HostFinding) -> Found {
        Found {
            host: scan.address(found.host),
            names: scan.names.get(&found.host).cloned().unwrap_or_default(),
            state: found.state.into(),
            reason: found.reason.into(),
            rtt: found.rtt.map(Into::into),
            ttl: found.ttl,
            mac: found.mac.map(Into::into),
            vendor: found.mac.and_then(vendor::of).map(Into::into),
        }
    }

    /// Returns the host with its names.
    pub(super) fn read(
        self,
        interfaces: &mut Interfaces,
    ) -> Result<(HostFinding, Vec<String>), LineError> {
        let host = interfaces.host(&self.host, "host")?;
        let found = HostFinding {
            host,
            state: self.state.value("state")?,
            reason: self.reason.value("reason")?,
            rtt: duration(self.rtt, "rtt")?,
            mac: self.mac.map(|mac| mac.address()).transpose()?,
            ttl: self.ttl,
        };
        Ok((found, self.names))
    }
}

impl HostLine {
    /// Returns a host after its last event.
    pub(super) fn new(scan: &ScanInfo, at: Duration, summary: &HostSummary) -> HostLine {
        HostLine {
            ended: Some(summary.ended.into()),
            counts: summary.counts.iter().map(Into::into).collect(),
            udp: summary.udp.as_ref().map(Into::into),
            ..HostLine::without_counts(scan, at, &summary.host, !summary.ended.is_early())
        }
    }

    /// Returns a host whose ports were not scanned, or not completely.
    pub(super) fn without_counts(
        scan: &ScanInfo,
        at: Duration,
        found: &HostFinding,
        complete: bool,
    ) -> HostLine {
        HostLine {
            at: at.into(),
            found: Found::new(scan, found),
            complete,
            ended: None,
            counts: Vec::new(),
            udp: None,
        }
    }

    /// Returns the host, its names, and its summary; no summary if the scan broke off before.
    pub(super) fn read(
        self,
        interfaces: &mut Interfaces,
    ) -> Result<(HostFinding, Vec<String>, Option<HostSummary>), LineError> {
        let (host, names) = self.found.read(interfaces)?;
        let Some(ended) = self.ended else {
            return Ok((host, names, None));
        };
        let counts = self.counts.iter().map(TryInto::try_into);
        let summary = HostSummary {
            host,
            counts: counts.collect::<Result<_, _>>()?,
            ended: ended.value("ended")?,
            udp: self.udp.as_ref().map(TryInto::try_into).transpose()?,
        };
        Ok((host, names, Some(summary)))
    }
}

impl From<&StateCount> for StateCountObject {
    fn from(count: &StateCount) -> StateCountObject {
        StateCountObject {
            state: count.state.into(),
            reason: count.reason.into(),
            count: count.count,
            listed: count.listed,
            tries: count.tries,
            miss_probability: Share(count.miss_probability),
        }
    }
}

impl TryFrom<&StateCountObject> for StateCount {
    type Error = LineError;

    fn try_from(line: &StateCountObject) -> Result<StateCount, LineError> {
        Ok(StateCount {
            state: line.state.value("state")?,
            reason: line.reason.value("reason")?,
            count: if line.count <= MAX_COUNT {
                line.count
            } else {
                return Err(LineError::Field("count"));
            },
            listed: line.listed,
            miss_probability: line.miss_probability.number("miss_probability")?,
            tries: line.tries,
        })
    }
}

impl From<&UdpSummary> for UdpSummaryObject {
    fn from(summary: &UdpSummary) -> UdpSummaryObject {
        let (limit, rate, burst) = match summary.limit {
            ErrorLimit::Unresponsive => ("mute", None, None),
            ErrorLimit::Unlimited => ("free", None, None),
            ErrorLimit::Limited { rate, burst } => ("tokens", Some(Amount(rate)), burst),
        };
        UdpSummaryObject {
            limit: limit.into(),
            rate,
            burst,
            unproven: summary.unproven,
            sample: summary.sample.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<&UdpSummaryObject> for UdpSummary {
    type Error = LineError;

    fn try_from(line: &UdpSummaryObject) -> Result<UdpSummary, LineError> {
        let limit = match &*line.limit {
            "mute" => ErrorLimit::Unresponsive,
            "free" => ErrorLimit::Unlimited,
            "tokens" => ErrorLimit::Limited {
                rate: line.rate.unwrap_or(Amount(0.0)).number("rate")?,
                burst: line.burst,
            },
            _ => return Err(LineError::Field("limit")),
        };
        Ok(UdpSummary {
            limit,
            unproven: line.unproven,
            sample: line.sample.as_ref().map(TryInto::try_into).transpose()?,
        })
    }
}

impl From<&Sample> for SampleObject {
    fn from(sample: &Sample) -> SampleObject {
        SampleObject {
            of: sample.of,
            drawn: sample.drawn,
            closed: sample.closed,
            most: sample.most,
            confidence: Share(sample.confidence),
        }
    }
}

impl TryFrom<&SampleObject> for Sample {
    type Error = LineError;

    fn try_from(line: &SampleObject) -> Result<Sample, LineError> {
        Ok(Sample {
            of: line.of,
            drawn: line.drawn,
            closed: line.closed,
            most: line.most,
            confidence: line.confidence.number("confidence")?,
        })
    }
}
