//! `+trace`: follows the delegations from the root, as a resolver does.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use hickory_proto::op::Message as Dns;
use hickory_proto::rr::{Name, RData, RecordType};
use vigie_report::Message;

use super::exchange::{self, Answer};
use super::options::{DnsOptions, Family, QueryOptions};
use super::{error, layout};
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::{Outcome, Ui};

/// Maximum number of delegations.
const MAX_DELEGATIONS: usize = 32;

/// Follows the delegations. The servers `first` are queried for the name servers of the root.
///
/// # Errors
///
/// If no server of a zone answers, or there are too many delegations.
pub fn run(options: &DnsOptions, first: &[SocketAddr], ui: &mut Ui) -> Outcome {
    // Vigie follows the delegations itself, so the servers must not recurse.
    let iterative = QueryOptions {
        recurse: false,
        ..options.query
    };
    let root = DnsOptions {
        name: Name::root(),
        kind: RecordType::NS,
        ..options.clone()
    };
    let (mut answer, mut server) = query_any(&root, first, &options.query, ui)?;
    for _ in 0..MAX_DELEGATIONS {
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
        let root_was_queried = options.name.is_root() && options.kind == RecordType::NS;
        let is_final = message.metadata.authoritative || !message.answers.is_empty();
        if referral.is_empty() || (is_final && !at_root) || root_was_queried {
            return Ok(Exit::Done);
        }
        let next = addresses(message, &referral, options, first, ui)?;
        (answer, server) = query_any(options, &next, &iterative, ui)?;
    }
    Err(Error::could_not_run(Message::new("dns-too-deep")))
}

/// Returns the first answer of the servers, in order.
fn query_any(
    options: &DnsOptions,
    servers: &[SocketAddr],
    query_options: &QueryOptions,
    ui: &mut Ui,
) -> Result<(Answer, SocketAddr), Error> {
    let mut last = None;
    for &server in servers {
        let query = exchange::query_message(options, query_options);
        match exchange::send(server, &query, query_options) {
            Ok(answer) => return Ok((answer, server)),
            Err(failure) => {
                error::print_failure(server, &failure, ui)?;
                last = Some(failure);
            }
        }
    }
    Err(error::no_answer(servers, last.as_ref()))
}

/// Returns the addresses of the servers in a referral: those in its additional section, otherwise those that `first`
/// resolve.
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
            let (answer, _) = query_any(&question, first, &options.query, ui)?;
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
    // IPv4 first: hosts without IPv6 are common, hosts without IPv4 are rare.
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

/// Prints the records of an answer, and the server that sent it.
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
