//! One sweep through a probe space: what to send next, what is known, when it ends.
//!
//! Joins order, ledger, pace, canaries and loss. It numbers probes and knows
//! their times; it must not know what a probe is, nor any packet.

mod answers;
mod donations;
mod extents;
mod hosts;
mod limits;
mod partitions;
mod progress;
mod queries;
mod rounds;
mod state;

use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use crate::canary::{Canaries, Canary};
use crate::event::EndReason;
use crate::ledger::{Ledger, Reply};
use crate::loss::Loss;
use crate::order::Order;
use crate::pace::{Caps, Pacer, Sent};
use crate::plan::Shard;
use crate::rtt::Rtt;
use crate::time::Instant;

pub use answers::Novelty;
pub use donations::WorkItem;
use extents::Extents;
use hosts::Hosts;
pub(crate) use partitions::{Partitions, PathEstimates};
pub(crate) use state::SweepState;

/// One canary to this many plain probes.
pub(crate) const CANARY_EVERY: u32 = 64;
/// At most this many send times are kept; a larger space shares them among neighbours.
const MAX_STAMPS: u64 = 1 << 16;
/// So many silent positions are passed over before the time is looked at again.
const SKIPPED: u32 = 1 << 14;
/// Whoever has nothing left to send asks the other parts again after this.
const ASK_AGAIN: Duration = Duration::from_micros(100);

/// What bounds a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Pace caps.
    pub caps: Caps,
    /// The most tries, at most [`crate::loss::MAX_TRIES`].
    pub max_tries: u8,
    /// The miss probability to get below.
    pub miss: f64,
    /// When the sweep must end, and why.
    pub until: (Instant, EndReason),
    /// How long to wait for answers before one was timed.
    pub first_wait: Duration,
    /// How long the slowest host may take: the last answers are waited for at least so long, however
    /// fast the others are.
    pub patience: Duration,
    /// Whether who asks does so again by himself where an answer is lost, as a kernel does that connects.
    pub kernel_retries: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send probe `index`, its try number `tries` (from 1).
    Probe {
        /// Which probe.
        index: u64,
        /// Which try.
        tries: u8,
    },
    /// Send a canary.
    Canary(Canary),
    /// Nothing before this moment (or before an answer).
    Wait(Instant),
    /// The sweep is over.
    Done(EndReason),
}

/// A pass over `n` probes in rounds, until what is silent is silent for sure.
#[derive(Clone, Debug)]
pub struct Sweep {
    order: Order,
    /// Which of the positions are this sweep's own, and their numbers in the ledger.
    extents: Extents,
    ledger: Ledger,
    pacer: Pacer,
    rtt: Rtt,
    canaries: Canaries,
    loss: Loss,
    /// What sweeps of other parts of the same space have seen of the paths.
    elsewhere: Loss,
    hosts: Hosts,
    /// Since when answers have been failing without a known reason, and how many there had been by then.
    doubt: Option<(Instant, u64)>,
    bounds: Bounds,
    /// The round, from 0: the tries that a probe behind the cursor has had, less one.
    round: u8,
    /// How many timeouts its tries are later than those before.
    apart: u32,
    /// When it began, while answers to the round before may still come; none afterwards.
    turned: Option<Instant>,
    /// After how many rounds silent probes were last counted, and whether answers were still to come.
    counted: (u8, bool),
    cursor: u64,
    /// Probes sent in this round.
    in_round: u64,
    /// When the first probe of each run of `stride` positions was last sent.
    stamps: Vec<Instant>,
    stride: u64,
    last_sent: Instant,
    since_canary: u32,
    /// Where hosts are protected: no canary before.
    next_canary: Instant,
    /// No canaries are sent.
    canary_free: bool,
    /// So many quick tries are answered by a port that listens; 0 where none may listen.
    quick: u16,
    /// Other parts may still give some of their work: the end of the first round is not the end of it.
    expects_donations: bool,
    ended: Option<EndReason>,
    /// When an early end came: answers to what was sent shortly before were not waited for.
    cut_off: Option<Instant>,
    /// Until when there was nothing to send, when last asked.
    waiting: Option<Instant>,
    counts: Counts,
}

/// What a sweep has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Probes sent, retries and canaries included.
    pub sent: u64,
    /// Answers to them, canaries included.
    pub answered: u64,
    /// Answers to a probe that had been answered.
    pub duplicates: u64,
}

