//! The engine: frames, connection results and time in; frames, connections and events out.
//!
//! # Contract
//! The engine performs no I/O. A driver calls, in this order and again and again:
//! 1. [`Scan::on_packet`] (or [`Scan::on_connect_result`]) for everything that arrived,
//! 2. [`Scan::on_timeout`],
//! 3. [`Scan::poll_transmit`] (or [`Scan::poll_connect`] and [`Scan::poll_cancel`]) until it returns `None`,
//! 4. [`Scan::poll_event`] until it returns `None`,
//!
//! then sleeps until [`Scan::poll_timeout`] or the next arrival. [`Scan::is_over`] says when to leave the loop.
//!
//! # Structure
//! A [`Scan`] is a shared core and the phase that is running. The phases are in `phases/`, one file each; a scan by
//! connections runs two phases of its own and shares the rest. Every phase implements one trait (`phase`), and no code
//! outside that trait depends on which phase is running. [`crate::sweep`] decides rounds and rates;
//! [`crate::probe`] defines what a probe looks like.
//!
//! `--host-timeout` ends all hosts at the same time: the random order scans every host all the time.

mod connections;
mod core;
mod phase;
mod phases;
mod resume;
mod udp_sockets;
mod workers;

use ::core::ops::RangeInclusive;
use ::core::time::Duration;

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, LinkType};

use self::core::Core;
use connections::Arrived;
pub use connections::{ConnectOutcome, ConnectRequest, DISCOVERY_PORTS};
use phase::{AnyPhase, Phase, Poll};
use phases::begin_window;
pub(crate) use phases::connect_discovery::MAX_TRIES as CONNECT_DISCOVERY_TRIES;
use phases::over::Over;
use phases::router_resolution::RouterResolution;

use crate::event::{EndReason, Event, Progress};
use crate::plan::{Plan, Route};
pub use crate::results::KernelDrops;
use crate::results::Step;
use crate::sweep::Sweep;
use crate::time::Instant;
pub use crate::udp::Quoted;

/// Size of a slot for any probe except UDP requests, in bytes.
const SLOT: usize = 128;

/// Where a frame came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// Interface index.
    pub link: u32,
    /// Header that the frame begins with.
    pub kind: LinkType,
}

/// A frame in the slot, ready to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// Length in bytes.
    pub len: usize,
    /// Index of the interface to send it on.
    pub link: u32,
    /// What the frame is sent for.
    pub purpose: Purpose,
}

/// What a frame is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To learn whether a host is up, or its hardware address.
    Host,
    /// To learn the state of a port.
    Port,
    /// To measure the path, or to find its routers. Reveals nothing new about a host or a port.
    Path,
}

/// A running scan.
#[derive(Debug)]
pub struct Scan {
    core: Core,
    phase: AnyPhase,
}

impl Scan {
    /// Starts a scan of `plan` at `now`.
    ///
    /// # Errors
    /// If a probe does not fit a route of the plan (address families mixed): the caller's mistake.
    pub fn new(plan: Plan, now: Instant) -> Result<Scan, WriteError> {
        let mut core = Core::new(plan, now)?;
        let phase = if core.is_by_connections() {
            begin_window(&mut core, now)
        } else {
            RouterResolution::begin(&mut core, now)
        };
        Ok(Scan { core, phase })
    }

    /// Ends the running phase and begins the next one.
    fn advance(&mut self, now: Instant, ended: EndReason) {
        let phase = ::core::mem::replace(&mut self.phase, AnyPhase::Over(Over));
        self.phase = phase.finish(&mut self.core, now, ended);
    }

    /// Takes a frame that arrived at `now`.
    pub fn on_packet(&mut self, now: Instant, from: Ingress, frame: &[u8]) {
        let reply = match Frame::parse(from.kind, frame) {
            Ok(frame) => self.phase.on_packet(&mut self.core, now, from, &frame),
            Err(_) => None,
        };
        self.core.results.stray += u64::from(reply.is_none());
    }

    /// Takes the result of connection `id`; `rtt` is the round-trip time that the kernel measured, if any.
    pub fn on_connect_result(
        &mut self,
        now: Instant,
        id: u64,
        outcome: ConnectOutcome,
        rtt: Option<Duration>,
    ) {
        let Some(flight) = self.core.connections.end(id) else {
            return;
        };
        if flight.window != self.core.window {
            return;
        }
        if outcome == ConnectOutcome::NoResources {
            self.core.connections.out_of_resources();
            return;
        }
        let arrived = Arrived {
            flight,
            outcome,
            rtt,
        };
        self.phase.on_connection(&mut self.core, now, arrived);
    }

