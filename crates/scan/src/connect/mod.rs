//! The connect scan: the kernel makes whole connections, nobody needs privileges.
//!
//! The same sweep, the same findings as the packet engine; only what is sent
//! differs: this machine says what to connect to and when to give up, and is
//! told what came of it. It performs no I/O and must not know sockets.
//!
//! Hosts are looked for by connections to [`DISCOVERY_PORTS`] ports: whoever accepts or
//! refuses one is there.

mod keep;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::MacAddr;

use crate::event::{EndReason, Event, Progress};
use crate::finding::{HostFinding, HostState, PortState, Reason};
use crate::host_table::{HostTable, LiveHost};
use crate::ledger::Reply;
use crate::pace::Caps;
use crate::plan::{Discovery, Plan};
use crate::results::{Results, Step, Summary};
use crate::rtt;
use crate::summary::{Answer, DefaultVerdicts};
use crate::sweep::{Bounds, Next, Novelty, PathEstimates, Sweep};
use crate::target::TargetSet;
use crate::time::Instant;
use vigie_scope::Host;

/// The ports that a host is looked for with.
pub const DISCOVERY_PORTS: [u16; 3] = [443, 80, 22];
/// A connection to a host that may not be there is waited for this long at first.
const HOST_WAIT: Duration = Duration::from_millis(500);
pub(crate) const HOST_TRIES: u8 = 2;
/// The kernel tells of an end when it comes round to it: times are no finer than this, in ns.
const NOISE: u64 = 8_000_000;
/// A connection is never given up sooner: the kernel's own work takes a while on a busy machine.
const LEAST_WAIT: Duration = Duration::from_millis(100);

/// A connection to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectRequest {
    /// Its number, to be given back with the result.
    pub id: u64,
    /// Whom to connect to.
    pub host: Host,
    /// Which port.
    pub port: u16,
    /// The address to connect from; none where the kernel chooses.
    pub source: Option<IpAddr>,
}

/// What came of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectOutcome {
    /// It was made.
    Connected,
    /// It was refused by a reset.
    Refused,
    /// An ICMP error ended it.
    Unreachable {
        /// The error's meaning.
        reason: Reason,
        /// Who sent it, where that is known.
        from: Option<IpAddr>,
    },
    /// Nothing came, and the kernel has given up: silence.
    TimedOut,
    /// The local system had no socket or port left: it counts as not tried.
    NoResources,
}

/// A scan by connections.
#[derive(Debug)]
pub struct ConnectScan {
    plan: Plan,
    stage: Stage,
    results: Results,
    /// Connections on their way, by number: since when, and until when they are waited for.
    flying: BTreeMap<u64, Flight>,
    /// The same by the moment they are given up.
    due: BTreeSet<(Instant, u64)>,
    next_id: u64,
    deadline: Instant,
    /// The longest that a host has taken to answer, by its number: connections to others of its ports wait
    /// accordingly. One entry for each host that answered.
    slowest: BTreeMap<u64, Duration>,
    /// Set while the system has no room for another connection.
    full: bool,
    /// Which window of the hosts is being scanned, from 0.
    window: u64,
    /// What the window before has learned of the paths.
    path_estimates: Option<Box<PathEstimates>>,
    /// Why no further window is begun, where the scan was stopped while it told of one.
    halt: Option<EndReason>,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    index: u64,
    canary: Option<u16>,
    /// Whether it looks for a host: its index is then one of that search.
    knock: bool,
    /// In which window it was begun.
    window: u64,
    started: Instant,
    due: Instant,
}

#[derive(Debug)]
enum Stage {
    Hosts {
        sweep: Sweep,
        targets: TargetSet,
        up: Vec<LiveHost>,
    },
    Ports {
        sweep: Sweep,
        host_table: HostTable,
    },
    Summary(Box<Summary>),
    Over,
}

