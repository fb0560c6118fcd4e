//! The pace: probes a second, found from what comes back.
//!
//! A controller in the family of BBR (Cardwell et al., ACM Queue 14(5), 2016),
//! fitted to scanning, where most probes may stay silent by nature:
//!
//! - Because the order is a random permutation, the share of first-round probes
//!   that get an answer is the same all through the round. It is learned while the
//!   pace is known to be harmless; each probe then carries that share as its
//!   *expected* answers, a canary one. Fewer answers than expected mean that
//!   the pace loses probes; silence of filtered ports does not.
//! - Time is cut into epochs of about half a round-trip. An epoch is judged when
//!   its answers have had their time: answers against expectation, the shortest
//!   RTT against the shortest ever (a standing queue), and how far the answers
//!   were spread out against how far the probes were (the rate that got through).
//! - Startup multiplies the rate while epochs are good. The first bad one tells the
//!   capacity; the queue is drained, and the rate cruises just below, with a
//!   probe upwards every few round-trips.
//!
//! Loss that does not depend on the pace is in the learned share, and slows nothing.
//! This file must not know packets, hosts or ports.

use alloc::collections::VecDeque;
use core::time::Duration;

use crate::time::Instant;

/// What the user or the plan imposes, in probes a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Caps {
    /// Never faster.
    pub max: Option<f64>,
    /// Never slower.
    pub min: Option<f64>,
}

/// Before any answer: what no network of today is hurt by.
const START: f64 = 4_000.0;
/// The first pace where an answer came within two milliseconds: a machine in the same room.
const START_NEAR: f64 = 20_000.0;
/// With no answer at all the pace grows to this and no further.
const BLIND_CAP: f64 = 20_000.0;
/// No machine sends faster.
const CEILING: f64 = 20e6;
const FLOOR: f64 = 20.0;
const STARTUP_GAIN: f64 = 2.5;
const PROBE_GAIN: f64 = 1.25;
/// Cruise this much below the measured capacity, so that the queue stays short.
const CRUISE: f64 = 0.97;
/// Good epochs between two probes upwards.
const PROBE_EVERY: u8 = 6;
/// Fewer expected answers than this decide nothing.
const ENOUGH: f64 = 16.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Startup,
    Cruise,
    /// One epoch above the capacity.
    Probe,
    /// Below it, while the queue empties.
    Drain,
}

#[derive(Clone, Copy, Debug)]
struct Epoch {
    start: Instant,
    /// Unset while the epoch runs.
    end: Option<Instant>,
    rate: f64,
    mode: Mode,
    plain: u32,
    canaries: u32,
    /// Answers to plain probes and to canaries.
    plain_answers: u32,
    canary_answers: u32,
    rtt_min: u64,
    /// Sending times of the first and last answered probe, arrival times of first and last answer.
    sent_span: (Instant, Instant),
    came_span: (Instant, Instant),
}

impl Epoch {
    fn new(start: Instant, rate: f64, mode: Mode) -> Epoch {
        let span = (Instant::FAR, Instant::ZERO);
        Epoch {
            start,
            end: None,
            rate,
            mode,
            plain: 0,
            canaries: 0,
            plain_answers: 0,
            canary_answers: 0,
            rtt_min: u64::MAX,
            sent_span: span,
            came_span: span,
        }
    }

    fn seconds(&self) -> f64 {
        self.end
            .map_or(0.0, |end| end.since(self.start).as_secs_f64())
            .max(1e-6)
    }

    fn actual(&self) -> f64 {
        f64::from(self.plain + self.canaries) / self.seconds()
    }
}

/// How fast to send.
#[derive(Clone, Debug)]
pub struct Pacer {
    caps: Caps,
    mode: Mode,
    rate: f64,
    capacity: Option<f64>,
    /// Sending credit in probes, and when it was last topped up.
    credit: f64,
    topped: Instant,
    epochs: VecDeque<Epoch>,
    /// Share of plain probes that get an answer, and in how many probes it was seen.
    share: f64,
    share_weight: f64,
    /// Share of canaries that come back, as the loss estimate has it.
    canary_share: f64,
    base_rtt: Option<u64>,
    srtt: u64,
    good: u8,
    drain_until: Instant,
    /// What is not yet enough to judge, carried into the next epoch judged.
    carried: (f64, f64),
    started: bool,
}

impl Pacer {
    /// A pacer that starts at a safe default; `rtt` is a first round-trip time, if one is known.
    pub fn new(caps: Caps, rtt: Option<Duration>) -> Pacer {
        let near = rtt.is_some_and(|r| r < Duration::from_millis(2));
        let mut pacer = Pacer {
            caps,
            mode: Mode::Startup,
            rate: 0.0,
            capacity: None,
            credit: 1.0,
            topped: Instant::ZERO,
            epochs: VecDeque::with_capacity(64),
            share: 0.0,
            share_weight: 0.0,
            canary_share: 1.0,
            base_rtt: None,
            srtt: rtt.map_or(50_000_000, |r| r.as_nanos() as u64),
            good: 0,
            drain_until: Instant::ZERO,
            carried: (0.0, 0.0),
            started: false,
        };
        pacer.rate = pacer.capped(if near { START_NEAR } else { START });
        pacer
    }

