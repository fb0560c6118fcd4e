//! What is wrong with a filter, in words: the place marked, and what would be right.

use vigie_pcap_filter::{Expectation, FilterError, FilterErrorKind};
use vigie_report::Message;

use crate::error::Error;

/// Returns the error for a filter that does not compile.
pub fn filter(text: &str, error: &FilterError) -> Error {
    let found = Error::usage(message(&error.kind));
    let found = match hint(&error.kind) {
        Some(hint) => found.hint(hint),
        None => found,
    };
    // What is wrong with the filter as a whole has no place in it.
    if error.span == (0..0) && !text.is_empty() {
        return found;
    }
    found.mark("", text, error.span.clone())
}

/// What is wrong with it, in one sentence.
pub fn message(kind: &FilterErrorKind) -> Message {
    let about = |key, name, value: &str| Message::new(key).outside(name, value);
    match kind {
        FilterErrorKind::UnexpectedCharacter(character) => {
            Message::new("filter-character").outside("character", character.to_string())
        }
        FilterErrorKind::Expected { what, found } if found.is_empty() => {
            Message::new("filter-ends").text("expected", expected(*what))
        }
        FilterErrorKind::Expected { what, found } => {
            about("filter-expected", "found", found).text("expected", expected(*what))
        }
        FilterErrorKind::UnknownWord(word) => about("filter-unknown-word", "word", word),
        FilterErrorKind::UnknownHost(name) => about("filter-unknown-host", "name", name),
        FilterErrorKind::UnknownPort(name) => about("filter-unknown-port", "name", name),
        FilterErrorKind::UnknownProtocol(name) => about("filter-unknown-protocol", "name", name),
        FilterErrorKind::BadNetwork(text) => about("filter-bad-network", "text", text),
        FilterErrorKind::TooLarge { text, max } => {
            about("filter-too-large", "text", text).shown("max", max)
        }
        FilterErrorKind::Mismatch { qualifier, kind } => {
            about("filter-mismatch", "qualifier", qualifier).outside("kind", kind)
        }
        FilterErrorKind::BadRange(text) => about("filter-bad-range", "text", text),
        FilterErrorKind::BadSize(text) => about("filter-bad-size", "text", text),
        FilterErrorKind::BadArithmetic => Message::new("filter-bad-arithmetic"),
        FilterErrorKind::NotOnThisLink(word) => about("filter-not-on-this-link", "word", word),
        FilterErrorKind::Unsupported(word) => about("filter-unsupported", "word", word),
        FilterErrorKind::TooLong => Message::new("filter-too-long"),
    }
}

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

fn hint(kind: &FilterErrorKind) -> Option<Message> {
    Some(Message::new(match kind {
        FilterErrorKind::Expected {
            what: Expectation::Primitive,
            found,
        } if !found.is_empty() => "filter-hint-host",
        FilterErrorKind::UnknownWord(_)
        | FilterErrorKind::Expected {
            what: Expectation::Primitive,
            ..
        } => "filter-hint-words",
        FilterErrorKind::BadNetwork(_) => "filter-hint-network",
        FilterErrorKind::BadRange(_) => "filter-hint-range",
        FilterErrorKind::UnexpectedCharacter(_) => "filter-hint-quote",
        _ => return None,
    }))
}
