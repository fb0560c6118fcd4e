//! Resolves target expressions to addresses: looks up names and interfaces, and subtracts exclusions.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use vigie_linux::net::Network;
use vigie_report::Message;
use vigie_scope::Host;
use vigie_scope::target::{Family, MAX_HOST_BITS, Range, RangeSet, TargetSpec};

use super::lists::Target;
use super::options::ScanOptions;
use crate::error::Error;

/// The resolved targets.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The expressions as typed.
    pub asked: Vec<String>,
    /// The addresses to scan.
    pub addresses: RangeSet,
    /// The requested names, each with the address that is scanned.
    pub names: Vec<(Host, String)>,
    /// Excluded addresses.
    pub excluded: RangeSet,
    /// Other addresses of the requested names, which are not scanned.
    pub others: Vec<(String, IpAddr)>,
}

/// Resolves the targets and exclusions of `options`.
///
/// # Errors
/// If a name or an interface is unknown, or if no target or too many remain.
pub fn resolve(options: &ScanOptions, network: &mut Network) -> Result<Resolved, Error> {
    let asked = options.targets.iter().map(|t| t.text.clone()).collect();
    let mut resolved = Resolved {
        asked,
        ..Resolved::default()
    };
    let mut included = Vec::new();
    for target in &options.targets {
        included.extend(target_ranges(
            target,
            options.family,
            network,
            &mut resolved,
        )?);
    }
    let mut excluded = Vec::new();
    for target in &options.exclude {
        excluded.extend(excluded_ranges(target, network)?);
    }
    let mut addresses = RangeSet::new(included);
    if let Some(family) = options.family {
        let left = addresses.only(family);
        if left.is_empty() && !addresses.is_empty() {
            let message = Message::new("scan-family-empties").outside("flag", flag(family));
            return Err(Error::usage(message).hint(Message::new("scan-family-empties-hint")));
        }
        addresses = left;
    }
    resolved.excluded = RangeSet::new(excluded);
    let addresses = addresses.minus(&resolved.excluded);
    if addresses.is_empty() && options.on_link.is_empty() {
        let message = Message::new("scan-all-excluded");
        return Err(Error::usage(message).hint(Message::new("scan-all-excluded-hint")));
    }
    if addresses.len() > 1 << MAX_HOST_BITS {
        let message = Message::new("scan-too-many").shown("count", addresses.len());
        let hint = Message::new("scan-too-many-hint").amount("most", 1u64 << MAX_HOST_BITS);
        return Err(Error::usage(message).hint(hint));
    }
    resolved.addresses = addresses;
    Ok(resolved)
}

const fn flag(family: Family) -> &'static str {
    match family {
        Family::V4 => "-4",
        Family::V6 => "-6",
    }
}

fn target_ranges(
    target: &Target,
    family: Option<Family>,
    network: &mut Network,
    resolved: &mut Resolved,
) -> Result<Vec<Range>, Error> {
    match &target.spec {
        TargetSpec::Ranges { ranges, zone } => zoned(ranges, zone.as_deref(), network),
        TargetSpec::Name { name, prefix } => {
            let mut found = lookup(name)?;
            if let Some(family) = family {
                found.retain(|a| Family::of(a.ip()) == family);
            }
            // A name means its first address, IPv4 before IPv6 unless the user selects the family.
            found.sort_by_key(SocketAddr::is_ipv6);
            let Some(first) = found.first() else {
                let message = Message::new("scan-name-family").outside("name", name);
                return Err(
                    Error::could_not_run(message).hint(Message::new("scan-family-empties-hint"))
                );
            };
            resolved
                .others
                .extend(found[1..].iter().map(|a| (name.clone(), a.ip())));
            let zone = zone_of(first);
            resolved
                .names
                .push((Host::zoned(first.ip(), zone), name.clone()));
            let range = match prefix {
                None => Range::single(first.ip(), zone),
                Some(length) => Range::prefix(first.ip(), *length, zone),
            };
            if range.len() > 1 << MAX_HOST_BITS {
                let message = Message::new("scan-too-many").shown("count", range.len());
                let hint = Message::new("scan-too-many-hint").amount("most", 1u64 << MAX_HOST_BITS);
                return Err(Error::usage(message).hint(hint));
            }
            Ok(vec![range])
        }
    }
}

fn excluded_ranges(target: &Target, network: &mut Network) -> Result<Vec<Range>, Error> {
    match &target.spec {
        TargetSpec::Ranges { ranges, zone } => zoned(ranges, zone.as_deref(), network),
        // Exclude every address of an excluded name: excluding too much is the safe side.
        TargetSpec::Name { name, prefix } => Ok(lookup(name)?
            .iter()
            .map(|a| match prefix {
                None => Range::single(a.ip(), zone_of(a)),
                Some(length) => Range::prefix(a.ip(), *length, zone_of(a)),
            })
            .collect()),
    }
}

/// Sets the zone of link-local addresses to the index of the interface.
fn zoned(ranges: &[Range], zone: Option<&str>, network: &mut Network) -> Result<Vec<Range>, Error> {
    let Some(name) = zone else {
        return Ok(ranges.to_vec());
    };
    let index = match name.parse::<u32>() {
        Ok(index) => index,
        Err(_) => interface(name, network)?,
    };
    Ok(ranges.iter().map(|r| Range { zone: index, ..*r }).collect())
}

/// Returns the index of an interface.
///
/// # Errors
/// If the interface does not exist or is down.
pub fn interface(name: &str, network: &mut Network) -> Result<u32, Error> {
    let unknown = || {
        let message = Message::new("interface-unknown").outside("name", name);
        Error::could_not_run(message)
    };
    let Ok(link) = network.link(name) else {
        let names: Vec<String> = network
            .links()
            .unwrap_or_default()
            .into_iter()
            .map(|l| l.name)
            .collect();
        return Err(unknown()
            .hint(Message::new("interface-unknown-hint").outside("names", names.join(", "))));
    };
    if !link.up {
        let message = Message::new("interface-down").outside("name", name);
        return Err(Error::could_not_run(message)
            .hint(Message::new("interface-down-hint").outside("name", name)));
    }
    Ok(link.index)
}

const fn zone_of(address: &SocketAddr) -> u32 {
    match address {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(v6) => v6.scope_id(),
    }
}

/// Resolves a name to its distinct addresses.
fn lookup(name: &str) -> Result<Vec<SocketAddr>, Error> {
    // The resolver of the system, so that /etc/hosts and nsswitch.conf apply.
    let found = (name, 0u16).to_socket_addrs().map_err(|error| {
        let message = Message::new("name-unknown")
            .outside("name", name)
            .shown("error", error);
        Error::could_not_run(message).hint(Message::new("name-unknown-hint"))
    })?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}
