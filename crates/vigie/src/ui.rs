//! What a command talks to: standard output, standard error, and how they look.
//!
//! Output is buffered; a reader that goes away ends the program quietly. This
//! file must not know any command.

use std::io::{self, BufRead as _, BufWriter, IsTerminal as _, Read as _, Write};

use vigie_report::style::Paint;
use vigie_report::{Message, Texts};

use crate::error::Error;
use crate::exit::Exit;

/// The longest answer to a question, in bytes.
const LONGEST_ANSWER: u64 = 4096;

/// What a command returns.
pub type Outcome = Result<Exit, Error>;

/// Whether colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set or TERM is `dumb`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the surroundings say: asked for once, at the start.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Standard input is a terminal.
    pub in_is_terminal: bool,
    /// Standard output is a terminal.
    pub out_is_terminal: bool,
    /// Standard error is a terminal.
    pub err_is_terminal: bool,
    /// NO_COLOR is set and not empty, or TERM is `dumb`.
    pub no_color: bool,
    /// Columns of the terminal, where there is one.
    pub columns: Option<usize>,
}

impl Surroundings {
    /// Looks around.
    pub fn look() -> Surroundings {
        let set = |name| std::env::var_os(name).filter(|v| !v.is_empty());
        let columns = set("COLUMNS")
            .and_then(|v| v.to_str()?.parse().ok())
            .or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)));
        Surroundings {
            in_is_terminal: io::stdin().is_terminal(),
            out_is_terminal: io::stdout().is_terminal(),
            err_is_terminal: io::stderr().is_terminal(),
            no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|t| t == "dumb"),
            columns: columns.filter(|c| *c > 0),
        }
    }
}

/// The two streams, the language, and how things look.
pub struct Ui {
    texts: Texts,
    out: BufWriter<Box<dyn Write>>,
    err: Box<dyn Write>,
    around: Surroundings,
    color: ColorChoice,
    quiet: bool,
}

impl Ui {
    /// On the standard streams.
    pub fn new(texts: Texts, around: Surroundings, color: ColorChoice, quiet: bool) -> Ui {
        Ui::on(
            texts,
            around,
            color,
            quiet,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
        )
    }

    /// On any two streams.
    pub fn on(
        texts: Texts,
        around: Surroundings,
        color: ColorChoice,
        quiet: bool,
        out: Box<dyn Write>,
        err: Box<dyn Write>,
    ) -> Ui {
        Ui {
            texts,
            out: BufWriter::with_capacity(1 << 16, out),
            err,
            around,
            color,
            quiet,
        }
    }

    /// The texts of the user's language.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Standard output, buffered. Flush it where the user waits for what was written.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// Writes one line to standard output.
    pub fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Writes what is buffered.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Colours of standard output.
    pub fn paint(&self) -> Paint {
        Paint::new(self.colored(self.around.out_is_terminal))
    }

    /// Colours of standard error.
    pub fn err_paint(&self) -> Paint {
        Paint::new(self.colored(self.around.err_is_terminal))
    }

    fn colored(&self, terminal: bool) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !self.around.no_color,
        }
    }

    /// How many columns standard output has; `None` where lines may be as long as they are.
    pub fn width(&self) -> Option<usize> {
        self.around
            .out_is_terminal
            .then(|| self.around.columns.unwrap_or(80))
    }

    /// How many columns standard error has.
    pub fn err_width(&self) -> usize {
        self.around.columns.unwrap_or(80)
    }

    /// Whether someone watches standard error and wants to see progress there.
    pub fn wants_progress(&self) -> bool {
        self.around.err_is_terminal && !self.quiet
    }

    /// Whether standard output is a terminal.
    pub fn out_is_terminal(&self) -> bool {
        self.around.out_is_terminal
    }

    /// One line on standard error, unless the user wants quiet.
    pub fn note(&mut self, message: &Message) {
        if !self.quiet {
            let said = self.texts.say(message);
            let line = self.texts.format("note", &[("text", said.into())]);
            let lines = if self.around.err_is_terminal {
                vigie_report::width::lines(&line, self.err_width())
            } else {
                vec![line]
            };
            self.err_text(&[lines.join("\n"), "\n".to_owned()].concat());
        }
    }

    /// Asks a question at the terminal and waits for the answer, without its end of line; `None`
    /// where nobody is there to read it and to answer.
    pub fn ask(&mut self, question: &Message) -> Option<String> {
        if !(self.around.in_is_terminal && self.around.err_is_terminal) {
            return None;
        }
        let said = self.texts.say(question);
        let line = self.texts.format("note", &[("text", said.into())]);
        self.err_text(&format!("{line} "));
        let mut answer = String::new();
        match io::stdin()
            .lock()
            .take(LONGEST_ANSWER)
            .read_line(&mut answer)
        {
            Ok(n) if n > 0 => Some(answer.trim_end_matches(['\n', '\r']).to_owned()),
            _ => None,
        }
    }

    /// What is wrong, on standard error.
    pub fn error(&mut self, error: &Error) {
        if !error.is_quiet() {
            let text = error.render(&self.texts, self.err_paint(), self.err_width());
            self.err_text(&text);
        }
    }

    /// Text as it is, on standard error. Nobody can be told when that fails.
    pub fn err_text(&mut self, text: &str) {
        let _ = self.out.flush();
        let _ = self
            .err
            .write_all(text.as_bytes())
            .and_then(|()| self.err.flush());
    }
}
