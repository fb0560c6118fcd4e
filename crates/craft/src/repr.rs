//! Values as Python and scapy write them: `'text'`, `b'\x00'`, `[1, 2]`, `('MSS', 1460)`. Must not know any layer.

use crate::env::Env;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write as _;

/// Returns a value as an expression.
#[must_use]
pub fn value(of: &Value, env: &dyn Env) -> String {
    match of {
        Value::None => "None".into(),
        Value::Int(n) => n.to_string(),
        Value::Float(n) => float(*n),
        Value::Fixed(raw, fraction) => fixed(*raw, *fraction),
        Value::Bytes(content) => bytes(content),
        Value::Str(content) => text(content),
        Value::Ipv4(addr) => format!("'{addr}'"),
        Value::Ipv6(addr) => format!("'{addr}'"),
        Value::Mac(addr) => format!("'{addr:#}'"),
        Value::List(items) => format!("[{}]", join(items, ", ", env)),
        Value::Tuple(items) if items.len() == 1 => format!("({},)", value(&items[0], env)),
        Value::Tuple(items) => format!("({})", join(items, ", ", env)),
        Value::Range(low, high) => format!("({low}, {high})"),
        Value::Net(net) => format!("Net(\"{}/{}\")", net.addr, net.prefix),
        Value::Packet(packet) => packet.repr(env),
        Value::Asn1(asn1) => crate::asn1::repr(asn1, env),
    }
}

fn join(items: &[Value], between: &str, env: &dyn Env) -> String {
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(between);
        }
        out.push_str(&value(item, env));
    }
    out
}

/// Returns a floating-point number; a whole one ends in `.0`.
#[must_use]
pub fn float(n: f64) -> String {
    let text = n.to_string();
    if n.is_finite() && !text.contains(['.', 'e']) {
        text + ".0"
    } else {
        text
    }
}

/// Returns a fixed-point number in decimal, with as many digits after the point as `fraction` bits can distinguish.
#[must_use]
pub fn fixed(raw: u64, fraction: u8) -> String {
    let whole = raw.checked_shr(fraction.into()).unwrap_or(0);
    let bits = raw
        & 1u64
            .checked_shl(fraction.into())
            .map_or(u64::MAX, |one| one - 1);
    if bits == 0 {
        return whole.to_string();
    }
    let digits = usize::from(fraction) * 30_103 / 100_000;
    let value = libm::ldexp(bits as f64, -i32::from(fraction));
    // `d.ddde-x`: the digits begin after x places.
    let text = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let places: i32 = exponent.parse().unwrap_or(0);
    let mantissa: String = mantissa.chars().filter(|c| *c != '.').collect();
    if places >= 0 {
        return (whole + 1).to_string();
    }
    let zeros = "0".repeat((-places - 1) as usize);
    format!("{whole}.{zeros}{}", mantissa.trim_end_matches('0'))
}

/// Returns bytes as a literal: `b'ab\x00'`.
#[must_use]
pub fn bytes(content: &[u8]) -> String {
    let quote = if content.contains(&b'\'') && !content.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    let mut out = String::with_capacity(content.len() + 3);
    out.push('b');
    out.push(quote.into());
    for &byte in content {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if byte == quote => {
                out.push('\\');
                out.push(byte.into());
            }
            0x20..=0x7e => out.push(byte.into()),
            byte => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote.into());
    out
}

/// Returns text as a literal: `'ab'`.
#[must_use]
pub fn text(content: &str) -> String {
    let quote = if content.contains('\'') && !content.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(content.len() + 2);
    out.push(quote);
    for c in content.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_pythons() {
        assert_eq!(bytes(b"a'\x00\n\\"), r#"b"a'\x00\n\\""#);
        assert_eq!(bytes(b"a'\""), r#"b'a\'"'"#);
        assert_eq!(text("it's"), r#""it's""#);
        assert_eq!(float(1.0), "1.0");
        assert_eq!(float(1.5), "1.5");
    }
}
