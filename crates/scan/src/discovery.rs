//! Looking for hosts: which probes each gets, and what an answer means.
//!
//! On a link with hardware addresses the question is ARP or neighbour
//! discovery, which nobody on the link can refuse. Elsewhere an echo request, a
//! SYN to 443, an ACK to 80 and a timestamp request, as nmap's users expect.
//! This file must not know ports to be scanned.

use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_packet::MacAddr;

use crate::event::RoundsEnd;
use crate::finding::{Host, HostFinding, HostState, Reason};
use crate::lane::Lane;
use crate::ledger::Known;
use crate::pace::Caps;
use crate::probe::Kind;
use crate::roster::{Roster, Up};
use crate::rtt;
use crate::sweep::{Bounds, Sweep, Worth};
use crate::target::TargetSet;
use crate::time::Instant;

/// What a routed host is asked, in this order: kind and port.
const ROUTED: [(Kind, u16); 4] = [
    (Kind::ECHO, 0),
    (Kind::SYN, 443),
    (Kind::ACK, 80),
    (Kind::TIMESTAMP, 0),
];

/// The most questions a second for hardware addresses: every one is a broadcast that each machine of the link must hear.
const NEIGHBOUR_RATE: f64 = 5_000.0;
/// A neighbour answers within this, or is asleep.
const NEIGHBOUR_WAIT: Duration = Duration::from_millis(200);
/// A host behind routers answers within this, mostly.
const ROUTED_WAIT: Duration = Duration::from_millis(500);
const MAX_TRIES: u8 = 4;
/// A missed host costs all its ports: but a dead one is waited for, and most addresses are dead.
const MISS: f64 = 1e-3;

/// Which probes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// Everything that may bring an answer.
    All,
    /// Only for hardware addresses; hosts that need none are up.
    Addresses,
}

/// A search for hosts.
#[derive(Clone, Debug)]
pub(crate) struct HostSweep {
    pub(crate) sweep: Sweep,
    pub(crate) roster: Roster,
    columns: u64,
    up: Vec<Up>,
}

impl HostSweep {
    /// A search for `targets`. Hosts that need no question are up at once.
    pub(crate) fn new(
        targets: TargetSet,
        lanes: &[Lane],
        asking: Asking,
        seed: u64,
        mut caps: Caps,
        until: Instant,
    ) -> HostSweep {
        let routed = |route: u32| {
            lanes
                .get(route as usize)
                .is_some_and(|l| !l.on_link() && !l.route.local)
        };
        let any_routed =
            asking == Asking::All && targets.segments().iter().any(|s| routed(s.route));
        let columns = if any_routed { ROUTED.len() as u64 } else { 1 };
        if !any_routed {
            caps.max = Some(caps.max.map_or(NEIGHBOUR_RATE, |m| m.min(NEIGHBOUR_RATE)));
        }
        let (first_wait, patience) = if any_routed {
            (ROUTED_WAIT, rtt::INITIAL)
        } else {
            (NEIGHBOUR_WAIT, NEIGHBOUR_WAIT)
        };
        let bounds = Bounds {
            caps,
            max_tries: MAX_TRIES,
            miss: MISS,
            until: (until, RoundsEnd::MaxTime),
            first_wait,
            patience,
        };
        let mut search = HostSweep {
            sweep: Sweep::new(targets.len() * columns, seed, bounds, None),
            roster: Roster::all(targets),
            columns,
            up: Vec::new(),
        };
        search.settle_the_certain(lanes, asking);
        search
    }

    /// Takes out what is not asked, and hosts that are up without asking.
    fn settle_the_certain(&mut self, lanes: &[Lane], asking: Asking) {
        for i in 0..self.roster.len() {
            let (host, route, _) = self.roster.at(i);
            let lane = &lanes[route as usize];
            let certain = lane.route.local || (asking == Asking::Addresses && !lane.on_link());
            if certain {
                let reason = if lane.route.local {
                    Reason::LocalhostResponse
                } else {
                    Reason::UserSet
                };
                let found = HostFinding {
                    host,
                    state: HostState::Up,
                    reason,
                    rtt: None,
                    mac: None,
                    ttl: None,
                };
                self.up.push(Up {
                    target: i,
                    mac: MacAddr::ZERO,
                    found,
                });
            }
            for column in 0..self.columns {
                if certain || question(lane, column).is_none() {
                    self.sweep.skip(i * self.columns + column);
                }
            }
        }
    }

    /// What probe `index` is: host, route, kind and port.
    pub(crate) fn probe(&self, index: u64, lanes: &[Lane]) -> Option<(Host, u32, Kind, u16)> {
        let (host, route, _) = self.roster.at(index / self.columns);
        let (kind, port) = question(&lanes[route as usize], index % self.columns)?;
        Some((host, route, kind, port))
    }

    /// The probe that an answer of `kind` from `ip` and `port`, seen on `link`, would answer.
    pub(crate) fn index_of(
        &self,
        ip: IpAddr,
        link: u32,
        kind: Kind,
        port: u16,
        lanes: &[Lane],
    ) -> Option<u64> {
        let i = self.roster.index_of(ip, link)?;
        let (_, route, _) = self.roster.at(i);
        let fits = |(k, p): (Kind, u16)| k == kind && p == port;
        let column =
            (0..self.columns).find(|c| question(&lanes[route as usize], *c).is_some_and(fits))?;
        Some(i * self.columns + column)
    }

    /// Probe `index` was answered: the host is up. What was found, if that is news.
    pub(crate) fn answered(
        &mut self,
        now: Instant,
        index: u64,
        reason: Reason,
        ttl: Option<u8>,
        mac: Option<MacAddr>,
    ) -> Option<HostFinding> {
        let Worth::First { rtt, .. } = self.sweep.answered(now, index, Known::Positive) else {
            return None;
        };
        let i = index / self.columns;
        let (host, _, _) = self.roster.at(i);
        // One answer is enough: the host's other questions are taken back.
        let others = (0..self.columns)
            .map(|c| i * self.columns + c)
            .filter(|x| *x != index);
        let mut known_already = false;
        for other in others {
            match self.sweep.known(other) {
                Known::Nothing => self.sweep.skip(other),
                Known::Positive => known_already = true,
                _ => {}
            }
        }
        if known_already {
            return None;
        }
        let found = HostFinding {
            host,
            state: HostState::Up,
            reason,
            rtt,
            mac,
            ttl,
        };
        self.up.push(Up {
            target: i,
            mac: mac.unwrap_or(MacAddr::ZERO),
            found,
        });
        Some(found)
    }

    /// The hosts found.
    pub(crate) fn into_up(self) -> Vec<Up> {
        self.up
    }

    /// The hosts found so far.
    pub(crate) fn up(&self) -> &[Up] {
        &self.up
    }
}

fn question(lane: &Lane, column: u64) -> Option<(Kind, u16)> {
    if lane.on_link() {
        return (column == 0).then_some((Kind::NEIGHBOUR, 0));
    }
    let asked = ROUTED.get(column as usize).copied()?;
    // IPv6 has no timestamp request.
    let timestamp = asked.0 == Kind::TIMESTAMP;
    (!(timestamp && lane.route.source.is_ipv6())).then_some(asked)
}
