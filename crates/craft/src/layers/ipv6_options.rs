//! Options of the hop-by-hop and destination headers (RFC 8200 section 4.2, RFC 2711, RFC 2675, RFC 6275), and the
//! padding that aligns them.

use crate::env::Env;
use crate::error::FieldError;
use vigie_wire::ParseError;
use crate::model::{Codec, Field, Layer, Context, accept_packets};
use crate::packet::Packet;
use crate::value::Value;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Names of the options.
const TYPES: &[(u64, &str)] = &[
    (0x00, "Pad1"),
    (0x01, "PadN"),
    (0x04, "Tunnel Encapsulation Limit"),
    (0x05, "Router Alert"),
    (0x06, "Quick-Start"),
    (0xc2, "Jumbo Payload"),
    (0xc9, "Home Address Option"),
];

const fn kind(kind: u64) -> Field {
    Field { bits: 8, ..Field::custom("otype", &OptionType) }.or(kind)
}
const LEN: Field = Field::uint("optlen", 8).auto().counts_rest().class("FieldLenField");

fn data_len(context: &Context<'_>, left: usize) -> usize {
    (context.uint("optlen") as usize).min(left)
}

/// One byte of padding.
pub const PAD1: Layer = Layer::new("Pad1", "Pad1", &[kind(0)]);

/// Padding of two or more bytes.
pub const PADN: Layer = Layer::new("PadN", "PadN", &[kind(1), LEN, Field::bytes_of("optdata", data_len)]);

/// Router alert (RFC 2711).
pub const ROUTER_ALERT: Layer = Layer::new(
    "RouterAlert",
    "Router Alert",
    &[
        kind(5),
        Field::uint("optlen", 8).or(2),
        Field::uint("value", 16).auto().names(&[
            (0, "Datagram contains a MLD message"),
            (1, "Datagram contains RSVP message"),
            (2, "Datagram contains an Active Network message"),
        ]),
    ],
);

/// Jumbo payload (RFC 2675).
pub const JUMBO: Layer = Layer::new(
    "Jumbo",
    "Jumbo Payload",
    &[kind(0xc2), Field::uint("optlen", 8).or(4), Field::uint("jumboplen", 32).auto()],
);

/// Home address (RFC 6275 section 6.3).
pub const HOME_ADDRESS: Layer =
    Layer::new("HAO", "Home Address Option", &[kind(0xc9), Field::uint("optlen", 8).or(16), Field::ipv6("hoa")]);

/// An option without its own table.
pub const UNKNOWN: Layer =
    Layer::new("HBHOptUnknown", "Scapy6 Unknown Option", &[kind(1), LEN, Field::bytes_of("optdata", data_len)]);

/// An option's type. Its high three bits tell a node that does not know the option what to do (RFC 8200 section 4.2).
struct OptionType;

impl Codec for OptionType {
    fn class(&self) -> &'static str {
        "_OTypeField"
    }

    fn init(&self) -> Value {
        Value::Int(0)
    }

    fn decode(&self, layer: &[u8], at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
        match layer.get(at) {
            Some(byte) => Ok((Value::Int((*byte).into()), 1)),
            None => Err(ParseError::truncated("option", 1, 0)),
        }
    }

    fn encode(&self, value: &Value, _: &Context<'_>, _: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        out.push(value.as_uint().unwrap_or(0) as u8);
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(0..=255) => Ok(value),
            Value::Str(name) => TYPES
                .iter()
                .find(|(_, n)| *n == name)
                .map(|(number, _)| Value::Int((*number).into()))
                .ok_or(FieldError::expected("an option's name or number")),
            _ => Err(FieldError::expected("a number from 0 to 255")),
        }
    }

    fn text(&self, value: &Value, _env: &dyn Env) -> String {
        let number = value.as_uint().unwrap_or(0);
        let name = match TYPES.iter().find(|(n, _)| *n == number) {
            Some((_, name)) => String::from(*name),
            None => format!("{number}"),
        };
        let unknown = match number >> 6 {
            0 => "00: skip",
            1 => "01: discard",
            2 => "10: discard+ICMP",
            _ => "11: discard+ICMP not mcast",
        };
        let change = if number >> 5 & 1 == 0 { "0: Don't change en-route" } else { "1: May change en-route" };
        format!("{name} [{unknown}, {change}]")
    }
}

