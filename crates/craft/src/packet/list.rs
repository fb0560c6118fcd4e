//! Listings of layers and of their fields (`ls`), in scapy's form.

use super::Packet;
use crate::env::Env;
use crate::layers;
use crate::model::{Field, Init, Kind, Layer, Len, Names, Own};
use crate::python;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write as _;

/// Every layer with its title, by name.
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

/// The fields of a layer: name, class and default.
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

/// The fields of a packet's layers: name, class, value and default.
#[must_use]
pub fn ls_packet(packet: &Packet, env: &dyn Env) -> String {
    let mut out = String::new();
    for (at, instance) in packet.layers.iter().enumerate() {
        if at > 0 {
            out.push_str("--\n");
        }
        let scope = packet.scope(at);
        for (index, field) in instance
            .layer()
            .fields
            .iter()
            .enumerate()
            .filter(|(index, _)| instance.has(&scope, *index))
        {
            let value = instance.known(&scope, index, env);
            let value = match (field.kind, &value) {
                (Kind::Flags(letters), Value::Int(bits)) => flag(letters, *bits as u64),
                _ => python::repr(&value, env),
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

/// The default as scapy lists it: the representation of its representation.
fn default_text(field: &Field, env: &dyn Env) -> String {
    let text = match (field.init, field.kind) {
        (Init::Int(bits), Kind::Flags(letters)) => flag(letters, bits),
        (Init::Int(n), _) => n.to_string(),
        (Init::Ipv4(addr), _) => python::str_repr(&addr.to_string()),
        (Init::Ipv6(addr), _) => python::str_repr(&addr.to_string()),
        (Init::ZeroMac, _) => "'00:00:00:00:00:00'".to_string(),
        (Init::Bytes(bytes), _) => python::bytes_repr(bytes),
        (Init::Codec, Kind::Custom(codec)) => codec.listed(env),
        (Init::Auto | Init::Own(_) | Init::Codec, _) => "None".to_string(),
    };
    python::str_repr(&text)
}

/// A field's class, as scapy names it.
fn class(field: &Field) -> String {
    let conditional = if field.when.is_some() { " (Cond)" } else { "" };
    if let Some(class) = field.class {
        return format!("{class}{conditional}");
    }
    let named = !matches!(field.names, Names::None);
    let hex = if matches!(field.kind, Kind::Hex) {
        "X"
    } else {
        ""
    };
    let class = match (field.kind, field.bits) {
        (Kind::Custom(codec), _) => codec.class().to_string(),
        (Kind::Flags(_), _) => "FlagsField".to_string(),
        (Kind::Ipv4, _) => match field.init {
            Init::Own(Own::Source(_)) => "SourceIPField".to_string(),
            Init::Own(_) => "DestIPField".to_string(),
            _ => "IPField".to_string(),
        },
        (Kind::Ipv6, _) => match field.init {
            Init::Own(Own::Source(_)) => "SourceIP6Field".to_string(),
            Init::Own(_) => "DestIP6Field".to_string(),
            _ => "IP6Field".to_string(),
        },
        (Kind::Mac, _) => match field.init {
            Init::Own(Own::SourceMac) => "SourceMACField".to_string(),
            Init::Own(_) => "DestMACField".to_string(),
            _ => "MACField".to_string(),
        },
        (Kind::Bytes(Len::Fixed), _) => "StrFixedLenField".to_string(),
        (Kind::Bytes(Len::Rest), _) => "StrField".to_string(),
        (Kind::Bytes(Len::Of(_)), _) => "StrLenField".to_string(),
        (Kind::Int, 8) => "SignedByteField".to_string(),
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
    !matches!(field.kind, Kind::Int)
}

fn bits_text(bits: usize, told: bool) -> String {
    match (told, bits) {
        (false, _) => String::new(),
        (true, 1) => "  (1 bit)".to_string(),
        (true, bits) => format!("  ({bits} bits)"),
    }
}
