//! A sweep: one pass over a probe space in rounds. Decides what to send next, what is known, and when it is complete.
//!
//! A sweep combines the probe order, the ledger, rate control, canaries and loss estimation:
//! - The first round sends every probe once, in the keyed random order ([`crate::order`]).
//! - Each further round sends the silent probes again (`rounds`), until their silence is proof.
//! - Canaries are mixed in throughout, one to `CANARY_EVERY` probes.
//!
//! Probes are sent by *position* in the order, not by index, so the ledger, the send times and a checkpoint are all
//! indexed by position. A reply finds its position by the inverse permutation, and with it its send time; no table per
//! probe is needed. One send time is stored per run of `stride` positions (`MAX_STAMPS`), and times in between are
//! interpolated (`replies`).
//!
//! A sweep can be split among several senders, which exchange unsent probes (`donations`). `Partitions` joins
//! them. The module numbers probes and knows their times; it does not know what a probe is, or any packet.

mod donations;
mod extents;
mod hosts;
mod partitions;
mod progress;
mod queries;
mod rate_limits;
mod replies;
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

pub use donations::WorkItem;
use extents::Extents;
use hosts::Hosts;
pub(crate) use partitions::{Partitions, PathEstimates};
pub use replies::Novelty;
pub(crate) use state::SweepState;

/// Number of plain probes per canary.
pub(crate) const CANARY_EVERY: u32 = 64;
/// Maximum number of stored send times. In a larger space neighbouring positions share one.
const MAX_STAMPS: u64 = 1 << 16;
/// Maximum number of positions skipped in one call.
const MAX_SKIPS: u32 = 1 << 14;
/// Interval at which an idle partition polls for donated work.
const DONATION_POLL: Duration = Duration::from_micros(100);

/// Limits of a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Limits on the rate.
    pub caps: Caps,
    /// Maximum number of tries per probe, at most [`crate::loss::MAX_TRIES`].
    pub max_tries: u8,
    /// Required miss probability: below it silence is proof.
    pub miss: f64,
    /// Deadline, and the reason to report if it is reached.
    pub until: (Instant, EndReason),
    /// Time to wait for answers before any RTT is known.
    pub first_wait: Duration,
    /// Minimum time to wait for the last answers: that of the slowest host.
    pub patience: Duration,
    /// Whether the sender retransmits by itself, as the kernel does for a connection.
    pub kernel_retries: bool,
}

/// What to do next, from [`Sweep::next`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send a probe.
    Probe {
        /// Index of the probe.
        index: u64,
        /// Number of the try, from 1.
        tries: u8,
    },
    /// Send a canary.
    Canary(Canary),
    /// Nothing to send before this moment, or before an answer arrives.
    Wait(Instant),
    /// The sweep is over.
    Done(EndReason),
}

/// A pass over `n` probes in rounds, until the silence of the unanswered ones is proof.
#[derive(Clone, Debug)]
pub struct Sweep {
    order: Order,
    /// The positions that belong to this sweep, and their numbers in the ledger.
    extents: Extents,
    ledger: Ledger,
    pacer: Pacer,
    rtt: Rtt,
    canaries: Canaries,
    loss: Loss,
    /// Evidence on loss from the other partitions, or from earlier windows.
    peer_loss: Loss,
    hosts: Hosts,
    /// Since when answers have been missing without a known cause, and the number of answers by then.
    recheck: Option<(Instant, u64)>,
    bounds: Bounds,
    /// The present round, from 0. Positions before the cursor have had `round + 1` tries.
    round: u8,
    /// Minimum time between the tries of the previous round and of this one, in timeouts.
    retry_spacing: u32,
    /// Start of this round, while answers to the previous one may still arrive.
    previous_pending: Option<Instant>,
    /// When silent probes were last counted per host: number of rounds, and whether answers were still expected.
    counted: (u8, bool),
    /// The next position to look at.
    cursor: u64,
    /// Number of probes sent in this round.
    sent_in_round: u64,
    /// Last send time of the first probe in each run of `stride` positions; [`Instant::ZERO`] if unknown.
    stamps: Vec<Instant>,
    stride: u64,
    last_sent: Instant,
    since_canary: u32,
    /// Earliest time of the next canary, if the rate per host is limited.
    next_canary: Instant,
    /// Whether canaries are disabled.
    canaries_disabled: bool,
    /// Number of tries in quick succession that a listening port answers; 0 if ports do not listen in this technique.
    quick_tries: u16,
    /// Whether other partitions may still donate work, so that the first round may go on.
    expects_donations: bool,
    ended: Option<EndReason>,
    /// When the sweep was stopped early: the last answers were not waited for.
    stopped_at: Option<Instant>,
    /// Until when there is nothing to send, as of the last call of [`Sweep::next`].
    waiting: Option<Instant>,
    counts: Counts,
}

