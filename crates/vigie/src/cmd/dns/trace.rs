//! `+trace`: from the root down, asking the servers of each zone on the way, as a resolver does.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use hickory_proto::op::Message as Dns;
use hickory_proto::rr::{Name, RData, RecordType};
use vigie_report::Message;

use super::exchange::{self, Answer};
use super::options::{DnsOptions, Family, How};
use super::{layout, tell};
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::{Outcome, Ui};

/// How many zones deep a name may be looked for.
const MAX_STEPS: usize = 32;

/// Follows the delegations; `first` are the servers that know those of the root.
pub fn run(options: &DnsOptions, first: &[SocketAddr], ui: &mut Ui) -> Outcome {
    // The way down is walked here: the servers need not ask others.
    let alone = How {
        recurse: false,
        ..options.how
    };
    let root = DnsOptions {
        name: Name::root(),
        kind: RecordType::NS,
        ..options.clone()
    };
    let (mut answer, mut server) = any(&root, first, &options.how, ui)?;
    for _ in 0..MAX_STEPS {
        show(&answer, server, ui)?;
        let message = &answer.message;
        let referral: Vec<&Name> = message
            .answers
            .iter()
            .chain(&message.authorities)
            .filter_map(|record| match &record.data {
                RData::NS(name) => Some(&name.0),
                _ => None,
            })
            .collect();
        let at_root = message
            .queries
            .first()
            .is_some_and(|query| query.name().is_root() && query.query_type() == RecordType::NS);
        let asked_for_that = options.name.is_root() && options.kind == RecordType::NS;
        let settled = message.metadata.authoritative || !message.answers.is_empty();
        if referral.is_empty() || (settled && !at_root) || asked_for_that {
            return Ok(Exit::Done);
        }
        let next = addresses(message, &referral, options, first, ui)?;
        (answer, server) = any(options, &next, &alone, ui)?;
    }
    Err(Error::could_not_run(Message::new("dns-too-deep")))
}

/// The first answer of any of the servers.
fn any(
    options: &DnsOptions,
    servers: &[SocketAddr],
    how: &How,
    ui: &mut Ui,
) -> Result<(Answer, SocketAddr), Error> {
    let mut last = None;
    for &server in servers {
        let question = exchange::question(options, how);
        match exchange::ask(server, &question, how) {
            Ok(answer) => return Ok((answer, server)),
            Err(failure) => {
                tell::failure(server, &failure, ui)?;
                last = Some(failure);
            }
        }
    }
    Err(tell::error(servers, last.as_ref()))
}

/// The addresses of the servers that a referral names: those it brings along, else those that the first servers know.
fn addresses(
    message: &Dns,
    names: &[&Name],
    options: &DnsOptions,
    first: &[SocketAddr],
    ui: &mut Ui,
) -> Result<Vec<SocketAddr>, Error> {
    let mut found: Vec<IpAddr> = message
        .additionals
        .iter()
        .filter(|record| names.contains(&&record.name))
        .filter_map(|record| address(&record.data))
        .collect();
    if found.is_empty() {
        for name in names.iter().take(3) {
            let question = DnsOptions {
                name: (*name).clone(),
                kind: RecordType::A,
                ..options.clone()
            };
            let (answer, _) = any(&question, first, &options.how, ui)?;
            found.extend(
                answer
                    .message
                    .answers
                    .iter()
                    .filter_map(|record| address(&record.data)),
            );
            if !found.is_empty() {
                break;
            }
        }
    }
    let fits = |address: &IpAddr| {
        options
            .family
            .is_none_or(|family| (family == Family::V4) == address.is_ipv4())
    };
    // IPv4 first: machines without IPv6 are common, those without IPv4 rare.
    found.sort_by_key(IpAddr::is_ipv6);
    Ok(found
        .into_iter()
        .filter(fits)
        .map(|address| SocketAddr::new(address, options.port))
        .collect())
}

fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(address) => Some(address.0.into()),
        RData::AAAA(address) => Some(address.0.into()),
        _ => None,
    }
}

/// The records of a step, and who said so.
fn show(answer: &Answer, server: SocketAddr, ui: &mut Ui) -> Result<(), Error> {
    let mut out = String::new();
    for record in answer
        .message
        .answers
        .iter()
        .chain(&answer.message.authorities)
    {
        layout::record(record, &mut out);
    }
    let (bytes, address, time) = (answer.length, server.ip(), answer.time.as_millis());
    let _ = writeln!(
        out,
        ";; Received {bytes} bytes from {address}#{}({address}) in {time} ms\n",
        server.port()
    );
    ui.out().write_all(out.as_bytes())?;
    Ok(())
}