    /// Lets time pass.
    pub fn on_timeout(&mut self, now: Instant) {
        self.phase.on_timeout(now);
    }

    /// Writes the next frame that is due into `slot`, which has at least [`Scan::slot_len`] bytes.
    #[inline]
    pub fn poll_transmit(&mut self, now: Instant, slot: &mut [u8]) -> Option<Transmit> {
        loop {
            match self.phase.poll_transmit(&mut self.core, now, slot) {
                Poll::Send(sent) => return Some(sent),
                Poll::Wait => return None,
                Poll::Done(ended) => self.advance(now, ended),
            }
        }
    }

    /// Returns the next connection to make, if one is due and fewer are in flight than the plan allows.
    pub fn poll_connect(&mut self, now: Instant) -> Option<ConnectRequest> {
        loop {
            if self.core.connections.is_full() {
                return None;
            }
            match self.phase.poll_connect(&mut self.core, now) {
                Poll::Send(start) => return Some(start),
                Poll::Wait => return None,
                Poll::Done(ended) => self.advance(now, ended),
            }
        }
    }

    /// Returns a connection to give up, if the time of one is over.
    pub fn poll_cancel(&mut self, now: Instant) -> Option<u64> {
        let all = self.phase.is_summary();
        self.core.connections.expired(now, all)
    }

    /// Size that the slots for this scan's frames need, in bytes.
    pub fn slot_len(&self) -> usize {
        match self.core.plan.spec.udp {
            Some(_) => crate::udp::frame::MAX_LEN.max(SLOT),
            None => SLOT,
        }
    }

    /// Returns the next event. `None` does not mean that there will be no more: see [`Scan::is_over`].
    pub fn poll_event(&mut self, now: Instant) -> Option<Event> {
        if self.core.results.events.is_empty()
            && self.phase.poll_summary(&mut self.core) == Step::Done
        {
            let window = self.core.window;
            self.advance(now, EndReason::Complete);
            if self.core.window != window {
                // Shows the caller where the events of one window end.
                return None;
            }
        }
        self.core.results.events.pop_front()
    }

    /// When the scan must be polled next; `None` once it is over.
    pub fn poll_timeout(&mut self, now: Instant) -> Option<Instant> {
        self.phase.wake(&self.core, now)
    }

    /// Reports the kernel's own counts of dropped frames.
    pub fn on_kernel_drops(&mut self, drops: KernelDrops) {
        self.core.results.kernel = drops;
    }

    /// Stops the scan: sends nothing more and reports the results so far.
    pub fn stop(&mut self, now: Instant, why: EndReason) {
        if let Some(ended) = self.phase.stop(&mut self.core, now, why) {
            self.advance(now, ended);
        }
    }

    /// Whether everything is known and only events remain. No checkpoint should be written any more: it would hold less
    /// than the one before.
    pub fn is_summarizing(&self) -> bool {
        self.phase.is_summary()
    }

    /// Whether the scan is over: everything is reported, and no connection is in flight.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, AnyPhase::Over(_))
            && self.core.results.events.is_empty()
            && self.core.connections.is_empty()
    }

    /// The routes in use.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.core.egresses.iter().map(|e| &e.route)
    }

    /// First source port of the probes.
    pub fn source_port(&self) -> u16 {
        self.core.plan.local.source_port
    }

    /// All source ports of the probes: the tries of a SYN rotate through them.
    pub fn source_ports(&self) -> RangeInclusive<u16> {
        let local = &self.core.plan.local;
        local.source_ports_from(local.source_port)
    }

    /// When the scan began.
    pub fn started(&self) -> Instant {
        self.core.started
    }

    /// Current window of the hosts, from 0.
    pub fn window(&self) -> u64 {
        self.core.window
    }

    /// How far the scan is.
    pub fn progress(&self) -> Progress {
        let (window, windows) = (self.core.window, self.core.plan.windows());
        let within = self.phase.progress(&self.core);
        let after = windows - 1 - window.min(windows - 1);
        // The other windows have about as many probes as this one.
        let probes = self.phase.port_sweep().map_or(0, Sweep::len);
        let each = probes as f64 / within.rate.max(1.0);
        let rest = Duration::try_from_secs_f64(each * after as f64).unwrap_or(Duration::ZERO);
        Progress {
            done: (window as f64 + within.done) / windows as f64,
            eta: within.eta.map(|eta| eta.saturating_add(rest)),
            ..within
        }
    }
}
