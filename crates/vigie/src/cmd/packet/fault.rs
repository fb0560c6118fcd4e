//! Why the machine refused what an expression wanted of it: messages in the user's language, made where the text is
//! shown. This file must not know the language of expressions.

use std::fmt;

use vigie_packet::lang::WireError;
use vigie_report::Message;

/// A refusal as a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault(pub Message);

impl Fault {
    /// A refusal that needs no value.
    pub fn plain(key: &'static str) -> WireError {
        Self(Message::new(key)).into()
    }

    /// A refusal with a message of the caller's.
    pub fn message(message: Message) -> WireError {
        Self(message).into()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Fault {}