/// Whether padding is written between and after options. The field itself has no bytes.
pub(super) struct Autopad;

impl Codec for Autopad {
    fn class(&self) -> &'static str {
        "_PhantomAutoPadField"
    }

    fn init(&self) -> Value {
        Value::Int(1)
    }

    fn decode(&self, _layer: &[u8], _at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
        Ok((Value::Int(1), 0))
    }

    fn encode(&self, _: &Value, _: &Context<'_>, _: &dyn Env, _: usize, _: &mut Vec<u8>) -> Result<(), FieldError> {
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Int(0 | 1) => Ok(value),
            _ => Err(FieldError::expected("0 or 1")),
        }
    }

    fn text(&self, value: &Value, _env: &dyn Env) -> String {
        if value.as_uint() == Some(0) { "Off".into() } else { "On".into() }
    }
}

/// Codec of the field `options`.
pub(super) struct OptionsCodec;

impl OptionsCodec {
    fn len(context: &Context<'_>, at: usize, left: usize) -> usize {
        ((context.uint("len") as usize + 1) * 8).saturating_sub(at).min(left)
    }
}

impl Codec for OptionsCodec {
    fn class(&self) -> &'static str {
        "_OptionsField"
    }

    fn init(&self) -> Value {
        Value::List(Vec::new())
    }

    fn is_list(&self) -> bool {
        true
    }

    fn holds_packets(&self) -> bool {
        true
    }

    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        Ok(Self::len(context, at, layer.len().saturating_sub(at)))
    }

    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let len = self.measure(layer, at, context)?;
        let mut bytes = layer.get(at..at + len).unwrap_or(&[]);
        let mut options = Vec::new();
        while let Some(kind) = bytes.first() {
            let name = match kind {
                0 => PAD1.name,
                1 => PADN.name,
                5 => ROUTER_ALERT.name,
                0xc2 => JUMBO.name,
                0xc9 => HOME_ADDRESS.name,
                _ => UNKNOWN.name,
            };
            let Ok((option, used)) = Packet::dissect_one(name, bytes) else {
                options.push(Value::packet(Packet::raw(bytes.to_vec())));
                break;
            };
            options.push(Value::packet(option));
            bytes = bytes.get(used..).unwrap_or(&[]);
        }
        Ok((Value::List(options), len))
    }

    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let pads = context.uint("autopad") != 0;
        let items = match value {
            Value::List(items) => &items[..],
            Value::Bytes(bytes) => {
                out.extend_from_slice(bytes);
                &[]
            }
            _ => &[],
        };
        for item in items {
            let Value::Packet(option) = item else { continue };
            // Alignment of the option: offset = n * multiple + plus (RFC 8200 section 4.2, "xn+y").
            let (multiple, plus) = match option.layers.first().map(|layer| layer.layer().name) {
                Some("RouterAlert") => (2, 0),
                Some("Jumbo") => (4, 2),
                Some("HAO") => (8, 6),
                _ => (1, 0),
            };
            if pads {
                let here = out.len() - start;
                pad((plus + multiple - here % multiple) % multiple, out);
            }
            out.extend_from_slice(&option.build(env)?);
        }
        if pads {
            let here = out.len() - start;
            pad(here.next_multiple_of(8) - here, out);
        }
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        accept_packets(value)
    }
}

fn pad(len: usize, out: &mut Vec<u8>) {
    match len {
        0 => {}
        1 => out.push(0),
        _ => {
            out.extend_from_slice(&[1, (len - 2) as u8]);
            out.resize(out.len() + len - 2, 0);
        }
    }
}
