//! The UDP stage: requests to all ports that may answer, then proofs that the silent ones are closed.
//!
//! ```text
//! own protocols -> what may stand anywhere -> proofs in step with each host's limiter -> last questions
//! ```
//!
//! Answers of programs are limited by nobody, so they come first and find what is open within
//! seconds. That a port is closed is told by an ICMP error, and most hosts send few of those: `limiter`
//! finds how many, `host` spends them, and what is left when the budget ends is told as unproven, with
//! what a random [`sample`] says of it. A host that errors freely is proven first, and only its silent
//! ports are asked what may stand anywhere.
//!
//! This folder must not know how frames travel or how results are shown.

mod answers;
mod asks;
mod cell;
pub(crate) mod frame;
mod host;
mod limiter;
pub mod sample;
mod send;
mod state;
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
use crate::ledger::Reply;
use crate::pace::Caps;
use crate::plan::{Budget, NextHop, Plan, UdpSpec};
use crate::rtt;
use crate::sweep::{Bounds, Next, Sweep};
use crate::time::Instant;
use vigie_detect::payload::Detail;

use asks::Asks;
pub(crate) use cell::Fate;
pub use frame::Quoted;
pub(crate) use host::{Common, Novelty, Send, To, UdpHost};
pub(crate) use state::UdpState;

/// Requests a second to each host of this machine's links, and to all of them. Answers are too few to find a pace by;
/// this one a neighbour takes: each port gets a few small datagrams.
const ASK_RATE: (f64, f64) = (25_000.0, 200_000.0);
/// The same where a router is on the way: what no network of today is hurt by.
const ASK_RATE_ROUTED: (f64, f64) = (4_000.0, 20_000.0);
/// Tries at a port's own protocols, and at what may stand anywhere.
const OWN_TRIES: u8 = 4;
const ANY_TRIES: u8 = 2;
/// Frames that one attempt at a proof sends at most, by all of a machine's addresses.
pub(crate) const MOST_AT_ONCE: u64 = 1_024;

/// How many questions a host is asked at most whose UDP ports these are.
pub(crate) fn most_asks(ports: &[u16]) -> u64 {
    let own = Asks::own(ports).len() * u64::from(OWN_TRIES);
    // Hosts that are proven first may be asked again once it is known how free they are.
    own + Asks::anywhere(ports).len() * 2 * u64::from(ANY_TRIES)
}

/// A host that told of so large a part of its ports that they are closed, at the pace of requests, is not limited.
const FREE: f64 = 0.6;
/// Too few ports to judge that by.
const FEW: u64 = 16;
/// The most proofs a second to one host, and to all.
const PROOF_RATE: f64 = 50_000.0;
const PROOF_RATE_MOST: f64 = 200_000.0;
/// What was begun when the budget ends may take so long to be settled.
const CLOSING: Duration = Duration::from_secs(10);
/// Frames written before the next host's turn.
const OUTBOX: usize = 256;

/// What the stage needs of the scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub plan: &'a Plan,
    pub egresses: &'a [Egress],
    pub cookies: &'a Cookies,
}

/// What is kept of a port that is open or filtered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub state: PortState,
    pub reason: Reason,
    pub from: Option<IpAddr>,
    pub ttl: Option<u8>,
    pub rtt: Option<Duration>,
    pub tries: u8,
    pub service: Option<ServiceMatch>,
    /// What the service says of itself.
    pub detail: Option<Box<Detail>>,
}

/// Questions on their way to these hosts, and what comes when they are answered.
#[derive(Clone, Debug)]
struct Asking {
    sweep: Sweep,
    which: Which,
    hosts: Vec<u32>,
    then: Then,
}

#[derive(Clone, Debug)]
enum Phase {
    Ask(Box<Asking>),
    Prove {
        /// When the budget ends, and when the last answers are no longer waited for.
        closing: Instant,
        end: Instant,
    },
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Own,
    Anywhere,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Anywhere,
    Prove,
    End,
}

