//! The scan itself: frames and time in, frames and events out.
//!
//! ```text
//! gateways' addresses -> hosts -> ports -> UDP ports -> the ways there -> the summary -> over
//! ```
//!
//! The engine performs no I/O. Feed it with [`Scan::on_packet`] and
//! [`Scan::on_timeout`], then drain [`Scan::poll_transmit`] and
//! [`Scan::poll_event`]; sleep until [`Scan::poll_timeout`] or the next frame.
//! It must not know rounds or pace (that is [`crate::sweep`]) nor how a probe
//! looks (that is [`crate::probe`]).

mod answers;
mod parts;
mod resuming;
mod routes;
mod sending;
mod sockets;
mod stages;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::time::Duration;

use vigie_wire::WriteError;
use vigie_wire::frame::LinkType;

use crate::checkpoint;
use crate::cookie::Cookies;
use crate::discovery::HostSweep;
use crate::egress::Egress;
use crate::event::{EndReason, Event, Progress};
use crate::host_table::HostTable;
use crate::plan::{NextHop, Plan, Route};
use crate::probe::Kind;
use crate::rate_limit_probing::RateLimitProber;
pub use crate::results::KernelDrops;
use crate::results::{Results, Step, Summary};
use crate::rtt_coverage::RttCoverage;
use crate::summary::Answer;
use crate::sweep::{Next, Partitions, PathEstimates, Sweep};
use crate::time::Instant;
pub use crate::udp::Quoted;
use crate::udp::{Context, UdpScan, UdpState};
use routes::Routes;
use sending::Turned;

/// Where a frame came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// The interface, by index.
    pub link: u32,
    /// What the frame begins with.
    pub kind: LinkType,
}

/// A frame that stands in the slot, ready to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// Its length in bytes.
    pub len: usize,
    /// The interface to send it by.
    pub link: u32,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a frame is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To learn whether a host is there, or its hardware address.
    Host,
    /// To learn a port's state.
    Port,
    /// To learn what the path or the host bears, or who stands on it: nothing new about a host or a port.
    Path,
}

/// A scan that sends packets of its own making.
#[derive(Debug)]
pub struct Scan {
    plan: Plan,
    egresses: Vec<Egress>,
    cookies: Cookies,
    technique: Kind,
    stage: Stage,
    /// The index of each TCP port in the plan's list; `u32::MAX` for ports not asked for.
    port_index: Vec<u32>,
    results: Results,
    started: Instant,
    deadline: Instant,
    /// The round-trip time that the search for hosts has measured.
    first_rtt: Option<Duration>,
    /// What an earlier run knew, until the ports' turn comes.
    resumed: Option<checkpoint::Progress>,
    /// What it knew of the UDP ports, until their turn comes.
    udp_resumed: Option<Box<UdpState>>,
    /// What answers said that only their 4-tuple vouches for; see [`Scan::claim`].
    claims: Vec<Answer>,
    /// Whether other scans have parts of this one.
    is_partition: bool,
    /// Partitions that an earlier run had given to others, not given away yet.
    split_offs: Vec<Sweep>,
    /// Which hosts have answered, where nobody looked for them before.
    rtt_coverage: RttCoverage,
    /// Which window of the hosts is being scanned, from 0.
    window: u64,
    /// What the window before has learned of the paths.
    path_estimates: Option<Box<PathEstimates>>,
    /// Why no further window is begun, where the scan was stopped while it told of one.
    halt: Option<EndReason>,
}

#[derive(Debug)]
enum Stage {
    Gateways(HostSweep),
    Hosts(HostSweep),
    Ports {
        sweep: Sweep,
        host_table: HostTable,
    },
    /// A part that is done and waits for the others.
    Swept {
        sweep: Sweep,
        host_table: HostTable,
        ended: EndReason,
    },
    RateLimitProber(Box<ProofStage>),
    Udp(Box<UdpStage>),
    Routes(Box<Routes>),
    Summary(Box<Summary>),
    Over,
}

/// Hosts that limit their resets are asked again in step with them.
#[derive(Debug)]
struct ProofStage {
    proofs: Box<RateLimitProber>,
    host_table: HostTable,
    sweep: Partitions,
    ended: EndReason,
}

/// The UDP ports' turn; the TCP ports' results wait for the summary.
#[derive(Debug)]
struct UdpStage {
    scan: UdpScan,
    host_table: HostTable,
    sweep: Partitions,
    ended: EndReason,
}

/// Salt of a canary's cookie, which must differ from a probe's.
const CANARY: u32 = 1;

