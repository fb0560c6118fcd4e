//! Why results could not be read.

use std::{error, fmt, io};

/// Why input is not a recording of a scan.
#[derive(Debug)]
pub enum ReadError {
    /// Reading failed.
    Io(io::Error),
    /// The first line is not the description of a scan.
    NotAScan,
    /// The results follow a schema that is newer than [`SCHEMA`](super::SCHEMA).
    Newer {
        /// Version of that schema.
        schema: u64,
    },
    /// A line is malformed.
    Line {
        /// Number of the line, from 1.
        number: u64,
        /// What is wrong with it.
        what: LineError,
    },
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineError {
    /// The line is longer than any that Vigie writes.
    TooLong,
    /// The line is not an object of the schema.
    NotAsDescribed,
    /// The field with this name has an impossible value.
    Field(&'static str),
    /// The line comes after the end of the scan.
    AfterTheEnd,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> ReadError {
        ReadError::Io(error)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Io(error) => write!(f, "reading failed: {error}"),
            ReadError::NotAScan => f.write_str("the first line does not describe a scan"),
            ReadError::Newer { schema } => write!(f, "schema version {schema} is not supported"),
            ReadError::Line { number, what } => write!(f, "line {number}: {what}"),
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineError::TooLong => f.write_str("too long"),
            LineError::NotAsDescribed => f.write_str("not an object of the schema"),
            LineError::Field(field) => write!(f, "impossible value of `{field}`"),
            LineError::AfterTheEnd => f.write_str("after the end of the scan"),
        }
    }
}

impl error::Error for ReadError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            ReadError::Io(error) => Some(error),
            ReadError::Line { what, .. } => Some(what),
            ReadError::NotAScan | ReadError::Newer { .. } => None,
        }
    }
}

impl error::Error for LineError {}
