//! `vigie learn`: short lessons with commands that run in a temporary lab.
//!
//! A lesson is a file in [`lessons`], an entry in its list, and a text file in each language. [`lesson`] defines its
//! parts; [`lesson_lab`] builds the lab, [`play`] runs the lesson, [`page`] lays it out for reading.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use vigie_lab::training;
use vigie_report::style::Role;
use vigie_report::text::Lang;
use vigie_report::{Message, Texts, width};

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::learn::LearnFlags;
use crate::ui::{Outcome, Ui};

pub mod lesson;
pub mod lesson_lab;
pub mod lessons;
pub mod page;
pub mod play;
pub mod progress;
pub mod wire;

use lesson::Lesson;
use lesson_lab::LessonLab;
use lessons::LESSONS;
use page::Reading;
use play::{End, Play};
use progress::{Mark, Progress};
use wire::Wire;

/// The command.
pub const COMMAND: Command = Command::new::<LearnFlags>(flags::learn::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let flags: LearnFlags = flags::parse(matches)?;
    let mut progress = Progress::read();
    if let Some(folder) = &flags.render {
        return render(folder);
    }
    if flags.forget {
        progress.forget()?;
        ui.note(&Message::new("learn-forgotten"));
        return Ok(Exit::Done);
    }
    let at = flags.lesson.as_deref().map(find).transpose()?;
    match at {
        None if flags.read => {
            for at in 0..LESSONS.len() {
                read(at, ui)?;
            }
            Ok(Exit::Done)
        }
        None => list(&progress, ui),
        Some(at) if flags.read => read(at, ui),
        Some(at) => play(at, flags.restart, &mut progress, ui),
    }
}

/// Returns the index of a lesson given by its number, counted from 1, or its name.
fn find(lesson: &str) -> Result<usize, Error> {
    let by_number = lesson.parse::<usize>().ok();
    let by_number = by_number.and_then(|n| n.checked_sub(1).filter(|at| *at < LESSONS.len()));
    by_number
        .or_else(|| LESSONS.iter().position(|known| known.name == lesson))
        .ok_or_else(|| {
            let names: Vec<&str> = LESSONS.iter().map(|lesson| lesson.name).collect();
            Error::usage(Message::new("learn-no-lesson").outside("lesson", lesson)).hint(
                Message::new("learn-no-lesson-hint")
                    .shown("last", LESSONS.len())
                    .safe("names", names.join(", ")),
            )
        })
}

/// Lists the lessons with the progress of each. text keys: learn-*
fn list(progress: &Progress, ui: &mut Ui) -> Outcome {
    let texts = ui.texts().clone();
    let titles: Vec<String> = LESSONS
        .iter()
        .map(|lesson| texts.get(&lesson.key("title")))
        .collect();
    let widest = |of: &mut dyn Iterator<Item = &str>| of.map(width::of).max().unwrap_or(0);
    let names = widest(&mut LESSONS.iter().map(|lesson| lesson.name));
    let wide = widest(&mut titles.iter().map(String::as_str));
    let head = ui.paint().text(Role::Title, &texts.get("learn-list"));
    ui.line(&head)?;
    for (at, (lesson, title)) in LESSONS.iter().zip(&titles).enumerate() {
        let mark = match progress.of(lesson.name) {
            Mark::Done => ui.paint().text(Role::Good, &texts.get("learn-mark-done")),
            Mark::At(0) => String::new(),
            Mark::At(step) => texts.say(
                &Message::new("learn-mark-at")
                    .shown("step", step + 1)
                    .shown("steps", lesson.steps.len()),
            ),
        };
        let line = format!(
            "{:>3}  {}{}  {title}{}  {mark}",
            at + 1,
            lesson.name,
            " ".repeat(names - width::of(lesson.name)),
            " ".repeat(wide - width::of(title)),
        );
        ui.line(line.trim_end())?;
    }
    let next = LESSONS
        .iter()
        .position(|lesson| progress.of(lesson.name) != Mark::Done);
    let advice = match next {
        Some(at) => Message::new("learn-begin").shown("number", at + 1),
        None => Message::new("learn-all-done"),
    };
    ui.line("")?;
    ui.line(&texts.say(&advice))?;
    Ok(Exit::Done)
}

/// Prints a lesson and runs nothing.
fn read(at: usize, ui: &mut Ui) -> Outcome {
    let texts = ui.texts().clone();
    let reading = Reading {
        texts: &texts,
        lab: &training(),
        terminal: Some((ui.width().unwrap_or(88), ui.paint())),
    };
    let page = reading.lesson(at + 1, &LESSONS[at]);
    ui.out().write_all(page.as_bytes())?;
    if at + 1 < LESSONS.len() {
        ui.line("")?;
    }
    Ok(Exit::Done)
}

/// Runs a lesson, and those after it while the reader continues.
fn play(first: usize, restart: bool, progress: &mut Progress, ui: &mut Ui) -> Outcome {
    let how = ui.texts().get("learn-how");
    let how = page::terminal(&how, ui.err_width(), ui.paint());
    ui.out().write_all(how.as_bytes())?;
    let lab = LessonLab::up(ui.texts().lang().code())?;
    for (at, lesson) in LESSONS.iter().enumerate().skip(first) {
        let from = match progress.of(lesson.name) {
            Mark::At(step) if !restart => step.min(lesson.steps.len().saturating_sub(1)),
            _ => 0,
        };
        let mut play = Play {
            lesson,
            number: at + 1,
            lab: &lab,
            ui,
            wire: Wire::default(),
        };
        if play.run(from, progress)? == End::Left {
            ui.flush()?;
            ui.note(&Message::new("learn-left").shown("number", at + 1));
            break;
        }
        let Some(next) = LESSONS.get(at + 1) else {
            let end = ui.texts().get("learn-last");
            ui.line("")?;
            ui.line(&end)?;
            break;
        };
        let title = ui.texts().get(&next.key("title"));
        if !play::continues(ui, at + 2, &title)? {
            break;
        }
    }
    Ok(Exit::Done)
}

/// Returns every page of the lessons as Markdown: its path below the folder for them, and its text.
pub fn pages() -> Vec<(PathBuf, String)> {
    let lab = training();
    let mut pages = Vec::new();
    for lang in Lang::ALL {
        let texts = Texts::new(*lang);
        let folder = Path::new(lang.code());
        let reading = Reading {
            texts: &texts,
            lab: &lab,
            terminal: None,
        };
        let file = |at: usize, lesson: &Lesson| format!("{:02}-{}.md", at + 1, lesson.name);
        let mut index = format!(
            "# {}\n\n{}\n\n",
            texts.get("learn-list"),
            texts.get("learn-index")
        );
        for (at, lesson) in LESSONS.iter().enumerate() {
            let title = texts.get(&lesson.key("title"));
            // Writing to a string cannot fail.
            let _ = writeln!(index, "{}. [{title}]({})", at + 1, file(at, lesson));
            pages.push((
                folder.join(file(at, lesson)),
                reading.lesson(at + 1, lesson),
            ));
        }
        pages.push((folder.join("README.md"), index));
    }
    pages
}

fn render(folder: &Path) -> Outcome {
    for (path, text) in pages() {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests;
