//! The interface of a phase, and the enum of all phases.
//!
//! A phase is called through [`Phase`]; [`AnyPhase`] holds whichever is running. Calls go through an enum, not through
//! a vtable, so that the path of a single packet stays inlined.

use alloc::boxed::Box;
use alloc::vec::Vec;

use vigie_wire::frame::Frame;

use super::connections::{Arrived, ConnectRequest};
use super::core::Core;
use super::phases::connect_discovery::ConnectDiscovery;
use super::phases::connect_ports::ConnectPorts;
use super::phases::host_discovery::HostDiscovery;
use super::phases::over::Over;
use super::phases::partition_wait::PartitionWait;
use super::phases::ports::Ports;
use super::phases::rate_limit::RateLimitProbing;
use super::phases::router_resolution::RouterResolution;
use super::phases::summary::Summary;
use super::phases::traceroute::TraceRoutes;
use super::phases::udp_ports::UdpPorts;
use super::{Ingress, Transmit};
use crate::event::{EndReason, Progress};
use crate::host_table::HostTable;
use crate::results::Step;
use crate::sweep::{Sweep, SweepState};
use crate::time::Instant;
use crate::udp::UdpScan;

/// What a phase has to send.
#[derive(Debug)]
pub(super) enum Poll<T> {
    /// This is due now.
    Send(T),
    /// Nothing is due now.
    Wait,
    /// The phase is over, for this reason.
    Done(EndReason),
}

/// What a checkpoint stores of a phase whose ports are known.
#[derive(Debug)]
pub(super) struct PhaseState<'a> {
    /// One for each partition of the port sweep.
    pub(super) sweeps: Vec<SweepState>,
    pub(super) hosts: &'a HostTable,
    pub(super) udp: Option<&'a UdpScan>,
}

/// One phase of a scan.
///
/// Order of calls: the engine polls the running phase until it returns [`Poll::Done`] (or the scan is stopped), then
/// calls [`Phase::finish`], which returns the next phase.
pub(super) trait Phase: Sized {
    /// Interprets a frame; `None` if it is no reply to a probe of this phase. A phase that expects no frames ignores
    /// them.
    fn on_packet(&mut self, _: &mut Core, _now: Instant, _: Ingress, _: &Frame<'_>) -> Option<()> {
        Some(())
    }

    /// Interprets the result of a connection.
    fn on_connection(&mut self, _: &mut Core, _now: Instant, _: Arrived) {}

    /// Lets time pass.
    fn on_timeout(&mut self, _now: Instant) {}

    /// Writes the next frame that is due into `slot`.
    fn poll_transmit(&mut self, _: &mut Core, _now: Instant, _slot: &mut [u8]) -> Poll<Transmit> {
        Poll::Wait
    }

    /// Returns the next connection to make.
    fn poll_connect(&mut self, _: &mut Core, _now: Instant) -> Poll<ConnectRequest> {
        Poll::Wait
    }

    /// Appends the next events to the results.
    fn poll_summary(&mut self, _: &mut Core) -> Step {
        Step::More
    }

    /// When the phase must be polled again; `None` if only events remain.
    fn wake(&mut self, core: &Core, now: Instant) -> Option<Instant>;

    /// Ends the phase early. Returns why it ended, or `None` if the phase goes on regardless.
    fn stop(&mut self, core: &mut Core, now: Instant, why: EndReason) -> Option<EndReason>;

    /// Consumes the phase and returns the next one.
    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase;

    /// How far the phase is.
    fn progress(&self, core: &Core) -> Progress {
        Progress {
            done: 1.0,
            open: core.results.open,
            ..Progress::default()
        }
    }

    /// What a checkpoint stores; `None` while no port was probed.
    fn state(&self, _now: Instant) -> Option<PhaseState<'_>> {
        None
    }

    /// The sweep of ports, while this phase runs one.
    fn port_sweep(&self) -> Option<&Sweep> {
        None
    }

    /// The sweep of ports, mutable.
    fn port_sweep_mut(&mut self) -> Option<&mut Sweep> {
        None
    }

    /// Whether everything is known and only events remain.
    fn is_summary(&self) -> bool {
        false
    }
}

/// The phase that is running.
#[derive(Debug)]
pub(super) enum AnyPhase {
    RouterResolution(RouterResolution),
    HostDiscovery(HostDiscovery),
    Ports(Ports),
    PartitionWait(PartitionWait),
    RateLimitProbing(Box<RateLimitProbing>),
    UdpPorts(Box<UdpPorts>),
    TraceRoutes(Box<TraceRoutes>),
    ConnectDiscovery(ConnectDiscovery),
    ConnectPorts(ConnectPorts),
    Summary(Box<Summary>),
    Over(Over),
}

/// Calls a method of whichever phase is running.
macro_rules! each {
    ($any:expr, $phase:ident => $call:expr) => {
        match $any {
            AnyPhase::Ports($phase) => $call,
            AnyPhase::RouterResolution($phase) => $call,
            AnyPhase::HostDiscovery($phase) => $call,
            AnyPhase::PartitionWait($phase) => $call,
            AnyPhase::RateLimitProbing($phase) => $call,
            AnyPhase::UdpPorts($phase) => $call,
            AnyPhase::TraceRoutes($phase) => $call,
            AnyPhase::ConnectDiscovery($phase) => $call,
            AnyPhase::ConnectPorts($phase) => $call,
            AnyPhase::Summary($phase) => $call,
            AnyPhase::Over($phase) => $call,
        }
    };
}

impl Phase for AnyPhase {
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        each!(self, phase => phase.on_packet(core, now, from, frame))
    }

    fn on_connection(&mut self, core: &mut Core, now: Instant, arrived: Arrived) {
        each!(self, phase => phase.on_connection(core, now, arrived));
    }

    fn on_timeout(&mut self, now: Instant) {
        each!(self, phase => phase.on_timeout(now));
    }

    #[inline]
    fn poll_transmit(&mut self, core: &mut Core, now: Instant, slot: &mut [u8]) -> Poll<Transmit> {
        each!(self, phase => phase.poll_transmit(core, now, slot))
    }

    fn poll_connect(&mut self, core: &mut Core, now: Instant) -> Poll<ConnectRequest> {
        each!(self, phase => phase.poll_connect(core, now))
    }

    fn poll_summary(&mut self, core: &mut Core) -> Step {
        each!(self, phase => phase.poll_summary(core))
    }

    fn wake(&mut self, core: &Core, now: Instant) -> Option<Instant> {
        each!(self, phase => phase.wake(core, now))
    }

    fn stop(&mut self, core: &mut Core, now: Instant, why: EndReason) -> Option<EndReason> {
        each!(self, phase => phase.stop(core, now, why))
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        each!(self, phase => phase.finish(core, now, ended))
    }

    fn progress(&self, core: &Core) -> Progress {
        each!(self, phase => phase.progress(core))
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        each!(self, phase => phase.state(now))
    }

    fn port_sweep(&self) -> Option<&Sweep> {
        each!(self, phase => phase.port_sweep())
    }

    fn port_sweep_mut(&mut self) -> Option<&mut Sweep> {
        each!(self, phase => phase.port_sweep_mut())
    }

    fn is_summary(&self) -> bool {
        each!(self, phase => phase.is_summary())
    }
}
