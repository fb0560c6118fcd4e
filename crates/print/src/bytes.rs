//! Bytes as text: dumps, and strings out of packets made safe for a terminal.

use alloc::string::String;
use core::fmt::Write as _;

/// Appends lines of hexadecimal, sixteen bytes each, every line after a line end.
pub fn hex(bytes: &[u8], out: &mut String) {
    dump(bytes, false, out);
}

/// The same with the printable characters beside.
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
            // Eight groups of five columns, then two spaces.
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

/// Appends the bytes as ASCII after a line end: line ends and tabs stay, carriage returns of line ends go (and one with
/// less than two bytes behind it), all else is a dot.
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

/// Appends text of unknown origin without control characters: what is not printable ASCII is shown as tcpdump does, `^A` for
/// control characters and `M-a` with the top bit.
pub(super) fn printable(text: &[u8], out: &mut String) {
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

/// The 16-bit number at `at`, network order.
pub(super) fn half(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|half| u16::from_be_bytes(*half))
}

/// The 32-bit number at `at`, network order.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|word| u32::from_be_bytes(*word))
}

/// Appends the bytes as hexadecimal lines under an option of a verbose line.
pub(super) fn hex_indented(bytes: &[u8], out: &mut String) {
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
    fn carriage_returns_go_where_tcpdump_leaves_them_out() {
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
