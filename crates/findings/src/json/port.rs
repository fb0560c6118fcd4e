//! The object `port`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_detect::payload;
use vigie_scan::{Finding, PortState, Reason, ServiceMatch};
use vigie_scope::Transport;

use super::LineError;
use super::interfaces::Interfaces;
use super::values::{Seconds, Share, Text, Word, duration, ip, is_false};
use crate::{ScanInfo, service};

/// One port.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PortLine {
    pub(super) at: Seconds,
    host: String,
    transport: Word<Transport>,
    port: u16,
    state: Word<PortState>,
    reason: Word<Reason>,
    /// Written for readers; it follows from `confirmed`, or from the port number.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt: Option<Seconds>,
    tries: u8,
    miss_probability: Share,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<Text>,
    #[serde(default, skip_serializing_if = "is_false")]
    unrecognised: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<String>,
    /// Written for readers; it follows from the port number and the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    silence: Option<Text>,
}

impl PortLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, finding: &Finding) -> PortLine {
        let detail = finding.detail.as_deref();
        PortLine {
            at: at.into(),
            host: scan.address(finding.host),
            transport: finding.transport.into(),
            port: finding.port,
            state: finding.state.into(),
            reason: finding.reason.into(),
            service: service::service(finding).map(Into::into),
            from: finding.from.map(|ip| ip.to_string()),
            ttl: finding.ttl,
            rtt: finding.rtt.map(Into::into),
            tries: finding.tries,
            miss_probability: Share(finding.miss_probability),
            confirmed: match finding.service {
                Some(ServiceMatch::Service(payload)) => Some(payload.into()),
                _ => None,
            },
            unrecognised: finding.service == Some(ServiceMatch::Unknown),
            product: detail.and_then(|d| d.product.clone()),
            version: detail.and_then(|d| d.version.clone()),
            info: detail.and_then(|d| d.info.clone()),
            silence: service::silent_by_design(finding).map(Into::into),
        }
    }

    /// Returns the finding of the line.
    pub(super) fn read(self, interfaces: &mut Interfaces) -> Result<Finding, LineError> {
        let detail = payload::Detail {
            product: self.product,
            version: self.version,
            info: self.info,
        };
        Ok(Finding {
            host: interfaces.host(&self.host, "host")?,
            transport: self.transport.value("transport")?,
            port: self.port,
            state: self.state.value("state")?,
            reason: self.reason.value("reason")?,
            from: ip(self.from.as_ref(), "from")?,
            ttl: self.ttl,
            rtt: duration(self.rtt, "rtt")?,
            tries: self.tries,
            miss_probability: self.miss_probability.number("miss_probability")?,
            service: match &self.confirmed {
                Some(name) => payload::by_name(name).map(|p| ServiceMatch::Service(p.name)),
                None => self.unrecognised.then_some(ServiceMatch::Unknown),
            },
            detail: (detail != payload::Detail::NONE).then(|| Box::new(detail)),
        })
    }
}
