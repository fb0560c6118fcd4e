//! Domain names in DNS messages (RFC 1035 sections 3.1 and 4.1.4).

use crate::error::{ParseError, ParseErrorKind};

/// Maximum number of compression pointers in one name.
const MAX_POINTERS: usize = 64;

/// Maximum length of a name in bytes, with a dot after every label (RFC 1035 section 2.3.4).
pub const MAX_NAME: usize = 255;

/// Maximum length of a label in bytes.
pub const MAX_LABEL: usize = 63;

/// Labels of a name, in order. Compression pointers are followed; the root has no label.
///
/// ```
/// use vigie_wire::dns_name::Labels;
///
/// // "www.example." at 0, then "ftp" and a pointer to "example." at 13.
/// let message = b"\x03www\x07example\0\x03ftp\xc0\x04";
/// let mut labels = Labels::new(message, 13);
/// let names: Result<Vec<&[u8]>, _> = labels.by_ref().collect();
/// assert_eq!(names?, [&b"ftp"[..], b"example"]);
/// assert_eq!(labels.consumed(), 6);
/// # Ok::<(), vigie_wire::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Labels<'message> {
    message: &'message [u8],
    /// Bytes of the name that are not read yet.
    rest: &'message [u8],
    /// Bytes read before the first pointer, the pointer included.
    consumed: usize,
    pointers: usize,
    /// Length of the name read up to here, with a dot after every label.
    length: usize,
    finished: bool,
}

impl<'message> Labels<'message> {
    /// Reads the name that starts at `start` of a message.
    #[must_use]
    pub fn new(message: &'message [u8], start: usize) -> Self {
        Self::in_part(message, message.get(start..).unwrap_or_default())
    }

    /// Reads the name at the start of `part`, a part of the message.
    #[must_use]
    pub const fn in_part(message: &'message [u8], part: &'message [u8]) -> Self {
        Self {
            message,
            rest: part,
            consumed: 0,
            pointers: 0,
            length: 0,
            finished: false,
        }
    }

    /// Number of bytes that the name occupies where it starts. Complete once the iterator has returned `None`.
    #[must_use]
    pub const fn consumed(&self) -> usize {
        self.consumed
    }

    /// Whether a compression pointer was followed.
    #[must_use]
    pub const fn is_compressed(&self) -> bool {
        self.pointers > 0
    }

    /// Removes `count` bytes from the front of the unread ones.
    fn take(&mut self, count: usize) -> Result<&'message [u8], ParseError> {
        let had = self.message.len();
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            let start = had.saturating_sub(self.rest.len());
            return Err(ParseError::truncated("DNS name", start + count, had));
        };
        self.rest = rest;
        if !self.is_compressed() {
            self.consumed += count;
        }
        Ok(taken)
    }

    /// Reads the next label; `None` at the end of the name.
    fn read(&mut self) -> Result<Option<&'message [u8]>, ParseError> {
        loop {
            let first = self.take(1)?[0];
            match usize::from(first) {
                0 => return Ok(None),
                length @ 1..=MAX_LABEL => {
                    self.length += length + 1;
                    if self.length > MAX_NAME {
                        return Err(error(ParseErrorKind::BadLength, MAX_NAME, self.length));
                    }
                    return self.take(length).map(Some);
                }
                high @ 0xc0.. => {
                    let low = usize::from(self.take(1)?[0]);
                    self.pointers += 1;
                    if self.pointers > MAX_POINTERS {
                        let had = self.message.len();
                        return Err(error(ParseErrorKind::TooDeep, 0, had));
                    }
                    let target = (high & 0x3f) << 8 | low;
                    self.rest = self.message.get(target..).unwrap_or_default();
                }
                _ => {
                    let had = self.message.len();
                    let at = had.saturating_sub(self.rest.len() + 1);
                    return Err(error(ParseErrorKind::Unsupported, 0, had).at(at));
                }
            }
        }
    }
}

