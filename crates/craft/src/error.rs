//! Why a field cannot take a value. Errors carry data, not text for people.

use alloc::string::String;
use core::fmt;

/// Why a field cannot have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// The layer has no field of this name.
    NoSuchField,
    /// The value is of another kind; this was expected.
    Expected(&'static str),
    /// The integer does not fit the field.
    OutOfRange {
        /// The value.
        value: i128,
        /// Minimum.
        min: i128,
        /// Maximum.
        max: i128,
    },
    /// No value of the field has this name.
    UnknownName(String),
    /// The host has no address.
    UnknownHost(String),
    /// The value is too long for the protocol.
    TooLong {
        /// Length in bytes.
        len: usize,
        /// Maximum length in bytes.
        max: usize,
    },
}

/// A field that cannot have its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the layer; empty until [`FieldError::of`] sets it.
    pub layer: &'static str,
    /// Name of the field.
    pub field: String,
    /// The reason.
    pub problem: FieldProblem,
}

impl FieldError {
    /// Returns an error without names of layer and field.
    #[must_use]
    pub const fn new(problem: FieldProblem) -> Self {
        Self {
            layer: "",
            field: String::new(),
            problem,
        }
    }

    /// Returns the error of a value of the wrong kind, without names.
    #[must_use]
    pub const fn expected(what: &'static str) -> Self {
        Self::new(FieldProblem::Expected(what))
    }

    /// Names layer and field, if they are not named yet.
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
