//! `vigie dns`: asks a DNS server, with dig's habits and dig's layout.
//!
//! Arguments ([`args`], [`wishes`]) become a question; [`exchange`] puts it to the [`servers`]; [`layout`] shows the answer, and
//! [`tell`] what is known when none came. [`trace`] walks down from the root. Messages are hickory's.

use std::net::SocketAddr;

use clap::ArgMatches;
use jiff::Zoned;

use super::Command;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::ui::{Outcome, Ui};

pub mod args;
pub mod exchange;
pub mod explain;
pub mod layout;
pub mod servers;
pub mod tell;
pub mod trace;
pub mod wishes;

use exchange::{Answer, Failure};
use wishes::Wishes;

/// The command.
pub const COMMAND: Command = Command {
    name: "dns",
    build: args::build,
    prepare: super::as_typed,
    run,
};

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let wishes = Wishes::read(matches)?;
    let servers = servers::of(&wishes)?;
    let mut out = String::new();
    let introduced = wishes.shown.command && !wishes.shown.short;
    if introduced {
        layout::command(&wishes, servers.len(), &mut out);
    }
    if wishes.trace {
        ui.out().write_all(out.as_bytes())?;
        return trace::run(&wishes, &servers, ui);
    }
    match ask(&wishes, &servers, ui)? {
        Ok((answer, server)) => {
            if answer.retried && wishes.shown.comments {
                out.insert_str(0, ";; Truncated, retrying in TCP mode.\n");
            }
            layout::answer(&wishes, &answer, server, &Zoned::now(), &mut out);
            if matches.get_flag("explain") {
                out += &explain::text(&wishes, &answer, server, ui.texts(), ui.paint(), ui.width());
            }
            ui.out().write_all(out.as_bytes())?;
            Ok(Exit::Done)
        }
        Err(failure) => {
            out.push_str(";; no servers could be reached\n");
            ui.out().write_all(out.as_bytes())?;
            Err(tell::problem(&servers, failure.as_ref()))
        }
    }
}

/// What the servers made of the question: an answer and whose it is, or the last failure.
type Asked = Result<(Answer, SocketAddr), Option<Failure>>;

/// Asks every server in turn, as often as wished.
fn ask(wishes: &Wishes, servers: &[SocketAddr], ui: &mut Ui) -> Result<Asked, Problem> {
    let mut last = None;
    for _ in 0..wishes.how.tries {
        for &server in servers {
            let question = exchange::question(wishes, &wishes.how);
            match exchange::ask(server, &question, &wishes.how) {
                Ok(answer) => return Ok(Ok((answer, server))),
                Err(failure) => {
                    tell::failure(server, &failure, ui)?;
                    last = Some(failure);
                }
            }
        }
    }
    Ok(Err(last))
}
