//! From checked options to a complete plan: targets resolved and permitted, routes found, a backend chosen.
//!
//! The only packets sent here are DNS queries and the multicast requests of `--on-link`.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use vigie_findings::ScanInfo;
use vigie_linux::net::Network;
use vigie_linux::privilege;
use vigie_report::Message;
use vigie_scan::Plan;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::plan::{Backend, Budget, LocalPlan, PortScan, ScanSpec, Technique};
use vigie_scope::Permission;
use vigie_scope::ports::PortList;
use vigie_scope::target::RangeSet;

use super::options::ScanOptions;
use super::resolve::{self, Resolved};
use super::routing::{self, Routing};
use super::source_ports::HeldPorts;
use super::{checkpoint, datagrams, frames, on_link, packets, random, run_error, udp};
use crate::error::Error;
use crate::scope::{self, Subject};
use crate::ui::Ui;

/// Maximum number of unroutable ranges that are reported.
const MAX_UNROUTABLE_NOTES: usize = 8;

/// A scan that is ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// The options, adapted to the checkpoint and to what this process may do.
    pub options: ScanOptions,
    /// The plan, and what reports say about the scan.
    pub info: ScanInfo,
    /// The reserved source ports.
    pub source_ports: HeldPorts,
    /// Where a resumed scan continues.
    pub checkpoint: Option<Checkpoint>,
}

/// How the plan is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Method {
    technique: Technique,
    backend: Backend,
}

/// Returns the plan of a scan.
///
/// # Errors
/// A checkpoint that cannot be read, a name without an address, targets out of scope, a missing privilege or source
/// port, or flags that the backend does not support.
pub fn prepare(mut options: ScanOptions, ui: &mut Ui) -> Result<Prepared, Error> {
    let checkpoint = options
        .resume
        .as_deref()
        .map(checkpoint::read)
        .transpose()?;
    let mut network = Network::open().map_err(|e| crate::kernel::refused(&e))?;
    let interface = options
        .interface
        .as_deref()
        .map(|name| resolve::interface(name, &mut network))
        .transpose()?;
    let mut resolved = match &checkpoint {
        Some(checkpoint) => checkpoint::restore(&mut options, checkpoint),
        None => resolve::resolve(&options, &mut network)?,
    };
    if checkpoint.is_none() && !options.on_link.is_empty() {
        on_link::add(&options, &mut resolved, &mut network, ui)?;
    }
    let permission = permit(&options, &resolved, &mut network, ui)?;
    let routing = routing::route(&resolved.addresses, interface, &mut network)?;
    if let Some(udp) = options.udp.take() {
        let restricted = udp::restrict(udp, &routing.routes, &permission, &mut network)?;
        options.udp = Some(restricted);
    }
    let method = method(&mut options, &routing, ui)?;
    check(&options, method)?;
    notes(&options, &resolved, &routing, ui);
    let source_ports = if method.backend == Backend::Packets {
        let targets = routing.targets.len();
        let probes = targets.saturating_mul(options.ports.len() as u64);
        let parts = checkpoint.as_ref().map_or(1, Checkpoint::parts);
        let senders = packets::senders(&options, method.technique, probes, parts);
        HeldPorts::reserve(&options, method.technique, senders)?
    } else {
        HeldPorts::none()
    };
    let plan = plan(&options, routing, &permission, method, &source_ports);
    let info = info(&options, resolved, permission, plan);
    Ok(Prepared {
        options,
        info,
        source_ports,
        checkpoint,
    })
}

/// Checks that the targets may be scanned.
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

/// Returns the technique and the backend: those of the command line, or the best that this process may use.
fn method(options: &mut ScanOptions, routing: &Routing, ui: &mut Ui) -> Result<Method, Error> {
    if options.udp.is_some() && options.technique == Some(Technique::Connect) {
        let message = Message::new("udp-with-connect");
        return Err(Error::usage(message).hint(Message::new("udp-with-connect-hint")));
    }
    if datagrams::are_needed(options, routing) {
        datagrams::reject_unsupported(options, ui)?;
        return Ok(Method {
            technique: Technique::Syn,
            backend: Backend::UdpSockets,
        });
    }
    let technique = technique(options, routing, ui)?;
    let backend = match technique {
        Technique::Connect => Backend::Connections,
        _ => Backend::Packets,
    };
    Ok(Method { technique, backend })
}

fn technique(options: &ScanOptions, routing: &Routing, ui: &mut Ui) -> Result<Technique, Error> {
    let may_send_packets = privilege::has_net_raw();
    match options.technique {
        Some(Technique::Connect) => Ok(Technique::Connect),
        Some(_) if !may_send_packets => Err(run_error::no_permission()),
        Some(technique) => match &routing.unframed {
            Some(name) => {
                let message = Message::new("link-unframed").outside("name", name);
                Err(Error::could_not_run(message).hint(Message::new("link-unframed-hint")))
            }
            None => Ok(technique),
        },
        None if routing.unframed.is_some() => Ok(Technique::Connect),
        None if may_send_packets => Ok(Technique::Syn),
        None => {
            ui.note(&Message::new("scan-falls-back"));
            Ok(Technique::Connect)
        }
    }
}

