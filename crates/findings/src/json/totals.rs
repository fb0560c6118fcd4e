//! The objects `loss`, `progress` and `end`: numbers about the whole scan.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_scan::event::{EndReason, LossAccount, Progress, ScanSummary};

use super::LineError;
use super::values::{Amount, Seconds, Share, Word, duration, is_false};

/// What happened to probes and answers.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct LossLine {
    pub(super) at: Seconds,
    sent: u64,
    answered: u64,
    unanswered: u64,
    duplicates: u64,
    stray: u64,
    lost_on_path: Amount,
    suppressed: Amount,
    dropped_sending: u64,
    dropped_receiving: u64,
    loss_rate: Share,
    /// Missing in results of versions that always measured.
    #[serde(default = "yes")]
    #[cfg_attr(test, schemars(required))]
    measured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    srtt: Option<Seconds>,
}

const fn yes() -> bool {
    true
}

/// Progress and rate of the scan.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ProgressLine {
    pub(super) at: Seconds,
    done: Share,
    rate: Amount,
    sent: u64,
    loss_rate: Share,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta: Option<Seconds>,
    round: u8,
    open: u64,
    discovering: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    udp: bool,
}

/// The last line. If the scan broke off, it says only that the scan is not complete.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct EndLine {
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<Word<EndReason>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts_up: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ports: Option<u64>,
    /// Written for readers; it follows from the `port` lines.
    #[serde(default)]
    #[cfg_attr(test, schemars(required))]
    open: u64,
}

impl LossLine {
    pub(super) fn new(at: Duration, loss: &LossAccount) -> LossLine {
        LossLine {
            at: at.into(),
            sent: loss.sent,
            answered: loss.answered,
            unanswered: loss.unanswered,
            duplicates: loss.duplicates,
            stray: loss.stray,
            lost_on_path: Amount(loss.lost_on_path),
            suppressed: Amount(loss.suppressed),
            dropped_sending: loss.dropped_sending,
            dropped_receiving: loss.dropped_receiving,
            loss_rate: Share(loss.loss_rate),
            measured: loss.measured,
            srtt: loss.srtt.map(Into::into),
        }
    }
}

impl TryFrom<&LossLine> for LossAccount {
    type Error = LineError;

    fn try_from(line: &LossLine) -> Result<LossAccount, LineError> {
        Ok(LossAccount {
            sent: line.sent,
            answered: line.answered,
            unanswered: line.unanswered,
            duplicates: line.duplicates,
            stray: line.stray,
            lost_on_path: line.lost_on_path.number("lost_on_path")?,
            suppressed: line.suppressed.number("suppressed")?,
            dropped_sending: line.dropped_sending,
            dropped_receiving: line.dropped_receiving,
            loss_rate: line.loss_rate.number("loss_rate")?,
            measured: line.measured,
            srtt: duration(line.srtt, "srtt")?,
        })
    }
}

impl ProgressLine {
    pub(super) fn new(at: Duration, progress: &Progress) -> ProgressLine {
        ProgressLine {
            at: at.into(),
            done: Share(progress.done),
            rate: Amount(progress.rate),
            sent: progress.sent,
            loss_rate: Share(progress.loss_rate),
            eta: progress.eta.map(Into::into),
            round: progress.round,
            open: progress.open,
            discovering: progress.discovering,
            udp: progress.udp,
        }
    }
}

impl TryFrom<&ProgressLine> for Progress {
    type Error = LineError;

    fn try_from(line: &ProgressLine) -> Result<Progress, LineError> {
        Ok(Progress {
            done: line.done.number("done")?,
            rate: line.rate.number("rate")?,
            sent: line.sent,
            loss_rate: line.loss_rate.number("loss_rate")?,
            eta: duration(line.eta, "eta")?,
            round: line.round,
            open: line.open,
            discovering: line.discovering,
            udp: line.udp,
        })
    }
}

impl EndLine {
    /// The end of a scan with `open` open ports; without a summary if it broke off.
    pub(super) fn new(summary: Option<&ScanSummary>, open: u64) -> EndLine {
        EndLine {
            complete: summary.is_some_and(|s| s.complete),
            ended: summary.map(|s| s.ended.into()),
            elapsed: summary.map(|s| s.elapsed.into()),
            hosts: summary.map(|s| s.hosts),
            hosts_up: summary.map(|s| s.hosts_up),
            ports: summary.map(|s| s.ports),
            open,
        }
    }

    /// Returns the scan's summary; nothing if it broke off.
    pub(super) fn read(&self) -> Result<Option<ScanSummary>, LineError> {
        let (Some(ended), Some(elapsed)) = (&self.ended, self.elapsed) else {
            return Ok(None);
        };
        Ok(Some(ScanSummary {
            complete: self.complete,
            ended: ended.value("ended")?,
            elapsed: elapsed.duration("elapsed")?,
            hosts: self.hosts.unwrap_or(0),
            hosts_up: self.hosts_up.unwrap_or(0),
            ports: self.ports.unwrap_or(0),
        }))
    }
}
