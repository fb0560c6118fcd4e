//! DNS questions and resource records (RFC 1035, RFC 3596, RFC 2782, RFC 6891), and the names in them.

use super::dns_names::{NameCodec, read_name};
use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use vigie_wire::ParseError;
use crate::layers;
use crate::model::{Codec, Field, FieldKind, Layer, PacketCodec, Context, accept_packets, encode_packets};
use crate::packet::{Instance, Packet};
use crate::repr;
use crate::value::Value;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};

pub use super::dns_names::{CLASSES, QTYPES, TYPES};

const RRNAME: Field = Field::custom("rrname", &NameCodec(b"."));
const TTL: Field = Field::uint("ttl", 32);
const RDLEN: Field = Field::uint("rdlen", 16).auto().counts_rest();

const fn kind(kind: u64) -> Field {
    Field::uint("type", 16).or(kind).names(TYPES).shapes()
}
const fn flagged_class() -> [Field; 2] {
    [Field::uint("cacheflush", 1), Field::uint("rclass", 15).or(1).names(CLASSES)]
}
const FLUSH: Field = flagged_class()[0];
const CLASS: Field = flagged_class()[1];

/// A question.
pub const DNSQR: Layer = Layer::new(
    "DNSQR",
    "DNS Question Record",
    &[
        Field::custom("qname", &NameCodec(b"www.example.com.")),
        Field::uint("qtype", 16).or(1).names(QTYPES),
        Field::uint("unicastresponse", 1),
        Field::uint("qclass", 15).or(1).names(CLASSES),
    ],
);

/// A record of a type without its own table.
pub const DNSRR: Layer = Layer::new(
    "DNSRR",
    "DNS Resource Record",
    &[RRNAME, kind(1), FLUSH, CLASS, TTL, RDLEN.class("FieldLenField"), Field::custom("rdata", &Rdata)],
);

/// An MX record: a mail exchange.
pub const DNSRRMX: Layer = Layer::new(
    "DNSRRMX",
    "DNS MX Resource Record",
    &[
        RRNAME,
        kind(15),
        FLUSH,
        CLASS,
        TTL,
        RDLEN,
        Field::uint("preference", 16),
        Field::custom("exchange", &NameCodec(b".")),
    ],
);

/// An SOA record: the start of a zone of authority.
pub const DNSRRSOA: Layer = Layer::new(
    "DNSRRSOA",
    "DNS SOA Resource Record",
    &[
        RRNAME,
        kind(6),
        Field::uint("rclass", 16).or(1).names(CLASSES),
        TTL,
        RDLEN,
        Field::custom("mname", &NameCodec(b".")),
        Field::custom("rname", &NameCodec(b".")),
        Field::uint("serial", 32),
        Field::uint("refresh", 32),
        Field::uint("retry", 32),
        Field::uint("expire", 32),
        Field::uint("minimum", 32),
    ],
);

/// An SRV record: the location of a service (RFC 2782).
pub const DNSRRSRV: Layer = Layer::new(
    "DNSRRSRV",
    "DNS SRV Resource Record",
    &[
        RRNAME,
        kind(33),
        FLUSH,
        CLASS,
        TTL,
        RDLEN,
        Field::uint("priority", 16),
        Field::uint("weight", 16),
        Field::uint("port", 16),
        Field::custom("target", &NameCodec(b".")),
    ],
);

/// An OPT record: the EDNS options of a message (RFC 6891).
pub const DNSRROPT: Layer = Layer::new(
    "DNSRROPT",
    "DNS OPT Resource Record",
    &[
        RRNAME,
        kind(41),
        Field::uint("rclass", 16).or(4096).class("ShortEnumField"),
        Field::uint("extrcode", 8),
        Field::uint("version", 8),
        Field::uint("z", 16).hex().or(0x8000).names(&[(0x8000, "D0")]).class("BitEnumField"),
        RDLEN.class("FieldLenField"),
        Field::custom(
            "rdata",
            &PacketCodec {
                class: "PacketListField",
                item: |bytes| (!bytes.is_empty()).then_some("EDNS0TLV"),
                len: |context, left| (context.uint("rdlen") as usize).min(left),
                pad: |_, _, _| {},
            },
        ),
    ],
);

/// One EDNS option (RFC 6891 section 6.1.2).
pub const EDNS0TLV: Layer = Layer::new(
    "EDNS0TLV",
    "DNS EDNS0 TLV",
    &[
        Field::uint("optcode", 16).names(&[
            (0, "Reserved"),
            (1, "LLQ"),
            (2, "UL"),
            (3, "NSID"),
            (4, "Owner"),
            (5, "DAU"),
            (6, "DHU"),
            (7, "N3U"),
            (8, "edns-client-subnet"),
            (10, "COOKIE"),
            (12, "Padding"),
            (15, "Extended DNS Error"),
        ]),
        Field::uint("optlen", 16).auto().counts_rest().class("FieldLenField"),
        Field::bytes_of("optdata", |context, left| (context.uint("optlen") as usize).min(left)),
    ],
);

