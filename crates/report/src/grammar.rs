//! What is wrong with a target or port that somebody typed, as a sentence.
//!
//! The place is marked by whoever prints it; this file must not know where.

use vigie_scope::grammar::{GrammarError, Problem};

use crate::Message;

/// What is wrong.
pub fn message(error: &GrammarError) -> Message {
    let message = Message::new(error.problem.key());
    match &error.problem {
        Problem::Empty
        | Problem::Backwards
        | Problem::NotANumber
        | Problem::UnknownService
        | Problem::NotFourParts
        | Problem::BadIpv6
        | Problem::ZoneMissing
        | Problem::ZoneNotAllowed
        | Problem::BadName
        | Problem::MixedFamilies
        | Problem::UnknownTransport => message.outside("text", error.culprit()),
        Problem::TooLarge { max } => message.outside("text", error.culprit()).shown("max", max),
        Problem::BadPrefix { max } => message.outside("text", error.culprit()).shown("max", max),
        Problem::TooMany { max_bits } => message.outside("text", error.culprit()).amount(
            "hosts",
            1u64.checked_shl(u32::from(*max_bits)).unwrap_or(u64::MAX),
        ),
    }
}

/// What would be right.
pub fn hint(error: &GrammarError) -> Message {
    let example = "192.0.2.1";
    match &error.problem {
        Problem::Empty => Message::new("grammar-empty-hint"),
        Problem::TooLarge { max } => Message::new("grammar-too-large-hint").shown("max", max),
        Problem::Backwards => Message::new("grammar-backwards-hint"),
        Problem::NotANumber => Message::new("grammar-not-a-number-hint"),
        Problem::UnknownService => Message::new("grammar-unknown-service-hint"),
        Problem::NotFourParts => {
            Message::new("grammar-not-four-parts-hint").outside("example", example)
        }
        Problem::BadPrefix { max } => Message::new("grammar-bad-prefix-hint").shown("max", max),
        Problem::BadIpv6 => Message::new("grammar-bad-ipv6-hint"),
        Problem::ZoneMissing => {
            Message::new("grammar-zone-missing-hint").outside("text", error.culprit())
        }
        Problem::ZoneNotAllowed => Message::new("grammar-zone-not-allowed-hint"),
        Problem::BadName => Message::new("grammar-bad-name-hint"),
        Problem::MixedFamilies => Message::new("grammar-mixed-families-hint"),
        Problem::TooMany { .. } => Message::new("grammar-too-many-hint"),
        Problem::UnknownTransport => Message::new("grammar-unknown-transport-hint"),
    }
}
