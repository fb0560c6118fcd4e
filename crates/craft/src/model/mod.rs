//! What a layer is: a named table of fields, where it stands on other layers, and how its computed fields are
//! computed.
//!
//! Each protocol's file holds one [`Layer`] table. Offsets and widths of the typed views and headers come from it
//! while the program is compiled (the `header!` macro), and the dynamic [`crate::Packet`] reads the same table at
//! run time for building, dissecting, showing, completion and the expression language. This module must not know
//! any protocol.

mod codec;
mod context;
mod field;

pub use codec::{Codec, LayerCodec, PacketCodec};
pub(crate) use codec::{accept_packets, encode_packets};
pub use context::Context;
pub use field::{ByteLen, Field, FieldKind, Init, MachineValue, Service, ValueNames};

use crate::packet::Finish;
use core::fmt;

/// Where a layer stands: what makes another layer's payload this layer.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Name of the layer below.
    pub below: &'static str,
    /// Fields of the layer below that take these values when this layer is put on it and they were left alone.
    pub set: &'static [(&'static str, Init)],
    /// Received bytes are this layer when all fields of one of these groups have these values.
    pub when: &'static [&'static [(&'static str, u64)]],
}

impl Binding {
    /// Stands on `below` whenever one field of it has this value.
    #[must_use]
    pub const fn new(
        below: &'static str,
        set: &'static [(&'static str, Init)],
        when: &'static [&'static [(&'static str, u64)]],
    ) -> Self {
        Self { below, set, when }
    }
}

/// One protocol's description.
#[derive(Clone, Copy)]
pub struct Layer {
    /// The name it is written with: scapy's ("TCP", "Dot1Q").
    pub name: &'static str,
    /// The title over its fields ("TCP", "802.1Q").
    pub title: &'static str,
    /// Its fields, in the order of the wire.
    pub fields: &'static [Field],
    /// The layers it stands on.
    pub bindings: &'static [Binding],
    /// Computes the fields that were left alone, on the written bytes. Called from the innermost layer outwards.
    pub finish: Option<fn(&mut Finish<'_>)>,
    /// How many of the bytes after the header belong to the layers above; the others are padding.
    pub payload_len: Option<fn(&Context<'_>, usize) -> usize>,
    /// Whether bytes are a form of the layer that its fields describe; others stay plain bytes.
    pub check: Option<fn(&Context<'_>) -> bool>,
    /// The layer above by other means than [`Layer::bindings`]; asked first.
    pub guess: Option<fn(&Context<'_>, &[u8]) -> Guess>,
    /// One line about the packet, told by the innermost layer that has something to tell; empty: nothing.
    pub summary: Option<fn(&Context<'_>, &dyn crate::Env) -> alloc::string::String>,
    /// A layer that is written and read as a whole instead of field by field.
    pub codec: Option<&'static dyn LayerCodec>,
}

/// What [`Layer::guess`] says of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The layer of this name.
    Is(&'static str),
    /// Plain bytes.
    Raw,
    /// See [`Layer::bindings`].
    Bindings,
}

impl Layer {
    /// A layer that is its fields and nothing more; meant for `..Layer::new(..)`.
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

    /// The index of a field, if the layer has it.
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

    /// The index of a field.
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

    /// The bit offset of a field, counted from the layer's first bit.
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

    /// The bit offset of the field of this index, where no field of varying width or presence lies before it.
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

    /// The byte offset of a field that begins on a byte: where an engine patches a written header.
    ///
    /// # Panics
    /// As [`Layer::bit_offset`], and if the field begins within a byte.
    #[must_use]
    pub const fn byte_offset(&self, name: &str) -> usize {
        let bits = self.bit_offset(name);
        assert!(bits.is_multiple_of(8), "the field begins within a byte");
        bits / 8
    }

    /// The width of a field in bits.
    ///
    /// # Panics
    /// If the layer has no such field.
    #[must_use]
    pub const fn bit_width(&self, name: &str) -> usize {
        self.fields[self.index(name)].bits
    }

    /// The first `N` bytes of the layer with every field at its default, computed fields 0.
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

/// Whether two names are the same, in constants too.
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