impl Sweep {
    /// A sweep of `n` probes; `rtt` is a first round-trip time, if one is known.
    pub fn new(n: u64, seed: u64, bounds: Bounds, rtt: Option<Duration>) -> Sweep {
        Sweep::part(n, Shard::WHOLE, seed, bounds, rtt)
    }

    /// A sweep of the part `shard` of `n` probes.
    pub fn part(n: u64, shard: Shard, seed: u64, bounds: Bounds, rtt: Option<Duration>) -> Sweep {
        let (base, end) = shard.range(n);
        Sweep::span(n, base..end, seed, bounds, rtt)
    }

    /// A sweep of the positions `span` of `n` probes.
    fn span(
        n: u64,
        span: core::ops::Range<u64>,
        seed: u64,
        bounds: Bounds,
        rtt: Option<Duration>,
    ) -> Sweep {
        let (base, len) = (span.start, span.end - span.start);
        let stride = len.div_ceil(MAX_STAMPS).max(1);
        let mut pacer = Pacer::new(bounds.caps, rtt);
        pacer.protect_hosts(Instant::ZERO, len);
        let mut estimate = Rtt::with_initial(bounds.first_wait);
        if let Some(rtt) = rtt {
            estimate.sample(rtt);
        }
        Sweep {
            order: Order::new(n, seed),
            extents: Extents::new(base, len),
            ledger: Ledger::new(len),
            pacer,
            rtt: estimate,
            canaries: Canaries::new(seed),
            loss: Loss::default(),
            elsewhere: Loss::default(),
            hosts: Hosts::default(),
            doubt: None,
            bounds,
            round: 0,
            apart: 1,
            turned: None,
            counted: (0, false),
            cursor: 0,
            in_round: 0,
            stamps: vec![Instant::ZERO; len.div_ceil(stride) as usize],
            stride,
            last_sent: Instant::ZERO,
            since_canary: 0,
            next_canary: Instant::ZERO,
            canary_free: false,
            quick: 0,
            expects_donations: false,
            ended: None,
            cut_off: None,
            waiting: None,
            counts: Counts::default(),
        }
    }

    /// Takes a probe out of the space before the start.
    pub fn skip(&mut self, index: u64) {
        if let Some(position) = self.position(index) {
            self.ledger.set(position, Reply::Error);
        }
    }

    /// The place of probe `index` in this sweep's part; none if it belongs to another.
    #[inline]
    fn position(&self, index: u64) -> Option<u64> {
        self.extents.own(self.order.position(index))
    }

    /// The probe that has this place.
    #[inline]
    fn index(&self, position: u64) -> u64 {
        self.order.index(self.extents.whole(position))
    }

    /// Whether probe `index` belongs to this sweep's part.
    pub fn owns(&self, index: u64) -> bool {
        self.position(index).is_some()
    }

    /// What to do now. Every `Probe` and `Canary` returned counts as sent.
    #[inline]
    pub fn next(&mut self, now: Instant) -> Next {
        if let Some(end) = self.ended {
            return Next::Done(end);
        }
        if !self.pacer.ready(now) {
            return Next::Wait(self.pacer.next());
        }
        let plain = self.round == 0;
        self.waiting = None;
        if (self.since_canary >= self.canary_every() || self.canaries.retry_pending())
            && !self.canaries.is_empty()
            && self.may_ask_again(now)
            && let Some(canary) = self.canaries.send(now)
        {
            self.since_canary = 0;
            self.count_sent(now, Sent::Canary);
            return Next::Canary(canary);
        }
        match self.take(now) {
            Take::Probe(position) => {
                self.since_canary += 1;
                self.in_round += 1;
                let index = self.index(position);
                // Of a host that limits its answers they say nothing about the pace.
                let tells = plain && !self.hosts.is_limited(index);
                self.count_sent(now, if tells { Sent::Plain } else { Sent::Retry });
                Next::Probe {
                    index,
                    tries: self.round + 1,
                }
            }
            Take::Wait(until) => {
                self.waiting = Some(until);
                Next::Wait(until)
            }
            Take::End(end) => {
                self.ended = Some(end);
                self.cut_off = end.is_early().then_some(now);
                Next::Done(end)
            }
        }
    }