impl Scan {
    /// A scan of `plan` that begins at `now`.
    ///
    /// # Errors
    /// If a probe does not fit a route of the plan (families mixed): the caller's mistake.
    pub fn new(plan: Plan, now: Instant) -> Result<Scan, WriteError> {
        let mut egresses = Vec::with_capacity(plan.local.routes.len());
        // Connections are the kernel's: their engine is another one, and here they are SYNs.
        let technique = plan.spec.technique().kind().unwrap_or(Kind::SYN);
        for route in &plan.local.routes {
            let mut egress = Egress::new(route.clone(), plan.local.source_port)?;
            if let Some(flags) = plan.spec.tcp_flags() {
                egress = egress.with_flags(technique, flags, plan.local.source_port)?;
            }
            if let NextHop::Gateway(ip) = route.hop {
                let known = plan
                    .local
                    .neighbours
                    .iter()
                    .find(|n| n.link == route.link && n.ip == ip);
                egress.gateway = known.map(|n| n.mac);
            }
            egresses.push(egress);
        }
        let mut port_index = vec![u32::MAX; 1 << 16];
        for (i, (_, port)) in plan.spec.tcp_ports().iter().enumerate() {
            port_index[usize::from(port)] = i as u32;
        }
        let deadline = plan.spec.budget.max_time.map_or(Instant::FAR, |t| now + t);
        let mut scan = Scan {
            cookies: Cookies::new(plan.spec.seed),
            stage: Stage::Over,
            plan,
            egresses,
            technique,
            port_index,
            results: Results::new(now),
            started: now,
            deadline,
            first_rtt: None,
            resumed: None,
            udp_resumed: None,
            claims: Vec::new(),
            is_partition: false,
            split_offs: Vec::new(),
            rtt_coverage: RttCoverage::default(),
            window: 0,
            path_estimates: None,
            halt: None,
        };
        scan.look_for_gateways(now);
        Ok(scan)
    }

    /// Time has passed.
    pub fn on_timeout(&mut self, now: Instant) {
        match &mut self.stage {
            Stage::Gateways(search) | Stage::Hosts(search) => search.sweep.on_timeout(now),
            Stage::Ports { sweep, .. } => sweep.on_timeout(now),
            Stage::Udp(stage) => stage.scan.on_timeout(now),
            Stage::RateLimitProber(_)
            | Stage::Swept { .. }
            | Stage::Routes(_)
            | Stage::Summary(_)
            | Stage::Over => {}
        }
    }

    /// Writes the next frame into `slot`, if one is due now. A slot has at least [`Scan::slot_len`] bytes.
    #[inline]
    pub fn poll_transmit(&mut self, now: Instant, slot: &mut [u8]) -> Option<Transmit> {
        loop {
            let next = match &mut self.stage {
                Stage::Ports { sweep, .. } => sweep.next(now),
                Stage::Gateways(search) | Stage::Hosts(search) => search.sweep.next(now),
                Stage::Udp(_) => match self.poll_udp(now, slot) {
                    Ok(sent) => return sent,
                    Err(Turned) => continue,
                },
                Stage::Routes(_) => return self.next_hop(now, slot),
                Stage::RateLimitProber(_) => match self.poll_proofs(now, slot) {
                    Ok(sent) => return sent,
                    Err(Turned) => continue,
                },
                Stage::Swept { .. } | Stage::Summary(_) | Stage::Over => return None,
            };
            let sent = match next {
                Next::Wait(_) => return None,
                Next::Done(ended) => {
                    self.next_stage(now, ended);
                    continue;
                }
                Next::Probe { index, tries } => {
                    // To a listener the second of two quick tries from one port is one, a third is none.
                    self.write(index, 0, u16::from(tries.saturating_sub(1)) / 2, slot)
                }
                Next::Canary(canary) => {
                    let number = u32::from(canary.id) << 16 | CANARY;
                    self.write(canary.index, number, canary.id, slot)
                }
            };
            if sent.is_some() {
                return sent;
            }
        }
    }

    /// How long the slots for this scan's frames must be, in bytes.
    pub fn slot_len(&self) -> usize {
        if self.plan.spec.udp.is_some() {
            crate::udp::frame::LONGEST.max(128)
        } else {
            128
        }
    }

    /// What the scan has to say next. None does not mean that it has said all: see [`Scan::is_over`].
    pub fn poll_event(&mut self, now: Instant) -> Option<Event> {
        if self.results.events.is_empty()
            && let Stage::Summary(summary) = &mut self.stage
            && self.results.step(summary, &self.plan) == Step::Done
            && self.end_window(now)
        {
            // Whoever keeps the windows apart sees this between the events of two.
            return None;
        }
        self.results.events.pop_front()
    }