impl ConnectScan {
    /// A connect scan of `plan` that begins at `now`.
    pub fn new(plan: Plan, now: Instant) -> ConnectScan {
        let deadline = plan.spec.budget.max_time.map_or(Instant::FAR, |t| now + t);
        let mut scan = ConnectScan {
            stage: Stage::Over,
            results: Results::new(now),
            flying: BTreeMap::new(),
            due: BTreeSet::new(),
            next_id: 0,
            deadline,
            slowest: BTreeMap::new(),
            full: false,
            window: 0,
            path_estimates: None,
            halt: None,
            plan,
        };
        scan.begin_window(now);
        scan
    }

    fn begin_window(&mut self, now: Instant) {
        match self.plan.spec.discovery {
            Discovery::Ask => self.look_for_hosts(),
            Discovery::AssumeUp => {
                let targets = self.plan.window(self.window);
                self.results.hosts_up += targets.len();
                self.scan_ports(now, HostTable::all(targets), None);
            }
        }
    }

    fn bounds(&self, max_tries: u8, miss: f64, first_wait: Duration, patience: Duration) -> Bounds {
        let ports = self.plan.spec.tcp_ports().len() as u64;
        let caps = Caps {
            per_host: self
                .plan
                .spec
                .budget
                .max_host_rate
                .map(|most| (most, ports)),
            max: self.plan.spec.budget.max_rate,
            min: self.plan.spec.budget.min_rate,
            rtt_resolution: NOISE,
            declining_answers: false,
        };
        Bounds {
            caps,
            max_tries,
            miss,
            until: (self.deadline, EndReason::MaxTime),
            first_wait,
            patience,
            kernel_retries: true,
        }
    }

    fn look_for_hosts(&mut self) {
        let targets = self.plan.window(self.window);
        let columns = DISCOVERY_PORTS.len() as u64;
        let mut bounds = self.bounds(HOST_TRIES, 1e-2, HOST_WAIT, rtt::INITIAL);
        bounds.caps.per_host = bounds.caps.per_host.map(|(most, _)| (most, columns));
        let mut sweep = Sweep::new(targets.len() * columns, self.plan.spec.seed, bounds, None);
        let mut up = Vec::new();
        for (i, (host, route)) in targets.iter().enumerate() {
            if self
                .plan
                .local
                .routes
                .get(route as usize)
                .is_some_and(|r| r.local)
            {
                let reason = Reason::LocalhostResponse;
                let found = HostFinding {
                    host,
                    state: HostState::Up,
                    reason,
                    rtt: None,
                    mac: None,
                    ttl: None,
                };
                up.push(LiveHost {
                    target: i as u64,
                    mac: MacAddr::ZERO,
                    found,
                    probe: None,
                });
                (0..columns).for_each(|c| sweep.skip(i as u64 * columns + c));
                self.results.up(found);
            }
        }
        self.stage = Stage::Hosts { sweep, targets, up };
    }

    fn scan_ports(&mut self, now: Instant, host_table: HostTable, rtt: Option<Duration>) {
        let budget = &self.plan.spec.budget;
        let patience = host_table.patience(|route| self.is_local(route));
        let miss = 1.0 - budget.confidence;
        let mut bounds = self.bounds(budget.max_tries, miss, rtt::INITIAL, patience);
        bounds.until = budget.end_of_hosts(now, self.deadline);
        let n = host_table.len() * self.plan.spec.tcp_ports().len() as u64;
        let seed = self.plan.spec.seed ^ self.window.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut sweep = Sweep::shard(n, self.plan.spec.shard, seed, bounds, rtt);
        if let Some(path_estimates) = self.path_estimates.take() {
            sweep.apply_estimates(now, &path_estimates);
        }
        self.stage = Stage::Ports { sweep, host_table };
    }

    fn is_local(&self, route: u32) -> bool {
        let route = self.plan.local.routes.get(route as usize);
        route.is_some_and(|route| route.local)
    }

    fn sweep(&mut self) -> Option<&mut Sweep> {
        match &mut self.stage {
            Stage::Hosts { sweep, .. } | Stage::Ports { sweep, .. } => Some(sweep),
            Stage::Summary(_) | Stage::Over => None,
        }
    }

