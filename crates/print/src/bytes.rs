//! Bytes as text: dumps, strings from packets made safe for a terminal, and big-endian integers.

use alloc::string::String;
use core::fmt::Write as _;

/// Appends a hexadecimal dump, sixteen bytes per line. A line end precedes every line.
pub fn hex(bytes: &[u8], out: &mut String) {
    dump(bytes, false, out);
}

/// Appends a hexadecimal dump with the printable characters on the right.
pub fn hex_ascii(bytes: &[u8], out: &mut String) {
    dump(bytes, true, out);
}

fn dump(bytes: &[u8], ascii: bool, out: &mut String) {
    for (row, part) in bytes.chunks(16).enumerate() {
        let _ = write!(out, "\n\t{:#06x}: ", row * 16);
        let start = out.len();
        for pair in part.chunks(2) {
            out.push(' ');
            for byte in pair {
                let _ = write!(out, "{byte:02x}");
            }
        }
        if ascii {
            // Pad to eight groups of five columns and two spaces.
            for _ in out.len() - start..42 {
                out.push(' ');
            }
            out.extend(part.iter().map(|&byte| {
                if byte.is_ascii_graphic() {
                    char::from(byte)
                } else {
                    '.'
                }
            }));
        }
    }
}

/// Appends the bytes as ASCII after a line end. Line ends and tabs stay. As in tcpdump, a carriage return is dropped
/// before a line end and among the last two bytes. Every other byte becomes a dot.
pub fn ascii(bytes: &[u8], out: &mut String) {
    out.push('\n');
    for (i, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' | b'\t' | b' ' => out.push(char::from(byte)),
            b'\r' if bytes.len() - i <= 2 || bytes[i + 1] == b'\n' => {}
            _ if byte.is_ascii_graphic() => out.push(char::from(byte)),
            _ => out.push('.'),
        }
    }
}

/// Appends untrusted text without control characters, as tcpdump does: `^A` for a control character, `M-a` for a byte
/// with the top bit set.
pub(crate) fn printable(text: &[u8], out: &mut String) {
    for &byte in text {
        let mut byte = byte;
        if byte >= 0x80 {
            out.push_str("M-");
            byte &= 0x7f;
        }
        if byte == b' ' || byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            out.push('^');
            out.push(char::from(byte ^ 0x40));
        }
    }
}

/// Returns the 16-bit big-endian integer at `at`.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u16::from_be_bytes(*bytes))
}

/// Returns the 32-bit big-endian integer at `at`.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u32::from_be_bytes(*bytes))
}

/// Appends a hexadecimal dump, indented below an option of a verbose line.
pub(crate) fn hex_indented(bytes: &[u8], out: &mut String) {
    for (row, part) in bytes.chunks(16).enumerate() {
        let _ = write!(out, "\n\t    {:#06x}: ", row * 16);
        for pair in part.chunks(2) {
            out.push(' ');
            for byte in pair {
                let _ = write!(out, "{byte:02x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriage_returns_are_dropped_where_tcpdump_drops_them() {
        for (bytes, expected) in [
            (&b"a\rb"[..], "\nab"),
            (b"a\rbc", "\na.bc"),
            (b"a\r\nb", "\na\nb"),
            (b"a\r\r\nb", "\na.\nb"),
            (b"a\r\r\r", "\na."),
            (b"a\r\n", "\na\n"),
            (b"\r", "\n"),
        ] {
            let mut out = String::new();
            ascii(bytes, &mut out);
            assert_eq!(out, expected, "{bytes:?}");
        }
    }
}
