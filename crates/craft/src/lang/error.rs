//! Errors of the language, with their position in the source. They carry data; the binary words them for people.
//! `Display` is for logs and tests.

use super::RuntimeError;
use crate::error::FieldError;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use vigie_wire::ParseError;

/// A byte range of the source.
pub type Span = Range<usize>;

/// What is wrong.
#[derive(Debug)]
pub enum LangProblem {
    /// Another token was expected here.
    Expected {
        /// The expected token, in words.
        what: &'static str,
        /// The token found; empty at the end of the source.
        found: String,
    },
    /// A string without a closing quote.
    UnclosedString,
    /// A bracket without its partner.
    Bracket(char),
    /// A character that begins no token.
    Character(char),
    /// A malformed number.
    Number,
    /// A number with too many digits.
    NumberTooLarge,
    /// An unknown escape sequence in a string.
    Escape,
    /// Expressions nested too deeply.
    TooDeep,
    /// A Python keyword that this language does not have.
    NotPython(&'static str),
    /// An unknown name.
    UnknownName {
        /// The name.
        name: String,
        /// Similar names.
        similar: Vec<String>,
    },
    /// An attribute that the value does not have.
    UnknownAttribute {
        /// Kind of the value, in words.
        of: &'static str,
        /// The attribute.
        name: String,
        /// Similar attributes, or all attributes if none is similar.
        similar: Vec<String>,
    },
    /// A layer that the packet does not have.
    NoLayer(&'static str),
    /// An index past the end.
    IndexOutOfRange,
    /// An operation that these values do not support.
    Operation {
        /// The operator or function.
        operator: &'static str,
        /// Kind of the left operand, or of the argument.
        left: &'static str,
        /// Kind of the right operand; empty if there is none.
        right: &'static str,
    },
    /// An argument of a function that is missing, superfluous or of the wrong kind.
    Argument {
        /// The function.
        function: &'static str,
        /// What the function takes, in words.
        takes: &'static str,
    },
    /// Division by zero, or an overflow.
    Arithmetic,
    /// The number of names differs from the number of values.
    Unpack {
        /// Number of names.
        names: usize,
        /// Number of values.
        values: usize,
    },
    /// More packets or items than this limit.
    TooMany(u64),
    /// A field that cannot have its value.
    Field(FieldError),
    /// Bytes that cannot be dissected as the layer.
    Dissect(ParseError),
    /// Packets for one capture file that begin with different layers.
    MixedLinks {
        /// First layer of the first packet.
        first: &'static str,
        /// First layer of a packet that differs.
        other: &'static str,
    },
    /// An error of the network or the file system.
    Runtime(RuntimeError),
    /// An argument given twice.
    DuplicateArgument(String),
    /// The user interrupted the evaluation.
    Interrupted,
    /// The user ended the session.
    Exit,
}

/// An error with its position.
#[derive(Debug)]
pub struct LangError {
    /// Byte range of the source.
    pub at: Span,
    /// What is wrong.
    pub problem: Box<LangProblem>,
}

impl LangError {
    /// Returns an error at this position.
    #[must_use]
    pub fn new(at: Span, problem: LangProblem) -> Self {
        Self {
            at,
            problem: Box::new(problem),
        }
    }
}

impl fmt::Display for LangError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.at.start, self.problem)
    }
}

impl core::error::Error for LangError {}

impl LangProblem {
    /// Returns the problem as an error at this position.
    #[must_use]
    pub fn at(self, at: &Span) -> LangError {
        LangError::new(at.clone(), self)
    }
}

impl fmt::Display for LangProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { what, found } if found.is_empty() => write!(f, "expected {what}"),
            Self::Expected { what, found } => write!(f, "expected {what}, found '{found}'"),
            Self::UnclosedString => f.write_str("this string does not end"),
            Self::Bracket(c) => write!(f, "'{c}' without its partner"),
            Self::Character(c) => write!(f, "'{c}' begins nothing in this language"),
            Self::Number => f.write_str("not a number"),
            Self::NumberTooLarge => f.write_str("this number is too large to be kept"),
            Self::Escape => f.write_str("unknown escape in this string"),
            Self::TooDeep => f.write_str("nested too deeply"),
            Self::NotPython(word) => write!(
                f,
                "'{word}' is Python; here there are expressions and assignments"
            ),
            Self::UnknownName { name, similar } => {
                write!(f, "nothing is named '{name}'")?;
                suggest(similar, f)
            }
            Self::UnknownAttribute { of, name, similar } => {
                write!(f, "{of} has no '{name}'")?;
                suggest(similar, f)
            }
            Self::NoLayer(layer) => write!(f, "the packet has no layer {layer}"),
            Self::IndexOutOfRange => f.write_str("index out of range"),
            Self::Operation {
                operator,
                left,
                right: "",
            } => {
                write!(f, "'{operator}' cannot be applied to {left}")
            }
            Self::Operation {
                operator,
                left,
                right,
            } => {
                write!(f, "'{operator}' does not join {left} and {right}")
            }
            Self::Argument { function, takes } => write!(f, "{function} takes {takes}"),
            Self::Arithmetic => f.write_str("the result is not a number that can be kept"),
            Self::Unpack { names, values } => write!(f, "{names} names for {values} values"),
            Self::TooMany(most) => write!(f, "more than {most} items"),
            Self::Field(error) => error.fmt(f),
            Self::Dissect(error) => error.fmt(f),
            Self::MixedLinks { first, other } => {
                write!(
                    f,
                    "one file cannot hold packets that begin with {first} and with {other}"
                )
            }
            Self::Runtime(error) => error.fmt(f),
            Self::DuplicateArgument(name) => write!(f, "'{name}' is given twice"),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Exit => f.write_str("exit"),
        }
    }
}

fn suggest(similar: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match similar {
        [] => Ok(()),
        names => write!(f, "; there is {}", names.join(", ")),
    }
}

/// Returns at most five names similar to `name`, ignoring case: a few edits away, or beginning with it.
#[must_use]
pub fn similar<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let lower = name.to_ascii_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|other| {
            let distance = edits(&lower, &other.to_ascii_lowercase());
            let begins = lower.len() >= 2 && other.to_ascii_lowercase().starts_with(&lower);
            (distance <= 1 + name.len() / 4 || begins).then_some((distance, other))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
        .into_iter()
        .take(5)
        .map(|(_, name)| name.into())
        .collect()
}

/// Returns the Levenshtein distance of two names; names over 40 bytes count as very different.
fn edits(a: &str, b: &str) -> usize {
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX / 2;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let cost = (corner + usize::from(x != y))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}