    /// The next connection to make, if one is due and fewer are on their way than the plan allows.
    pub fn poll_connect(&mut self, now: Instant) -> Option<ConnectRequest> {
        loop {
            if self.flying.len() >= self.plan.spec.budget.max_connections || self.full {
                return None;
            }
            let (index, canary) = match self.sweep()?.next(now) {
                Next::Wait(_) => return None,
                Next::Probe { index, .. } => (index, None),
                Next::Canary(canary) => (canary.index, Some(canary.id)),
                Next::Done(ended) => {
                    self.next_stage(now, ended);
                    continue;
                }
            };
            return Some(self.start(now, index, canary));
        }
    }

    fn start(&mut self, now: Instant, index: u64, canary: Option<u16>) -> ConnectRequest {
        let patience = match &self.stage {
            Stage::Ports { host_table, .. } => {
                let host = index / self.plan.spec.tcp_ports().len() as u64;
                let known = self.slowest.get(&host).map(|rtt| 3 * *rtt);
                known.unwrap_or_else(|| host_table.patience_for(host, |route| self.is_local(route)))
            }
            _ => rtt::INITIAL,
        };
        let wait = self
            .sweep()
            .map_or(HOST_WAIT, |s| s.rtt().last_wait())
            .max(patience)
            .max(LEAST_WAIT);
        let id = self.next_id;
        self.next_id += 1;
        let due = now + wait;
        self.flying.insert(
            id,
            Flight {
                index,
                canary,
                knock: matches!(self.stage, Stage::Hosts { .. }),
                window: self.window,
                started: now,
                due,
            },
        );
        self.due.insert((due, id));
        let (host, route, port) = self.place(index);
        let source = self.plan.local.routes.get(route as usize).map(|r| r.source);
        ConnectRequest {
            id,
            host,
            port,
            source,
        }
    }

    fn place(&self, index: u64) -> (Host, u32, u16) {
        if let Stage::Ports { host_table, .. } = &self.stage {
            let n = self.plan.spec.tcp_ports().len() as u64;
            let (host, route, _) = host_table.at(index / n);
            (
                host,
                route,
                self.plan.spec.tcp_ports().at((index % n) as usize).1,
            )
        } else {
            let columns = DISCOVERY_PORTS.len() as u64;
            let targets = match &self.stage {
                Stage::Hosts { targets, .. } => targets,
                _ => &self.plan.local.targets,
            };
            let (host, route) = targets.at(index / columns);
            (host, route, DISCOVERY_PORTS[(index % columns) as usize])
        }
    }

    /// A connection to give up, if one has had its time.
    pub fn poll_cancel(&mut self, now: Instant) -> Option<u64> {
        let (due, id) = *self.due.first()?;
        if due > now && !matches!(self.stage, Stage::Summary(_) | Stage::Over) {
            return None;
        }
        self.land(id);
        Some(id)
    }

    fn land(&mut self, id: u64) -> Option<Flight> {
        let flight = self.flying.remove(&id)?;
        self.due.remove(&(flight.due, id));
        self.full = false;
        Some(flight)
    }

