//! Checks and converts values that are assigned to fields.

use super::Instance;
use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::model::{Context, Field, FieldKind, ValueNames};
use crate::value::{Net, Value};
use core::net::IpAddr;
use vigie_wire::MacAddr;

impl Instance {
    /// Returns the value as the field holds it.
    pub(super) fn accept(
        &self,
        index: usize,
        value: Value,
        env: &dyn Env,
    ) -> Result<Value, FieldError> {
        let field = &self.layer().fields[index];
        match value {
            Value::None => return Ok(Value::None),
            Value::List(items) if !field.is_list() => {
                let items: Result<_, _> = items
                    .into_iter()
                    .map(|item| self.accept(index, item, env))
                    .collect();
                return Ok(Value::List(items?));
            }
            _ => {}
        }
        match field.kind {
            FieldKind::Uint | FieldKind::Hex | FieldKind::Int | FieldKind::Flags(_) => {
                self.accept_number(field, value, env)
            }
            FieldKind::Ipv4 => accept_ip(value, env, false),
            FieldKind::Ipv6 => accept_ip(value, env, true),
            FieldKind::Mac => match value {
                Value::Mac(_) => Ok(value),
                Value::Str(text) => text
                    .parse::<MacAddr>()
                    .map(Value::Mac)
                    .map_err(|_| FieldError::expected("a MAC address")),
                _ => Err(FieldError::expected("a MAC address")),
            },
            FieldKind::Bytes(_) => match value {
                Value::Bytes(_) => Ok(value),
                Value::Str(text) => Ok(Value::Bytes(text.into_bytes())),
                Value::Packet(packet) => packet.build(env).map(Value::Bytes),
                _ => Err(FieldError::expected("bytes or text")),
            },
            FieldKind::Custom(codec) => codec.accept(value, env),
        }
    }

    fn accept_number(
        &self,
        field: &Field,
        value: Value,
        env: &dyn Env,
    ) -> Result<Value, FieldError> {
        let (min, max) = match field.kind {
            FieldKind::Int => (
                -(1i128 << (field.bits - 1)),
                (1i128 << (field.bits - 1)) - 1,
            ),
            _ => (0, (1i128 << field.bits) - 1),
        };
        let fits = |n: i128| {
            if (min..=max).contains(&n) {
                Ok(n)
            } else {
                Err(FieldError::new(FieldProblem::OutOfRange {
                    value: n,
                    min,
                    max,
                }))
            }
        };
        match value {
            Value::Int(n) => fits(n).map(Value::Int),
            Value::Range(low, high) => Ok(Value::Range(fits(low)?, fits(high)?)),
            Value::Tuple(items) => match items[..] {
                [Value::Int(low), Value::Int(high)] => Ok(Value::Range(fits(low)?, fits(high)?)),
                _ => Err(FieldError::expected("a number, or a range like (80, 90)")),
            },
            Value::Str(name) => {
                let number = match field.kind {
                    FieldKind::Flags(letters) => flags_from(letters, &name),
                    _ => self.number_named(field, &name, env),
                };
                number
                    .map(|n| Value::Int(n.into()))
                    .ok_or(FieldError::new(FieldProblem::UnknownName(name)))
            }
            _ => Err(FieldError::expected("a number")),
        }
    }

    fn number_named(&self, field: &Field, name: &str, env: &dyn Env) -> Option<u64> {
        let in_table = |table: &[(u64, &str)]| {
            table
                .iter()
                .find(|(_, n)| *n == name)
                .map(|(value, _)| *value)
        };
        match field.names {
            ValueNames::None => None,
            ValueNames::Table(table) => in_table(table),
            ValueNames::By(table) => in_table(table(&Context {
                stack: core::slice::from_ref(self),
                at: 0,
            })),
            ValueNames::Service(service) => env.service_port(service, name).map(u64::from),
        }
    }
}

fn accept_ip(value: Value, env: &dyn Env, ipv6: bool) -> Result<Value, FieldError> {
    let expected = if ipv6 {
        "an IPv6 address or network"
    } else {
        "an IPv4 address or network"
    };
    match value {
        Value::Ipv4(_) if !ipv6 => Ok(value),
        Value::Ipv6(_) if ipv6 => Ok(value),
        Value::Net(net) if net.addr.is_ipv6() == ipv6 => Ok(value),
        Value::Str(text) => {
            if let Some(net) = Net::parse(&text) {
                return accept_ip(Value::Net(net), env, ipv6);
            }
            match text.parse::<IpAddr>() {
                Ok(addr) => accept_ip(addr.into(), env, ipv6),
                Err(_) => match env.resolve(&text, ipv6) {
                    Some(addr) => accept_ip(addr.into(), env, ipv6),
                    None => Err(FieldError::new(FieldProblem::UnknownHost(text.clone()))),
                },
            }
        }
        _ => Err(FieldError::expected(expected)),
    }
}

/// Returns the bits of flags that are written as letters (`SA`) or as names joined by `+` (`DF+MF`).
fn flags_from(letters: &[&str], text: &str) -> Option<u64> {
    let bit = |name: &str| {
        letters
            .iter()
            .position(|letter| *letter == name)
            .map(|bit| 1u64 << bit)
    };
    if text.is_empty() {
        return Some(0);
    }
    if letters.iter().all(|letter| letter.len() == 1) {
        let mut letter = [0; 4];
        text.chars()
            .filter(|c| *c != '+')
            .try_fold(0, |all, c| Some(all | bit(c.encode_utf8(&mut letter))?))
    } else {
        text.split('+')
            .try_fold(0, |all, name| Some(all | bit(name)?))
    }
}
