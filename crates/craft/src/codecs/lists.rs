//! Lists of addresses and of numbers.

use crate::env::Env;
use crate::error::FieldError;
use crate::model::{Codec, Context};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};
use vigie_wire::ParseError;

/// Returns the length of a list in bytes, given the number of bytes left.
pub type ListLen = fn(&Context<'_>, usize) -> usize;

/// A list of IP addresses of one family.
pub struct AddressList {
    /// Whether the addresses are IPv6.
    pub ipv6: bool,
    /// Returns the length of the list in bytes.
    pub len: ListLen,
}

impl AddressList {
    /// Bytes of one address.
    const fn size(&self) -> usize {
        if self.ipv6 { 16 } else { 4 }
    }
}

/// A list of unsigned integers.
pub struct UintList {
    /// Bytes of one number.
    pub size: usize,
    /// Returns the length of the list in bytes.
    pub len: ListLen,
    /// Names of values.
    pub names: &'static [(u64, &'static str)],
    /// Default.
    pub init: &'static [u64],
    /// Class in listings.
    pub class: &'static str,
    /// Padded to a multiple of this number of bytes.
    pub align: usize,
    /// Whether numbers are shown in hexadecimal.
    pub hex: bool,
}

fn slice<'a>(len: ListLen, layer: &'a [u8], at: usize, context: &Context<'_>) -> &'a [u8] {
    let left = layer.get(at..).unwrap_or(&[]);
    &left[..len(context, left.len()).min(left.len())]
}

fn items_of(value: &Value) -> &[Value] {
    match value {
        Value::List(items) | Value::Tuple(items) => items,
        _ => &[],
    }
}

fn joined(items: &[Value], env: &dyn Env) -> String {
    let texts: Vec<String> = items.iter().map(|item| plain(item, env)).collect();
    texts.join(", ")
}

/// Returns a value without quotes.
fn plain(value: &Value, env: &dyn Env) -> String {
    match value {
        Value::Ipv4(addr) => addr.to_string(),
        Value::Ipv6(addr) => addr.to_string(),
        Value::Str(text) => text.clone(),
        _ => repr::value(value, env),
    }
}

fn each(
    value: Value,
    one: impl Fn(Value) -> Option<Value>,
    expected: &'static str,
) -> Result<Value, FieldError> {
    let items = match value {
        Value::List(items) | Value::Tuple(items) => items,
        single => alloc::vec![single],
    };
    let items: Option<Vec<Value>> = items.into_iter().map(one).collect();
    items.map(Value::List).ok_or(FieldError::expected(expected))
}

impl Codec for AddressList {
    fn class(&self) -> &'static str {
        if self.ipv6 {
            "IP6ListField"
        } else {
            "FieldListField"
        }
    }
    fn init(&self) -> Value {
        Value::List(Vec::new())
    }
    fn is_list(&self) -> bool {
        true
    }
    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        Ok(slice(self.len, layer, at, context).len() / self.size() * self.size())
    }
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        context: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let bytes = slice(self.len, layer, at, context);
        let addresses: Vec<Value> = if self.ipv6 {
            let (chunks, _) = bytes.as_chunks::<16>();
            chunks
                .iter()
                .map(|c| Value::Ipv6(Ipv6Addr::from(*c)))
                .collect()
        } else {
            let (chunks, _) = bytes.as_chunks::<4>();
            chunks
                .iter()
                .map(|c| Value::Ipv4(Ipv4Addr::from(*c)))
                .collect()
        };
        let len = addresses.len() * self.size();
        Ok((Value::List(addresses), len))
    }
    fn encode(
        &self,
        value: &Value,
        _: &Context<'_>,
        _: &dyn Env,
        _: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        for item in items_of(value) {
            match item {
                Value::Ipv4(addr) if !self.ipv6 => out.extend_from_slice(&addr.octets()),
                Value::Ipv6(addr) if self.ipv6 => out.extend_from_slice(&addr.octets()),
                _ => {}
            }
        }
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        let one = |item| match item {
            Value::Ipv4(_) if !self.ipv6 => Some(item),
            Value::Ipv6(_) if self.ipv6 => Some(item),
            Value::Str(text) if self.ipv6 => text.parse().ok().map(Value::Ipv6),
            Value::Str(text) => text.parse().ok().map(Value::Ipv4),
            _ => None,
        };
        let expected = if self.ipv6 {
            "a list of IPv6 addresses"
        } else {
            "a list of IPv4 addresses"
        };
        each(value, one, expected)
    }
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        let addresses = joined(items_of(value), env);
        if self.ipv6 {
            format!("[ {addresses} ]")
        } else {
            format!("[{addresses}]")
        }
    }
}

impl Codec for UintList {
    fn class(&self) -> &'static str {
        self.class
    }
    fn init(&self) -> Value {
        Value::List(self.init.iter().map(|n| Value::Int((*n).into())).collect())
    }
    fn is_list(&self) -> bool {
        true
    }
    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        let len = slice(self.len, layer, at, context).len() / self.size * self.size;
        Ok(len
            .next_multiple_of(self.align.max(1))
            .min(layer.len().saturating_sub(at)))
    }
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        context: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let numbers = slice(self.len, layer, at, context)
            .chunks_exact(self.size)
            .map(|chunk| Value::Int(chunk.iter().fold(0i128, |n, b| n << 8 | i128::from(*b))))
            .collect();
        Ok((Value::List(numbers), self.measure(layer, at, context)?))
    }
    fn encode(
        &self,
        value: &Value,
        _: &Context<'_>,
        _: &dyn Env,
        _: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let start = out.len();
        for item in items_of(value) {
            out.extend_from_slice(&item.as_uint().unwrap_or(0).to_be_bytes()[8 - self.size..]);
        }
        let len = out.len() - start;
        out.resize(start + len.next_multiple_of(self.align.max(1)), 0);
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        let max = (1i128 << (8 * self.size)) - 1;
        let one = |item| match item {
            Value::Int(n) if (0..=max).contains(&n) => Some(item),
            Value::Str(name) => self
                .names
                .iter()
                .find(|(_, n)| *n == name)
                .map(|(value, _)| Value::Int((*value).into())),
            _ => None,
        };
        each(value, one, "a list of numbers")
    }
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        let name = |item: &Value| match self.names.iter().find(|(n, _)| Some(*n) == item.as_uint())
        {
            Some((_, name)) => (*name).to_string(),
            None if self.hex => format!("{:#x}", item.as_uint().unwrap_or(0)),
            None => plain(item, env),
        };
        let texts: Vec<String> = items_of(value).iter().map(name).collect();
        format!("[{}]", texts.join(", "))
    }
}
