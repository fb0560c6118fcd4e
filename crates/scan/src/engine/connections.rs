//! Connections that the kernel makes for the engine: what to start, what is in flight, and when to give up.
//!
//! This file must not know sockets, nor what a result means.

use alloc::collections::{BTreeMap, BTreeSet};
use core::net::IpAddr;
use core::time::Duration;

use vigie_scope::Host;

use crate::finding::Reason;
use crate::time::Instant;

/// Ports that connect scans use to discover hosts: a host that accepts or refuses a connection is up.
pub const DISCOVERY_PORTS: [u16; 3] = [443, 80, 22];
/// Shortest wait for a connection: on a busy machine the kernel itself takes a while.
const MIN_WAIT: Duration = Duration::from_millis(100);

/// A connection to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectRequest {
    /// Identifies the connection; [`crate::Scan::on_connect_result`] takes it back.
    pub id: u64,
    /// Destination host.
    pub host: Host,
    /// Destination port.
    pub port: u16,
    /// Source address; `None` to let the kernel choose.
    pub source: Option<IpAddr>,
}

/// How a connection attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectOutcome {
    /// The handshake was completed.
    Connected,
    /// A reset refused the connection.
    Refused,
    /// An ICMP error ended the attempt.
    Unreachable {
        /// Meaning of the error.
        reason: Reason,
        /// Sender of the error, if known.
        from: Option<IpAddr>,
    },
    /// The kernel gave up without an answer.
    TimedOut,
    /// This machine had no socket or port left. Counts as not tried.
    NoResources,
}

/// A connection in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    /// Index of the probe in the sweep of its phase.
    pub(super) index: u64,
    /// Number of the canary, if it is one.
    pub(super) canary: Option<u16>,
    /// Whether host discovery started it. Its index then counts the probes of that phase.
    pub(super) is_discovery: bool,
    /// Window in which it was started.
    pub(super) window: u64,
    pub(super) started: Instant,
    due: Instant,
}

/// The result of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived {
    pub(super) flight: Flight,
    pub(super) outcome: ConnectOutcome,
    /// Time that the kernel measured.
    pub(super) rtt: Option<Duration>,
}

/// All connections in flight.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    flights: BTreeMap<u64, Flight>,
    /// The same connections by the time at which they are given up.
    due: BTreeSet<(Instant, u64)>,
    next_id: u64,
    /// Longest time in which each host has answered, by host number. One entry for each host that answered.
    slowest: BTreeMap<u64, Duration>,
    /// Set while the system has no resources for another connection.
    out_of_resources: bool,
}

impl Connections {
    /// Returns a table for at most `most` simultaneous connections.
    pub(super) fn new(most: usize) -> Connections {
        Connections {
            most,
            flights: BTreeMap::new(),
            due: BTreeSet::new(),
            next_id: 0,
            slowest: BTreeMap::new(),
            out_of_resources: false,
        }
    }

    /// Whether no further connection may start now.
    pub(super) fn is_full(&self) -> bool {
        self.out_of_resources || self.flights.len() >= self.most
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }

    /// When the next connection is given up.
    pub(super) fn first_due(&self) -> Option<Instant> {
        self.due.first().map(|d| d.0)
    }

    /// Records a connection that starts at `now` and may take `wait`. Returns its id.
    pub(super) fn start(
        &mut self,
        now: Instant,
        wait: Duration,
        (index, canary): (u64, Option<u16>),
        (is_discovery, window): (bool, u64),
    ) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        let due = now + wait.max(MIN_WAIT);
        let flight = Flight {
            index,
            canary,
            is_discovery,
            window,
            started: now,
            due,
        };
        self.flights.insert(id, flight);
        self.due.insert((due, id));
        id
    }

    /// Removes a connection that ended.
    pub(super) fn end(&mut self, id: u64) -> Option<Flight> {
        let flight = self.flights.remove(&id)?;
        self.due.remove(&(flight.due, id));
        self.out_of_resources = false;
        Some(flight)
    }

    /// Removes and returns a connection whose time is over at `now`, or any connection if `all` is set.
    pub(super) fn expired(&mut self, now: Instant, all: bool) -> Option<u64> {
        let (due, id) = *self.due.first()?;
        if due > now && !all {
            return None;
        }
        self.end(id);
        Some(id)
    }

    /// The system refused another connection. The engine waits for one to end; the probe is tried again in its next
    /// round.
    pub(super) fn out_of_resources(&mut self) {
        self.out_of_resources = !self.flights.is_empty();
    }

    /// Marks every connection as due: their results are no longer needed.
    pub(super) fn give_up_all(&mut self) {
        let at_once = |(_, id): &(Instant, u64)| (Instant::ZERO, *id);
        self.due = self.due.iter().map(at_once).collect();
        self.flights
            .values_mut()
            .for_each(|f| f.due = Instant::ZERO);
    }

    /// Forgets how slow the hosts of the window were.
    pub(super) fn next_window(&mut self) {
        self.give_up_all();
        self.slowest.clear();
    }

    /// Records that `host` answered after `rtt`.
    pub(super) fn answered(&mut self, host: u64, rtt: Duration) {
        let slowest = self.slowest.entry(host).or_default();
        *slowest = rtt.max(*slowest);
    }

    /// Longest time in which `host` has answered.
    pub(super) fn slowest(&self, host: u64) -> Option<Duration> {
        self.slowest.get(&host).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::from_millis(ms)
    }

    fn start(connections: &mut Connections, ms: u64, wait: u64) -> u64 {
        connections.start(at(ms), Duration::from_millis(wait), (0, None), (false, 0))
    }

    #[test]
    fn connections_end_when_their_time_is_over() {
        let mut connections = Connections::new(2);
        let (slow, quick) = (
            start(&mut connections, 1, 500),
            start(&mut connections, 2, 1),
        );
        assert!(connections.is_full());
        // No connection is given up before the shortest wait.
        assert_eq!(connections.first_due(), Some(at(2) + MIN_WAIT));
        assert_eq!(connections.expired(at(50), false), None);
        assert_eq!(connections.expired(at(200), false), Some(quick));
        assert!(!connections.is_full());
        connections.give_up_all();
        assert_eq!(connections.expired(at(200), false), Some(slow));
        assert!(connections.is_empty());
    }

    #[test]
    fn without_resources_one_must_end_first() {
        let mut connections = Connections::new(10);
        connections.out_of_resources();
        assert!(!connections.is_full(), "nothing in flight could end");
        let id = start(&mut connections, 1, 500);
        connections.out_of_resources();
        assert!(connections.is_full());
        assert!(connections.end(id).is_some());
        assert!(!connections.is_full());
    }
}
