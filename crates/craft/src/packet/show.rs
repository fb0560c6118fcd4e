//! A packet as a tree of fields (`show`), and the text of one field.

use super::Packet;
use crate::env::Env;
use crate::model::{ByteLen, Context, Field, FieldKind, ValueNames};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

impl Packet {
    /// Returns every field of every layer, one on each line, in scapy's form.
    #[must_use]
    pub fn show(&self, env: &dyn Env) -> String {
        let mut out = String::new();
        show_from(&self.layers_from(0), "", env, &mut out);
        out
    }

    /// As [`Packet::show`], from the layer at `at` on.
    #[must_use]
    pub fn show_from(&self, at: usize, env: &dyn Env) -> String {
        let mut out = String::new();
        show_from(&self.layers_from(at), "", env, &mut out);
        out
    }

    fn layers_from(&self, at: usize) -> Vec<Context<'_>> {
        (at..self.layers.len()).map(|at| self.context(at)).collect()
    }
}

fn show_from(contexts: &[Context<'_>], label: &str, env: &dyn Env, out: &mut String) {
    for (depth, context) in contexts.iter().enumerate() {
        let indent = "   ".repeat(depth);
        let this = context.this();
        // As in scapy, the depth indents the fields but not the title.
        let _ = writeln!(out, "{label}###[ {} ]###", this.layer().title);
        for (index, field) in this.layer().fields.iter().enumerate() {
            if !is_shown(context, index) {
                continue;
            }
            let value = this.known(context, index, env);
            let packets = match (&value, field.kind) {
                (Value::List(items), FieldKind::Custom(codec)) if codec.holds_packets() => {
                    Some(&items[..])
                }
                (Value::Packet(_), _) => Some(core::slice::from_ref(&value)),
                _ => None,
            };
            let Some(packets) = packets else {
                let _ = writeln!(
                    out,
                    "{label}  {indent}{:<10}= {}",
                    field.name,
                    text(context, index, &value, env)
                );
                continue;
            };
            let _ = writeln!(out, "{label}  {indent}\\{:<10}\\", field.name);
            let inner = format!("{label}{indent}   |");
            for item in packets {
                match item {
                    Value::Packet(packet) => show_from(&packet.layers_from(0), &inner, env, out),
                    other => {
                        let _ = writeln!(out, "{inner}{}", repr::value(other, env));
                    }
                }
            }
        }
    }
}

/// Returns whether a field is present.
pub(super) fn is_shown(context: &Context<'_>, index: usize) -> bool {
    context.this().has(context, index)
}

/// Returns the text of a value: names for numbers, letters for flags.
#[must_use]
pub(crate) fn text(context: &Context<'_>, index: usize, value: &Value, env: &dyn Env) -> String {
    let field = &context.this().layer().fields[index];
    match (value, field.kind) {
        (_, FieldKind::Custom(codec)) => codec.shown(value, context, env),
        (Value::List(items), _) => {
            let mut out = String::from("[");
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                match (item, field.names) {
                    (Value::Int(_), ValueNames::None)
                        if !matches!(field.kind, FieldKind::Flags(_) | FieldKind::Hex) =>
                    {
                        out.push_str(&text(context, index, item, env));
                    }
                    (Value::Net(_), _) | (Value::Range(..), ValueNames::None) => {
                        out.push_str(&repr::value(item, env));
                    }
                    (Value::Range(..), _) => {
                        out.push_str(&repr::text(&repr::value(item, env)));
                    }
                    _ => out.push_str(&repr::text(&text(context, index, item, env))),
                }
            }
            out.push(']');
            out
        }
        (Value::Int(n), _) => number_text(context, field, *n, env),
        (Value::Bytes(bytes), FieldKind::Bytes(ByteLen::Fixed)) => {
            let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |i| i + 1);
            repr::bytes(&bytes[..end])
        }
        (Value::Ipv4(addr), _) => addr.to_string(),
        (Value::Ipv6(addr), _) => addr.to_string(),
        (Value::Mac(addr), _) => format!("{addr:#}"),
        _ => repr::value(value, env),
    }
}

/// Returns the text of a field by its name; empty if the layer has no such field.
#[must_use]
pub(crate) fn field(context: &Context<'_>, name: &str, env: &dyn Env) -> String {
    match context.this().layer().find(name) {
        Some(index) => text(
            context,
            index,
            &context.this().known(context, index, env),
            env,
        ),
        None => String::new(),
    }
}

fn number_text(context: &Context<'_>, field: &Field, n: i128, env: &dyn Env) -> String {
    let in_table = |table: &[(u64, &str)]| {
        let n = u64::try_from(n).ok()?;
        table
            .iter()
            .find(|(value, _)| *value == n)
            .map(|(_, name)| String::from(*name))
    };
    let named = match field.names {
        ValueNames::None => None,
        ValueNames::Table(table) => in_table(table),
        ValueNames::By(table) => in_table(table(context)),
        ValueNames::Service(service) => u16::try_from(n)
            .ok()
            .and_then(|port| env.service(service, port))
            .map(String::from),
    };
    match (named, field.kind) {
        (Some(name), _) => name,
        (None, FieldKind::Hex) => format!("{n:#x}"),
        (None, FieldKind::Flags(letters)) => flag_text(letters, n as u64),
        _ => n.to_string(),
    }
}

/// Returns the letters of set bits, or their names joined by `+`, the lowest first.
#[must_use]
pub(crate) fn flag_text(letters: &[&str], bits: u64) -> String {
    let joint = if letters.iter().all(|letter| letter.len() == 1) {
        ""
    } else {
        "+"
    };
    let mut out = String::new();
    for bit in (0..64).filter(|bit| bits >> bit & 1 != 0) {
        if !out.is_empty() {
            out.push_str(joint);
        }
        out.push_str(letters.get(bit as usize).copied().unwrap_or("?"));
    }
    out
}
