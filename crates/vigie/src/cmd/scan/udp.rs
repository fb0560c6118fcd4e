//! The UDP part of a scan: ports, duration and source addresses.
//!
//! This file must not know how UDP ports are scanned.

use std::net::IpAddr;

use vigie_detect::payload;
use vigie_linux::net::Network;
use vigie_report::Message;
use vigie_scan::plan::{RATE_LIMIT_PROBING_TIME, Route, Technique, UdpSpec};
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::{AuthSource, Permission};

use crate::error::Error;

/// Returns the ports of the technique and the UDP ports in the argument of `-p`. A number without a letter is a port of
/// every transport that is scanned.
///
/// # Errors
/// A list that is malformed, or has no port of a transport that is scanned, or one of another transport.
pub fn ports(
    text: &str,
    udp: bool,
    technique: Option<Technique>,
) -> Result<(PortList, Option<PortList>), Error> {
    let read = |transport| PortList::parse(text, transport).map_err(|e| Error::grammar("-p ", &e));
    if !udp {
        let transport = technique.map_or(Transport::Tcp, Technique::transport);
        return Ok((read(transport)?, None));
    }
    let of_udp = read(Transport::Udp)?;
    let ports = match technique {
        None => PortList::new(of_udp.iter().filter(|p| p.0 != Transport::Udp)),
        Some(technique) => {
            let asked = read(technique.transport())?;
            PortList::new(asked.iter().filter(|p| p.0 != Transport::Udp))
        }
    };
    let of_udp = of_udp.only(Transport::Udp);
    // Ports of a transport that is not scanned, or a technique without ports, are a mistake.
    if of_udp.is_empty() || technique.is_some() == ports.is_empty() {
        let message = Message::new("ports-miss-transport");
        return Err(Error::usage(message).hint(Message::new("ports-miss-transport-hint")));
    }
    Ok((ports, Some(of_udp)))
}

/// Returns the `n` most common ports of each transport that is scanned.
pub fn common(n: usize, udp: bool, technique: Option<Technique>) -> (PortList, Option<PortList>) {
    let transport = technique.map_or(Transport::Tcp, Technique::transport);
    if udp && technique.is_none() {
        return (
            PortList::default(),
            Some(PortList::usual_udp(n, payload::ports())),
        );
    }
    let ports = PortList::top(transport, n);
    (ports, udp.then(|| PortList::usual_udp(n, payload::ports())))
}

/// Returns how UDP `ports` are scanned: `--complete`, and the addresses of `--source`.
///
/// # Errors
/// A source that is no address.
pub fn plan(ports: PortList, complete: bool, source: Option<&str>) -> Result<UdpSpec, Error> {
    let mut sources: Vec<IpAddr> = Vec::new();
    for text in source.into_iter().flat_map(|s| s.split(',')) {
        let Ok(ip) = text.trim().parse() else {
            let message = Message::new("source-wrong").outside("value", text);
            return Err(Error::usage(message).hint(Message::new("source-wrong-hint")));
        };
        if !sources.contains(&ip) {
            sources.push(ip);
        }
    }
    Ok(UdpSpec {
        ports,
        budget: (!complete).then_some(RATE_LIMIT_PROBING_TIME),
        sources,
        controls: true,
    })
}

/// Returns the plan restricted to what the permission allows and to addresses of this machine.
///
/// # Errors
/// A source address that this machine does not have.
pub fn restrict(
    mut plan: UdpSpec,
    routes: &[Route],
    permission: &Permission,
    network: &mut Network,
) -> Result<UdpSpec, Error> {
    // A scope may list ports. Control ports outside of it are not probed.
    let scoped = |by: &AuthSource| matches!(by, AuthSource::Scope { .. });
    plan.controls = !permission
        .authorizations
        .iter()
        .any(|authorization| scoped(&authorization.source));
    if plan.sources.is_empty() {
        return Ok(plan);
    }
    let own = network
        .addresses()
        .map_err(|e| crate::kernel::refused(&e))?;
    for source in &plan.sources {
        if !own.iter().any(|a| a.prefix.address == *source) {
            let message = Message::new("source-not-ours").shown("address", source);
            return Err(Error::could_not_run(message).hint(Message::new("source-not-ours-hint")));
        }
    }
    // The source addresses of the routes are used in any case.
    plan.sources
        .retain(|source| routes.iter().all(|route| route.source != *source));
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, technique: Option<Technique>) -> Option<(usize, usize)> {
        let (first, udp) = ports(text, true, technique).ok()?;
        Some((first.len(), udp?.len()))
    }

    #[test]
    fn a_letter_selects_a_transport_and_none_selects_all() {
        let syn = Some(Technique::Syn);
        assert_eq!(read("53,161", None), Some((0, 2)));
        assert_eq!(read("U:53,161", None), Some((0, 2)));
        assert_eq!(read("53,161", syn), Some((2, 2)));
        assert_eq!(read("T:22,80,U:53", syn), Some((2, 1)));
        assert_eq!(read("T:22", syn), None);
        assert_eq!(read("U:53", syn), None);
        assert_eq!(read("T:22,U:53", None), None);
    }

    #[test]
    fn sources_are_addresses() {
        let list = PortList::usual_udp(1, payload::ports());
        let plan = |text| plan(list.clone(), false, text);
        assert_eq!(
            plan(Some("10.0.0.1, 10.0.0.1,fd00::1"))
                .unwrap()
                .sources
                .len(),
            2
        );
        assert!(plan(Some("10.0.0.1,eth0")).is_err());
        assert_eq!(plan(None).unwrap().budget, Some(RATE_LIMIT_PROBING_TIME));
    }
}
