//! The macros that make typed views and headers from a layer's table. Must not know any protocol.

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
