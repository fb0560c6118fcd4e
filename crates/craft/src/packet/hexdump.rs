//! Hexadecimal dumps: offset, sixteen bytes in hexadecimal, and the same bytes as text.

use alloc::string::String;
use core::fmt::Write as _;

/// Returns a dump in scapy's form, without a final newline.
#[must_use]
pub fn hexdump(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 5);
    for (line, chunk) in bytes.chunks(16).enumerate() {
        if line > 0 {
            out.push('\n');
        }
        let _ = write!(out, "{:04x}  ", line * 16);
        for i in 0..16 {
            match chunk.get(i) {
                Some(byte) => {
                    let _ = write!(out, "{byte:02X} ");
                }
                None => out.push_str("   "),
            }
        }
        out.push(' ');
        out.push_str(&letters(chunk));
    }
    out
}

/// Returns bytes as text, with a dot for each that is not printable.
#[must_use]
pub(crate) fn letters(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&b| {
            if (0x20..0x7f).contains(&b) {
                char::from(b)
            } else {
                '.'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_are_scapys() {
        assert_eq!(
            super::hexdump(b"abc\x00"),
            "0000  61 62 63 00                                      abc."
        );
        assert_eq!(super::hexdump(&[b'x'; 17]).lines().count(), 2);
    }
}
