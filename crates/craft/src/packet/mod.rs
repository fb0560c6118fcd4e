//! Packets as values: a stack of layers, each with the fields somebody set or with the bytes it was read from.
//!
//! A packet does not know where it goes or comes from; what it needs of the machine it asks from [`crate::Env`].

mod accept;
mod build;
mod dissect;
mod expand;
pub(crate) mod hexdump;
mod instance;
mod list;
mod machine_values;
mod repr;
pub(crate) mod show;

pub(crate) use build::fill;
pub use build::{Finish, Placed};
pub use expand::{Expansion, Template};
pub use hexdump::hexdump;
pub use instance::Instance;
pub use list::{ls, ls_layer, ls_packet};

use crate::layers::{self, LayerId};
use alloc::vec::Vec;

/// A stack of layers, outermost first.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Packet {
    /// The layers.
    pub layers: Vec<Instance>,
}

impl Packet {
    /// A packet of one layer, every field at its default.
    #[must_use]
    pub fn new(layer: LayerId) -> Self {
        Self {
            layers: alloc::vec![Instance::new(layer)],
        }
    }

    /// A packet of one layer by its name.
    #[must_use]
    pub fn named(layer: &str) -> Option<Self> {
        layers::find(layer).map(Self::new)
    }

    /// Plain bytes.
    #[must_use]
    pub fn raw(bytes: Vec<u8>) -> Self {
        let mut packet = Self::new(layers::RAW);
        packet.layers[0].force(0, crate::Value::Bytes(bytes));
        packet
    }

    /// This packet with another on top.
    #[must_use]
    pub fn over(mut self, above: Self) -> Self {
        self.layers.extend(above.layers);
        self
    }

    /// The index of the layer of this name; `nth` counts from 0.
    #[must_use]
    pub fn position(&self, layer: LayerId, nth: usize) -> Option<usize> {
        self.layers
            .iter()
            .enumerate()
            .filter(|(_, l)| layers::is_a(l.id(), layer))
            .nth(nth)
            .map(|(i, _)| i)
    }

    /// Whether a layer is in the packet.
    #[must_use]
    pub fn has(&self, layer: LayerId) -> bool {
        self.position(layer, 0).is_some()
    }

    /// The layer at `at` with its surroundings.
    #[must_use]
    pub fn context(&self, at: usize) -> crate::model::Context<'_> {
        crate::model::Context {
            stack: &self.layers,
            at,
        }
    }

    /// A field's value: of the first layer of this name.
    #[must_use]
    pub fn get(&self, layer: LayerId, field: &str) -> Option<crate::Value> {
        let at = self.position(layer, 0)?;
        let index = self.layers[at].layer().find(field)?;
        Some(self.layers[at].value(&self.context(at), index))
    }
}
