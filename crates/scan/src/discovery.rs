//! Host discovery with packets: which probes each host gets, and what a reply means.
//!
//! On a link with hardware addresses the probe is ARP or neighbour discovery, which no host on the link can refuse.
//! Elsewhere the plan names the probes ([`crate::plan::DiscoveryProbe`]). One reply is enough. A router's error that
//! it cannot reach the host ends the probes too, unless a reply comes after all. This file must not know the ports to
//! scan.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::MacAddr;

use crate::egress::Egress;
use crate::event::EndReason;
use crate::finding::{HostFinding, HostState, Reason};
use crate::host_table::{HostTable, LiveHost};
use crate::ledger::Reply;
use crate::pace::Caps;
use crate::plan::DiscoveryProbe;
use crate::probe::Kind;
use crate::rtt;
use crate::sweep::{Bounds, Novelty, Sweep};
use crate::target::TargetSet;
use crate::time::Instant;
use vigie_scope::Host;

/// Maximum rate of neighbour resolution, in probes per second. Every probe is a broadcast that each machine on the
/// link receives; 5,000 of them are 2.5 Mbit/s.
const NEIGHBOUR_RATE: f64 = 5_000.0;
/// Rate that any link sustains. On a link with few hosts too few replies come back to measure the rate.
const NEIGHBOUR_FLOOR: f64 = 2_500.0;
/// First wait for a neighbour.
const NEIGHBOUR_WAIT: Duration = Duration::from_millis(200);
/// First wait for a host behind routers.
const ROUTED_WAIT: Duration = Duration::from_millis(500);
/// Maximum number of tries for a neighbour: it may be asleep.
const NEIGHBOUR_TRIES: u8 = DiscoveryProbe::MAX_TRIES;
/// Maximum number of tries for a host behind routers, which gets several probes at each try.
const ROUTED_TRIES: u8 = 3;
/// Accepted probability of missing a host. A missed host costs all its ports, but most addresses are unused, and every
/// try at them takes time.
const MISS: f64 = 1e-3;

/// Which probes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiscoveryMode {
    /// Every discovery probe.
    All,
    /// Only resolution of hardware addresses; hosts that need none are up.
    Addresses,
}

/// The discovery of a set of targets.
#[derive(Clone, Debug)]
pub(crate) struct HostSweep {
    pub(crate) sweep: Sweep,
    pub(crate) host_table: HostTable,
    columns: u64,
    /// Probes for hosts that are not on the link.
    probes: Vec<DiscoveryProbe>,
    up: Vec<LiveHost>,
    /// Hosts that a router cannot reach, by number, with the reason.
    down: BTreeMap<u64, Reason>,
}

impl HostSweep {
    /// Starts the discovery of `targets`. Hosts that need no probe are up at once.
    pub(crate) fn new(
        targets: TargetSet,
        egresses: &[Egress],
        mode: DiscoveryMode,
        probes: &[DiscoveryProbe],
        seed: u64,
        mut caps: Caps,
        until: Instant,
    ) -> HostSweep {
        let routed = |route: u32| {
            egresses
                .get(route as usize)
                .is_some_and(|l| !l.on_link() && !l.route.local)
        };
        let any_routed =
            mode == DiscoveryMode::All && targets.segments().iter().any(|s| routed(s.route));
        let columns = if any_routed {
            probes.len().max(1) as u64
        } else {
            1
        };
        caps.per_host = caps.per_host.map(|(most, _)| (most, columns));
        caps.declining_answers = columns > 1;
        if !any_routed {
            let most = caps.max.map_or(NEIGHBOUR_RATE, |m| m.min(NEIGHBOUR_RATE));
            caps.max = Some(most);
            caps.min = Some(caps.min.unwrap_or(NEIGHBOUR_FLOOR).min(most));
        }
        let (first_wait, patience, max_tries) = if any_routed {
            (ROUTED_WAIT, rtt::INITIAL, ROUTED_TRIES)
        } else {
            (NEIGHBOUR_WAIT, NEIGHBOUR_WAIT, NEIGHBOUR_TRIES)
        };
        let bounds = Bounds {
            caps,
            max_tries,
            miss: MISS,
            until: (until, EndReason::MaxTime),
            first_wait,
            patience,
            kernel_retries: false,
        };
        let mut search = HostSweep {
            sweep: Sweep::new(targets.len() * columns, seed, bounds, None),
            host_table: HostTable::all(targets),
            columns,
            probes: probes.to_vec(),
            up: Vec::new(),
            down: BTreeMap::new(),
        };
        search.skip_certain(egresses, mode);
        search
    }

