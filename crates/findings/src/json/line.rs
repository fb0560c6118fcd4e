//! One line of the results.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::evidence::EvidenceLine;
use super::host::{HostLine, UpLine};
use super::machine::MachineLine;
use super::path::PathLine;
use super::port::PortLine;
use super::scan::ScanLine;
use super::totals::{EndLine, LossLine, ProgressLine};
use super::warning::WarningLine;

/// One line: an object with its `type`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Line {
    Scan(Box<ScanLine>),
    Up(UpLine),
    Host(HostLine),
    Port(Box<PortLine>),
    Evidence(EvidenceLine),
    Warning(WarningLine),
    Path(PathLine),
    Machine(MachineLine),
    Loss(LossLine),
    Progress(ProgressLine),
    End(EndLine),
    /// An object that only a newer version knows.
    #[serde(other, skip_serializing)]
    #[cfg_attr(test, schemars(skip))]
    Unknown,
}

/// The fields that say whether a line begins a recording.
#[derive(Deserialize)]
pub(super) struct FirstLine<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) schema: Option<u64>,
}
