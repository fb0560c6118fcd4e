//! `vigie packet`: build, send and see packets, in scapy's notation.
//!
//! Without an action it is a prompt ([`prompt`]); with one it evaluates one expression ([`once`]) or a file. What
//! expressions mean is the business of `vigie-packet`; what they ask of the machine is answered by [`machine`].

use clap::ArgMatches;

use super::Command;
use crate::ui::{Outcome, Ui};

pub mod args;
pub mod capture;
pub mod exchange;
pub mod fault;
pub mod hints;
pub mod json;
pub mod machine;
pub mod neighbours;
pub mod once;
pub mod problem;
pub mod prompt;
pub mod sniff;
pub mod way;

/// The command.
pub const COMMAND: Command = Command {
    name: "packet",
    build: args::build,
    prepare: super::as_typed,
    run,
};

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    match matches.subcommand() {
        None => prompt::run(ui),
        Some(("run", matches)) => once::file(matches, ui),
        Some((action, matches)) => once::run(action, matches, ui),
    }
}
