//! ASN.1 basic encoding rules (ITU-T X.690), as far as SNMP uses them. Knows values and tags, no protocol.

use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::repr;
use crate::value::{Asn1, Value};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;
use vigie_wire::{ParseError, ParseErrorKind};

/// Tags.
pub mod tag {
    /// INTEGER.
    pub const INTEGER: u8 = 2;
    /// OCTET STRING.
    pub const OCTET_STRING: u8 = 4;
    /// NULL.
    pub const NULL: u8 = 5;
    /// OBJECT IDENTIFIER.
    pub const OID: u8 = 6;
    /// SEQUENCE.
    pub const SEQUENCE: u8 = 0x30;
    /// SNMP's IpAddress (RFC 2578).
    pub const IP_ADDRESS: u8 = 0x40;
    /// SNMP's Counter32.
    pub const COUNTER32: u8 = 0x41;
    /// SNMP's Gauge32.
    pub const GAUGE32: u8 = 0x42;
    /// SNMP's TimeTicks.
    pub const TIME_TICKS: u8 = 0x43;
    /// SNMP's Counter64.
    pub const COUNTER64: u8 = 0x46;
}

const NAMES: &[(u8, &str)] = &[
    (tag::INTEGER, "ASN1_INTEGER"),
    (tag::OCTET_STRING, "ASN1_STRING"),
    (tag::NULL, "ASN1_NULL"),
    (tag::OID, "ASN1_OID"),
    (tag::IP_ADDRESS, "ASN1_IPADDRESS"),
    (tag::COUNTER32, "ASN1_COUNTER32"),
    (tag::GAUGE32, "ASN1_GAUGE32"),
    (tag::TIME_TICKS, "ASN1_TIME_TICKS"),
    (tag::COUNTER64, "ASN1_COUNTER64"),
];

/// Returns the tag of the type that expressions call `name` (`ASN1_OID`).
#[must_use]
pub fn tag_named(name: &str) -> Option<u8> {
    NAMES.iter().find(|(_, n)| *n == name).map(|(tag, _)| *tag)
}

/// Returns a value with its type as scapy shows it: `0x1 <ASN1_INTEGER[1]>`.
#[must_use]
pub fn repr(asn1: &Asn1, env: &dyn Env) -> String {
    let name = NAMES
        .iter()
        .find(|(tag, _)| *tag == asn1.tag)
        .map_or("ASN1_Object", |(_, name)| name);
    match (asn1.tag, &*asn1.value) {
        (tag::NULL, _) => format!("<{name}[0]>"),
        (tag::OID, Value::Str(oid)) => format!("<{name}['.{}']>", oid.trim_start_matches('.')),
        (_, Value::Int(n)) if *n < 0 => format!("-{:#x} <{name}[{n}]>", n.unsigned_abs()),
        (_, Value::Int(n)) => format!("{n:#x} <{name}[{n}]>"),
        (_, value) => format!("<{name}[{}]>", repr::value(value, env)),
    }
}

/// Returns an expression that makes the value: `ASN1_OID('1.3.6.1')`.
#[must_use]
pub fn expression(asn1: &Asn1, env: &dyn Env) -> String {
    let name = NAMES
        .iter()
        .find(|(tag, _)| *tag == asn1.tag)
        .map_or("ASN1_Object", |(_, name)| name);
    format!("{name}({})", repr::value(&asn1.value, env))
}

/// Returns the numbers of an object identifier; a leading dot is allowed.
pub fn oid_parts(text: &str) -> Result<Vec<u32>, FieldError> {
    const EXPECTED: FieldError = FieldError::expected("an object identifier like '1.3.6.1'");
    let parts: Result<Vec<u32>, _> = text
        .trim_start_matches('.')
        .split('.')
        .map(str::parse)
        .collect();
    let parts = parts.map_err(|_| EXPECTED)?;
    match parts[..] {
        [first @ 0..=2, second, ..] if second < 40 || first == 2 => Ok(parts),
        _ => Err(EXPECTED),
    }
}

/// Writes a tag, a length and the contents.
pub fn wrap(tag: u8, contents: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let len = contents.len();
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let bytes = len.to_be_bytes();
        let first = bytes
            .iter()
            .position(|b| *b != 0)
            .unwrap_or(bytes.len() - 1);
        out.push(0x80 | (bytes.len() - first) as u8);
        out.extend_from_slice(&bytes[first..]);
    }
    out.extend_from_slice(contents);
}

