//! JSON Lines, the lossless format: one object for each event.
//!
//! docs/json.md documents the format, and docs/json.schema.json is made from the types here. Each object is one type,
//! which the writer and the reader share: `new` (or `From`) makes it from an event, `read` (or `TryFrom`) checks it and
//! returns the event. Fields without a value are omitted. Times are seconds, rates are per second.
//!
//! Nothing is translated. Text from outside is complete, but control characters are written as `\u....`, so that a line
//! can be printed to a terminal safely.

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
