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
//!   RTT at its end against the shortest ever (a standing queue), and how far the answers
//!   were spread out against how far the probes were (the rate that got through).
//! - Startup multiplies the rate while epochs are good. The first bad one tells the
//!   capacity; the queue is drained, and the rate cruises just below, with a
//!   probe upwards every few round-trips.
//!
//! Loss that does not depend on the pace is in the learned share, and slows nothing.
//! This file must not know packets, hosts or ports.

mod alarm;
mod caps;
mod doubt;
mod epoch;
mod evidence;
mod judge;
mod parts;
mod shortest;

use alloc::collections::VecDeque;
use core::time::Duration;

use crate::time::Instant;
use alarm::Alarm;
pub use caps::Caps;
use epoch::Epoch;
use evidence::Evidence;
use shortest::Shortest;

/// Before any answer: what no network of today is hurt by.
const START: f64 = 4_000.0;
/// The first pace where an answer came within two milliseconds: a machine in the same room.
const START_NEAR: f64 = 20_000.0;
/// No machine sends faster.
const CEILING: f64 = 20e6;
const FLOOR: f64 = 20.0;
/// Cruise this much below the measured capacity, so that the queue stays short.
const CRUISE: f64 = 0.97;
/// Fewer expected answers than this decide nothing.
const ENOUGH: f64 = 16.0;
/// An epoch is never shorter: clocks and schedulers are not finer.
const SHORTEST: u64 = 2_000_000;
/// Nor longer than this, in seconds, unless the round-trip is.
const LONGEST: f64 = 1.0;
/// At the least one probe in so many brings an answer: the canaries see to that.
const RAREST: f64 = 1.0 / 64.0;
/// The least weight, beside what is known, of an epoch that corrects it.
const LIGHTEST: f64 = 0.01;
/// So many canaries of one epoch are believed against its plain probes.
const WITNESSES: u32 = 10;
/// A loss that grew is the usual one after so long, in seconds.
const GROWN_USED: f64 = 2.0;
/// Before an answer was timed, epochs are judged this late, in ns.
const FIRST_PATIENCE: u64 = 300_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Startup,
    Cruise,
    /// One epoch above the capacity.
    Probe,
    /// Below it, while the queue empties.
    Drain,
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
    /// Plain probes judged before the first answer: they count for the share as all others do.
    silent: f64,
    /// Canaries sent so far.
    witnesses: u32,
    /// Share of canaries that usually come back, and when that was last asked.
    canary_share: f64,
    expected: Instant,
    base_rtt: Shortest,
    srtt: u64,
    /// Variation of the RTT (RFC 6298), ns.
    rttvar: u64,
    /// Whether `srtt` was measured; before that it is a guess.
    timed: bool,
    good: u8,
    drain_until: Instant,
    /// When the pace last rose by itself, or had to fall.
    moved: Instant,
    /// What is not yet enough to judge, carried into the next epoch judged.
    carried: Evidence,
    started: bool,
    /// What the hosts that are left can bear together.
    host_limit: Option<f64>,
    /// Answers have been failing since then at a pace that harms nothing, and nobody knows yet what keeps them back.
    doubt: Option<Instant>,
    /// It is known to be the path.
    path_loses: bool,
    /// When a queue was last seen to stand, and how long it was then, in ns.
    queued: Instant,
    last_queue: u64,
    /// What ended startup last, while later epochs may tell that it was nothing.
    alarm: Option<Alarm>,
    /// Only silent probes are sent again: few answers tell of the pace, so it is felt for, not leapt upwards.
    again: bool,
    /// The most that was proven harmless, less what was seen since.
    best: f64,
    /// What an earlier run of the scan had proven, until this path bears less.
    recalled: f64,
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
            silent: 0.0,
            witnesses: 0,
            canary_share: 1.0,
            expected: Instant::ZERO,
            base_rtt: Shortest::default(),
            srtt: rtt.map_or(50_000_000, |r| r.as_nanos() as u64),
            rttvar: 0,
            timed: rtt.is_some(),
            good: 0,
            drain_until: Instant::ZERO,
            moved: Instant::ZERO,
            carried: Evidence::default(),
            started: false,
            host_limit: None,
            doubt: None,
            path_loses: false,
            queued: Instant::ZERO,
            last_queue: 0,
            alarm: None,
            again: false,
            best: 0.0,
            recalled: 0.0,
        };
        pacer.rate = pacer.capped(if near { START_NEAR } else { START });
        pacer
    }

    /// The present pace, in probes a second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The most that was proven harmless, in probes a second.
    pub(crate) fn best(&self) -> f64 {
        self.best.max(self.recalled)
    }

    /// An earlier run has found `best` harmless: rounds of retries, which tell little, may come so far in leaps.
    pub(crate) fn recall(&mut self, best: f64) {
        self.recalled = best;
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
        self.credit = (self.credit + elapsed * self.rate).min(self.burst());
        self.topped = now;
    }

    /// So many probes may follow each other at once after a pause: half a millisecond of the rate, but no more
    /// than a short queue holds, unless a sender could not come to the rate by smaller ones.
    fn burst(&self) -> f64 {
        let most = (self.rate * 128e-6).clamp(32.0, 64.0);
        (self.rate * 0.5e-3).clamp(1.0, most)
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
                Sent::Canary => {
                    epoch.canaries += 1;
                    self.witnesses = self.witnesses.saturating_add(1);
                }
                Sent::Retry => epoch.retries += 1,
            }
        }
    }

    /// An answer came at `now` to a probe sent at `sent`.
    #[inline]
    pub fn answered(&mut self, now: Instant, sent: Instant, what: Sent) {
        let rtt = now.since(sent).as_nanos() as u64;
        self.rttvar = if self.timed {
            self.rttvar - self.rttvar / 4 + self.srtt.abs_diff(rtt) / 4
        } else {
            rtt / 2
        };
        self.srtt = if self.timed {
            self.srtt - self.srtt / 8 + rtt / 8
        } else {
            rtt
        };
        self.timed = true;
        // The newest epoch that had begun by then is the probe's own.
        let Some(epoch) = self.epochs.iter_mut().rev().find(|e| e.start <= sent) else {
            return;
        };
        match what {
            Sent::Plain => epoch.plain_answers += 1,
            Sent::Canary => epoch.canary_answers += 1,
            Sent::Retry => return,
        }
        epoch.timed(now, sent);
    }

    /// From now on silent probes are sent again, and nothing else.
    pub fn retry(&mut self, now: Instant) {
        self.again = true;
        self.alarm = None;
        if self.mode == Mode::Startup
            && let Some(capacity) = self.capacity
        {
            self.mode = Mode::Cruise;
            self.set_rate(now, capacity * CRUISE);
        }
    }

    /// The share `lost` of all canaries was lost until now. It is only slowly taken for the usual one where it grows:
    /// it may be the pace that loses them.
    pub fn expect_canaries(&mut self, now: Instant, lost: f64) {
        let usual = 1.0 - self.canary_share;
        let part = (now.since(self.expected).as_secs_f64() / GROWN_USED).min(1.0);
        let usual = if lost < usual || !self.started {
            lost
        } else {
            usual + (lost - usual) * part
        };
        self.expected = now;
        // No path that is worth a scan loses half of all: a worse share is not taken for the usual one.
        self.canary_share = (1.0 - usual).max(0.5);
    }

    /// Cuts and judges epochs; call now and then, at the latest at [`Pacer::deadline`].
    pub fn tick(&mut self, now: Instant) {
        if matches!(self.mode, Mode::Drain | Mode::Probe) && now >= self.drain_until {
            self.mode = Mode::Cruise;
            self.set_rate(now, self.capacity.unwrap_or(self.rate) * CRUISE);
        }
        if self
            .epochs
            .back()
            .is_some_and(|e| now >= e.start + self.length(e.mode))
        {
            self.open_epoch(now);
        }
        while let Some(oldest) = self.epochs.front() {
            if !self.is_ripe(oldest, now) {
                break;
            }
            let epoch = *oldest;
            self.epochs.pop_front();
            self.judge(now, &epoch);
        }
    }

    /// Whether an epoch's answers have had their time, or are all there already.
    fn is_ripe(&self, epoch: &Epoch, now: Instant) -> bool {
        let Some(end) = epoch.end else { return false };
        let patience = if self.timed {
            (self.srtt + (4 * self.rttvar).clamp(self.srtt / 16, self.srtt)).max(3_000_000)
        } else {
            FIRST_PATIENCE
        };
        let patience = Duration::from_nanos(patience);
        let seen = self.evidence(epoch);
        let there = self.share_weight > 0.0 && seen.through() >= 0.97;
        now >= end + patience || (there && seen.expected >= ENOUGH)
    }

    /// Whether nothing but canaries tells of the pace.
    fn canaries_alone(&self) -> bool {
        self.is_fading() || self.again
    }

    /// Whether plain probes tell nothing of the pace.
    fn is_fading(&self) -> bool {
        self.caps.fading && self.witnesses >= WITNESSES
    }

    /// How long an epoch is: short while the pace grows, a whole round-trip where it probes.
    fn length(&self, mode: Mode) -> Duration {
        let part = match mode {
            Mode::Startup => self.srtt / 4,
            Mode::Cruise | Mode::Drain => self.srtt / 2,
            Mode::Probe => self.srtt.max(2 * SHORTEST),
        };
        let length = Duration::from_nanos(part.max(SHORTEST));
        match mode {
            Mode::Cruise | Mode::Drain => length,
            // What is tried out must hold enough answers to be judged alone, or a slow pace could never rise.
            Mode::Startup | Mode::Probe => {
                let per_probe = if self.canaries_alone() {
                    RAREST
                } else if self.share_weight > 0.0 {
                    self.share.max(RAREST)
                } else {
                    1.0
                };
                length.max(Duration::from_secs_f64(
                    (1.25 * ENOUGH / (self.rate * per_probe)).min(LONGEST),
                ))
            }
        }
    }

    /// When [`Pacer::tick`] has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        self.epochs.back().map(|e| e.start + self.length(e.mode))
    }

    fn open_epoch(&mut self, now: Instant) {
        if let Some(epoch) = self.epochs.back_mut() {
            epoch.end = Some(now);
        }
        self.epochs.push_back(Epoch::new(
            now,
            self.length(self.mode),
            self.rate,
            self.mode,
        ));
        if self.epochs.len() > 4096 {
            self.epochs.pop_front();
        }
    }

    fn capped(&self, rate: f64) -> f64 {
        let rate = rate.clamp(FLOOR, CEILING);
        let rate = self.caps.min.map_or(rate, |min| rate.max(min));
        let rate = self.caps.max.map_or(rate, |max| rate.min(max));
        self.host_limit.map_or(rate, |max| rate.min(max))
    }

    fn set_rate(&mut self, now: Instant, rate: f64) {
        self.top_up(now);
        self.rate = self.capped(rate);
        self.credit = self.credit.min(self.burst());
        if self.started {
            self.open_epoch(now);
        }
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
