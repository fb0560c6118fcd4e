//! `vigie packet`: build, send and see packets, in scapy's notation.
//!
//! Without an action it is a prompt ([`prompt`]); with one it evaluates one expression ([`once`]) or a file. What
//! expressions mean is the business of `vigie-craft`; what they ask of the machine is answered by [`machine`].

use clap::ArgMatches;
use vigie_linux::net::Network;
use vigie_scope::Policy;

use super::Command;
use crate::error::Error;
use crate::scope;
use crate::ui::{Outcome, Ui};

pub mod args;
pub mod capture;
pub mod error;
pub mod exchange;
pub mod hints;
pub mod json;
pub mod machine;
pub mod neighbours;
pub mod once;
pub mod permit;
pub mod prompt;
pub mod send;
pub mod sniff;

/// The command.
pub const COMMAND: Command = Command {
    name: "packet",
    build: args::build,
    prepare: super::as_typed,
    run,
};

/// The guard of what is sent, by the scopes and what the command line says.
fn guard(matches: &ArgMatches, ui: &mut Ui) -> Result<Policy, Error> {
    let mut network = Network::open().map_err(|e| crate::kernel::refused(&e))?;
    scope::guard(&scope::ScopeOptions::read(matches)?, &mut network, ui)
}

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    match matches.subcommand() {
        None => prompt::run(guard(matches, ui)?, ui),
        Some(("run", matches)) => once::file(matches, ui),
        Some((action, matches)) => once::run(action, matches, ui),
    }
}
