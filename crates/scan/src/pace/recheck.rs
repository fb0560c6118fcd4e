//! Decides whether missing answers are evidence about the path: maintains the answer ratio, and rechecks other causes.
//!
//! Answers that are missing at a harmless rate, without a queue, are more likely suppressed by a rate limit of the host
//! than lost on the path. The pacer then waits for a recheck by the sweep, which compares hosts
//! (see [`crate::canary`]), before it lowers the rate.
//!
//! The module does not decide how fast to send.

use core::time::Duration;

use super::{MIN_CANARIES, MIN_WEIGHT, Mode, Pacer, START_RATE};
use crate::pace::epoch::Epoch;
use crate::pace::evidence::Evidence;
use crate::time::Instant;

impl Pacer {
    /// Returns since when answers have been missing at a harmless rate without a known cause.
    pub(crate) fn recheck_since(&self) -> Option<Instant> {
        self.recheck_since
    }

    /// Returns when the last measured queue has drained.
    pub(crate) fn queue_drained_at(&self) -> Instant {
        if self.queue_seen == Instant::ZERO {
            return Instant::ZERO;
        }
        self.queue_seen + Duration::from_nanos(self.srtt)
    }

    /// Attributes the missing answers to the path, which loses probes at any rate.
    pub(crate) fn blame_path(&mut self) {
        self.path_is_lossy = true;
        self.recheck_since = None;
    }

    /// Attributes the missing answers to a rate limit, whose answers no longer count: forgets what was learned from them.
    pub(crate) fn blame_rate_limit(&mut self, now: Instant) {
        self.recheck_since = None;
        self.path_is_lossy = false;
        // A rate well above the initial one was measured on the path, so its capacity stays.
        if self.rate <= 2.0 * START_RATE {
            self.capacity = None;
        }
        (self.answer_ratio, self.answer_ratio_weight) = (0.0, 0.0);
        self.carried = Evidence::default();
        self.good_epochs = 0;
        self.epochs.clear();
        self.overload = None;
        self.mode = Mode::Startup;
        self.set_rate(now, self.rate.max(START_RATE));
    }

    /// Raises the answer ratio if an epoch got more answers than it predicts: it was learned while probes were lost.
    pub(super) fn correct_answer_ratio(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n == 0.0 || epoch.plain_answers == 0 {
            self.unanswered_before_first += n;
            return;
        }
        let seen = (f64::from(epoch.plain_answers) / n).min(1.0);
        let spread = libm::sqrt(self.answer_ratio * (1.0 - self.answer_ratio) / n);
        // A few probes whose answers arrived while the sender was stalled prove nothing against many.
        let counts = n >= self.answer_ratio_weight * MIN_WEIGHT;
        if self.answer_ratio_weight == 0.0 {
            // Among thousands of silent addresses the epoch of the first answer alone would predict far too many.
            let all = n + self.unanswered_before_first;
            (self.answer_ratio, self.answer_ratio_weight) = (seen * n / all, all);
        } else if counts && seen > self.answer_ratio + 3.0 * spread + 1.0 / n {
            (self.answer_ratio, self.answer_ratio_weight) = (seen, n);
        }
    }

    /// Whether all canaries of an epoch that seems to lose probes were answered: then the answer ratio is wrong, not the
    /// rate.
    pub(super) fn is_contradicted(&self, epoch: &Epoch) -> bool {
        let expected = f64::from(epoch.canaries) * self.canary_ratio;
        epoch.canaries >= MIN_CANARIES && f64::from(epoch.canary_answers) >= 0.95 * expected
    }

    /// Replaces the answer ratio with that of this epoch.
    pub(super) fn relearn(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n > 0.0 {
            (self.answer_ratio, self.answer_ratio_weight) = (f64::from(epoch.plain_answers) / n, n);
        }
    }

    /// Adds this epoch to the answer ratio.
    pub(super) fn learn(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n > 0.0 {
            let seen = f64::from(epoch.plain_answers) / n;
            // The ratio is constant throughout the round; only the sample grows.
            let weight = (self.answer_ratio_weight + n).min(1e5);
            self.answer_ratio += (seen - self.answer_ratio) * (n / weight).min(1.0);
            self.answer_ratio_weight = weight;
        }
    }
}
