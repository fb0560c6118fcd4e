//! SNMP versions 1 and 2c (RFC 1157, RFC 3416). Messages are encoded in ASN.1.

use crate::asn1::{self, Reader, tag};
use crate::env::Env;
use crate::error::FieldError;
use vigie_wire::{ParseError, ParseErrorKind};
use crate::layers;
use crate::model::{Codec, Field, Init, FieldKind, Layer, Binding, Context, LayerCodec, accept_packets};
use crate::packet::{Instance, Packet};
use crate::repr;
use crate::value::{Asn1, Value};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const VERSIONS: &[(u64, &str)] = &[(0, "v1"), (1, "v2c"), (2, "v2"), (3, "v3")];
const ERRORS: &[(u64, &str)] = &[
    (0, "no_error"),
    (1, "too_big"),
    (2, "no_such_name"),
    (3, "bad_value"),
    (4, "read_only"),
    (5, "generic_error"),
    (6, "no_access"),
    (7, "wrong_type"),
    (8, "wrong_length"),
    (9, "wrong_encoding"),
    (10, "wrong_value"),
    (11, "no_creation"),
    (12, "inconsistent_value"),
    (13, "resource_unavailable"),
    (14, "commit_failed"),
    (15, "undo_failed"),
    (16, "authorization_error"),
    (17, "not_writable"),
    (18, "inconsistent_name"),
];

/// A message.
pub const SNMP: Layer = Layer {
    bindings: &[
        Binding::new("UDP", &[("sport", Init::Int(161)), ("dport", Init::Int(161))], &[&[("dport", 161)], &[("sport", 161)]]),
        Binding::new("UDP", &[], &[&[("dport", 162)], &[("sport", 162)]]),
    ],
    codec: Some(&Message),
    ..Layer::new(
        "SNMP",
        "SNMP",
        &[
            Field::custom("version", &Number { default: 1, names: VERSIONS }),
            Field::custom("community", &Text(b"public")),
            Field::custom("PDU", &Pdu),
        ],
    )
};

const fn pdu(name: &'static str, fields: &'static [Field]) -> Layer {
    Layer { codec: Some(&PduBody), ..Layer::new(name, name, fields) }
}

const PDU_FIELDS: &[Field] = &[
    Field::custom("id", &Number { default: 0, names: &[] }),
    Field::custom("error", &Number { default: 0, names: ERRORS }),
    Field::custom("error_index", &Number { default: 0, names: &[] }),
    Field::custom("varbindlist", &VarBinds),
];

/// GetRequest: requests values.
pub const GET: Layer = pdu("SNMPget", PDU_FIELDS);
/// GetNextRequest: requests the next values in the tree.
pub const NEXT: Layer = pdu("SNMPnext", PDU_FIELDS);
/// Response.
pub const RESPONSE: Layer = pdu("SNMPresponse", PDU_FIELDS);
/// SetRequest: changes values.
pub const SET: Layer = pdu("SNMPset", PDU_FIELDS);
/// GetBulkRequest: requests many values at once.
pub const BULK: Layer = pdu(
    "SNMPbulk",
    &[
        Field::custom("id", &Number { default: 0, names: &[] }),
        Field::custom("non_repeaters", &Number { default: 0, names: &[] }),
        Field::custom("max_repetitions", &Number { default: 0, names: &[] }),
        Field::custom("varbindlist", &VarBinds),
    ],
);
/// InformRequest: notifies another manager and requests a confirmation.
pub const INFORM: Layer = pdu("SNMPinform", PDU_FIELDS);
/// SNMPv2-Trap: notifies a manager of an event.
pub const TRAP_V2: Layer = pdu("SNMPtrapv2", PDU_FIELDS);

/// The tags of the PDUs (RFC 3416 section 3).
const PDUS: &[(u8, &Layer)] =
    &[(0xa0, &GET), (0xa1, &NEXT), (0xa2, &RESPONSE), (0xa3, &SET), (0xa5, &BULK), (0xa6, &INFORM), (0xa7, &TRAP_V2)];

/// A variable binding: the name of a variable and its value.
pub const VARBIND: Layer = Layer {
    codec: Some(&VarBindBody),
    ..Layer::new(
        "SNMPvarbind",
        "SNMPvarbind",
        &[
            Field::custom("oid", &Oid),
            Field::custom("value", &Any),
            Field::custom("noSuchObject", &crate::codecs::Nothing("ASN1F_NULL")),
            Field::custom("noSuchInstance", &crate::codecs::Nothing("ASN1F_NULL")),
            Field::custom("endOfMibView", &crate::codecs::Nothing("ASN1F_NULL")),
        ],
    )
};

fn typed(tag: u8, value: Value) -> Value {
    Value::Asn1(Asn1 { tag, value: Box::new(value) })
}

fn not_a_field<T>() -> Result<T, ParseError> {
    Err(ParseError::new(SNMP.name, ParseErrorKind::Unsupported, 0, 0))
}

