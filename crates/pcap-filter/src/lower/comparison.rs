//! Lowers arithmetic comparisons, such as `ip[8] < 5`.

use alloc::{boxed::Box, vec::Vec};

use super::{IP, IP6, first_fragment, lower_protocol, not_on_this_link};
use crate::{
    ast::{Arith, Protocol, Relation},
    bpf::{ArithOp, Compare, Width},
    condition::{Condition, Test, Value},
    error::Error,
    layout::Layout,
};

/// Lowers a comparison. Conditions for its loads come first: `tcp[13] = 2` is false on a packet that is not TCP.
pub(super) fn compare(
    left: &Arith,
    relation: Relation,
    right: &Arith,
    layout: &Layout,
) -> Result<Condition, Error> {
    let mut parts = Vec::new();
    let left = number(left, layout, &mut parts)?;
    let right = number(right, layout, &mut parts)?;
    // The machine has =, > and >= only; the other relations are their negations.
    let (compare, negated) = match relation {
        Relation::Equal => (Compare::Equal, false),
        Relation::NotEqual => (Compare::Equal, true),
        Relation::Greater => (Compare::Greater, false),
        Relation::GreaterOrEqual => (Compare::GreaterOrEqual, false),
        Relation::Less => (Compare::GreaterOrEqual, true),
        Relation::LessOrEqual => (Compare::Greater, true),
    };
    let test = Test {
        left,
        compare,
        right,
    }
    .simplified();
    parts.push(if negated { Condition::not(test) } else { test });
    Ok(Condition::All(parts))
}

/// Lowers an arithmetic expression. Adds the conditions for its loads to `guards`.
fn number(arith: &Arith, layout: &Layout, guards: &mut Vec<Condition>) -> Result<Value, Error> {
    Ok(match arith {
        Arith::Const(value) => Value::Const(*value),
        Arith::Length => Value::Length,
        Arith::Negate(inner) => Value::Negate(Box::new(number(inner, layout, guards)?)),
        Arith::Binary(operator, left, right) => {
            let left = number(left, layout, guards)?;
            let right = number(right, layout, guards)?;
            Value::Binary(*operator, Box::new(left), Box::new(right))
        }
        Arith::Load {
            protocol,
            offset,
            size,
        } => {
            let offset = number(offset, layout, guards)?;
            let width = match size {
                1 => Width::Byte,
                2 => Width::Half,
                _ => Width::Word,
            };
            load(*protocol, offset, width, layout, guards)?
        }
    })
}

fn load(
    protocol: Protocol,
    offset: Value,
    width: Width,
    layout: &Layout,
    guards: &mut Vec<Condition>,
) -> Result<Value, Error> {
    let network = layout.network;
    let base = match protocol {
        Protocol::Link if layout.has_link_bytes() => 0,
        Protocol::Link => return Err(not_on_this_link("ether[...]")),
        Protocol::OverIp6(number) => {
            guards.push(layout.ethertype(IP6));
            guards.push(Value::byte(network + 6).equals(u32::from(number)));
            network + 40
        }
        Protocol::Transport(_) | Protocol::OverIp(_) => {
            guards.push(layout.ethertype(IP));
            guards.push(lower_protocol(protocol, layout)?);
            guards.push(first_fragment(network));
            return Ok(behind_header(offset, width, network));
        }
        other => {
            guards.push(lower_protocol(other, layout)?);
            network
        }
    };
    Ok(match offset {
        Value::Const(offset) => Value::At {
            width,
            offset: base.wrapping_add(offset),
        },
        index => Value::Indexed {
            width,
            index: Box::new(index),
            offset: base,
        },
    })
}

/// Returns a load whose offset counts from the end of the IPv4 header.
fn behind_header(offset: Value, width: Width, network: u32) -> Value {
    let header = Box::new(Value::HeaderLength { offset: network });
    match offset {
        Value::Const(offset) => Value::Indexed {
            width,
            index: header,
            offset: network.wrapping_add(offset),
        },
        other => {
            let index = Box::new(Value::Binary(ArithOp::Add, Box::new(other), header));
            Value::Indexed {
                width,
                index,
                offset: network,
            }
        }
    }
}
