//! Why a command failed: one line, the place in what was typed if it is known, and a hint.
//!
//! Commands return an [`Error`]; only [`crate::ui`] prints it.

use std::io;
use std::ops::Range;

use vigie_report::grammar;
use vigie_report::style::{Paint, Role};
use vigie_report::{Message, Texts, escape};
use vigie_scope::ParseError;

use crate::exit::Exit;

/// Why a command failed, for the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// What went wrong, in one sentence.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Box<Message>>,
    /// The place in what the user typed, if the error has one.
    pub mark: Option<Box<Mark>>,
    /// The exit code of the program.
    pub exit: Exit,
}

/// A place in something that the user typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What was typed before the text, such as `-p `.
    pub before: String,
    /// The text that the user typed.
    pub text: String,
    /// Byte range of the mistake in `text`, on character boundaries.
    pub at: Range<usize>,
}

impl Error {
    /// Returns an error with an exit code.
    pub fn new(exit: Exit, message: Message) -> Error {
        Error {
            message,
            hint: None,
            mark: None,
            exit,
        }
    }

    /// Returns an error in the command line.
    pub fn usage(message: Message) -> Error {
        Error::new(Exit::Usage, message)
    }

    /// Returns an error that prevents the command from running.
    pub fn could_not_run(message: Message) -> Error {
        Error::new(Exit::CouldNotRun, message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: Message) -> Error {
        self.hint = Some(Box::new(hint));
        self
    }

    /// Adds the place of the mistake; see [`Mark`].
    #[must_use]
    pub fn mark(mut self, before: &str, text: &str, at: Range<usize>) -> Error {
        self.mark = Some(Box::new(Mark {
            before: before.to_owned(),
            text: text.to_owned(),
            at,
        }));
        self
    }

    /// Returns the error for a target or port list; `before` is the flag it follows, with a space, or nothing.
    pub fn grammar(before: &str, error: &ParseError) -> Error {
        Error::usage(grammar::message(error))
            .hint(grammar::hint(error))
            .mark(before, &error.input, error.at.clone())
    }

    /// Whether the only error is that the reader closed the output.
    pub fn is_quiet(&self) -> bool {
        self.exit == Exit::PipeClosed
    }

    /// Returns the lines to print, for a terminal `width` columns wide.
    pub fn render(&self, texts: &Texts, paint: Paint, width: usize) -> String {
        let text = texts.say(&self.message);
        let mut lines = paint.text(Role::Bad, &texts.format("error", &[("text", text.into())]));
        lines.push('\n');
        if let Some(mark) = &self.mark {
            lines.push_str(&mark.render(paint, width));
        }
        if let Some(hint) = &self.hint {
            let hint = texts.say(hint);
            lines.push_str(&texts.format("hint", &[("text", hint.into())]));
            lines.push('\n');
        }
        lines
    }
}

/// Converts errors of standard output only. Code that opens other files names the file in its error.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        let exit = match error.kind() {
            io::ErrorKind::BrokenPipe => Exit::PipeClosed,
            _ => Exit::CouldNotRun,
        };
        Error::new(exit, Message::new("output-failed").shown("error", error))
    }
}

impl Mark {
    /// Returns the text with the mistake underlined; of a long text only the part around it.
    fn render(&self, paint: Paint, width: usize) -> String {
        let safe = |range: Range<usize>| as_typed(self.text.get(range).unwrap_or(""));
        let (mut head, mistake, mut tail) = (
            format!("{}{}", as_typed(&self.before), safe(0..self.at.start)),
            safe(self.at.clone()),
            safe(self.at.end..self.text.len()),
        );
        let columns = |text: &str| vigie_report::width::of(text);
        let space = width.saturating_sub(2 + columns(&mistake)).max(20);
        if columns(&head) > space / 2 && columns(&head) + columns(&tail) > space {
            head = vigie_report::width::cut_start(&head, space / 2);
        }
        let left = space.saturating_sub(columns(&head));
        tail = vigie_report::width::cut(&tail, left);
        let mistake = vigie_report::width::cut(&mistake, width.saturating_sub(2).max(20));
        let under = "^".repeat(columns(&mistake).max(1));
        format!(
            "  {head}{mistake}{tail}\n  {}{}\n",
            " ".repeat(columns(&head)),
            paint.text(Role::Bad, &under)
        )
    }
}

/// Returns text as typed, backslashes included. Only control and invisible characters are escaped.
fn as_typed(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || escape::is_plain(c) {
            safe.push(c);
        } else {
            safe.push_str(&escape::line(c.encode_utf8(&mut [0; 4])));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::Lang;
    use vigie_scope::Transport;
    use vigie_scope::ports::PortList;

    fn shown(before: &str, text: &str, lang: Lang) -> String {
        let error = PortList::parse(text, Transport::Tcp).unwrap_err();
        Error::grammar(before, &error).render(&Texts::new(lang), Paint::new(false), 80)
    }

    #[test]
    fn the_place_is_marked() {
        assert_eq!(
            shown("-p ", "22,70000", Lang::En),
            "vigie: 70000 is too large: the maximum is 65535\n  -p 22,70000\n        ^^^^^\n\
             hint: write a number from 0 to 65535\n"
        );
        assert_eq!(
            shown("-p ", "80-22", Lang::Fr),
            "vigie\u{a0}: la plage 80-22 est inversée\n  -p 80-22\n     ^^^^^\n\
             conseil\u{a0}: écrivez d'abord la plus petite valeur\n"
        );
    }

    #[test]
    fn hostile_and_long_texts_stay_on_one_line() {
        let text = shown("-p ", "1,\x1b[31m", Lang::En);
        assert!(
            text.contains("\\x1b[31m") && !text.contains('\x1b'),
            "{text}"
        );
        let mark = Mark {
            before: String::new(),
            text: "Raw(b'\\x00\u{1b}')".into(),
            at: 4..12,
        };
        let text = mark.render(Paint::new(false), 80);
        assert!(text.starts_with("  Raw(b'\\x00\\x1b')\n"), "{text}");
        let long = format!("{}70000,{}", "22,".repeat(100), "80,".repeat(100));
        let text = shown("-p ", &long, Lang::En);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|l| l.chars().count() <= 80), "{text}");
        let place = lines[1]
            .find("70000")
            .map(|at| lines[1][..at].chars().count());
        assert_eq!(place, lines[2].find('^'), "{text}");
    }
}
