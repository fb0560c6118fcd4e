//! A scan's plan and events on their way to people and programs.
//!
//! A scan has one stream of events; every output format is a [`Sink`](vigie_findings::Sink) for it in
//! a file of its own. This folder must not know how a scan runs.

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

/// Whether so few hosts were asked for that one that is down is worth a line.
fn few(scan: &ScanInfo) -> bool {
    scan.plan.local.targets.len() <= 8
}

/// A caller told of an event before the plan.
fn before_the_plan() -> io::Error {
    io::Error::other("events before the plan")
}
