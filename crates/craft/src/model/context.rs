//! What a field, while it is read, written or shown, can see of its surroundings.

use crate::layers::LayerId;
use crate::packet::Instance;
use crate::value::Value;

/// A layer of a packet, with the layers around it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The packet's layers, outermost first.
    pub stack: &'a [Instance],
    /// The index of the layer in question.
    pub at: usize,
}

impl<'a> Context<'a> {
    /// The layer in question.
    #[must_use]
    pub fn this(&self) -> &'a Instance {
        &self.stack[self.at]
    }

    /// The layer right below.
    #[must_use]
    pub fn below(&self) -> Option<&'a Instance> {
        self.at.checked_sub(1).map(|i| &self.stack[i])
    }

    /// The layer right above.
    #[must_use]
    pub fn above(&self) -> Option<&'a Instance> {
        self.stack.get(self.at + 1)
    }

    /// Whether the layer right below is of this name.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.below().is_some_and(|below| below.layer().name == name)
    }

    /// A field of the layer in question as an integer; 0 where it is none.
    #[must_use]
    pub fn uint(&self, name: &str) -> u64 {
        self.this().uint(self, name)
    }

    /// A field of the layer in question.
    #[must_use]
    pub fn value(&self, name: &str) -> Value {
        match self.this().layer().find(name) {
            Some(index) => self.this().value(self, index),
            None => Value::None,
        }
    }

    /// The identity of the layer in question.
    #[must_use]
    pub fn id(&self) -> LayerId {
        self.this().id()
    }
}
