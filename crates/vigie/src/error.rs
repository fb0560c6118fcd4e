//! Why a command cannot go on: one clear line, the place where known, and a hint.
//!
//! Commands return a [`Error`]; only [`crate::ui`] prints it.

use std::io;
use std::ops::Range;

use vigie_report::grammar;
use vigie_report::style::{Paint, Role};
use vigie_report::{Message, Texts, escape};
use vigie_scope::ParseError;

use crate::exit::Exit;

/// What went wrong, in words that the user can act on.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// What went wrong, in one sentence.
    pub message: Message,
    /// What would be right.
    pub hint: Option<Box<Message>>,
    /// The place in what the user typed.
    pub mark: Option<Box<Mark>>,
    /// How the program ends.
    pub exit: Exit,
}

/// A place in something that the user typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What stood before it, such as `-p `.
    pub before: String,
    /// The text.
    pub text: String,
    /// The bytes of the text that are meant, on character boundaries.
    pub at: Range<usize>,
}

impl Error {
    /// A problem that ends the program with `exit`.
    pub fn new(exit: Exit, message: Message) -> Error {
        Error {
            message,
            hint: None,
            mark: None,
            exit,
        }
    }

    /// A wrong command line.
    pub fn usage(message: Message) -> Error {
        Error::new(Exit::Usage, message)
    }

    /// Something that keeps the command from running.
    pub fn could_not_run(message: Message) -> Error {
        Error::new(Exit::CouldNotRun, message)
    }

    /// With what would be right.
    #[must_use]
    pub fn hint(mut self, hint: Message) -> Error {
        self.hint = Some(Box::new(hint));
        self
    }

    /// With the place where it is wrong.
    #[must_use]
    pub fn mark(mut self, before: &str, text: &str, at: Range<usize>) -> Error {
        self.mark = Some(Box::new(Mark {
            before: before.to_owned(),
            text: text.to_owned(),
            at,
        }));
        self
    }

    /// Something in a target or port expression; `before` is the flag that it was typed after, with a space.
    pub fn grammar(before: &str, error: &ParseError) -> Error {
        Error::usage(grammar::message(error))
            .hint(grammar::hint(error))
            .mark(before, &error.input, error.at.clone())
    }

    /// Whether it is only that nobody reads the output any more.
    pub fn is_quiet(&self) -> bool {
        self.exit == Exit::PipeClosed
    }

    /// The lines to print, for a terminal `width` columns wide.
    pub fn render(&self, texts: &Texts, paint: Paint, width: usize) -> String {
        let said = texts.say(&self.message);
        let mut lines = paint.text(Role::Bad, &texts.format("error", &[("text", said.into())]));
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

/// The output is all that a command writes to without looking: whoever opens
/// other files says which one it was.
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
    /// The text with what is meant underlined; of a long text the part around the place.
    fn render(&self, paint: Paint, width: usize) -> String {
        let safe = |range: Range<usize>| as_typed(self.text.get(range).unwrap_or(""));
        let (mut head, culprit, mut tail) = (
            format!("{}{}", as_typed(&self.before), safe(0..self.at.start)),
            safe(self.at.clone()),
            safe(self.at.end..self.text.len()),
        );
        let columns = |text: &str| vigie_report::width::of(text);
        let room = width.saturating_sub(2 + columns(&culprit)).max(20);
        if columns(&head) > room / 2 && columns(&head) + columns(&tail) > room {
            head = vigie_report::width::cut_start(&head, room / 2);
        }
        let left = room.saturating_sub(columns(&head));
        tail = vigie_report::width::cut(&tail, left);
        let culprit = vigie_report::width::cut(&culprit, width.saturating_sub(2).max(20));
        let under = "^".repeat(columns(&culprit).max(1));
        format!(
            "  {head}{culprit}{tail}\n  {}{}\n",
            " ".repeat(columns(&head)),
            paint.text(Role::Bad, &under)
        )
    }
}

/// A text as it was typed, backslashes too; only what a terminal would obey or not show is escaped.
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
