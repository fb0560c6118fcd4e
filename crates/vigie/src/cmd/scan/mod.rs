//! `vigie scan`: which ports are open, closed or filtered, and why.
//!
//! Flags ([`crate::flags::scan`]) become checked [`options`]; names become addresses ([`resolve`]), addresses
//! get routes ([`routing`]), and the whole becomes a plan that one of the two
//! engines runs ([`packets`], [`connections`]). Nothing is sent before all of it
//! is sound.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use vigie_scope::target::RangeSet;

use clap::ArgMatches;
use vigie_findings::ScanInfo;
use vigie_linux::net::Network;
use vigie_linux::privilege;
use vigie_linux::source_port::{ReserveError, SourcePorts, Wish};
use vigie_report::Message;
use vigie_scan::Plan;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::plan::{Backend, Budget, LocalPlan, PortScan, ScanSpec, Technique};
use vigie_scope::Permission;
use vigie_scope::ports::PortList;

use super::Command;
use crate::error::Error;
use crate::flags;
use crate::flags::scan::ScanFlags;
use crate::scope::{self, Subject};
use crate::ui::{Outcome, Ui};

pub mod connections;
pub mod datagrams;
pub mod discovery;
pub mod follow;
pub mod frames;
pub mod journal;
pub mod lists;
pub mod names;
pub mod on_link;
pub mod options;
pub mod packets;
pub mod resolve;
pub mod routing;
pub mod run_error;
pub mod state;
pub mod techniques;
pub mod trace;
pub mod udp;
pub mod verify;

use options::ScanOptions;
use resolve::Resolved;
use routing::Routing;

/// The command.
pub const COMMAND: Command = Command::new::<ScanFlags>(flags::scan::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let mut options = ScanOptions::new(flags::parse(matches)?)?;
    let checkpoint = options.resume.as_deref().map(state::read).transpose()?;
    let mut network = Network::open().map_err(|e| crate::kernel::refused(&e))?;
    let interface = options
        .interface
        .as_deref()
        .map(|name| resolve::interface(name, &mut network))
        .transpose()?;
    let mut resolved = match &checkpoint {
        Some(checkpoint) => state::restore(&mut options, checkpoint),
        None => resolve::resolve(&options, &mut network)?,
    };
    if checkpoint.is_none() && !options.on_link.is_empty() {
        on_link::add(&options, &mut resolved, &mut network, ui)?;
    }
    let permission = permit(&options, &resolved, &mut network, ui)?;
    let routing = routing::route(&resolved.addresses, interface, &mut network)?;
    if let Some(udp) = options.udp.take() {
        let settled = udp::settle(udp, &routing.routes, &permission, &mut network)?;
        options.udp = Some(settled);
    }
    refuse_mixed(&options)?;
    let by_sockets = datagrams::are_needed(&options, &routing);
    if by_sockets {
        datagrams::settle(&mut options, ui)?;
    }
    let (technique, backend) = if by_sockets {
        (Technique::Syn, Backend::UdpSockets)
    } else {
        match technique(&options, &routing, ui)? {
            Technique::Connect => (Technique::Connect, Backend::Connections),
            technique => (technique, Backend::Packets),
        }
    };
    frames::possible(&options, technique)?;
    if backend == Backend::Connections && options.source_port.is_some() {
        let message = Message::new("connect-no-source-port");
        return Err(Error::usage(message).hint(Message::new("connect-no-source-port-hint")));
    }
    if backend == Backend::Connections && options.traceroute {
        let message = Message::new("connect-no-traceroute");
        return Err(Error::usage(message).hint(Message::new("connect-no-traceroute-hint")));
    }
    notes(&options, &resolved, &routing, ui);
    let source = if backend != Backend::Packets {
        None
    } else {
        let targets = routing.targets.len();
        let probes = targets.saturating_mul(options.ports.len() as u64);
        let parts = checkpoint.as_ref().map_or(1, Checkpoint::parts);
        let senders = packets::senders(&options, technique, probes, parts);
        Some(reserve(&options, technique, senders)?)
    };
    // The first of each sender.
    let (source_ports, each): (Vec<u16>, u16) = match &source {
        Some((held, each)) => (held.ports().step_by(usize::from(*each)).collect(), *each),
        None => (vec![0], 1),
    };
    let info = info(
        &options,
        resolved,
        routing,
        permission,
        (technique, backend),
        (source_ports[0], each),
    );
    match backend {
        Backend::UdpSockets => datagrams::run(&options, &info, checkpoint, ui),
        Backend::Connections => connections::run(&options, &info, checkpoint, ui),
        Backend::Packets => packets::run(&options, &info, &source_ports, checkpoint, ui),
    }
}

/// Whether the targets may be scanned. Nothing has been sent to them so far.
fn permit(
    options: &ScanOptions,
    resolved: &Resolved,
    network: &mut Network,
    ui: &mut Ui,
) -> Result<Permission, Error> {
    let udp = options.udp.iter().flat_map(|udp| udp.ports.iter());
    let subject = Subject {
        addresses: &resolved.addresses,
        names: &resolved.names,
        ports: &PortList::new(options.ports.iter().chain(udp)),
    };
    scope::permit(&options.permission, subject, network, ui)
}

