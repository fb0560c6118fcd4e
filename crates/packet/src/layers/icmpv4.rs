//! ICMP for IPv4 (RFC 792, RFC 950 address mask, RFC 1191 next-hop MTU, RFC 4884 length).

use super::transport::fill_sum;
use crate::checksum::checksum;
use crate::env::Env;
use crate::error::{FieldError, ParseError};
use crate::model::{Codec, Field, Guess, Init, Layer, Over, Own, Scope, header};
use crate::packet::{Finish, show};
use crate::python;
use crate::value::Value;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Message types (IANA "ICMP Type Numbers").
pub mod kind {
    /// Echo reply.
    pub const ECHO_REPLY: u8 = 0;
    /// Destination unreachable.
    pub const DEST_UNREACH: u8 = 3;
    /// Source quench.
    pub const SOURCE_QUENCH: u8 = 4;
    /// Redirect.
    pub const REDIRECT: u8 = 5;
    /// Echo request.
    pub const ECHO_REQUEST: u8 = 8;
    /// Time exceeded.
    pub const TIME_EXCEEDED: u8 = 11;
    /// Parameter problem.
    pub const PARAM_PROBLEM: u8 = 12;
    /// Timestamp request.
    pub const TIMESTAMP_REQUEST: u8 = 13;
    /// Timestamp reply.
    pub const TIMESTAMP_REPLY: u8 = 14;
    /// Address mask request.
    pub const MASK_REQUEST: u8 = 17;
    /// Address mask reply.
    pub const MASK_REPLY: u8 = 18;
}

/// Codes of destination unreachable (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1).
pub mod unreach {
    /// Network unreachable.
    pub const NET: u8 = 0;
    /// Host unreachable.
    pub const HOST: u8 = 1;
    /// Protocol unreachable.
    pub const PROTOCOL: u8 = 2;
    /// Port unreachable.
    pub const PORT: u8 = 3;
    /// Fragmentation needed and don't-fragment set.
    pub const FRAG_NEEDED: u8 = 4;
    /// Network administratively prohibited.
    pub const NET_PROHIBITED: u8 = 9;
    /// Host administratively prohibited.
    pub const HOST_PROHIBITED: u8 = 10;
    /// Communication administratively prohibited.
    pub const ADMIN_PROHIBITED: u8 = 13;
}

/// Names of the types.
pub const TYPES: &[(u64, &str)] = &[
    (0, "echo-reply"),
    (3, "dest-unreach"),
    (4, "source-quench"),
    (5, "redirect"),
    (8, "echo-request"),
    (9, "router-advertisement"),
    (10, "router-solicitation"),
    (11, "time-exceeded"),
    (12, "parameter-problem"),
    (13, "timestamp-request"),
    (14, "timestamp-reply"),
    (15, "information-request"),
    (16, "information-response"),
    (17, "address-mask-request"),
    (18, "address-mask-reply"),
    (30, "traceroute"),
    (31, "datagram-conversion-error"),
    (32, "mobile-host-redirect"),
    (33, "ipv6-where-are-you"),
    (34, "ipv6-i-am-here"),
    (35, "mobile-registration-request"),
    (36, "mobile-registration-reply"),
    (37, "domain-name-request"),
    (38, "domain-name-reply"),
    (39, "skip"),
    (40, "photuris"),
];

