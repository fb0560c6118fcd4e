//! Evaluates an epoch and decides the rate: faster, slower, or unchanged.
//!
//! The module does not know how epochs are cut.

use core::time::Duration;

use super::epoch::Epoch;
use super::evidence::Evidence;
use super::overload::Overload;
use super::{CRUISE, MIN_EXPECTED, Mode, Pacer, START_RATE};
use crate::time::Instant;

/// Growth per epoch in startup while no capacity is known.
const STARTUP_GAIN: f64 = 3.0;
/// Growth per epoch once a probe upwards found more capacity.
const REGROW_GAIN: f64 = 1.5;
/// Rate of a probe upwards, relative to the capacity.
const PROBE_GAIN: f64 = 1.25;
/// Number of good epochs between two probes upwards.
const PROBE_EVERY: u8 = 6;
/// Number of good epochs between two probes upwards at a harmless rate, which a stall more likely lowered than a queue.
const PROBE_EVERY_SLOW: u8 = 2;
/// Time in ns after which a harmless rate rises without positive evidence: where most probes are silent, good epochs
/// may be too few to wait for.
const RECOVERY_NS: u64 = 500_000_000;
/// Maximum rate without any answer, in probes per second.
const BLIND_CAP: f64 = 20_000.0;

/// Number of truncated epochs that count as a whole one.
const MAX_SHORT: u8 = 4;
/// Number of expected answers that suffice even if probes were sent unevenly.
const AMPLE: f64 = 256.0;

impl Pacer {
    /// Evaluates a closed epoch whose answers had time to arrive.
    pub(super) fn judge(&mut self, now: Instant, epoch: &Epoch) {
        self.recover(now, epoch);
        if epoch.plain + epoch.canaries == 0 {
            return;
        }
        self.correct_answer_ratio(epoch);
        if epoch.rtt_min != u64::MAX {
            self.base_rtt.record(now, epoch.rtt_min);
        }
        let base = self.base_rtt.get().unwrap_or(0);
        let queue = epoch.queue(base);
        // A sender that fell behind was stalled itself, which proves no queue on the path.
        let queueing = queue > (base / 16).max(self.caps.rtt_resolution) && epoch.full();
        let seen = self.evidence(epoch).plus(self.carried);
        // An epoch truncated by a change of rate is too short to judge the path: it may be a single burst.
        let short = epoch.mode == Mode::Cruise
            && 2.0 * epoch.seconds() < self.length(epoch.mode).as_secs_f64();
        if (seen.expected < MIN_EXPECTED || short && seen.epochs < MAX_SHORT) && !queueing {
            // Probes sent before the rate fell say nothing about the present rate. Plain probes soon outweigh them;
            // canaries are too few for that.
            let faster = epoch.mode != Mode::Probe && epoch.rate > 1.02 * self.rate;
            if !(faster && self.only_canaries_measure()) {
                self.carried = seen;
            }
            self.judge_blind(now, epoch);
            return;
        }
        self.carried = Evidence::default();
        // After a stall the send times are not known well enough to say which answers are missing.
        let losing = seen.is_losing() && (epoch.full() || seen.expected > AMPLE);
        if self.disproves_overload(now, epoch, losing, queueing) {
            return;
        }
        if losing && !queueing && self.is_contradicted(epoch) {
            self.relearn(epoch);
        } else if losing || queueing {
            // Loss without a queue at a harmless rate: a rate limit is more likely than the path.
            if losing && !queueing && !self.path_is_lossy && epoch.rate <= 1.05 * START_RATE {
                self.recheck_since.get_or_insert(now);
                return;
            }
            let was_lossy = self.path_is_lossy;
            self.path_is_lossy |= queueing && epoch.rate <= 1.05 * START_RATE;
            let queue = if queueing { queue } else { 0 };
            if queueing {
                self.queue_seen = now;
            }
            let present = (epoch.rate - self.rate).abs() <= 0.02 * self.rate;
            let emptying =
                !losing && present && epoch.mode == Mode::Cruise && queue < self.last_queue;
            self.last_queue = queue;
            if emptying {
                self.drain(now, queue);
            } else {
                let overload = Overload::new(epoch, self.capacity, was_lossy);
                self.back_off(now, epoch, seen.delivered(), (queue, losing), overload);
            }
        } else {
            self.recheck_since = None;
            self.last_queue = 0;
            // A little fewer than expected close to the capacity: the rate itself may cause it.
            if !seen.is_doubtful() || !matches!(epoch.mode, Mode::Cruise | Mode::Probe) {
                self.learn(epoch);
            }
            self.advance(now, epoch, seen.epochs);
        }
    }

    /// Grows slowly while there are too few answers to evaluate and nothing is known to be harmed.
    fn judge_blind(&mut self, now: Instant, epoch: &Epoch) {
        let current = epoch.rate >= 0.99 * self.rate;
        if self.mode == Mode::Startup && epoch.full() && current && self.rate < BLIND_CAP {
            self.set_rate(now, (self.rate * 1.2).min(BLIND_CAP));
        }
    }

    /// Raises a rate below the initial one as long as no evidence contradicts it. If the path itself proved a lower
    /// capacity and answers keep arriving, the regular probes upwards do that.
    fn recover(&mut self, now: Instant, epoch: &Epoch) {
        let quiet = now >= self.last_change + Duration::from_nanos(RECOVERY_NS.max(4 * self.srtt));
        let known = self.path_is_lossy && !self.caps.declining_answers;
        if self.mode == Mode::Cruise && self.rate < START_RATE && quiet && !known && epoch.full() {
            self.last_change = now;
            let rate = (self.rate * REGROW_GAIN).min(START_RATE);
            self.capacity = Some(rate / CRUISE);
            self.set_rate(now, rate);
        }
    }