/// A section of a message, whose number of records is in a field of the header.
pub(super) struct RecordsCodec {
    /// Name of the field with the number of records.
    pub(super) count: &'static str,
    /// Whether the section holds questions.
    pub(super) questions: bool,
}

impl Codec for RecordsCodec {
    fn class(&self) -> &'static str {
        "_DNSPacketListField"
    }

    fn init(&self) -> Value {
        match (self.questions, layers::find("DNSQR")) {
            (true, Some(question)) => Value::List(alloc::vec![Value::packet(Packet::new(question))]),
            _ => Value::List(Vec::new()),
        }
    }

    fn is_list(&self) -> bool {
        true
    }

    fn holds_packets(&self) -> bool {
        true
    }

    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        // Compression pointers count from the start of the message, behind the length field of TCP.
        let base = if super::dns::over_tcp(context) { 2 } else { 0 };
        let message = layer.get(base..).unwrap_or(&[]);
        let start = at.saturating_sub(base);
        let mut place = start;
        let mut records = Vec::new();
        for _ in 0..context.uint(self.count) {
            if place >= message.len() {
                break;
            }
            let read = if self.questions { read_record(message, place, &DNSQR) } else { read_rr(message, place) };
            if let Ok((record, end)) = read {
                records.push(Value::packet(record));
                place = end;
            } else {
                records.push(Value::packet(Packet::raw(message[place..].to_vec())));
                place = message.len();
            }
        }
        Ok((Value::List(records), place - start))
    }

    fn encode(&self, value: &Value, _: &Context<'_>, env: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        encode_packets(value, env, out)
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::None => Ok(Value::List(Vec::new())),
            value => accept_packets(value),
        }
    }
}

/// Reads a record according to its type. Returns it with the offset of its end.
fn read_rr(message: &[u8], start: usize) -> Result<(Packet, usize), ParseError> {
    let short = || ParseError::truncated(DNSRR.name, 10, message.len().saturating_sub(start));
    let (_, name_len) = read_name(message, start)?;
    let fixed: &[u8; 10] = message.get(start + name_len..).and_then(<[u8]>::first_chunk).ok_or_else(short)?;
    let layer = match u16::from_be_bytes([fixed[0], fixed[1]]) {
        6 => &DNSRRSOA,
        15 => &DNSRRMX,
        33 => &DNSRRSRV,
        41 => &DNSRROPT,
        _ => &DNSRR,
    };
    let end = start + name_len + 10 + usize::from(u16::from_be_bytes([fixed[8], fixed[9]]));
    let record = message.get(..end).ok_or_else(short)?;
    let (packet, read) = read_record(record, start, layer)?;
    if read > end { Err(short()) } else { Ok((packet, end)) }
}

/// Reads the fields of a question or record that begins at `start`.
fn read_record(message: &[u8], start: usize, layer: &'static Layer) -> Result<(Packet, usize), ParseError> {
    let id = layers::find(layer.name).unwrap_or(layers::RAW);
    let mut packet = Packet { layers: alloc::vec![Instance::new(id)] };
    let mut bit = start * 8;
    for (index, field) in layer.fields.iter().enumerate() {
        let short = || ParseError::truncated(layer.name, bit.div_ceil(8), message.len());
        let (value, bits) = if let FieldKind::Custom(codec) = field.kind {
            let (value, used) = codec.decode(message, bit / 8, &packet.context(0))?;
            (value, used * 8)
        } else {
            let number = vigie_wire::bits::load(message, bit, field.bits).ok_or_else(short)?;
            (Value::Int(number.into()), field.bits)
        };
        bit += bits;
        packet.layers[0].force(index, value);
    }
    // The length is computed when the record is built: a compressed name is then written in full.
    if let Some(rdlen) = layer.find("rdlen") {
        packet.layers[0].clear(rdlen);
    }
    Ok((packet, bit / 8))
}

/// The data of a record; its form depends on the type.
struct Rdata;

#[derive(Clone, Copy, PartialEq)]
enum Form {
    A,
    Aaaa,
    Name,
    Texts,
    Bytes,
}

const fn form(kind: u64) -> Form {
    match kind {
        1 => Form::A,
        28 => Form::Aaaa,
        2..=5 | 12 | 39 => Form::Name,
        16 => Form::Texts,
        _ => Form::Bytes,
    }
}

