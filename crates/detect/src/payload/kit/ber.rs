//! The subset of BER (X.690) that SNMP, LDAP and Kerberos use: tags of one byte, definite lengths.

use super::Reader;

pub(in crate::payload) const INTEGER: u8 = 0x02;
pub(in crate::payload) const OCTET_STRING: u8 = 0x04;
pub(in crate::payload) const OID: u8 = 0x06;
pub(in crate::payload) const ENUMERATED: u8 = 0x0a;
pub(in crate::payload) const SEQUENCE: u8 = 0x30;

/// A sequence of elements.
#[derive(Clone, Copy, Debug)]
pub(in crate::payload) struct Ber<'a>(Reader<'a>);

impl<'a> Ber<'a> {
    pub(in crate::payload) const fn new(bytes: &'a [u8]) -> Ber<'a> {
        Ber(Reader::new(bytes))
    }

    /// Reads the next element: tag and content.
    pub(in crate::payload) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let tag = self.0.u8()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let len = match self.0.u8()? {
            short @ 0..=0x7f => usize::from(short),
            0x81 => usize::from(self.0.u8()?),
            0x82 => usize::from(self.0.be16()?),
            // Two bytes suffice in a datagram, but Windows writes four.
            0x83 => usize::try_from(u32::from_be_bytes([
                0,
                self.0.u8()?,
                self.0.u8()?,
                self.0.u8()?,
            ]))
            .ok()?,
            0x84 => usize::try_from(self.0.be32()?).ok()?,
            _ => return None,
        };
        Some((tag, self.0.take(len)?))
    }

    /// Reads the content of the next element, which must have this tag.
    pub(in crate::payload) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, content) = self.next()?;
        (found == tag).then_some(content)
    }

    /// Reads the elements inside the next element, which must have this tag.
    pub(in crate::payload) fn enter(&mut self, tag: u8) -> Option<Ber<'a>> {
        self.expect(tag).map(Ber::new)
    }

    /// Reads the next element as an INTEGER of at most four bytes.
    pub(in crate::payload) fn int(&mut self) -> Option<i64> {
        number(self.expect(INTEGER)?)
    }
}

/// Parses a two's complement number of one to four bytes, without counting a leading zero.
pub(in crate::payload) fn number(content: &[u8]) -> Option<i64> {
    if content.is_empty() || content.len() > 5 {
        return None;
    }
    let first = i64::from(content[0] as i8);
    Some(
        content[1..]
            .iter()
            .fold(first, |number, &byte| number << 8 | i64::from(byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers() {
        let mut ber = Ber::new(&[
            2, 1, 0xff, 4, 0x81, 1, b'x', 4, 0x84, 0, 0, 0, 1, b'y', 4, 9,
        ]);
        assert_eq!(ber.int(), Some(-1));
        assert_eq!(ber.expect(OCTET_STRING), Some(&b"x"[..]));
        assert_eq!(ber.next(), Some((4, &b"y"[..])));
        assert_eq!(ber.next(), None);
        assert_eq!(number(&[0, 0xff, 0xff, 0xff, 0xff]), Some(0xffff_ffff));
        assert_eq!(number(&[]), None);
    }
}
