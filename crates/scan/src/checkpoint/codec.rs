//! Values as bytes and back: little-endian, lengths checked, sealed by a hash.
//!
//! A checkpoint is read from a file that may be damaged. Nothing here panics, and nothing allocates by a length that
//! the bytes do not cover. This file must not know what is written.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::hash::Hasher;

use siphasher::sip::SipHasher24;

/// First bytes of every checkpoint.
const MAGIC: &[u8; 8] = b"VIGIESCN";

/// Why bytes cannot be read as a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// They do not begin like a checkpoint.
    NotACheckpoint,
    /// They have another version of the format.
    OtherVersion {
        /// Version of the bytes.
        found: u32,
        /// Version that this program reads.
        known: u32,
    },
    /// They are truncated or changed.
    Damaged,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::NotACheckpoint => f.write_str("not a checkpoint"),
            DecodeError::OtherVersion { found, known } => {
                write!(f, "version {found}, this program reads {known}")
            }
            DecodeError::Damaged => f.write_str("damaged"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Writes values.
#[derive(Debug)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new(version: u32) -> Writer {
        let mut writer = Writer(MAGIC.to_vec());
        writer.u32(version);
        writer
    }

    pub(crate) fn u8(&mut self, v: u8) {
        self.0.push(v);
    }

    pub(crate) fn u16(&mut self, v: u16) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }

    pub(crate) fn u32(&mut self, v: u32) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, v: u64) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }

    pub(crate) fn u128(&mut self, v: u128) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }

    pub(crate) fn f64(&mut self, v: f64) {
        self.u64(v.to_bits());
    }

    pub(crate) fn bytes(&mut self, v: &[u8]) {
        self.u64(v.len() as u64);
        self.0.extend_from_slice(v);
    }

    /// Writes a value that may be missing.
    pub(crate) fn option<T>(&mut self, v: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.u8(u8::from(v.is_some()));
        if let Some(v) = v {
            write(self, v);
        }
    }

    /// Writes a sequence.
    pub(crate) fn list<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Writer, T),
    ) {
        self.u64(items.len() as u64);
        items.for_each(|item| write(self, item));
    }

    /// Returns the bytes with their seal.
    pub(crate) fn seal(mut self) -> Vec<u8> {
        let seal = seal_of(&self.0);
        self.u64(seal);
        self.0
    }
}

/// Not a secret: it detects damage, not forgery.
fn seal_of(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0x7669_6769_6521, 0x7365_616c);
    hasher.write(bytes);
    hasher.finish()
}

/// Reads values.
#[derive(Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

type Read<T> = Result<T, DecodeError>;

impl<'a> Reader<'a> {
    pub(crate) fn open(bytes: &'a [u8], known: u32) -> Read<Reader<'a>> {
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or(DecodeError::NotACheckpoint)?;
        let found = Reader(rest).u32()?;
        if found != known {
            return Err(DecodeError::OtherVersion { found, known });
        }
        let (body, seal) = bytes.split_last_chunk::<8>().ok_or(DecodeError::Damaged)?;
        if seal_of(body) != u64::from_le_bytes(*seal) {
            return Err(DecodeError::Damaged);
        }
        Ok(Reader(
            body.get(MAGIC.len() + 4..).ok_or(DecodeError::Damaged)?,
        ))
    }

    fn take<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(DecodeError::Damaged)?;
        self.0 = rest;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Read<u8> {
        self.take::<1>().map(|b| b[0])
    }

    pub(crate) fn u16(&mut self) -> Read<u16> {
        self.take().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Read<u32> {
        self.take().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Read<u64> {
        self.take().map(u64::from_le_bytes)
    }

    pub(crate) fn u128(&mut self) -> Read<u128> {
        self.take().map(u128::from_le_bytes)
    }

    pub(crate) fn f64(&mut self) -> Read<f64> {
        self.u64().map(f64::from_bits)
    }

    /// Reads a number that is neither infinite nor NaN.
    pub(crate) fn finite(&mut self) -> Read<f64> {
        self.f64()
            .and_then(|v| v.is_finite().then_some(v).ok_or(DecodeError::Damaged))
    }

    pub(crate) fn bytes(&mut self) -> Read<&'a [u8]> {
        let len = usize::try_from(self.u64()?).map_err(|_| DecodeError::Damaged)?;
        let (head, rest) = self.0.split_at_checked(len).ok_or(DecodeError::Damaged)?;
        self.0 = rest;
        Ok(head)
    }

    pub(crate) fn text(&mut self) -> Read<String> {
        core::str::from_utf8(self.bytes()?)
            .map(String::from)
            .map_err(|_| DecodeError::Damaged)
    }

    pub(crate) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Read<T>,
    ) -> Read<Option<T>> {
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(DecodeError::Damaged),
        }
    }

    /// Reads a sequence. A length that the bytes do not cover ends with an error, not with an allocation.
    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Reader<'a>) -> Read<T>,
    ) -> Read<Vec<T>> {
        let len = self.u64()?;
        let mut items = Vec::new();
        for _ in 0..len {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Reads an index into a list of variants.
    pub(crate) fn variant<T: Copy>(&mut self, all: &[T]) -> Read<T> {
        all.get(usize::from(self.u8()?))
            .copied()
            .ok_or(DecodeError::Damaged)
    }

    pub(crate) fn end(self) -> Read<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Damaged)
        }
    }
}
