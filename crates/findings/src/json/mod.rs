//! JSON Lines, the format that holds everything: one object for each event.
//!
//! docs/json.md documents the format, and docs/json.schema.json is made from the types here. Each object is one type,
//! which the writer and the reader share: `new` (or `From`) makes it of an event, `read` (or `TryFrom`) checks it and
//! returns the event. A field that is not known is left out. Times are seconds, rates are per second.
//!
//! Nothing is translated. Text from outside is kept whole, but characters that a terminal would obey are written as
//! `\u....`, so that a line does no harm even when it is printed as it is.

mod authorization;
mod error;
mod evidence;
mod format;
mod host;
mod interfaces;
mod line;
mod machine;
mod path;
mod port;
mod port_text;
mod ranges;
#[cfg(test)]
mod read_tests;
mod reader;
mod scan;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
mod totals;
mod values;
mod warning;
mod writer;

pub use error::{LineError, ReadError};
pub use format::write_line;
pub use reader::{Record, Recording, read, read_each};
pub use writer::JsonLines;

/// Version of the schema. It grows when a field changes its meaning or goes away, not when one is added.
pub const SCHEMA: u32 = 1;
