//! Tables of header fields, and the macros that make typed views and headers from them. Must not know any protocol.

use crate::bits::Scalar;

/// Type of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// An unsigned integer, most significant bit first.
    Uint,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A MAC address.
    Mac,
    /// Bytes.
    Bytes,
}

/// One field of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name, in the words of the protocol's specification.
    pub name: &'static str,
    /// Type of the value.
    pub kind: FieldKind,
    /// Offset in bits from the first bit of the header.
    pub offset: usize,
    /// Width in bits.
    pub width: usize,
    /// Value in a new header. Lengths, checksums and protocol numbers are 0 until [`crate::write`] computes them.
    pub default: u64,
}

/// The fixed part of a header: its fields in the order in which they are sent.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name of the protocol, as errors show it.
    pub name: &'static str,
    /// The fields. Alternatives share their bits.
    pub fields: &'static [Field],
}

impl Table {
    /// Returns the index of the field with this name.
    ///
    /// # Panics
    /// If the header has no such field. Meant for constants, where that is a compile error.
    #[must_use]
    pub const fn index(&self, name: &str) -> usize {
        let mut i = 0;
        while i < self.fields.len() {
            if same(self.fields[i].name, name) {
                return i;
            }
            i += 1;
        }
        panic!("no such field in this header")
    }

    /// Returns the field with this name.
    ///
    /// # Panics
    /// As [`Table::index`].
    #[must_use]
    pub const fn field(&self, name: &str) -> Field {
        self.fields[self.index(name)]
    }

    /// Returns the byte offset of a field, for patching a written header.
    ///
    /// # Panics
    /// As [`Table::index`], and if the field begins within a byte.
    #[must_use]
    pub const fn byte_offset(&self, name: &str) -> usize {
        let offset = self.field(name).offset;
        assert!(offset.is_multiple_of(8), "the field begins within a byte");
        offset / 8
    }

    /// Returns the first `N` bytes of the header with every field at its default.
    #[must_use]
    pub const fn default_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut i = 0;
        while i < self.fields.len() {
            let Field {
                offset,
                width,
                default,
                ..
            } = self.fields[i];
            let mut bit = 0;
            while bit < width && bit < 64 {
                if default >> bit & 1 != 0 {
                    let place = offset + width - 1 - bit;
                    bytes[place / 8] |= 0x80 >> (place % 8);
                }
                bit += 1;
            }
            i += 1;
        }
        bytes
    }
}

/// A row of a table, before offsets are assigned.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    name: &'static str,
    kind: FieldKind,
    width: usize,
    at: Option<usize>,
    default: u64,
}

impl Row {
    pub(crate) const fn new<T: Scalar>(name: &'static str, width: usize) -> Self {
        Self {
            name,
            kind: T::KIND,
            width,
            at: None,
            default: 0,
        }
    }

    /// Places the row at this bit offset instead of after the previous row.
    pub(crate) const fn at(self, offset: usize) -> Self {
        Self {
            at: Some(offset),
            ..self
        }
    }

    pub(crate) const fn default(self, default: u64) -> Self {
        Self { default, ..self }
    }
}

/// Assigns offsets to the rows: each row begins where the previous one ends, unless it has its own offset.
pub(crate) const fn layout<const N: usize>(rows: [Row; N]) -> [Field; N] {
    let mut fields = [Field {
        name: "",
        kind: FieldKind::Uint,
        offset: 0,
        width: 0,
        default: 0,
    }; N];
    let (mut i, mut offset) = (0, 0);
    while i < N {
        let row = rows[i];
        if let Some(at) = row.at {
            offset = at;
        }
        fields[i] = Field {
            name: row.name,
            kind: row.kind,
            offset,
            width: row.width,
            default: row.default,
        };
        offset += row.width;
        i += 1;
    }
    fields
}

