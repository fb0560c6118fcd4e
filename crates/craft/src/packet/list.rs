//! Listings of layers and of their fields (`ls`), in scapy's form.

use super::Packet;
use crate::env::Env;
use crate::layers;
use crate::model::{ByteLen, Field, FieldKind, Init, Layer, MachineValue, ValueNames};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write as _;

/// Returns all layers with their titles, sorted by name.
#[must_use]
pub fn ls() -> String {
    let mut names: alloc::vec::Vec<_> = layers::ALL
        .iter()
        .map(|layer| (layer.name, layer.title))
        .collect();
    names.sort_unstable();
    let mut out = String::new();
    for (name, title) in names {
        let _ = writeln!(out, "{name:<10} : {title}");
    }
    out
}

/// Returns the fields of a layer: name, class and default.
#[must_use]
pub fn ls_layer(layer: &Layer, env: &dyn Env) -> String {
    let mut out = String::new();
    for field in layer.fields {
        let _ = writeln!(
            out,
            "{:<10} : {:<35} = ({})",
            field.name,
            class(field),
            default_text(field, env)
        );
    }
    out
}

/// Returns the fields of a packet's layers: name, class, value and default.
#[must_use]
pub fn ls_packet(packet: &Packet, env: &dyn Env) -> String {
    let mut out = String::new();
    for (at, instance) in packet.layers.iter().enumerate() {
        if at > 0 {
            out.push_str("--\n");
        }
        let context = packet.context(at);
        for (index, field) in instance
            .layer()
            .fields
            .iter()
            .enumerate()
            .filter(|(index, _)| instance.has(&context, *index))
        {
            let value = instance.known(&context, index, env);
            let value = match (field.kind, &value) {
                (FieldKind::Flags(letters), Value::Int(bits)) => flag(letters, *bits as u64),
                _ => repr::value(&value, env),
            };
            let default = default_text(field, env);
            let _ = writeln!(
                out,
                "{:<10} : {:<35} = {value:<15} ({default})",
                field.name,
                class(field)
            );
        }
    }
    out
}

fn flag(letters: &[&str], bits: u64) -> String {
    format!("<Flag {bits} ({})>", super::show::flag_text(letters, bits))
}

/// Returns a default as scapy lists it: the `repr` of its `repr`.
fn default_text(field: &Field, env: &dyn Env) -> String {
    let text = match (field.init, field.kind) {
        (Init::Int(bits), FieldKind::Flags(letters)) => flag(letters, bits),
        (Init::Int(n), _) => n.to_string(),
        (Init::Ipv4(addr), _) => repr::text(&addr.to_string()),
        (Init::Ipv6(addr), _) => repr::text(&addr.to_string()),
        (Init::ZeroMac, _) => "'00:00:00:00:00:00'".to_string(),
        (Init::Bytes(bytes), _) => repr::bytes(bytes),
        (Init::Codec, FieldKind::Custom(codec)) => codec.listed(env),
        (Init::Auto | Init::Machine(_) | Init::Codec, _) => "None".to_string(),
    };
    repr::text(&text)
}

/// Returns scapy's class of a field.
fn class(field: &Field) -> String {
    let conditional = if field.when.is_some() { " (Cond)" } else { "" };
    if let Some(class) = field.class {
        return format!("{class}{conditional}");
    }
    let named = !matches!(field.names, ValueNames::None);
    let hex = if matches!(field.kind, FieldKind::Hex) {
        "X"
    } else {
        ""
    };
    let class = match (field.kind, field.bits) {
        (FieldKind::Custom(codec), _) => codec.class().to_string(),
        (FieldKind::Flags(_), _) => "FlagsField".to_string(),
        (FieldKind::Ipv4, _) => match field.init {
            Init::Machine(MachineValue::Source(_)) => "SourceIPField".to_string(),
            Init::Machine(_) => "DestIPField".to_string(),
            _ => "IPField".to_string(),
        },
        (FieldKind::Ipv6, _) => match field.init {
            Init::Machine(MachineValue::Source(_)) => "SourceIP6Field".to_string(),
            Init::Machine(_) => "DestIP6Field".to_string(),
            _ => "IP6Field".to_string(),
        },
        (FieldKind::Mac, _) => match field.init {
            Init::Machine(MachineValue::SourceMac) => "SourceMACField".to_string(),
            Init::Machine(_) => "DestMACField".to_string(),
            _ => "MACField".to_string(),
        },
        (FieldKind::Bytes(ByteLen::Fixed), _) => "StrFixedLenField".to_string(),
        (FieldKind::Bytes(ByteLen::Rest), _) => "StrField".to_string(),
        (FieldKind::Bytes(ByteLen::Of(_)), _) => "StrLenField".to_string(),
        (FieldKind::Int, 8) => "SignedByteField".to_string(),
        (_, 8 | 16 | 32 | 64) if names_a_class(field) => {
            let size = match field.bits {
                8 => "Byte",
                16 => "Short",
                32 => "Int",
                _ => "Long",
            };
            format!("{hex}{size}{}Field", if named { "Enum" } else { "" })
        }
        (_, bits) if named => format!("{hex}BitEnumField{}", bits_text(bits, false)),
        (_, bits) => format!("{hex}BitField{}", bits_text(bits, true)),
    };
    class + conditional
}

const fn names_a_class(field: &Field) -> bool {
    !matches!(field.kind, FieldKind::Int)
}

fn bits_text(bits: usize, shown: bool) -> String {
    match (shown, bits) {
        (false, _) => String::new(),
        (true, 1) => "  (1 bit)".to_string(),
        (true, bits) => format!("  ({bits} bits)"),
    }
}
