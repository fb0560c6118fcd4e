//! Loads and stores fields at bit offsets in network order: bit 0 is the first bit sent.
//!
//! [`get`] and [`set`] take offset and width as constants and compile to plain loads and stores. [`load`] and [`store`]
//! take them at run time. Must not know any protocol.

use crate::mac::MacAddr;
use crate::table::FieldKind;
use core::net::{Ipv4Addr, Ipv6Addr};

/// Returns the `W` bits (1 to 64) at bit `OFF`.
#[inline]
#[must_use]
pub const fn get<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> u64 {
    const { assert!(W > 0 && W <= 64 && OFF + W <= N * 8) };
    let (first, last) = (OFF / 8, (OFF + W - 1) / 8);
    let mut acc = 0u128;
    let mut i = first;
    while i <= last {
        acc = acc << 8 | bytes[i] as u128;
        i += 1;
    }
    ((acc >> (last * 8 + 8 - OFF - W)) as u64) & mask(W)
}

/// Stores the low `W` bits (1 to 64) of `value` at bit `OFF`.
#[inline]
pub const fn set<const OFF: usize, const W: usize, const N: usize>(
    bytes: &mut [u8; N],
    value: u64,
) {
    const { assert!(W > 0 && W <= 64 && OFF + W <= N * 8) };
    let (first, last) = (OFF / 8, (OFF + W - 1) / 8);
    let shift = last * 8 + 8 - OFF - W;
    let mut mask_out = !((mask(W) as u128) << shift);
    let mut bits = ((value & mask(W)) as u128) << shift;
    let mut i = last + 1;
    while i > first {
        i -= 1;
        bytes[i] = bytes[i] & mask_out as u8 | bits as u8;
        mask_out = mask_out >> 8 | 0xff << 120;
        bits >>= 8;
    }
}

#[inline]
const fn mask(width: usize) -> u64 {
    if width >= 64 {
        u64::MAX
    } else {
        (1 << width) - 1
    }
}

/// Returns the `width` bits (1 to 64) at bit `offset`, or `None` if `bytes` is too short.
#[inline]
#[must_use]
pub fn load(bytes: &[u8], offset: usize, width: usize) -> Option<u64> {
    if width == 0 || width > 64 {
        return None;
    }
    let (first, last) = (offset / 8, (offset + width - 1) / 8);
    let acc = bytes
        .get(first..=last)?
        .iter()
        .fold(0u128, |acc, b| acc << 8 | u128::from(*b));
    Some((acc >> (last * 8 + 8 - offset - width)) as u64 & mask(width))
}

/// Stores the low `width` bits (1 to 64) of `value` at bit `offset`. Returns whether `bytes` was long enough.
#[inline]
pub fn store(bytes: &mut [u8], offset: usize, width: usize, value: u64) -> bool {
    if width == 0 || width > 64 {
        return false;
    }
    let (first, last) = (offset / 8, (offset + width - 1) / 8);
    let Some(bytes) = bytes.get_mut(first..=last) else {
        return false;
    };
    let shift = last * 8 + 8 - offset - width;
    let mut mask_out = !(u128::from(mask(width)) << shift);
    let mut bits = u128::from(value & mask(width)) << shift;
    for byte in bytes.iter_mut().rev() {
        *byte = *byte & mask_out as u8 | bits as u8;
        mask_out = mask_out >> 8 | 0xff << 120;
        bits >>= 8;
    }
    true
}

/// A type that a header field can have.
pub trait Scalar: Sized {
    /// Kind of a field of this type.
    const KIND: FieldKind = FieldKind::Uint;

    /// Reads the field of `W` bits at bit `OFF`.
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self;
    /// Writes the field of `W` bits at bit `OFF`.
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]);
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl Scalar for $ty {
            #[inline]
            fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
                const { assert!(W <= <$ty>::BITS as usize, "the field is wider than the type") };
                get::<OFF, W, N>(bytes) as $ty
            }
            #[inline]
            fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
                set::<OFF, W, N>(bytes, u64::from(self));
            }
        }
    )*};
}
integers!(u8, u16, u32, u64);

impl Scalar for bool {
    #[inline]
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
        const { assert!(W == 1) };
        get::<OFF, W, N>(bytes) != 0
    }
    #[inline]
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
        set::<OFF, W, N>(bytes, u64::from(self));
    }
}

impl Scalar for Ipv4Addr {
    const KIND: FieldKind = FieldKind::Ipv4;

    #[inline]
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
        const { assert!(W == 32) };
        Self::from_bits(get::<OFF, W, N>(bytes) as u32)
    }
    #[inline]
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
        set::<OFF, W, N>(bytes, u64::from(self.to_bits()));
    }
}

impl<const M: usize> Scalar for [u8; M] {
    const KIND: FieldKind = FieldKind::Bytes;

    #[inline]
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
        const { assert!(W == M * 8 && OFF.is_multiple_of(8) && OFF / 8 + M <= N) };
        core::array::from_fn(|i| bytes[OFF / 8 + i])
    }
    #[inline]
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
        const { assert!(W == M * 8 && OFF.is_multiple_of(8) && OFF / 8 + M <= N) };
        bytes[OFF / 8..OFF / 8 + M].copy_from_slice(&self);
    }
}

impl Scalar for Ipv6Addr {
    const KIND: FieldKind = FieldKind::Ipv6;

    #[inline]
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
        Self::from(<[u8; 16]>::load::<OFF, W, N>(bytes))
    }
    #[inline]
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
        self.octets().store::<OFF, W, N>(bytes);
    }
}

impl Scalar for MacAddr {
    const KIND: FieldKind = FieldKind::Mac;

    #[inline]
    fn load<const OFF: usize, const W: usize, const N: usize>(bytes: &[u8; N]) -> Self {
        Self(<[u8; 6]>::load::<OFF, W, N>(bytes))
    }
    #[inline]
    fn store<const OFF: usize, const W: usize, const N: usize>(self, bytes: &mut [u8; N]) {
        self.0.store::<OFF, W, N>(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn const_and_run_time_forms_agree() {
        let bytes = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x11];
        assert_eq!(get::<4, 12, 9>(&bytes), 0x234);
        assert_eq!(load(&bytes, 4, 12), Some(0x234));
        assert_eq!(get::<3, 64, 9>(&bytes), load(&bytes, 3, 64).unwrap());
        let mut other = [0xff; 9];
        set::<3, 5, 9>(&mut other, 0b00100);
        assert_eq!(other[0], 0b1110_0100);
        set::<4, 16, 9>(&mut other, 0x1234);
        assert_eq!(other[..3], [0xe1, 0x23, 0x4f]);
    }

    proptest! {
        #[test]
        fn a_stored_value_reads_back_and_other_bits_are_unchanged(
            before in any::<[u8; 12]>(), offset in 0usize..32, width in 1usize..=64, value in any::<u64>(),
        ) {
            let mut bytes = before;
            prop_assert!(store(&mut bytes, offset, width, value));
            prop_assert_eq!(load(&bytes, offset, width), Some(value & mask(width)));
            let old = load(&before, offset, width).unwrap();
            store(&mut bytes, offset, width, old);
            prop_assert_eq!(bytes, before);
        }

        #[test]
        fn nothing_is_read_past_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..9), offset in 0usize..90, width in 0usize..70) {
            let fits = (1..=64).contains(&width) && offset + width <= bytes.len() * 8;
            prop_assert_eq!(load(&bytes, offset, width).is_some(), fits);
        }
    }
}
