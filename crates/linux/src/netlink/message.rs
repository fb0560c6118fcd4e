//! Netlink messages: a header, a fixed structure, attributes.
//!
//! Integers are in host byte order unless a method's name ends in `_be` (nf_tables uses network order). Lengths that are
//! read are checked before use: no input causes a panic.

/// `NLM_F_*` flags of a message's header.
#[allow(missing_docs, reason = "the kernel's own names and meanings")]
pub mod flag {
    pub const REQUEST: u16 = 0x1;
    pub const MULTI: u16 = 0x2;
    pub const ACK: u16 = 0x4;
    pub const DUMP_INTR: u16 = 0x10;
    pub const ROOT: u16 = 0x100;
    pub const MATCH: u16 = 0x200;
    pub const DUMP: u16 = ROOT | MATCH;
    pub const REPLACE: u16 = 0x100;
    pub const EXCL: u16 = 0x200;
    pub const CREATE: u16 = 0x400;
    pub const APPEND: u16 = 0x800;
}

/// Length of `struct nlmsghdr` in bytes.
pub(super) const HEADER: usize = 16;
/// Length of `struct nlattr` in bytes.
const ATTRIBUTE_HEADER: usize = 4;
/// `NLA_F_NESTED`: the attribute's value is a list of attributes.
const NESTED: u16 = 0x8000;
/// `NLA_TYPE_MASK`: an attribute's type without its two flag bits.
const TYPE_MASK: u16 = 0x3fff;

pub(super) const fn aligned(length: usize) -> usize {
    (length + 3) & !3
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_ne_bytes(*field))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_ne_bytes(*field))
}

/// A request under construction: `nlmsghdr`, then what the caller appends, padded to four bytes. The socket sets length,
/// sequence number and its own flags when it sends the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    bytes: Vec<u8>,
}

impl Message {
    /// Returns a message of type `kind` with `flags` (the socket adds `REQUEST`).
    pub fn new(kind: u16, flags: u16) -> Self {
        let mut bytes = vec![0; HEADER];
        bytes[4..6].copy_from_slice(&kind.to_ne_bytes());
        bytes[6..8].copy_from_slice(&flags.to_ne_bytes());
        Self { bytes }
    }

    /// Appends raw bytes: the protocol's fixed structure, or encoded attributes.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self.pad();
        self
    }

    /// Appends an attribute.
    ///
    /// # Panics
    /// If `value` is longer than an attribute can be (65,531 bytes).
    pub fn attribute(&mut self, kind: u16, value: &[u8]) -> &mut Self {
        let length = u16::try_from(ATTRIBUTE_HEADER + value.len())
            .expect("the caller keeps an attribute's value under 65,532 bytes");
        self.bytes.extend_from_slice(&length.to_ne_bytes());
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes.extend_from_slice(value);
        self.pad();
        self
    }

    /// Appends a one-byte attribute.
    pub fn u8(&mut self, kind: u16, value: u8) -> &mut Self {
        self.attribute(kind, &[value])
    }

    /// Appends a two-byte attribute in the host byte order.
    pub fn u16(&mut self, kind: u16, value: u16) -> &mut Self {
        self.attribute(kind, &value.to_ne_bytes())
    }

    /// Appends a four-byte attribute in the host byte order.
    pub fn u32(&mut self, kind: u16, value: u32) -> &mut Self {
        self.attribute(kind, &value.to_ne_bytes())
    }

    /// Appends a four-byte attribute in network order.
    pub fn u32_be(&mut self, kind: u16, value: u32) -> &mut Self {
        self.attribute(kind, &value.to_be_bytes())
    }

    /// Appends a string attribute with the NUL at its end.
    ///
    /// # Panics
    /// If the text is longer than an attribute can be.
    pub fn string(&mut self, kind: u16, value: &str) -> &mut Self {
        let mut bytes = Vec::with_capacity(value.len() + 1);
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(0);
        self.attribute(kind, &bytes)
    }

    /// Appends an attribute that holds the attributes that `fill` appends.
    ///
    /// # Panics
    /// If the list is longer than an attribute can be.
    pub fn nest(&mut self, kind: u16, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; ATTRIBUTE_HEADER]);
        fill(self);
        let length = u16::try_from(self.bytes.len() - start)
            .expect("the caller keeps a nested list under 65,536 bytes");
        self.bytes[start..start + 2].copy_from_slice(&length.to_ne_bytes());
        self.bytes[start + 2..start + 4].copy_from_slice(&(kind | NESTED).to_ne_bytes());
        self
    }

    /// Returns the bytes after the header.
    pub fn body(&self) -> &[u8] {
        &self.bytes[HEADER..]
    }

    /// Returns the length so far in bytes, including the header.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns whether nothing follows the header.
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    /// Returns whether the message asks for an acknowledgement.
    pub(super) fn wants_ack(&self) -> bool {
        u16_at(&self.bytes, 6).is_some_and(|flags| flags & flag::ACK != 0)
    }

    /// Returns the message with length, sequence number and extra flags set.
    pub(super) fn sealed(&self, extra: u16, sequence: u32) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let length = bytes.len() as u32;
        let flags = u16_at(&bytes, 6).unwrap_or(0) | extra;
        bytes[0..4].copy_from_slice(&length.to_ne_bytes());
        bytes[6..8].copy_from_slice(&flags.to_ne_bytes());
        bytes[8..12].copy_from_slice(&sequence.to_ne_bytes());
        bytes
    }

    fn pad(&mut self) {
        self.bytes.resize(aligned(self.bytes.len()), 0);
    }
}