/// Names of a type's codes.
fn codes(scope: &Scope<'_>) -> &'static [(u64, &'static str)] {
    match scope.uint("type") as u8 {
        kind::DEST_UNREACH => &[
            (0, "network-unreachable"),
            (1, "host-unreachable"),
            (2, "protocol-unreachable"),
            (3, "port-unreachable"),
            (4, "fragmentation-needed"),
            (5, "source-route-failed"),
            (6, "network-unknown"),
            (7, "host-unknown"),
            (9, "network-prohibited"),
            (10, "host-prohibited"),
            (11, "TOS-network-unreachable"),
            (12, "TOS-host-unreachable"),
            (13, "communication-prohibited"),
            (14, "host-precedence-violation"),
            (15, "precedence-cutoff"),
        ],
        kind::REDIRECT => &[
            (0, "network-redirect"),
            (1, "host-redirect"),
            (2, "TOS-network-redirect"),
            (3, "TOS-host-redirect"),
        ],
        kind::TIME_EXCEEDED => &[(0, "ttl-zero-during-transit"), (1, "ttl-zero-during-reassembly")],
        kind::PARAM_PROBLEM => &[(0, "ip-header-bad"), (1, "required-option-missing")],
        40 => &[
            (0, "bad-spi"),
            (1, "authentication-failed"),
            (2, "decompression-failed"),
            (3, "decryption-failed"),
            (4, "need-authentification"),
            (5, "need-authorization"),
        ],
        _ => &[],
    }
}

/// Whether the message has an identifier and a sequence number.
fn has_id(scope: &Scope<'_>) -> bool {
    matches!(scope.uint("type"), 0 | 8 | 13..=18)
}
fn has_times(scope: &Scope<'_>) -> bool {
    matches!(scope.uint("type") as u8, kind::TIMESTAMP_REQUEST | kind::TIMESTAMP_REPLY)
}
fn has_mask(scope: &Scope<'_>) -> bool {
    matches!(scope.uint("type") as u8, kind::MASK_REQUEST | kind::MASK_REPLY)
}
fn is_type(scope: &Scope<'_>, types: &[u8]) -> bool {
    types.contains(&(scope.uint("type") as u8))
}

const FIELDS: &[Field] = &[
    Field::uint("type", 8).or(8).names(TYPES).shapes(),
    Field::uint("code", 8).names_by(codes).class("MultiEnumField (Depends on 8)"),
    Field::hex("chksum", 16).auto(),
    Field::hex("id", 16).at(32).when(has_id),
    Field::hex("seq", 16).at(48).when(has_id),
    Field { bits: 32, ..Field::custom("ts_ori", &TIME) }.own(Own::TimeOfDay).at(64).when(has_times),
    Field { bits: 32, ..Field::custom("ts_rx", &TIME) }.own(Own::TimeOfDay).at(96).when(has_times),
    Field { bits: 32, ..Field::custom("ts_tx", &TIME) }.own(Own::TimeOfDay).at(128).when(has_times),
    Field::ipv4("gw").at(32).when(|scope| is_type(scope, &[kind::REDIRECT])),
    Field::uint("ptr", 8).at(32).when(|scope| is_type(scope, &[kind::PARAM_PROBLEM])),
    Field::uint("reserved", 8).at(32).when(|scope| is_type(scope, &[kind::DEST_UNREACH, kind::TIME_EXCEEDED])),
    Field::uint("length", 8)
        .at(40)
        .when(|scope| is_type(scope, &[kind::DEST_UNREACH, kind::TIME_EXCEEDED, kind::PARAM_PROBLEM])),
    Field::ipv4("addr_mask").at(64).when(has_mask),
    Field::uint("nexthopmtu", 16).at(48).when(|scope| is_type(scope, &[kind::DEST_UNREACH])),
    Field::custom("unused", &Unused).class("MultipleTypeField (ShortField, IntField, StrFixedLenField)"),
    Field::bytes_of("extpad", |_, _| 0).when(has_extension).class("_ICMPExtensionPadField"),
    Field::custom("ext", &crate::lists::Nothing("_ICMPExtensionField")).when(has_extension),
];

/// The messages that RFC 4884 lets carry an extension.
fn has_extension(scope: &Scope<'_>) -> bool {
    is_type(scope, &[kind::DEST_UNREACH, kind::TIME_EXCEEDED, kind::PARAM_PROBLEM])
}

const TIME: crate::lists::TimeOfDay = crate::lists::TimeOfDay;

/// The table of fields. What follows the checksum depends on the type; the alternatives share their places.
pub const ICMP: Layer = Layer {
    over: &[Over::field(
        "IP",
        &[("frag", Init::Int(0)), ("proto", Init::Int(1))],
        &[&[("frag", 0), ("proto", 1)]],
    )],
    finish: Some(finish),
    guess: Some(guess),
    summary: Some(summary),
    ..Layer::new("ICMP", "ICMP", FIELDS)
};

/// An ICMP message quoted in an ICMP error.
pub const ICMP_ERROR: Layer = Layer {
    over: &[Over::field(
        "IPerror",
        &[("frag", Init::Int(0)), ("proto", Init::Int(1))],
        &[&[("frag", 0), ("proto", 1)]],
    )],
    finish: Some(finish),
    ..Layer::new("ICMPerror", "ICMP in ICMP", FIELDS)
};

fn finish(f: &mut Finish<'_>) {
    fill_sum!(f, ICMP, "chksum", Some(checksum(f.all())));
}

/// Errors quote the datagram they are about.
fn guess(scope: &Scope<'_>, _payload: &[u8]) -> Guess {
    if is_type(scope, &[3, 4, 5, 11, 12]) { Guess::Is("IPerror") } else { Guess::Bindings }
}

fn summary(scope: &Scope<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(scope, name, env);
    if scope.is_on("IP") {
        let ip = Scope { stack: scope.stack, at: scope.at - 1 };
        let address = |name| show::field(&ip, name, env);
        return format!("ICMP {} > {} {} {}", address("src"), address("dst"), text("type"), text("code"));
    }
    format!("ICMP {} {}", text("type"), text("code"))
}

/// What fills the four bytes after the checksum in messages that do not use them.
struct Unused;

impl Unused {
    fn bytes(scope: &Scope<'_>) -> usize {
        match scope.uint("type") {
            11 | 12 => 2,
            0 | 3 | 5 | 8 | 13..=18 => 0,
            _ => 4,
        }
    }
}

impl Codec for Unused {
    fn class(&self) -> &'static str {
        "MultipleTypeField"
    }

    fn init(&self) -> Value {
        Value::None
    }

    fn measure(&self, layer: &[u8], at: usize, scope: &Scope<'_>) -> Result<usize, ParseError> {
        let needed = Self::bytes(scope);
        let had = layer.len().saturating_sub(at);
        if had < needed { Err(ParseError::truncated("ICMP", at + needed, layer.len())) } else { Ok(needed) }
    }

    fn decode(&self, layer: &[u8], at: usize, scope: &Scope<'_>) -> Result<(Value, usize), ParseError> {
        let len = self.measure(layer, at, scope)?;
        if len == 0 {
            return Ok((Value::Bytes(Vec::new()), 0));
        }
        let number = layer.get(at..at + len).unwrap_or(&[]).iter().fold(0i128, |n, b| n << 8 | i128::from(*b));
        Ok((Value::Int(number), len))
    }

    fn encode(
        &self,
        value: &Value,
        scope: &Scope<'_>,
        _env: &dyn Env,
        _start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let number = value.as_uint().unwrap_or(0);
        out.extend_from_slice(&number.to_be_bytes()[8 - Self::bytes(scope)..]);
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(0..=0xffff_ffff) | Value::Bytes(_) => Ok(value),
            _ => Err(FieldError::expected("a number")),
        }
    }

    fn shown(&self, value: &Value, scope: &Scope<'_>, env: &dyn Env) -> String {
        match value {
            Value::None if Self::bytes(scope) == 0 => "b''".into(),
            Value::None => "0".into(),
            _ => python::repr(value, env),
        }
    }
}

