//! TCP options (RFC 9293 section 3.2, RFC 7323, RFC 2018) as the field `options` of a packet: pairs of name and value.

use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::model::{Codec, Context};
use crate::value::Value;
use alloc::string::String;
use alloc::vec::Vec;
use vigie_wire::ParseError;
use vigie_wire::tcp::option;

/// Encoding of an option's data.
#[derive(Clone, Copy)]
enum Form {
    /// No data; the value is `None`.
    Nothing,
    /// No data; the value is empty bytes.
    Flag,
    /// One integer with this number of bytes.
    One(usize),
    /// This number of integers, each with this number of bytes.
    Many(usize, usize),
    /// A one-byte integer and a two-byte integer.
    ByteShort,
    /// Any number of 32-bit integers.
    Words,
    /// Bytes.
    Bytes,
}

/// The options with names: kind, name, encoding.
const NAMED: &[(u8, &str, Form)] = &[
    (0, "EOL", Form::Nothing),
    (1, "NOP", Form::Nothing),
    (2, "MSS", Form::One(2)),
    (3, "WScale", Form::One(1)),
    (4, "SAckOK", Form::Flag),
    (5, "SAck", Form::Words),
    (8, "Timestamp", Form::Many(2, 4)),
    (14, "AltChkSum", Form::ByteShort),
    (15, "AltChkSumOpt", Form::Bytes),
    (19, "MD5", Form::Bytes),
    (25, "Mood", Form::Bytes),
    (28, "UTO", Form::One(2)),
    (29, "AO", Form::Bytes),
    (34, "TFO", Form::Many(2, 4)),
];

/// Codec of the field `options`: a list of pairs like `("MSS", 1460)`.
pub(super) struct OptionsCodec;

impl Codec for OptionsCodec {
    fn class(&self) -> &'static str {
        "TCPOptionsField"
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

    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        context: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let len = self.measure(layer, at, context)?;
        Ok((
            Value::List(read(layer.get(at..at + len).unwrap_or(&[]))),
            len,
        ))
    }

    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        let header = context.uint("dataofs") as usize * 4;
        Ok(header
            .saturating_sub(at)
            .min(layer.len().saturating_sub(at)))
    }

    fn encode(
        &self,
        value: &Value,
        _scope: &Context<'_>,
        _env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        match value {
            Value::List(items) => items.iter().try_for_each(|item| write(item, out))?,
            Value::Bytes(bytes) => out.extend_from_slice(bytes),
            _ => {}
        }
        // The data offset counts words of 4 bytes. Options that do not fit in it are written anyway, for malformed packets.
        out.resize(start + (out.len() - start).next_multiple_of(4), 0);
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        const EXPECTED: &str = "a list of options like [('MSS', 1460), ('NOP', None)]";
        match value {
            Value::Str(text) => Ok(Value::Bytes(text.into_bytes())),
            Value::Bytes(_) => Ok(value),
            Value::List(items) => {
                for item in &items {
                    let Value::Tuple(pair) = item else {
                        return Err(FieldError::expected(EXPECTED));
                    };
                    let [kind, data] = &pair[..] else {
                        return Err(FieldError::expected(EXPECTED));
                    };
                    let (kind, form) = kind_of(kind)?;
                    let mut scratch = Vec::new();
                    write_data(kind, form, data, &mut scratch)?;
                }
                Ok(Value::List(items))
            }
            _ => Err(FieldError::expected(EXPECTED)),
        }
    }
}

fn kind_of(kind: &Value) -> Result<(u8, Form), FieldError> {
    match kind {
        Value::Str(name) => NAMED
            .iter()
            .find(|(_, n, _)| n == name)
            .map(|(kind, _, form)| (*kind, *form))
            .ok_or_else(|| FieldError::new(FieldProblem::UnknownName(name.clone()))),
        Value::Int(n) => match u8::try_from(*n) {
            Ok(kind @ (0 | 1)) => Ok((kind, Form::Nothing)),
            Ok(kind) => Ok((kind, Form::Bytes)),
            Err(_) => Err(FieldError::new(FieldProblem::OutOfRange {
                value: *n,
                min: 0,
                max: 255,
            })),
        },
        _ => Err(FieldError::expected("an option's name or number")),
    }
}

