//! BOOTP (RFC 951) and DHCP's options (RFC 2132).

use super::arp::HARDWARE;
use super::dhcp_options::{OPTIONS, OptionForm};
use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use vigie_wire::ParseError;
use crate::model::{Codec, Field, Guess, Init, Layer, Binding, Context};
use crate::packet::hexdump::letters;
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;
use core::net::Ipv4Addr;

/// Magic cookie before DHCP's options (RFC 2131 section 3).
const MAGIC: &[u8; 4] = &[0x63, 0x82, 0x53, 0x63];

/// The table of fields of BOOTP.
pub const BOOTP: Layer = Layer {
    bindings: &[Binding::new(
        "UDP",
        &[("sport", Init::Int(67)), ("dport", Init::Int(68))],
        &[&[("dport", 67), ("sport", 68)], &[("dport", 68), ("sport", 67)]],
    )],
    guess: Some(guess),
    ..Layer::new(
        "BOOTP",
        "BOOTP",
        &[
            Field::uint("op", 8).or(1).names(&[(1, "BOOTREQUEST"), (2, "BOOTREPLY")]),
            Field::uint("htype", 8).or(1).names(HARDWARE),
            Field::uint("hlen", 8).or(6),
            Field::uint("hops", 8),
            Field::uint("xid", 32).hex(),
            Field::uint("secs", 16),
            Field::uint("flags", 16).flags(
                &["?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "B"],
            ),
            Field::ipv4("ciaddr"),
            Field::ipv4("yiaddr"),
            Field::ipv4("siaddr"),
            Field::ipv4("giaddr"),
            Field { bits: 128, ..Field::custom("chaddr", &HardwareAddress) },
            Field::custom("sname", &PaddedText(64)),
            Field::custom("file", &PaddedText(128)),
            Field::custom("options", &Magic),
        ],
    )
};

fn guess(context: &Context<'_>, _payload: &[u8]) -> Guess {
    if context.value("options").as_bytes() == Some(MAGIC) { Guess::Is("DHCP") } else { Guess::Raw }
}

/// The table of fields of DHCP.
pub const DHCP: Layer = Layer {
    bindings: &[Binding::new("BOOTP", &[("options", Init::Bytes(MAGIC))], &[])],
    summary: Some(summary),
    ..Layer::new("DHCP", "DHCP options", &[Field::custom("options", &OptionsCodec)])
};

fn summary(context: &Context<'_>, _env: &dyn Env) -> String {
    let Value::List(options) = context.value("options") else { return "DHCP ".into() };
    let kind = options.iter().find_map(|option| match option {
        Value::Tuple(pair) if pair.first() == Some(&Value::from("message-type")) => pair.get(1).cloned(),
        _ => None,
    });
    let kind = match kind {
        Some(Value::Int(n)) => OptionForm::message_type(n as u64).unwrap_or_default().to_string(),
        Some(Value::Str(name)) => name,
        _ => String::new(),
    };
    let mut title = String::new();
    for word in kind.split('_') {
        let mut letters = word.chars();
        title.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        title.extend(letters);
    }
    format!("DHCP {title}")
}

/// The client's hardware address, padded to sixteen bytes.
struct HardwareAddress;

impl Codec for HardwareAddress {
    fn class(&self) -> &'static str {
        "_BOOTP_chaddr"
    }
    fn init(&self) -> Value {
        Value::Bytes(Vec::new())
    }
    fn decode(&self, layer: &[u8], at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let bytes = layer.get(at..at + 16).ok_or(ParseError::truncated(BOOTP.name, at + 16, layer.len()))?;
        Ok((Value::Bytes(bytes.to_vec()), 16))
    }
    fn encode(&self, value: &Value, _: &Context<'_>, _: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        let start = out.len();
        out.extend(value.as_bytes().unwrap_or(&[]).iter().take(16));
        out.resize(start + 16, 0);
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Mac(mac) => Ok(Value::Bytes(mac.octets().to_vec())),
            Value::Str(text) => Ok(Value::Bytes(match text.parse::<vigie_wire::MacAddr>() {
                Ok(mac) => mac.octets().to_vec(),
                Err(_) => text.into_bytes(),
            })),
            Value::Bytes(_) => Ok(value),
            _ => Err(FieldError::expected("a MAC address or bytes")),
        }
    }
    fn shown(&self, value: &Value, context: &Context<'_>, _env: &dyn Env) -> String {
        let bytes = value.as_bytes().unwrap_or(&[]);
        let is_ethernet = context.uint("htype") == 1;
        if !is_ethernet {
            let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |i| i + 1);
            return repr::bytes(&bytes[..end]);
        }
        let mut out = String::new();
        for (i, byte) in bytes.iter().take(6).enumerate() {
            let _ = write!(out, "{}{byte:02x}", if i > 0 { ":" } else { "" });
        }
        let rest = bytes.get(6..).unwrap_or(&[]);
        if rest.iter().all(|b| *b == 0) && !rest.is_empty() {
            let _ = write!(out, " (+ {} nul pad)", rest.len());
        } else {
            let _ = write!(out, " (pad: {})", repr::bytes(rest));
        }
        out
    }
}

