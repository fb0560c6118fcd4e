//! Splits a range of addresses where routing may change, so that one route lookup per piece is enough.
//!
//! Within a piece no route or rule of any table begins or ends, so the kernel routes all addresses of a piece the same
//! way, except for its choice among equal next hops.

use core::fmt;
use core::net::IpAddr;
use std::collections::BTreeSet;

use super::prefix::{self, Prefix};
use super::route::{RTA_DST, RTM_GETROUTE, RTMSG};
use super::{Network, RouteError, RouteInfo};
use crate::netlink::{Error, Message};

const RTM_GETRULE: u16 = 34;
/// `FRA_DST`. `struct fib_rule_hdr` has twelve bytes like `struct rtmsg`, with the destination length second.
const FRA_DST: u16 = 1;
/// `RTM_F_CLONED` marks a cached exception, which is not a route of a table.
const CLONED: u32 = 0x200;

/// Maximum number of pieces of a range: each costs one route lookup (microseconds).
const MAX_PIECES: usize = 1 << 16;

/// Addresses, as numbers, where a route or a rule of any table begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Boundaries {
    v4: BTreeSet<u128>,
    v6: BTreeSet<u128>,
}

/// A piece of a range and its route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// First address.
    pub first: IpAddr,
    /// Last address, not before the first.
    pub last: IpAddr,
    /// The route, or why there is none; never [`RouteError::Kernel`].
    pub route: Result<RouteInfo, RouteError>,
}

/// Why a range could not be split.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitError {
    /// First and last address have different families or the wrong order.
    NotARange,
    /// Routes and rules split this range into too many pieces.
    TooManyPieces {
        /// Number of pieces.
        pieces: usize,
        /// Maximum number of pieces.
        max: usize,
    },
    /// A route lookup failed.
    Kernel(Error),
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARange => f.write_str("not a range of addresses"),
            Self::TooManyPieces { pieces, max } => {
                write!(
                    f,
                    "{pieces} routes lie in the range, at most {max} are followed"
                )
            }
            Self::Kernel(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SplitError {}

impl Network {
    /// Reads the boundaries from every routing table and rule of both families.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn boundaries(&mut self) -> Result<Boundaries, Error> {
        Ok(Boundaries {
            v4: self.boundaries_of(IpAddr::V4(core::net::Ipv4Addr::UNSPECIFIED))?,
            v6: self.boundaries_of(IpAddr::V6(core::net::Ipv6Addr::UNSPECIFIED))?,
        })
    }

    /// Splits `first..=last` at the boundaries and looks up one route per piece. Adjacent pieces with the same route are
    /// joined. For `link` see [`Network::lookup`].
    ///
    /// # Errors
    /// If this is not a range, has too many pieces, or a lookup itself fails.
    pub fn split(
        &mut self,
        boundaries: &Boundaries,
        first: IpAddr,
        last: IpAddr,
        link: Option<u32>,
    ) -> Result<Vec<Segment>, SplitError> {
        if first.is_ipv4() != last.is_ipv4() || first > last {
            return Err(SplitError::NotARange);
        }
        let (low, high) = (prefix::number(first), prefix::number(last));
        let cuts = boundaries.cuts(first, low, high);
        let pieces = cuts.clone().count() + 1;
        if pieces > MAX_PIECES {
            return Err(SplitError::TooManyPieces {
                pieces,
                max: MAX_PIECES,
            });
        }
        let starts: Vec<u128> = core::iter::once(low).chain(cuts).collect();
        let mut segments: Vec<Segment> = Vec::new();
        for (at, &start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).map_or(high, |next| next - 1);
            let start = prefix::address(start, first);
            let route = match self.lookup(start, link) {
                Err(RouteError::Kernel(error)) => return Err(SplitError::Kernel(error)),
                answer => answer,
            };
            let end = prefix::address(end, first);
            match segments.last_mut() {
                Some(before) if before.route == route => before.last = end,
                _ => segments.push(Segment {
                    first: start,
                    last: end,
                    route,
                }),
            }
        }
        Ok(segments)
    }

    fn boundaries_of(&mut self, unspecified: IpAddr) -> Result<BTreeSet<u128>, Error> {
        let mut cuts = BTreeSet::new();
        let highest = Prefix::new(unspecified, 0).range().1;
        let dumps = [
            (RTM_GETROUTE, RTA_DST, "list the routes"),
            (RTM_GETRULE, FRA_DST, "list the routing rules"),
        ];
        for (kind, attribute, operation) in dumps {
            let mut header = [0; RTMSG];
            header[0] = prefix::family(unspecified);
            let mut message = Message::new(kind, 0);
            message.raw(&header);
            let prefixes = self.socket.collect(operation, &message, |reply| {
                let header: &[u8; RTMSG] = reply.fixed()?;
                let flags = u32::from_ne_bytes(*header[8..].first_chunk()?);
                if kind == RTM_GETROUTE && flags & CLONED != 0 {
                    return None;
                }
                let address = reply.attributes(RTMSG).first(attribute)?.address()?;
                Some(Prefix::new(address, header[1]))
            });
            let prefixes = match prefixes {
                // A kernel without policy routing has no rules.
                Err(error) if error.errno() == Some(rustix::io::Errno::OPNOTSUPP) => Vec::new(),
                other => other?,
            };
            for prefix in prefixes {
                let (first, last) = prefix.range();
                cuts.insert(first);
                if last < highest {
                    cuts.insert(last + 1);
                }
            }
        }
        Ok(cuts)
    }
}

impl Boundaries {
    /// Returns the boundaries above `low`, up to `high`, in the family of `like`.
    fn cuts(&self, like: IpAddr, low: u128, high: u128) -> impl Iterator<Item = u128> + Clone {
        use core::ops::Bound::{Excluded, Included};
        let of_family = if like.is_ipv4() { &self.v4 } else { &self.v6 };
        // An excluded start equal to an included end would be an empty, panicking range.
        let range = (low < high).then(|| of_family.range((Excluded(low), Included(high))));
        range.into_iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::RouteKind;
    use core::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn loopback_is_one_local_piece() {
        let mut network = Network::open().expect("a netlink socket");
        let boundaries = network.boundaries().expect("the tables");
        let first = Ipv4Addr::new(127, 0, 0, 2).into();
        let last = Ipv4Addr::new(127, 0, 0, 250).into();
        let segments = network
            .split(&boundaries, first, last, None)
            .expect("a way to loopback");
        assert_eq!(segments.len(), 1, "{segments:?}");
        assert_eq!((segments[0].first, segments[0].last), (first, last));
        let route = segments[0].route.as_ref().expect("a local route");
        assert_eq!(route.kind, RouteKind::Local);
        assert!(route.source.is_loopback());
        let links = network.links().expect("the links");
        let link = links.iter().find(|link| link.index == route.link);
        assert_eq!(
            link.map(|link| link.link_layer),
            Some(crate::net::LinkLayer::Loopback)
        );
    }

    #[test]
    fn invalid_ranges_are_rejected() {
        let mut network = Network::open().expect("a netlink socket");
        let four = Ipv4Addr::LOCALHOST.into();
        let six = Ipv6Addr::LOCALHOST.into();
        let boundaries = Boundaries::default();
        assert_eq!(
            network.split(&boundaries, four, six, None),
            Err(SplitError::NotARange)
        );
        assert_eq!(
            network.lookup("fe80::1".parse().expect("an address"), None),
            Err(RouteError::ZoneNeeded)
        );
    }
}