fn write(option: &Value, out: &mut Vec<u8>) -> Result<(), FieldError> {
    let Value::Tuple(pair) = option else {
        return Err(FieldError::expected("an option"));
    };
    let [kind, data] = &pair[..] else {
        return Err(FieldError::expected("an option"));
    };
    let (kind, form) = kind_of(kind)?;
    write_data(kind, form, data, out)
}

fn write_data(kind: u8, form: Form, data: &Value, out: &mut Vec<u8>) -> Result<(), FieldError> {
    out.push(kind);
    if matches!(form, Form::Nothing) {
        return Ok(());
    }
    let length_at = out.len();
    out.push(0);
    match (form, data) {
        (_, Value::Bytes(bytes)) => out.extend_from_slice(bytes),
        (_, Value::Str(text)) => out.extend_from_slice(text.as_bytes()),
        (_, Value::None) => {}
        (Form::One(size), Value::Int(n)) => put(*n, size, out)?,
        (Form::Many(count, size), Value::Tuple(items) | Value::List(items))
            if items.len() == count =>
        {
            numbers(items, size, out)?;
        }
        (Form::Words, Value::Tuple(items) | Value::List(items)) => numbers(items, 4, out)?,
        (Form::ByteShort, Value::Tuple(items) | Value::List(items)) if items.len() == 2 => {
            numbers(&items[..1], 1, out)?;
            numbers(&items[1..], 2, out)?;
        }
        (Form::One(_), _) => return Err(FieldError::expected("a number as the option's value")),
        (Form::Many(..) | Form::Words | Form::ByteShort, _) => {
            return Err(FieldError::expected(
                "a tuple of numbers as the option's value",
            ));
        }
        _ => return Err(FieldError::expected("bytes as the option's value")),
    }
    let len = out.len() - length_at + 1;
    out[length_at] =
        u8::try_from(len).map_err(|_| FieldError::new(FieldProblem::TooLong { len, max: 255 }))?;
    Ok(())
}

fn numbers(items: &[Value], size: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
    items.iter().try_for_each(|item| match item {
        Value::Int(n) => put(*n, size, out),
        _ => Err(FieldError::expected(
            "a tuple of numbers as the option's value",
        )),
    })
}

fn put(n: i128, size: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
    let max = (1i128 << (8 * size)) - 1;
    if !(0..=max).contains(&n) {
        return Err(FieldError::new(FieldProblem::OutOfRange {
            value: n,
            min: 0,
            max,
        }));
    }
    out.extend_from_slice(&n.to_be_bytes()[16 - size..]);
    Ok(())
}

fn read(mut bytes: &[u8]) -> Vec<Value> {
    let mut options = Vec::new();
    while let Some((&kind, after)) = bytes.split_first() {
        let named = NAMED.iter().find(|(k, ..)| *k == kind);
        let name = named.map_or(Value::Int(kind.into()), |(_, name, _)| {
            Value::Str(String::from(*name))
        });
        if kind <= option::NOP {
            options.push(Value::Tuple(alloc::vec![name, Value::None]));
            if kind == option::EOL {
                break;
            }
            bytes = after;
            continue;
        }
        // An option with an impossible length is read as 2 bytes, kind and length.
        let len = usize::from(after.first().copied().unwrap_or(0)).max(2);
        let data = bytes.get(2..len.min(bytes.len())).unwrap_or(&[]);
        let form = named.map_or(Form::Bytes, |(_, _, form)| *form);
        options.push(Value::Tuple(alloc::vec![name, read_data(form, data)]));
        bytes = bytes.get(len..).unwrap_or(&[]);
    }
    options
}

fn read_data(form: Form, data: &[u8]) -> Value {
    let number =
        |bytes: &[u8]| Value::Int(bytes.iter().fold(0i128, |n, b| n << 8 | i128::from(*b)));
    match form {
        Form::One(size) if data.len() == size => number(data),
        Form::Many(count, size) if data.len() == count * size => {
            Value::Tuple(data.chunks(size).map(number).collect())
        }
        Form::ByteShort if data.len() == 3 => {
            Value::Tuple(alloc::vec![number(&data[..1]), number(&data[1..])])
        }
        Form::Words if data.len().is_multiple_of(4) => {
            Value::Tuple(data.chunks(4).map(number).collect())
        }
        _ => Value::Bytes(data.to_vec()),
    }
}
