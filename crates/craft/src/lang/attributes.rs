//! Attributes of values: fields of packets, single flags by letter, methods that are not called yet.

use super::call::no_field;
use super::error::{LangError, LangProblem, Span};
use super::eval::Session;
use super::methods::{PACKET_ATTRIBUTES, PACKET_METHODS, method, methods_of};
use super::object::{Object, Stack};
use crate::env::Env;
use crate::model::FieldKind;
use crate::packet::{Instance, Packet};
use crate::value::Value;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

/// Returns the first layer from `at` on that has the field, and the field's index.
fn layer_with(stack: &Stack, at: usize, field: &str) -> Option<(usize, usize)> {
    (at..stack.packet.layers.len()).find_map(|i| {
        stack.packet.layers[i]
            .layer()
            .find(field)
            .map(|index| (i, index))
    })
}

/// Evaluates `of.name`.
pub(super) fn attribute(
    session: &Session<'_>,
    of: Object,
    name: &str,
    at: &Span,
) -> Result<Object, LangError> {
    if let Object::Packet(stack, from) = &of {
        if let Some((layer, index)) = layer_with(&stack.borrow(), *from, name) {
            return Ok(field(
                &stack.borrow().packet,
                layer,
                index,
                &*session.runtime,
            ));
        }
        if PACKET_ATTRIBUTES.contains(&name) {
            return Ok(packet_attribute(stack, *from, name));
        }
    }
    if let Object::Flags(bits, letters) = &of
        && let Some(bit) = letters.iter().position(|letter| *letter == name)
    {
        return Ok(Object::Bool(bits >> bit & 1 != 0));
    }
    match method(&of, name) {
        Some(method) => Ok(Object::Method(alloc::boxed::Box::new(of), method)),
        None => Err(unknown(&of, name, at)),
    }
}

fn unknown(of: &Object, name: &str, at: &Span) -> LangError {
    let place = at.end.saturating_sub(name.len())..at.end;
    match of {
        Object::Packet(stack, from) => {
            let stack = stack.borrow();
            let layer = stack.packet.layers[*from].layer();
            let fields = layer
                .fields
                .iter()
                .map(|field| field.name)
                .chain(PACKET_METHODS.iter().copied());
            no_field(layer.name, name, place, fields)
        }
        Object::Flags(_, letters) => no_field(of.kind(), name, place, letters.iter().copied()),
        _ => no_field(of.kind(), name, place, methods_of(of).iter().copied()),
    }
}

fn field(packet: &Packet, layer: usize, index: usize, env: &dyn Env) -> Object {
    let context = packet.context(layer);
    let value = context.this().known(&context, index, env);
    match (context.this().layer().fields[index].kind, value) {
        (FieldKind::Flags(letters), Value::Int(bits)) => Object::Flags(bits as u64, letters),
        (_, value) => Object::from_value(value),
    }
}

fn packet_attribute(stack: &Rc<RefCell<Stack>>, from: usize, name: &str) -> Object {
    let len = stack.borrow().packet.layers.len();
    match name {
        "payload" if from + 1 < len => Object::Packet(stack.clone(), from + 1),
        "underlayer" if from > 0 => Object::Packet(stack.clone(), from - 1),
        "name" => Object::Str(stack.borrow().packet.layers[from].layer().title.into()),
        "time" => Object::Float(stack.borrow().time.as_secs_f64()),
        _ => Object::None,
    }
}

/// Executes `of.name = value`.
pub(super) fn set_attribute(
    session: &Session<'_>,
    of: &Object,
    name: &str,
    value: &Object,
    at: &Span,
) -> Result<(), LangError> {
    let Object::Packet(stack, from) = of else {
        return Err(unknown(of, name, at));
    };
    let found = layer_with(&stack.borrow(), *from, name);
    let Some((layer, _)) = found else {
        return Err(unknown(of, name, at));
    };
    let value = value.to_value().ok_or_else(|| {
        LangError::new(
            at.clone(),
            LangProblem::Operation {
                operator: "=",
                left: "a field",
                right: value.kind(),
            },
        )
    })?;
    make_own(&mut stack.borrow_mut().packet, layer);
    let result = stack.borrow_mut().packet.layers[layer].assign(name, value, &*session.runtime);
    result.map_err(|error| LangError::new(at.clone(), LangProblem::Field(error)))
}

/// Executes `del of.name`: the field is computed again, or has its default again.
pub(super) fn delete_attribute(of: &Object, name: &str, at: &Span) -> Result<(), LangError> {
    let Object::Packet(stack, from) = of else {
        return Err(unknown(of, name, at));
    };
    let found = layer_with(&stack.borrow(), *from, name);
    let Some((layer, index)) = found else {
        return Err(unknown(of, name, at));
    };
    let packet = &mut stack.borrow_mut().packet;
    make_own(packet, layer);
    packet.layers[layer].clear(index);
    Ok(())
}

/// Converts a dissected layer into set fields, with the rest of the packet as context.
fn make_own(packet: &mut Packet, layer: usize) {
    let values = {
        let context = packet.context(layer);
        if context.this().wire_bytes().is_none() {
            return;
        }
        let fields = 0..context.this().layer().fields.len();
        let present = fields
            .filter(|i| context.this().has(&context, *i) && context.this().was_read(&context, *i));
        present
            .map(|i| (i as u8, context.this().value(&context, i)))
            .collect::<Vec<_>>()
    };
    packet.layers[layer] = Instance::with(packet.layers[layer].id(), values);
}
