//! The routes that the traces have found.

use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use super::{Goal, Hop, MAX_HOPS, Trace, Traceroute};

impl Traceroute {
    /// Returns the route to each goal, in the order of the goals.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&Goal, Vec<Hop>)> {
        self.traces.iter().map(|t| (&t.goal, self.path(t)))
    }

    fn path(&self, trace: &Trace) -> Vec<Hop> {
        let last = trace.end.or(trace.hops.keys().next_back().copied());
        let hop = |ttl: u8| {
            let own = trace.hops.get(&ttl).map(|found| (*found, None));
            let found = own.or_else(|| {
                let (found, of) = self.shared(trace, ttl)?;
                Some((found, Some(of)))
            });
            Hop {
                ttl,
                ip: found.map(|(found, _)| found.0),
                rtt: found.map(|(found, _)| found.1),
                shared: found.and_then(|(_, of)| of),
            }
        };
        (1..=last.unwrap_or(0)).map(hop).collect()
    }

    /// Returns what another trace knows about this distance, and its host.
    fn shared(&self, trace: &Trace, ttl: u8) -> Option<((IpAddr, Duration), IpAddr)> {
        self.others(trace)
            .take_while(|(_, upto)| ttl <= *upto)
            .find_map(|(other, _)| Some((*other.hops.get(&ttl)?, other.goal.ip)))
    }

    /// Returns the traces that this one relies on, and up to which distance. A chain of them is never longer than the
    /// hops.
    pub(super) fn others<'a>(&'a self, trace: &'a Trace) -> impl Iterator<Item = (&'a Trace, u8)> {
        let next = |at: &Trace| {
            let (other, upto) = at.shares?;
            Some((&self.traces[other], upto))
        };
        core::iter::successors(next(trace), move |(at, _)| next(at)).take(usize::from(MAX_HOPS))
    }
}
