//! Explains errors in capture filters: the message, the position and a hint.

use vigie_pcap_filter::{ErrorKind, Expectation};
use vigie_report::Message;

use crate::error::Error;

/// Returns the usage error for a filter that does not parse or compile.
pub fn error(text: &str, error: &vigie_pcap_filter::Error) -> Error {
    let found = Error::usage(message(&error.kind));
    let found = match hint(&error.kind) {
        Some(hint) => found.hint(hint),
        None => found,
    };
    // An error of the whole filter has no position.
    if error.span == (0..0) && !text.is_empty() {
        return found;
    }
    found.mark("", text, error.span.clone())
}

/// Returns the message of an error, one sentence.
pub fn message(kind: &ErrorKind) -> Message {
    let about = |key, name, value: &str| Message::new(key).outside(name, value);
    match kind {
        ErrorKind::UnexpectedCharacter(character) => {
            Message::new("filter-character").outside("character", character.to_string())
        }
        ErrorKind::Expected { what, found } if found.is_empty() => {
            Message::new("filter-ends").text("expected", expected(*what))
        }
        ErrorKind::Expected { what, found } => {
            about("filter-expected", "found", found).text("expected", expected(*what))
        }
        ErrorKind::UnknownWord(word) => about("filter-unknown-word", "word", word),
        ErrorKind::UnknownHost(name) => about("filter-unknown-host", "name", name),
        ErrorKind::UnknownPort(name) => about("filter-unknown-port", "name", name),
        ErrorKind::UnknownProtocol(name) => about("filter-unknown-protocol", "name", name),
        ErrorKind::BadNetwork(text) => about("filter-bad-network", "text", text),
        ErrorKind::TooLarge { text, max } => {
            about("filter-too-large", "text", text).shown("max", max)
        }
        ErrorKind::Mismatch { qualifier, kind } => {
            about("filter-mismatch", "qualifier", qualifier).outside("kind", kind)
        }
        ErrorKind::BadRange(text) => about("filter-bad-range", "text", text),
        ErrorKind::BadSize(text) => about("filter-bad-size", "text", text),
        ErrorKind::BadArithmetic => Message::new("filter-bad-arithmetic"),
        ErrorKind::NotOnThisLink(word) => about("filter-not-on-this-link", "word", word),
        ErrorKind::Unsupported(word) => about("filter-unsupported", "word", word),
        ErrorKind::TooLong => Message::new("filter-too-long"),
    }
}

/// Returns the text for what the parser expected.
fn expected(what: Expectation) -> Message {
    Message::new(match what {
        Expectation::Primitive => "filter-expected-primitive",
        Expectation::Value => "filter-expected-value",
        Expectation::Operand => "filter-expected-operand",
        Expectation::Comparison => "filter-expected-comparison",
        Expectation::CloseParenthesis => "filter-expected-parenthesis",
        Expectation::CloseBracket => "filter-expected-bracket",
        Expectation::Operator => "filter-expected-operator",
        Expectation::Mask => "filter-expected-mask",
    })
}

/// Returns a hint for an error, if there is one.
fn hint(kind: &ErrorKind) -> Option<Message> {
    Some(Message::new(match kind {
        ErrorKind::Expected {
            what: Expectation::Primitive,
            found,
        } if !found.is_empty() => "filter-hint-host",
        ErrorKind::UnknownWord(_)
        | ErrorKind::Expected {
            what: Expectation::Primitive,
            ..
        } => "filter-hint-words",
        ErrorKind::BadNetwork(_) => "filter-hint-network",
        ErrorKind::BadRange(_) => "filter-hint-range",
        ErrorKind::UnexpectedCharacter(_) => "filter-hint-quote",
        _ => return None,
    }))
}