    /// Drains a queue of `queue` ns that a faster rate left behind.
    fn drain(&mut self, now: Instant, queue: u64) {
        if self.mode == Mode::Cruise {
            self.mode = Mode::Drain;
            self.drain_until = now + Duration::from_nanos(2 * queue.min(self.srtt));
            self.set_rate(now, self.capacity.unwrap_or(self.rate) * 0.5);
        }
    }

    /// Lowers the rate to what got through in `epoch`.
    fn back_off(
        &mut self,
        now: Instant,
        epoch: &Epoch,
        delivered: f64,
        (queue, losing): (u64, bool),
        overload: Overload,
    ) {
        // An epoch at another rate was evaluated before and says nothing new.
        let other = epoch.mode != Mode::Probe && (epoch.rate - self.rate).abs() > 0.02 * self.rate;
        if epoch.mode == Mode::Drain || other {
            if losing && queue > 0 && self.mode == Mode::Drain {
                // The queue was full, so there is no more to drain.
                let full = self.last_change + Duration::from_nanos(2 * queue);
                self.drain_until = self.drain_until.min(full);
            }
            return;
        }
        let sent = epoch.sent_span.1.since(epoch.sent_span.0).as_secs_f64();
        let received = epoch
            .received_span
            .1
            .since(epoch.received_span.0)
            .as_secs_f64();
        let spread = if sent > 0.0 && received > sent {
            sent / received
        } else {
            1.0
        };
        let min_share = if epoch.mode == Mode::Cruise { 0.5 } else { 0.2 };
        let measured = epoch.actual() * (delivered * spread).clamp(min_share, 0.95);
        let min_rate = if queue == 0 && !self.path_is_lossy {
            START_RATE
        } else {
            0.0
        };
        let measured = measured.max(min_rate);
        if epoch.mode == Mode::Probe && measured > 0.9 * self.rate {
            // The probe upwards confirmed the known capacity. The queue drains by itself.
            return;
        }
        let doubtful = epoch.mode == Mode::Startup;
        self.overload = doubtful.then_some(overload);
        self.capacity = Some(self.capped(measured));
        self.proven_rate = measured.max(0.9 * self.proven_rate);
        self.earlier_proven_rate = 0.0;
        self.good_epochs = 0;
        self.last_change = now;
        self.mode = Mode::Drain;
        // A queue that is not full has grown until now.
        let grew = if losing || queue == 0 {
            0
        } else {
            let excess = (epoch.actual() / measured - 1.0).max(0.0);
            (excess * now.since(epoch.start).as_nanos() as f64) as u64
        };
        self.drain_until = now + Duration::from_nanos(2 * queue.max(grew).min(self.srtt));
        self.set_rate(now, (measured * 0.5).max(min_rate));
    }

    /// Raises the rate after `epochs` good epochs, if it is time to.
    fn advance(&mut self, now: Instant, epoch: &Epoch, epochs: u8) {
        // An epoch from before the last change of rate was evaluated already.
        if (epoch.rate - self.rate).abs() > 0.01 * self.rate && epoch.mode != Mode::Probe {
            return;
        }
        match (epoch.mode, self.mode) {
            (Mode::Startup, Mode::Startup) if epoch.full() => {
                self.prove(epoch.rate);
                self.set_rate(now, self.rate * self.gain());
            }
            (Mode::Probe, Mode::Cruise) if epoch.full() => {
                let cautious = self.retrying && epoch.rate > 0.9 * self.proven_rate;
                self.capacity = Some(epoch.rate);
                self.prove(epoch.rate);
                if cautious {
                    self.set_rate(now, epoch.rate * CRUISE);
                } else {
                    // There is more capacity: search for it.
                    self.overload = None;
                    self.mode = Mode::Startup;
                    self.set_rate(now, epoch.rate);
                }
            }
            (Mode::Cruise, Mode::Cruise) => {
                self.good_epochs = self.good_epochs.saturating_add(epochs);
                let interval = if self.rate < START_RATE.max(0.5 * self.proven_rate) {
                    PROBE_EVERY_SLOW
                } else {
                    PROBE_EVERY
                };
                if self.good_epochs >= interval && epoch.full() {
                    self.good_epochs = 0;
                    self.probe_upwards(now);
                }
            }
            _ => {}
        }
    }

    /// Returns the factor of the next step upwards.
    fn gain(&self) -> f64 {
        if self.retrying && self.rate * REGROW_GAIN > self.proven_rate() {
            PROBE_GAIN
        } else if self.capacity.is_some() {
            REGROW_GAIN
        } else {
            STARTUP_GAIN
        }
    }

    /// Records that `rate` is harmless.
    fn prove(&mut self, rate: f64) {
        self.proven_rate = self.proven_rate.max(rate);
        if let Some(capacity) = &mut self.capacity {
            *capacity = capacity.max(rate);
        }
    }

    /// Sends one epoch above the capacity. The epochs after it cruise until its answers have arrived.
    fn probe_upwards(&mut self, now: Instant) {
        self.mode = Mode::Probe;
        self.set_rate(now, self.capacity.unwrap_or(self.rate) * PROBE_GAIN);
        // The length of the epoch just opened, which depends on the rate.
        self.drain_until = now + self.length(Mode::Probe);
    }
}