/// Text in a field of fixed length; trailing zeros are not shown.
struct PaddedText(usize);

impl Codec for PaddedText {
    fn class(&self) -> &'static str {
        "StrFixedLenField"
    }
    fn init(&self) -> Value {
        Value::Bytes(Vec::new())
    }
    fn decode(&self, layer: &[u8], at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let bytes = layer.get(at..at + self.0).ok_or(ParseError::truncated(BOOTP.name, at + self.0, layer.len()))?;
        Ok((Value::Bytes(bytes.to_vec()), self.0))
    }
    fn encode(&self, value: &Value, _: &Context<'_>, _: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        let start = out.len();
        out.extend(value.as_bytes().unwrap_or(&[]).iter().take(self.0));
        out.resize(start + self.0, 0);
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Str(text) => Ok(Value::Bytes(text.into_bytes())),
            Value::Bytes(_) => Ok(value),
            _ => Err(FieldError::expected("bytes or text")),
        }
    }
    fn text(&self, value: &Value, _env: &dyn Env) -> String {
        let bytes = value.as_bytes().unwrap_or(&[]);
        let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |i| i + 1);
        repr::bytes(&bytes[..end])
    }
}

/// BOOTP's vendor area: the magic cookie if DHCP's options follow, otherwise all remaining bytes.
struct Magic;

impl Codec for Magic {
    fn class(&self) -> &'static str {
        "StrEnumField"
    }
    fn init(&self) -> Value {
        Value::Bytes(Vec::new())
    }
    fn decode(&self, layer: &[u8], at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let rest = layer.get(at..).unwrap_or(&[]);
        let bytes = if rest.starts_with(MAGIC) { &rest[..4] } else { rest };
        Ok((Value::Bytes(bytes.to_vec()), bytes.len()))
    }
    fn encode(&self, value: &Value, _: &Context<'_>, _: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        out.extend_from_slice(value.as_bytes().unwrap_or(&[]));
        Ok(())
    }
    fn accept(&self, value: Value, env: &dyn Env) -> Result<Value, FieldError> {
        PaddedText(0).accept(value, env)
    }
    fn text(&self, value: &Value, _env: &dyn Env) -> String {
        let bytes = value.as_bytes().unwrap_or(&[]);
        let note = if bytes == MAGIC { " (DHCP magic)" } else { "" };
        format!("{}{note}", repr::bytes(bytes))
    }
}

/// Codec of the field `options`: pairs like `("message-type", "discover")`, and the words `"end"` and `"pad"`.
struct OptionsCodec;

impl Codec for OptionsCodec {
    fn class(&self) -> &'static str {
        "DHCPOptionsField"
    }
    fn init(&self) -> Value {
        Value::List(Vec::new())
    }
    fn listed(&self, _env: &dyn Env) -> String {
        "b''".into()
    }

    fn is_list(&self) -> bool {
        true
    }
    fn measure(&self, layer: &[u8], at: usize, _scope: &Context<'_>) -> Result<usize, ParseError> {
        Ok(layer.len().saturating_sub(at))
    }
    fn decode(&self, layer: &[u8], at: usize, _scope: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let bytes = layer.get(at..).unwrap_or(&[]);
        Ok((Value::List(read(bytes)), bytes.len()))
    }
    fn encode(&self, value: &Value, _: &Context<'_>, env: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        match value {
            Value::List(items) => items.iter().try_for_each(|item| write(item, env, out)),
            value => {
                out.extend_from_slice(value.as_bytes().unwrap_or(&[]));
                Ok(())
            }
        }
    }
    fn accept(&self, value: Value, env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::List(items) => {
                items.iter().try_for_each(|item| write(item, env, &mut Vec::new()))?;
                Ok(Value::List(items))
            }
            Value::Bytes(_) => Ok(value),
            _ => Err(FieldError::expected("a list of options like [('message-type', 'discover'), 'end']")),
        }
    }
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        let Value::List(items) = value else { return repr::value(value, env) };
        let mut out = String::from("[");
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            out.push_str(&option_text(item, env));
        }
        out.push(']');
        out
    }
}

