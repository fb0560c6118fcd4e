//! Applies operators to values.

use super::error::{LangError, LangProblem, Span};
use super::object::{Object, Packets, Pairs, from_layer};
use super::size;
use crate::packet::Packet;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Maximum size of a repetition or a sum in bytes; each item counts as an estimated number of bytes.
pub(super) const MAX_REPEAT: usize = 16 << 20;
/// Maximum number of layers of a packet.
pub(super) const MAX_LAYERS: usize = 10_000;

fn wrong(operator: &'static str, left: &Object, right: &Object, at: &Span) -> LangError {
    LangError::new(
        at.clone(),
        LangProblem::Operation {
            operator,
            left: left.kind(),
            right: right.kind(),
        },
    )
}

pub(super) fn unary(
    operator: &'static str,
    value: &Object,
    at: &Span,
) -> Result<Object, LangError> {
    let wrong = || {
        LangError::new(
            at.clone(),
            LangProblem::Operation {
                operator,
                left: value.kind(),
                right: "",
            },
        )
    };
    let overflow = || LangError::new(at.clone(), LangProblem::Arithmetic);
    match (operator, value) {
        ("not", value) => Ok(Object::Bool(!value.is_true())),
        ("-", Object::Float(n)) => Ok(Object::Float(-n)),
        ("+", Object::Float(n)) => Ok(Object::Float(*n)),
        (_, value) => {
            let n = value.as_int().ok_or_else(wrong)?;
            match operator {
                "-" => n.checked_neg().map(Object::Int).ok_or_else(overflow),
                "+" => Ok(Object::Int(n)),
                _ => Ok(Object::Int(!n)),
            }
        }
    }
}

