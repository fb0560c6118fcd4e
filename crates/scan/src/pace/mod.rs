//! Rate control: finds the number of probes per second that the path carries.
//!
//! The controller belongs to the family of BBR (Cardwell et al., ACM Queue 14(5), 2016), adapted to scanning, where most
//! probes may stay silent by nature.
//!
//! - **Expected answers.** The probe order is a random permutation, so the share of first-round probes that are answered
//!   (the *answer ratio*) is constant throughout the round. It is learned while the rate is known to be harmless. Each
//!   plain probe then counts as that many expected answers, and each canary as nearly one. Fewer answers than chance
//!   explains (`evidence`) mean that the rate loses probes. Silence of filtered ports does not.
//! - **Epochs.** Time is cut into epochs of a fraction of a round-trip (`epoch`). An epoch is evaluated when its answers
//!   had time to arrive: answers against expectation; the shortest RTT in its last quarter against the minimum RTT of the
//!   last seconds (`min_rtt`: a longer difference is a standing queue); and the spread of the answers against the spread
//!   of the probes, which gives the rate that got through.
//! - **Rate.** Startup multiplies the rate while epochs are good. The first bad epoch yields the capacity. The queue is
//!   drained, and the rate cruises just below the capacity, with one faster epoch every few round-trips (`judge`).
//! - **Overload** is taken back when what was sent later at the same rate meets neither queue nor loss (`overload`): the
//!   cause was a stall, not the path.
//! - **Retries.** In rounds of retries most probes are silent, so only canaries measure. The rate then rises in small
//!   steps, and in large ones only up to a rate that was proven before.
//!
//! Loss unrelated to our rate is absorbed into the answer ratio and does not slow the scan. Close to the capacity nothing
//! is learned, because the rate itself may cause the loss. The module does not know packets, hosts or ports.

mod caps;
mod epoch;
mod evidence;
mod judge;
mod min_rtt;
mod overload;
mod recheck;
mod sharing;

use alloc::collections::VecDeque;
use core::time::Duration;

use crate::time::Instant;
pub use caps::Caps;
use epoch::Epoch;
use evidence::Evidence;
use min_rtt::MinRtt;
use overload::Overload;

/// Initial rate, in probes per second: harmless to any present network.
const START_RATE: f64 = 4_000.0;
/// Initial rate if an answer arrived within two milliseconds, in probes per second: the target is on this site.
const START_RATE_NEAR: f64 = 20_000.0;
/// Maximum rate, in probes per second.
const MAX_RATE: f64 = 20e6;
/// Minimum rate, in probes per second.
const MIN_RATE: f64 = 20.0;
/// Cruising rate as a share of the measured capacity. Below one, so that the queue stays short.
const CRUISE: f64 = 0.97;
/// Minimum number of expected answers to evaluate an epoch.
const MIN_EXPECTED: f64 = 16.0;
/// Minimum length of an epoch in ns: clocks and schedulers are no finer.
const MIN_EPOCH_NS: u64 = 2_000_000;
/// Maximum length of an epoch in seconds, unless the round-trip time is longer.
const MAX_EPOCH: f64 = 1.0;
/// Minimum answer ratio: the canaries alone guarantee it.
const MIN_ANSWER_RATIO: f64 = 1.0 / 64.0;
/// Minimum weight of an epoch that corrects the answer ratio, relative to the weight of the ratio.
const MIN_WEIGHT: f64 = 0.01;
/// Number of canaries in one epoch that outweigh its plain probes.
const MIN_CANARIES: u32 = 10;
/// Time constant in seconds with which a growing canary loss becomes the expected one.
const LOSS_ADOPTION: f64 = 2.0;
/// Wait before an epoch is evaluated while no RTT is known, in ns.
const INITIAL_WAIT_NS: u64 = 300_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Startup,
    Cruise,
    /// One epoch above the capacity.
    Probe,
    /// Below the capacity, until the queue is empty.
    Drain,
}

