//! Errors of the language, with their place in the source. They carry data; the binary words them for people, and
//! `Display` is for logs and tests.

use super::RuntimeError;
use crate::error::FieldError;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use vigie_wire::ParseError;

/// A place in the source, in bytes.
pub type Span = Range<usize>;

/// The kind of an error.
#[derive(Debug)]
pub enum LangProblem {
    /// Something else was expected here.
    Expected {
        /// What would have been right.
        what: &'static str,
        /// What stands there; empty at the end of the text.
        found: String,
    },
    /// A string that does not end.
    OpenString,
    /// A bracket that is never closed, or closes nothing.
    Bracket(char),
    /// A character that begins nothing.
    Character(char),
    /// A number that cannot be read.
    Number,
    /// A number with more digits than are kept.
    NumberTooLarge,
    /// An escape in a string that cannot be read.
    Escape,
    /// Nested deeper than is followed.
    TooDeep,
    /// A word of Python that this language does not have.
    NotPython(&'static str),
    /// An unknown name, and similar names.
    UnknownName {
        /// The name.
        name: String,
        /// Names like it.
        similar: Vec<String>,
    },
    /// An attribute the value does not have, and those it has.
    UnknownAttribute {
        /// What the value is.
        of: &'static str,
        /// The attribute.
        name: String,
        /// Names like it, or all where they are few.
        similar: Vec<String>,
    },
    /// A layer that the packet does not have.
    NoLayer(&'static str),
    /// An index past the end.
    Index,
    /// An operation the values do not have.
    Operation {
        /// The operator or function.
        operator: &'static str,
        /// What stands left of it, or its argument.
        left: &'static str,
        /// What stands right of it; empty where there is nothing.
        right: &'static str,
    },
    /// An argument of a function that is missing, superfluous or of the wrong kind.
    Argument {
        /// The function.
        function: &'static str,
        /// What it takes.
        takes: &'static str,
    },
    /// Division by zero, or a number that grows beyond all bounds.
    Arithmetic,
    /// As many names as values were expected.
    Unpack {
        /// Names.
        names: usize,
        /// Values.
        values: usize,
    },
    /// More packets or items than are kept.
    TooMany(u64),
    /// A field that cannot take its value.
    Field(FieldError),
    /// Bytes that cannot be read as the layer.
    Dissect(ParseError),
    /// Packets that begin with different layers have no place in one capture file.
    MixedLinks {
        /// What the first of them begins with.
        first: &'static str,
        /// What another begins with.
        other: &'static str,
    },
    /// The network or the file system refused.
    Runtime(RuntimeError),
    /// An argument that was given twice.
    Twice(String),
    /// The user stopped it.
    Interrupted,
    /// The user ended the session.
    Exit,
}

/// An error with its place.
#[derive(Debug)]
pub struct LangError {
    /// Where, in bytes of the source.
    pub at: Span,
    /// The problem.
    pub problem: Box<LangProblem>,
}

impl LangError {
    /// An error at a place.
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
    /// The problem at a place.
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
            Self::OpenString => f.write_str("this string does not end"),
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
            Self::Index => f.write_str("index out of range"),
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
            Self::Twice(name) => write!(f, "'{name}' is given twice"),
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

/// Names that are like `name`: the same but for case, one edit away, or beginning alike; at most five.
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

/// Levenshtein's distance, for names of bounded length.
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
