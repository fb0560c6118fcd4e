//! The UDP phase: requests to all ports that may answer, then proofs that the silent ports are closed.
//!
//! ```text
//! requests in the ports' own protocols -> requests that fit any port -> probing in step with each limiter -> last
//! requests
//! ```
//!
//! No host limits the answers of its programs, so requests come first and find open ports within seconds. A closed
//! port is reported by an ICMP error, and most hosts limit those ([`crate::rate_limit`]). What is left when the budget
//! ends is reported as unproven, with what a random sample ([`crate::rate_limit::sample`]) says about it. A host that
//! does not limit its errors is probed first, and only its silent ports get the requests that fit any port.
//!
//! This folder must not know how frames travel or how results are shown.

mod answers;
pub(crate) mod frame;
mod requests;
mod send;
mod state;
mod steps;
mod summary;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use crate::cookie::Cookies;
use crate::egress::Egress;
use crate::engine::Transmit;
use crate::event::EndReason;
use crate::finding::{PortState, Reason, ServiceMatch};
use crate::host_table::HostTable;
use crate::plan::{Budget, NextHop, Plan, UdpSpec};
use crate::sweep::{Next, Sweep};
use crate::time::Instant;
use vigie_detect::payload::Detail;

use crate::rate_limit::{HostProber, ProbeAttempt, Settings, host};
pub use frame::Quoted;
use requests::RequestTable;
pub(crate) use state::UdpState;

/// Requests per second to each host on this machine's links, and to all of them. Too few answers come back to measure
/// the capacity. A neighbour sustains this rate, because each port gets only a few small datagrams.
const REQUEST_RATE: (f64, f64) = (25_000.0, 200_000.0);
/// Requests per second to each host behind a router, and to all of them: harmless to any present network.
const REQUEST_RATE_ROUTED: (f64, f64) = (4_000.0, 20_000.0);
/// Maximum number of tries for requests in a port's own protocols, and for requests that fit any port.
const OWN_TRIES: u8 = 4;
const GENERIC_TRIES: u8 = 2;
/// Maximum number of frames that one attempt sends from all source addresses.
pub(crate) const MAX_AT_ONCE: u64 = 1_024;

/// Maximum number of requests to a host with these UDP ports.
pub(crate) fn max_requests(ports: &[u16]) -> u64 {
    let own = RequestTable::own(ports).len() * u64::from(OWN_TRIES);
    // Hosts that are probed first may get requests again once it is known that they do not limit errors.
    own + RequestTable::generic(ports).len() * 2 * u64::from(GENERIC_TRIES)
}

/// Share of ports reported as closed, at the rate of requests, from which on a host counts as not limiting its errors.
const UNLIMITED_SHARE: f64 = 0.6;
/// Minimum number of ports for that judgement.
const MIN_PORTS_TO_JUDGE: u64 = 16;
/// Maximum probing rate in probes per second, to one host and to all.
const PROBING_RATE: f64 = 50_000.0;
const MAX_PROBING_RATE: f64 = 200_000.0;
/// Time after the end of the budget in which attempts in flight are settled.
const CLOSING: Duration = Duration::from_secs(10);
/// Maximum number of frames waiting to be written.
const OUTBOX: usize = 256;

/// The parts of the scan that the phase uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub plan: &'a Plan,
    pub egresses: &'a [Egress],
    pub cookies: &'a Cookies,
}

/// Everything known about a port that is open or filtered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UdpAnswer {
    pub state: PortState,
    pub reason: Reason,
    pub from: Option<IpAddr>,
    pub ttl: Option<u8>,
    pub rtt: Option<Duration>,
    pub tries: u8,
    pub service: Option<ServiceMatch>,
    /// What the service says about itself.
    pub detail: Option<Box<Detail>>,
}

/// Requests being sent to some hosts, and the step that follows.
#[derive(Clone, Debug)]
struct RequestSweep {
    sweep: Sweep,
    set: RequestSet,
    hosts: Vec<u32>,
    then: NextStep,
}

