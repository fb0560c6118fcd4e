//! The object `warning`, and the connections that checked a host whose ports all appear open.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_scan::event::Warning;
use vigie_scan::open_port_check::{self, CheckOutcome, CheckVerdict, CheckedPort, OpenPortCheck};
use vigie_scope::Host;

use super::LineError;
use super::interfaces::Interfaces;
use super::values::{Amount, Seconds, Text, Word};
use crate::words::OutcomeWord;
use crate::{ScanInfo, words};

/// Something that the user should know about the results.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WarningLine {
    pub(super) at: Seconds,
    warning: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_ttl: Option<u8>,
    /// Written for readers; it follows from `handshakes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Word<CheckVerdict>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    handshakes: Vec<CheckedPortObject>,
}

/// One connection.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CheckedPortObject {
    port: u16,
    control: bool,
    end: Word<OutcomeWord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

impl WarningLine {
    pub(super) fn new(scan: &ScanInfo, at: Duration, warning: &Warning) -> WarningLine {
        let (ttl, own_ttl) = words::reset_ttls(warning).unzip();
        let check = match warning {
            Warning::AllOpen { handshakes, .. } => handshakes.as_deref(),
            _ => None,
        };
        let parts = words::warning_parts(warning);
        let ports = check.into_iter().flat_map(|check| &check.ports);
        WarningLine {
            at: at.into(),
            warning: parts.word.into(),
            host: parts.host.map(|host| scan.address(host)),
            count: parts.count,
            rate: parts.rate.map(Amount),
            ttl,
            own_ttl,
            verdict: check.map(|check| check.verdict().into()),
            handshakes: ports.map(Into::into).collect(),
        }
    }

    /// Returns the warning of the line; `None` if only a newer version knows it.
    pub(super) fn read(&self, interfaces: &mut Interfaces) -> Result<Option<Warning>, LineError> {
        let mut host = || -> Result<Host, LineError> {
            interfaces.host(self.host.as_deref().unwrap_or(""), "host")
        };
        let count = self.count.unwrap_or(0);
        let rate = self.rate.unwrap_or(Amount(0.0)).number("rate")?;
        Ok(Some(match &*self.warning {
            "kernel-dropped" => Warning::KernelDropped { frames: count },
            "all-open" => Warning::AllOpen {
                host: host()?,
                handshakes: self.check()?,
            },
            "strange-source" => Warning::StrangeSource {
                from: host()?.ip,
                count,
            },
            "stopped-answering" => Warning::StoppedAnswering { host: host()? },
            "foreign-resets" => Warning::ForeignResets {
                host: host()?,
                count,
                ttl: self.ttl.unwrap_or(0),
                own_ttl: self.own_ttl.unwrap_or(0),
            },
            "limits-resets" => Warning::LimitsResets {
                host: host()?,
                rate,
            },
            "limits-errors" => Warning::LimitsErrors {
                host: host()?,
                rate,
            },
            "unresolved" => Warning::Unresolved { host: host()? },
            _ => return Ok(None),
        }))
    }

    /// Returns the connections; `None` if none were made.
    fn check(&self) -> Result<Option<Box<OpenPortCheck>>, LineError> {
        if self.handshakes.len() as u64 > open_port_check::MAX_CONNECTIONS_PER_HOST {
            return Err(LineError::Field("handshakes"));
        }
        let ports = self.handshakes.iter().map(TryInto::try_into);
        let ports = ports.collect::<Result<Vec<_>, _>>()?;
        Ok((!ports.is_empty()).then(|| Box::new(OpenPortCheck { ports })))
    }
}

impl From<&CheckedPort> for CheckedPortObject {
    fn from(checked: &CheckedPort) -> CheckedPortObject {
        CheckedPortObject {
            port: checked.port,
            control: checked.control,
            end: OutcomeWord::from(&checked.end).into(),
            words: match &checked.end {
                CheckOutcome::Spoke(words) => Some(words.clone()),
                _ => None,
            },
        }
    }
}

impl TryFrom<&CheckedPortObject> for CheckedPort {
    type Error = LineError;

    fn try_from(object: &CheckedPortObject) -> Result<CheckedPort, LineError> {
        let end = match object.end.value("end")? {
            OutcomeWord::Nothing => CheckOutcome::Nothing,
            OutcomeWord::Refused => CheckOutcome::Refused,
            OutcomeWord::Reset => CheckOutcome::Reset,
            OutcomeWord::Closed => CheckOutcome::Closed,
            OutcomeWord::Silent => CheckOutcome::Silent,
            OutcomeWord::Spoke => {
                let words = object.words.as_deref().unwrap_or_default();
                // An escaped byte of the banner takes at most four characters.
                if words.len() > 4 * open_port_check::BANNER_LEN {
                    return Err(LineError::Field("words"));
                }
                CheckOutcome::Spoke(words.to_owned())
            }
        };
        Ok(CheckedPort {
            port: object.port,
            control: object.control,
            end,
        })
    }
}
