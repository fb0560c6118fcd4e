//! `vigie dns`: queries a DNS server, with dig's options and dig's layout.
//!
//! Flags ([`crate::flags`]) become validated [`options`]. [`exchange`] sends the query to the [`servers`]; [`layout`] prints
//! the answer, [`mod@error`] explains why there is none. [`trace`] follows the delegations from the root. The crate
//! `hickory-proto` encodes and decodes messages.

use std::net::SocketAddr;

use clap::ArgMatches;
use jiff::Zoned;

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::dns::DnsFlags;
use crate::ui::{Outcome, Ui};

pub mod error;
pub mod exchange;
pub mod explain;
pub mod layout;
pub mod options;
pub mod servers;
pub mod trace;

use exchange::{Answer, Failure};
use options::DnsOptions;

/// Command `vigie dns`.
pub const COMMAND: Command = Command::new::<DnsFlags>(flags::dns::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let options = DnsOptions::new(&flags::parse(matches)?)?;
    let servers = servers::of(&options)?;
    let mut out = String::new();
    let shows_command = options.display.command && !options.display.short;
    if shows_command {
        layout::command(&options, servers.len(), &mut out);
    }
    if options.trace {
        ui.out().write_all(out.as_bytes())?;
        return trace::run(&options, &servers, ui);
    }
    match query_servers(&options, &servers, ui)? {
        Ok((answer, server)) => {
            if answer.retried && options.display.comments {
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
            Err(error::no_answer(&servers, failure.as_ref()))
        }
    }
}

/// Answer and the server that sent it, or the last failure.
type QueryResult = Result<(Answer, SocketAddr), Option<Failure>>;

/// Queries every server in turn, up to the number of attempts.
fn query_servers(
    options: &DnsOptions,
    servers: &[SocketAddr],
    ui: &mut Ui,
) -> Result<QueryResult, Error> {
    let mut last = None;
    for _ in 0..options.query.tries {
        for &server in servers {
            let query = exchange::query_message(options, &options.query);
            match exchange::send(server, &query, &options.query) {
                Ok(answer) => return Ok(Ok((answer, server))),
                Err(failure) => {
                    error::print_failure(server, &failure, ui)?;
                    last = Some(failure);
                }
            }
        }
    }
    Ok(Err(last))
}
