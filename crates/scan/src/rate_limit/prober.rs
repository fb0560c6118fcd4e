//! Proves silent ports of hosts that limit their resets, and silent IP protocols.
//!
//! Where a limiter suppresses resets, silence shows only that a port is not open. These ports are probed again no
//! faster than resets come, in trains that end with a port known to be closed. What is silent while that port answers
//! is filtered. What the budget does not reach stays unproven, and is reported so.
//!
//! An unreachable IP protocol is reported by an ICMP error, and nearly all hosts limit those. So the silent protocols
//! of every host are proven. This file must not know packets.

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::time::Duration;

use super::{HostProber, Novelty, PortOutcome, ProbeAttempt, Settings};
use crate::event::{EndReason, Progress};
use crate::ledger::Reply;
use crate::sweep::Partitions;
use crate::time::Instant;
use vigie_scope::ports::PortList;

/// Maximum probing rate in probes per second, to one host and to all.
const MAX_RATE: f64 = 20_000.0;
/// Time after the end of the budget in which attempts in flight are settled.
const CLOSING: Duration = Duration::from_secs(5);
/// Tries at each protocol of an unresponsive host: one in the sweep, one while probing.
const UNRESPONSIVE_TRIES: u8 = 2;
/// Maximum number of ports of all hosts together; more stay unproven.
const MAX_PORTS: u64 = 1 << 25;

/// Limits of rate-limit probing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Maximum time; `None` to prove every port.
    pub budget: Option<Duration>,
    /// When the scan must end, and why.
    pub until: (Instant, EndReason),
    /// Maximum probes per second.
    pub rate: Option<f64>,
    /// Wanted miss probability.
    pub miss: f64,
    pub seed: u64,
    /// Whether the ports are IP protocols.
    pub protocols: bool,
    /// Number of hosts.
    pub hosts: u64,
}

/// Unassigned protocol numbers (IANA, Assigned Internet Protocol Numbers): no host knows them.
const UNASSIGNED: RangeInclusive<u16> = 146..=252;
/// Protocols that hosts and routers use, proven first, in this order.
const COMMON_PROTOCOLS: [u16; 20] = [
    1, 6, 17, 58, 2, 47, 50, 51, 132, 89, 4, 41, 112, 103, 136, 88, 46, 115, 108, 33,
];

/// Rate-limit probing of all hosts that limit their resets.
#[derive(Clone, Debug)]
pub(crate) struct RateLimitProber {
    settings: Settings,
    hosts: BTreeMap<u64, HostProber>,
    /// Tries of a silent port of each host in the sweep.
    tries: BTreeMap<u64, u8>,
    ready: BTreeSet<(Instant, u64)>,
    outbox: VecDeque<(u64, ProbeAttempt)>,
    next_any: Instant,
    gap: Duration,
    closing: Instant,
    end: (Instant, EndReason),
    loss: f64,
    miss: f64,
    protocols: bool,
    ended: Option<EndReason>,
    pub sent: u64,
    pub answered: u64,
    /// Suppressed resets of ports that were proven closed later.
    suppressed: u64,
    now: Instant,
}