/// Decides how fast to send.
#[derive(Clone, Debug)]
pub struct Pacer {
    caps: Caps,
    mode: Mode,
    rate: f64,
    capacity: Option<f64>,
    /// Token bucket: credit in probes, and when it was last filled.
    credit: f64,
    filled: Instant,
    epochs: VecDeque<Epoch>,
    /// Share of plain probes that are answered, and the number of probes that it was measured from.
    answer_ratio: f64,
    answer_ratio_weight: f64,
    /// Number of plain probes evaluated before the first answer. They count in the answer ratio.
    unanswered_before_first: f64,
    /// Number of canaries sent.
    canaries_sent: u32,
    /// Expected share of canaries that are answered, and when it was last updated.
    canary_ratio: f64,
    canary_ratio_updated: Instant,
    base_rtt: MinRtt,
    /// Smoothed RTT and its variation (RFC 6298), in ns.
    srtt: u64,
    rttvar: u64,
    /// Whether `srtt` was measured; otherwise it is a guess.
    measured: bool,
    /// Number of good epochs since the last change.
    good_epochs: u8,
    /// End of the present drain or probe.
    drain_until: Instant,
    /// When the rate last recovered by itself, or fell.
    last_change: Instant,
    /// Evidence too small to evaluate, carried into the next epoch.
    carried: Evidence,
    started: bool,
    /// Maximum rate for all remaining hosts together, in probes per second.
    host_limit: Option<f64>,
    /// Since when answers have been missing at a harmless rate without a known cause.
    recheck_since: Option<Instant>,
    /// Whether the path is known to lose probes even at a harmless rate.
    path_is_lossy: bool,
    /// When a queue was last measured, and its length in ns.
    queue_seen: Instant,
    last_queue: u64,
    /// The overload that ended startup, while later epochs may disprove it.
    overload: Option<Overload>,
    /// Whether only silent probes are sent again. Few answers measure the rate then, so it rises in small steps.
    retrying: bool,
    /// Highest rate proven harmless, in probes per second; lowered by later evidence.
    proven_rate: f64,
    /// Highest rate that an earlier run of the scan proved harmless, in probes per second; 0 once disproved.
    earlier_proven_rate: f64,
}

impl Pacer {
    /// Creates a pacer with a safe initial rate. `rtt` is the first known round-trip time.
    pub fn new(caps: Caps, rtt: Option<Duration>) -> Pacer {
        let near = rtt.is_some_and(|r| r < Duration::from_millis(2));
        let mut pacer = Pacer {
            caps,
            mode: Mode::Startup,
            rate: 0.0,
            capacity: None,
            credit: 1.0,
            filled: Instant::ZERO,
            epochs: VecDeque::with_capacity(64),
            answer_ratio: 0.0,
            answer_ratio_weight: 0.0,
            unanswered_before_first: 0.0,
            canaries_sent: 0,
            canary_ratio: 1.0,
            canary_ratio_updated: Instant::ZERO,
            base_rtt: MinRtt::default(),
            srtt: rtt.map_or(50_000_000, |r| r.as_nanos() as u64),
            rttvar: 0,
            measured: rtt.is_some(),
            good_epochs: 0,
            drain_until: Instant::ZERO,
            last_change: Instant::ZERO,
            carried: Evidence::default(),
            started: false,
            host_limit: None,
            recheck_since: None,
            path_is_lossy: false,
            queue_seen: Instant::ZERO,
            last_queue: 0,
            overload: None,
            retrying: false,
            proven_rate: 0.0,
            earlier_proven_rate: 0.0,
        };
        pacer.rate = pacer.capped(if near { START_RATE_NEAR } else { START_RATE });
        pacer
    }

    /// Returns the present rate in probes per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Returns the highest rate proven harmless, in probes per second.
    pub(crate) fn proven_rate(&self) -> f64 {
        self.proven_rate.max(self.earlier_proven_rate)
    }

    /// Takes over the rate that an earlier run proved harmless: rounds of retries may rise to it in large steps.
    pub(crate) fn resume_from(&mut self, proven_rate: f64) {
        self.earlier_proven_rate = proven_rate;
    }

    /// Returns the measured capacity in probes per second.
    pub fn capacity(&self) -> Option<f64> {
        self.capacity
    }

    /// Whether a probe may be sent now.
    #[inline]
    pub fn ready(&mut self, now: Instant) -> bool {
        if self.credit < 1.0 {
            self.fill_bucket(now);
        }
        self.credit >= 1.0
    }

    fn fill_bucket(&mut self, now: Instant) {
        let elapsed = now.since(self.filled).as_secs_f64();
        self.credit = (self.credit + elapsed * self.rate).min(self.burst());
        self.filled = now;
    }

    /// Returns the maximum burst in probes: half a millisecond of the rate, at most what a short queue holds. Very high
    /// rates get larger bursts, because a sender could not reach them otherwise.
    fn burst(&self) -> f64 {
        let most = (self.rate * 128e-6).clamp(32.0, 64.0);
        (self.rate * 0.5e-3).clamp(1.0, most)
    }

    /// Returns when the next probe may be sent.
    pub fn next(&self) -> Instant {
        if self.credit >= 1.0 {
            return self.filled;
        }
        self.filled + Duration::from_secs_f64(((1.0 - self.credit) / self.rate).max(1e-6))
    }