/// The stage.
#[derive(Clone, Debug)]
pub(crate) struct UdpScan {
    common: Common,
    own: Asks,
    anywhere: Asks,
    /// The hosts of this run's shard: every `of`-th of the host_table, from `first` on.
    hosts: Vec<UdpHost>,
    first: u64,
    of: u64,
    phase: Phase,
    found: BTreeMap<(u32, u32), Found>,
    /// Answers of no known protocol, told once no better one can come.
    odd: BTreeSet<(u32, u32)>,
    /// No better answer can come for those any more.
    odd_ready: bool,
    /// Addresses to send from besides the routes' own.
    sources: Vec<IpAddr>,
    outbox: VecDeque<(u32, Send)>,
    ready: BTreeSet<(Instant, u32, u8)>,
    next_any: Instant,
    gap: Duration,
    until: (Instant, EndReason),
    ended: EndReason,
    rtt: Option<Duration>,
    /// The path's loss, as the questions have measured it.
    loss: f64,
    pub(crate) sent: u64,
    pub(crate) answered: u64,
    pub(crate) duplicates: u64,
    now: Instant,
}

impl UdpScan {
    /// The stage for the hosts of `host_table`, to be done by `until`; `rtt` is a first round-trip time, if one is known.
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
        let own = Asks::own(&ports);
        let useful = (0..ports.len() as u32).filter(|p| !own.of(*p).is_empty());
        let host_rate = plan.spec.budget.max_host_rate.unwrap_or(PROOF_RATE);
        let common = Common {
            useful: useful.collect(),
            index,
            controls: udp.controls.then_some(host::HIGH..=u16::MAX),
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
        let hosts: Vec<UdpHost> = (0..host_table.len())
            .filter(|i| i % of == first)
            .map(|i| UdpHost::new(&common, i, channels, now))
            .collect();
        let all = plan.spec.budget.max_rate.unwrap_or(PROOF_RATE_MOST);
        let mut scan = UdpScan {
            anywhere: Asks::anywhere(&common.ports),
            own,
            hosts,
            first,
            of,
            phase: Phase::Over,
            found: BTreeMap::new(),
            odd: BTreeSet::new(),
            odd_ready: false,
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
            common,
        };
        let every = (0..scan.hosts.len() as u32).collect();
        scan.ask(context, Which::Own, every, Then::Anywhere);
        scan
    }

    fn asks(&self, which: Which) -> &Asks {
        match which {
            Which::Own => &self.own,
            Which::Anywhere => &self.anywhere,
        }
    }

    /// Begins to put questions to `hosts`, except to ports that were answered.
    fn ask(&mut self, context: &Context<'_>, which: Which, hosts: Vec<u32>, then: Then) {
        let asks = self.asks(which);
        let columns = asks.len();
        let rate = ask_rate(
            context.egresses,
            &context.plan.spec.budget,
            hosts.len() as u64,
        );
        let budget = &context.plan.spec.budget;
        let tries = match which {
            Which::Own => OWN_TRIES,
            Which::Anywhere => ANY_TRIES,
        };
        let bounds = Bounds {
            caps: Caps {
                max: Some(rate),
                min: Some(rate),
                ..Caps::default()
            },
            max_tries: tries.min(budget.max_tries),
            miss: self.common.miss,
            until: self.until,
            first_wait: rtt::INITIAL,
            patience: self
                .rtt
                .map_or(rtt::INITIAL, |rtt| (3 * rtt).min(rtt::CEILING)),
            kernel_retries: false,
        };
        let seed = context.plan.spec.seed ^ columns;
        let mut sweep = Sweep::new(hosts.len() as u64 * columns, seed, bounds, self.rtt);
        for (row, host) in hosts.iter().enumerate() {
            for port in 0..self.common.ports.len() as u32 {
                if self.hosts[*host as usize].reply(port) != Reply::None {
                    for column in asks.of(port) {
                        sweep.skip(row as u64 * columns + column);
                    }
                }
            }
        }
        self.phase = Phase::Ask(Box::new(Asking {
            sweep,
            which,
            hosts,
            then,
        }));
    }

