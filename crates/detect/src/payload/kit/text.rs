//! Cleans text from the network for display: short, printable, on one line.

use alloc::string::String;
use core::fmt;

/// Maximum length of the text of one field, in bytes of UTF-8.
const MAX_TEXT: usize = 160;

/// What a reply states about the program behind the port. The text is cleaned, not verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Name of the program.
    pub product: Option<String>,
    /// Version of the program, or of the protocol if only that is known.
    pub version: Option<String>,
    /// Other facts, in the terms of the protocol.
    pub info: Option<String>,
}

impl Detail {
    /// No details.
    pub const NONE: Detail = Detail {
        product: None,
        version: None,
        info: None,
    };

    pub(in crate::payload) fn product(mut self, text: impl AsRef<[u8]>) -> Detail {
        self.product = clean(text);
        self
    }

    pub(in crate::payload) fn version(mut self, text: impl AsRef<[u8]>) -> Detail {
        self.version = clean(text);
        self
    }

    /// Appends to `info`, separated by a comma.
    pub(in crate::payload) fn info(mut self, text: impl AsRef<[u8]>) -> Detail {
        let Some(more) = clean(text) else { return self };
        self.info = match self.info {
            Some(before) => clean(alloc::format!("{before}, {more}")),
            None => Some(more),
        };
        self
    }

    /// Appends `label text` to `info`, unless the text is empty.
    pub(in crate::payload) fn labelled(self, label: &str, text: impl AsRef<[u8]>) -> Detail {
        match clean(text) {
            Some(text) => self.info(alloc::format!("{label} {text}")),
            None => self,
        }
    }

    /// Sets product and version from a banner such as `dnsmasq-2.90`, `Name/1.2 (x)` or `Name v3`. A banner without a number
    /// becomes the product.
    pub(in crate::payload) fn banner(self, text: impl AsRef<[u8]>) -> Detail {
        let Some(text) = clean(text) else { return self };
        let split = (1..text.len()).find(|&at| {
            let bytes = text.as_bytes();
            let dash = matches!(bytes[at - 1], b' ' | b'-' | b'/' | b'_' | b'(');
            let number = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
            dash && (number(at) || matches!(bytes[at], b'v' | b'V') && number(at + 1))
        });
        let Some(split) = split else {
            return self.product(text);
        };
        let (product, rest) = text.split_at(split);
        let end = rest
            .find(|c: char| c.is_whitespace() || "(;,".contains(c))
            .unwrap_or(rest.len());
        let (version, more) = rest.split_at(end);
        self.product(product.trim_end_matches([' ', '-', '/', '_', '(']))
            .version(version.trim_start_matches(['v', 'V']))
            .info(more.trim_matches([' ', '(', ')', ';', ',']))
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        for part in [&self.product, &self.version].into_iter().flatten() {
            write!(f, "{gap}{part}")?;
            gap = " ";
        }
        match &self.info {
            Some(info) if gap.is_empty() => f.write_str(info),
            Some(info) => write!(f, " ({info})"),
            None => Ok(()),
        }
    }
}

/// Returns `bytes` as one short line of printable text, or `None` if nothing is printable.
///
/// Bytes that are not UTF-8 are read as Latin-1. Control characters become a space; invisible characters that change the
/// direction or appearance of text are removed.
pub(in crate::payload) fn clean(bytes: impl AsRef<[u8]>) -> Option<String> {
    let bytes = bytes.as_ref();
    let bytes = &bytes[..bytes.len().min(4 * MAX_TEXT)];
    let mut text = String::new();
    match core::str::from_utf8(bytes) {
        Ok(utf8) => push(&mut text, utf8.chars()),
        // Truncated above in the middle of a character.
        Err(error) if error.error_len().is_none() && bytes.len() == 4 * MAX_TEXT => {
            let whole = core::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            push(&mut text, whole.chars());
        }
        Err(_) => push(&mut text, bytes.iter().map(|&byte| char::from(byte))),
    }
    text.truncate(text.trim_end().len());
    (!text.is_empty()).then_some(text)
}

fn push(text: &mut String, characters: impl Iterator<Item = char>) {
    for character in characters {
        let character = match character {
            c if c.is_control() || c.is_whitespace() => ' ',
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' => continue,
            c => c,
        };
        if character == ' ' && (text.is_empty() || text.ends_with(' ')) {
            continue;
        }
        if text.len() + character.len_utf8() > MAX_TEXT {
            return;
        }
        text.push(character);
    }
}

/// Returns the text between `before`, which is not empty, and the next of `ends` (or the end of `text`).
pub(in crate::payload) fn between<'a>(
    text: &'a [u8],
    before: &[u8],
    ends: &[u8],
) -> Option<&'a [u8]> {
    let start = before.len()
        + text
            .windows(before.len().max(1))
            .position(|window| window.eq_ignore_ascii_case(before))?;
    let rest = &text[start..];
    let end = rest
        .iter()
        .position(|byte| ends.contains(byte))
        .unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Returns the value of a header field (`Name: value`), ignoring the first line.
pub(in crate::payload) fn field<'a>(head: &'a [u8], name: &str) -> Option<&'a [u8]> {
    head.split(|&byte| byte == b'\n')
        .skip(1)
        .take_while(|line| !line.trim_ascii().is_empty())
        .find_map(|line| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let (found, value) = line.split_at(colon);
            found
                .trim_ascii()
                .eq_ignore_ascii_case(name.as_bytes())
                .then(|| value[1..].trim_ascii())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn hostile_text_is_made_harmless() {
        assert_eq!(clean(b"\x1b[31mred\x07\r\n").as_deref(), Some("[31mred"));
        assert_eq!(clean("a\u{202e}b\u{200b}c d").as_deref(), Some("abc d"));
        assert_eq!(clean(b"caf\xe9").as_deref(), Some("café"));
        assert_eq!(clean(b"\0\0\x01"), None);
        assert_eq!(clean([b'x'; 5000]).map(|text| text.len()), Some(MAX_TEXT));
        assert!(clean("é".repeat(5000)).is_some_and(|text| text.len() <= MAX_TEXT));
    }

    #[test]
    fn banners_are_split_at_their_number() {
        for (banner, shown) in [
            ("dnsmasq-2.90", "dnsmasq 2.90"),
            ("unbound 1.17.1", "unbound 1.17.1"),
            (
                "PowerDNS Authoritative Server 4.7.3 (built x)",
                "PowerDNS Authoritative Server 4.7.3 (built x)",
            ),
            ("Coturn-4.6.1 'Gorst'", "Coturn 4.6.1 ('Gorst')"),
            ("Name v3", "Name 3"),
            ("name (5.6 (x86_64))", "name 5.6 (x86_64)"),
            ("nothing to see", "nothing to see"),
            ("9.18", "9.18"),
        ] {
            assert_eq!(Detail::NONE.banner(banner).to_string(), shown);
        }
    }

    #[test]
    fn fields_are_found_by_name() {
        let head = b"HTTP/1.1 200 OK\r\nServer:  a b \r\nEXT:\r\n\r\nserver: no";
        assert_eq!(field(head, "SERVER"), Some(&b"a b"[..]));
        assert_eq!(field(head, "ext"), Some(&b""[..]));
        assert_eq!(field(head, "st"), None);
        assert_eq!(between(b"x=\"1\",y", b"X=\"", b"\""), Some(&b"1"[..]));
    }
}
