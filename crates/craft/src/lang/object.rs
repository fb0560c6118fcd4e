//! The values of the language. Packets are shared: a variable and `p[TCP]` are the same packet.

use super::functions::Function;
use super::operators::MAX_REPEAT;
use super::size;
use crate::env::Env;
use crate::layers::{self, LayerId};
use crate::packet::Packet;
use crate::repr;
use crate::value::{Asn1, Net, Value};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::time::Duration;

/// A packet with the time it was seen.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its layers.
    pub packet: Packet,
    /// When it was sent or captured, since 1970; zero if it never was.
    pub time: Duration,
}

/// A packet that several values may share.
pub(super) type Shared = Rc<RefCell<Stack>>;

/// A list of packets, as `sniff` and `rdpcap` give it.
#[derive(Clone, Debug)]
pub struct Packets {
    /// What it is called when it is shown.
    pub name: String,
    /// The packets.
    pub items: Vec<Rc<RefCell<Stack>>>,
}

/// Packets with their answers, as `sr` gives them.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// What it is called when it is shown.
    pub name: String,
    /// The pairs.
    pub items: Vec<(Shared, Shared)>,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Object {
    /// Nothing.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number with a point.
    Float(f64),
    /// A text.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list, shared.
    List(Rc<RefCell<Vec<Object>>>),
    /// A tuple.
    Tuple(Vec<Object>),
    /// A packet from one of its layers on.
    Packet(Rc<RefCell<Stack>>, usize),
    /// A layer by its name, to be called or looked for.
    Layer(LayerId),
    /// A function.
    Function(&'static Function),
    /// A method bound to its value.
    Method(alloc::boxed::Box<Object>, &'static str),
    /// A list of packets.
    Packets(Rc<Packets>),
    /// Packets with their answers.
    Pairs(Rc<Pairs>),
    /// Flags: a number shown with letters.
    Flags(u64, &'static [&'static str]),
    /// A network.
    Net(Net),
    /// A value with an ASN.1 type.
    Asn1(Asn1),
    /// An ASN.1 type, to be called.
    Asn1Type(u8),
}

impl Object {
    /// A packet of its own.
    #[must_use]
    pub fn packet(packet: Packet) -> Self {
        Self::Packet(
            Rc::new(RefCell::new(Stack {
                packet,
                time: Duration::ZERO,
            })),
            0,
        )
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// What it is, in a word for errors.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "a truth value",
            Self::Int(_) => "a number",
            Self::Float(_) => "a number with a point",
            Self::Str(_) => "a text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Tuple(_) => "a tuple",
            Self::Packet(..) => "a packet",
            Self::Layer(_) => "a layer",
            Self::Function(_) => "a function",
            Self::Method(..) => "a method",
            Self::Packets(_) => "a list of packets",
            Self::Pairs(_) => "a list of answers",
            Self::Flags(..) => "flags",
            Self::Net(_) => "a network",
            Self::Asn1(_) => "an ASN.1 value",
            Self::Asn1Type(_) => "an ASN.1 type",
        }
    }

    /// Whether it counts as true.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(b) => *b,
            Self::Int(n) => *n != 0,
            Self::Float(n) => *n != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(items) => !items.borrow().is_empty(),
            Self::Tuple(items) => !items.is_empty(),
            Self::Packets(list) => !list.items.is_empty(),
            Self::Pairs(list) => !list.items.is_empty(),
            Self::Flags(bits, _) => *bits != 0,
            _ => true,
        }
    }

    /// It as a whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i128> {
        match self {
            Self::Bool(b) => Some((*b).into()),
            Self::Int(n) => Some(*n),
            Self::Flags(bits, _) => Some((*bits).into()),
            Self::Asn1(asn1) => asn1.value.as_uint().map(i128::from),
            _ => None,
        }
    }

    /// It as a number.
    #[must_use]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(n) => Some(*n),
            other => other.as_int().map(|n| n as f64),
        }
    }

    /// It as the value of a field.
    #[must_use]
    pub fn to_value(&self) -> Option<Value> {
        size::is_small(self).then(|| self.converted()).flatten()
    }

    fn converted(&self) -> Option<Value> {
        Some(match self {
            Self::None => Value::None,
            Self::Bool(b) => Value::Int((*b).into()),
            Self::Int(n) => Value::Int(*n),
            Self::Float(n) => Value::Float(*n),
            Self::Str(text) => Value::Str(text.clone()),
            Self::Bytes(bytes) => Value::Bytes(bytes.clone()),
            Self::List(items) => Value::List(
                items
                    .borrow()
                    .iter()
                    .map(Self::converted)
                    .collect::<Option<_>>()?,
            ),
            Self::Tuple(items) => {
                Value::Tuple(items.iter().map(Self::converted).collect::<Option<_>>()?)
            }
            Self::Packet(stack, at) => Value::packet(from_layer(&stack.borrow().packet, *at)),
            Self::Layer(id) => Value::packet(Packet::new(*id)),
            Self::Packets(list) => Value::List(
                list.items
                    .iter()
                    .map(|stack| Value::packet(stack.borrow().packet.clone()))
                    .collect(),
            ),
            Self::Flags(bits, _) => Value::Int((*bits).into()),
            Self::Net(net) => Value::Net(*net),
            Self::Asn1(asn1) => Value::Asn1(asn1.clone()),
            Self::Function(_) | Self::Method(..) | Self::Pairs(_) | Self::Asn1Type(_) => {
                return None;
            }
        })
    }

    /// The value of a field as a value of the language.
    #[must_use]
    pub fn from_value(value: Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Int(n) => Self::Int(n),
            Value::Float(n) => Self::Float(n),
            Value::Fixed(raw, fraction) => {
                let scale = libm::ldexp(1.0, -i32::from(fraction));
                Self::Float(raw as f64 * scale)
            }
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Str(text) => Self::Str(text),
            Value::Ipv4(addr) => Self::Str(addr.to_string()),
            Value::Ipv6(addr) => Self::Str(addr.to_string()),
            Value::Mac(addr) => Self::Str(format!("{addr:#}")),
            Value::List(items) => Self::list(items.into_iter().map(Self::from_value).collect()),
            Value::Tuple(items) => Self::Tuple(items.into_iter().map(Self::from_value).collect()),
            Value::Range(low, high) => Self::Tuple(alloc::vec![Self::Int(low), Self::Int(high)]),
            Value::Net(net) => Self::Net(net),
            Value::Packet(packet) => Self::packet(*packet),
            Value::Asn1(asn1) => Self::Asn1(asn1),
        }
    }

    /// It as it is echoed; of what would take more than 16 MiB, the beginning.
    #[must_use]
    pub fn repr(&self, env: &dyn Env) -> String {
        let mut out = String::new();
        if !self.write_repr(env, size::MAX_DEPTH, &mut out) {
            out.push('…');
        }
        out
    }

    /// Appends it; false where there was no more room, or lists are nested too deeply.
    fn write_repr(&self, env: &dyn Env, depth: usize, out: &mut String) -> bool {
        let all = |items: &[Self], out: &mut String| {
            items.iter().enumerate().all(|(i, item)| {
                out.push_str(if i == 0 { "" } else { ", " });
                item.write_repr(env, depth - 1, out)
            })
        };
        if depth == 0 || out.len() > MAX_REPEAT {
            return false;
        }
        match self {
            Self::List(items) => {
                out.push('[');
                let whole = all(&items.borrow(), out);
                out.push_str(if whole { "]" } else { "" });
                whole
            }
            Self::Tuple(items) => {
                out.push('(');
                let whole = all(items, out);
                let end = if items.len() == 1 { ",)" } else { ")" };
                out.push_str(if whole { end } else { "" });
                whole
            }
            other => {
                out.push_str(&other.repr_one(env));
                true
            }
        }
    }

    /// A value that is no list, as it is echoed.
    fn repr_one(&self, env: &dyn Env) -> String {
        match self {
            Self::Bool(b) => if *b { "True" } else { "False" }.into(),
            Self::Packet(stack, at) => stack.borrow().packet.repr_from(*at, env),
            Self::Layer(id) => format!("<layer {}>", id.layer().name),
            Self::Function(function) => format!("<function {}>", function.name),
            Self::Method(of, name) => format!("<method {name} of {}>", of.kind()),
            Self::Packets(list) => {
                let packets: Vec<_> = list.items.iter().map(|stack| stack.borrow()).collect();
                format!(
                    "<{}: {}>",
                    list.name,
                    counts(packets.iter().map(|stack| &stack.packet))
                )
            }
            Self::Pairs(list) => {
                let packets: Vec<_> = list
                    .items
                    .iter()
                    .map(|(_, answer)| answer.borrow())
                    .collect();
                format!(
                    "<{}: {}>",
                    list.name,
                    counts(packets.iter().map(|stack| &stack.packet))
                )
            }
            Self::Flags(bits, letters) => {
                format!(
                    "<Flag {bits} ({})>",
                    crate::packet::show::flag_text(letters, *bits)
                )
            }
            Self::Asn1Type(tag) => format!("<ASN.1 type {tag}>"),
            other => other
                .to_value()
                .map_or_else(String::new, |value| repr::value(&value, env)),
        }
    }

    /// It as it is printed.
    #[must_use]
    pub fn text(&self, env: &dyn Env) -> String {
        match self {
            Self::Str(text) => text.clone(),
            Self::Packet(stack, at) => stack.borrow().packet.summary_from(*at, env),
            Self::Flags(bits, letters) => crate::packet::show::flag_text(letters, *bits),
            other => other.repr(env),
        }
    }
}

/// The layers of a packet from `at` on, as a packet of their own.
pub(super) fn from_layer(packet: &Packet, at: usize) -> Packet {
    Packet {
        layers: packet.layers.get(at..).unwrap_or(&[]).to_vec(),
    }
}

/// `TCP:1 UDP:0 ICMP:0 Other:2`.
fn counts<'a>(packets: impl Iterator<Item = &'a Packet>) -> String {
    const NAMES: [&str; 3] = ["TCP", "UDP", "ICMP"];
    let mut counts = [0usize; 4];
    for packet in packets {
        let found = NAMES
            .iter()
            .position(|name| layers::find(name).is_some_and(|id| packet.has(id)));
        counts[found.unwrap_or(3)] += 1;
    }
    format!(
        "TCP:{} UDP:{} ICMP:{} Other:{}",
        counts[0], counts[1], counts[2], counts[3]
    )
}
