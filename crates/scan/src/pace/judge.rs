//! What an epoch says of the pace, and what follows: faster, slower, or on as before.
//!
//! This file must not know how epochs are cut, nor what keeps answers back but a queue.

use core::time::Duration;

use super::alarm::Alarm;
use super::epoch::Epoch;
use super::evidence::Evidence;
use super::{CRUISE, ENOUGH, Mode, Pacer, START};
use crate::time::Instant;

/// Growth in startup, while no capacity was ever seen.
const STARTUP_GAIN: f64 = 3.0;
/// Growth once there is more room than there was before.
const REGROW_GAIN: f64 = 1.5;
/// How far above the capacity it is felt for.
const PROBE_GAIN: f64 = 1.25;
/// Good epochs between two probes upwards.
const PROBE_EVERY: u8 = 6;
/// The same at a pace that harms nothing: a stall has brought it down, more likely than a queue.
const PROBE_SOON: u8 = 2;
/// A pace that harms nothing rises by itself after so long without a sign of harm, in ns: where most probes are
/// silent, good signs may be too few to wait for.
const RECOVER: u64 = 500_000_000;
/// With no answer at all the pace grows to this and no further.
const BLIND_CAP: f64 = 20_000.0;

/// So many epochs cut short say as much as a whole one.
const MOST_SHORT: u8 = 4;
/// So many answers are enough, however unevenly was sent.
const MANY: f64 = 256.0;

impl Pacer {
    pub(super) fn judge(&mut self, now: Instant, epoch: &Epoch) {
        self.recover(now, epoch);
        if epoch.plain + epoch.canaries == 0 {
            return;
        }
        self.correct_share(epoch);
        if epoch.rtt_min != u64::MAX {
            self.base_rtt.note(now, epoch.rtt_min);
        }
        let base = self.base_rtt.get().unwrap_or(0);
        let queue = epoch.queue(base);
        // A sender that could not keep the pace waited itself: no queue on the path is proven by that.
        let queueing = queue > (base / 16).max(self.caps.noise) && epoch.full();
        let seen = self.evidence(epoch).and(self.carried);
        // What was cut short by a change of pace is too little to judge a path by: a burst may have been all of it.
        let short = epoch.mode == Mode::Cruise
            && 2.0 * epoch.seconds() < self.length(epoch.mode).as_secs_f64();
        if (seen.expected < ENOUGH || short && seen.epochs < MOST_SHORT) && !queueing {
            // What was sent before the pace fell says nothing of the pace since. Where plain probes count this is soon
            // outweighed; canaries are too few for that.
            let faster = epoch.mode != Mode::Probe && epoch.rate > 1.02 * self.rate;
            if !(faster && self.canaries_alone()) {
                self.carried = seen;
            }
            self.judge_blind(now, epoch);
            return;
        }
        self.carried = Evidence::default();
        // Of a sender that was held up it is not known closely enough what it sent when, and so which answers are missing.
        let losing = seen.is_losing() && (epoch.full() || seen.expected > MANY);
        if self.is_all_clear(now, epoch, losing, queueing) {
            return;
        }
        if losing && !queueing && self.is_contradicted(epoch) {
            self.relearn(epoch);
        } else if losing || queueing {
            // Losses without a queue at a pace that every path bears: more likely somebody limits answers.
            if losing && !queueing && !self.path_loses && epoch.rate <= 1.05 * START {
                self.doubt.get_or_insert(now);
                return;
            }
            let lost_before = self.path_loses;
            self.path_loses |= queueing && epoch.rate <= 1.05 * START;
            let queue = if queueing { queue } else { 0 };
            if queueing {
                self.queued = now;
            }
            let present = (epoch.rate - self.rate).abs() <= 0.02 * self.rate;
            let emptying =
                !losing && present && epoch.mode == Mode::Cruise && queue < self.last_queue;
            self.last_queue = queue;
            if emptying {
                self.drain(now, queue);
            } else {
                let alarm = Alarm::new(epoch, self.capacity, lost_before);
                self.back_off(now, epoch, seen.through(), (queue, losing), alarm);
            }
        } else {
            self.doubt = None;
            self.last_queue = 0;
            // A little less than expected, at a pace near the capacity: the pace may be what keeps it back.
            if !seen.is_doubtful() || !matches!(epoch.mode, Mode::Cruise | Mode::Probe) {
                self.learn(epoch);
            }
            self.go_on(now, epoch, seen.epochs);
        }
    }

    /// Too little comes back to judge by: grow slowly while nothing is known to be harmed.
    fn judge_blind(&mut self, now: Instant, epoch: &Epoch) {
        let current = epoch.rate >= 0.99 * self.rate;
        if self.mode == Mode::Startup && epoch.full() && current && self.rate < BLIND_CAP {
            self.set_rate(now, (self.rate * 1.2).min(BLIND_CAP));
        }
    }

    /// A pace below what any network bears rises, as long as nothing speaks against it. Where the path itself has shown
    /// that it bears less, and answers keep coming that tell of more, it is felt for like any other.
    fn recover(&mut self, now: Instant, epoch: &Epoch) {
        let quiet = now >= self.moved + Duration::from_nanos(RECOVER.max(4 * self.srtt));
        let known = self.path_loses && !self.caps.fading;
        if self.mode == Mode::Cruise && self.rate < START && quiet && !known && epoch.full() {
            self.moved = now;
            let rate = (self.rate * REGROW_GAIN).min(START);
            self.capacity = Some(rate / CRUISE);
            self.set_rate(now, rate);
        }
    }

