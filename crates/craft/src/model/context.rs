//! The layers around a field that is read, written or shown.

use crate::layers::LayerId;
use crate::packet::Instance;
use crate::value::Value;

/// A layer of a packet with the layers around it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The packet's layers, outermost first.
    pub stack: &'a [Instance],
    /// Index of the layer in `stack`.
    pub at: usize,
}

impl<'a> Context<'a> {
    /// Returns the layer.
    #[must_use]
    pub fn this(&self) -> &'a Instance {
        &self.stack[self.at]
    }

    /// Returns the layer directly below.
    #[must_use]
    pub fn below(&self) -> Option<&'a Instance> {
        self.at.checked_sub(1).map(|i| &self.stack[i])
    }

    /// Returns the layer directly above.
    #[must_use]
    pub fn above(&self) -> Option<&'a Instance> {
        self.stack.get(self.at + 1)
    }

    /// Returns whether the layer directly below is called `name`.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.below().is_some_and(|below| below.layer().name == name)
    }

    /// Returns a field of the layer as an integer, 0 if it is none.
    #[must_use]
    pub fn uint(&self, name: &str) -> u64 {
        self.this().uint(self, name)
    }

    /// Returns the value of a field of the layer.
    #[must_use]
    pub fn value(&self, name: &str) -> Value {
        match self.this().layer().find(name) {
            Some(index) => self.this().value(self, index),
            None => Value::None,
        }
    }

    /// Returns the identity of the layer.
    #[must_use]
    pub fn id(&self) -> LayerId {
        self.this().id()
    }
}