/// The budget with the limits of what allows the scan.
fn within(mut budget: Budget, permission: &Permission) -> Budget {
    if let Some(most) = permission.max_rate {
        let cap = |rate: Option<f64>| rate.map(|r| r.min(most));
        budget.max_rate = cap(budget.max_rate).or(Some(most));
        budget.min_rate = cap(budget.min_rate);
    }
    if let Some(until) = permission.until {
        let left = until.saturating_sub(scope::now());
        // A budget of nothing would mean none: a millisecond is the least.
        let left = left.max(Duration::from_millis(1));
        budget.max_time = Some(budget.max_time.map_or(left, |most| most.min(left)));
    }
    budget
}

/// UDP beside connections is not to be had.
fn refuse_mixed(options: &ScanOptions) -> Result<(), Error> {
    if options.udp.is_some() && options.technique == Some(Technique::Connect) {
        let message = Message::new("udp-with-connect");
        return Err(Error::usage(message).hint(Message::new("udp-with-connect-hint")));
    }
    Ok(())
}

/// What was asked for, or the best that this process may do.
fn technique(options: &ScanOptions, routing: &Routing, ui: &mut Ui) -> Result<Technique, Error> {
    let allowed = privilege::has_net_raw();
    match options.technique {
        Some(Technique::Connect) => Ok(Technique::Connect),
        Some(_) if !allowed => Err(run_error::no_permission()),
        Some(asked) => match &routing.unframed {
            Some(name) => {
                let message = Message::new("link-unframed").outside("name", name);
                Err(Error::could_not_run(message).hint(Message::new("link-unframed-hint")))
            }
            None => Ok(asked),
        },
        None if routing.unframed.is_some() => Ok(Technique::Connect),
        None if allowed => Ok(Technique::Syn),
        None => {
            ui.note(&Message::new("scan-falls-back"));
            Ok(Technique::Connect)
        }
    }
}

/// What the user should know before the scan begins.
fn notes(options: &ScanOptions, resolved: &Resolved, routing: &Routing, ui: &mut Ui) {
    for (name, address) in &resolved.others {
        if options.verbosity > 0 {
            ui.note(
                &Message::new("scan-other-address")
                    .outside("name", name)
                    .shown("address", address),
            );
        }
    }
    for (range, error) in routing.unroutable.iter().take(8) {
        let message = Message::new("scan-unroutable")
            .shown("first", range.first_ip())
            .shown("last", range.last_ip());
        ui.note(&message.text("error", crate::kernel::route(error)));
    }
    if routing.group_addresses > 0 && options.verbosity > 0 {
        ui.note(&Message::new("scan-group-addresses").amount("count", routing.group_addresses));
    }
}

/// Source ports that the kernel gives to nobody else while they are held, and how many of them each sender has: for
/// `senders` of them, or for one where so many neighbours are not free.
fn reserve(
    options: &ScanOptions,
    technique: Technique,
    senders: u16,
) -> Result<(SourcePorts, u16), Error> {
    let refused = |error: ReserveError| {
        let message = Message::new("no-source-port").text("error", crate::kernel::reserve(&error));
        Error::could_not_run(message).hint(Message::new("no-source-port-hint"))
    };
    if let Some(port) = options.source_port {
        let held = SourcePorts::reserve(&Wish::Exactly(port..=port));
        return held.map(|held| (held, 1)).map_err(refused);
    }
    let most = packets::source_ports(options, technique);
    let seed = random();
    let any = |(senders, each): (u16, u16)| {
        let count = senders * each;
        SourcePorts::reserve(&Wish::Any { count, seed }).map(|held| (held, each))
    };
    let mut held = any((senders, most));
    for fewer in [(1, most), (1, 1)] {
        if let Err(ReserveError::NoneFree { .. }) = held {
            held = any(fewer);
        }
    }
    held.map_err(refused)
}

fn info(
    options: &ScanOptions,
    resolved: Resolved,
    routing: Routing,
    permission: Permission,
    (technique, backend): (Technique, Backend),
    (source_port, source_ports): (u16, u16),
) -> ScanInfo {
    let budget = within(options.budget, &permission);
    let mut names: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (host, name) in resolved.names {
        names.entry(host).or_default().push(name);
    }
    ScanInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: std::env::args_os()
            .map(|a| a.to_string_lossy().into_owned())
            .collect(),
        started: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO),
        targets: resolved.asked,
        ports_asked: options.ports_asked,
        names,
        permission,
        plan: Plan {
            spec: ScanSpec {
                targets: RangeSet::new(routing.targets.segments().iter().map(|s| s.range)),
                tcp: (!options.ports.is_empty()).then(|| PortScan {
                    technique,
                    ports: options.ports.clone(),
                    flags: options.flags,
                }),
                udp: options.udp.clone(),
                backend,
                discovery: options.discovery,
                discovery_probes: options.discovery_probes.clone(),
                traceroute: options.traceroute,
                budget,
                listing: options.listing,
                seed: options.seed.unwrap_or_else(random),
                shard: options.shard,
                memory: options.memory,
            },
            local: LocalPlan {
                targets: routing.targets,
                routes: routing.routes,
                neighbours: routing.neighbours,
                source_port,
                source_ports,
            },
        },
    }
}

/// The kernel refused to tell something.
fn kernel(error: &vigie_linux::netlink::Error) -> Error {
    crate::kernel::refused(error)
}

/// Randomness of the system, through the one door that the standard library has to it.
fn random() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}
