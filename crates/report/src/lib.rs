//! Results of scans, sockets and captures as text, XML, HTML and CSV, in English and French.
//!
//! A sink of [`scan::formats`] writes the results of a scan. This converts JSON Lines to CSV:
//!
//! ```
//! use std::io::Cursor;
//!
//! use vigie_findings::json;
//! use vigie_report::scan::csv::Csv;
//!
//! let results = r#"{"type":"scan","schema":1,"version":"0.1.0","command":[],"started":"2025-11-21T01:42:24Z","targets":["10.0.1.1"],"ranges":[],"ports":"T:22","ports_asked":"listed","technique":"syn","discovery":"ask","source_port":61000,"seed":"1","budget":{"max_tries":10,"confidence":0.9999,"max_connections":512},"listing":{"all":false,"open_only":false,"most":25}}
//! {"type":"port","at":0.1,"host":"10.0.1.1","transport":"tcp","port":22,"state":"open","reason":"syn-ack","tries":1,"miss_probability":0}
//! "#;
//! let recording = json::read(Cursor::new(results)).map_err(std::io::Error::other)?;
//! let mut out = Vec::new();
//! recording.play(&mut Csv::new(&mut out))?;
//! assert!(String::from_utf8_lossy(&out).contains("tcp,22,"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Every sentence for people comes from the Fluent files in `text/`, one folder for each language. Machine formats are not
//! translated. This crate is pure: it writes to what the caller passes, and it knows no clock, socket, file or thread.

pub mod grammar;
pub mod number;
pub mod packets;
pub mod scan;
pub mod sockets;
pub mod style;
pub mod table;
pub mod text;
pub mod width;

pub use text::{Lang, Message, Texts};
pub use vigie_findings::escape;
