//! XML elements, attributes and comments as text.

use std::fmt::Write as _;

use crate::escape;

/// Writes `<name a="1" b="2"` and `close`.
pub(super) fn element(text: &mut String, name: &str, attributes: &[(&str, &str)], close: &str) {
    *text += "<";
    *text += name;
    for (key, value) in attributes {
        write!(text, " {key}=\"{}\"", attribute(value)).expect("a String takes all writes");
    }
    *text += close;
}

/// Escapes text for an attribute (XML 1.0 section 2.3) and for terminals.
pub(super) fn attribute(value: &str) -> String {
    let safe = escape::line(value);
    let mut text = String::with_capacity(safe.len());
    for c in safe.chars() {
        match c {
            '&' => text += "&amp;",
            '<' => text += "&lt;",
            '>' => text += "&gt;",
            '"' => text += "&quot;",
            '\'' => text += "&apos;",
            c => text.push(c),
        }
    }
    text
}

/// Writes a comment. It may not contain two dashes in a row (XML 1.0 section 2.5); the second is escaped as nmap does.
pub(super) fn comment(text: &mut String, value: &str) {
    let mut safe = String::new();
    for c in escape::line(value).chars() {
        match c {
            '-' if safe.ends_with(['-', ';']) => safe += "&#45;",
            c => safe.push(c),
        }
    }
    *text += "<!-- ";
    *text += &safe;
    *text += " -->\n";
}
