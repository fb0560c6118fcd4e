//! A lesson in a terminal: its steps in order, commands that run when the reader continues, answers judged.
//!
//! Input is read by lines from standard input, so that scripts can answer too. This file must not know any lesson.

use std::io::{self, BufRead as _, Read as _};

use vigie_report::style::Role;
use vigie_report::{Message, escape};

use super::lesson::{Answer, Ask, Lesson, Show, Step, letter, ports};
use super::lesson_lab::{LessonLab, Line};
use super::page::{self, options, prompt};
use super::progress::{Mark, Progress};
use super::wire::Wire;
use crate::error::Error;
use crate::ui::Ui;

/// Maximum length of a typed line, in bytes.
const MAX_LINE: u64 = 4096;
/// Number of wrong answers after which the correct one is shown.
const MAX_TRIES: usize = 3;
/// Maximum number of captured packets that are shown.
const MAX_LINES: usize = 12;

/// How a lesson ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All steps are done.
    Done,
    /// The reader left.
    Left,
}

/// Input of the reader.
enum Typed {
    Line(String),
    Leave,
}

/// A lesson that is running.
pub struct Play<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// Number in the title.
    pub number: usize,
    /// The running lab.
    pub lab: &'a LessonLab,
    /// The terminal.
    pub ui: &'a mut Ui,
    /// The packets of the last capture.
    pub wire: Wire,
}

impl Play<'_> {
    /// Runs the lesson from a step, and records the progress after each.
    ///
    /// # Errors
    /// A command that cannot be started, or output that cannot be written.
    pub fn run(&mut self, from: usize, progress: &mut Progress) -> Result<End, Error> {
        let title = self.ui.texts().get(&self.lesson.key("title"));
        let title = format!("{}. {title}", self.number);
        let title = self.ui.paint().text(Role::Title, &title);
        self.ui.line("")?;
        self.ui.line(&title)?;
        if from > 0 {
            let here = Message::new("learn-goes-on").amount("step", from as u64 + 1);
            self.say(&self.ui.texts().say(&here))?;
        }
        for (at, step) in self.lesson.steps.iter().enumerate().skip(from) {
            let end = match step {
                Step::Say(end) => {
                    self.text(end)?;
                    End::Done
                }
                Step::Show(show) => self.show(at, show)?,
                Step::Ask(ask) => self.ask(at, ask)?,
            };
            if end == End::Left {
                return Ok(End::Left);
            }
            self.record(progress, Mark::At(at + 1));
        }
        self.record(progress, Mark::Done);
        let done = self.ui.texts().get("learn-done");
        self.say(&done)?;
        Ok(End::Done)
    }

    fn record(&mut self, progress: &mut Progress, mark: Mark) {
        if let Err(error) = progress.record(self.lesson.name, mark) {
            self.ui
                .note(&Message::new("learn-not-kept").shown("error", error));
        }
    }

    /// Prints a text of the lesson. text keys: learn-*
    fn text(&mut self, end: &str) -> io::Result<()> {
        let text = self.ui.texts().get(&self.lesson.key(end));
        self.say(&text)
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let page = page::terminal(text, self.ui.err_width(), self.ui.paint());
        self.ui.line("")?;
        self.ui.out().write_all(page.as_bytes())
    }

    fn command(&mut self, at: &str, line: &str) -> io::Result<()> {
        let shown = self.ui.paint().text(Role::Notice, &prompt(at, line));
        self.ui.line(&["    ", &shown].concat())
    }

    /// Reads a line after a prompt with the step's number.
    fn read(&mut self, step: usize) -> Result<Typed, Error> {
        let (name, steps) = (self.lesson.name, self.lesson.steps.len());
        read_line(self.ui, &format!("{name} {}/{steps}> ", step + 1))
    }

    fn show(&mut self, step: usize, show: &Show) -> Result<End, Error> {
        self.ui.line("")?;
        self.command(show.at, show.line)?;
        if let Some((at, line)) = show.meanwhile {
            self.command(at, line)?;
        }
        if let Typed::Leave = self.read(step)? {
            return Ok(End::Left);
        }
        self.ui.flush()?;
        let line = parsed(show.line, show.at);
        let lab = self.lab;
        let run = || match show.meanwhile {
            Some((at, other)) => lab.run_beside(&line, &parsed(other, at)),
            None => lab.run(&line),
        };
        if show.wire.is_empty() && show.expected.is_empty() && show.meanwhile.is_none() {
            run()?;
        } else {
            let (_, wire) = lab.run_captured(show.tap, run)?;
            self.wire = wire;
            if !show.wire.is_empty() {
                self.print_packets(show.tap, show.wire)?;
            }
            if !self.wire.meets(show.expected) {
                self.ui.flush()?;
                self.ui.note(&Message::new("learn-otherwise"));
            }
        }
        self.text(show.then)?;
        Ok(End::Done)
    }

    /// Prints captured packets as lines.
    fn print_packets(&mut self, node: &str, filter: &str) -> io::Result<()> {
        let lines = self.wire.lines(filter, MAX_LINES);
        let key = if lines.is_empty() {
            "learn-saw-nothing"
        } else {
            "learn-saw"
        };
        let head = self.ui.texts().say(&Message::new(key).safe("node", node));
        self.say(&head)?;
        for line in lines {
            self.ui.line(&["    ", &escape::line(&line)].concat())?;
        }
        Ok(())
    }

    fn ask(&mut self, step: usize, ask: &Ask) -> Result<End, Error> {
        self.text(ask.key)?;
        let how = match &ask.answer {
            Answer::Choice { of, .. } => {
                self.ui.line("")?;
                for option in options(self.lesson, ask.key, *of, self.ui.texts()) {
                    self.ui.line(&["    ", &option].concat())?;
                }
                "learn-how-choice"
            }
            Answer::Ports { .. } => "learn-how-ports",
            Answer::Command { .. } => "learn-how-command",
            Answer::Filter { .. } => "learn-how-filter",
        };
        let how = self.ui.texts().get(how);
        let paint = self.ui.paint();
        self.ui.line("")?;
        for line in page::terminal(&how, self.ui.err_width(), paint).lines() {
            self.ui.line(&paint.text(Role::Quiet, line))?;
        }
        let hint = [ask.key, "-hint"].concat();
        for _ in 0..MAX_TRIES {
            let typed = match self.read(step)? {
                Typed::Leave => return Ok(End::Left),
                Typed::Line(typed) => typed,
            };
            let typed = typed.trim();
            if typed == "?" {
                break;
            }
            if self.is_correct(&ask.answer, typed)? {
                self.verdict(Role::Good, "learn-right")?;
                self.text(&[ask.key, "-right"].concat())?;
                return Ok(End::Done);
            }
            self.verdict(Role::Bad, "learn-wrong")?;
            self.text(&hint)?;
        }
        let solution = ask.answer.solution(self.lab.topology());
        let shown = match &ask.answer {
            Answer::Command { at, .. } => prompt(at, &solution),
            _ => solution,
        };
        let shown = Message::new("learn-told").safe("answer", ["`", &shown, "`"].concat());
        let shown = self.ui.texts().say(&shown);
        self.say(&shown)?;
        self.text(&[ask.key, "-right"].concat())?;
        Ok(End::Done)
    }

    fn verdict(&mut self, role: Role, key: &str) -> io::Result<()> {
        let word = self.ui.texts().get(key);
        let word = self.ui.paint().text(role, &word);
        self.ui.line("")?;
        self.ui.line(&word)
    }

    fn is_correct(&mut self, answer: &Answer, typed: &str) -> Result<bool, Error> {
        Ok(match answer {
            Answer::Choice { right, .. } => {
                let mut letters = typed.chars().filter(|c| c.is_alphanumeric());
                let first = letters.next().map(|c| c.to_ascii_lowercase());
                first == Some(letter(*right)) && letters.next().is_none()
            }
            Answer::Ports { .. } => {
                ports(typed).is_some_and(|typed| typed == answer.ports(self.lab.topology()))
            }
            Answer::Filter { solution } => {
                let typed = self.wire.matches(typed);
                typed.is_some() && typed == self.wire.matches(solution)
            }
            Answer::Command {
                at, tap, expected, ..
            } => {
                let Some(line) = Line::parse(typed, at) else {
                    return Ok(false);
                };
                self.ui.flush()?;
                let lab = self.lab;
                let (status, wire) = lab.run_captured(tap, || lab.run(&line))?;
                self.wire = wire;
                // Without neighbour discovery, which is no part of the answer.
                self.print_packets(tap, "tcp or udp or icmp or (icmp6 and ip6[40] < 128)")?;
                // A command that could not run has printed why.
                status.code().is_some_and(|code| code < 2) && self.wire.meets(expected)
            }
        })
    }
}

