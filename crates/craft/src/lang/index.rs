//! Indexing, slicing and iteration.

use super::error::{LangError, LangProblem, Span};
use super::eval::MAX_ITEMS;
use super::object::{Object, Packets, Pairs, Stack, from_layer};
use crate::layers;
use crate::packet::Expansion;
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

/// Returns a Python index as an offset; negative indices count from the end.
fn offset(index: i128, len: usize, at: &Span) -> Result<usize, LangError> {
    let len = len as i128;
    let index = if index < 0 { index + len } else { index };
    if (0..len).contains(&index) {
        Ok(index as usize)
    } else {
        Err(LangError::new(at.clone(), LangProblem::IndexOutOfRange))
    }
}

fn pair((sent, answer): &(Rc<RefCell<Stack>>, Rc<RefCell<Stack>>)) -> Object {
    Object::Tuple(alloc::vec![
        Object::Packet(sent.clone(), 0),
        Object::Packet(answer.clone(), 0)
    ])
}

/// Evaluates `of[key]`.
pub(super) fn get(of: &Object, key: &Object, at: &Span) -> Result<Object, LangError> {
    let wrong = || {
        LangError::new(
            at.clone(),
            LangProblem::Operation {
                operator: "[]",
                left: of.kind(),
                right: key.kind(),
            },
        )
    };
    if let Object::Packet(stack, from) = of {
        return layer(stack, *from, key, at).unwrap_or_else(|| Err(wrong()));
    }
    if let (Object::Packets(list), Object::Layer(id)) = (of, key) {
        let items = list
            .items
            .iter()
            .filter(|stack| stack.borrow().packet.has(*id))
            .cloned()
            .collect();
        let name = format!("{} from {}", id.layer().name, list.name);
        return Ok(Object::Packets(Rc::new(Packets { name, items })));
    }
    let index = key.as_int().ok_or_else(wrong)?;
    match of {
        Object::List(items) => {
            let items = items.borrow();
            Ok(items[offset(index, items.len(), at)?].clone())
        }
        Object::Tuple(items) => Ok(items[offset(index, items.len(), at)?].clone()),
        Object::Packets(list) => Ok(Object::Packet(
            list.items[offset(index, list.items.len(), at)?].clone(),
            0,
        )),
        Object::Pairs(list) => Ok(pair(&list.items[offset(index, list.items.len(), at)?])),
        Object::Bytes(bytes) => Ok(Object::Int(bytes[offset(index, bytes.len(), at)?].into())),
        Object::Str(text) => {
            let letters: Vec<char> = text.chars().collect();
            Ok(Object::Str(
                letters[offset(index, letters.len(), at)?].into(),
            ))
        }
        _ => Err(wrong()),
    }
}

/// Evaluates `packet[TCP]`, `packet["TCP"]` and `packet[1]`: the same packet, not a copy, seen from that layer.
fn layer(
    stack: &Rc<RefCell<Stack>>,
    from: usize,
    key: &Object,
    at: &Span,
) -> Option<Result<Object, LangError>> {
    let packet = &stack.borrow().packet;
    let wanted = match key {
        Object::Layer(id) => *id,
        Object::Str(name) => match super::functions::layer_named(name, at) {
            Ok(id) => id,
            Err(error) => return Some(Err(error)),
        },
        Object::Int(index) => {
            let found = offset(*index, packet.layers.len().saturating_sub(from), at);
            return Some(found.map(|index| Object::Packet(stack.clone(), from + index)));
        }
        _ => return None,
    };
    let mut later =
        (from..packet.layers.len()).filter(|i| layers::is_a(packet.layers[*i].id(), wanted));
    Some(match later.next() {
        Some(found) => Ok(Object::Packet(stack.clone(), found)),
        None => Err(LangError::new(
            at.clone(),
            LangProblem::NoLayer(wanted.layer().name),
        )),
    })
}

