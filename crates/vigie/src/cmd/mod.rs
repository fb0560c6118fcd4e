//! The commands, one file or folder each, and their list.
//!
//! A new command is a file with a `COMMAND`, a `mod` line, and its name in
//! [`COMMANDS`]. A test checks that folder and list agree. Commands must not
//! know each other.

use std::ffi::OsString;

use clap::ArgMatches;
use vigie_report::Texts;

use crate::error::Error;
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
    /// Its arguments, with their help in the user's language.
    pub build: fn(&Texts) -> clap::Command,
    /// Rewrites what users type out of habit, before the arguments are parsed; [`as_typed`] for none.
    pub prepare: fn(Vec<OsString>) -> Result<Vec<OsString>, Error>,
    /// Does it.
    pub run: fn(&ArgMatches, &mut Ui) -> Outcome,
}

/// The command of a name.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.name == name)
}

/// No habits to rewrite.
#[allow(clippy::unnecessary_wraps, reason = "the type of `Command::prepare`")]
pub fn as_typed(args: Vec<OsString>) -> Result<Vec<OsString>, Error> {
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn folder_and_list_agree() {
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
