//! Authorizes what a command sends: combines the scope files, the networks of this machine and the user's statement.
//!
//! Nothing is sent before [`permit`] succeeds. [`vigie_scope::Policy`] decides; this module collects its inputs, and asks
//! the user once on a terminal.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use vigie_linux::net::Network;
use vigie_report::Message;
use vigie_scan::open_port_check::DYNAMIC_PORTS;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Family, Range, RangeSet};
use vigie_scope::{AuthSource, Permission, Policy, Request};
use vigie_scope::{Host, Transport};

use crate::error::Error;
use crate::flags::permission::PermissionFlags;
use crate::ui::Ui;

mod error;
mod file;

pub use error::{addresses, auth_source, deny_reason};

/// Path of the scope file in each configuration directory.
const SCOPE_FILE: &str = "vigie/scope.toml";

/// What is to be authorized.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The addresses.
    pub addresses: &'a RangeSet,
    /// Names by which some of the addresses were requested.
    pub names: &'a [(Host, String)],
    /// The ports.
    pub ports: &'a PortList,
}

/// Authorizes the subject. If the policy denies it and the user is at a terminal, asks who authorized the scan.
///
/// # Errors
/// If the subject is denied, a scope file is invalid, or the kernel refuses a request.
pub fn permit(
    options: &PermissionFlags,
    subject: Subject<'_>,
    network: &mut Network,
    ui: &mut Ui,
) -> Result<Permission, Error> {
    let mut guard = guard(options, network, ui)?;
    let request = Request {
        addresses: subject.addresses,
        names: subject.names,
        ports: subject.ports,
        now: now(),
    };
    let decision = guard.evaluate(&request);
    if decision.is_allowed() {
        return Ok(with_high_ports(decision.permission(), &guard, &request));
    }
    let can_be_allowed = decision.denied.iter().all(|r| r.reason.can_be_authorized());
    // With `--scope` the user has already stated what is authorized.
    if can_be_allowed && options.files.is_empty() {
        let question = error::question(&decision, subject.names, ui.texts());
        if let Some(who) = ui.ask(&question).filter(|who| !who.trim().is_empty()) {
            let who = who.trim().to_owned();
            guard.authorized = Some(AuthSource::Prompt { who });
            let permission = guard.evaluate(&request).permission();
            return Ok(with_high_ports(permission, &guard, &request));
        }
    }
    Err(error::refused(&decision, subject.names, ui.texts()))
}

/// Adds to the permission whether the dynamic ports are allowed. The check of open ports uses them as controls.
fn with_high_ports(permission: Permission, guard: &Policy, request: &Request<'_>) -> Permission {
    let high = DYNAMIC_PORTS.map(|port| (Transport::Tcp, port));
    let more = request.ports.iter().chain(high);
    let ports = &PortList::new(more);
    let decision = guard.evaluate(&Request { ports, ..*request });
    Permission {
        high_ports: decision.is_allowed(),
        ..permission
    }
}

/// Returns the policy of this machine, from its addresses and networks, the scope files and the command line.
pub fn guard(
    options: &PermissionFlags,
    network: &mut Network,
    ui: &mut Ui,
) -> Result<Policy, Error> {
    let kernel = |e| crate::kernel::refused(&e);
    let links = network.links().map_err(kernel)?;
    let mut guard = Policy {
        authorized: options
            .authorized
            .clone()
            .map(|who| AuthSource::CommandLine { who }),
        ..Policy::default()
    };
    let mut own = Vec::new();
    for address in network.addresses().map_err(kernel)? {
        let ip = address.prefix.address;
        let link_local = matches!(ip, std::net::IpAddr::V6(v6) if v6.is_unicast_link_local());
        let zone = if link_local { address.link } else { 0 };
        own.push(Range::single(ip, zone));
        let Some(link) = links.iter().find(|l| l.index == address.link && l.up) else {
            continue;
        };
        // A full-length prefix is not a network. On a point-to-point link the peer is connected.
        let range = match address.peer {
            Some(peer) => Range::single(peer, zone),
            None if address.prefix.length < Family::of(ip).bits() => {
                Range::prefix(ip, address.prefix.length, zone)
            }
            None => continue,
        };
        let connected = (range, link.name.clone());
        if !guard.connected.contains(&connected) {
            guard.connected.push(connected);
        }
    }
    guard.own = RangeSet::new(own);
    for (path, given) in files(options) {
        let mut scope = file::read(&path)?;
        if !given && !options.files.is_empty() {
            // With `--scope`, other scope files allow nothing, but their never-lists still apply.
            scope = vigie_scope::Scope {
                file: scope.file,
                never: scope.never,
                never_names: scope.never_names,
                ..Default::default()
            };
        }
        scope.never = RangeSet::new(
            scope
                .never
                .ranges()
                .iter()
                .copied()
                .chain(addresses_of(&scope.never_names, ui)),
        );
        guard.scopes.push(scope);
    }
    Ok(guard)
}

/// The scope files: those that the command line names, and the user's own where they exist.
fn files(options: &PermissionFlags) -> Vec<(PathBuf, bool)> {
    let given = options.files.iter().map(|f| (f.clone(), true));
    let own = config_directories()
        .into_iter()
        .map(|folder| folder.join(SCOPE_FILE));
    let own = own.filter(|path| path.exists()).map(|path| (path, false));
    given.chain(own).collect()
}

/// Returns the configuration directories of the XDG Base Directory Specification, that of the user first.
fn config_directories() -> Vec<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|v| !v.is_empty());
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let home = set("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".config")));
    let system = set("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
    let system: Vec<PathBuf> = std::env::split_paths(&system).collect();
    home.into_iter()
        .chain(system)
        .filter_map(absolute)
        .collect()
}

/// Resolves the names of a never-list. Prints a note for an unknown name.
fn addresses_of(names: &[String], ui: &mut Ui) -> Vec<Range> {
    let mut ranges = Vec::new();
    for name in names.iter().filter(|n| !n.starts_with('*')) {
        match (name.as_str(), 0u16).to_socket_addrs() {
            Ok(found) => ranges.extend(found.map(|a| Range::single(a.ip(), zone_of(&a)))),
            Err(error) => ui.note(
                &Message::new("scope-never-unknown")
                    .outside("name", name)
                    .shown("error", error),
            ),
        }
    }
    ranges
}

const fn zone_of(address: &SocketAddr) -> u32 {
    match address {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(v6) => v6.scope_id(),
    }
}

/// Returns the present time, as Unix time.
pub fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
}
