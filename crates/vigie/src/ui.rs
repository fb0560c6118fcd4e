//! The terminal of a command: standard output, standard error, colours and width.
//!
//! Standard output is buffered. If its reader closes it, the program ends without a message. This file must not know
//! any command.

use std::io::{self, BufRead as _, BufWriter, IsTerminal as _, Read as _, Write};

use vigie_report::style::Paint;
use vigie_report::{Message, Texts};

use crate::error::Error;
use crate::exit::Exit;

/// Maximum length of an answer at the prompt, in bytes.
const MAX_ANSWER: u64 = 4096;

/// Result of a command.
pub type Outcome = Result<Exit, Error>;

/// When colours are used.
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

/// The environment of the process: terminals and variables, read once at the start.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Standard input is a terminal.
    pub in_is_terminal: bool,
    /// Standard output is a terminal.
    pub out_is_terminal: bool,
    /// Standard error is a terminal.
    pub err_is_terminal: bool,
    /// NO_COLOR is set and not empty, or TERM is `dumb`.
    pub no_color: bool,
    /// Columns of the terminal, if there is one.
    pub columns: Option<usize>,
}

impl Environment {
    /// Reads the environment.
    pub fn read() -> Environment {
        let set = |name| std::env::var_os(name).filter(|v| !v.is_empty());
        let columns = set("COLUMNS")
            .and_then(|v| v.to_str()?.parse().ok())
            .or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)));
        Environment {
            in_is_terminal: io::stdin().is_terminal(),
            out_is_terminal: io::stdout().is_terminal(),
            err_is_terminal: io::stderr().is_terminal(),
            no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|t| t == "dumb"),
            columns: columns.filter(|c| *c > 0),
        }
    }
}

/// Standard output and standard error, with the language, colours and width of what goes there.
pub struct Ui {
    texts: Texts,
    out: BufWriter<Box<dyn Write>>,
    err: Box<dyn Write>,
    environment: Environment,
    color: ColorChoice,
    quiet: bool,
}

impl Ui {
    /// Returns the terminal on the standard streams.
    pub fn new(texts: Texts, environment: Environment, color: ColorChoice, quiet: bool) -> Ui {
        Ui::on(
            texts,
            environment,
            color,
            quiet,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
        )
    }

    /// Returns the terminal on any two streams.
    pub fn on(
        texts: Texts,
        environment: Environment,
        color: ColorChoice,
        quiet: bool,
        out: Box<dyn Write>,
        err: Box<dyn Write>,
    ) -> Ui {
        Ui {
            texts,
            out: BufWriter::with_capacity(1 << 16, out),
            err,
            environment,
            color,
            quiet,
        }
    }

    /// Returns the texts of the user's language.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Returns standard output, buffered. Flush it before the user has to see what was written.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// Writes one line to standard output.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Returns the colours of standard output.
    pub fn paint(&self) -> Paint {
        Paint::new(self.colored(self.environment.out_is_terminal))
    }

    /// Returns the colours of standard error.
    pub fn err_paint(&self) -> Paint {
        Paint::new(self.colored(self.environment.err_is_terminal))
    }

    fn colored(&self, terminal: bool) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !self.environment.no_color,
        }
    }

    /// Returns the columns of standard output; `None` if it is no terminal and lines may have any length.
    pub fn width(&self) -> Option<usize> {
        self.environment
            .out_is_terminal
            .then(|| self.environment.columns.unwrap_or(80))
    }

    /// Returns the columns of standard error.
    pub fn err_width(&self) -> usize {
        self.environment.columns.unwrap_or(80)
    }

    /// Whether progress is shown on standard error.
    pub fn wants_progress(&self) -> bool {
        self.environment.err_is_terminal && !self.quiet
    }

    /// Whether standard output is a terminal.
    pub fn out_is_terminal(&self) -> bool {
        self.environment.out_is_terminal
    }

    /// Writes a note to standard error, unless `--quiet` was given.
    pub fn note(&mut self, message: &Message) {
        if !self.quiet {
            let text = self.texts.say(message);
            let line = self.texts.format("note", &[("text", text.into())]);
            let lines = if self.environment.err_is_terminal {
                vigie_report::width::lines(&line, self.err_width())
            } else {
                vec![line]
            };
            self.err_text(&[lines.join("\n"), "\n".to_owned()].concat());
        }
    }

    /// Asks a question at the terminal and returns the answer without its line ending; `None` if standard input or
    /// standard error is no terminal, or the input ends.
    pub fn ask(&mut self, question: &Message) -> Option<String> {
        if !(self.environment.in_is_terminal && self.environment.err_is_terminal) {
            return None;
        }
        let text = self.texts.say(question);
        let line = self.texts.format("note", &[("text", text.into())]);
        self.err_text(&format!("{line} "));
        let mut answer = String::new();
        match io::stdin().lock().take(MAX_ANSWER).read_line(&mut answer) {
            Ok(n) if n > 0 => Some(answer.trim_end_matches(['\n', '\r']).to_owned()),
            _ => None,
        }
    }

    /// Writes an error to standard error.
    pub fn error(&mut self, error: &Error) {
        if !error.is_quiet() {
            let text = error.render(&self.texts, self.err_paint(), self.err_width());
            self.err_text(&text);
        }
    }

    /// Writes text to standard error as it is. A failure is ignored: there is nowhere to report it.
    pub fn err_text(&mut self, text: &str) {
        let _ = self.out.flush();
        let _ = self
            .err
            .write_all(text.as_bytes())
            .and_then(|()| self.err.flush());
    }
}
