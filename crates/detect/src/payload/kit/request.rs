//! A request: bytes written once, and the places where the token stands in them.
//!
//! The bytes are checked against the places while the program is compiled. Writing copies and
//! patches; it allocates nothing. This file must not know what the bytes mean.

/// How the token stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its lowest bytes (1 to 8 of them), most significant first.
    Bytes(u8),
    /// Its lowest bytes (2 to 8 of them), the two top bits set to 01: a positive number without
    /// leading zeros, as BER and fields that must not be zero want it.
    Positive(u8),
    /// Its lowest hexadecimal digits (1 to 16 of them), in lower case.
    Hex(u8),
    /// Hexadecimal digits from the one at `shift` bits on: a long number in pieces.
    HexFrom {
        /// The lowest bit of the last digit.
        shift: u8,
        /// How many digits.
        digits: u8,
    },
}

impl Form {
    /// How many bytes it takes.
    pub const fn len(self) -> usize {
        match self {
            Form::Bytes(n) | Form::Positive(n) | Form::Hex(n) => n as usize,
            Form::HexFrom { digits, .. } => digits as usize,
        }
    }

    /// Whether it takes no room, which no form of use does.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many bits of the token it holds.
    pub const fn bits(self) -> u32 {
        match self {
            Form::Bytes(n) => n as u32 * 8,
            Form::Positive(n) => n as u32 * 8 - 2,
            Form::Hex(n) | Form::HexFrom { digits: n, .. } => n as u32 * 4,
        }
    }

    /// Whether `found` is what stands in this place of a request with `token`.
    pub fn is(self, token: u64, found: &[u8]) -> bool {
        let mut own = [0; 16];
        let len = self.len();
        self.put(token, &mut own[..len]);
        found == &own[..len]
    }

    fn put(self, token: u64, place: &mut [u8]) {
        match self {
            Form::Bytes(n) => place.copy_from_slice(&token.to_be_bytes()[8 - usize::from(n)..]),
            Form::Positive(n) => {
                place.copy_from_slice(&token.to_be_bytes()[8 - usize::from(n)..]);
                place[0] = place[0] & 0x3f | 0x40;
            }
            Form::Hex(digits) => hex(token, place, digits),
            Form::HexFrom { shift, digits } => hex(token >> shift, place, digits),
        }
    }
}

fn hex(number: u64, place: &mut [u8], digits: u8) {
    for (i, byte) in place.iter_mut().enumerate() {
        let nibble = (number >> (4 * (usize::from(digits) - 1 - i))) as usize & 15;
        *byte = b"0123456789abcdef"[nibble];
    }
}

/// A place of the token in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Offset of its first byte in the request.
    pub at: u16,
    /// How the token stands there.
    pub form: Form,
}

/// A request over UDP: the datagram's content.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    bytes: &'static [u8],
    places: &'static [Place],
}

impl Request {
    /// An empty datagram.
    pub const EMPTY: Request = Request::fixed(&[]);

    /// The same bytes whatever the token.
    pub const fn fixed(bytes: &'static [u8]) -> Request {
        Request { bytes, places: &[] }
    }

    /// `bytes` with the token in `places`.
    ///
    /// # Panics
    /// Where a place is outside; in a constant, it does not compile.
    pub const fn new(bytes: &'static [u8], places: &'static [Place]) -> Request {
        let mut i = 0;
        while i < places.len() {
            let Place { at, form } = places[i];
            assert!(at as usize + form.len() <= bytes.len(), "place outside");
            assert!(!form.is_empty() && form.len() <= 16, "form too long");
            i += 1;
        }
        Request { bytes, places }
    }

    /// Length of the request in bytes.
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether the request is an empty datagram.
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The request without its token: zeros or filler stand in its places.
    pub const fn bytes(&self) -> &'static [u8] {
        self.bytes
    }

    /// Where the token stands.
    pub const fn places(&self) -> &'static [Place] {
        self.places
    }

    /// Writes the request with `token` to the start of `slot`; its length, or none where `slot` is too short.
    #[inline]
    pub fn write(&self, slot: &mut [u8], token: u64) -> Option<usize> {
        let slot = slot.get_mut(..self.bytes.len())?;
        slot.copy_from_slice(self.bytes);
        for place in self.places {
            let at = usize::from(place.at);
            place.form.put(token, &mut slot[at..at + place.form.len()]);
        }
        Some(slot.len())
    }
}

/// `head`, and zeros up to `N` bytes.
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
        let cases: [(Form, &[u8]); 6] = [
            (Form::Bytes(2), &[0xcd, 0xef]),
            (Form::Bytes(8), &token.to_be_bytes()),
            (Form::Positive(4), &[0x49, 0xab, 0xcd, 0xef]),
            (Form::Positive(2), &[0x4d, 0xef]),
            (Form::Hex(4), b"cdef"),
            (
                Form::HexFrom {
                    shift: 56,
                    digits: 2,
                },
                b"f1",
            ),
        ];
        for (form, expected) in cases {
            assert!(form.is(token, expected), "{form:?}");
            assert!(!form.is(token ^ 1 << 56 ^ 1, expected), "{form:?}");
            assert!(!form.is(token, &expected[1..]), "{form:?}");
        }
    }

    #[test]
    fn a_short_slot_gets_nothing() {
        static REQUEST: Request = Request::new(
            b"ab\0\0",
            &[Place {
                at: 2,
                form: Form::Bytes(2),
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
