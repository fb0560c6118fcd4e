//! `vigie scan`: which ports are open, closed or filtered, and why.
//!
//! Raw arguments ([`args`], after [`habits`] rewrote what nmap's users type)
//! become validated [`options`]. Nothing is sent before all of them are sound.

use clap::ArgMatches;
use vigie_report::Message;

use super::Command;
use crate::problem::Problem;
use crate::ui::{Outcome, Ui};

pub mod args;
pub mod habits;
pub mod lists;
pub mod options;

use options::Options;

/// The command.
pub const COMMAND: Command = Command {
    name: "scan",
    build: args::build,
    prepare: habits::rewrite,
    run,
};

fn run(matches: &ArgMatches, _ui: &mut Ui) -> Outcome {
    let _options = Options::read(matches)?;
    Err(Problem::could_not_run(Message::new("scan-no-engine")))
}
