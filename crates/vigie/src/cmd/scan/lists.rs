//! Lists of targets: on the command line, separated by commas, and in files with line numbers.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use vigie_report::{Message, grammar};
use vigie_scope::target::{self, TargetSpec};

use crate::error::Error;

/// Maximum length of a line of a list, in bytes.
const MAX_LINE: u64 = 1 << 16;

/// A target expression and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The expression as typed.
    pub text: String,
    /// The parsed expression.
    pub spec: TargetSpec,
}

impl Target {
    /// Parses a target. `before` is shown before the expression in an error message.
    ///
    /// # Errors
    /// If the expression is not a target.
    pub fn parse(before: &str, text: &str) -> Result<Target, Error> {
        match target::parse(text) {
            Ok(spec) => Ok(Target {
                text: text.to_owned(),
                spec,
            }),
            Err(error) => Err(Error::grammar(before, &error)),
        }
    }
}

/// Splits a list of targets at its commas, but not inside `10.0.0.1,5`: a part of digits and dashes without a dot belongs
/// to the address before it.
pub fn comma_separated(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let mut from = 0;
        while let Some(comma) = whole[from..].find(',').map(|at| from + at) {
            let after = &whole[comma + 1..];
            let next = after.split(',').next().unwrap_or("");
            let octet = |b: u8| b.is_ascii_digit() || b == b'-' || b == b'*';
            let continues = whole[..comma].contains('.')
                && !next.is_empty()
                && next
                    .split('.')
                    .next()
                    .is_some_and(|first| first == next && next.bytes().all(octet));
            if !continues {
                rest = Some(after);
                return Some(&whole[..comma]);
            }
            from = comma + 1;
        }
        rest = None;
        Some(whole)
    })
}

/// Reads a list of targets from a file, or from standard input for `-`. White space separates targets; `#` begins a
/// comment.
///
/// # Errors
/// If the file cannot be read or a line contains something other than targets.
pub fn read(path: &Path) -> Result<Vec<Target>, Error> {
    let name = path.display().to_string();
    let unreadable = |error: io::Error| {
        let message = Message::new("list-unreadable")
            .outside("file", &name)
            .shown("error", error);
        Error::could_not_run(message).hint(Message::new("list-unreadable-hint"))
    };
    if path.as_os_str() == "-" {
        return parse_lines(&name, &mut io::stdin().lock(), &unreadable);
    }
    let file = File::open(path).map_err(unreadable)?;
    parse_lines(&name, &mut BufReader::new(file), &unreadable)
}

fn parse_lines(
    name: &str,
    input: &mut dyn BufRead,
    unreadable: &dyn Fn(io::Error) -> Error,
) -> Result<Vec<Target>, Error> {
    let mut targets = Vec::new();
    let mut bytes = Vec::new();
    for line in 1u64.. {
        bytes.clear();
        let read = input
            .take(MAX_LINE)
            .read_until(b'\n', &mut bytes)
            .map_err(unreadable)?;
        if read == 0 {
            break;
        }
        let at = |key| Message::new(key).outside("file", name).amount("line", line);
        if read as u64 == MAX_LINE && bytes.last() != Some(&b'\n') {
            return Err(
                Error::could_not_run(at("list-too-long").amount("max", MAX_LINE))
                    .hint(Message::new("list-not-text-hint")),
            );
        }
        let Ok(text) = str::from_utf8(&bytes) else {
            return Err(
                Error::could_not_run(at("list-not-text")).hint(Message::new("list-not-text-hint"))
            );
        };
        let text = text.split('#').next().unwrap_or("");
        let text = text.trim_start_matches('\u{feff}');
        for word in text.split_whitespace() {
            let spec = target::parse(word).map_err(|error| {
                let message = at("list-bad-line").text("problem", grammar::message(&error));
                Error::usage(message).hint(grammar::hint(&error)).mark(
                    "",
                    &error.input,
                    error.at.clone(),
                )
            })?;
            targets.push(Target {
                text: word.to_owned(),
                spec,
            });
        }
    }
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::style::Paint;
    use vigie_report::{Lang, Texts};

    fn texts(input: &[u8]) -> Result<Vec<String>, String> {
        let mut input = input;
        parse_lines("hosts.txt", &mut input, &|e| panic!("{e}"))
            .map(|targets| targets.into_iter().map(|t| t.text).collect())
            .map_err(|p| p.render(&Texts::new(Lang::En), Paint::new(false), 80))
    }

    #[test]
    fn a_line_holds_several_targets_and_a_comment() {
        let read =
            texts(b"10.0.0.1 10.0.0.2\r\n# none\n\nhost.example # one\n2001:db8::1").unwrap();
        assert_eq!(
            read,
            ["10.0.0.1", "10.0.0.2", "host.example", "2001:db8::1"]
        );
    }

    #[test]
    fn errors_name_the_line_and_mark_the_target() {
        assert_eq!(
            texts(b"10.0.0.1\n10.0.0.2 10.0.0.300\n").unwrap_err(),
            "vigie: hosts.txt, line 2: 300 is too large: the maximum is 255\n  10.0.0.300\n         ^^^\n\
             hint: write a number from 0 to 255\n"
        );
        assert!(
            texts(b"ok\n\xff\xfe\n")
                .unwrap_err()
                .starts_with("vigie: hosts.txt, line 2: not valid UTF-8\n")
        );
        let long = vec![b'a'; 70_000];
        assert!(
            texts(&long)
                .unwrap_err()
                .contains("line 1: longer than 65,536 bytes")
        );
    }

    #[test]
    fn commas_separate_targets_but_not_octets() {
        let split = |text| comma_separated(text).collect::<Vec<_>>();
        assert_eq!(split("10.0.0.1,10.0.0.2"), ["10.0.0.1", "10.0.0.2"]);
        assert_eq!(split("10.0.0.1,5-9,10.0.1.1"), ["10.0.0.1,5-9", "10.0.1.1"]);
        assert_eq!(
            split("host.example,2001:db8::1"),
            ["host.example", "2001:db8::1"]
        );
        assert_eq!(split("10.0.0.1,,x"), ["10.0.0.1", "", "x"]);
    }
}
