//! A sentence before translation: the key of a text and its variables.
//!
//! Errors and warnings hold messages, so that the code that detects them need not know the language.

use super::Value;
use crate::escape;

/// The key of a text with its variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The key, as in the Fluent files.
    pub key: &'static str,
    pub(super) args: Vec<(&'static str, Arg)>,
}

/// One variable of a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Arg {
    /// A number, or text that is the same in every language.
    Value(Value<'static>),
    /// Another message, in the same language.
    Text(Box<Message>),
}

impl Message {
    /// Returns a message without variables.
    pub const fn new(key: &'static str) -> Message {
        Message {
            key,
            args: Vec::new(),
        }
    }

    /// Adds a number, written with the language's separators.
    #[must_use]
    pub fn amount(self, name: &'static str, value: u64) -> Message {
        self.push(name, Arg::Value(Value::from(value)))
    }

    /// Adds text from outside, which is escaped.
    #[must_use]
    pub fn outside(self, name: &'static str, value: impl AsRef<str>) -> Message {
        let safe = escape::line(value.as_ref()).into_owned();
        self.push(name, Arg::Value(Value::from(safe)))
    }

    /// Adds text that is escaped already or comes from this program.
    #[must_use]
    pub fn safe(self, name: &'static str, value: impl Into<String>) -> Message {
        self.push(name, Arg::Value(Value::from(value.into())))
    }

    /// Adds a value that implements `Display`: a port, an address, a system error.
    #[must_use]
    pub fn shown(self, name: &'static str, value: impl std::fmt::Display) -> Message {
        self.outside(name, value.to_string())
    }

    /// Adds another message.
    #[must_use]
    pub fn text(self, name: &'static str, message: Message) -> Message {
        self.push(name, Arg::Text(Box::new(message)))
    }

    fn push(mut self, name: &'static str, arg: Arg) -> Message {
        self.args.push((name, arg));
        self
    }
}