/// Parses a command line of a lesson.
fn parsed(line: &str, at: &str) -> Line {
    Line::parse(line, at).expect("a test parses every command line of every lesson")
}

/// Prints a prompt and reads a line. The end of the input and `q` leave the lesson.
fn read_line(ui: &mut Ui, prompt: &str) -> Result<Typed, Error> {
    ui.out().write_all(prompt.as_bytes())?;
    ui.flush()?;
    let mut typed = Vec::new();
    let length = io::stdin()
        .lock()
        .take(MAX_LINE)
        .read_until(b'\n', &mut typed)?;
    let typed = String::from_utf8_lossy(&typed).trim().to_owned();
    if length == 0 {
        ui.line("")?;
    }
    Ok(if length == 0 || typed == "q" {
        Typed::Leave
    } else {
        Typed::Line(typed)
    })
}

/// Asks whether to continue with the next lesson.
///
/// # Errors
/// The terminal cannot be read or written.
pub fn continues(ui: &mut Ui, number: usize, title: &str) -> Result<bool, Error> {
    let next = Message::new("learn-next")
        .shown("number", number)
        .safe("title", title);
    let text = ui.texts().say(&next);
    let text = page::terminal(&text, ui.err_width(), ui.paint());
    ui.line("")?;
    ui.out().write_all(text.as_bytes())?;
    Ok(matches!(read_line(ui, "> ")?, Typed::Line(_)))
}