    /// One canary to so many probes: more of them where limiters leave nothing else to see the path by.
    #[inline]
    fn canary_every(&self) -> u32 {
        if self.hosts.limited().is_empty() {
            CANARY_EVERY
        } else {
            CANARY_EVERY / 3
        }
    }

    /// Whether a canary now is no more than its host may bear on top of its probes: a tenth.
    #[inline]
    fn may_ask_again(&mut self, now: Instant) -> bool {
        let Some((most, _)) = self.bounds.caps.per_host else {
            return true;
        };
        let free = !self.canary_free && now >= self.next_canary;
        if free {
            self.next_canary = now + Duration::from_secs_f64(10.0 / most.max(1e-3));
        }
        free
    }

    #[inline]
    fn count_sent(&mut self, now: Instant, what: Sent) {
        self.pacer.sent(now, what);
        self.counts.sent += 1;
        self.last_sent = now;
    }

    /// The next position to send to.
    #[inline]
    fn take(&mut self, now: Instant) -> Take {
        if now >= self.bounds.until.0 {
            return Take::End(self.bounds.until.1);
        }
        for _ in 0..SKIPPED {
            let Some(position) = self.ledger.next_unanswered(self.cursor) else {
                if self.needs_work() {
                    return Take::Wait(now + ASK_AGAIN);
                }
                match self.turn_round(now) {
                    None => continue,
                    Some(take) => return take,
                }
            };
            if self.round > 0 {
                let gate = self.gate(position);
                if now < gate {
                    return Take::Wait(gate);
                }
                self.hear_out(now);
                if self.cursor == 0
                    && let Some(take) = self.begin_round(now)
                {
                    return take;
                }
                if self.hosts.are_apart() && self.is_done(position) {
                    self.cursor = position + 1;
                    continue;
                }
            }
            let stamp = (position / self.stride) as usize;
            let entered = self.cursor == 0 || (self.cursor - 1) / self.stride != stamp as u64;
            // Where an earlier run of the scan was in its middle it goes on without a stamp.
            if entered || self.stamps[stamp] == Instant::ZERO {
                self.stamps[stamp] = now;
            }
            self.cursor = position + 1;
            return Take::Probe(position);
        }
        // Many are silent for sure: whoever waits for the time may have it before the next ones are looked at.
        Take::Wait(now)
    }

    /// Whether the silence at `position` was proof already before this round.
    fn is_done(&self, position: u64) -> bool {
        self.hosts.skips(self.index(position)).0
    }

    /// Sends no canaries: their answers would be kept back by limiters.
    pub(crate) fn spare_canaries(&mut self) {
        self.canary_free = true;
    }

    /// Ports may listen that are asked from `source_ports` ports in turn: each connection's first SYN is answered and
    /// one more, then one in a time.
    pub(crate) fn expect_listeners(&mut self, source_ports: u16) {
        self.quick = 2 * source_ports.max(1);
    }

    /// When there is something to send next, or to end.
    pub fn wake(&mut self, now: Instant) -> Instant {
        if self.ended.is_some() {
            return now;
        }
        if !self.pacer.ready(now) {
            return self.pacer.next();
        }
        // Peeking must not send: only waiting has a moment of its own.
        self.waiting.unwrap_or(now)
    }

    /// Time has passed: expire canaries, judge the pace.
    pub fn on_timeout(&mut self, now: Instant) {
        let timeout = self.rtt.last_wait();
        while let Some(fate) = self.canaries.expire(now, timeout) {
            self.learn(now, fate);
        }
        self.settle_doubt(now);
        self.pacer.expect_canaries(now, self.loss.rate());
        self.pacer.tick(now);
        self.canaries.report_queue(self.pacer.queue_drained_at());
    }

    /// When [`Sweep::on_timeout`] has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        if self.ended.is_some() {
            return None;
        }
        let canary = self.canaries.deadline(self.rtt.last_wait());
        let pace = self.pacer.deadline();
        match (canary, pace) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Ends the sweep now.
    pub fn stop(&mut self, now: Instant, why: EndReason) {
        if self.ended.is_none() {
            self.ended = Some(why);
            self.cut_off = Some(now);
        }
    }
}

enum Take {
    Probe(u64),
    Wait(Instant),
    End(EndReason),
}
