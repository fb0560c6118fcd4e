//! Hints behind the cursor, in grey: the rest of a matching line of the history, or the fields that can still be set in
//! the call of a layer.

use nu_ansi_term::Style;
use reedline::{DefaultHinter, Hinter, History};
use vigie_craft::layers::{self, LayerId};

/// Maximum width of the field names, in columns.
const WIDTH: usize = 60;

/// Shows hints at the prompt.
pub struct Hints {
    history: DefaultHinter,
    style: Style,
}

impl Hints {
    /// Returns hints in this style.
    pub fn new(style: Style) -> Self {
        Self {
            history: DefaultHinter::default().with_style(style),
            style,
        }
    }
}

impl Hinter for Hints {
    fn handle(
        &mut self,
        line: &str,
        pos: usize,
        history: &dyn History,
        use_ansi_coloring: bool,
        cwd: &str,
    ) -> String {
        let known = self
            .history
            .handle(line, pos, history, use_ansi_coloring, cwd);
        if !self.history.complete_hint().is_empty() || pos < line.len() {
            return known;
        }
        let fields = fields(line);
        if use_ansi_coloring && !fields.is_empty() {
            self.style.paint(fields).to_string()
        } else {
            fields
        }
    }

    fn complete_hint(&self) -> String {
        self.history.complete_hint()
    }

    fn next_hint_token(&self) -> String {
        self.history.next_hint_token()
    }
}

/// Returns the fields that can come next if the text ends where a field is expected in a layer's call.
fn fields(head: &str) -> String {
    let waits = head.trim_end().ends_with(['(', ',']);
    let Some((layer, given)) = open_call(head).filter(|_| waits) else {
        return String::new();
    };
    let mut hint = String::new();
    for field in layer.layer().fields {
        let is_given = given
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '='))
            .any(|word| {
                word.strip_prefix(field.name)
                    .is_some_and(|rest| rest.starts_with('='))
            });
        if is_given {
            continue;
        }
        if hint.len() + field.name.len() > WIDTH {
            hint.push_str(", …");
            break;
        }
        if !hint.is_empty() {
            hint.push_str(", ");
        }
        hint.push_str(field.name);
    }
    hint
}

/// Returns the layer with an open call at the end of the text, and the arguments so far: `IP` and `dst="10.0.0.1", ` for
/// `IP(dst="10.0.0.1", `.
pub fn open_call(head: &str) -> Option<(LayerId, &str)> {
    let mut depth = 0i32;
    for (at, c) in head.char_indices().rev() {
        match c {
            ')' | ']' => depth += 1,
            '(' | '[' if depth > 0 => depth -= 1,
            '(' => {
                let before = &head[..at];
                let start = before
                    .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .map_or(0, |i| {
                        i + before[i..].chars().next().map_or(1, char::len_utf8)
                    });
                let layer = before.get(start..).and_then(layers::find)?;
                return Some((layer, &head[at + 1..]));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_call_is_the_innermost() {
        let name = |head| open_call(head).map(|(layer, _)| layer.layer().name);
        assert_eq!(name("IP(dst=[1, 2], "), Some("IP"));
        assert_eq!(name("é(IP(dst='é')/TCP("), Some("TCP"));
        assert_eq!(name("IP()/"), None);
        assert_eq!(name("sr("), None);
    }

    #[test]
    fn fields_that_are_given_are_not_named_again() {
        assert_eq!(fields("UDP("), "sport, dport, len, chksum");
        assert_eq!(fields("IP()/UDP(dport=53, "), "sport, len, chksum");
        assert_eq!(fields("UDP(dport"), "");
        assert_eq!(fields("UDP(dport=53)"), "");
        assert!(fields("TCP(").ends_with(", …"));
    }
}