#[derive(Clone, Debug)]
enum Phase {
    Request(Box<RequestSweep>),
    Probe {
        /// When the budget ends (`closing`), and when the wait for the last answers ends.
        closing: Instant,
        end: Instant,
    },
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RequestSet {
    Own,
    Generic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NextStep {
    Generic,
    Probe,
    End,
}

/// The UDP phase.
#[derive(Clone, Debug)]
pub(crate) struct UdpScan {
    settings: Settings,
    own: RequestTable,
    generic: RequestTable,
    /// The hosts of this run's shard: every `of`-th host of the table, from `first` on.
    hosts: Vec<HostProber>,
    first: u64,
    of: u64,
    phase: Phase,
    found: BTreeMap<(u32, u32), UdpAnswer>,
    /// Ports whose answers fit no known protocol. They are reported once no better answer can come.
    unrecognised: BTreeSet<(u32, u32)>,
    /// Whether no better answer can come any more.
    unrecognised_ready: bool,
    /// More source addresses besides the routes' own.
    sources: Vec<IpAddr>,
    outbox: VecDeque<(u32, ProbeAttempt)>,
    ready: BTreeSet<(Instant, u32, u8)>,
    next_any: Instant,
    gap: Duration,
    until: (Instant, EndReason),
    ended: EndReason,
    rtt: Option<Duration>,
    /// Loss rate of the path, measured by the requests.
    loss: f64,
    pub(crate) sent: u64,
    pub(crate) answered: u64,
    pub(crate) duplicates: u64,
    now: Instant,
}

impl UdpScan {
    /// Starts the phase for `host_table`, to be done by `until`; `rtt` is a first round-trip time, if one is known.
    pub(crate) fn new(
        context: &Context<'_>,
        udp: &UdpSpec,
        host_table: &HostTable,
        until: (Instant, EndReason),
        rtt: Option<Duration>,
        now: Instant,
    ) -> UdpScan {
        let plan = context.plan;
        let ports: Vec<u16> = udp.ports.iter().map(|(_, port)| port).collect();
        let mut index = alloc::vec![u32::MAX; 1 << 16];
        for (i, port) in ports.iter().enumerate() {
            index[usize::from(*port)] = i as u32;
        }
        let own = RequestTable::own(&ports);
        let useful = (0..ports.len() as u32).filter(|p| !own.of(*p).is_empty());
        let host_rate = plan.spec.budget.max_host_rate.unwrap_or(PROBING_RATE);
        let settings = Settings {
            useful: useful.collect(),
            index,
            controls: udp.controls.then_some(host::FIRST_HIGH_PORT..=u16::MAX),
            miss: 1.0 - plan.spec.budget.confidence,
            most: plan
                .spec
                .budget
                .max_rate
                .map_or(host_rate, |m| m.min(host_rate)),
            seed: plan.spec.seed,
            spread: 0.0,
            ports,
        };
        let (first, of) = (
            u64::from(plan.spec.shard.number - 1),
            u64::from(plan.spec.shard.of),
        );
        let channels = 1 + udp.sources.len();
        let hosts: Vec<HostProber> = (0..host_table.len())
            .filter(|i| i % of == first)
            .map(|i| HostProber::new(&settings, i, channels, now))
            .collect();
        let all = plan.spec.budget.max_rate.unwrap_or(MAX_PROBING_RATE);
        let mut scan = UdpScan {
            generic: RequestTable::generic(&settings.ports),
            own,
            hosts,
            first,
            of,
            phase: Phase::Over,
            found: BTreeMap::new(),
            unrecognised: BTreeSet::new(),
            unrecognised_ready: false,
            sources: udp.sources.clone(),
            outbox: VecDeque::new(),
            ready: BTreeSet::new(),
            next_any: now,
            gap: Duration::from_secs_f64(1.0 / all),
            until,
            ended: EndReason::Complete,
            rtt,
            loss: 0.1,
            sent: 0,
            answered: 0,
            duplicates: 0,
            now,
            settings,
        };
        let every = (0..scan.hosts.len() as u32).collect();
        scan.begin_requests(context, RequestSet::Own, every, NextStep::Generic);
        scan
    }

    /// Writes the next frame that is due into `slot`.
    pub(crate) fn poll_transmit(
        &mut self,
        context: &Context<'_>,
        host_table: &HostTable,
        now: Instant,
        slot: &mut [u8],
    ) -> Option<Transmit> {
        self.now = now;
        loop {
            if let Some((host, send)) = self.outbox.pop_front() {
                self.sent += 1;
                match self.write_attempt(context, host_table, host, send, slot) {
                    None => continue,
                    sent => return sent,
                }
            }
            match &mut self.phase {
                Phase::Over => return None,
                Phase::Request(running) => match running.sweep.next(now) {
                    Next::Wait(_) => return None,
                    Next::Done(ended) => self.next_phase(context, now, ended),
                    Next::Canary(_) => {}
                    Next::Probe { index, tries } => {
                        if let Some(sent) =
                            self.write_request(context, host_table, index, tries, slot)
                        {
                            return Some(sent);
                        }
                    }
                },
                Phase::Probe { .. } => {
                    if !self.fill(context, now) {
                        return None;
                    }
                }
            }
        }
    }

    /// Lets the host whose turn it is queue its probes. Returns whether there was anything to do.
    fn fill(&mut self, context: &Context<'_>, now: Instant) -> bool {
        let Phase::Probe { closing, end } = self.phase else {
            return false;
        };
        if now >= end {
            let ended = if end == self.until.0 {
                self.until.1
            } else {
                EndReason::Budget
            };
            self.ended = ended;
            self.next_phase(context, now, ended);
            return true;
        }
        if self.ready.is_empty() {
            self.next_phase(context, now, EndReason::Complete);
            return true;
        }
        if self.next_any > now {
            return false;
        }
        let Some(&(due, host, channel)) = self.ready.first().filter(|r| r.0 <= now) else {
            return false;
        };
        self.ready.remove(&(due, host, channel));
        let mut out = Vec::new();
        let state = &mut self.hosts[host as usize];
        let again = state.attempt(
            now,
            channel,
            now >= closing,
            self.loss,
            &self.settings,
            &mut out,
        );
        if let Some(again) = again {
            self.ready.insert((again, host, channel));
        }
        if self.next_any + Duration::from_millis(2) < now {
            self.next_any = now;
        }
        self.next_any += self.gap.saturating_mul(out.len() as u32);
        debug_assert!(self.outbox.len() < OUTBOX, "one host's turn at a time");
        self.outbox.extend(out.into_iter().map(|send| (host, send)));
        true
    }

    /// Returns the number in the host table of the host at `host`.
    fn number(&self, host: u32) -> u64 {
        self.first + u64::from(host) * self.of
    }

    /// Returns the index of host `number` in `hosts`; `None` if another shard has it.
    fn place(&self, number: u64) -> Option<u32> {
        let place = number.checked_sub(self.first)?;
        (place.is_multiple_of(self.of) && place / self.of < self.hosts.len() as u64)
            .then_some((place / self.of) as u32)
    }

    /// Returns a port of host `number` that should report that it is closed, if any of its ports answered, and the
    /// time to live of an answer. An open port would answer only its own protocol.
    pub(crate) fn answering(&self, number: u64) -> Option<(u16, Option<u8>)> {
        let place = self.place(number)?;
        let closed = self.hosts[place as usize].closed();
        let mut found = self.found.range((place, 0)..=(place, u32::MAX));
        let answered = found.find(|(_, found)| found.from.is_none());
        let ttl = answered.and_then(|(_, found)| found.ttl);
        let port = closed.or(answered.map(|_| host::FIRST_HIGH_PORT))?;
        Some((port, ttl))
    }

    /// Lets time pass.
    pub(crate) fn on_timeout(&mut self, now: Instant) {
        self.now = now;
        if let Phase::Request(running) = &mut self.phase {
            running.sweep.on_timeout(now);
        }
    }

    /// When the phase must be polled again.
    pub(crate) fn wake(&mut self, now: Instant) -> Instant {
        if !self.outbox.is_empty() {
            return now;
        }
        match &mut self.phase {
            Phase::Over => now,
            Phase::Request(running) => {
                let sweep = &mut running.sweep;
                let next = sweep.wake(now);
                sweep.deadline().map_or(next, |d| d.min(next))
            }
            Phase::Probe { end, .. } => {
                let ready = self.ready.first().map_or(now, |r| r.0);
                ready.max(self.next_any).min(*end)
            }
        }
    }

    /// Ends the phase now.
    pub(crate) fn stop(&mut self, context: &Context<'_>, now: Instant, why: EndReason) {
        self.outbox.clear();
        self.next_phase(context, now, why);
        self.phase = Phase::Over;
        self.ended = why;
    }

    /// Why the phase ended, once it has.
    pub(crate) fn ended(&self) -> Option<EndReason> {
        (matches!(self.phase, Phase::Over) && self.outbox.is_empty()).then_some(self.ended)
    }
}

/// Requests per second to `hosts` hosts, where too few answers come back to measure a rate.
pub(crate) fn request_rate(egresses: &[Egress], budget: &Budget, hosts: u64) -> f64 {
    let routed = |egress: &Egress| matches!(egress.route.hop, NextHop::Gateway(_));
    let (each, all) = if egresses.iter().any(routed) {
        REQUEST_RATE_ROUTED
    } else {
        REQUEST_RATE
    };
    budget_rate(budget, (each * hosts.max(1) as f64).min(all))
}

/// `rate` within what the user allows.
fn budget_rate(budget: &Budget, rate: f64) -> f64 {
    let rate = budget.min_rate.map_or(rate, |min| rate.max(min));
    budget.max_rate.map_or(rate, |max| rate.min(max))
}
