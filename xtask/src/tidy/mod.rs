//! `cargo xtask tidy`: the project rules that the compiler does not check.
//!
//! A rule is a function plus its row in [`RULES`]. It takes the repository as values (a [`Tree`] of paths and texts, a
//! list of workspace [`Member`]s) and returns complaints, so each rule is tested on good and bad samples.

mod commands;
mod files;
mod layers;
mod lists;
mod pure;
mod source;
mod texts;
mod vocabulary;

use std::{collections::BTreeMap, path::Path, process::Command};

use crate::shell::{self, Outcome};
pub(crate) use layers::Member;

/// The repository's text files: path from the top, and content.
#[derive(Default)]
pub(crate) struct Tree(BTreeMap<String, String>);

/// A violation of a rule, or a warning that one is near.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// Path, with `:line` if one line is at fault.
    place: String,
    what: String,
    /// A warning is printed and does not fail the run.
    warning: bool,
}

/// A rule maps the repository to its complaints.
type Rule = fn(&Tree, &[Member]) -> Vec<Complaint>;

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
    ("dependencies point one way", |_, members| {
        layers::directions(members)
    }),
    ("tests close no dependency cycle", |_, members| {
        layers::cycles(members)
    }),
    ("pure crates are pure", pure::check),
    ("unsafe code is in crates/linux", |tree, _| {
        pure::unsafe_code(tree)
    }),
    ("plain vocabulary", |tree, _| vocabulary::check(tree)),
    ("commands do not know each other", |tree, _| {
        commands::check(tree)
    }),
    ("no path of one machine", |tree, _| {
        texts::machine_paths(tree)
    }),
    ("user texts are in the .ftl files", |tree, _| {
        texts::untranslated(tree)
    }),
    ("tests run and can fail", |tree, _| texts::idle_tests(tree)),
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
            // Binary files (captures, fixtures) and deleted files have no text to check.
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

/// Checks every rule and prints the complaints.
pub(crate) fn run() -> Outcome {
    let tree = Tree::read(&shell::root())?;
    let members = layers::read()?;
    let mut broken = 0;
    for (name, rule) in RULES {
        for complaint in rule(&tree, &members) {
            let kind = if complaint.warning { "note" } else { "tidy" };
            eprintln!("{kind}: {}: {} ({name})", complaint.place, complaint.what);
            broken += usize::from(!complaint.warning);
        }
    }
    if broken == 0 {
        Ok(())
    } else {
        Err(format!("{broken} violations of the project rules"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_read_and_has_its_rooms() {
        let tree = Tree::read(&shell::root()).expect("the repository can be read");
        assert!(tree.text("Cargo.toml").is_some() && tree.rust().count() > 10);
        let members = layers::read().expect("cargo describes the workspace");
        assert!(members.iter().any(|member| member.name == "vigie-wire"));
    }
}
