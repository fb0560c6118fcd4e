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

/// A packet with its time.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The packet.
    pub packet: Packet,
    /// Time since 1970-01-01 00:00 UTC at which it was sent or captured; zero if it was not.
    pub time: Duration,
}

/// A packet that several values can share.
pub(super) type Shared = Rc<RefCell<Stack>>;

/// A list of packets, as `sniff` and `rdpcap` return it.
#[derive(Clone, Debug)]
pub struct Packets {
    /// Name shown for the list.
    pub name: String,
    /// The packets.
    pub items: Vec<Rc<RefCell<Stack>>>,
}

/// Packets with their answers, as `sr` returns them.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// Name shown for the list.
    pub name: String,
    /// Pairs of a sent packet and its answer.
    pub items: Vec<(Shared, Shared)>,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Object {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// Text.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list. Copies share its items.
    List(Rc<RefCell<Vec<Object>>>),
    /// A tuple.
    Tuple(Vec<Object>),
    /// A packet, seen from the layer with this index.
    Packet(Rc<RefCell<Stack>>, usize),
    /// A layer class such as `TCP`: called to make a packet, or used as an index.
    Layer(LayerId),
    /// A function.
    Function(&'static Function),
    /// A method bound to its value.
    Method(alloc::boxed::Box<Object>, &'static str),
    /// A list of packets.
    Packets(Rc<Packets>),
    /// Packets with their answers.
    Pairs(Rc<Pairs>),
    /// Flags: the bits, and the letter of each bit.
    Flags(u64, &'static [&'static str]),
    /// A network.
    Net(Net),
    /// A value with an ASN.1 type.
    Asn1(Asn1),
    /// An ASN.1 type by its tag, called to make a value.
    Asn1Type(u8),
}

impl Object {
    /// Returns a new packet that no other value shares, with time zero.
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

    /// Returns a new list that no other value shares.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// Returns the kind of the value in words, for errors.
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

    /// Returns whether the value counts as true in a condition.
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

    /// Returns the value as an integer.
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

    /// Returns the value as a floating-point number.
    #[must_use]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(n) => Some(*n),
            other => other.as_int().map(|n| n as f64),
        }
    }

    /// Converts the value to a field's value; `None` if it is too large or has no such form.
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

    /// Converts a field's value to a value of the language.
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

    /// Returns the value as the prompt echoes it; text over 16 MiB is cut.
    #[must_use]
    pub fn repr(&self, env: &dyn Env) -> String {
        let mut out = String::new();
        if !self.write_repr(env, size::MAX_DEPTH, &mut out) {
            out.push('…');
        }
        out
    }

    /// Appends the echo of the value. Returns false if `out` is full or lists are nested too deeply.
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

    /// Returns the echo of a value that is not a list.
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

    /// Returns the value as `print` prints it.
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

/// Returns a packet of the layers from `at` on.
pub(super) fn from_layer(packet: &Packet, at: usize) -> Packet {
    Packet {
        layers: packet.layers.get(at..).unwrap_or(&[]).to_vec(),
    }
}

/// Returns the number of packets by protocol: `TCP:1 UDP:0 ICMP:0 Other:2`.
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
