//! ICMP for IPv4 (RFC 792, RFC 950 address mask, RFC 1191 next-hop MTU, RFC 4884 length).

use super::transport::fill_sum;
use vigie_wire::checksum::checksum;
use vigie_wire::icmpv4::{TABLE as HEADER, kind};
use crate::env::Env;
use crate::error::FieldError;
use vigie_wire::ParseError;
use crate::model::{Codec, Field, Guess, Init, Layer, Binding, MachineValue, Context};
use crate::packet::{Finish, show};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

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
fn codes(context: &Context<'_>) -> &'static [(u64, &'static str)] {
    match context.uint("type") as u8 {
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

/// Returns whether the message has an identifier and a sequence number.
fn has_id(context: &Context<'_>) -> bool {
    matches!(context.uint("type"), 0 | 8 | 13..=18)
}
fn has_times(context: &Context<'_>) -> bool {
    matches!(context.uint("type") as u8, kind::TIMESTAMP_REQUEST | kind::TIMESTAMP_REPLY)
}
fn has_mask(context: &Context<'_>) -> bool {
    matches!(context.uint("type") as u8, kind::MASK_REQUEST | kind::MASK_REPLY)
}
fn is_type(context: &Context<'_>, types: &[u8]) -> bool {
    types.contains(&(context.uint("type") as u8))
}

const FIELDS: &[Field] = &[
    Field::of(&HEADER, "kind", "type").or(8).names(TYPES).shapes(),
    Field::of(&HEADER, "code", "code").names_by(codes).class("MultiEnumField (Depends on 8)"),
    Field::of(&HEADER, "checksum", "chksum").hex().auto(),
    Field::of(&HEADER, "id", "id").hex().when(has_id),
    Field::of(&HEADER, "seq", "seq").hex().when(has_id),
    Field { bits: 32, ..Field::custom("ts_ori", &TIME) }.machine(MachineValue::TimeOfDay).at(64).when(has_times),
    Field { bits: 32, ..Field::custom("ts_rx", &TIME) }.machine(MachineValue::TimeOfDay).at(96).when(has_times),
    Field { bits: 32, ..Field::custom("ts_tx", &TIME) }.machine(MachineValue::TimeOfDay).at(128).when(has_times),
    Field::ipv4("gw").at(32).when(|context| is_type(context, &[kind::REDIRECT])),
    Field::uint("ptr", 8).at(32).when(|context| is_type(context, &[kind::PARAM_PROBLEM])),
    Field::uint("reserved", 8).at(32).when(|context| is_type(context, &[kind::DEST_UNREACH, kind::TIME_EXCEEDED])),
    Field::uint("length", 8)
        .at(40)
        .when(|context| is_type(context, &[kind::DEST_UNREACH, kind::TIME_EXCEEDED, kind::PARAM_PROBLEM])),
    Field::ipv4("addr_mask").at(64).when(has_mask),
    Field::of(&HEADER, "mtu", "nexthopmtu").when(|context| is_type(context, &[kind::DEST_UNREACH])),
    Field::custom("unused", &Unused).class("MultipleTypeField (ShortField, IntField, StrFixedLenField)"),
    Field::bytes_of("extpad", |_, _| 0).when(has_extension).class("_ICMPExtensionPadField"),
    Field::custom("ext", &crate::codecs::Nothing("_ICMPExtensionField")).when(has_extension),
];

/// Returns whether the message can carry an extension (RFC 4884).
fn has_extension(context: &Context<'_>) -> bool {
    is_type(context, &[kind::DEST_UNREACH, kind::TIME_EXCEEDED, kind::PARAM_PROBLEM])
}

const TIME: crate::codecs::TimeOfDay = crate::codecs::TimeOfDay;

/// The table of fields. Those after the checksum depend on the type; the alternatives share their bits.
pub const ICMP: Layer = Layer {
    bindings: &[Binding::new(
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
    bindings: &[Binding::new(
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

/// Returns the layer above: an error quotes the datagram that caused it.
fn guess(context: &Context<'_>, _payload: &[u8]) -> Guess {
    if is_type(context, &[3, 4, 5, 11, 12]) { Guess::Is("IPerror") } else { Guess::Bindings }
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    if context.is_on("IP") {
        let ip = Context { stack: context.stack, at: context.at - 1 };
        let address = |name| show::field(&ip, name, env);
        return format!("ICMP {} > {} {} {}", address("src"), address("dst"), text("type"), text("code"));
    }
    format!("ICMP {} {}", text("type"), text("code"))
}

/// The four bytes after the checksum in messages that do not use them.
struct Unused;

impl Unused {
    fn bytes(context: &Context<'_>) -> usize {
        match context.uint("type") {
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

    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        let needed = Self::bytes(context);
        let had = layer.len().saturating_sub(at);
        if had < needed { Err(ParseError::truncated("ICMP", at + needed, layer.len())) } else { Ok(needed) }
    }

    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let len = self.measure(layer, at, context)?;
        if len == 0 {
            return Ok((Value::Bytes(Vec::new()), 0));
        }
        let number = layer.get(at..at + len).unwrap_or(&[]).iter().fold(0i128, |n, b| n << 8 | i128::from(*b));
        Ok((Value::Int(number), len))
    }

    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        _env: &dyn Env,
        _start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let number = value.as_uint().unwrap_or(0);
        out.extend_from_slice(&number.to_be_bytes()[8 - Self::bytes(context)..]);
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(0..=0xffff_ffff) | Value::Bytes(_) => Ok(value),
            _ => Err(FieldError::expected("a number")),
        }
    }

    fn shown(&self, value: &Value, context: &Context<'_>, env: &dyn Env) -> String {
        match value {
            Value::None if Self::bytes(context) == 0 => "b''".into(),
            Value::None => "0".into(),
            _ => repr::value(value, env),
        }
    }
}