    /// The present phase is over: the next one begins.
    fn next_phase(&mut self, context: &Context<'_>, now: Instant, ended: EndReason) {
        let stopped = matches!(
            ended,
            EndReason::Interrupted | EndReason::MaxTime | EndReason::HostTimeout
        );
        let then = match &self.phase {
            Phase::Ask(asking) => {
                let (sweep, then) = (&asking.sweep, asking.then);
                let counts = sweep.counts();
                self.sent += counts.sent;
                self.answered += counts.answered;
                self.duplicates += counts.duplicates;
                self.rtt = sweep.rtt().smoothed().or(self.rtt);
                if then != Then::End {
                    // What was proven rests on the loss that was known then.
                    self.loss = sweep.loss().rate().min(self.loss.max(0.1)).min(0.5);
                }
                then
            }
            Phase::Prove { .. } => Then::Anywhere,
            Phase::Over => return,
        };
        let proven = matches!(self.phase, Phase::Prove { .. });
        self.odd_ready = true;
        self.phase = Phase::Over;
        if stopped {
            self.ended = ended;
            return;
        }
        let local = |host: &u32| self.is_free(*host);
        let every = 0..self.hosts.len() as u32;
        match then {
            Then::Anywhere if proven => {
                // Hosts that were proven first: what is silent there is asked now.
                let silent: Vec<u32> = every.filter(local).collect();
                if !silent.is_empty() && self.anywhere.len() > 0 {
                    self.ask(context, Which::Anywhere, silent, Then::End);
                }
            }
            Then::Anywhere => {
                let limited: Vec<u32> = every.filter(|h| !local(h)).collect();
                if limited.is_empty() || self.anywhere.len() == 0 {
                    self.prove(context, now);
                } else {
                    self.ask(context, Which::Anywhere, limited, Then::Prove);
                }
            }
            Then::Prove => self.prove(context, now),
            Then::End => {}
        }
    }

    /// Whether a host's errors came as fast as it was asked: it limits none, or lets many through.
    fn is_free(&self, host: u32) -> bool {
        let host = &self.hosts[host as usize];
        let own = self.common.useful.iter();
        let (mut asked, mut closed) = (0u64, 0u64);
        for port in own {
            match host.reply(*port) {
                Reply::None => asked += 1,
                Reply::Negative => {
                    asked += 1;
                    closed += 1;
                }
                _ => {}
            }
        }
        asked >= FEW && closed as f64 >= FREE * asked as f64
    }

    fn prove(&mut self, context: &Context<'_>, now: Instant) {
        let udp = context.plan.spec.udp.as_ref();
        let budget = udp.and_then(|udp| udp.budget);
        self.prove_for(now, budget);
    }

    /// Begins the proofs, or goes on with them, for so long; without a budget to the end.
    fn prove_for(&mut self, now: Instant, budget: Option<Duration>) {
        let closing = budget.map_or(self.until.0, |budget| (now + budget).min(self.until.0));
        let end = if budget.is_some() {
            (closing + CLOSING).min(self.until.0)
        } else {
            self.until.0
        };
        let channels = 1 + self.sources.len() as u8;
        let open = self.hosts.iter_mut().enumerate().filter(|(_, h)| !h.over);
        for (i, host) in open {
            if let Some(rtt) = self.rtt
                && host.rtt.smoothed().is_none()
            {
                host.rtt.sample(rtt);
            }
            host.begin(now);
            host.doubt_again(self.loss, &self.common);
            self.ready
                .extend((0..channels).map(|channel| (now, i as u32, channel)));
        }
        self.next_any = now;
        self.phase = Phase::Prove { closing, end };
    }

