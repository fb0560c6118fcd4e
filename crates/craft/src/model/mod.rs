//! The description of a layer: a table of fields, the layers it stands on, and how computed fields are computed.
//!
//! [`crate::Packet`] reads these tables for building, dissecting, showing, completion and the expression language.
//! Must not know any protocol.

mod codec;
mod context;
mod field;

pub use codec::{Codec, LayerCodec, PacketCodec};
pub(crate) use codec::{accept_packets, encode_packets};
pub use context::Context;
pub use field::{ByteLen, Field, FieldKind, Init, MachineValue, Service, ValueNames};

use crate::packet::Finish;
use core::fmt;

/// What makes the payload of another layer this layer (scapy's `bind_layers`).
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Name of the layer below.
    pub below: &'static str,
    /// Values of unset fields of the layer below, when this layer is put on it.
    pub set: &'static [(&'static str, Init)],
    /// Received bytes are this layer if all fields of one of these groups have these values.
    pub when: &'static [&'static [(&'static str, u64)]],
}

impl Binding {
    /// Returns the binding to the layer `below`.
    #[must_use]
    pub const fn new(
        below: &'static str,
        set: &'static [(&'static str, Init)],
        when: &'static [&'static [(&'static str, u64)]],
    ) -> Self {
        Self { below, set, when }
    }
}

/// The description of a layer.
#[derive(Clone, Copy)]
pub struct Layer {
    /// Name in expressions: scapy's class name ("TCP", "Dot1Q").
    pub name: &'static str,
    /// Title above its fields ("TCP", "802.1Q").
    pub title: &'static str,
    /// Fields in the order in which they are sent.
    pub fields: &'static [Field],
    /// Layers it stands on.
    pub bindings: &'static [Binding],
    /// Computes unset fields on the written bytes. Called from the innermost layer outwards.
    pub finish: Option<fn(&mut Finish<'_>)>,
    /// Returns how many of the bytes after the header belong to layers above; the others are padding.
    pub payload_len: Option<fn(&Context<'_>, usize) -> usize>,
    /// Returns whether the fields describe this form of the layer; other forms stay plain bytes.
    pub check: Option<fn(&Context<'_>) -> bool>,
    /// Returns the layer above; called before [`Layer::bindings`] is searched.
    pub guess: Option<fn(&Context<'_>, &[u8]) -> Guess>,
    /// Returns a summary of the packet; that of the innermost layer that is not empty is shown.
    pub summary: Option<fn(&Context<'_>, &dyn crate::Env) -> alloc::string::String>,
    /// Reads and writes the layer as a whole instead of field by field.
    pub codec: Option<&'static dyn LayerCodec>,
}

/// Result of [`Layer::guess`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The layer of this name.
    Is(&'static str),
    /// Plain bytes.
    Raw,
    /// Search [`Layer::bindings`].
    Bindings,
}

impl Layer {
    /// Returns a layer that has only fields; meant for `..Layer::new(..)`.
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            title,
            fields,
            bindings: &[],
            finish: None,
            payload_len: None,
            check: None,
            guess: None,
            summary: None,
            codec: None,
        }
    }

    /// Returns the index of a field, if the layer has it.
    #[must_use]
    pub const fn find(&self, name: &str) -> Option<usize> {
        let mut i = 0;
        while i < self.fields.len() {
            if same(self.fields[i].name, name) {
                return Some(i);
            }
            i += 1;
        }
        None
    }

    /// Returns the index of a field.
    ///
    /// # Panics
    /// If the layer has no such field: meant for constants, where that is a compile error.
    #[must_use]
    pub const fn index(&self, name: &str) -> usize {
        match self.find(name) {
            Some(index) => index,
            None => panic!("no such field in this layer"),
        }
    }

    /// Returns the offset of a field in bits.
    ///
    /// # Panics
    /// If the layer has no such field, or a field of varying width lies before it.
    #[must_use]
    pub const fn bit_offset(&self, name: &str) -> usize {
        match self.static_offset(self.index(name)) {
            Some(offset) => offset,
            None => panic!("a field of varying width lies before this one"),
        }
    }

    /// Returns the offset in bits of the field at this index, if all fields before it have a fixed width.
    #[must_use]
    pub const fn static_offset(&self, index: usize) -> Option<usize> {
        let (mut i, mut offset, mut known) = (0, 0, true);
        while i <= index {
            let field = &self.fields[i];
            if let Some(at) = field.at {
                (offset, known) = (at, true);
            }
            if i < index {
                if field.bits == 0 || (field.when.is_some() && field.at.is_none()) {
                    known = false;
                }
                offset += field.bits;
            }
            i += 1;
        }
        if known { Some(offset) } else { None }
    }

    /// Returns the byte offset of a field, for patching a written header.
    ///
    /// # Panics
    /// As [`Layer::bit_offset`], and if the field begins within a byte.
    #[must_use]
    pub const fn byte_offset(&self, name: &str) -> usize {
        let bits = self.bit_offset(name);
        assert!(bits.is_multiple_of(8), "the field begins within a byte");
        bits / 8
    }

    /// Returns the width of a field in bits.
    ///
    /// # Panics
    /// If the layer has no such field.
    #[must_use]
    pub const fn bit_width(&self, name: &str) -> usize {
        self.fields[self.index(name)].bits
    }

    /// Returns the first `N` bytes of the layer with every field at its default and computed fields 0.
    #[must_use]
    pub const fn default_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let (mut i, mut offset) = (0, 0);
        while i < self.fields.len() {
            let field = &self.fields[i];
            if let Some(at) = field.at {
                offset = at;
            }
            if offset + field.bits > N * 8 {
                break;
            }
            if let Init::Int(value) = field.init {
                let mut bit = 0;
                while bit < field.bits && bit < 64 {
                    if value >> bit & 1 != 0 {
                        let place = offset + field.bits - 1 - bit;
                        bytes[place / 8] |= 0x80 >> (place % 8);
                    }
                    bit += 1;
                }
            }
            offset += field.bits;
            i += 1;
        }
        bytes
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Returns whether two names are the same, in constants too.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
