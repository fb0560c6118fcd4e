//! `vigie packet`: builds, sends and shows packets, in scapy's notation.
//!
//! Without an action it starts a prompt ([`prompt`]). With an action it evaluates one expression or a file ([`once`]).
//! `vigie-craft` evaluates expressions; [`machine`] provides the system services that they use.

use clap::ArgMatches;
use vigie_linux::net::Network;
use vigie_scope::Policy;

use super::Command;
use crate::error::Error;
use crate::flags;
use crate::flags::packet::PacketFlags;
use crate::scope;
use crate::ui::{Outcome, Ui};

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
pub const COMMAND: Command = Command::new::<PacketFlags>(flags::packet::command, run);

/// Returns the policy for destinations, from the scope files and the command line.
fn guard(flags: &PacketFlags, ui: &mut Ui) -> Result<Policy, Error> {
    let mut network = Network::open().map_err(|e| crate::kernel::refused(&e))?;
    scope::guard(&flags.permission, &mut network, ui)
}

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    match matches.subcommand() {
        None => prompt::run(guard(&flags::parse(matches)?, ui)?, ui),
        Some(("run", matches)) => once::file(&flags::parse(matches)?, ui),
        Some((action, matches)) => once::run(action, &flags::parse(matches)?, ui),
    }
}
