//! `vigie dns`: asks a DNS server, with dig's habits and dig's layout.
//!
//! Arguments ([`args`], [`options`]) become a question; [`exchange`] puts it to the [`servers`]; [`layout`] shows the answer, and
//! [`tell`] what is known when none came. [`trace`] walks down from the root. Messages are hickory's.

use std::net::SocketAddr;

use clap::ArgMatches;
use jiff::Zoned;

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::dns::DnsFlags;
use crate::ui::{Outcome, Ui};

pub mod exchange;
pub mod explain;
pub mod layout;
pub mod options;
pub mod servers;
pub mod tell;
pub mod trace;

use exchange::{Answer, Failure};
use options::DnsOptions;

/// The command.
pub const COMMAND: Command = Command::new::<DnsFlags>(flags::dns::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let options = DnsOptions::new(&flags::parse(matches)?)?;
    let servers = servers::of(&options)?;
    let mut out = String::new();
    let introduced = options.shown.command && !options.shown.short;
    if introduced {
        layout::command(&options, servers.len(), &mut out);
    }
    if options.trace {
        ui.out().write_all(out.as_bytes())?;
        return trace::run(&options, &servers, ui);
    }
    match ask(&options, &servers, ui)? {
        Ok((answer, server)) => {
            if answer.retried && options.shown.comments {
                out.insert_str(0, ";; Truncated, retrying in TCP mode.\n");
            }
            layout::answer(&options, &answer, server, &Zoned::now(), &mut out);
            if options.explain {
                out += &explain::text(
                    &options,
                    &answer,
                    server,
                    ui.texts(),
                    ui.paint(),
                    ui.width(),
                );
            }
            ui.out().write_all(out.as_bytes())?;
            Ok(Exit::Done)
        }
        Err(failure) => {
            out.push_str(";; no servers could be reached\n");
            ui.out().write_all(out.as_bytes())?;
            Err(tell::error(&servers, failure.as_ref()))
        }
    }
}

/// What the servers made of the question: an answer and whose it is, or the last failure.
type Asked = Result<(Answer, SocketAddr), Option<Failure>>;

/// Asks every server in turn, as often as wished.
fn ask(options: &DnsOptions, servers: &[SocketAddr], ui: &mut Ui) -> Result<Asked, Error> {
    let mut last = None;
    for _ in 0..options.how.tries {
        for &server in servers {
            let question = exchange::question(options, &options.how);
            match exchange::ask(server, &question, &options.how) {
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
