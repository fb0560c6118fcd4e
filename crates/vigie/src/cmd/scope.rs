//! `vigie scope check TARGET...`: reports whether targets may be scanned, and why.
//!
//! Only the resolver sends packets.

use std::net::{SocketAddr, ToSocketAddrs as _};

use clap::ArgMatches;
use vigie_linux::net::Network;
use vigie_report::style::Role;
use vigie_report::{Message, Texts};
use vigie_scope::ports::PortList;
use vigie_scope::target::{self, Range, RangeSet, TargetSpec};
use vigie_scope::{Decision, Request};
use vigie_scope::{Host, Transport};

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::scope::ScopeFlags;
use crate::scope;
use crate::ui::{Outcome, Ui};

/// The command.
pub const COMMAND: Command = Command::new::<ScopeFlags>(flags::scope::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let Some((_, matches)) = matches.subcommand() else {
        unreachable!("clap requires an action");
    };
    let flags: ScopeFlags = flags::parse(matches)?;
    let ports = match &flags.ports {
        Some(text) => {
            PortList::parse(text, Transport::Tcp).map_err(|e| Error::grammar("-p ", &e))?
        }
        None => PortList::default(),
    };
    let specs = flags
        .targets
        .iter()
        .map(|text| match target::parse(text) {
            Ok(spec) => Ok((text.as_str(), spec)),
            Err(error) => Err(Error::grammar("", &error)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut network = Network::open().map_err(|e| crate::kernel::refused(&e))?;
    let guard = scope::guard(&flags.permission, &mut network, ui)?;
    let mut all = true;
    for (text, spec) in specs {
        let (addresses, names) = addresses(&spec, &mut network)?;
        let decision = guard.evaluate(&Request {
            addresses: &addresses,
            names: &names,
            ports: &ports,
            now: scope::now(),
        });
        all &= decision.is_allowed();
        show(text, &decision, ui)?;
    }
    Ok(if all { Exit::Done } else { Exit::OutOfScope })
}

/// Resolves a target to its addresses and the names by which they were requested.
fn addresses(
    spec: &TargetSpec,
    network: &mut Network,
) -> Result<(RangeSet, Vec<(Host, String)>), Error> {
    match spec {
        TargetSpec::Ranges { ranges, zone } => {
            let index = match zone.as_deref().map(|z| (z, z.parse::<u32>())) {
                None => 0,
                Some((_, Ok(index))) => index,
                Some((name, Err(_))) => {
                    let Ok(link) = network.link(name) else {
                        let message = Message::new("interface-unknown").outside("name", name);
                        return Err(Error::could_not_run(message));
                    };
                    link.index
                }
            };
            let ranges = ranges.iter().map(|r| Range { zone: index, ..*r });
            Ok((RangeSet::new(ranges), Vec::new()))
        }
        TargetSpec::Name { name, prefix } => {
            let found = (name.as_str(), 0u16).to_socket_addrs().map_err(|error| {
                let message = Message::new("name-unknown")
                    .outside("name", name)
                    .shown("error", error);
                Error::could_not_run(message).hint(Message::new("name-unknown-hint"))
            })?;
            let zone = |a: &SocketAddr| match a {
                SocketAddr::V4(_) => 0,
                SocketAddr::V6(v6) => v6.scope_id(),
            };
            let found: Vec<Host> = found.map(|a| Host::zoned(a.ip(), zone(&a))).collect();
            let range = |h: &Host| match prefix {
                Some(length) => Range::prefix(h.ip, *length, h.zone),
                None => Range::single(h.ip, h.zone),
            };
            let addresses = RangeSet::new(found.iter().map(range));
            let names = found.into_iter().map(|h| (h, name.clone())).collect();
            Ok((addresses, names))
        }
    }
}

/// Prints one line for each part of the decision on a target.
fn show(target: &str, decision: &Decision, ui: &mut Ui) -> Result<(), Error> {
    let mut lines = Vec::new();
    let paint = ui.paint();
    let line = |key, role, set: &RangeSet, why: Message, texts: &Texts| {
        let addresses = scope::addresses(set, &[], texts);
        let target = if addresses == target {
            Message::new("scope-target").outside("target", target)
        } else {
            Message::new("scope-target-addresses")
                .outside("target", target)
                .safe("addresses", addresses)
        };
        let word = paint.text(role, &texts.get(key));
        let message = Message::new("scope-answer")
            .text("target", target)
            .text("why", why);
        texts.say(&message.safe("answer", word))
    };
    for allowed in &decision.allowed {
        let why = scope::auth_source(&allowed.source);
        lines.push(line(
            "scope-allowed",
            Role::Good,
            &allowed.addresses,
            why,
            ui.texts(),
        ));
    }
    for denied in &decision.denied {
        let why = scope::deny_reason(&denied.reason);
        lines.push(line(
            "scope-not-allowed",
            Role::Bad,
            &denied.addresses,
            why,
            ui.texts(),
        ));
    }
    for line in lines {
        ui.line(&line)?;
    }
    Ok(())
}
