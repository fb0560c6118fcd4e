//! How far the reader has come: one line a lesson in a file of the user's own.
//!
//! A file that cannot be read counts as none, and one that cannot be written is only told about: a lesson is worth
//! more than its mark. This file must not know any lesson.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// The word for a lesson that was read to its end.
const DONE: &str = "done";
/// No lesson has more steps.
const MOST: usize = 1000;

/// How far a lesson has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// This many steps are behind.
    At(usize),
    /// All of them.
    Done,
}

/// How far each lesson has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    marks: BTreeMap<String, Mark>,
    file: Option<PathBuf>,
}

impl Progress {
    /// What is remembered.
    pub fn read() -> Self {
        let file = file();
        let text = file
            .as_ref()
            .and_then(|file| std::fs::read_to_string(file).ok());
        Self {
            marks: marks(&text.unwrap_or_default()),
            file,
        }
    }

    /// How far a lesson has come.
    pub fn of(&self, lesson: &str) -> Mark {
        self.marks.get(lesson).copied().unwrap_or(Mark::At(0))
    }

    /// Remembers how far a lesson has come. One that was done stays done.
    pub fn keep(&mut self, lesson: &str, mark: Mark) -> io::Result<()> {
        if self.of(lesson) == Mark::Done {
            return Ok(());
        }
        self.marks.insert(lesson.to_owned(), mark);
        self.write()
    }

    /// Forgets everything.
    pub fn forget(&mut self) -> io::Result<()> {
        self.marks.clear();
        self.write()
    }

    fn write(&self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let lines: String = self
            .marks
            .iter()
            .map(|(lesson, mark)| match mark {
                Mark::Done => [lesson, " ", DONE, "\n"].concat(),
                Mark::At(step) => [lesson, " ", &step.to_string(), "\n"].concat(),
            })
            .collect();
        // A whole file or the old one, also when two lessons end at once.
        let new = file.with_extension(std::process::id().to_string());
        std::fs::write(&new, lines)?;
        std::fs::rename(&new, file)
    }
}

fn marks(text: &str) -> BTreeMap<String, Mark> {
    let line = |line: &str| {
        let (lesson, mark) = line.split_once(' ')?;
        let mark = match mark.trim() {
            DONE => Mark::Done,
            step => Mark::At(step.parse().ok().filter(|step| *step < MOST)?),
        };
        Some((lesson.to_owned(), mark))
    };
    text.lines().filter_map(line).collect()
}

/// `vigie/learn` where the XDG base directory specification keeps state.
fn file() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let state = set("XDG_STATE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/state")))?;
    Some(state.join("vigie").join("learn"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_nonsense_is_left_out() {
        let marks = marks("port done\nudp 3\nnonsense\nsyn x\nlaw 99999999\n");
        assert_eq!(marks.len(), 2);
        assert_eq!((marks["port"], marks["udp"]), (Mark::Done, Mark::At(3)));
    }

    #[test]
    fn what_was_done_stays_done() {
        let mut progress = Progress::default();
        progress.keep("port", Mark::At(2)).unwrap();
        assert_eq!(progress.of("port"), Mark::At(2));
        progress.keep("port", Mark::Done).unwrap();
        progress.keep("port", Mark::At(1)).unwrap();
        assert_eq!(progress.of("port"), Mark::Done);
        progress.forget().unwrap();
        assert_eq!(progress.of("port"), Mark::At(0));
    }
}
