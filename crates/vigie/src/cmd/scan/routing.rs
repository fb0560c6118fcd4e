//! Routes: asks the kernel how each target is reached (RTM_GETROUTE).
//!
//! Nothing is sent to a target.

use vigie_linux::net::{
    Link, LinkLayer, Network, Reachability, RouteError, RouteInfo, RouteKind, SplitError,
};
use vigie_report::Message;
use vigie_scan::plan::{Framing, Neighbour, NextHop, Route};
use vigie_scan::target::{Segment, TargetSet};
use vigie_scope::target::{Range, RangeSet};
use vigie_wire::MacAddr;

use crate::error::Error;
use crate::kernel;

/// The targets with their routes.
#[derive(Clone, Debug, Default)]
pub struct Routing {
    /// The reachable targets, each with its route.
    pub targets: TargetSet,
    /// The routes.
    pub routes: Vec<Route>,
    /// Hardware addresses of gateways from the neighbour table of the kernel.
    pub neighbours: Vec<Neighbour>,
    /// Targets without a route, with the error of the kernel.
    pub unroutable: Vec<(Range, RouteError)>,
    /// Number of broadcast, multicast and anycast addresses among the targets. They are not probed.
    pub group_addresses: u64,
    /// Name of a link whose link type packet sockets do not support.
    pub unframed: Option<String>,
}

/// Asks the kernel for the route of every address.
///
/// # Errors
/// If the kernel refuses a request, or if no address can be reached.
pub fn route(
    addresses: &RangeSet,
    interface: Option<u32>,
    network: &mut Network,
) -> Result<Routing, Error> {
    let links = network.links().map_err(|error| kernel::refused(&error))?;
    let boundaries = network
        .boundaries()
        .map_err(|error| kernel::refused(&error))?;
    let mut routing = Routing::default();
    let mut segments = Vec::new();
    for range in addresses.ranges() {
        let link = if range.zone != 0 {
            Some(range.zone)
        } else {
            interface
        };
        let pieces = network
            .split(&boundaries, range.first_ip(), range.last_ip(), link)
            .map_err(|error| split(&error))?;
        for piece in pieces {
            let covered = Range {
                first: vigie_scope::target::value(piece.first),
                last: vigie_scope::target::value(piece.last),
                ..*range
            };
            match piece.route {
                Ok(info) => routing.add(covered, &info, &links, &mut segments),
                Err(error) => routing.unroutable.push((covered, error)),
            }
        }
    }
    routing.targets = TargetSet::new(segments);
    routing.add_neighbours(network)?;
    if routing.targets.is_empty() {
        return Err(routing.unreachable_error());
    }
    Ok(routing)
}

impl Routing {
    /// Adds a range of targets that share a route.
    fn add(&mut self, range: Range, info: &RouteInfo, links: &[Link], segments: &mut Vec<Segment>) {
        let Some(link) = links.iter().find(|l| l.index == info.link) else {
            self.unroutable.push((range, RouteError::NoLink));
            return;
        };
        let local = info.kind == RouteKind::Local;
        let framing = match (link.link_layer, link.mac) {
            (LinkLayer::Ethernet, Some(mac)) => Framing::Ethernet { mac: MacAddr(mac) },
            (LinkLayer::Loopback | LinkLayer::RawIp, _) => Framing::Ip,
            _ => {
                self.unframed = Some(link.name.clone());
                Framing::Ip
            }
        };
        let resolved = matches!(framing, Framing::Ethernet { .. }) && link.resolves;
        let hop = match info.kind {
            RouteKind::Broadcast | RouteKind::Multicast | RouteKind::Anycast => {
                self.group_addresses += u64::try_from(range.len()).unwrap_or(u64::MAX);
                return;
            }
            RouteKind::OnLink if resolved => NextHop::OnLink,
            RouteKind::Gateway(ip) if resolved => NextHop::Gateway(ip),
            RouteKind::Local | RouteKind::OnLink | RouteKind::Gateway(_) => NextHop::Direct,
        };
        let route = Route {
            link: link.index,
            link_name: link.name.clone(),
            framing: if local { Framing::Ip } else { framing },
            source: info.source,
            hop,
            mtu: info.mtu.unwrap_or(link.mtu),
            local,
        };
        let index = self
            .routes
            .iter()
            .position(|r| *r == route)
            .unwrap_or_else(|| {
                self.routes.push(route);
                self.routes.len() - 1
            });
        segments.push(Segment {
            range,
            route: index as u32,
        });
    }

    /// Looks up the hardware addresses of the gateways in the neighbour table of the kernel.
    fn add_neighbours(&mut self, network: &mut Network) -> Result<(), Error> {
        let gateways: Vec<_> = self
            .routes
            .iter()
            .filter_map(|r| match r.hop {
                NextHop::Gateway(ip) => Some((r.link, ip)),
                _ => None,
            })
            .collect();
        if gateways.is_empty() {
            return Ok(());
        }
        for entry in network
            .neighbours()
            .map_err(|error| kernel::refused(&error))?
        {
            let trusted = entry.state >= Reachability::Stale;
            if let (true, Some(mac), true) = (
                trusted,
                entry.mac,
                gateways.contains(&(entry.link, entry.address)),
            ) {
                self.neighbours.push(Neighbour {
                    link: entry.link,
                    ip: entry.address,
                    mac: MacAddr(mac),
                });
            }
        }
        Ok(())
    }

    /// Returns why no target can be reached.
    fn unreachable_error(&self) -> Error {
        if let Some((range, error)) = self.unroutable.first() {
            let message = Message::new("no-route")
                .shown("target", range.first_ip())
                .text("error", kernel::route(error));
            Error::could_not_run(message).hint(Message::new("no-route-hint"))
        } else {
            let message = Message::new("only-group-addresses");
            Error::could_not_run(message).hint(Message::new("only-group-addresses-hint"))
        }
    }
}

fn split(error: &SplitError) -> Error {
    Error::could_not_run(Message::new("kernel-refused").text("error", kernel::split(error)))
}