/// Writes a typed value.
pub fn write(value: &Value, _env: &dyn Env, out: &mut Vec<u8>) -> Result<(), FieldError> {
    let Value::Asn1(Asn1 { tag, value }) = value else {
        return Err(FieldError::expected("a value with a type"));
    };
    let mut contents = Vec::new();
    match (*tag, &**value) {
        (tag::NULL, _) => {}
        (tag::OID, Value::Str(text)) => {
            let parts = oid_parts(text)?;
            base128(parts[0] * 40 + parts[1], &mut contents);
            parts[2..]
                .iter()
                .for_each(|part| base128(*part, &mut contents));
        }
        (tag::IP_ADDRESS, Value::Str(text)) => {
            let addr: core::net::Ipv4Addr = text
                .parse()
                .map_err(|_| FieldError::new(FieldProblem::UnknownHost(text.clone())))?;
            contents.extend_from_slice(&addr.octets());
        }
        (_, Value::Int(n)) => {
            let bytes = n.to_be_bytes();
            // The encoding must be the shortest one (X.690 section 8.3.2).
            let first = (0..15).find(|&i| {
                !(bytes[i] == 0 && bytes[i + 1] < 0x80 || bytes[i] == 0xff && bytes[i + 1] >= 0x80)
            });
            contents.extend_from_slice(&bytes[first.unwrap_or(15)..]);
        }
        (_, value) => contents.extend_from_slice(
            value
                .as_bytes()
                .ok_or(FieldError::expected("a number or text"))?,
        ),
    }
    wrap(*tag, &contents, out);
    Ok(())
}

fn base128(n: u32, out: &mut Vec<u8>) {
    for shift in (1..5).rev().map(|i| i * 7) {
        if n >> shift != 0 {
            out.push((n >> shift & 0x7f) as u8 | 0x80);
        }
    }
    out.push((n & 0x7f) as u8);
}

/// Reads a sequence of encoded values.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Returns a reader at the start of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Returns the number of bytes read so far.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Returns the tag of the next value.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn header(&self) -> Result<(u8, usize, usize), ParseError> {
        let short = || ParseError::truncated("ASN.1", 2, self.bytes.len() - self.at).at(self.at);
        let rest = &self.bytes[self.at..];
        let &[tag, first, ..] = rest else {
            return Err(short());
        };
        if first < 0x80 {
            return Ok((tag, 2, usize::from(first)));
        }
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return Err(
                ParseError::new("ASN.1", ParseErrorKind::Unsupported, count, rest.len())
                    .at(self.at),
            );
        }
        let digits = rest.get(2..2 + count).ok_or_else(short)?;
        Ok((
            tag,
            2 + count,
            digits.iter().fold(0, |n, b| n << 8 | usize::from(*b)),
        ))
    }

    /// Reads the next value and returns its encoding, including tag and length.
    pub fn element(&mut self) -> Result<&'a [u8], ParseError> {
        let (_, header, len) = self.header()?;
        let rest = &self.bytes[self.at..];
        let whole = rest.get(..header.saturating_add(len)).ok_or(
            ParseError::truncated("ASN.1", header.saturating_add(len), rest.len()).at(self.at),
        )?;
        self.at += whole.len();
        Ok(whole)
    }

    fn contents(&mut self, wanted: u8) -> Result<&'a [u8], ParseError> {
        let (tag, header, _) = self.header()?;
        if tag != wanted {
            return Err(
                ParseError::new("ASN.1", ParseErrorKind::Unsupported, 0, self.bytes.len())
                    .at(self.at),
            );
        }
        Ok(&self.element()?[header..])
    }

    /// Returns a reader of the contents of the next value, which must have this tag.
    pub fn enter(&mut self, wanted: u8) -> Result<Reader<'a>, ParseError> {
        self.contents(wanted).map(Reader::new)
    }

    /// Reads the next value, which must have this tag.
    pub fn value(&mut self, wanted: u8) -> Result<Value, ParseError> {
        let at = self.at;
        let contents = self.contents(wanted)?;
        let value = read_contents(wanted, contents).ok_or(
            ParseError::new("ASN.1", ParseErrorKind::BadLength, 16, contents.len()).at(at),
        )?;
        Ok(Value::Asn1(Asn1 {
            tag: wanted,
            value: Box::new(value),
        }))
    }

    /// Reads the next value, of any type.
    pub fn any(&mut self) -> Result<Value, ParseError> {
        let tag = self.header()?.0;
        self.value(tag)
    }
}

fn read_contents(tag: u8, contents: &[u8]) -> Option<Value> {
    Some(match tag {
        tag::NULL => Value::Int(0),
        tag::INTEGER | tag::COUNTER32 | tag::GAUGE32 | tag::TIME_TICKS | tag::COUNTER64 => {
            if contents.is_empty() || contents.len() > 15 {
                return None;
            }
            let sign = if tag == tag::INTEGER && contents[0] >= 0x80 {
                -1
            } else {
                0
            };
            Value::Int(
                contents
                    .iter()
                    .fold(sign, |n: i128, b| n << 8 | i128::from(*b)),
            )
        }
        tag::OID => Value::Str(read_oid(contents)?),
        tag::IP_ADDRESS => {
            let octets = contents
                .first_chunk::<4>()
                .filter(|_| contents.len() == 4)?;
            Value::Str(format!("{}", core::net::Ipv4Addr::from(*octets)))
        }
        _ => Value::Bytes(contents.to_vec()),
    })
}

fn read_oid(contents: &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut number = 0u32;
    for (i, byte) in contents.iter().enumerate() {
        number = number.checked_mul(128)? | u32::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if out.is_empty() {
            let first = (number / 40).min(2);
            let _ = write!(out, "{first}.{}", number - first * 40);
        } else {
            let _ = write!(out, ".{number}");
        }
        number = 0;
        if i + 1 == contents.len() {
            return Some(out);
        }
    }
    None
}
