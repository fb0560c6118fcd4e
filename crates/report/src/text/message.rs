//! A sentence not yet said: the key of a text and what goes into it.
//!
//! Errors and warnings carry these, so that the place where something is found
//! wrong need not know the language in which it will be told.

use super::Value;
use crate::escape;

/// A text's key with its variables.
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
    /// Another message, said in the same language.
    Text(Box<Message>),
}

impl Message {
    /// The text of `key`, without variables so far.
    pub const fn new(key: &'static str) -> Message {
        Message {
            key,
            args: Vec::new(),
        }
    }

    /// With an amount; it gets the language's separators.
    #[must_use]
    pub fn amount(self, name: &'static str, value: u64) -> Message {
        self.push(name, Arg::Value(Value::from(value)))
    }

    /// With a text that may come from anywhere: what a terminal would obey is escaped.
    #[must_use]
    pub fn outside(self, name: &'static str, value: impl AsRef<str>) -> Message {
        let safe = escape::line(value.as_ref()).into_owned();
        self.push(name, Arg::Value(Value::from(safe)))
    }

    /// With a text that is safe already: made by [`escape`], or by this program alone.
    #[must_use]
    pub fn safe(self, name: &'static str, value: impl Into<String>) -> Message {
        self.push(name, Arg::Value(Value::from(value.into())))
    }

    /// With a value that prints itself: a port, an address, an error of the system.
    #[must_use]
    pub fn shown(self, name: &'static str, value: impl std::fmt::Display) -> Message {
        self.outside(name, value.to_string())
    }

    /// With another message inside.
    #[must_use]
    pub fn text(self, name: &'static str, message: Message) -> Message {
        self.push(name, Arg::Text(Box::new(message)))
    }

    fn push(mut self, name: &'static str, arg: Arg) -> Message {
        self.args.push((name, arg));
        self
    }
}
