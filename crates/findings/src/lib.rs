//! The results of a scan: the description of the scan, its events, the packets behind them, and JSON Lines.
//!
//! Everything that prints, stores or compares results is a [`Sink`]. [`json`] writes results and reads them back:
//!
//! ```
//! use vigie_findings::json::{self, Record};
//! use vigie_scan::{Event, PortState};
//!
//! let results = r#"
//! {"type":"scan","schema":1,"version":"0.1.0","command":["vigie","scan","10.0.1.1"],"started":"2025-11-21T01:42:24Z","targets":["10.0.1.1"],"ranges":[{"first":"10.0.1.1","last":"10.0.1.1"}],"ports":"T:22,80","ports_asked":"listed","technique":"syn","discovery":"ask","source_port":61000,"seed":"1","budget":{"max_tries":10,"confidence":0.9999,"max_connections":512},"listing":{"all":false,"open_only":false,"most":25}}
//! {"type":"port","at":0.1,"host":"10.0.1.1","transport":"tcp","port":22,"state":"open","reason":"syn-ack","tries":1,"miss_probability":0}
//! {"type":"port","at":0.2,"host":"10.0.1.1","transport":"tcp","port":80,"state":"closed","reason":"reset","tries":1,"miss_probability":0}
//! "#;
//! let recording = json::read(results.trim_start().as_bytes())?;
//! let mut open = Vec::new();
//! for (_, record) in &recording.records {
//!     if let Record::Event(Event::Port(finding)) = record
//!         && finding.state == PortState::Open
//!     {
//!         open.push(format!("{} {}/{}", finding.host.ip, finding.port, finding.transport));
//!     }
//! }
//! assert_eq!(open, ["10.0.1.1 22/tcp"]);
//! # Ok::<(), json::ReadError>(())
//! ```
//!
//! This crate is pure: no clock, socket, file, thread or randomness. It must not know any output format for people.

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
