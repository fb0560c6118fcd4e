//! Texts for errors in targets and ports that the user wrote. The caller marks the place of the error.

use vigie_scope::{ParseError, ParseErrorKind};

use crate::Message;

/// Returns the sentence about the error.
pub fn message(error: &ParseError) -> Message {
    let message = Message::new(error.kind.key());
    match &error.kind {
        ParseErrorKind::Empty
        | ParseErrorKind::Backwards
        | ParseErrorKind::NotANumber
        | ParseErrorKind::UnknownService
        | ParseErrorKind::NotFourParts
        | ParseErrorKind::BadIpv6
        | ParseErrorKind::ZoneMissing
        | ParseErrorKind::ZoneNotAllowed
        | ParseErrorKind::BadName
        | ParseErrorKind::MixedFamilies
        | ParseErrorKind::UnknownTransport => message.outside("text", error.culprit()),
        ParseErrorKind::TooLarge { max } => {
            message.outside("text", error.culprit()).shown("max", max)
        }
        ParseErrorKind::BadPrefix { max } => {
            message.outside("text", error.culprit()).shown("max", max)
        }
        ParseErrorKind::TooMany { max_bits } => message.outside("text", error.culprit()).amount(
            "hosts",
            1u64.checked_shl(u32::from(*max_bits)).unwrap_or(u64::MAX),
        ),
    }
}

/// Returns the hint with a correct example.
pub fn hint(error: &ParseError) -> Message {
    let example = "192.0.2.1";
    match &error.kind {
        ParseErrorKind::Empty => Message::new("grammar-empty-hint"),
        ParseErrorKind::TooLarge { max } => {
            Message::new("grammar-too-large-hint").shown("max", max)
        }
        ParseErrorKind::Backwards => Message::new("grammar-backwards-hint"),
        ParseErrorKind::NotANumber => Message::new("grammar-not-a-number-hint"),
        ParseErrorKind::UnknownService => Message::new("grammar-unknown-service-hint"),
        ParseErrorKind::NotFourParts => {
            Message::new("grammar-not-four-parts-hint").outside("example", example)
        }
        ParseErrorKind::BadPrefix { max } => {
            Message::new("grammar-bad-prefix-hint").shown("max", max)
        }
        ParseErrorKind::BadIpv6 => Message::new("grammar-bad-ipv6-hint"),
        ParseErrorKind::ZoneMissing => {
            Message::new("grammar-zone-missing-hint").outside("text", error.culprit())
        }
        ParseErrorKind::ZoneNotAllowed => Message::new("grammar-zone-not-allowed-hint"),
        ParseErrorKind::BadName => Message::new("grammar-bad-name-hint"),
        ParseErrorKind::MixedFamilies => Message::new("grammar-mixed-families-hint"),
        ParseErrorKind::TooMany { .. } => Message::new("grammar-too-many-hint"),
        ParseErrorKind::UnknownTransport => Message::new("grammar-unknown-transport-hint"),
    }
}
