//! The Internet checksum (RFC 1071), its pseudo headers, and its incremental update (RFC 1624).
//!
//! Sums are kept in 64 bits and folded once at the end; words are added in the machine's own byte order, which
//! RFC 1071 section 2 (B) proves equivalent up to a final byte swap. Must not know any header.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A running one's complement sum.
///
/// Every call to [`Checksum::add_bytes`] except the last must have an even length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checksum {
    /// Native-endian 16-bit columns, summed in 64 bits.
    sum: u64,
}

impl Checksum {
    /// Returns the empty sum.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { sum: 0 }
    }

    /// Adds bytes; an odd last byte counts as the high byte of a word (RFC 1071 section 4.1).
    #[inline]
    #[must_use]
    pub fn add_bytes(mut self, bytes: &[u8]) -> Self {
        // Four accumulators of 32-bit words cannot overflow 64 bits below 16 GiB of data.
        let mut blocks = bytes.chunks_exact(16);
        let (mut a, mut b) = (0u64, 0u64);
        for block in blocks.by_ref() {
            let (x, y) = block.split_at(8);
            let x = u64::from_ne_bytes(x.try_into().unwrap_or_default());
            let y = u64::from_ne_bytes(y.try_into().unwrap_or_default());
            a += (x & 0xffff_ffff) + (x >> 32);
            b += (y & 0xffff_ffff) + (y >> 32);
        }
        let mut words = blocks.remainder().chunks_exact(2);
        let mut rest = 0u64;
        for word in words.by_ref() {
            rest += u64::from(u16::from_ne_bytes([word[0], word[1]]));
        }
        if let [last] = words.remainder() {
            rest += u64::from(u16::from_ne_bytes([*last, 0]));
        }
        self.sum += fold32(a) + fold32(b) + rest;
        self
    }

    /// Adds one 16-bit value, in host order.
    #[inline]
    #[must_use]
    pub const fn add_u16(mut self, value: u16) -> Self {
        self.sum += value.to_be() as u64;
        self
    }

    /// Adds one 32-bit value, in host order.
    #[inline]
    #[must_use]
    pub const fn add_u32(self, value: u32) -> Self {
        self.add_u16((value >> 16) as u16).add_u16(value as u16)
    }

    /// Adds the IPv4 pseudo header (RFC 9293 section 3.1, RFC 768); `len` is the transport length in bytes.
    #[inline]
    #[must_use]
    pub fn add_pseudo_v4(self, src: Ipv4Addr, dst: Ipv4Addr, proto: u8, len: u16) -> Self {
        self.add_bytes(&src.octets())
            .add_bytes(&dst.octets())
            .add_u16(u16::from(proto))
            .add_u16(len)
    }

    /// Adds the IPv6 pseudo header (RFC 8200 section 8.1); `len` is the upper-layer length in bytes.
    #[inline]
    #[must_use]
    pub fn add_pseudo_v6(self, src: Ipv6Addr, dst: Ipv6Addr, proto: u8, len: u32) -> Self {
        self.add_bytes(&src.octets())
            .add_bytes(&dst.octets())
            .add_u32(len)
            .add_u16(u16::from(proto))
    }

    /// Adds the pseudo header of either family. Families must agree; a mixed pair adds the addresses as they are.
    #[inline]
    #[must_use]
    pub fn add_pseudo(self, src: IpAddr, dst: IpAddr, proto: u8, len: u32) -> Self {
        let add = |sum: Self, addr: IpAddr| match addr {
            IpAddr::V4(a) => sum.add_bytes(&a.octets()),
            IpAddr::V6(a) => sum.add_bytes(&a.octets()),
        };
        add(add(self, src), dst)
            .add_u32(len)
            .add_u16(u16::from(proto))
    }

    /// Returns the value of the checksum field in host order.
    #[inline]
    #[must_use]
    pub const fn finish(self) -> u16 {
        !fold16(self.sum).to_be()
    }

    /// As [`Checksum::finish`], with 0 sent as 0xffff: in UDP, 0 means "no checksum" (RFC 768).
    #[inline]
    #[must_use]
    pub const fn finish_udp(self) -> u16 {
        match self.finish() {
            0 => 0xffff,
            sum => sum,
        }
    }

    /// Returns whether the sum of data that includes its checksum is valid.
    #[inline]
    #[must_use]
    pub const fn is_valid(self) -> bool {
        fold16(self.sum) == 0xffff
    }
}

