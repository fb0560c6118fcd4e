//! The results of a scan as a stream of events: what describes the scan, who receives the events, the packets
//! behind them, and JSON Lines, written and read.
//!
//! This crate is pure: it knows no clock, no socket, no file and no thread, and no output format for people.

pub mod escape;
pub mod evidence;
pub mod frames;
mod info;
pub mod json;
pub mod machines;

pub mod recorder;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod service;
mod sink;
pub mod time;
pub mod vendor;
pub mod words;

pub use info::{PortsAsked, ScanInfo, address};
pub use sink::Sink;