/// Rejects flags that the backend does not support.
fn check(options: &ScanOptions, method: Method) -> Result<(), Error> {
    frames::check_possible(options, method.technique)?;
    if method.backend != Backend::Connections {
        return Ok(());
    }
    if options.source_port.is_some() {
        let message = Message::new("connect-no-source-port");
        return Err(Error::usage(message).hint(Message::new("connect-no-source-port-hint")));
    }
    if options.traceroute {
        let message = Message::new("connect-no-traceroute");
        return Err(Error::usage(message).hint(Message::new("connect-no-traceroute-hint")));
    }
    Ok(())
}

/// Reports the targets that are not scanned.
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
    for (range, error) in routing.unroutable.iter().take(MAX_UNROUTABLE_NOTES) {
        let message = Message::new("scan-unroutable")
            .shown("first", range.first_ip())
            .shown("last", range.last_ip());
        ui.note(&message.text("error", crate::kernel::route(error)));
    }
    if routing.group_addresses > 0 && options.verbosity > 0 {
        ui.note(&Message::new("scan-group-addresses").amount("count", routing.group_addresses));
    }
}

/// Returns the budget, reduced to the limits of the permission and to its expiry. `now` is the time since 1970.
fn within(mut budget: Budget, permission: &Permission, now: Duration) -> Budget {
    if let Some(max) = permission.max_rate {
        let cap = |rate: Option<f64>| rate.map(|r| r.min(max));
        budget.max_rate = cap(budget.max_rate).or(Some(max));
        budget.min_rate = cap(budget.min_rate);
    }
    if let Some(until) = permission.until {
        // At least a millisecond: a budget of zero means no limit.
        let left = until.saturating_sub(now).max(Duration::from_millis(1));
        budget.max_time = Some(budget.max_time.map_or(left, |max| max.min(left)));
    }
    budget
}

fn plan(
    options: &ScanOptions,
    routing: Routing,
    permission: &Permission,
    method: Method,
    source_ports: &HeldPorts,
) -> Plan {
    Plan {
        spec: ScanSpec {
            targets: RangeSet::new(routing.targets.segments().iter().map(|s| s.range)),
            tcp: (!options.ports.is_empty()).then(|| PortScan {
                technique: method.technique,
                ports: options.ports.clone(),
                flags: options.flags,
            }),
            udp: options.udp.clone(),
            backend: method.backend,
            discovery: options.discovery,
            discovery_probes: options.discovery_probes.clone(),
            traceroute: options.traceroute,
            budget: within(options.budget, permission, scope::now()),
            listing: options.listing,
            seed: options.seed.unwrap_or_else(random),
            shard: options.shard,
            memory: options.memory,
        },
        local: LocalPlan {
            targets: routing.targets,
            routes: routing.routes,
            neighbours: routing.neighbours,
            source_port: source_ports.firsts()[0],
            source_ports: source_ports.each(),
        },
    }
}

fn info(options: &ScanOptions, resolved: Resolved, permission: Permission, plan: Plan) -> ScanInfo {
    let mut names: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (host, name) in resolved.names {
        names.entry(host).or_default().push(name);
    }
    let command = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    ScanInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: command.collect(),
        started: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO),
        targets: resolved.asked,
        ports_asked: options.ports_asked,
        names,
        permission,
        plan,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(max_rate: Option<f64>, until: Option<u64>) -> Permission {
        Permission {
            max_rate,
            until: until.map(Duration::from_secs),
            ..Permission::default()
        }
    }

    #[test]
    fn a_permission_limits_the_rate() {
        let fast = Budget {
            max_rate: Some(1_000.0),
            min_rate: Some(500.0),
            ..Budget::default()
        };
        let capped = within(fast, &permission(Some(100.0), None), Duration::ZERO);
        assert_eq!(
            (capped.max_rate, capped.min_rate),
            (Some(100.0), Some(100.0))
        );
        let default = within(
            Budget::default(),
            &permission(Some(100.0), None),
            Duration::ZERO,
        );
        assert_eq!((default.max_rate, default.min_rate), (Some(100.0), None));
        assert_eq!(within(fast, &permission(None, None), Duration::ZERO), fast);
    }

    #[test]
    fn a_permission_that_ends_limits_the_time() {
        let time = |budget: Budget, until, now| {
            let now = Duration::from_secs(now);
            within(budget, &permission(None, Some(until)), now).max_time
        };
        let hour = Budget {
            max_time: Some(Duration::from_hours(1)),
            ..Budget::default()
        };
        assert_eq!(
            time(Budget::default(), 100, 40),
            Some(Duration::from_mins(1))
        );
        assert_eq!(time(hour, 100, 40), Some(Duration::from_mins(1)));
        assert_eq!(time(hour, 10_000, 40), hour.max_time);
        assert_eq!(time(hour, 40, 40), Some(Duration::from_millis(1)));
    }
}