fn option_text(option: &Value, env: &dyn Env) -> String {
    match option {
        Value::Tuple(items) => {
            let name = match items.first() {
                Some(Value::Str(name)) => name.clone(),
                Some(other) => repr::value(other, env),
                None => String::new(),
            };
            let is_type = name == "message-type";
            let texts: Vec<String> = items
                .iter()
                .skip(1)
                .map(|value| match value {
                    Value::Int(n) if is_type => {
                        OptionForm::message_type(*n as u64).map_or_else(|| n.to_string(), ToString::to_string)
                    }
                    Value::Ipv4(addr) => addr.to_string(),
                    Value::Str(text) if text.parse::<Ipv4Addr>().is_ok() => text.clone(),
                    value => repr::value(value, env),
                })
                .collect();
            format!("{name}={}", texts.join(","))
        }
        Value::Str(word) => word.clone(),
        Value::Bytes(bytes) => letters(bytes),
        other => repr::value(other, env),
    }
}

fn read(mut bytes: &[u8]) -> Vec<Value> {
    let mut options = Vec::new();
    while let Some((&code, after)) = bytes.split_first() {
        match code {
            0 => options.push(Value::from("pad")),
            255 => options.push(Value::from("end")),
            _ => {
                let data = after.split_first().and_then(|(len, data)| data.split_at_checked(usize::from(*len)));
                let Some((data, rest)) = data.filter(|(data, _)| !(data.is_empty() && code == 53)) else {
                    options.push(Value::Bytes(bytes.to_vec()));
                    break;
                };
                let known = OPTIONS.iter().find(|(c, ..)| *c == code);
                let name = known.map_or(Value::Int(code.into()), |(_, name, _)| Value::from(*name));
                let form = known.map_or(OptionForm::Bytes, |(.., form)| *form);
                let mut option = alloc::vec![name];
                option.extend(form.read(data));
                options.push(Value::Tuple(option));
                bytes = rest;
                continue;
            }
        }
        bytes = after;
    }
    options
}

fn write(option: &Value, env: &dyn Env, out: &mut Vec<u8>) -> Result<(), FieldError> {
    match option {
        Value::Str(word) if word == "end" => out.push(255),
        Value::Str(word) if word == "pad" => out.push(0),
        Value::Bytes(bytes) => out.extend_from_slice(bytes),
        Value::Tuple(items) => {
            let (name, values) = items.split_first().ok_or(FieldError::expected("an option's name and value"))?;
            let (code, form) = match name {
                Value::Str(name) => OPTIONS
                    .iter()
                    .find(|(_, n, _)| n == name)
                    .map(|(code, _, form)| (*code, *form))
                    .ok_or_else(|| FieldError::new(FieldProblem::UnknownName(name.clone())))?,
                Value::Int(n @ 1..=254) => {
                    let code = *n as u8;
                    let known = OPTIONS.iter().find(|(c, ..)| *c == code);
                    (code, known.map_or(OptionForm::Bytes, |(.., form)| *form))
                }
                _ => return Err(FieldError::expected("an option's name or number")),
            };
            let mut data = Vec::new();
            values.iter().try_for_each(|value| form.write(value, env, &mut data))?;
            let len = u8::try_from(data.len())
                .map_err(|_| FieldError::new(FieldProblem::TooLong { len: data.len(), max: 255 }))?;
            out.extend_from_slice(&[code, len]);
            out.extend_from_slice(&data);
        }
        _ => return Err(FieldError::expected("an option, 'end' or 'pad'")),
    }
    Ok(())
}