    /// Skips the probes that are not needed, and adds the hosts that are up without a probe.
    fn skip_certain(&mut self, egresses: &[Egress], mode: DiscoveryMode) {
        for i in 0..self.host_table.len() {
            let (host, route, _) = self.host_table.at(i);
            let egress = &egresses[route as usize];
            let certain =
                egress.route.local || (mode == DiscoveryMode::Addresses && !egress.on_link());
            if certain {
                let reason = if egress.route.local {
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
                self.up.push(LiveHost {
                    target: i,
                    mac: MacAddr::ZERO,
                    found,
                    probe: None,
                });
            }
            for column in 0..self.columns {
                if certain || probe(&self.probes, egress, column).is_none() {
                    self.sweep.skip(i * self.columns + column);
                }
            }
        }
    }

    /// Returns host, route, kind and port of probe `index`.
    pub(crate) fn probe(&self, index: u64, egresses: &[Egress]) -> Option<(Host, u32, Kind, u16)> {
        let (host, route, _) = self.host_table.at(index / self.columns);
        let DiscoveryProbe { kind, port } = probe(
            &self.probes,
            &egresses[route as usize],
            index % self.columns,
        )?;
        Some((host, route, kind, port))
    }

    /// Returns the probe that a reply of `kind` from `ip` and `port`, seen on `link`, answers.
    pub(crate) fn index_of(
        &self,
        ip: IpAddr,
        link: u32,
        kind: Kind,
        port: u16,
        egresses: &[Egress],
    ) -> Option<u64> {
        let i = self.host_table.index_of(ip, link)?;
        let (_, route, _) = self.host_table.at(i);
        let egress = &egresses[route as usize];
        let wanted = Some(DiscoveryProbe::new(kind, port));
        let column = (0..self.columns).find(|c| probe(&self.probes, egress, *c) == wanted)?;
        Some(i * self.columns + column)
    }

    /// Records the reply to probe `index`: the host is up. Returns the finding if it is new.
    pub(crate) fn answered(
        &mut self,
        now: Instant,
        index: u64,
        reason: Reason,
        ttl: Option<u8>,
        mac: Option<MacAddr>,
    ) -> Option<HostFinding> {
        let i = index / self.columns;
        // ARP and neighbour discovery echo nothing that could distinguish a canary from a probe, so a neighbour cannot
        // be a canary.
        let reply = if mac.is_some() {
            Reply::Error
        } else {
            Reply::Positive
        };
        let rtt = match self.sweep.answered(now, index, reply) {
            Novelty::New { rtt, .. } => rtt,
            // The host answered after all, so the router was wrong.
            Novelty::Duplicate { .. } if self.down.contains_key(&i) => None,
            Novelty::Duplicate { .. } => return None,
        };
        self.down.remove(&i);
        let (host, _, _) = self.host_table.at(i);
        let probe = self.probes.get((index % self.columns) as usize).copied();
        let probe = probe.filter(|_| mac.is_none());
        // One reply is enough: skip the host's other probes.
        let others = (0..self.columns)
            .map(|c| i * self.columns + c)
            .filter(|x| *x != index);
        let mut known_already = false;
        for other in others {
            match self.sweep.reply(other) {
                Reply::None => self.sweep.skip(other),
                Reply::Positive => known_already = true,
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
        self.up.push(LiveHost {
            target: i,
            mac: mac.unwrap_or(MacAddr::ZERO),
            found,
            probe,
        });
        Some(found)
    }

    /// Records that a router cannot reach the host of probe `index`, and skips its other probes.
    pub(crate) fn unreachable(&mut self, index: u64, reason: Reason) {
        let i = index / self.columns;
        let columns = i * self.columns..(i + 1) * self.columns;
        if columns
            .clone()
            .any(|x| self.sweep.reply(x) == Reply::Positive)
        {
            return;
        }
        columns
            .filter(|x| self.sweep.reply(*x) == Reply::None)
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|x| self.sweep.skip(x));
        self.down.entry(i).or_insert(reason);
    }

    /// Whether probe `index` was sent. A reply without a cookie must at least answer a probe that was sent.
    pub(crate) fn was_probed(&self, index: u64) -> bool {
        self.sweep.tries(index) > 0
    }

    /// Hosts that a router cannot reach.
    pub(crate) fn down(&self) -> &BTreeMap<u64, Reason> {
        &self.down
    }

    /// Returns the hosts found.
    pub(crate) fn into_up(self) -> Vec<LiveHost> {
        self.up
    }

    /// The hosts found so far.
    pub(crate) fn up(&self) -> &[LiveHost] {
        &self.up
    }
}

fn probe(probes: &[DiscoveryProbe], egress: &Egress, column: u64) -> Option<DiscoveryProbe> {
    if egress.on_link() {
        return (column == 0).then_some(DiscoveryProbe::new(Kind::NEIGHBOUR, 0));
    }
    let wanted = probes.get(column as usize).copied()?;
    let fits = egress.route.source.is_ipv4() || !wanted.kind.is_v4_only();
    fits.then_some(wanted)
}