impl Codec for Rdata {
    fn class(&self) -> &'static str {
        "MultipleTypeField (IPField, IP6Field, DNSStrField, DNSTextField, StrLenField)"
    }

    fn init(&self) -> Value {
        Value::None
    }

    fn is_list(&self) -> bool {
        true
    }

    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let bytes = layer.get(at..).unwrap_or(&[]);
        let len = context.uint("rdlen") as usize;
        let bytes = bytes.get(..len).ok_or(ParseError::truncated(DNSRR.name, at + len, layer.len()))?;
        let value = match form(context.uint("type")) {
            Form::A if len == 4 => bytes.first_chunk::<4>().map(|a| Value::Ipv4(Ipv4Addr::from(*a))),
            Form::Aaaa if len == 16 => bytes.first_chunk::<16>().map(|a| Value::Ipv6(Ipv6Addr::from(*a))),
            Form::Name => Some(Value::Bytes(read_name(layer, at)?.0)),
            Form::Texts => Some(Value::List(texts(bytes))),
            Form::A | Form::Aaaa => return Err(ParseError::truncated(DNSRR.name, 16, len)),
            Form::Bytes => None,
        };
        Ok((value.unwrap_or_else(|| Value::Bytes(bytes.to_vec())), len))
    }

    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let form = form(context.uint("type"));
        match (form, value) {
            (Form::A, Value::None) => out.extend_from_slice(&[0; 4]),
            (Form::Aaaa, Value::None) => out.extend_from_slice(&[0; 16]),
            (_, Value::None) => {}
            (Form::A, value) => match address(value) {
                Some(Value::Ipv4(addr)) => out.extend_from_slice(&addr.octets()),
                _ => return Err(FieldError::expected("an IPv4 address, as the type is A")),
            },
            (Form::Aaaa, value) => match address(value) {
                Some(Value::Ipv6(addr)) => out.extend_from_slice(&addr.octets()),
                _ => return Err(FieldError::expected("an IPv6 address, as the type is AAAA")),
            },
            (Form::Name, value) => {
                let name = NameCodec(b".").accept(value.clone(), env)?;
                NameCodec(b".").encode(&name, context, env, start, out)?;
            }
            (Form::Texts, Value::List(items)) => items.iter().try_for_each(|item| text_chunk(item, out))?,
            (Form::Texts, value) => text_chunk(value, out)?,
            (Form::Bytes, value) => {
                let bytes = value.as_bytes().ok_or(FieldError::expected("bytes"))?;
                out.extend_from_slice(bytes);
            }
        }
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Str(_) | Value::Bytes(_) | Value::Ipv4(_) | Value::Ipv6(_) | Value::List(_) => Ok(value),
            _ => Err(FieldError::expected("an address, a name, text or a list of texts")),
        }
    }

    fn shown(&self, value: &Value, context: &Context<'_>, env: &dyn Env) -> String {
        match (value, form(context.uint("type"))) {
            (Value::None, Form::A) => "0.0.0.0".into(),
            (Value::None, Form::Aaaa) => "::".into(),
            (Value::None, Form::Name) => "b'.'".into(),
            (Value::None, Form::Texts) => "[]".into(),
            (Value::None, Form::Bytes) => "b''".into(),
            (Value::Ipv4(addr), _) => addr.to_string(),
            (Value::Ipv6(addr), _) => addr.to_string(),
            (Value::Str(text), Form::A | Form::Aaaa) => text.clone(),
            (Value::Str(text), Form::Texts) => repr::value(&Value::List(alloc::vec![Value::from(&text[..])]), env),
            (value, Form::Name) => match NameCodec(b".").accept(value.clone(), env) {
                Ok(name) => repr::value(&name, env),
                Err(_) => repr::value(value, env),
            },
            (Value::Str(text), Form::Bytes) => repr::bytes(text.as_bytes()),
            _ => repr::value(value, env),
        }
    }
}

fn address(value: &Value) -> Option<Value> {
    match value {
        Value::Str(text) => text.parse::<core::net::IpAddr>().ok().map(Value::from),
        Value::Ipv4(_) | Value::Ipv6(_) => Some(value.clone()),
        _ => None,
    }
}

/// The character strings of a TXT record (RFC 1035 section 3.3.14).
fn texts(mut bytes: &[u8]) -> Vec<Value> {
    let mut texts = Vec::new();
    while let Some((len, rest)) = bytes.split_first() {
        let (text, rest) = rest.split_at(usize::from(*len).min(rest.len()));
        texts.push(Value::Bytes(text.to_vec()));
        bytes = rest;
    }
    texts
}

fn text_chunk(value: &Value, out: &mut Vec<u8>) -> Result<(), FieldError> {
    let bytes = value.as_bytes().ok_or(FieldError::expected("texts"))?;
    for chunk in bytes.chunks(255) {
        let len = u8::try_from(chunk.len())
            .map_err(|_| FieldError::new(FieldProblem::TooLong { len: chunk.len(), max: 255 }))?;
        out.push(len);
        out.extend_from_slice(chunk);
    }
    Ok(())
}

