//! Whether answers that fail to come tell of the path: the share that is expected, and what else may keep them back.
//!
//! This file must not decide how fast to send.

use core::time::Duration;

use super::{LIGHTEST, Mode, Pacer, START, WITNESSES};
use crate::pace::epoch::Epoch;
use crate::pace::evidence::Evidence;
use crate::time::Instant;

impl Pacer {
    /// Since when answers have been failing at a pace that harms nothing, where nobody knows what keeps them back.
    pub(crate) fn doubt(&self) -> Option<Instant> {
        self.doubt
    }

    /// Until when a queue stood, as far as was seen, or will stand.
    pub(crate) fn queued(&self) -> Instant {
        if self.queued == Instant::ZERO {
            return Instant::ZERO;
        }
        self.queued + Duration::from_nanos(self.srtt)
    }

    /// It is the path that keeps them back, however slow the pace is.
    pub(crate) fn believe_losses(&mut self) {
        self.path_loses = true;
        self.doubt = None;
    }

    /// A limiter kept answers back, which are not told of any more: what was learned from them is forgotten.
    pub(crate) fn reconsider(&mut self, now: Instant) {
        self.doubt = None;
        self.path_loses = false;
        // A pace that stood well above the start was found on the path: from there it is felt for, not leapt over.
        if self.rate <= 2.0 * START {
            self.capacity = None;
        }
        (self.share, self.share_weight) = (0.0, 0.0);
        self.carried = Evidence::default();
        self.good = 0;
        self.epochs.clear();
        self.alarm = None;
        self.mode = Mode::Startup;
        self.set_rate(now, self.rate.max(START));
    }

    /// More answers than the share foretells: it was learned while probes were being lost.
    pub(super) fn correct_share(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n == 0.0 || epoch.plain_answers == 0 {
            self.silent += n;
            return;
        }
        let seen = (f64::from(epoch.plain_answers) / n).min(1.0);
        let spread = libm::sqrt(self.share * (1.0 - self.share) / n);
        // A few probes whose answers came while the sender was held up prove nothing against many.
        let counts = n >= self.share_weight * LIGHTEST;
        if self.share_weight == 0.0 {
            // Among thousands of silent addresses the epoch of the first answer alone would foretell far too many.
            let all = n + self.silent;
            (self.share, self.share_weight) = (seen * n / all, all);
        } else if counts && seen > self.share + 3.0 * spread + 1.0 / n {
            (self.share, self.share_weight) = (seen, n);
        }
    }

    /// Whether the canaries of an epoch that seems to lose probes are all there: then the share is wrong,
    /// not the pace.
    pub(super) fn is_contradicted(&self, epoch: &Epoch) -> bool {
        let expected = f64::from(epoch.canaries) * self.canary_share;
        epoch.canaries >= WITNESSES && f64::from(epoch.canary_answers) >= 0.95 * expected
    }

    /// Forgets the share for what this epoch shows.
    pub(super) fn relearn(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n > 0.0 {
            (self.share, self.share_weight) = (f64::from(epoch.plain_answers) / n, n);
        }
    }

    pub(super) fn learn(&mut self, epoch: &Epoch) {
        let n = f64::from(epoch.plain);
        if n > 0.0 {
            let seen = f64::from(epoch.plain_answers) / n;
            // The share is the same all through the round, only the sample grows.
            let weight = (self.share_weight + n).min(1e5);
            self.share += (seen - self.share) * (n / weight).min(1.0);
            self.share_weight = weight;
        }
    }
}
