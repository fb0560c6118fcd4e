//! The reader's progress: one line for each lesson in a file of the user's.
//!
//! A file that cannot be read counts as empty, and failing to write it does not end the lesson. This file must not know
//! any lesson.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// The mark of a lesson that was completed.
const DONE: &str = "done";
/// Upper limit of the number of steps of a lesson.
const MAX_STEPS: usize = 1000;

/// Progress of one lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Number of completed steps.
    At(usize),
    /// Every step is completed.
    Done,
}

/// Progress of every lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    marks: BTreeMap<String, Mark>,
    file: Option<PathBuf>,
}

impl Progress {
    /// Reads the progress.
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

    /// Returns the progress of a lesson.
    pub fn of(&self, lesson: &str) -> Mark {
        self.marks.get(lesson).copied().unwrap_or(Mark::At(0))
    }

    /// Records the progress of a lesson. A completed lesson stays completed.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(&mut self, lesson: &str, mark: Mark) -> io::Result<()> {
        if self.of(lesson) == Mark::Done {
            return Ok(());
        }
        self.marks.insert(lesson.to_owned(), mark);
        self.write()
    }

    /// Deletes the progress of every lesson.
    ///
    /// # Errors
    /// The file cannot be written.
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
        // Write a new file and rename it, so that two lessons at once do not mix their lines.
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
            step => Mark::At(step.parse().ok().filter(|step| *step < MAX_STEPS)?),
        };
        Some((lesson.to_owned(), mark))
    };
    text.lines().filter_map(line).collect()
}

/// Returns the file: `vigie/learn` in the state folder of the XDG base directory specification.
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
    fn malformed_lines_are_ignored() {
        let marks = marks("port done\nudp 3\nnonsense\nsyn x\nlaw 99999999\n");
        assert_eq!(marks.len(), 2);
        assert_eq!((marks["port"], marks["udp"]), (Mark::Done, Mark::At(3)));
    }

    #[test]
    fn a_completed_lesson_stays_completed() {
        let mut progress = Progress::default();
        progress.record("port", Mark::At(2)).unwrap();
        assert_eq!(progress.of("port"), Mark::At(2));
        progress.record("port", Mark::Done).unwrap();
        progress.record("port", Mark::At(1)).unwrap();
        assert_eq!(progress.of("port"), Mark::Done);
        progress.forget().unwrap();
        assert_eq!(progress.of("port"), Mark::At(0));
    }
}