/// Codec of the fields of these layers, which are read and written only with the whole layer.
macro_rules! within_whole {
    () => {
        fn decode(&self, _layer: &[u8], _at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
            not_a_field()
        }
        fn encode(
            &self,
            value: &Value,
            _scope: &Context<'_>,
            env: &dyn Env,
            _start: usize,
            out: &mut Vec<u8>,
        ) -> Result<(), FieldError> {
            asn1::write(&Self::typed(self, value), env, out)
        }
    };
}

/// An INTEGER.
struct Number {
    default: u64,
    names: &'static [(u64, &'static str)],
}

impl Number {
    /// Returns the value with its type; names become numbers.
    fn typed(&self, value: &Value) -> Value {
        match value {
            Value::Int(_) => typed(tag::INTEGER, value.clone()),
            Value::Str(name) => {
                let number = self.names.iter().find(|(_, n)| n == name).map_or(0, |(number, _)| *number);
                typed(tag::INTEGER, Value::Int(number.into()))
            }
            _ => value.clone(),
        }
    }
}

impl Codec for Number {
    fn class(&self) -> &'static str {
        if self.names.is_empty() { "ASN1F_INTEGER" } else { "ASN1F_enum_INTEGER" }
    }
    fn init(&self) -> Value {
        typed(tag::INTEGER, Value::Int(self.default.into()))
    }
    within_whole!();
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(_) | Value::Asn1(_) => Ok(value),
            Value::Str(ref name) if self.names.iter().any(|(_, n)| n == name) => Ok(value),
            Value::Str(_) => Err(FieldError::expected("a number or one of the field's names")),
            _ => Err(FieldError::expected("a number")),
        }
    }
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        let repr = repr::value(value, env);
        let named = self.names.iter().find(|(number, _)| Some(*number) == value.as_uint());
        match named.filter(|_| matches!(value, Value::Asn1(_))) {
            Some((_, name)) => format!("'{name}' {repr}"),
            None => repr,
        }
    }
}

/// An OCTET STRING.
struct Text(&'static [u8]);

impl Text {
    fn typed(_: &Self, value: &Value) -> Value {
        match value {
            Value::Str(_) | Value::Bytes(_) => typed(tag::OCTET_STRING, value.clone()),
            _ => value.clone(),
        }
    }
}

impl Codec for Text {
    fn class(&self) -> &'static str {
        "ASN1F_STRING"
    }
    fn init(&self) -> Value {
        typed(tag::OCTET_STRING, Value::Str(String::from_utf8_lossy(self.0).into_owned()))
    }
    within_whole!();
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Str(_) | Value::Bytes(_) | Value::Asn1(_) => Ok(value),
            _ => Err(FieldError::expected("text or bytes")),
        }
    }
}

/// An OBJECT IDENTIFIER.
struct Oid;

impl Oid {
    fn typed(_: &Self, value: &Value) -> Value {
        if matches!(value, Value::Str(_)) { typed(tag::OID, value.clone()) } else { value.clone() }
    }
}

impl Codec for Oid {
    fn class(&self) -> &'static str {
        "ASN1F_OID"
    }
    fn init(&self) -> Value {
        typed(tag::OID, Value::from("1.3"))
    }
    within_whole!();
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Str(text) => {
                asn1::oid_parts(&text)?;
                Ok(Value::Str(text))
            }
            Value::Asn1(_) => Ok(value),
            _ => Err(FieldError::expected("an object identifier like '1.3.6.1'")),
        }
    }
}

/// A value of any type.
struct Any;

impl Any {
    fn typed(_: &Self, value: &Value) -> Value {
        match value {
            Value::Int(_) => typed(tag::INTEGER, value.clone()),
            Value::Str(_) | Value::Bytes(_) => typed(tag::OCTET_STRING, value.clone()),
            _ => value.clone(),
        }
    }
}

impl Codec for Any {
    fn class(&self) -> &'static str {
        "ASN1F_field"
    }
    fn init(&self) -> Value {
        typed(tag::NULL, Value::Int(0))
    }
    within_whole!();
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(_) | Value::Str(_) | Value::Bytes(_) | Value::Asn1(_) => Ok(value),
            _ => Err(FieldError::expected("a number, text, or a value like ASN1_OID('1.3.6')")),
        }
    }
}

/// The PDU of a message.
struct Pdu;

impl Pdu {
    fn typed(_: &Self, value: &Value) -> Value {
        value.clone()
    }
}

impl Codec for Pdu {
    fn class(&self) -> &'static str {
        "ASN1F_CHOICE"
    }
    fn init(&self) -> Value {
        layers::find(GET.name).map_or(Value::None, |id| Value::packet(Packet::new(id)))
    }
    within_whole!();
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match &value {
            Value::Packet(packet) if pdu_tag(packet).is_some() => Ok(value),
            _ => Err(FieldError::expected("a PDU like SNMPget()")),
        }
    }
    fn holds_packets(&self) -> bool {
        true
    }
}

/// The list of variable bindings.
struct VarBinds;

impl VarBinds {
    fn typed(_: &Self, value: &Value) -> Value {
        value.clone()
    }
}

