//! Methods of values.

use super::call::Arguments;
use super::error::{LangError, LangProblem};
use super::eval::Session;
use super::object::{Object, Stack, from_layer};
use super::operators::MAX_LAYERS;
use crate::env::Env;
use crate::error::FieldError;
use crate::layers;
use crate::packet::Packet;
use crate::reply_match;
use crate::value::Value;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt::Write as _;

/// Methods and attributes of packets, besides their fields.
pub const PACKET_METHODS: &[&str] = &[
    "show",
    "show2",
    "summary",
    "command",
    "copy",
    "haslayer",
    "getlayer",
    "lastlayer",
    "layers",
    "build",
    "answers",
    "add_payload",
    "remove_payload",
    "payload",
    "underlayer",
    "name",
    "time",
];

/// Methods of lists of packets and answers.
pub const LIST_METHODS: &[&str] = &["show", "summary", "nsummary", "hexdump"];

const BYTES_METHODS: &[&str] = &["hex", "decode"];
const TEXT_METHODS: &[&str] = &["encode", "upper", "lower", "strip", "split"];
const ITEMS_METHODS: &[&str] = &["append", "extend"];
const FUNCTION_METHODS: &[&str] = &["fromhex"];

/// Attributes of packets that are not called.
pub(super) const PACKET_ATTRIBUTES: &[&str] = &["payload", "underlayer", "name", "time"];

pub(super) fn methods_of(value: &Object) -> &'static [&'static str] {
    match value {
        Object::Packet(..) => PACKET_METHODS,
        Object::Packets(_) | Object::Pairs(_) => LIST_METHODS,
        Object::Bytes(_) => BYTES_METHODS,
        Object::Str(_) => TEXT_METHODS,
        Object::List(_) => ITEMS_METHODS,
        Object::Function(function) if function.name == "bytes" => FUNCTION_METHODS,
        _ => &[],
    }
}

/// Returns the method called `name`, if the value has it.
pub(super) fn method(value: &Object, name: &str) -> Option<&'static str> {
    let method = methods_of(value)
        .iter()
        .copied()
        .find(|method| *method == name);
    method.filter(|method| {
        !matches!(value, Object::Packet(..)) || !PACKET_ATTRIBUTES.contains(method)
    })
}

/// Calls a method.
pub(super) fn call(
    session: &mut Session<'_>,
    of: &Object,
    name: &'static str,
    mut arguments: Arguments,
) -> Result<Object, LangError> {
    arguments.function = name;
    arguments.takes = match name {
        "haslayer" | "getlayer" => "a layer",
        "answers" | "add_payload" => "a packet",
        "append" | "extend" | "split" | "fromhex" => "one value",
        "show" | "show2" | "hexdump" | "summary" | "nsummary" => {
            "nothing, or dump=True for the text"
        }
        _ => "nothing",
    };
    match of {
        Object::Packet(stack, from) => packet_method(session, stack, *from, name, &arguments),
        Object::Packets(_) | Object::Pairs(_) => list_method(session, of, name, &arguments),
        Object::Bytes(bytes) => match name {
            "hex" => Ok(Object::Str(bytes.iter().fold(
                String::new(),
                |mut out, b| {
                    let _ = write!(out, "{b:02x}");
                    out
                },
            ))),
            _ => Ok(Object::Str(String::from_utf8_lossy(bytes).into_owned())),
        },
        Object::Str(text) => text_method(text, name, &arguments),
        Object::List(items) => {
            let (value, at) = arguments.one()?;
            let new = if name == "append" {
                alloc::vec![value.clone()]
            } else {
                super::index::items(value, at)?
            };
            let max = super::eval::MAX_ITEMS;
            if (items.borrow().len() + new.len()) as u64 > max {
                return Err(LangProblem::TooMany(max).at(at));
            }
            items.borrow_mut().extend(new);
            Ok(Object::None)
        }
        _ => {
            let (value, at) = arguments.one()?;
            let Object::Str(text) = value else {
                return Err(arguments.wrong(at));
            };
            from_hex(text)
                .map(Object::Bytes)
                .ok_or_else(|| arguments.wrong(at))
        }
    }
}

fn text_method(text: &str, name: &str, arguments: &Arguments) -> Result<Object, LangError> {
    Ok(match name {
        "encode" => Object::Bytes(text.as_bytes().to_vec()),
        "upper" => Object::Str(text.to_uppercase()),
        "lower" => Object::Str(text.to_lowercase()),
        "strip" => Object::Str(text.trim().into()),
        _ => {
            let parts: Vec<Object> = match arguments.positional.first() {
                None => text
                    .split_whitespace()
                    .map(|part| Object::Str(part.into()))
                    .collect(),
                Some((Object::Str(by), _)) if !by.is_empty() => text
                    .split(&by[..])
                    .map(|part| Object::Str(part.into()))
                    .collect(),
                Some((_, at)) => return Err(arguments.wrong(at)),
            };
            Object::list(parts)
        }
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[a, b]| (a * 16 + b) as u8).collect())
}

/// Prints a text, or returns it if the call has `dump=True`.
fn print_or_return(
    session: &mut Session<'_>,
    text: String,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    arguments.only(&["dump"])?;
    arguments.at_most(0)?;
    if arguments
        .get("dump")
        .is_some_and(|(value, _)| value.is_true())
    {
        return Ok(Object::Str(text));
    }
    session.runtime.print(&(text + "\n"));
    Ok(Object::None)
}

