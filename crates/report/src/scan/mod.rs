//! The results of a scan in every output format.
//!
//! Each format is a [`Sink`](vigie_findings::Sink) in its own file and a row in [`formats`]. This folder must not know how
//! a scan runs.

use std::io;

use vigie_findings::ScanInfo;

pub mod csv;
pub mod document;
pub(crate) mod explain;
pub mod formats;
mod gather;
pub mod grepable;
mod handshakes;
pub mod html;
pub mod human;
mod machines;
mod path;
pub mod permission;
pub mod progress;
mod ranges;
mod read_error;
#[cfg(test)]
mod tests;
mod udp;
mod words;
pub mod xml;

pub use read_error::read_error;

/// Whether there are few targets, so that each host that is down has its line.
fn few(scan: &ScanInfo) -> bool {
    scan.plan.local.targets.len() <= 8
}

/// Returns the error for an event before the description of the scan.
fn event_before_begin() -> io::Error {
    io::Error::other("events before the plan")
}