impl Codec for VarBinds {
    fn class(&self) -> &'static str {
        "ASN1F_SEQUENCE_OF"
    }
    fn init(&self) -> Value {
        Value::List(Vec::new())
    }
    within_whole!();
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        accept_packets(value)
    }
    fn is_list(&self) -> bool {
        true
    }
    fn holds_packets(&self) -> bool {
        true
    }
}

/// Writes a field of a layer that is written as a whole.
fn put(context: &Context<'_>, name: &str, env: &dyn Env, out: &mut Vec<u8>) -> Result<(), FieldError> {
    let layer = context.this().layer();
    match layer.find(name).map(|index| layer.fields[index].kind) {
        Some(FieldKind::Custom(codec)) => codec.encode(&context.value(name), context, env, 0, out).map_err(|e| e.of(layer.name, name)),
        _ => Ok(()),
    }
}

fn pdu_tag(packet: &Packet) -> Option<u8> {
    let name = packet.layers.first()?.layer().name;
    PDUS.iter().find(|(_, layer)| layer.name == name).map(|(tag, _)| *tag)
}

struct Message;

impl LayerCodec for Message {
    fn decode(&self, bytes: &[u8]) -> Result<(Vec<(u8, Value)>, usize), ParseError> {
        let mut outer = Reader::new(bytes);
        let mut inner = outer.enter(tag::SEQUENCE)?;
        let version = inner.value(tag::INTEGER)?;
        let community = inner.value(tag::OCTET_STRING)?;
        let kind = inner.peek().unwrap_or(0);
        let Some((_, layer)) = PDUS.iter().find(|(tag, _)| *tag == kind) else { return not_a_field() };
        let packet = read_pdu(layer, inner.element()?)?;
        Ok((alloc::vec![(0, version), (1, community), (2, Value::packet(packet))], outer.position()))
    }

    fn encode(&self, context: &Context<'_>, env: &dyn Env, out: &mut Vec<u8>) -> Result<(), FieldError> {
        let mut body = Vec::new();
        put(context, "version", env, &mut body)?;
        put(context, "community", env, &mut body)?;
        if let Value::Packet(pdu) = context.value("PDU") {
            body.extend_from_slice(&pdu.build(env)?);
        }
        asn1::wrap(tag::SEQUENCE, &body, out);
        Ok(())
    }
}

fn read_pdu(layer: &Layer, element: &[u8]) -> Result<Packet, ParseError> {
    let id = layers::find(layer.name).unwrap_or(layers::RAW);
    let (values, _) = PduBody.decode(element)?;
    Ok(Packet { layers: alloc::vec![Instance::with(id, values)] })
}

struct PduBody;

impl LayerCodec for PduBody {
    fn decode(&self, bytes: &[u8]) -> Result<(Vec<(u8, Value)>, usize), ParseError> {
        let mut outer = Reader::new(bytes);
        let mut inner = outer.enter(outer.peek().unwrap_or(0))?;
        let mut values = Vec::new();
        for index in 0..3 {
            values.push((index, inner.value(tag::INTEGER)?));
        }
        let mut list = inner.enter(tag::SEQUENCE)?;
        let mut binds = Vec::new();
        let id = layers::find(VARBIND.name).unwrap_or(layers::RAW);
        while list.peek().is_some() {
            let (bind, _) = VarBindBody.decode(list.element()?)?;
            binds.push(Value::packet(Packet { layers: alloc::vec![Instance::with(id, bind)] }));
        }
        values.push((3, Value::List(binds)));
        Ok((values, outer.position()))
    }

    fn encode(&self, context: &Context<'_>, env: &dyn Env, out: &mut Vec<u8>) -> Result<(), FieldError> {
        let layer = context.this().layer();
        let mut body = Vec::new();
        for field in &layer.fields[..3] {
            put(context, field.name, env, &mut body)?;
        }
        let mut list = Vec::new();
        if let Value::List(items) = context.value("varbindlist") {
            for item in items {
                if let Value::Packet(bind) = item {
                    list.extend_from_slice(&bind.build(env)?);
                }
            }
        }
        asn1::wrap(tag::SEQUENCE, &list, &mut body);
        let kind = PDUS.iter().find(|(_, l)| l.name == layer.name).map_or(0, |(tag, _)| *tag);
        asn1::wrap(kind, &body, out);
        Ok(())
    }
}

struct VarBindBody;

impl LayerCodec for VarBindBody {
    fn decode(&self, bytes: &[u8]) -> Result<(Vec<(u8, Value)>, usize), ParseError> {
        let mut outer = Reader::new(bytes);
        let mut inner = outer.enter(tag::SEQUENCE)?;
        let oid = inner.value(tag::OID)?;
        let value = inner.any()?;
        let nothing = (2..5).map(|index| (index, Value::None));
        Ok(([(0, oid), (1, value)].into_iter().chain(nothing).collect(), outer.position()))
    }

    fn encode(&self, context: &Context<'_>, env: &dyn Env, out: &mut Vec<u8>) -> Result<(), FieldError> {
        let mut body = Vec::new();
        put(context, "oid", env, &mut body)?;
        put(context, "value", env, &mut body)?;
        asn1::wrap(tag::SEQUENCE, &body, out);
        Ok(())
    }
}