#[inline]
const fn fold32(sum: u64) -> u64 {
    let sum = (sum & 0xffff_ffff) + (sum >> 32);
    (sum & 0xffff_ffff) + (sum >> 32)
}

#[inline]
const fn fold16(sum: u64) -> u16 {
    let sum = fold32(sum);
    let sum = (sum & 0xffff) + (sum >> 16);
    let sum = (sum & 0xffff) + (sum >> 16);
    (sum + (sum >> 16)) as u16
}

/// Returns the checksum of `bytes`, without a pseudo header.
#[inline]
#[must_use]
pub fn checksum(bytes: &[u8]) -> u16 {
    Checksum::new().add_bytes(bytes).finish()
}

/// Returns the checksum `check` after a 16-bit word of the data changed from `old` to `new` (RFC 1624, equation 3). All
/// in host order.
#[inline]
#[must_use]
pub const fn update16(check: u16, old: u16, new: u16) -> u16 {
    let sum = !check as u32 + !old as u32 + new as u32;
    let sum = (sum & 0xffff) + (sum >> 16);
    !((sum & 0xffff) + (sum >> 16)) as u16
}

/// As [`update16`], for a 32-bit value at an even offset.
#[inline]
#[must_use]
pub const fn update32(check: u16, old: u32, new: u32) -> u16 {
    let sum = !check as u32 + (!old >> 16) + (!old & 0xffff) + (new >> 16) + (new & 0xffff);
    let sum = (sum & 0xffff) + (sum >> 16);
    !((sum & 0xffff) + (sum >> 16)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, word by word.
    fn slow(bytes: &[u8]) -> u16 {
        let mut sum = 0u32;
        for pair in bytes.chunks(2) {
            sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !(sum as u16)
    }

    #[test]
    fn rfc_1071_example() {
        // RFC 1071 section 3: 0001 f203 f4f5 f6f7 sums to ddf2.
        assert_eq!(checksum(&[0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(checksum(&bytes), slow(&bytes));
        }

        #[test]
        fn updates_agree_with_a_full_sum(
            mut bytes in proptest::collection::vec(any::<u8>(), 8..64),
            new in any::<u32>(), at in 0usize..2,
        ) {
            // Only all-zero data can give different results: the two zeros of one's complement (RFC 1624 section 3).
            bytes[7] = 1;
            let at = at * 2;
            let before = checksum(&bytes);
            let old = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
            bytes[at..at + 4].copy_from_slice(&new.to_be_bytes());
            prop_assert_eq!(update32(before, old, new), checksum(&bytes));
            let two = update16(update16(before, (old >> 16) as u16, (new >> 16) as u16), old as u16, new as u16);
            prop_assert_eq!(two, checksum(&bytes));
        }

        #[test]
        fn pseudo_headers_agree(a in any::<[u8; 16]>(), b in any::<[u8; 16]>(), proto in any::<u8>(), len in any::<u16>()) {
            let (s6, d6) = (Ipv6Addr::from(a), Ipv6Addr::from(b));
            let (s4, d4) = (Ipv4Addr::from([a[0], a[1], a[2], a[3]]), Ipv4Addr::from([b[0], b[1], b[2], b[3]]));
            prop_assert_eq!(
                Checksum::new().add_pseudo_v4(s4, d4, proto, len).finish(),
                Checksum::new().add_pseudo(s4.into(), d4.into(), proto, len.into()).finish()
            );
            prop_assert_eq!(
                Checksum::new().add_pseudo_v6(s6, d6, proto, len.into()).finish(),
                Checksum::new().add_pseudo(s6.into(), d6.into(), proto, len.into()).finish()
            );
        }
    }
}