    /// Lets a queue of `queue` ns empty that stands from a faster pace before.
    fn drain(&mut self, now: Instant, queue: u64) {
        if self.mode == Mode::Cruise {
            self.mode = Mode::Drain;
            self.drain_until = now + Duration::from_nanos(2 * queue.min(self.srtt));
            self.set_rate(now, self.capacity.unwrap_or(self.rate) * 0.5);
        }
    }

    fn back_off(
        &mut self,
        now: Instant,
        epoch: &Epoch,
        through: f64,
        (queue, losing): (u64, bool),
        alarm: Alarm,
    ) {
        // What was sent at another pace was judged before: its answers say nothing new.
        let other = epoch.mode != Mode::Probe && (epoch.rate - self.rate).abs() > 0.02 * self.rate;
        if epoch.mode == Mode::Drain || other {
            if losing && queue > 0 && self.mode == Mode::Drain {
                // The queue is full at that: no more is to be drained.
                let full = self.moved + Duration::from_nanos(2 * queue);
                self.drain_until = self.drain_until.min(full);
            }
            return;
        }
        let sent = epoch.sent_span.1.since(epoch.sent_span.0).as_secs_f64();
        let came = epoch.came_span.1.since(epoch.came_span.0).as_secs_f64();
        let spread = if sent > 0.0 && came > sent {
            sent / came
        } else {
            1.0
        };
        let least = if epoch.mode == Mode::Cruise { 0.5 } else { 0.2 };
        let measured = epoch.actual() * (through * spread).clamp(least, 0.95);
        let least = if queue == 0 && !self.path_loses {
            START
        } else {
            0.0
        };
        let measured = measured.max(least);
        if epoch.mode == Mode::Probe && measured > 0.9 * self.rate {
            // The probe only found the wall where it was: no harm, no news, the queue drains by itself.
            return;
        }
        let doubtful = epoch.mode == Mode::Startup;
        self.alarm = doubtful.then_some(alarm);
        self.capacity = Some(self.capped(measured));
        self.best = measured.max(0.9 * self.best);
        self.recalled = 0.0;
        self.good = 0;
        self.moved = now;
        self.mode = Mode::Drain;
        // A queue that is not full went on growing until now.
        let grew = if losing || queue == 0 {
            0
        } else {
            let excess = (epoch.actual() / measured - 1.0).max(0.0);
            (excess * now.since(epoch.start).as_nanos() as f64) as u64
        };
        self.drain_until = now + Duration::from_nanos(2 * queue.max(grew).min(self.srtt));
        self.set_rate(now, (measured * 0.5).max(least));
    }

    /// Nothing speaks against the pace of `epoch`, nor of so many before it.
    fn go_on(&mut self, now: Instant, epoch: &Epoch, epochs: u8) {
        // An epoch from before the last change of pace has had its say already.
        if (epoch.rate - self.rate).abs() > 0.01 * self.rate && epoch.mode != Mode::Probe {
            return;
        }
        match (epoch.mode, self.mode) {
            (Mode::Startup, Mode::Startup) if epoch.full() => {
                self.prove(epoch.rate);
                self.set_rate(now, self.rate * self.gain());
            }
            (Mode::Probe, Mode::Cruise) if epoch.full() => {
                let felt = self.again && epoch.rate > 0.9 * self.best;
                self.capacity = Some(epoch.rate);
                self.prove(epoch.rate);
                if felt {
                    self.set_rate(now, epoch.rate * CRUISE);
                } else {
                    // There was room above: go and look how much.
                    self.alarm = None;
                    self.mode = Mode::Startup;
                    self.set_rate(now, epoch.rate);
                }
            }
            (Mode::Cruise, Mode::Cruise) => {
                self.good = self.good.saturating_add(epochs);
                let wanted = if self.rate < START.max(0.5 * self.best) {
                    PROBE_SOON
                } else {
                    PROBE_EVERY
                };
                if self.good >= wanted && epoch.full() {
                    self.good = 0;
                    self.probe_upwards(now);
                }
            }
            _ => {}
        }
    }

    /// How much faster than a harmless pace the next one is.
    fn gain(&self) -> f64 {
        if self.again && self.rate * REGROW_GAIN > self.best() {
            PROBE_GAIN
        } else if self.capacity.is_some() {
            REGROW_GAIN
        } else {
            STARTUP_GAIN
        }
    }

    /// `rate` harms nothing.
    fn prove(&mut self, rate: f64) {
        self.best = self.best.max(rate);
        if let Some(capacity) = &mut self.capacity {
            *capacity = capacity.max(rate);
        }
    }

    /// One epoch above the capacity; those after it cruise until its answers are in.
    fn probe_upwards(&mut self, now: Instant) {
        self.mode = Mode::Probe;
        self.set_rate(now, self.capacity.unwrap_or(self.rate) * PROBE_GAIN);
        // As long as the epoch just begun, whose length depends on the rate.
        self.drain_until = now + self.length(Mode::Probe);
    }
}