fn field_error(arguments: &Arguments) -> impl Fn(FieldError) -> LangError + '_ {
    |error| LangError::new(arguments.at.clone(), LangProblem::Field(error))
}

fn packet_method(
    session: &mut Session<'_>,
    stack: &Rc<RefCell<Stack>>,
    from: usize,
    name: &str,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    let env: &dyn Env = &*session.runtime;
    let packet = &stack.borrow().packet;
    let part = || from_layer(packet, from);
    match name {
        "show" => {
            let text = packet.show_from(from, env);
            print_or_return(session, text, arguments)
        }
        "show2" => {
            let bytes = part().build(env).map_err(field_error(arguments))?;
            let again = Packet::dissect(packet.layers[from].id(), &bytes).map_err(|error| {
                LangError::new(arguments.at.clone(), LangProblem::Dissect(error))
            })?;
            let text = again.show(env);
            print_or_return(session, text, arguments)
        }
        "summary" => Ok(Object::Str(packet.summary_from(from, env))),
        "command" => Ok(Object::Str(part().command(env))),
        "copy" => Ok(Object::packet(part())),
        "build" => part()
            .build(env)
            .map(Object::Bytes)
            .map_err(field_error(arguments)),
        "layers" => Ok(Object::list(
            packet.layers[from..]
                .iter()
                .map(|l| Object::Layer(l.id()))
                .collect(),
        )),
        "lastlayer" => Ok(Object::Packet(stack.clone(), packet.layers.len() - 1)),
        "haslayer" => wanted_layer(arguments).map(|id| Object::Bool(part().has(id))),
        "getlayer" => {
            let nth = match arguments.positional.get(1) {
                Some((nth, at)) => nth
                    .as_int()
                    .and_then(|n| usize::try_from(n - 1).ok())
                    .ok_or_else(|| arguments.wrong(at))?,
                None => 0,
            };
            if let Some((Object::Int(index), _)) = arguments.positional.first() {
                let index = usize::try_from(*index).ok().map(|index| from + index);
                let found = index.filter(|index| *index < packet.layers.len());
                return Ok(found.map_or(Object::None, |index| Object::Packet(stack.clone(), index)));
            }
            let id = wanted_layer(arguments)?;
            let found = part().position(id, nth);
            Ok(found.map_or(Object::None, |index| {
                Object::Packet(stack.clone(), from + index)
            }))
        }
        "answers" => match arguments.one()? {
            (Object::Packet(sent, at), _) => {
                let sent = from_layer(&sent.borrow().packet, *at);
                Ok(Object::Bool(reply_match::answers(&part(), &sent, env)))
            }
            (_, at) => Err(arguments.wrong(at)),
        },
        _ => change_payload(session, stack, from, name, arguments),
    }
}

fn change_payload(
    session: &Session<'_>,
    stack: &Rc<RefCell<Stack>>,
    from: usize,
    name: &str,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    let added = match (name, arguments.positional.first()) {
        ("add_payload", Some((value, at))) => match value.to_value() {
            Some(Value::Packet(packet)) => packet.layers,
            Some(Value::Bytes(bytes)) => Packet::raw(bytes).layers,
            Some(Value::Str(text)) => Packet::raw(text.into_bytes()).layers,
            _ => return Err(arguments.wrong(at)),
        },
        ("add_payload", None) => return Err(arguments.wrong(&arguments.at)),
        _ => Vec::new(),
    };
    let _ = session;
    // As in scapy, the result is a changed copy, and the packet itself stays as it is.
    let mut changed = stack.borrow().packet.clone();
    if name == "remove_payload" {
        changed.layers.truncate(from + 1);
    }
    changed.layers.extend(added);
    if changed.layers.len() > MAX_LAYERS {
        return Err(LangProblem::TooMany(MAX_LAYERS as u64).at(&arguments.at));
    }
    Ok(Object::packet(from_layer(&changed, from)))
}

fn wanted_layer(arguments: &Arguments) -> Result<layers::LayerId, LangError> {
    match arguments.positional.first() {
        Some((Object::Layer(id), _)) => Ok(*id),
        Some((Object::Str(name), at)) => layers::find(name).ok_or_else(|| arguments.wrong(at)),
        Some((_, at)) => Err(arguments.wrong(at)),
        None => Err(arguments.wrong(&arguments.at)),
    }
}

fn list_method(
    session: &mut Session<'_>,
    of: &Object,
    name: &str,
    arguments: &Arguments,
) -> Result<Object, LangError> {
    let env: &dyn Env = &*session.runtime;
    let mut lines = Vec::new();
    match of {
        Object::Packets(list) => {
            for stack in &list.items {
                let packet = &stack.borrow().packet;
                lines.push(packet.summary(env));
                if name == "hexdump" {
                    let bytes = packet.build(env).map_err(field_error(arguments))?;
                    lines.push(crate::packet::hexdump(&bytes));
                }
            }
        }
        Object::Pairs(list) => {
            for (sent, answer) in &list.items {
                let (sent, answer) = (
                    sent.borrow().packet.summary(env),
                    answer.borrow().packet.summary(env),
                );
                lines.push(sent + " ==> " + &answer);
            }
        }
        _ => {}
    }
    if name == "show" || name == "nsummary" {
        for (number, line) in lines.iter_mut().enumerate() {
            *line = alloc::format!("{number:04} {line}");
        }
    }
    if lines.is_empty() {
        return Ok(Object::None);
    }
    print_or_return(session, lines.join("\n").clone(), arguments)
}