impl RateLimitProber {
    /// Starts with what `sweep` left silent; `None` if no host limits resets, or nothing is silent.
    pub(crate) fn new(
        now: Instant,
        sweep: &Partitions,
        ports: &PortList,
        bounds: Bounds,
    ) -> Option<RateLimitProber> {
        let n = ports.len() as u64;
        let numbers: Vec<u16> = ports.iter().map(|(_, port)| port).collect();
        let most = bounds.rate.map_or(MAX_RATE, |rate| rate.min(MAX_RATE));
        let place = |number: &u16| numbers.iter().position(|n| n == number);
        let common = COMMON_PROTOCOLS
            .iter()
            .filter_map(place)
            .map(|place| place as u32);
        let mut index = alloc::vec![u32::MAX; 1 << 16];
        for (place, number) in (0u32..).zip(&numbers).filter(|_| bounds.protocols) {
            index[usize::from(*number)] = place;
        }
        let settings = Settings {
            useful: common.filter(|_| bounds.protocols).collect(),
            ports: numbers,
            index,
            controls: bounds.protocols.then_some(UNASSIGNED),
            miss: bounds.miss,
            most,
            seed: bounds.seed,
            // So few errors are sent that none comes while a train passes.
            spread: if bounds.protocols {
                0.0
            } else {
                1.0 / sweep.path_rate().max(1.0)
            },
        };
        let (mut hosts, mut tries) = (BTreeMap::new(), BTreeMap::new());
        let limited: Vec<u64> = if bounds.protocols {
            (0..bounds.hosts).collect()
        } else {
            sweep.hosts().rate_limits().keys().copied().collect()
        };
        for number in limited.into_iter().take((MAX_PORTS / n.max(1)) as usize) {
            let mut host = HostProber::new(&settings, number, 1, now);
            let mut silent = None;
            for (place, port) in (0u32..).zip(&settings.ports) {
                let seen = sweep.probe(number * n + u64::from(place));
                // The ports of another shard are not this one's to prove.
                let reply = seen.map_or(Reply::Error, |seen| seen.reply);
                let nothing = seen.filter(|seen| seen.reply == Reply::None);
                silent = silent.or(nothing.map(|seen| seen.tries));
                host.learn(place, *port, reply);
            }
            if let Some(silent) = silent {
                tries.insert(number, silent);
                if let Some(rtt) = sweep.smoothed() {
                    host.rtt.sample(rtt);
                }
                host.begin(now);
                hosts.insert(number, host);
            }
        }
        if hosts.is_empty() {
            return None;
        }
        let closing = bounds.budget.map_or(Instant::FAR, |budget| now + budget);
        let until = bounds.until;
        let end = match bounds.budget {
            Some(_) if closing + CLOSING < until.0 => (closing + CLOSING, EndReason::Budget),
            _ => until,
        };
        Some(RateLimitProber {
            ready: hosts.keys().map(|number| (now, *number)).collect(),
            settings,
            hosts,
            tries,
            outbox: VecDeque::new(),
            next_any: now,
            gap: Duration::from_secs_f64(1.0 / most),
            closing: closing.min(until.0),
            end,
            // Suppressed errors would look like loss.
            loss: if bounds.protocols {
                0.0
            } else {
                sweep.loss().rate().min(0.5)
            },
            miss: bounds.miss,
            protocols: bounds.protocols,
            ended: None,
            sent: 0,
            answered: 0,
            suppressed: 0,
            now,
        })
    }

