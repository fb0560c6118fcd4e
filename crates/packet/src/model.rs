//! What a layer is: a named table of fields.
//!
//! Each protocol's file holds one [`Layer`] table. Offsets and widths of the typed views and headers are computed
//! from it while the program is compiled (the [`crate::layers`] files use the `header!` macro below), and the
//! dynamic model reads the same table at run time. This module must not know any protocol.

use crate::addr::MacAddr;
use core::net::{Ipv4Addr, Ipv6Addr};

/// How a field's bits are to be understood and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An unsigned integer, shown in decimal.
    Uint,
    /// An unsigned integer, shown in hexadecimal.
    Hex,
    /// A two's complement integer.
    Int,
    /// Bits with letters or names, the lowest bit first.
    Flags(&'static [&'static str]),
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A MAC address.
    Mac,
    /// Bytes: as many as the width says, or the rest.
    Bytes,
}

/// Names of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// The values have no names.
    None,
    /// Pairs of value and name.
    Table(&'static [(u64, &'static str)]),
    /// Names of services, by port and transport; kept outside this crate.
    Service,
}

/// What a field holds when nobody set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// Computed when the packet is built: a length, a checksum, the next protocol, an own address.
    Auto,
    /// An integer.
    Int(u64),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A MAC address.
    Mac(MacAddr),
    /// Bytes.
    Bytes(&'static [u8]),
}

/// One field of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, scapy's where scapy has the field.
    pub name: &'static str,
    /// Its width in bits; 0 where it varies.
    pub bits: usize,
    /// How its bits are understood.
    pub kind: Kind,
    /// What it holds when nobody set it.
    pub init: Init,
    /// Names of its values.
    pub names: Names,
    /// Its bit offset, where it does not simply follow the field before it (alternatives share their place).
    pub at: Option<usize>,
}

impl Field {
    /// An unsigned integer of `bits` bits, 0 by default.
    #[must_use]
    pub const fn uint(name: &'static str, bits: usize) -> Self {
        Self {
            name,
            bits,
            kind: Kind::Uint,
            init: Init::Int(0),
            names: Names::None,
            at: None,
        }
    }

    /// An unsigned integer shown in hexadecimal.
    #[must_use]
    pub const fn hex(name: &'static str, bits: usize) -> Self {
        Self {
            kind: Kind::Hex,
            ..Self::uint(name, bits)
        }
    }

    /// Named bits, the lowest first.
    #[must_use]
    pub const fn flags(name: &'static str, bits: usize, letters: &'static [&'static str]) -> Self {
        Self {
            kind: Kind::Flags(letters),
            ..Self::uint(name, bits)
        }
    }

    /// An IPv4 address, `0.0.0.0` by default.
    #[must_use]
    pub const fn ipv4(name: &'static str) -> Self {
        Self {
            kind: Kind::Ipv4,
            init: Init::Ipv4(Ipv4Addr::UNSPECIFIED),
            ..Self::uint(name, 32)
        }
    }

    /// An IPv6 address, `::` by default.
    #[must_use]
    pub const fn ipv6(name: &'static str) -> Self {
        Self {
            kind: Kind::Ipv6,
            init: Init::Ipv6(Ipv6Addr::UNSPECIFIED),
            ..Self::uint(name, 128)
        }
    }

    /// A MAC address, zero by default.
    #[must_use]
    pub const fn mac(name: &'static str) -> Self {
        Self {
            kind: Kind::Mac,
            init: Init::Mac(MacAddr::ZERO),
            ..Self::uint(name, 48)
        }
    }

    /// Bytes: `len` of them, or the rest of the layer when `len` is 0.
    #[must_use]
    pub const fn bytes(name: &'static str, len: usize) -> Self {
        Self {
            kind: Kind::Bytes,
            init: Init::Bytes(&[]),
            ..Self::uint(name, len * 8)
        }
    }

    /// The same field with another default.
    #[must_use]
    pub const fn or(self, value: u64) -> Self {
        Self {
            init: Init::Int(value),
            ..self
        }
    }

    /// The same field, computed when left alone.
    #[must_use]
    pub const fn auto(self) -> Self {
        Self {
            init: Init::Auto,
            ..self
        }
    }

    /// The same field with names for its values.
    #[must_use]
    pub const fn names(self, names: &'static [(u64, &'static str)]) -> Self {
        Self {
            names: Names::Table(names),
            ..self
        }
    }

    /// The same field; its values are ports.
    #[must_use]
    pub const fn port(self) -> Self {
        Self {
            names: Names::Service,
            ..self
        }
    }

    /// The same field, beginning at bit `offset` of the layer.
    #[must_use]
    pub const fn at(self, offset: usize) -> Self {
        Self {
            at: Some(offset),
            ..self
        }
    }

    /// Whether the field is computed when left alone.
    #[must_use]
    pub const fn is_auto(&self) -> bool {
        matches!(self.init, Init::Auto)
    }
}