    /// The present pace, in probes a second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The capacity found, in probes a second, once it is known.
    pub fn capacity(&self) -> Option<f64> {
        self.capacity
    }

    /// Whether a probe may be sent now.
    #[inline]
    pub fn ready(&mut self, now: Instant) -> bool {
        if self.credit < 1.0 {
            self.top_up(now);
        }
        self.credit >= 1.0
    }

    fn top_up(&mut self, now: Instant) {
        let elapsed = now.since(self.topped).as_secs_f64();
        // A burst is half a millisecond of the rate: short queues must hold it.
        let burst = (self.rate * 0.5e-3).clamp(1.0, 64.0);
        self.credit = (self.credit + elapsed * self.rate).min(burst);
        self.topped = now;
    }

    /// When the next probe may be sent, if not now.
    pub fn next(&self) -> Instant {
        if self.credit >= 1.0 {
            return self.topped;
        }
        self.topped + Duration::from_secs_f64(((1.0 - self.credit) / self.rate).max(1e-6))
    }

    /// A probe was sent; `plain` ones belong to the first round, canaries do not, and
    /// retries (neither) tell nothing about the pace.
    #[inline]
    pub fn sent(&mut self, now: Instant, what: Sent) {
        self.credit -= 1.0;
        if !self.started {
            self.started = true;
            self.open_epoch(now);
        }
        if let Some(epoch) = self.epochs.back_mut() {
            match what {
                Sent::Plain => epoch.plain += 1,
                Sent::Canary => epoch.canaries += 1,
                Sent::Retry => {}
            }
        }
    }

    /// An answer came at `now` to a probe sent at `sent`.
    #[inline]
    pub fn answered(&mut self, now: Instant, sent: Instant, what: Sent) {
        let rtt = now.since(sent).as_nanos() as u64;
        self.srtt = self.srtt - self.srtt / 8 + rtt / 8;
        // The newest epoch that had begun by then is the probe's own.
        let Some(epoch) = self.epochs.iter_mut().rev().find(|e| e.start <= sent) else {
            return;
        };
        match what {
            Sent::Plain => epoch.plain_answers += 1,
            Sent::Canary => epoch.canary_answers += 1,
            Sent::Retry => return,
        }
        epoch.rtt_min = epoch.rtt_min.min(rtt);
        epoch.sent_span = (epoch.sent_span.0.min(sent), epoch.sent_span.1.max(sent));
        epoch.came_span = (epoch.came_span.0.min(now), epoch.came_span.1.max(now));
    }

    /// What share of canaries comes back when nothing is overloaded.
    pub fn expect_canaries(&mut self, share: f64) {
        self.canary_share = share;
    }

    /// Cuts and judges epochs; call now and then, at the latest at [`Pacer::deadline`].
    pub fn tick(&mut self, now: Instant) {
        if self.mode == Mode::Drain && now >= self.drain_until {
            self.mode = Mode::Cruise;
            self.set_rate(now, self.capacity.unwrap_or(self.rate) * CRUISE);
        }
        let length = Duration::from_nanos((self.srtt / 2).max(2_000_000));
        if self.epochs.back().is_some_and(|e| now >= e.start + length) {
            self.open_epoch(now);
        }
        let patience = Duration::from_nanos((2 * self.srtt).max(3_000_000));
        while let Some(oldest) = self.epochs.front() {
            match oldest.end {
                Some(end) if now >= end + patience => {
                    let epoch = *oldest;
                    self.epochs.pop_front();
                    self.judge(now, &epoch);
                }
                _ => break,
            }
        }
    }

