//! Why a field cannot take a value. Errors carry data, not text for people.

use alloc::string::String;
use core::fmt;

/// What is wrong with a field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// The layer has no field of this name.
    NoSuchField,
    /// A value of another kind; this was expected.
    Expected(&'static str),
    /// An integer that does not fit the field, and the largest that does.
    OutOfRange {
        /// The value.
        value: i128,
        /// The smallest that fits.
        min: i128,
        /// The largest that fits.
        max: i128,
    },
    /// A name that the field's values do not have.
    UnknownName(String),
    /// A host that has no address.
    UnknownHost(String),
    /// A value longer than the protocol can carry, in bytes.
    TooLong {
        /// Its length.
        len: usize,
        /// The longest that fits.
        max: usize,
    },
}

/// A field that cannot take its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The layer's name; empty where it is not known yet.
    pub layer: &'static str,
    /// The field's name.
    pub field: String,
    /// What is wrong.
    pub problem: FieldProblem,
}

impl FieldError {
    /// A problem of a field still to be named.
    #[must_use]
    pub const fn new(problem: FieldProblem) -> Self {
        Self {
            layer: "",
            field: String::new(),
            problem,
        }
    }

    /// A value of the wrong kind, of a field still to be named.
    #[must_use]
    pub const fn expected(what: &'static str) -> Self {
        Self::new(FieldProblem::Expected(what))
    }

    /// The same problem, of this layer and field; an error that is already named keeps its names.
    #[must_use]
    pub fn of(mut self, layer: &'static str, field: &str) -> Self {
        if self.layer.is_empty() {
            self.layer = layer;
            self.field = field.into();
        }
        self
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}: ", self.layer, self.field)?;
        match &self.problem {
            FieldProblem::NoSuchField => f.write_str("no such field"),
            FieldProblem::Expected(what) => write!(f, "expected {what}"),
            FieldProblem::OutOfRange { value, min, max } => {
                write!(f, "{value} is not between {min} and {max}")
            }
            FieldProblem::UnknownName(name) => write!(f, "no value is named '{name}'"),
            FieldProblem::UnknownHost(host) => {
                write!(f, "'{host}' is neither an address nor a known host")
            }
            FieldProblem::TooLong { len, max } => write!(f, "{len} bytes, at most {max} fit"),
        }
    }
}

impl core::error::Error for FieldError {}
