//! Findings to text, JSON Lines and more, in English and French.
//!
//! This crate is pure: it writes into whatever the caller hands it and knows no
//! clock, no socket, no file and no thread. Every sentence that a person reads
//! comes from the files in `text/`, one folder for each language; machine
//! formats are never translated.

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
