//! Discovers hosts with connections to [`DISCOVERY_PORTS`]: a host that accepts or refuses one is up.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::time::Duration;

use vigie_wire::MacAddr;

use super::connect_ports::{ConnectPorts, bounds};
use super::over::Over;
use super::{is_stopped, wake_connections};
use crate::engine::connections::{Arrived, ConnectOutcome, ConnectRequest, DISCOVERY_PORTS};
use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase, Poll};
use crate::event::{EndReason, Progress};
use crate::finding::{HostFinding, HostState, Reason};
use crate::host_table::{HostTable, LiveHost};
use crate::ledger::Reply;
use crate::rtt;
use crate::sweep::{Next, Novelty, Sweep};
use crate::target::TargetSet;
use crate::time::Instant;

/// First wait for a connection to a host that may not exist.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Maximum number of tries for each discovery port.
pub(crate) const MAX_TRIES: u8 = 2;
/// Accepted probability of missing a host.
const MISS: f64 = 1e-2;
const COLUMNS: u64 = DISCOVERY_PORTS.len() as u64;

/// Discovery of the hosts of one window.
#[derive(Debug)]
pub(in crate::engine) struct ConnectDiscovery {
    sweep: Sweep,
    targets: TargetSet,
    up: Vec<LiveHost>,
}

impl ConnectDiscovery {
    /// Discovers the hosts of the current window.
    pub(super) fn begin(core: &mut Core) -> AnyPhase {
        let targets = core.plan.window(core.window);
        let mut bounds = bounds(core, MAX_TRIES, MISS, FIRST_WAIT, rtt::INITIAL);
        bounds.caps.per_host = bounds.caps.per_host.map(|(most, _)| (most, COLUMNS));
        let mut phase = ConnectDiscovery {
            sweep: Sweep::new(targets.len() * COLUMNS, core.plan.spec.seed, bounds, None),
            up: Vec::new(),
            targets,
        };
        for i in 0..phase.targets.len() {
            let (host, route) = phase.targets.at(i);
            if core.is_local(route) {
                (0..COLUMNS).for_each(|c| phase.sweep.skip(i * COLUMNS + c));
                let found = HostFinding {
                    host,
                    state: HostState::Up,
                    reason: Reason::LocalhostResponse,
                    rtt: None,
                    mac: None,
                    ttl: None,
                };
                phase.add(core, i, found);
            }
        }
        AnyPhase::ConnectDiscovery(phase)
    }

    fn add(&mut self, core: &mut Core, target: u64, found: HostFinding) {
        self.up.push(LiveHost {
            target,
            mac: MacAddr::ZERO,
            found,
            probe: None,
        });
        core.results.host_up(found);
    }
}

impl Phase for ConnectDiscovery {
    fn on_connection(&mut self, core: &mut Core, now: Instant, arrived: Arrived) {
        let Arrived {
            flight,
            outcome,
            rtt,
        } = arrived;
        if !flight.is_discovery {
            return;
        }
        let reason = match outcome {
            ConnectOutcome::Connected => Reason::SynAck,
            ConnectOutcome::Refused => Reason::ConnRefused,
            // A router or the link reported an error; the host itself has not answered.
            _ => return,
        };
        if let Some(canary) = flight.canary {
            self.sweep.canary_answered(now, canary, flight.index);
            return;
        }
        let target = flight.index / COLUMNS;
        let answered = self.sweep.answered(now, flight.index, Reply::Positive);
        let is_new = matches!(answered, Novelty::New { .. });
        if !is_new || self.up.iter().any(|u| u.target == target) {
            return;
        }
        (target * COLUMNS..(target + 1) * COLUMNS)
            .filter(|x| *x != flight.index)
            .for_each(|x| self.sweep.skip(x));
        let found = HostFinding {
            host: self.targets.at(target).0,
            state: HostState::Up,
            reason,
            rtt: rtt.or(Some(now.since(flight.started))),
            mac: None,
            ttl: None,
        };
        self.add(core, target, found);
    }

    fn on_timeout(&mut self, now: Instant) {
        self.sweep.on_timeout(now);
    }

    fn poll_connect(&mut self, core: &mut Core, now: Instant) -> Poll<ConnectRequest> {
        let (index, canary) = match self.sweep.next(now) {
            Next::Wait(_) => return Poll::Wait,
            Next::Done(ended) => return Poll::Done(ended),
            Next::Probe { index, .. } => (index, None),
            Next::Canary(canary) => (canary.index, Some(canary.id)),
        };
        let wait = self.sweep.rtt().last_wait().max(rtt::INITIAL);
        let id = core
            .connections
            .start(now, wait, (index, canary), (true, core.window));
        let (host, route) = self.targets.at(index / COLUMNS);
        let source = core.plan.local.routes.get(route as usize).map(|r| r.source);
        Poll::Send(ConnectRequest {
            id,
            host,
            port: DISCOVERY_PORTS[(index % COLUMNS) as usize],
            source,
        })
    }

    fn wake(&mut self, core: &Core, now: Instant) -> Option<Instant> {
        Some(wake_connections(core, &mut self.sweep, now))
    }

    fn stop(&mut self, _: &mut Core, now: Instant, why: EndReason) -> Option<EndReason> {
        self.sweep.stop(now, why);
        Some(why)
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        core.results.add(self.sweep.counts());
        let numbers: Vec<u64> = self.up.iter().map(|u| u.target).collect();
        let stopped = is_stopped(ended);
        core.results.missing(
            &self.targets,
            &numbers,
            &BTreeMap::new(),
            stopped,
            &core.plan,
        );
        // The results of connections still in flight are no longer needed.
        core.connections.give_up_all();
        if stopped || core.is_last_window() && self.up.is_empty() {
            core.close(now, ended);
            return AnyPhase::Over(Over);
        }
        let rtt = self.sweep.rtt().smoothed();
        ConnectPorts::begin(core, now, HostTable::only(self.targets, self.up), rtt)
    }

    fn progress(&self, core: &Core) -> Progress {
        self.sweep.progress(core.results.open, true)
    }
}