    /// Returns what to send now, and the number of the host.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(u64, ProbeAttempt)> {
        self.now = now;
        loop {
            if let Some(next) = self.outbox.pop_front() {
                self.sent += 1;
                return Some(next);
            }
            if self.ended.is_some() || !self.fill(now) {
                return None;
            }
        }
    }

    /// Lets the host whose turn it is queue its probes. Returns whether there was anything to do.
    fn fill(&mut self, now: Instant) -> bool {
        if now >= self.end.0 {
            self.ended = Some(self.end.1);
        } else if self.ready.is_empty() {
            let left =
                |host: &HostProber| host.left(self.loss, self.miss) > 0 && !host.unresponsive;
            let stopped = now >= self.closing && self.hosts.values().any(left);
            self.ended = Some(if stopped {
                EndReason::Budget
            } else {
                EndReason::Complete
            });
        }
        if self.ended.is_some() || self.next_any > now {
            return false;
        }
        let Some(&(due, number)) = self.ready.first().filter(|r| r.0 <= now) else {
            return false;
        };
        self.ready.remove(&(due, number));
        let Some(host) = self.hosts.get_mut(&number) else {
            return true;
        };
        let mut out = Vec::new();
        let closing = now >= self.closing;
        if let Some(again) = host.attempt(now, 0, closing, self.loss, &self.settings, &mut out) {
            self.ready.insert((again, number));
        }
        if self.next_any + Duration::from_millis(2) < now {
            self.next_any = now;
        }
        self.next_any += self.gap.saturating_mul(out.len() as u32);
        self.outbox
            .extend(out.into_iter().map(|send| (number, send)));
        true
    }

    /// When [`RateLimitProber::next`] must be called again.
    pub(crate) fn wake(&self, now: Instant) -> Instant {
        if !self.outbox.is_empty() || self.ended.is_some() {
            return now;
        }
        let ready = self.ready.first().map_or(now, |r| r.0);
        ready.max(self.next_any).min(self.end.0)
    }

    /// Ends probing.
    pub(crate) fn stop(&mut self, why: EndReason) {
        self.outbox.clear();
        self.ended.get_or_insert(why);
    }

    /// Why probing ended, once it has.
    pub(crate) fn ended(&self) -> Option<EndReason> {
        self.ended.filter(|_| self.outbox.is_empty())
    }

    /// Records the answer of the port at `place`: `before` are its tries in the sweep, `limited` whether the answer
    /// cost a token. Returns `None` if the port had answered before.
    pub(crate) fn answered(
        &mut self,
        now: Instant,
        number: u64,
        place: u32,
        reply: Reply,
        (before, limited): (u8, bool),
    ) -> Option<Answered> {
        let host = self.hosts.get_mut(&number)?;
        let (novelty, rtt) = if limited {
            let port = self.settings.ports[place as usize];
            host.error(now, place, port, 0, reply)
        } else {
            (host.settle(place, reply), None)
        };
        if novelty == Novelty::Duplicate {
            return None;
        }
        self.answered += 1;
        if reply == Reply::Negative {
            self.suppressed += u64::from(before);
        }
        Some(Answered { rtt })
    }

    /// Records the answer of a control. Returns false if it was not expected.
    pub(crate) fn control(&mut self, now: Instant, number: u64, port: u16, attempt: u8) -> bool {
        let host = self.hosts.get_mut(&number);
        host.is_some_and(|host| host.control(now, port, attempt, 0))
    }

    /// What the silence of the port at `place` proves; `None` if the host's silence is proof by itself.
    pub(crate) fn silence(&self, number: u64, place: u32) -> Option<Silence> {
        let host = self.hosts.get(&number)?;
        Some(match host.outcome(place, self.loss, self.miss) {
            PortOutcome::Silent(tries) => Silence::Proven {
                tries,
                miss: host.miss_probability(self.loss, tries),
            },
            // If a host answers no protocol at all, the probability is that of losing every answer.
            PortOutcome::Unresponsive if self.protocols => Silence::Proven {
                tries: UNRESPONSIVE_TRIES,
                miss: host.miss_probability(self.loss, UNRESPONSIVE_TRIES),
            },
            _ => Silence::Unproven,
        })
    }

    /// The hosts that limit their ICMP errors, with the errors per second.
    pub(crate) fn limiting_errors(&self) -> impl Iterator<Item = (u64, f64)> {
        let hosts = self.hosts.iter().filter(|_| self.protocols);
        hosts.filter_map(|(number, host)| Some((*number, host.tokens(self.now)?)))
    }

    /// Whether IP protocols are proven.
    pub(crate) fn are_protocols(&self) -> bool {
        self.protocols
    }

    /// Measured resets per second that the host's limiter lets through.
    pub(crate) fn rate(&self, number: u64) -> Option<f64> {
        self.hosts.get(&number)?.tokens(self.now)
    }

    /// Estimate: answers of closed ports that were suppressed in the sweep.
    pub(crate) fn suppressed(&self) -> f64 {
        let unproven = |(number, host): (&u64, &HostProber)| {
            let left = host.left(self.loss, self.miss) as f64;
            let closed = host
                .sample()
                .map_or(0.0, |s| s.closed as f64 / s.drawn.max(1) as f64);
            left * closed * f64::from(self.tries.get(number).copied().unwrap_or(0))
        };
        self.suppressed as f64 + self.hosts.iter().map(unproven).sum::<f64>()
    }

    /// How far probing is; `open` is the number of open ports.
    pub(crate) fn progress(&self, open: u64) -> Progress {
        let (mut left, mut rate, mut slowest) = (0, 0.0, Duration::ZERO);
        for host in self.hosts.values().filter(|host| !host.over) {
            let of_host = host.left(self.loss, self.miss);
            let tokens = host.tokens(self.now).unwrap_or(1.0).max(0.1);
            left += of_host;
            rate += tokens;
            let needs = Duration::try_from_secs_f64(of_host as f64 / tokens);
            slowest = slowest.max(needs.unwrap_or(Duration::MAX));
        }
        let all = (self.hosts.len() * self.settings.ports.len()).max(1) as f64;
        let budget = self.closing.since(self.now);
        Progress {
            done: 1.0 - left as f64 / all,
            rate,
            sent: self.sent,
            loss_rate: self.loss,
            eta: Some(slowest.min(budget)),
            round: 1,
            open,
            discovering: false,
            udp: false,
        }
    }
}

/// The first answer of a port.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered {
    /// Time from the probe to the answer, if that is certain.
    pub rtt: Option<Duration>,
}

/// What silence proves where resets are limited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Silence {
    /// A closed port answered at the same time.
    Proven {
        /// Number of trains.
        tries: u8,
        /// Probability that an answer was lost in all of them.
        miss: f64,
    },
    /// The port is not open; nothing else is known.
    Unproven,
}
