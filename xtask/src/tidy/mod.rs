//! `cargo xtask tidy`: the house rules that no compiler checks.
//!
//! A rule is a file here, plus its line in [`RULES`]. It sees the repository as values (a [`Tree`] of paths
//! and texts, a list of [`Room`]s) and gives back complaints, so that each is tested on good and bad samples.

mod files;
mod lists;
mod pure;
mod rooms;
mod source;
mod words;

use std::{collections::BTreeMap, path::Path, process::Command};

use crate::shell::{self, Outcome};
pub(crate) use rooms::Room;

/// The text files of the repository: path from its top, and content.
#[derive(Default)]
pub(crate) struct Tree(BTreeMap<String, String>);

/// Something that breaks a rule (or, as a warning, comes near it).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// Path, with `:line` where one is to blame.
    place: String,
    what: String,
    /// Warnings are shown and do not fail the run.
    warning: bool,
}

/// A rule: the repository to its complaints.
type Rule = fn(&Tree, &[Room]) -> Vec<Complaint>;

/// Every rule, by name.
const RULES: &[(&str, Rule)] = &[
    ("every file says what it is for", |tree, _| {
        files::opens_with_doc(tree)
    }),
    ("a file reads in one sitting", |tree, _| files::length(tree)),
    ("no file is outside the build", |tree, _| {
        lists::orphans(tree)
    }),
    ("folder and list agree", |tree, _| lists::registries(tree)),
    ("texts are loaded in every language", |tree, _| {
        lists::texts(tree)
    }),
    ("fuzz targets are listed", |tree, _| lists::fuzz(tree)),
    ("dependencies point one way", |_, rooms| {
        rooms::directions(rooms)
    }),
    ("development circles are agreed", |_, rooms| {
        rooms::circles(rooms)
    }),
    ("pure rooms are pure", pure::check),
    ("unsafe lives in one room", |tree, _| {
        pure::unsafe_code(tree)
    }),
    ("no path of one machine", |tree, _| {
        words::machine_paths(tree)
    }),
    ("what people read is in the text files", |tree, _| {
        words::untranslated(tree)
    }),
    ("tests run and can fail", |tree, _| words::idle_tests(tree)),
];

impl Complaint {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
            warning: false,
        }
    }

    fn warning(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            warning: true,
            ..Self::new(place, what)
        }
    }
}

impl Tree {
    /// Reads what git tracks or would track; without git, what is on disk outside `target`.
    fn read(top: &Path) -> Result<Self, String> {
        let mut git = Command::new("git");
        git.current_dir(top).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]);
        git.stderr(std::process::Stdio::null());
        let listed = git.output().ok().filter(|output| output.status.success());
        let paths = match listed {
            Some(output) => String::from_utf8_lossy(&output.stdout)
                .split('\0')
                .filter(|path| !path.is_empty())
                .map(str::to_owned)
                .collect(),
            None => walk(top)?,
        };
        let mut tree = Self::default();
        for path in paths {
            // Binary files (captures, fixtures) and deleted ones have no text to check.
            if let Ok(text) = std::fs::read_to_string(top.join(&path)) {
                tree.0.insert(path, text);
            }
        }
        Ok(tree)
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust files.
    fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(path, _)| has_extension(path, "rs"))
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
        )
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == extension)
}

fn walk(top: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut waiting = vec![top.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let entries =
            std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() && name != "target" && name != ".git" {
                waiting.push(path);
            } else if path.is_file()
                && let Ok(short) = path.strip_prefix(top)
            {
                found.push(short.to_string_lossy().into_owned());
            }
        }
    }
    Ok(found)
}

/// Checks every rule and prints what breaks them.
pub(crate) fn run() -> Outcome {
    let tree = Tree::read(&shell::root())?;
    let rooms = rooms::read()?;
    let mut broken = 0;
    for (name, rule) in RULES {
        for complaint in rule(&tree, &rooms) {
            let kind = if complaint.warning { "note" } else { "tidy" };
            eprintln!("{kind}: {}: {} ({name})", complaint.place, complaint.what);
            broken += usize::from(!complaint.warning);
        }
    }
    if broken == 0 {
        Ok(())
    } else {
        Err(format!("{broken} places break the house rules"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_read_and_has_its_rooms() {
        let tree = Tree::read(&shell::root()).expect("the repository can be read");
        assert!(tree.text("Cargo.toml").is_some() && tree.rust().count() > 10);
        let rooms = rooms::read().expect("cargo describes the workspace");
        assert!(rooms.iter().any(|room| room.name == "vigie-packet"));
    }
}
