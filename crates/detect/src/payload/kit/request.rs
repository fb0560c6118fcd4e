//! A request: constant bytes, and the fields in which the token is written.
//!
//! The fields are checked at compile time. Writing copies and patches the bytes; it does not allocate.

/// How the token is encoded in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Its lowest 1 to 8 bytes, big-endian.
    Bytes(u8),
    /// Its lowest 2 to 8 bytes, big-endian, with the top two bits set to 01: a positive number without leading zeros, for
    /// BER and for fields that must not be zero.
    Positive(u8),
    /// Its lowest 1 to 16 hexadecimal digits in lower case.
    Hex(u8),
    /// Some of its hexadecimal digits, for a number split over several fields.
    HexFrom {
        /// Position of the lowest bit.
        shift: u8,
        /// Number of digits.
        digits: u8,
    },
}

impl Encoding {
    /// Length of the field in bytes.
    pub const fn len(self) -> usize {
        match self {
            Encoding::Bytes(n) | Encoding::Positive(n) | Encoding::Hex(n) => n as usize,
            Encoding::HexFrom { digits, .. } => digits as usize,
        }
    }

    /// Whether the field is empty; never true for a useful encoding.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Number of token bits in the field.
    pub const fn bits(self) -> u32 {
        match self {
            Encoding::Bytes(n) => n as u32 * 8,
            Encoding::Positive(n) => n as u32 * 8 - 2,
            Encoding::Hex(n) | Encoding::HexFrom { digits: n, .. } => n as u32 * 4,
        }
    }

    /// Whether `found` is this encoding of `token`.
    pub fn is(self, token: u64, found: &[u8]) -> bool {
        let mut own = [0; 16];
        let len = self.len();
        self.put(token, &mut own[..len]);
        found == &own[..len]
    }

    fn put(self, token: u64, field: &mut [u8]) {
        match self {
            Encoding::Bytes(n) => field.copy_from_slice(&token.to_be_bytes()[8 - usize::from(n)..]),
            Encoding::Positive(n) => {
                field.copy_from_slice(&token.to_be_bytes()[8 - usize::from(n)..]);
                field[0] = field[0] & 0x3f | 0x40;
            }
            Encoding::Hex(digits) => hex(token, field, digits),
            Encoding::HexFrom { shift, digits } => hex(token >> shift, field, digits),
        }
    }
}

fn hex(number: u64, field: &mut [u8], digits: u8) {
    for (i, byte) in field.iter_mut().enumerate() {
        let nibble = (number >> (4 * (usize::from(digits) - 1 - i))) as usize & 15;
        *byte = b"0123456789abcdef"[nibble];
    }
}

/// A field of a request that carries the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenField {
    /// Offset of the field in the request, in bytes.
    pub offset: u16,
    /// Encoding of the token.
    pub encoding: Encoding,
}

/// A request: the content of a UDP datagram.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    bytes: &'static [u8],
    fields: &'static [TokenField],
}

impl Request {
    /// The empty datagram.
    pub const EMPTY: Request = Request::fixed(&[]);

    /// Creates a request without a token.
    pub const fn fixed(bytes: &'static [u8]) -> Request {
        Request { bytes, fields: &[] }
    }

    /// Creates a request with the token in `fields`.
    ///
    /// # Panics
    /// If a field is outside `bytes`. In a constant this is a compile error.
    pub const fn new(bytes: &'static [u8], fields: &'static [TokenField]) -> Request {
        let mut i = 0;
        while i < fields.len() {
            let TokenField { offset, encoding } = fields[i];
            assert!(
                offset as usize + encoding.len() <= bytes.len(),
                "field outside"
            );
            assert!(
                !encoding.is_empty() && encoding.len() <= 16,
                "field too long"
            );
            i += 1;
        }
        Request { bytes, fields }
    }

    /// Length of the request in bytes.
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether the request is an empty datagram.
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the request without its token; the fields hold zeros or filler.
    pub const fn bytes(&self) -> &'static [u8] {
        self.bytes
    }

    /// Returns the fields that carry the token.
    pub const fn fields(&self) -> &'static [TokenField] {
        self.fields
    }

    /// Writes the request with `token` to the start of `slot` and returns its length in bytes. Returns `None` if `slot` is
    /// too short.
    #[inline]
    pub fn write(&self, slot: &mut [u8], token: u64) -> Option<usize> {
        let slot = slot.get_mut(..self.bytes.len())?;
        slot.copy_from_slice(self.bytes);
        for field in self.fields {
            let at = usize::from(field.offset);
            field
                .encoding
                .put(token, &mut slot[at..at + field.encoding.len()]);
        }
        Some(slot.len())
    }
}

/// Returns `head`, padded with zeros to `N` bytes.
pub(in crate::payload) const fn padded<const N: usize>(head: &[u8]) -> [u8; N] {
    let mut all = [0; N];
    let mut i = 0;
    while i < head.len() {
        all[i] = head[i];
        i += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_write_what_they_recognise() {
        let token: u64 = 0xf123_4567_89ab_cdef;
        let cases: [(Encoding, &[u8]); 6] = [
            (Encoding::Bytes(2), &[0xcd, 0xef]),
            (Encoding::Bytes(8), &token.to_be_bytes()),
            (Encoding::Positive(4), &[0x49, 0xab, 0xcd, 0xef]),
            (Encoding::Positive(2), &[0x4d, 0xef]),
            (Encoding::Hex(4), b"cdef"),
            (
                Encoding::HexFrom {
                    shift: 56,
                    digits: 2,
                },
                b"f1",
            ),
        ];
        for (encoding, expected) in cases {
            assert!(encoding.is(token, expected), "{encoding:?}");
            assert!(!encoding.is(token ^ 1 << 56 ^ 1, expected), "{encoding:?}");
            assert!(!encoding.is(token, &expected[1..]), "{encoding:?}");
        }
    }

    #[test]
    fn a_short_slot_gets_nothing() {
        static REQUEST: Request = Request::new(
            b"ab\0\0",
            &[TokenField {
                offset: 2,
                encoding: Encoding::Bytes(2),
            }],
        );
        let mut slot = [9; 6];
        assert_eq!(REQUEST.write(&mut slot[..3], 0x0102), None);
        assert_eq!(slot, [9; 6]);
        assert_eq!(REQUEST.write(&mut slot, 0x0102), Some(4));
        assert_eq!(slot, *b"ab\x01\x02\x09\x09");
        assert_eq!(Request::EMPTY.write(&mut [], 0), Some(0));
    }
}
