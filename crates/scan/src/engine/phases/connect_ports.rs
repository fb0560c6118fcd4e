//! Probes TCP ports with connections that the kernel makes. Needs no privilege.
//!
//! The sweep and the findings are the same as with packets; only what is sent differs.

use core::time::Duration;

use super::{summary, wake_connections};
use crate::engine::connections::{Arrived, ConnectOutcome, ConnectRequest};
use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase, PhaseState, Poll};
use crate::event::{EndReason, Progress};
use crate::finding::{PortState, Reason};
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::pace::Caps;
use crate::rtt;
use crate::summary::Answer;
use crate::sweep::{Bounds, Next, Novelty, Sweep};
use crate::time::Instant;

/// Precision of the measured times in ns: the kernel reports results with some delay.
const RTT_RESOLUTION: u64 = 8_000_000;

/// The sweep of ports.
#[derive(Debug)]
pub(in crate::engine) struct ConnectPorts {
    sweep: Sweep,
    hosts: HostTable,
}

impl ConnectPorts {
    /// Probes the ports of `hosts`; `rtt` is the round-trip time that host discovery has measured.
    pub(in crate::engine) fn begin(
        core: &mut Core,
        now: Instant,
        hosts: HostTable,
        rtt: Option<Duration>,
    ) -> AnyPhase {
        let budget = &core.plan.spec.budget;
        let patience = hosts.patience(|route| core.is_local(route));
        let miss = 1.0 - budget.confidence;
        let mut bounds = bounds(core, budget.max_tries, miss, rtt::INITIAL, patience);
        bounds.until = budget.end_of_hosts(now, core.deadline);
        let probes = hosts.len() * core.port_count();
        let shard = core.plan.spec.shard;
        let mut sweep = Sweep::shard(probes, shard, core.window_seed(), bounds, rtt);
        core.inherit(&mut sweep, now);
        AnyPhase::ConnectPorts(ConnectPorts { sweep, hosts })
    }

    /// How long a connection to `host` may take: three times its slowest answer, or as long as discovery suggests.
    fn patience(&self, core: &Core, host: u64) -> Duration {
        match core.connections.slowest(host) {
            Some(rtt) => 3 * rtt,
            None => self.hosts.patience_for(host, |route| core.is_local(route)),
        }
    }
}

impl Phase for ConnectPorts {
    fn on_connection(&mut self, core: &mut Core, now: Instant, arrived: Arrived) {
        let Arrived {
            flight,
            outcome,
            rtt,
        } = arrived;
        if flight.is_discovery {
            // A connection of host discovery to a host that was found meanwhile.
            return;
        }
        let (ledger_reply, state, reason, from) = match outcome {
            ConnectOutcome::Connected => (Reply::Positive, PortState::Open, Reason::SynAck, None),
            ConnectOutcome::Refused => {
                let reason = Reason::ConnRefused;
                (Reply::Negative, PortState::Closed, reason, None)
            }
            ConnectOutcome::Unreachable { reason, from } => {
                (Reply::Error, PortState::Filtered, reason, from)
            }
            ConnectOutcome::TimedOut | ConnectOutcome::NoResources => return,
        };
        if let Some(canary) = flight.canary {
            self.sweep.canary_answered(now, canary, flight.index);
            return;
        }
        let Novelty::New { tries, .. } = self.sweep.answered(now, flight.index, ledger_reply)
        else {
            return;
        };
        let number = flight.index / core.port_count();
        let host = self.hosts.at(number).0;
        let took = rtt.unwrap_or_else(|| now.since(flight.started));
        let rtt = (!self.sweep.rtt().is_retransmission(took)).then_some(took);
        if let Some(rtt) = rtt {
            core.connections.answered(number, rtt);
        }
        let answer = Answer {
            index: flight.index,
            state,
            reason,
            from: from.filter(|f| *f != host.ip),
            ttl: None,
            rtt,
            tries,
        };
        core.results
            .add_answer(answer, ledger_reply, &self.hosts, &core.plan);
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
        let n = core.port_count();
        let patience = self.patience(core, index / n);
        let wait = self.sweep.rtt().last_wait().max(patience);
        let id = core
            .connections
            .start(now, wait, (index, canary), (false, core.window));
        let (host, route, _) = self.hosts.at(index / n);
        let source = core.plan.local.routes.get(route as usize).map(|r| r.source);
        Poll::Send(ConnectRequest {
            id,
            host,
            port: core.plan.spec.tcp_ports().at((index % n) as usize).1,
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
        summary::begin(core, now, (self.sweep.into(), self.hosts, ended), None)
    }

    fn progress(&self, core: &Core) -> Progress {
        self.sweep.progress(core.results.open, false)
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        Some(PhaseState {
            sweeps: [self.sweep.state(now)].into(),
            hosts: &self.hosts,
            udp: None,
        })
    }

    fn port_sweep(&self) -> Option<&Sweep> {
        Some(&self.sweep)
    }

    fn port_sweep_mut(&mut self) -> Option<&mut Sweep> {
        Some(&mut self.sweep)
    }
}

/// Limits of a sweep of connections.
pub(super) fn bounds(
    core: &Core,
    max_tries: u8,
    miss: f64,
    first_wait: Duration,
    patience: Duration,
) -> Bounds {
    Bounds {
        caps: Caps {
            rtt_resolution: RTT_RESOLUTION,
            declining_answers: false,
            ..core.caps()
        },
        max_tries,
        miss,
        until: (core.deadline, EndReason::MaxTime),
        first_wait,
        patience,
        kernel_retries: true,
    }
}