    /// Connection `id` came to its end; `rtt` is how long the kernel needed, where it was measured.
    pub fn on_connect_result(
        &mut self,
        now: Instant,
        id: u64,
        outcome: ConnectOutcome,
        rtt: Option<Duration>,
    ) {
        let Some(flight) = self.land(id) else { return };
        if flight.knock != matches!(self.stage, Stage::Hosts { .. }) || flight.window != self.window
        {
            // It knocked for a host that was found meanwhile, or in a window that is over.
            return;
        }
        let (reply, state, reason, from) = match outcome {
            ConnectOutcome::Connected => (Reply::Positive, PortState::Open, Reason::SynAck, None),
            ConnectOutcome::Refused => (
                Reply::Negative,
                PortState::Closed,
                Reason::ConnRefused,
                None,
            ),
            ConnectOutcome::Unreachable { reason, from } => {
                (Reply::Error, PortState::Filtered, reason, from)
            }
            ConnectOutcome::TimedOut => return,
            ConnectOutcome::NoResources => {
                // Wait for another to end before trying again; the round that comes back finds it unknown.
                self.full = !self.flying.is_empty();
                return;
            }
        };
        if let Some(canary) = flight.canary {
            if let Some(sweep) = self.sweep() {
                sweep.canary_answered(now, canary, flight.index);
            }
            return;
        }
        let (host, _, _) = self.place(flight.index);
        match &mut self.stage {
            Stage::Ports { sweep, host_table } => {
                if let Novelty::New { tries, .. } = sweep.answered(now, flight.index, reply) {
                    let from = from.filter(|f| *f != host.ip);
                    let took = rtt.unwrap_or_else(|| now.since(flight.started));
                    let rtt = (!sweep.rtt().is_retransmission(took)).then_some(took);
                    let number = flight.index / self.plan.spec.tcp_ports().len() as u64;
                    if let Some(rtt) = rtt {
                        let slowest = self.slowest.entry(number).or_default();
                        *slowest = rtt.max(*slowest);
                    }
                    let kept = Answer {
                        index: flight.index,
                        state,
                        reason,
                        from,
                        ttl: None,
                        rtt,
                        tries,
                    };
                    self.results.keep(kept, reply, host_table, &self.plan);
                }
            }
            Stage::Hosts { sweep, up, .. } => {
                if reply == Reply::Error {
                    // A router speaks, or the link: the host itself has said nothing.
                    return;
                }
                let columns = DISCOVERY_PORTS.len() as u64;
                let i = flight.index / columns;
                if matches!(
                    sweep.answered(now, flight.index, Reply::Positive),
                    Novelty::New { .. }
                ) && !up.iter().any(|u| u.target == i)
                {
                    (i * columns..(i + 1) * columns)
                        .filter(|x| *x != flight.index)
                        .for_each(|x| sweep.skip(x));
                    let rtt = rtt.or(Some(now.since(flight.started)));
                    let found = HostFinding {
                        host,
                        state: HostState::Up,
                        reason,
                        rtt,
                        mac: None,
                        ttl: None,
                    };
                    up.push(LiveHost {
                        target: i,
                        mac: MacAddr::ZERO,
                        found,
                        probe: None,
                    });
                    self.results.up(found);
                }
            }
            Stage::Summary(_) | Stage::Over => {}
        }
    }