/// A message, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 8],
    body: &'a [u8],
}

impl<'a> View<'a> {
    /// Checks that the eight bytes common to all messages are there.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match bytes.split_first_chunk() {
            Some((head, body)) => Ok(Self { head, body }),
            None => Err(ParseError::truncated(ICMP.name, Header::LEN, bytes.len())),
        }
    }

    /// The four bytes after the checksum, whatever they mean.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> u32 {
        u32::from(self.id()) << 16 | u32::from(self.seq())
    }

    /// What follows the first eight bytes: the echoed data, or in an error the quoted datagram.
    #[inline]
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The same as [`View::body`].
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.body
    }

    /// Whether the message reports an error, and so quotes the datagram that caused it.
    #[inline]
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(
            self.kind(),
            kind::DEST_UNREACH | kind::SOURCE_QUENCH | kind::REDIRECT | kind::TIME_EXCEEDED | kind::PARAM_PROBLEM
        )
    }

    /// The quoted datagram of an error: an IPv4 header and at least the first 8 bytes after it, if the sender kept to
    /// RFC 792. Empty in other messages. [`crate::quote::Quote`] reads it.
    #[inline]
    #[must_use]
    pub fn quoted(&self) -> &'a [u8] {
        if self.is_error() { self.body } else { &[] }
    }
}

header! { ICMP, 8;
    /// Type of the message.
    kind, set_kind: u8 = "type";
    /// Code within the type.
    code, set_code: u8 = "code";
    /// Checksum.
    checksum, set_checksum: u16 = "chksum";
    /// Identifier (echo, timestamp, mask).
    id, set_id: u16 = "id";
    /// Sequence number (echo, timestamp, mask).
    seq, set_seq: u16 = "seq";
    /// Next-hop MTU (fragmentation needed).
    mtu, set_mtu: u16 = "nexthopmtu";
}

impl Header {
    /// The four bytes after the checksum, whatever they mean.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> u32 {
        u32::from(self.id()) << 16 | u32::from(self.seq())
    }

    /// Sets the four bytes after the checksum.
    #[inline]
    #[must_use]
    pub fn set_rest(self, value: u32) -> Self {
        self.set_id((value >> 16) as u16).set_seq(value as u16)
    }
}
