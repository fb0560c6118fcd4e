//! Packets and layers as JSON: one object per packet, fields by name. Numbers are JSON numbers, addresses are text, bytes
//! are hexadecimal.

use std::fmt::Write as _;

use vigie_craft::model::{Layer, ValueNames};
use vigie_craft::{Env, Packet, Value};
use vigie_report::escape;

/// Returns a packet: its layers with their fields, and its bytes.
pub fn packet(packet: &Packet, env: &dyn Env) -> String {
    let mut out = String::from("{\"type\":\"packet\",\"layers\":[");
    layers(packet, env, &mut out);
    out.push_str("],\"bytes\":");
    match packet.build(env) {
        Ok(bytes) => hex(&bytes, &mut out),
        Err(_) => out.push_str("null"),
    }
    out.push('}');
    out
}

fn layers(packet: &Packet, env: &dyn Env, out: &mut String) {
    for (at, instance) in packet.layers.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let context = packet.context(at);
        out.push_str("{\"layer\":");
        text(instance.layer().name, out);
        out.push_str(",\"fields\":{");
        let fields = instance.layer().fields.iter().enumerate();
        for (n, (index, field)) in fields
            .filter(|(index, _)| instance.has(&context, *index))
            .enumerate()
        {
            if n > 0 {
                out.push(',');
            }
            text(field.name, out);
            out.push(':');
            value(&instance.known(&context, index, env), env, out);
        }
        out.push_str("}}");
    }
}

fn value(of: &Value, env: &dyn Env, out: &mut String) {
    match of {
        Value::None => out.push_str("null"),
        Value::Int(n) => out.push_str(&n.to_string()),
        Value::Float(n) if n.is_finite() => out.push_str(&n.to_string()),
        Value::Fixed(..) | Value::Float(_) => out.push_str(&vigie_craft::repr::value(of, env)),
        Value::Bytes(bytes) => hex(bytes, out),
        Value::Str(said) => text(said, out),
        Value::Ipv4(addr) => text(&addr.to_string(), out),
        Value::Ipv6(addr) => text(&addr.to_string(), out),
        Value::Mac(addr) => text(&format!("{addr:#}"), out),
        Value::List(items) | Value::Tuple(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                value(item, env, out);
            }
            out.push(']');
        }
        Value::Range(low, high) => {
            let _ = write!(out, "{{\"from\":{low},\"to\":{high}}}");
        }
        Value::Net(net) => text(&format!("{}/{}", net.addr, net.prefix), out),
        Value::Packet(inner) => {
            out.push('[');
            layers(inner, env, out);
            out.push(']');
        }
        Value::Asn1(asn1) => value(&asn1.value, env, out),
    }
}

/// Returns the description of a layer.
pub fn layer(layer: &Layer) -> String {
    let mut out = String::from("{\"type\":\"layer\",\"name\":");
    text(layer.name, &mut out);
    out.push_str(",\"title\":");
    text(layer.title, &mut out);
    out.push_str(",\"fields\":[");
    for (n, field) in layer.fields.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.push_str("{\"name\":");
        text(field.name, &mut out);
        let _ = write!(out, ",\"bits\":{}", field.bits);
        let _ = write!(out, ",\"computed\":{}", field.is_auto());
        if let ValueNames::Table(table) = field.names {
            out.push_str(",\"names\":{");
            for (i, (number, name)) in table.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                text(&number.to_string(), &mut out);
                out.push(':');
                text(name, &mut out);
            }
            out.push('}');
        }
        out.push('}');
    }
    out.push_str("]}");
    out
}

fn hex(bytes: &[u8], out: &mut String) {
    out.push('"');
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('"');
}

/// Returns a text as a JSON string, with terminal control characters escaped.
fn text(said: &str, out: &mut String) {
    out.push('"');
    for c in said.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if escape::is_plain(c) => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_craft::Offline;

    #[test]
    fn texts_are_escaped_and_packets_are_json() {
        let mut out = String::new();
        text("a\"\\\u{1b}\u{1f600}", &mut out);
        assert_eq!(out, "\"a\\\"\\\\\\u001b\u{1f600}\"");
        let mut expected = Packet::named("IP").expect("there is an IP layer");
        expected.layers[0]
            .assign("dst", "10.0.0.1".into(), &Offline)
            .expect("an address fits");
        let json: serde_json::Value =
            serde_json::from_str(&packet(&expected, &Offline)).expect("it is JSON");
        assert_eq!(json["layers"][0]["fields"]["dst"], "10.0.0.1");
        assert_eq!(json["bytes"].as_str().map(str::len), Some(40));
        for described in vigie_craft::layers::ALL {
            let json: serde_json::Value =
                serde_json::from_str(&layer(described)).expect("it is JSON");
            assert_eq!(json["name"], described.name);
        }
    }
}