/// Evaluates `of[start:stop:step]`.
pub(super) fn slice(
    of: &Object,
    bounds: [Option<i128>; 3],
    at: &Span,
) -> Result<Object, LangError> {
    let wrong = || {
        LangError::new(
            at.clone(),
            LangProblem::Operation {
                operator: "[:]",
                left: of.kind(),
                right: "",
            },
        )
    };
    let pick = |len: usize| slice_indices(len, bounds);
    Ok(match of {
        Object::List(items) => {
            let items = items.borrow();
            Object::list(
                pick(items.len())
                    .into_iter()
                    .map(|i| items[i].clone())
                    .collect(),
            )
        }
        Object::Tuple(items) => Object::Tuple(
            pick(items.len())
                .into_iter()
                .map(|i| items[i].clone())
                .collect(),
        ),
        Object::Bytes(bytes) => {
            Object::Bytes(pick(bytes.len()).into_iter().map(|i| bytes[i]).collect())
        }
        Object::Str(text) => {
            let letters: Vec<char> = text.chars().collect();
            Object::Str(
                pick(letters.len())
                    .into_iter()
                    .map(|i| letters[i])
                    .collect(),
            )
        }
        Object::Packets(list) => Object::Packets(Rc::new(Packets {
            name: format!("mod {}", list.name),
            items: pick(list.items.len())
                .into_iter()
                .map(|i| list.items[i].clone())
                .collect(),
        })),
        Object::Pairs(list) => Object::Pairs(Rc::new(Pairs {
            name: format!("mod {}", list.name),
            items: pick(list.items.len())
                .into_iter()
                .map(|i| list.items[i].clone())
                .collect(),
        })),
        _ => return Err(wrong()),
    })
}

/// Returns the indices that a slice selects.
fn slice_indices(len: usize, [start, stop, step]: [Option<i128>; 3]) -> Vec<usize> {
    let len = len as i128;
    let step = step.unwrap_or(1);
    if step == 0 {
        return Vec::new();
    }
    let bound = |value: Option<i128>, default: i128| {
        let value = value.map_or(default, |v| if v < 0 { v.saturating_add(len) } else { v });
        if step > 0 {
            value.clamp(0, len)
        } else {
            value.clamp(-1, len - 1)
        }
    };
    let mut indices = Vec::new();
    if step > 0 {
        let (mut at, end) = (bound(start, 0), bound(stop, len));
        while at < end {
            indices.push(at as usize);
            at = at.saturating_add(step);
        }
    } else {
        let mut at = bound(start, len - 1);
        // Without a bound, the slice ends at the first item.
        let end = if stop.is_none() { -1 } else { bound(stop, -1) };
        while at > end {
            indices.push(at as usize);
            at = at.saturating_add(step);
        }
    }
    indices
}

/// Executes `of[key] = value`.
pub(super) fn set(of: &Object, key: &Object, value: Object, at: &Span) -> Result<(), LangError> {
    if let (Object::List(items), Some(index)) = (of, key.as_int()) {
        let index = offset(index, items.borrow().len(), at)?;
        items.borrow_mut()[index] = value;
        Ok(())
    } else {
        let problem = LangProblem::Operation {
            operator: "[]=",
            left: of.kind(),
            right: key.kind(),
        };
        Err(LangError::new(at.clone(), problem))
    }
}

/// Returns the items of a value that can be iterated; those of a packet with sets are the packets of the set.
pub(super) fn items(value: &Object, at: &Span) -> Result<Vec<Object>, LangError> {
    Ok(match value {
        Object::List(items) => items.borrow().clone(),
        Object::Tuple(items) => items.clone(),
        Object::Packets(list) => list
            .items
            .iter()
            .map(|stack| Object::Packet(stack.clone(), 0))
            .collect(),
        Object::Pairs(list) => list.items.iter().map(pair).collect(),
        Object::Packet(stack, from) => {
            let set = Expansion::new(&from_layer(&stack.borrow().packet, *from));
            if set.len() > MAX_ITEMS {
                return Err(LangError::new(at.clone(), LangProblem::TooMany(MAX_ITEMS)));
            }
            set.packets().map(Object::packet).collect()
        }
        Object::Str(text) => text.chars().map(|c| Object::Str(c.into())).collect(),
        Object::Bytes(bytes) => bytes.iter().map(|b| Object::Int((*b).into())).collect(),
        Object::Net(net) => {
            if net.len() > u128::from(MAX_ITEMS) {
                return Err(LangError::new(at.clone(), LangProblem::TooMany(MAX_ITEMS)));
            }
            (0..net.len())
                .map(|i| Object::Str(format!("{}", net.nth(i))))
                .collect()
        }
        other => {
            let problem = LangProblem::Operation {
                operator: "in",
                left: other.kind(),
                right: "",
            };
            return Err(LangError::new(at.clone(), problem));
        }
    })
}