pub(super) fn binary(
    operator: &'static str,
    left: &Object,
    right: &Object,
    at: &Span,
) -> Result<Object, LangError> {
    match operator {
        "==" => return Ok(Object::Bool(equal(left, right))),
        "!=" => return Ok(Object::Bool(!equal(left, right))),
        "<" | ">" | "<=" | ">=" => {
            let order = order(left, right).ok_or_else(|| wrong(operator, left, right, at))?;
            return Ok(Object::Bool(match operator {
                "<" => order == Ordering::Less,
                ">" => order == Ordering::Greater,
                "<=" => order != Ordering::Greater,
                _ => order != Ordering::Less,
            }));
        }
        "in" => return contains(right, left, at).map(Object::Bool),
        "not in" => return contains(right, left, at).map(|found| Object::Bool(!found)),
        "/" => {
            if let Some(packet) = stack_on(left, right) {
                if packet.layers.len() > MAX_LAYERS {
                    return Err(LangProblem::TooMany(MAX_LAYERS as u64).at(at));
                }
                return Ok(Object::packet(packet));
            }
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        return integers(operator, a, b, at);
    }
    if let (Some(a), Some(b)) = (left.as_float(), right.as_float()) {
        return floats(operator, a, b).ok_or_else(|| wrong(operator, left, right, at));
    }
    match (operator, left, right) {
        ("+", ..) => sum(left, right, at)?.ok_or_else(|| wrong(operator, left, right, at)),
        ("*", value, count) | ("*", count, value) if count.as_int().is_some() => {
            let count = usize::try_from(count.as_int().unwrap_or(0).max(0)).unwrap_or(usize::MAX);
            repeat(value, count, at).ok_or_else(|| wrong(operator, left, right, at))?
        }
        ("%", Object::Str(_), _) => Err(wrong("%", left, right, at)),
        _ => Err(wrong(operator, left, right, at)),
    }
}

/// Evaluates `left + right` of texts and lists; `None` for other values. A result that is too large is an error.
fn sum(left: &Object, right: &Object, at: &Span) -> Result<Option<Object>, LangError> {
    let check_len = |len: usize| {
        let too_many = || LangProblem::TooMany(MAX_REPEAT as u64).at(at);
        (len <= MAX_REPEAT).then_some(()).ok_or_else(too_many)
    };
    Ok(Some(match (left, right) {
        (Object::Str(a), Object::Str(b)) => {
            check_len(a.len() + b.len())?;
            Object::Str(format!("{a}{b}"))
        }
        (Object::Bytes(a), Object::Bytes(b)) => {
            check_len(a.len() + b.len())?;
            Object::Bytes([&a[..], b].concat())
        }
        (Object::List(a), Object::List(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            size::fits(a.iter().chain(b.iter()), at)?;
            Object::list(a.iter().chain(b.iter()).cloned().collect())
        }
        (Object::Tuple(a), Object::Tuple(b)) => {
            size::fits(a.iter().chain(b), at)?;
            Object::Tuple(a.iter().chain(b).cloned().collect())
        }
        (Object::Packets(a), Object::Packets(b)) => {
            check_len((a.items.len() + b.items.len()).saturating_mul(64))?;
            Object::Packets(Rc::new(Packets {
                name: sum_name(&a.name, &b.name),
                items: a.items.iter().chain(&b.items).cloned().collect(),
            }))
        }
        (Object::Pairs(a), Object::Pairs(b)) => {
            check_len((a.items.len() + b.items.len()).saturating_mul(64))?;
            Object::Pairs(Rc::new(Pairs {
                name: sum_name(&a.name, &b.name),
                items: a.items.iter().chain(&b.items).cloned().collect(),
            }))
        }
        _ => return Ok(None),
    }))
}

/// Returns the name of the sum of two packet lists: both names, or only the first if that gets too long.
fn sum_name(a: &str, b: &str) -> String {
    if a.len() + b.len() > 80 {
        a.into()
    } else {
        format!("{a}+{b}")
    }
}

/// Returns `left / right`, the right packet on top of the left one; text and bytes are plain payload.
fn stack_on(left: &Object, right: &Object) -> Option<Packet> {
    let is_packet = |object: &Object| matches!(object, Object::Packet(..) | Object::Layer(_));
    if !is_packet(left) && !is_packet(right) {
        return None;
    }
    Some(as_packet(left)?.over(as_packet(right)?))
}

fn as_packet(object: &Object) -> Option<Packet> {
    match object {
        Object::Packet(stack, at) => Some(from_layer(&stack.borrow().packet, *at)),
        Object::Layer(id) => Some(Packet::new(*id)),
        Object::Str(text) => Some(Packet::raw(text.clone().into_bytes())),
        Object::Bytes(bytes) => Some(Packet::raw(bytes.clone())),
        _ => None,
    }
}

fn integers(operator: &'static str, a: i128, b: i128, at: &Span) -> Result<Object, LangError> {
    let shift = || u32::try_from(b).ok().filter(|b| *b < 127);
    let result = match operator {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" if b != 0 => return Ok(Object::Float(a as f64 / b as f64)),
        "//" => a.checked_div_euclid(b).map(|q| {
            if b < 0 && a.rem_euclid(b) != 0 {
                q - 1
            } else {
                q
            }
        }),
        "%" => a
            .checked_rem_euclid(b)
            .map(|r| if b < 0 && r != 0 { r + b } else { r }),
        "**" => match u32::try_from(b) {
            Ok(b) => a.checked_pow(b),
            Err(_) => return Ok(Object::Float(libm::pow(a as f64, b as f64))),
        },
        "&" => Some(a & b),
        "|" => Some(a | b),
        "^" => Some(a ^ b),
        "<<" => shift().and_then(|b| a.checked_mul(1i128.checked_shl(b)?)),
        ">>" => shift().map(|b| a >> b),
        _ => None,
    };
    result
        .map(Object::Int)
        .ok_or(LangError::new(at.clone(), LangProblem::Arithmetic))
}

fn floats(operator: &str, a: f64, b: f64) -> Option<Object> {
    let result = match operator {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => libm::floor(a / b),
        "%" => a - b * libm::floor(a / b),
        "**" => libm::pow(a, b),
        _ => return None,
    };
    Some(Object::Float(result))
}

fn repeat(value: &Object, count: usize, at: &Span) -> Option<Result<Object, LangError>> {
    let too_many = || LangError::new(at.clone(), LangProblem::TooMany(MAX_REPEAT as u64));
    let fits = |len: usize| {
        len.checked_mul(count)
            .is_some_and(|total| total <= MAX_REPEAT)
    };
    Some(match value {
        Object::Str(text) if fits(text.len()) => Ok(Object::Str(text.repeat(count))),
        Object::Bytes(bytes) if fits(bytes.len()) => Ok(Object::Bytes(bytes.repeat(count))),
        Object::List(items) if fits(items.borrow().len() * 64) => {
            size::repeats(&items.borrow(), count, at)
                .map(|()| Object::list(repeated(&items.borrow(), count)))
        }
        Object::Tuple(items) if fits(items.len() * 64) => {
            size::repeats(items, count, at).map(|()| Object::Tuple(repeated(items, count)))
        }
        // A packet times a number is a list of that packet.
        Object::Packet(stack, layer) if fits(256) => {
            let packet = from_layer(&stack.borrow().packet, *layer);
            Ok(Object::list(
                (0..count).map(|_| Object::packet(packet.clone())).collect(),
            ))
        }
        Object::Str(_)
        | Object::Bytes(_)
        | Object::List(_)
        | Object::Tuple(_)
        | Object::Packet(..) => Err(too_many()),
        _ => return None,
    })
}

fn repeated(items: &[Object], count: usize) -> Vec<Object> {
    core::iter::repeat_n(items, count)
        .flatten()
        .cloned()
        .collect()
}

/// Returns whether two values are equal.
pub(super) fn equal(a: &Object, b: &Object) -> bool {
    match (a, b) {
        (Object::None, Object::None) => true,
        (Object::Str(a), Object::Str(b)) => a == b,
        (Object::Bytes(a), Object::Bytes(b)) => a == b,
        (Object::List(x), Object::List(y)) => {
            Rc::ptr_eq(x, y)
                || size::is_small(a) && size::is_small(b) && all_equal(&x.borrow(), &y.borrow())
        }
        (Object::Tuple(a), Object::Tuple(b)) => all_equal(a, b),
        (Object::Packet(a, i), Object::Packet(b, j)) => {
            from_layer(&a.borrow().packet, *i) == from_layer(&b.borrow().packet, *j)
        }
        (Object::Layer(a), Object::Layer(b)) => a == b,
        (Object::Net(a), Object::Net(b)) => a == b,
        (Object::Asn1(a), Object::Asn1(b)) => a == b,
        (Object::Flags(bits, letters), Object::Str(text))
        | (Object::Str(text), Object::Flags(bits, letters)) => {
            crate::packet::show::flag_text(letters, *bits) == *text
        }
        (a, b) => {
            a.as_float().is_some() && a.as_float() == b.as_float() && a.as_int() == b.as_int()
        }
    }
}

fn all_equal(a: &[Object], b: &[Object]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
}

fn order(a: &Object, b: &Object) -> Option<Ordering> {
    match (a, b) {
        (Object::Str(a), Object::Str(b)) => Some(a.cmp(b)),
        (Object::Bytes(a), Object::Bytes(b)) => Some(a.cmp(b)),
        (a, b) => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => a.as_float()?.partial_cmp(&b.as_float()?),
        },
    }
}

fn contains(of: &Object, item: &Object, at: &Span) -> Result<bool, LangError> {
    let has = |bytes: &[u8], part: &[u8]| {
        part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
    };
    match (of, item) {
        (Object::Packet(stack, from), Object::Layer(id)) => {
            Ok(from_layer(&stack.borrow().packet, *from).has(*id))
        }
        (Object::Packet(stack, from), Object::Str(name)) => {
            let id = super::functions::layer_named(name, at)?;
            Ok(from_layer(&stack.borrow().packet, *from).has(id))
        }
        (Object::Str(text), Object::Str(part)) => Ok(text.contains(&part[..])),
        (Object::Bytes(bytes), Object::Bytes(part)) => Ok(has(bytes, part)),
        (Object::Bytes(bytes), Object::Int(n)) => Ok(bytes.iter().any(|b| i128::from(*b) == *n)),
        (Object::Flags(bits, letters), Object::Str(text)) => {
            let shown: Vec<&str> = letters.to_vec();
            Ok(text.chars().all(|c| {
                let bit = shown.iter().position(|letter| letter.chars().eq([c]));
                bit.is_some_and(|bit| bits >> bit & 1 != 0)
            }))
        }
        (Object::List(_) | Object::Tuple(_) | Object::Packets(_), _) => {
            Ok(super::index::items(of, at)?
                .iter()
                .any(|other| equal(other, item)))
        }
        _ => Err(wrong("in", item, of, at)),
    }
}