    /// When [`Scan::on_timeout`] or [`Scan::poll_transmit`] must be called next; none once the scan is over.
    pub fn poll_timeout(&mut self, now: Instant) -> Option<Instant> {
        let sweep = match &mut self.stage {
            Stage::Ports { sweep, .. } => sweep,
            Stage::Gateways(search) | Stage::Hosts(search) => &mut search.sweep,
            Stage::Udp(stage) => return Some(stage.scan.wake(now)),
            Stage::Routes(routes) if routes.trace.is_done() => return Some(now),
            Stage::Routes(routes) => return Some(routes.trace.wake(now).min(self.deadline)),
            Stage::RateLimitProber(stage) => return Some(stage.proofs.wake(now)),
            Stage::Summary(_) => return Some(now),
            Stage::Swept { .. } | Stage::Over => {
                return (!self.results.events.is_empty()).then_some(now);
            }
        };
        let next = sweep.wake(now);
        Some(sweep.deadline().map_or(next, |d| d.min(next)))
    }

    /// The kernel's own counts of what it dropped so far.
    pub fn on_kernel_drops(&mut self, drops: KernelDrops) {
        self.results.kernel = drops;
    }

    /// Ends the scan: nothing more is sent, what is known is told.
    pub fn stop(&mut self, now: Instant, why: EndReason) {
        match &mut self.stage {
            Stage::Ports { sweep, .. } => sweep.stop(now, why),
            Stage::Gateways(search) | Stage::Hosts(search) => search.sweep.stop(now, why),
            Stage::RateLimitProber(stage) => stage.proofs.stop(why),
            Stage::Udp(stage) => {
                let context = Context {
                    plan: &self.plan,
                    egresses: &self.egresses,
                    cookies: &self.cookies,
                };
                stage.scan.stop(&context, now, why);
                stage.scan.tell_odd(&stage.host_table, &mut self.results);
            }
            Stage::Routes(_) => return self.end_routes(now, why),
            Stage::Summary(_) => {
                self.halt = Some(why);
                return;
            }
            Stage::Swept { .. } | Stage::Over => return,
        }
        self.next_stage(now, why);
    }

    /// Whether all is known and being told of: a checkpoint would know less than the one before.
    pub fn is_summarizing(&self) -> bool {
        matches!(self.stage, Stage::Summary(_) | Stage::Over)
    }

    /// Whether everything is done and told.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over) && self.results.events.is_empty()
    }

    /// The routes in use.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.egresses.iter().map(|l| &l.route)
    }

    /// The port that its probes are sent from.
    pub fn source_port(&self) -> u16 {
        self.plan.local.source_port
    }

    /// All the ports that they are sent from: the tries of a SYN take turns.
    pub fn source_ports(&self) -> RangeInclusive<u16> {
        self.plan
            .local
            .source_ports_from(self.plan.local.source_port)
    }

    /// When the scan began.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Which window of the hosts is being scanned, from 0.
    pub fn window(&self) -> u64 {
        self.window
    }

    /// How far the scan is.
    pub fn progress(&self) -> Progress {
        let windows = self.plan.windows();
        let within = self.progress_within();
        let after = windows - 1 - self.window.min(windows - 1);
        // The other windows have as many probes as this one, about.
        let each = match &self.stage {
            Stage::Ports { sweep, .. } => sweep.len() as f64 / within.rate.max(1.0),
            _ => 0.0,
        };
        let rest = Duration::try_from_secs_f64(each * after as f64).unwrap_or(Duration::ZERO);
        Progress {
            done: (self.window as f64 + within.done) / windows as f64,
            eta: within.eta.map(|eta| eta.saturating_add(rest)),
            ..within
        }
    }

    fn progress_within(&self) -> Progress {
        let (sweep, discovering) = match &self.stage {
            Stage::Ports { sweep, .. } => (sweep, false),
            Stage::Gateways(search) | Stage::Hosts(search) => (&search.sweep, true),
            Stage::Udp(stage) => return stage.scan.progress(self.results.open),
            Stage::RateLimitProber(stage) => return stage.proofs.progress(self.results.open),
            Stage::Swept { sweep, .. } => {
                return Progress {
                    done: 1.0,
                    rate: 0.0,
                    ..sweep.progress(self.results.open, false)
                };
            }
            Stage::Routes(_) | Stage::Summary(_) | Stage::Over => {
                return Progress {
                    done: 1.0,
                    open: self.results.open,
                    ..Progress::default()
                };
            }
        };
        sweep.progress(self.results.open, discovering)
    }
}
