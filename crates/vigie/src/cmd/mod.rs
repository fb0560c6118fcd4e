//! The commands, one file or folder each, and their list.
//!
//! A new command is a file with a `COMMAND`, a `mod` line, an entry in [`COMMANDS`], and its flags in [`crate::flags`].
//! A test compares the folder with the list. Commands must not know each other.

use clap::ArgMatches;
use vigie_report::Texts;

use crate::flags::{self, Flags, Row};
use crate::ui::{Outcome, Ui};

pub mod capture;
pub mod dns;
pub mod lab;
pub mod learn;
pub mod packet;
pub mod report;
pub mod scan;
pub mod scope;
pub mod sockets;

/// Every command, in the order in which help shows them.
pub const COMMANDS: &[Command] = &[
    scan::COMMAND,
    report::COMMAND,
    scope::COMMAND,
    sockets::COMMAND,
    capture::COMMAND,
    dns::COMMAND,
    packet::COMMAND,
    lab::COMMAND,
    learn::COMMAND,
];

/// One command.
pub struct Command {
    /// Its name on the command line; also the name of its file.
    pub name: &'static str,
    /// Returns its arguments, with their help in the user's language.
    pub build: fn(&Texts) -> clap::Command,
    /// Returns the rows of its flags.
    pub rows: fn() -> Vec<&'static Row>,
    /// Returns its flags that have no effect, for tests.
    pub without_effect: fn() -> Vec<&'static str>,
    /// Runs it.
    pub run: fn(&ArgMatches, &mut Ui) -> Outcome,
}

impl Command {
    /// Returns the command whose flags are `F`.
    pub const fn new<F: Flags>(
        build: fn(&Texts) -> clap::Command,
        run: fn(&ArgMatches, &mut Ui) -> Outcome,
    ) -> Self {
        Self {
            name: F::COMMAND,
            build,
            rows: flags::rows::<F>,
            without_effect: flags::without_effect::<F>,
            run,
        }
    }
}

/// Returns the command called `name`.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_names_every_file() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cmd");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| name.trim_end_matches(".rs").to_owned())
            .filter(|name| name != "mod")
            .collect();
        let listed: BTreeSet<String> = COMMANDS.iter().map(|c| c.name.to_owned()).collect();
        assert_eq!(files, listed);
    }
}
