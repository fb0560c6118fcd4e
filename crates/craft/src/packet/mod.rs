//! Packets as values: a stack of layers, each with the fields that were set or the bytes it was dissected from.
//!
//! Addresses, names and times of the machine come from [`crate::Env`].

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
    /// Returns a packet of one layer with every field at its default.
    #[must_use]
    pub fn new(layer: LayerId) -> Self {
        Self {
            layers: alloc::vec![Instance::new(layer)],
        }
    }

    /// Returns a packet of the layer with this name.
    #[must_use]
    pub fn named(layer: &str) -> Option<Self> {
        layers::find(layer).map(Self::new)
    }

    /// Returns a packet of plain bytes.
    #[must_use]
    pub fn raw(bytes: Vec<u8>) -> Self {
        let mut packet = Self::new(layers::RAW);
        packet.layers[0].force(0, crate::Value::Bytes(bytes));
        packet
    }

    /// Returns this packet with another on top.
    #[must_use]
    pub fn over(mut self, above: Self) -> Self {
        self.layers.extend(above.layers);
        self
    }

    /// Returns the index of the `nth` layer (from 0) that is `layer`.
    #[must_use]
    pub fn position(&self, layer: LayerId, nth: usize) -> Option<usize> {
        self.layers
            .iter()
            .enumerate()
            .filter(|(_, l)| layers::is_a(l.id(), layer))
            .nth(nth)
            .map(|(i, _)| i)
    }

    /// Returns whether the packet has this layer.
    #[must_use]
    pub fn has(&self, layer: LayerId) -> bool {
        self.position(layer, 0).is_some()
    }

    /// Returns the layer at `at` with the layers around it.
    #[must_use]
    pub fn context(&self, at: usize) -> crate::model::Context<'_> {
        crate::model::Context {
            stack: &self.layers,
            at,
        }
    }

    /// Returns the value of a field of the first layer that is `layer`.
    #[must_use]
    pub fn get(&self, layer: LayerId, field: &str) -> Option<crate::Value> {
        let at = self.position(layer, 0)?;
        let index = self.layers[at].layer().find(field)?;
        Some(self.layers[at].value(&self.context(at), index))
    }
}