    fn next_stage(&mut self, now: Instant, ended: EndReason) {
        let stopped = matches!(ended, EndReason::Interrupted | EndReason::MaxTime);
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Hosts { sweep, targets, up } => {
                self.results.add(sweep.counts());
                let numbers: Vec<u64> = up.iter().map(|u| u.target).collect();
                self.results
                    .missing(&targets, &numbers, &BTreeMap::new(), stopped, &self.plan);
                // What is still on its way knocks at a door that nobody waits behind.
                self.give_up_flights();
                let last = self.window + 1 >= self.plan.windows();
                if stopped || last && up.is_empty() {
                    self.results.close(None, ended, &self.plan, now);
                } else {
                    let rtt = sweep.rtt().smoothed();
                    self.scan_ports(now, HostTable::only(targets, up), rtt);
                }
            }
            Stage::Ports { sweep, host_table } => {
                let defaults = DefaultVerdicts {
                    silent: PortState::Filtered,
                    unproven: PortState::ClosedFiltered,
                    miss: 1.0 - self.plan.spec.budget.confidence,
                    negative: (PortState::Closed, Reason::ConnRefused),
                };
                let summary =
                    self.results
                        .tell(sweep.into(), host_table, ended, defaults, &self.plan, now);
                self.stage = Stage::Summary(Box::new(summary));
            }
            other => self.stage = other,
        }
    }

    fn give_up_flights(&mut self) {
        let at_once = |(_, id): &(Instant, u64)| (Instant::ZERO, *id);
        self.due = self.due.iter().map(at_once).collect();
        self.flying.values_mut().for_each(|f| f.due = Instant::ZERO);
    }

    /// All of a window is told: begins the next one, or closes the scan. Whether another one follows.
    fn end_window(&mut self, now: Instant) -> bool {
        let summary = match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Summary(summary) => summary,
            other => {
                self.stage = other;
                return false;
            }
        };
        let (parts, ended) = summary.into_parts();
        let last = self.window + 1 >= self.plan.windows();
        let ended = match self.halt {
            Some(halt) if !last => halt.worse(ended),
            _ if !last && now >= self.deadline => EndReason::MaxTime,
            _ => ended,
        };
        let stopped = matches!(
            ended,
            EndReason::Interrupted | EndReason::MaxTime | EndReason::Failed
        );
        if last || stopped {
            self.results.close(Some(&parts), ended, &self.plan, now);
            return false;
        }
        self.results.window_over(&parts, ended);
        self.path_estimates = Some(Box::new(parts.path_estimates()));
        drop(parts);
        self.give_up_flights();
        self.slowest.clear();
        self.window += 1;
        self.begin_window(now);
        true
    }

    /// Which window of the hosts is being scanned, from 0.
    pub fn window(&self) -> u64 {
        self.window
    }

    /// Whether all is known and being told of: a checkpoint would know less than the one before.
    pub fn is_summarizing(&self) -> bool {
        matches!(self.stage, Stage::Summary(_) | Stage::Over)
    }

    /// Time has passed.
    pub fn on_timeout(&mut self, now: Instant) {
        if let Some(sweep) = self.sweep() {
            sweep.on_timeout(now);
        }
    }

    /// What the scan has to say next.
    pub fn poll_event(&mut self, now: Instant) -> Option<Event> {
        if self.results.events.is_empty()
            && let Stage::Summary(summary) = &mut self.stage
            && self.results.step(summary, &self.plan) == Step::Done
            && self.end_window(now)
        {
            return None;
        }
        self.results.events.pop_front()
    }

    /// When the scan must be asked again; none once it is over.
    pub fn poll_timeout(&mut self, now: Instant) -> Option<Instant> {
        let full = self.full || self.flying.len() >= self.plan.spec.budget.max_connections;
        let first_due = self.due.first().map(|d| d.0);
        let sweep = match &mut self.stage {
            Stage::Hosts { sweep, .. } | Stage::Ports { sweep, .. } => sweep,
            Stage::Summary(_) => return Some(now),
            Stage::Over => {
                let done = self.due.is_empty() && self.results.events.is_empty();
                return (!done).then_some(now);
            }
        };
        // With no room for another connection, only an ending one can change that.
        let next = if full { Instant::FAR } else { sweep.wake(now) };
        let next = sweep.deadline().map_or(next, |d| d.min(next));
        Some(first_due.map_or(next, |d| d.min(next)))
    }

    /// Ends the scan: nothing more is begun, what is known is told.
    pub fn stop(&mut self, now: Instant, why: EndReason) {
        if matches!(self.stage, Stage::Summary(_)) {
            self.halt = Some(why);
        }
        if let Some(sweep) = self.sweep() {
            sweep.stop(now, why);
            self.next_stage(now, why);
        }
    }

    /// Whether everything is done and told, and nothing is on its way.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
            && self.results.events.is_empty()
            && self.flying.is_empty()
    }

    /// How far the scan is.
    pub fn progress(&self) -> Progress {
        let (sweep, discovering) = match &self.stage {
            Stage::Hosts { sweep, .. } => (sweep, true),
            Stage::Ports { sweep, .. } => (sweep, false),
            Stage::Summary(_) | Stage::Over => {
                return Progress {
                    done: 1.0,
                    open: self.results.open,
                    ..Progress::default()
                };
            }
        };
        let within = sweep.progress(self.results.open, discovering);
        Progress {
            done: (self.window as f64 + within.done) / self.plan.windows() as f64,
            ..within
        }
    }
}