impl<'message> Iterator for Labels<'message> {
    type Item = Result<&'message [u8], ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let label = self.read();
        self.finished = !matches!(label, Ok(Some(_)));
        label.transpose()
    }
}

fn error(kind: ParseErrorKind, needed: usize, had: usize) -> ParseError {
    ParseError::new("DNS name", kind, needed, had)
}

/// Returns the number of bytes that the name at the start of `bytes` occupies, without following pointers.
///
/// # Errors
///
/// [`ParseErrorKind::Truncated`] if the name does not end, [`ParseErrorKind::Unsupported`] for a label of a reserved
/// type (RFC 1035 section 4.1.4).
pub fn encoded_len(bytes: &[u8]) -> Result<usize, ParseError> {
    let mut at = 0;
    loop {
        let first = bytes
            .get(at)
            .ok_or_else(|| ParseError::truncated("DNS name", at + 1, bytes.len()))?;
        match usize::from(*first) {
            0 => return Ok(at + 1),
            length @ 1..=MAX_LABEL => at += 1 + length,
            0xc0.. if at + 2 <= bytes.len() => return Ok(at + 2),
            0xc0.. => return Err(ParseError::truncated("DNS name", at + 2, bytes.len())),
            _ => {
                let error =
                    ParseError::new("DNS name", ParseErrorKind::Unsupported, 0, bytes.len());
                return Err(error.at(at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    /// The name with a dot after every label, and the number of bytes that it occupies.
    fn read(message: &[u8], start: usize) -> Result<(Vec<u8>, usize), ParseErrorKind> {
        let mut labels = Labels::new(message, start);
        let mut name = Vec::new();
        for label in labels.by_ref() {
            name.extend_from_slice(label.map_err(|error| error.kind)?);
            name.push(b'.');
        }
        Ok((name, labels.consumed()))
    }

    #[test]
    fn names_and_pointers_are_read() {
        let message = b"\x01a\x02bc\0\x01d\xc0\x02\xc0\x06\0";
        assert_eq!(read(message, 0), Ok((b"a.bc.".to_vec(), 6)));
        assert_eq!(read(message, 2), Ok((b"bc.".to_vec(), 4)));
        assert_eq!(read(message, 6), Ok((b"d.bc.".to_vec(), 4)));
        assert_eq!(read(message, 10), Ok((b"d.bc.".to_vec(), 2)));
        assert_eq!(read(message, 12), Ok((Vec::new(), 1)));
        assert_eq!(encoded_len(message), Ok(6));
        assert_eq!(encoded_len(&message[6..]), Ok(4));
    }

    #[test]
    fn bad_names_are_errors() {
        use ParseErrorKind::{BadLength, TooDeep, Truncated, Unsupported};
        for (message, kind) in [
            (&b""[..], Truncated),
            (b"\x03ab", Truncated),
            (b"\x01a", Truncated),
            (b"\xc0", Truncated),
            (b"\xc0\x00", TooDeep),
            (b"\xc0\x40", Truncated),
            (b"\x40a\0", Unsupported),
            (&b"\x3f".repeat(600), BadLength),
        ] {
            assert_eq!(read(message, 0), Err(kind), "{message:?}");
        }
        assert_eq!(read(b"\0", 5), Err(Truncated));
        assert_eq!(
            encoded_len(b"\x80").map_err(|error| error.kind),
            Err(Unsupported)
        );
        assert_eq!(
            encoded_len(b"\xc0").map_err(|error| error.kind),
            Err(Truncated)
        );
    }

    proptest! {
        #[test]
        fn arbitrary_messages_end(message in proptest::collection::vec(any::<u8>(), 0..600), start in 0..610_usize) {
            let mut labels = Labels::new(&message, start);
            let length: usize = labels.by_ref().flatten().map(|label| label.len() + 1).sum();
            prop_assert!(length <= MAX_NAME);
            prop_assert!(labels.consumed() <= message.len());
        }
    }
}