    /// Writes the next frame into `slot`, if one is due now. The stage is over where [`UdpScan::is_over`] says so.
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
                match self.write_proof(context, host_table, host, send, slot) {
                    None => continue,
                    sent => return sent,
                }
            }
            match &mut self.phase {
                Phase::Over => return None,
                Phase::Ask(asking) => match asking.sweep.next(now) {
                    Next::Wait(_) => return None,
                    Next::Done(ended) => self.next_phase(context, now, ended),
                    Next::Canary(_) => {}
                    Next::Probe { index, tries } => {
                        if let Some(sent) = self.write_ask(context, host_table, index, tries, slot)
                        {
                            return Some(sent);
                        }
                    }
                },
                Phase::Prove { .. } => {
                    if !self.fill(context, now) {
                        return None;
                    }
                }
            }
        }
    }

    /// Lets the hosts whose turn it is say what they want sent; false where nothing is due.
    fn fill(&mut self, context: &Context<'_>, now: Instant) -> bool {
        let Phase::Prove { closing, end } = self.phase else {
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
            &self.common,
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

    /// The number in the host_table of the host at `host`.
    fn number(&self, host: u32) -> u64 {
        self.first + u64::from(host) * self.of
    }

    /// Where the host of that number in the host_table stands; none if another shard has it.
    fn place(&self, number: u64) -> Option<u32> {
        let place = number.checked_sub(self.first)?;
        (place.is_multiple_of(self.of) && place / self.of < self.hosts.len() as u64)
            .then_some((place / self.of) as u32)
    }

    /// A port that should say that it is closed, of the host of that number if any of its ports answered, and the
    /// time to live of an answer. A port that is open would only answer its own protocol.
    pub(crate) fn answering(&self, number: u64) -> Option<(u16, Option<u8>)> {
        let place = self.place(number)?;
        let closed = self.hosts[place as usize].closed();
        let mut found = self.found.range((place, 0)..=(place, u32::MAX));
        let answered = found.find(|(_, found)| found.from.is_none());
        let ttl = answered.and_then(|(_, found)| found.ttl);
        let port = closed.or(answered.map(|_| host::HIGH))?;
        Some((port, ttl))
    }

    /// Time has passed.
    pub(crate) fn on_timeout(&mut self, now: Instant) {
        self.now = now;
        if let Phase::Ask(asking) = &mut self.phase {
            asking.sweep.on_timeout(now);
        }
    }

    /// When the stage must be asked again.
    pub(crate) fn wake(&mut self, now: Instant) -> Instant {
        if !self.outbox.is_empty() {
            return now;
        }
        match &mut self.phase {
            Phase::Over => now,
            Phase::Ask(asking) => {
                let sweep = &mut asking.sweep;
                let next = sweep.wake(now);
                sweep.deadline().map_or(next, |d| d.min(next))
            }
            Phase::Prove { end, .. } => {
                let ready = self.ready.first().map_or(now, |r| r.0);
                ready.max(self.next_any).min(*end)
            }
        }
    }

    /// Ends the stage now.
    pub(crate) fn stop(&mut self, context: &Context<'_>, now: Instant, why: EndReason) {
        self.outbox.clear();
        self.next_phase(context, now, why);
        self.phase = Phase::Over;
        self.ended = why;
    }

    /// Why the stage ended, once it has.
    pub(crate) fn ended(&self) -> Option<EndReason> {
        (matches!(self.phase, Phase::Over) && self.outbox.is_empty()).then_some(self.ended)
    }
}

/// Questions a second to so many hosts, where answers are too few to find a pace by.
pub(crate) fn ask_rate(egresses: &[Egress], budget: &Budget, hosts: u64) -> f64 {
    let routed = |egress: &Egress| matches!(egress.route.hop, NextHop::Gateway(_));
    let (each, all) = if egresses.iter().any(routed) {
        ASK_RATE_ROUTED
    } else {
        ASK_RATE
    };
    budget_rate(budget, (each * hosts.max(1) as f64).min(all))
}

/// `rate` within what the user allows.
fn budget_rate(budget: &Budget, rate: f64) -> f64 {
    let rate = budget.min_rate.map_or(rate, |min| rate.max(min));
    budget.max_rate.map_or(rate, |max| rate.min(max))
}