/// One protocol's description.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// The name it is written with: scapy's ("TCP", "Dot1Q").
    pub name: &'static str,
    /// The title over its fields ("TCP", "802.1Q").
    pub title: &'static str,
    /// Its fields, in the order of the wire.
    pub fields: &'static [Field],
}

impl Layer {
    /// The index of a field.
    ///
    /// # Panics
    /// If the layer has no such field: meant for constants, where that is a compile error.
    #[must_use]
    pub const fn index(&self, name: &str) -> usize {
        let mut i = 0;
        while i < self.fields.len() {
            if same(self.fields[i].name, name) {
                return i;
            }
            i += 1;
        }
        panic!("no such field in this layer")
    }

    /// The bit offset of a field, counted from the layer's first bit.
    ///
    /// # Panics
    /// If the layer has no such field, or a field of varying width lies before it.
    #[must_use]
    pub const fn bit_offset(&self, name: &str) -> usize {
        let index = self.index(name);
        let (mut i, mut offset) = (0, 0);
        while i <= index {
            let field = &self.fields[i];
            if let Some(at) = field.at {
                offset = at;
            }
            if i < index {
                assert!(
                    field.bits > 0,
                    "a field of varying width lies before this one"
                );
                offset += field.bits;
            }
            i += 1;
        }
        offset
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

const fn same(a: &str, b: &str) -> bool {
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

/// Makes, from a layer's table, the getters of its `View` and a `Header` to write it with.
///
/// `View` must have a `head: &[u8; LEN]`. Each line names a getter, a setter, a type and a field of the table;
/// offset, width and default come from the table, so a wrong name or a too narrow type is a compile error.
macro_rules! header {
    ($layer:expr, $len:literal; $($(#[$meta:meta])* $get:ident, $set:ident: $ty:ty = $field:literal;)*) => {
        impl View<'_> {
            $(
                $(#[$meta])*
                #[inline]
                #[must_use]
                pub fn $get(&self) -> $ty {
                    const OFF: usize = $layer.bit_offset($field);
                    const WIDTH: usize = $layer.bit_width($field);
                    <$ty as $crate::bits::Scalar>::load::<OFF, WIDTH, $len>(self.head)
                }
            )*
        }

        /// The fixed part of this layer's header, to be written. Fields begin at their defaults; a computed field
        /// (length, checksum, next protocol) is computed when the packet is emitted unless it was set here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Header {
            bytes: [u8; $len],
            forced: u32,
        }

        impl Default for Header {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Header {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Every field at its default.
            #[inline]
            #[must_use]
            pub const fn new() -> Self {
                const DEFAULT: [u8; $len] = $layer.default_bytes();
                Self { bytes: DEFAULT, forced: 0 }
            }

            /// The header's bytes as they stand, computed fields not yet computed.
            #[inline]
            #[must_use]
            pub const fn bytes(&self) -> &[u8; $len] {
                &self.bytes
            }

            /// Whether the computed field of this index in the layer's table was set by the caller.
            #[inline]
            #[must_use]
            pub const fn is_forced(&self, index: usize) -> bool {
                self.forced >> index & 1 != 0
            }

            $(
                $(#[$meta])*
                #[inline]
                #[must_use]
                pub fn $get(&self) -> $ty {
                    const OFF: usize = $layer.bit_offset($field);
                    const WIDTH: usize = $layer.bit_width($field);
                    <$ty as $crate::bits::Scalar>::load::<OFF, WIDTH, $len>(&self.bytes)
                }

                /// Sets the field; a computed one is then obeyed, not computed. See the getter.
                #[inline]
                #[must_use]
                pub fn $set(mut self, value: $ty) -> Self {
                    const OFF: usize = $layer.bit_offset($field);
                    const WIDTH: usize = $layer.bit_width($field);
                    const INDEX: usize = $layer.index($field);
                    $crate::bits::Scalar::store::<OFF, WIDTH, $len>(value, &mut self.bytes);
                    self.forced |= 1 << INDEX;
                    self
                }
            )*
        }
    };
}
pub(crate) use header;

/// Reads the field `$field` of `$layer` from a byte slice that may be too short for it: `Option<$ty>`.
macro_rules! field_of {
    ($bytes:expr, $len:literal, $layer:expr, $field:literal: $ty:ty) => {{
        const OFF: usize = $layer.bit_offset($field);
        const WIDTH: usize = $layer.bit_width($field);
        $bytes
            .first_chunk::<$len>()
            .map(|head| <$ty as $crate::bits::Scalar>::load::<OFF, WIDTH, $len>(head))
    }};
}
pub(crate) use field_of;