/// A message of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The protocol's message type.
    pub kind: u16,
    /// `NLM_F_*`.
    pub flags: u16,
    /// Bytes after `nlmsghdr`: the fixed structure, then attributes.
    pub payload: &'a [u8],
    pub(super) sequence: u32,
}

impl<'a> Reply<'a> {
    /// Returns the payload's first `N` bytes: the protocol's fixed structure.
    pub fn fixed<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.payload.first_chunk()
    }

    /// Returns the attributes after a fixed structure of `fixed` bytes.
    pub fn attributes(&self, fixed: usize) -> Attributes<'a> {
        Attributes::new(self.payload.get(aligned(fixed)..).unwrap_or(&[]))
    }

    /// Takes the first message off a received buffer. Returns `None` if the rest holds none.
    pub(super) fn take(buffer: &mut &'a [u8]) -> Option<Self> {
        let bytes = *buffer;
        let length = u32_at(bytes, 0)? as usize;
        let payload = bytes.get(HEADER..length)?;
        let reply = Self {
            kind: u16_at(bytes, 4)?,
            flags: u16_at(bytes, 6)?,
            sequence: u32_at(bytes, 8)?,
            payload,
        };
        *buffer = bytes.get(aligned(length)..).unwrap_or(&[]);
        Some(reply)
    }
}

/// An attribute of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The type, without the nested and byte-order flags.
    pub kind: u16,
    /// The value's bytes, unpadded.
    pub value: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// Returns the first byte.
    pub fn u8(&self) -> Option<u8> {
        self.value.first().copied()
    }

    /// Returns the first two bytes, in the host byte order.
    pub fn u16(&self) -> Option<u16> {
        u16_at(self.value, 0)
    }

    /// Returns the first four bytes, in the host byte order.
    pub fn u32(&self) -> Option<u32> {
        u32_at(self.value, 0)
    }

    /// Returns the first eight bytes, in the host byte order.
    pub fn u64(&self) -> Option<u64> {
        Some(u64::from_ne_bytes(*self.value.first_chunk()?))
    }

    /// Returns the text before the first NUL, if it is UTF-8.
    pub fn text(&self) -> Option<&'a str> {
        let end = self.value.iter().position(|&b| b == 0);
        core::str::from_utf8(&self.value[..end.unwrap_or(self.value.len())]).ok()
    }

    /// Returns an IP address of four or sixteen bytes.
    pub fn address(&self) -> Option<core::net::IpAddr> {
        if let Ok(v4) = <[u8; 4]>::try_from(self.value) {
            return Some(v4.into());
        }
        <[u8; 16]>::try_from(self.value).ok().map(Into::into)
    }

    /// Returns the attributes inside this one.
    pub fn nested(&self) -> Attributes<'a> {
        Attributes::new(self.value)
    }
}

/// Iterates over a list of attributes; ends at the first with an invalid length.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    bytes: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// Reads attributes from `bytes`, which begin with a `struct nlattr`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Returns the first attribute of type `kind`.
    pub fn first(&self, kind: u16) -> Option<Attribute<'a>> {
        self.clone().find(|attribute| attribute.kind == kind)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::from(u16_at(self.bytes, 0)?);
        let kind = u16_at(self.bytes, 2)? & TYPE_MASK;
        let value = self.bytes.get(ATTRIBUTE_HEADER..length)?;
        self.bytes = self.bytes.get(aligned(length)..).unwrap_or(&[]);
        Some(Attribute { kind, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nested_attributes_read_back() {
        let mut message = Message::new(16, flag::CREATE);
        message.raw(&[7, 0, 0]).string(3, "veth0").nest(18, |m| {
            m.u32(1, 77).u8(2, 9);
        });
        let bytes = message.sealed(flag::REQUEST | flag::ACK, 5);
        let mut rest = bytes.as_slice();
        let reply = Reply::take(&mut rest).expect("a whole message");
        assert!(rest.is_empty());
        assert_eq!((reply.kind, reply.sequence), (16, 5));
        assert_eq!(reply.flags, flag::CREATE | flag::REQUEST | flag::ACK);
        let attributes = reply.attributes(3);
        assert_eq!(
            attributes.first(3).and_then(|a| a.text()),
            Some("veth0"),
            "the NUL is dropped"
        );
        let inner = attributes.first(18).expect("the nest").nested();
        assert_eq!(inner.first(1).and_then(|a| a.u32()), Some(77));
        assert_eq!(inner.first(2).and_then(|a| a.u8()), Some(9));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut rest = bytes.as_slice();
            let mut taken = 0;
            while let Some(reply) = Reply::take(&mut rest) {
                taken += HEADER + reply.payload.len();
                for attribute in reply.attributes(4) {
                    let _ = (attribute.u64(), attribute.text(), attribute.address());
                    prop_assert!(attribute.nested().count() <= attribute.value.len());
                }
            }
            prop_assert!(taken <= bytes.len());
        }
    }
}