    /// Records that a probe was sent.
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
                    self.canaries_sent = self.canaries_sent.saturating_add(1);
                }
                Sent::Retry => epoch.retries += 1,
            }
        }
    }

    /// Records an answer at `now` to a probe sent at `sent`.
    #[inline]
    pub fn answered(&mut self, now: Instant, sent: Instant, what: Sent) {
        let rtt = now.since(sent).as_nanos() as u64;
        self.rttvar = if self.measured {
            self.rttvar - self.rttvar / 4 + self.srtt.abs_diff(rtt) / 4
        } else {
            rtt / 2
        };
        self.srtt = if self.measured {
            self.srtt - self.srtt / 8 + rtt / 8
        } else {
            rtt
        };
        self.measured = true;
        // The probe belongs to the newest epoch that had begun by then.
        let Some(epoch) = self.epochs.iter_mut().rev().find(|e| e.start <= sent) else {
            return;
        };
        match what {
            Sent::Plain => epoch.plain_answers += 1,
            Sent::Canary => epoch.canary_answers += 1,
            Sent::Retry => return,
        }
        epoch.record_rtt(now, sent);
    }

    /// Starts a round of retries: only silent probes are sent from now on.
    pub fn retry(&mut self, now: Instant) {
        self.retrying = true;
        self.overload = None;
        if self.mode == Mode::Startup
            && let Some(capacity) = self.capacity
        {
            self.mode = Mode::Cruise;
            self.set_rate(now, capacity * CRUISE);
        }
    }

    /// Updates the expected loss rate of canaries. A growing loss is adopted slowly, because the rate may cause it.
    pub fn expect_canaries(&mut self, now: Instant, lost: f64) {
        let usual = 1.0 - self.canary_ratio;
        let part = (now.since(self.canary_ratio_updated).as_secs_f64() / LOSS_ADOPTION).min(1.0);
        let usual = if lost < usual || !self.started {
            lost
        } else {
            usual + (lost - usual) * part
        };
        self.canary_ratio_updated = now;
        // More than half is never the expected loss.
        self.canary_ratio = (1.0 - usual).max(0.5);
    }

    /// Closes and evaluates epochs. Call at the latest at [`Pacer::deadline`].
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
            if !self.is_complete(oldest, now) {
                break;
            }
            let epoch = *oldest;
            self.epochs.pop_front();
            self.judge(now, &epoch);
        }
    }

    /// Whether the answers to an epoch had time to arrive, or have all arrived.
    fn is_complete(&self, epoch: &Epoch, now: Instant) -> bool {
        let Some(end) = epoch.end else { return false };
        let wait = if self.measured {
            (self.srtt + (4 * self.rttvar).clamp(self.srtt / 16, self.srtt)).max(3_000_000)
        } else {
            INITIAL_WAIT_NS
        };
        let wait = Duration::from_nanos(wait);
        let seen = self.evidence(epoch);
        let complete = self.answer_ratio_weight > 0.0 && seen.delivered() >= 0.97;
        now >= end + wait || (complete && seen.expected >= MIN_EXPECTED)
    }

    /// Whether only canaries measure the rate.
    fn only_canaries_measure(&self) -> bool {
        self.ignores_plain_probes() || self.retrying
    }

    /// Whether plain probes cannot measure the rate.
    fn ignores_plain_probes(&self) -> bool {
        self.caps.declining_answers && self.canaries_sent >= MIN_CANARIES
    }

    /// Returns the length of an epoch: short in startup, a whole round-trip above the capacity.
    fn length(&self, mode: Mode) -> Duration {
        let part = match mode {
            Mode::Startup => self.srtt / 4,
            Mode::Cruise | Mode::Drain => self.srtt / 2,
            Mode::Probe => self.srtt.max(2 * MIN_EPOCH_NS),
        };
        let length = Duration::from_nanos(part.max(MIN_EPOCH_NS));
        match mode {
            Mode::Cruise | Mode::Drain => length,
            // A trial needs enough answers to be evaluated alone, or a slow rate could never rise.
            Mode::Startup | Mode::Probe => {
                let per_probe = if self.only_canaries_measure() {
                    MIN_ANSWER_RATIO
                } else if self.answer_ratio_weight > 0.0 {
                    self.answer_ratio.max(MIN_ANSWER_RATIO)
                } else {
                    1.0
                };
                length.max(Duration::from_secs_f64(
                    (1.25 * MIN_EXPECTED / (self.rate * per_probe)).min(MAX_EPOCH),
                ))
            }
        }
    }

    /// Returns when [`Pacer::tick`] has something to do.
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
        let rate = rate.clamp(MIN_RATE, MAX_RATE);
        let rate = self.caps.min.map_or(rate, |min| rate.max(min));
        let rate = self.caps.max.map_or(rate, |max| rate.min(max));
        self.host_limit.map_or(rate, |max| rate.min(max))
    }

    fn set_rate(&mut self, now: Instant, rate: f64) {
        self.fill_bucket(now);
        self.rate = self.capped(rate);
        self.credit = self.credit.min(self.burst());
        if self.started {
            self.open_epoch(now);
        }
    }
}

/// A sent probe, as the pacer distinguishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A probe of the first round.
    Plain,
    /// A probe known to be answered.
    Canary,
    /// A probe that was silent before; it does not measure the rate.
    Retry,
}
