//! Probes the UDP ports. The results of the other ports wait for the summary.
//!
//! [`crate::udp`] decides what is sent and what a reply means.

use alloc::boxed::Box;

use vigie_wire::frame::Frame;

use super::traceroute::TraceRoutes;
use super::{is_stopped, summary};
use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase, PhaseState, Poll};
use crate::engine::{Ingress, Transmit};
use crate::event::{EndReason, Progress};
use crate::host_table::HostTable;
use crate::sweep::Partitions;
use crate::time::Instant;
use crate::udp::{Context, UdpScan};

/// The UDP ports of one window.
#[derive(Debug)]
pub(in crate::engine) struct UdpPorts {
    scan: UdpScan,
    hosts: HostTable,
    sweep: Partitions,
    /// Why the port sweep ended.
    ended: EndReason,
}

impl UdpPorts {
    /// Probes the UDP ports of `hosts`; without any, continues with the routes. `sweep` knows the other ports.
    pub(in crate::engine) fn begin(
        core: &mut Core,
        now: Instant,
        sweep: Partitions,
        hosts: HostTable,
        ended: EndReason,
    ) -> AnyPhase {
        let rtt = sweep.smoothed().or(core.first_rtt);
        let until = core.plan.spec.budget.end_of_hosts(now, core.deadline);
        let Some(udp) = core.plan.spec.udp.clone() else {
            return trace_or_report(core, now, (sweep, hosts, ended), None);
        };
        let resumed = core.udp_resumed.take();
        let (context, results) = core.udp_context();
        let mut scan = UdpScan::new(&context, &udp, &hosts, until, rtt, now);
        if let Some(state) = resumed
            && !scan.resume(&context, &hosts, results, now, *state)
        {
            // The state belongs to another plan: start again.
            scan = UdpScan::new(&context, &udp, &hosts, until, rtt, now);
        }
        let stopped = is_stopped(ended);
        if stopped {
            scan.stop(&context, now, ended);
        }
        let phase = UdpPorts {
            scan,
            hosts,
            sweep,
            ended,
        };
        if stopped {
            return phase.finish(core, now, ended);
        }
        AnyPhase::UdpPorts(Box::new(phase))
    }
}

impl Phase for UdpPorts {
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        let (context, results) = core.udp_context();
        self.scan
            .on_packet(&context, &self.hosts, results, now, from, frame)
    }

    fn on_timeout(&mut self, now: Instant) {
        self.scan.on_timeout(now);
    }

    fn poll_transmit(&mut self, core: &mut Core, now: Instant, slot: &mut [u8]) -> Poll<Transmit> {
        let (context, results) = core.udp_context();
        let sent = self.scan.poll_transmit(&context, &self.hosts, now, slot);
        self.scan.report_unrecognised(&self.hosts, results);
        match (sent, self.scan.ended()) {
            (Some(sent), _) => Poll::Send(sent),
            (None, Some(ended)) => Poll::Done(ended),
            (None, None) => Poll::Wait,
        }
    }

    fn wake(&mut self, _: &Core, now: Instant) -> Option<Instant> {
        Some(self.scan.wake(now))
    }

    fn stop(&mut self, core: &mut Core, now: Instant, why: EndReason) -> Option<EndReason> {
        let (context, results): (Context<'_>, _) = core.udp_context();
        self.scan.stop(&context, now, why);
        self.scan.report_unrecognised(&self.hosts, results);
        Some(why)
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        core.results.add_udp(&self.scan);
        let ended = if is_stopped(self.ended) {
            self.ended
        } else {
            ended
        };
        let rest = (self.sweep, self.hosts, ended);
        trace_or_report(core, now, rest, Some(Box::new(self.scan)))
    }

    fn progress(&self, core: &Core) -> Progress {
        self.scan.progress(core.results.open)
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        Some(PhaseState {
            sweeps: self.sweep.states(now),
            hosts: &self.hosts,
            udp: Some(&self.scan),
        })
    }
}

/// All ports are done. Traces the routes to their hosts if the user asked for it, then reports.
fn trace_or_report(
    core: &mut Core,
    now: Instant,
    (sweep, hosts, ended): (Partitions, HostTable, EndReason),
    udp: Option<Box<UdpScan>>,
) -> AnyPhase {
    if core.plan.spec.traceroute && !is_stopped(ended) {
        TraceRoutes::begin(core, now, (sweep, hosts, ended), udp)
    } else {
        summary::begin(core, now, (sweep, hosts, ended), udp)
    }
}
