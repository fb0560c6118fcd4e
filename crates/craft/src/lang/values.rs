//! The functions that inspect and make values: `bytes`, `len`, `list`, `range` and similar.

use super::call::Arguments;
use super::error::{LangError, LangProblem};
use super::eval::{MAX_ITEMS, Session};
use super::functions::items;
use super::object::{Object, from_layer};
use crate::packet::{Packet, hexdump};
use crate::value::{Net, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Returns the argument of `bytes()` as bytes.
fn as_bytes(session: &Session<'_>, arguments: &Arguments) -> Result<Vec<u8>, LangError> {
    let (value, at) = arguments.one()?;
    match value {
        Object::Packet(stack, from) => from_layer(&stack.borrow().packet, *from)
            .build(&*session.runtime)
            .map_err(|error| LangError::new(at.clone(), LangProblem::Field(error))),
        Object::Layer(id) => Packet::new(*id)
            .build(&*session.runtime)
            .map_err(|error| LangError::new(at.clone(), LangProblem::Field(error))),
        Object::Bytes(bytes) => Ok(bytes.clone()),
        Object::Str(text) => Ok(text.clone().into_bytes()),
        Object::Int(n @ 0..=1_000_000) => Ok(alloc::vec![0; *n as usize]),
        Object::List(items) => {
            let byte = |item: &Object| item.as_int().and_then(|n| u8::try_from(n).ok());
            items
                .borrow()
                .iter()
                .map(byte)
                .collect::<Option<_>>()
                .ok_or_else(|| arguments.wrong(at))
        }
        _ => Err(arguments.wrong(at)),
    }
}

pub(super) fn run_bytes(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    as_bytes(session, arguments).map(Object::Bytes)
}

pub(super) fn run_hexdump(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    arguments.only(&["dump"])?;
    let text = hexdump(&as_bytes(session, arguments)?);
    if arguments
        .get("dump")
        .is_some_and(|(value, _)| value.is_true())
    {
        return Ok(Object::Str(text));
    }
    session.runtime.print(&(text + "\n"));
    Ok(Object::None)
}

pub(super) fn run_len(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    let (value, at) = arguments.one()?;
    let len = match value {
        Object::Packet(..) => as_bytes(session, arguments)?.len(),
        Object::Str(text) => text.chars().count(),
        Object::Net(net) => return Ok(Object::Int(i128::try_from(net.len()).unwrap_or(i128::MAX))),
        Object::Pairs(list) => list.items.len(),
        Object::Packets(list) => list.items.len(),
        Object::Bytes(bytes) => bytes.len(),
        Object::List(items) => items.borrow().len(),
        Object::Tuple(items) => items.len(),
        _ => return Err(arguments.wrong(at)),
    };
    Ok(Object::Int(len as i128))
}

pub(super) fn run_list(
    _session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    if arguments.positional.is_empty() {
        return Ok(Object::list(Vec::new()));
    }
    items(arguments).map(Object::list)
}

pub(super) fn run_range(_: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    arguments.at_most(3)?;
    let numbers: Option<Vec<i128>> = arguments
        .positional
        .iter()
        .map(|(value, _)| value.as_int())
        .collect();
    let (start, stop, step) = match numbers.as_deref() {
        Some([stop]) => (0, *stop, 1),
        Some([start, stop]) => (*start, *stop, 1),
        Some([start, stop, step]) if *step != 0 => (*start, *stop, *step),
        _ => return Err(arguments.wrong(&arguments.at)),
    };
    let mut numbers = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        if numbers.len() as u64 >= MAX_ITEMS {
            return Err(LangError::new(
                arguments.at.clone(),
                LangProblem::TooMany(MAX_ITEMS),
            ));
        }
        numbers.push(Object::Int(at));
        at = at.saturating_add(step);
    }
    Ok(Object::list(numbers))
}

pub(super) fn run_int(_: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    arguments.at_most(2)?;
    let wrong = || arguments.wrong(&arguments.at);
    let number = match &arguments.positional[..] {
        [(Object::Str(text), _)] => text.trim().parse().ok(),
        [(Object::Str(text), _), (base, _)] => {
            let base = base
                .as_int()
                .and_then(|b| u32::try_from(b).ok())
                .filter(|b| (2..=36).contains(b))
                .ok_or_else(wrong)?;
            let digits = text
                .trim()
                .trim_start_matches("0x")
                .trim_start_matches("0b")
                .trim_start_matches("0o");
            i128::from_str_radix(digits, base).ok()
        }
        [(Object::Float(n), _)] if libm::fabs(*n) < 1e30 => Some(*n as i128),
        [(value, _)] => value.as_int(),
        _ => None,
    };
    number.map(Object::Int).ok_or_else(wrong)
}

pub(super) fn run_hex(_: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    let (value, at) = arguments.one()?;
    match value.as_int() {
        Some(n) if n < 0 => Ok(Object::Str(format!("-{:#x}", n.unsigned_abs()))),
        Some(n) => Ok(Object::Str(format!("{n:#x}"))),
        None => Err(arguments.wrong(at)),
    }
}

pub(super) fn run_chr(_: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    let (value, at) = arguments.one()?;
    let letter = value
        .as_int()
        .and_then(|n| u32::try_from(n).ok())
        .and_then(char::from_u32);
    letter
        .map(|c| Object::Str(c.into()))
        .ok_or_else(|| arguments.wrong(at))
}

pub(super) fn run_ord(_: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    let (value, at) = arguments.one()?;
    match value {
        Object::Str(text) if text.chars().count() == 1 => {
            Ok(Object::Int(text.chars().next().map_or(0, u32::from).into()))
        }
        _ => Err(arguments.wrong(at)),
    }
}

pub(super) fn run_print(
    session: &mut Session<'_>,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    arguments.only(&[])?;
    let texts: Vec<String> = arguments
        .positional
        .iter()
        .map(|(value, _)| value.text(&*session.runtime))
        .collect();
    session.runtime.print(&(texts.join(" ") + "\n"));
    Ok(Object::None)
}

pub(super) fn run_net(_: &mut Session<'_>, arguments: &Arguments) -> Result<Object, LangError> {
    let (value, at) = arguments.one()?;
    let net = match value.to_value() {
        Some(Value::Str(text)) => Net::parse(&text).or_else(|| {
            let addr: core::net::IpAddr = text.parse().ok()?;
            Some(Net {
                addr,
                prefix: if addr.is_ipv4() { 32 } else { 128 },
            })
        }),
        Some(Value::Net(net)) => Some(net),
        _ => None,
    };
    net.map(Object::Net).ok_or_else(|| arguments.wrong(at))
}