    /// When [`Pacer::tick`] has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        let length = Duration::from_nanos((self.srtt / 2).max(2_000_000));
        self.epochs.back().map(|e| e.start + length)
    }

    fn open_epoch(&mut self, now: Instant) {
        if let Some(epoch) = self.epochs.back_mut() {
            epoch.end = Some(now);
        }
        self.epochs.push_back(Epoch::new(now, self.rate, self.mode));
        if self.epochs.len() > 4096 {
            self.epochs.pop_front();
        }
    }

    fn capped(&self, rate: f64) -> f64 {
        let rate = rate.clamp(FLOOR, CEILING);
        let rate = self.caps.min.map_or(rate, |min| rate.max(min));
        self.caps.max.map_or(rate, |max| rate.min(max))
    }

    fn set_rate(&mut self, now: Instant, rate: f64) {
        self.top_up(now);
        self.rate = self.capped(rate);
        self.credit = self.credit.min((self.rate * 0.5e-3).clamp(1.0, 64.0));
        if self.started {
            self.open_epoch(now);
        }
    }

    fn judge(&mut self, now: Instant, epoch: &Epoch) {
        if epoch.plain + epoch.canaries == 0 {
            return;
        }
        let first_share = self.share_weight == 0.0 && epoch.plain_answers > 0;
        if first_share {
            self.learn(epoch);
        }
        let expected =
            f64::from(epoch.plain) * self.share + f64::from(epoch.canaries) * self.canary_share;
        let got = f64::from(epoch.plain_answers + epoch.canary_answers);
        let (expected, got) = (expected + self.carried.0, got + self.carried.1);
        if epoch.rtt_min != u64::MAX {
            self.base_rtt = Some(
                self.base_rtt
                    .map_or(epoch.rtt_min, |b| b.min(epoch.rtt_min)),
            );
        }
        if expected < ENOUGH {
            self.carried = (expected, got);
            self.judge_blind(now, epoch);
            return;
        }
        self.carried = (0.0, 0.0);
        let losing = got < 0.85 * expected && expected - got > 4.0 * libm::sqrt(expected);
        let base = self.base_rtt.unwrap_or(0);
        let queue = if epoch.rtt_min == u64::MAX {
            0
        } else {
            epoch.rtt_min - base
        };
        let queueing = queue > (base / 8).max(1_500_000);
        if losing || queueing {
            self.back_off(now, epoch, (got / expected).min(1.0), queue);
        } else {
            self.go_on(now, epoch);
        }
    }

    /// Too little comes back to judge by: grow slowly while nothing is known to be harmed.
    fn judge_blind(&mut self, now: Instant, epoch: &Epoch) {
        let full = epoch.actual() > 0.7 * epoch.rate && epoch.rate >= 0.99 * self.rate;
        if self.mode == Mode::Startup && full && self.rate < BLIND_CAP {
            self.set_rate(now, (self.rate * 1.2).min(BLIND_CAP));
        }
    }

    fn learn(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n > 0.0 {
            let seen = f64::from(epoch.plain_answers) / n;
            // Forget slowly: the share is the same all through the round, only the sample grows.
            let weight = (self.share_weight + n).min(1e5);
            self.share += (seen - self.share) * (n / weight).min(1.0);
            self.share_weight = weight;
        }
    }

    fn back_off(&mut self, now: Instant, epoch: &Epoch, through: f64, queue: u64) {
        // What was sent faster than now was judged before: its answers say nothing new.
        if epoch.mode == Mode::Drain || epoch.rate > 1.02 * self.rate {
            return;
        }
        let sent = epoch.sent_span.1.since(epoch.sent_span.0).as_secs_f64();
        let came = epoch.came_span.1.since(epoch.came_span.0).as_secs_f64();
        let spread = if sent > 0.0 && came > sent {
            sent / came
        } else {
            1.0
        };
        let measured = epoch.actual() * (through * spread).clamp(0.3, 0.98);
        self.capacity = Some(self.capped(measured));
        self.good = 0;
        self.mode = Mode::Drain;
        self.drain_until = now + Duration::from_nanos(2 * queue.min(self.srtt));
        self.set_rate(now, measured * 0.5);
    }

    fn go_on(&mut self, now: Instant, epoch: &Epoch) {
        self.learn(epoch);
        // An epoch from before the last change of pace has had its say already.
        if (epoch.rate - self.rate).abs() > 0.01 * self.rate && epoch.mode != Mode::Probe {
            return;
        }
        let full = epoch.actual() > 0.7 * epoch.rate;
        match (epoch.mode, self.mode) {
            (Mode::Startup, Mode::Startup) if full => self.set_rate(now, self.rate * STARTUP_GAIN),
            (Mode::Probe, Mode::Cruise | Mode::Probe) if full => {
                // There was room above: go and look how much.
                self.capacity = Some(epoch.rate);
                self.mode = Mode::Startup;
                self.set_rate(now, epoch.rate * PROBE_GAIN);
            }
            (Mode::Cruise, Mode::Cruise) => {
                self.good += 1;
                if self.good >= PROBE_EVERY && full {
                    self.good = 0;
                    self.mode = Mode::Probe;
                    self.set_rate(now, self.capacity.unwrap_or(self.rate) * PROBE_GAIN);
                    self.mode = Mode::Cruise;
                    self.probe_for_one_epoch(now);
                }
            }
            _ => {}
        }
    }

    /// The epoch just opened probes upwards; those after it cruise until its answers are in.
    fn probe_for_one_epoch(&mut self, now: Instant) {
        if let Some(epoch) = self.epochs.back_mut() {
            epoch.mode = Mode::Probe;
        }
        self.drain_until = now + Duration::from_nanos((self.srtt / 2).max(2_000_000));
        self.mode = Mode::Drain;
    }
}

/// What was sent, as the pace sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A probe of the first round.
    Plain,
    /// A probe known to answer.
    Canary,
    /// A probe that was silent before.
    Retry,
}
