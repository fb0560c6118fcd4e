//! A packet in one line: as scapy echoes it (`repr`), as an expression that makes it (`command`), and as a summary
//! (`summary`).

use super::show::{is_shown, text};
use super::{Instance, Packet};
use crate::env::Env;
use crate::model::{Context, FieldKind};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Packet {
    /// Returns `<IP  dst=10.0.0.1 |<TCP  flags=S |>>`: fields that were set, dissected, or given by the layer above.
    #[must_use]
    pub fn repr(&self, env: &dyn Env) -> String {
        self.repr_from(0, env)
    }

    /// As [`Packet::repr`], from the layer at `at` on.
    #[must_use]
    pub fn repr_from(&self, at: usize, env: &dyn Env) -> String {
        let mut out = String::new();
        for i in at..self.layers.len() {
            let context = self.context(i);
            let this = context.this();
            out.push('<');
            out.push_str(this.layer().name);
            out.push_str("  ");
            for (index, field) in this.layer().fields.iter().enumerate() {
                let Some(value) = known_value(this, &context, index) else {
                    continue;
                };
                if matches!(&value, Value::List(items) if items.is_empty()) {
                    continue;
                }
                out.push_str(field.name);
                out.push('=');
                out.push_str(&text(&context, index, &value, env));
                out.push(' ');
            }
            out.push('|');
        }
        out.extend(core::iter::repeat_n(
            '>',
            self.layers.len().saturating_sub(at),
        ));
        out
    }

    /// Returns an expression that makes the same packet: `IP(dst='10.0.0.1')/TCP(flags=2)`.
    #[must_use]
    pub fn command(&self, env: &dyn Env) -> String {
        let mut out = String::new();
        for (i, instance) in self.layers.iter().enumerate() {
            if i > 0 {
                out.push('/');
            }
            let context = self.context(i);
            out.push_str(instance.layer().name);
            out.push('(');
            let mut first = true;
            for (index, field) in instance.layer().fields.iter().enumerate() {
                let set = instance.explicit(index).is_some() || instance.was_read(&context, index);
                if !set || !is_shown(&context, index) {
                    continue;
                }
                let value = instance.value(&context, index);
                if !core::mem::take(&mut first) {
                    out.push_str(", ");
                }
                let value = match (field.kind, &value) {
                    (FieldKind::Custom(codec), _) if codec.holds_packets() => commands(&value, env),
                    (FieldKind::Custom(codec), _) => codec.expression(&value, env),
                    (FieldKind::Flags(letters), Value::Int(bits)) => {
                        repr::text(&super::show::flag_text(letters, *bits as u64))
                    }
                    _ => repr::value(&value, env),
                };
                out.push_str(field.name);
                out.push('=');
                out.push_str(&value);
            }
            out.push(')');
        }
        out
    }

    /// Returns a summary: `IP / TCP 10.0.0.1:ftp_data > 10.0.0.2:http S`.
    #[must_use]
    pub fn summary(&self, env: &dyn Env) -> String {
        self.summary_from(0, env)
    }

    /// As [`Packet::summary`], from the layer at `at` on.
    #[must_use]
    pub fn summary_from(&self, at: usize, env: &dyn Env) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut summarized = false;
        for i in (at..self.quote_end(at)).rev() {
            let context = self.context(i);
            let layer = context.this().layer();
            let text = match layer.summary {
                Some(summary) if !summarized => summary(&context, env),
                _ => String::new(),
            };
            summarized |= !text.is_empty();
            parts.push(if text.is_empty() {
                layer.name.to_string()
            } else {
                text
            });
        }
        parts.reverse();
        parts.join(" / ")
    }
}

impl Packet {
    /// Returns the index after the last layer that a summary names. For a datagram quoted in an ICMP error, it names only the
    /// headers that identify the datagram.
    fn quote_end(&self, at: usize) -> usize {
        let name = |i: usize| self.layers.get(i).map_or("", |layer| layer.layer().name);
        let quote =
            (at..self.layers.len()).find(|i| name(*i) == "ICMP" && name(*i + 1) == "IPerror");
        match quote {
            Some(icmp) if name(icmp + 2).ends_with("error") => icmp + 3,
            _ => self.layers.len(),
        }
    }
}

/// Returns the value of a field that was set, dissected, or given by the layer above.
fn known_value(this: &Instance, context: &Context<'_>, index: usize) -> Option<Value> {
    if !is_shown(context, index) {
        return None;
    }
    if this.wire_bytes().is_some() {
        let value = this
            .was_read(context, index)
            .then(|| this.value(context, index));
        // A conditional field without a value is left out.
        let conditional = this.layer().fields[index].when.is_some();
        return value.filter(|value| !(conditional && *value == Value::None));
    }
    let field = &this.layer().fields[index];
    let list = matches!(field.kind, FieldKind::Custom(codec) if codec.holds_packets());
    if this.explicit(index).is_some() || this.given(context, index).is_some() || list {
        return Some(this.value(context, index));
    }
    None
}

fn commands(value: &Value, env: &dyn Env) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| commands(item, env)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Packet(packet) => packet.command(env),
        other => repr::value(other, env),
    }
}
