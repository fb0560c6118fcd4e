//! Errors of expressions, in the user's language, with the place marked.

use std::fmt;

use vigie_craft::lang::{LangError, LangProblem, RuntimeError};
use vigie_craft::{FieldError, FieldProblem};
use vigie_report::{Message, Texts};
use vigie_wire::ParseError;

use super::permit::OUT_OF_SCOPE;
use crate::error::Error;
use crate::exit::Exit;

/// A failure of the machine while it runs an expression. The message is translated when it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineError(pub Message);

impl MachineError {
    /// Returns the error of a message without arguments.
    pub fn plain(key: &'static str) -> RuntimeError {
        Self(Message::new(key)).into()
    }

    /// Returns the error of a message with arguments.
    pub fn message(message: Message) -> RuntimeError {
        Self(message).into()
    }
}

impl fmt::Display for MachineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for MachineError {}

/// Returns the error for `source`, with the faulty part marked.
pub fn of(error: &LangError, source: &str, texts: &Texts) -> Error {
    let (message, hint) = message_and_hint(&error.problem, texts);
    if matches!(*error.problem, LangProblem::Interrupted) {
        return Error::new(Exit::Interrupted, message);
    }
    let mut found = Error::usage(message);
    if let Some(hint) = hint {
        found = found.hint(hint);
    }
    if let LangProblem::Runtime(error) = &*error.problem
        && let Some(MachineError(message)) = error.downcast_ref::<MachineError>()
        && message.key == OUT_OF_SCOPE
    {
        found.exit = Exit::OutOfScope;
        found = found.hint(Message::new("scope-refused-hint"));
    }
    // Show only the faulty line of a source with several lines.
    let start = source[..error.at.start].rfind('\n').map_or(0, |at| at + 1);
    let end = source[error.at.start..]
        .find('\n')
        .map_or(source.len(), |at| error.at.start + at);
    let at = error.at.start - start..error.at.end.min(end).max(error.at.start) - start;
    found.mark("", &source[start..end], at)
}

fn message_and_hint(problem: &LangProblem, texts: &Texts) -> (Message, Option<Message>) {
    let plain = |key: &'static str| (Message::new(key), None);
    match problem {
        LangProblem::Expected { what, found } if found.is_empty() => (
            Message::new("packet-expected-at-end").safe("what", translated(what, texts)),
            None,
        ),
        LangProblem::Expected { what, found } => (
            Message::new("packet-expected")
                .safe("what", translated(what, texts))
                .outside("found", found),
            None,
        ),
        LangProblem::UnclosedString => plain("packet-open-string"),
        LangProblem::Bracket(c) => (Message::new("packet-bracket").shown("bracket", c), None),
        LangProblem::Character(c) => (
            Message::new("packet-character").outside("character", c.to_string()),
            None,
        ),
        LangProblem::Number => plain("packet-number"),
        LangProblem::NumberTooLarge => plain("packet-number-too-large"),
        LangProblem::Escape => plain("packet-escape"),
        LangProblem::TooDeep => plain("packet-too-deep"),
        LangProblem::NotPython(word) => (
            Message::new("packet-not-python").safe("word", *word),
            Some(Message::new("packet-not-python-hint")),
        ),
        LangProblem::UnknownName { name, similar } => (
            Message::new("packet-unknown-name").outside("name", name),
            Some(match &similar[..] {
                [] => Message::new("packet-unknown-name-hint"),
                names => Message::new("packet-there-is").outside("names", names.join(", ")),
            }),
        ),
        LangProblem::UnknownAttribute { of, name, similar } => (
            Message::new("packet-unknown-field")
                .safe("of", translated(of, texts))
                .outside("name", name),
            (!similar.is_empty())
                .then(|| Message::new("packet-there-is").outside("names", similar.join(", "))),
        ),
        LangProblem::NoLayer(layer) => {
            (Message::new("packet-no-layer").safe("layer", *layer), None)
        }
        LangProblem::IndexOutOfRange => plain("packet-index"),
        LangProblem::Operation {
            operator,
            left,
            right: "",
        } => (
            Message::new("packet-operation-one")
                .safe("operator", *operator)
                .safe("left", translated(left, texts)),
            None,
        ),
        LangProblem::Operation {
            operator,
            left,
            right,
        } => (
            Message::new("packet-operation")
                .safe("operator", *operator)
                .safe("left", translated(left, texts))
                .safe("right", translated(right, texts)),
            None,
        ),
        LangProblem::Argument { function, takes } => (
            Message::new("packet-argument")
                .safe("function", *function)
                .safe("takes", translated(takes, texts)),
            None,
        ),
        LangProblem::Arithmetic => plain("packet-arithmetic"),
        LangProblem::Unpack { names, values } => (
            Message::new("packet-unpack")
                .amount("names", *names as u64)
                .amount("values", *values as u64),
            None,
        ),
        LangProblem::TooMany(most) => (Message::new("packet-too-many").amount("most", *most), None),
        LangProblem::Field(error) => (field(error, texts), None),
        LangProblem::Dissect(error) => (dissect(error), None),
        LangProblem::MixedLinks { first, other } => (
            Message::new("packet-mixed-links")
                .safe("first", *first)
                .safe("other", *other),
            Some(Message::new("packet-mixed-links-hint")),
        ),
        LangProblem::Runtime(error) => match error.downcast_ref::<MachineError>() {
            Some(MachineError(message)) => (message.clone(), None),
            None if let Some(error) = error.downcast_ref::<FieldError>() => {
                (field(error, texts), None)
            }
            None => (Message::new("packet-io").shown("error", error), None),
        },
        LangProblem::DuplicateArgument(name) => {
            (Message::new("packet-twice").outside("name", name), None)
        }
        LangProblem::Interrupted => plain("packet-interrupted"),
        LangProblem::Exit => plain("packet-exit"),
    }
}

fn field(error: &FieldError, texts: &Texts) -> Message {
    let of = |key: &'static str| {
        let name = if error.field.is_empty() {
            error.layer.to_owned()
        } else {
            format!("{}.{}", error.layer, error.field)
        };
        Message::new(key).outside("field", name)
    };
    match &error.problem {
        FieldProblem::NoSuchField => of("packet-field-none"),
        FieldProblem::Expected(what) => {
            of("packet-field-expected").safe("what", translated(what, texts))
        }
        FieldProblem::OutOfRange { value, min, max } => of("packet-field-range")
            .shown("value", value)
            .shown("min", min)
            .shown("max", max),
        FieldProblem::UnknownName(name) => of("packet-field-name").outside("name", name),
        FieldProblem::UnknownHost(host) => of("packet-field-host").outside("host", host),
        FieldProblem::TooLong { len, max } => of("packet-field-long")
            .amount("length", *len as u64)
            .amount("most", *max as u64),
    }
}

fn dissect(error: &ParseError) -> Message {
    Message::new("packet-dissect")
        .safe("layer", error.layer)
        .amount("offset", error.offset as u64)
        .amount("needed", error.needed as u64)
        .amount("had", error.had as u64)
}

/// Translates a phrase of `vigie-craft`: `a number` has the key `packet-say-a-number` (text keys: packet-say-*). A
/// phrase without a text is returned as it is.
fn translated(phrase: &str, texts: &Texts) -> String {
    let mut key = String::from("packet-say");
    for word in phrase
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        key.push('-');
        key.push_str(&word.to_ascii_lowercase());
    }
    if texts.has(&key) {
        texts.get(&key)
    } else {
        phrase.to_owned()
    }
}