/// Counters of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Probes sent, retries and canaries included.
    pub sent: u64,
    /// Answers received, canaries included.
    pub answered: u64,
    /// Answers to a probe that was already answered.
    pub duplicates: u64,
}

impl Sweep {
    /// Creates a sweep of `n` probes. `rtt` is the first known round-trip time.
    pub fn new(n: u64, seed: u64, bounds: Bounds, rtt: Option<Duration>) -> Sweep {
        Sweep::shard(n, Shard::WHOLE, seed, bounds, rtt)
    }

    /// Creates a sweep of one shard of `n` probes.
    pub fn shard(n: u64, shard: Shard, seed: u64, bounds: Bounds, rtt: Option<Duration>) -> Sweep {
        let (base, end) = shard.range(n);
        Sweep::of_span(n, base..end, seed, bounds, rtt)
    }

    /// Creates a sweep of the positions `span` of `n` probes.
    fn of_span(
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
            peer_loss: Loss::default(),
            hosts: Hosts::default(),
            recheck: None,
            bounds,
            round: 0,
            retry_spacing: 1,
            previous_pending: None,
            counted: (0, false),
            cursor: 0,
            sent_in_round: 0,
            stamps: vec![Instant::ZERO; len.div_ceil(stride) as usize],
            stride,
            last_sent: Instant::ZERO,
            since_canary: 0,
            next_canary: Instant::ZERO,
            canaries_disabled: false,
            quick_tries: 0,
            expects_donations: false,
            ended: None,
            stopped_at: None,
            waiting: None,
            counts: Counts::default(),
        }
    }

    /// Excludes a probe before the start.
    pub fn skip(&mut self, index: u64) {
        if let Some(position) = self.position(index) {
            self.ledger.set(position, Reply::Error);
        }
    }

    /// Returns the ledger position of probe `index`, if it belongs to this sweep.
    #[inline]
    fn position(&self, index: u64) -> Option<u64> {
        self.extents.local(self.order.position(index))
    }

    /// Returns the probe at a ledger position.
    #[inline]
    fn index(&self, position: u64) -> u64 {
        self.order.index(self.extents.global(position))
    }

    /// Whether probe `index` belongs to this sweep.
    pub fn owns(&self, index: u64) -> bool {
        self.position(index).is_some()
    }

    /// Returns what to do now. Every returned `Probe` and `Canary` counts as sent.
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
            && self.may_send_canary(now)
            && let Some(canary) = self.canaries.send(now)
        {
            self.since_canary = 0;
            self.count_sent(now, Sent::Canary);
            return Next::Canary(canary);
        }
        match self.advance(now) {
            Step::Probe(position) => {
                self.since_canary += 1;
                self.sent_in_round += 1;
                let index = self.index(position);
                // The answers of a rate-limited host do not measure our rate.
                let measures = plain && !self.hosts.is_limited(index);
                self.count_sent(now, if measures { Sent::Plain } else { Sent::Retry });
                Next::Probe {
                    index,
                    tries: self.round + 1,
                }
            }
            Step::Wait(until) => {
                self.waiting = Some(until);
                Next::Wait(until)
            }
            Step::End(end) => {
                self.ended = Some(end);
                self.stopped_at = end.is_early().then_some(now);
                Next::Done(end)
            }
        }
    }

    /// Number of probes per canary. With rate-limited hosts only canaries measure the path, so there are more of them.
    #[inline]
    fn canary_every(&self) -> u32 {
        if self.hosts.rate_limits().is_empty() {
            CANARY_EVERY
        } else {
            CANARY_EVERY / 3
        }
    }

    /// Whether a canary may be sent now: canaries take at most a tenth of the rate per host.
    #[inline]
    fn may_send_canary(&mut self, now: Instant) -> bool {
        let Some((most, _)) = self.bounds.caps.per_host else {
            return true;
        };
        let free = !self.canaries_disabled && now >= self.next_canary;
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

    /// Advances the cursor to the next position to send.
    #[inline]
    fn advance(&mut self, now: Instant) -> Step {
        if now >= self.bounds.until.0 {
            return Step::End(self.bounds.until.1);
        }
        for _ in 0..MAX_SKIPS {
            let Some(position) = self.ledger.next_unanswered(self.cursor) else {
                if self.needs_work() {
                    return Step::Wait(now + DONATION_POLL);
                }
                match self.end_round(now) {
                    None => continue,
                    Some(take) => return take,
                }
            };
            if self.round > 0 {
                let retry_time = self.retry_time(position);
                if now < retry_time {
                    return Step::Wait(retry_time);
                }
                self.settle_previous(now);
                if self.cursor == 0
                    && let Some(take) = self.begin_round(now)
                {
                    return take;
                }
                if self.hosts.have_own_evidence() && self.is_proven(position) {
                    self.cursor = position + 1;
                    continue;
                }
            }
            let stamp = (position / self.stride) as usize;
            let entered = self.cursor == 0 || (self.cursor - 1) / self.stride != stamp as u64;
            // A run that an earlier run of the scan had begun has no stamp yet.
            if entered || self.stamps[stamp] == Instant::ZERO {
                self.stamps[stamp] = now;
            }
            self.cursor = position + 1;
            return Step::Probe(position);
        }
        // Many positions were skipped: let the caller look at the time before the next ones.
        Step::Wait(now)
    }

    /// Whether the silence at `position` was proof before this round.
    fn is_proven(&self, position: u64) -> bool {
        self.hosts.skips(self.index(position)).0
    }

    /// Disables canaries: rate limits would suppress their answers.
    pub(crate) fn disable_canaries(&mut self) {
        self.canaries_disabled = true;
    }

    /// Announces that probes are SYNs from `source_ports` ports in turn. A listener answers the first two SYNs of a
    /// connection at once, and later ones at intervals only.
    pub(crate) fn expect_listeners(&mut self, source_ports: u16) {
        self.quick_tries = 2 * source_ports.max(1);
    }

    /// Returns when there is something to send, or the sweep ends.
    pub fn wake(&mut self, now: Instant) -> Instant {
        if self.ended.is_some() {
            return now;
        }
        if !self.pacer.ready(now) {
            return self.pacer.next();
        }
        self.waiting.unwrap_or(now)
    }

    /// Times out canaries and evaluates the rate.
    pub fn on_timeout(&mut self, now: Instant) {
        let timeout = self.rtt.last_wait();
        while let Some(fate) = self.canaries.expire(now, timeout) {
            self.record_canary(now, fate);
        }
        self.recheck_missing_answers(now);
        self.pacer.expect_canaries(now, self.loss.rate());
        self.pacer.tick(now);
        self.canaries.report_queue(self.pacer.queue_drained_at());
    }

    /// Returns when [`Sweep::on_timeout`] has something to do.
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

    /// Stops the sweep.
    pub fn stop(&mut self, now: Instant, why: EndReason) {
        if self.ended.is_none() {
            self.ended = Some(why);
            self.stopped_at = Some(now);
        }
    }
}

/// Outcome of [`Sweep::advance`].
enum Step {
    /// Send the probe at this position.
    Probe(u64),
    Wait(Instant),
    End(EndReason),
}