/// Makes a [`Table`]: a row is `name: type, bits`, then `@ offset` where the field does not follow the one before it,
/// then `= default` where it is not 0.
macro_rules! table {
    ($name:literal; $($field:ident: $ty:ty, $bits:literal $(@ $at:literal)? $(= $default:expr)?;)*) => {
        $crate::table::Table {
            name: $name,
            fields: &$crate::table::layout([$(
                $crate::table::Row::new::<$ty>(stringify!($field), $bits)
                    $(.at($at))?
                    $(.default($default))?
            ),*]),
        }
    };
}
pub(crate) use table;

/// Makes, from one table, `TABLE`, the getters of `View` and a `Header` to write.
///
/// `View` must have a `head: &[u8; LEN]`. A row is that of [`table!`] with the name of the setter after the getter's,
/// which is the field's name. A type too narrow for its field is a compile error.
macro_rules! header {
    ($name:literal, $len:literal; $($(#[$meta:meta])* $get:ident, $set:ident: $ty:ty, $bits:literal $(@ $at:literal)? $(= $default:expr)?;)*) => {
        /// Fields of the header.
        pub const TABLE: $crate::table::Table = $crate::table::table! {
            $name; $($get: $ty, $bits $(@ $at)? $(= $default)?;)*
        };

        impl View<'_> {
            $(
                $(#[$meta])*
                #[inline]
                #[must_use]
                pub fn $get(&self) -> $ty {
                    const FIELD: $crate::table::Field = TABLE.field(stringify!($get));
                    <$ty as $crate::bits::Scalar>::load::<{ FIELD.offset }, { FIELD.width }, $len>(self.head)
                }
            )*
        }

        /// The fixed part of the header, to be written. [`crate::write`] computes lengths, checksums and protocol
        /// numbers unless they were set here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Header {
            bytes: [u8; $len],
            set: u32,
        }

        impl Default for Header {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Header {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Returns a header with every field at its default.
            #[inline]
            #[must_use]
            pub const fn new() -> Self {
                const DEFAULT: [u8; $len] = TABLE.default_bytes();
                Self { bytes: DEFAULT, set: 0 }
            }

            /// Returns the header's bytes; fields that [`crate::write`] computes are 0.
            #[inline]
            #[must_use]
            pub const fn bytes(&self) -> &[u8; $len] {
                &self.bytes
            }

            /// Returns whether the field at this index of [`TABLE`] was set.
            #[inline]
            #[must_use]
            pub const fn is_set(&self, index: usize) -> bool {
                self.set >> index & 1 != 0
            }

            $(
                $(#[$meta])*
                #[inline]
                #[must_use]
                pub fn $get(&self) -> $ty {
                    const FIELD: $crate::table::Field = TABLE.field(stringify!($get));
                    <$ty as $crate::bits::Scalar>::load::<{ FIELD.offset }, { FIELD.width }, $len>(&self.bytes)
                }

                #[doc = concat!("Sets [`Self::", stringify!($get), "`]; the value is then not computed.")]
                #[inline]
                #[must_use]
                pub fn $set(mut self, value: $ty) -> Self {
                    const INDEX: usize = TABLE.index(stringify!($get));
                    const FIELD: $crate::table::Field = TABLE.fields[INDEX];
                    $crate::bits::Scalar::store::<{ FIELD.offset }, { FIELD.width }, $len>(value, &mut self.bytes);
                    self.set |= 1 << INDEX;
                    self
                }
            )*
        }
    };
}
pub(crate) use header;

/// Reads the field `$field` of `$table` from the first `$len` bytes of its header: `$ty`.
macro_rules! load {
    ($head:expr, $len:literal, $table:expr, $field:ident: $ty:ty) => {{
        const FIELD: $crate::table::Field = $table.field(stringify!($field));
        <$ty as $crate::bits::Scalar>::load::<{ FIELD.offset }, { FIELD.width }, $len>($head)
    }};
}
pub(crate) use load;

/// As [`load!`], from a byte slice that may be too short: `Option<$ty>`.
macro_rules! field_of {
    ($bytes:expr, $len:literal, $table:expr, $field:ident: $ty:ty) => {
        $bytes
            .first_chunk::<$len>()
            .map(|head| $crate::table::load!(head, $len, $table, $field: $ty))
    };
}
pub(crate) use field_of;

/// Returns whether two names are the same, in constants too.
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
