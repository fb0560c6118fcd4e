//! Compares the answers to an epoch with the expected ones: are there fewer than chance explains?
//!
//! The module does not decide how fast to send.

use super::Pacer;
use super::epoch::Epoch;

/// Share of the expected answers below which the rate may be too high.
const LOSING: f64 = 0.9;
/// Share of the expected answers below which an epoch is not learned from.
const DOUBTFUL: f64 = 0.97;
/// Minimum variance of the number of answers, relative to the expected number: losses come in bursts.
const MIN_VARIANCE: f64 = 0.25;

/// Expected and received answers of one or more epochs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// Expected number of answers.
    pub expected: f64,
    /// Number of answers received.
    pub received: f64,
    /// Variance of the received number by chance alone.
    variance: f64,
    /// Number of epochs.
    pub epochs: u8,
}

impl Evidence {
    /// Returns the sum of both.
    pub(super) fn plus(self, other: Evidence) -> Evidence {
        Evidence {
            expected: self.expected + other.expected,
            received: self.received + other.received,
            variance: self.variance + other.variance,
            epochs: self.epochs.saturating_add(other.epochs),
        }
    }

    /// Standard deviation of the number of answers.
    fn deviation(self) -> f64 {
        libm::sqrt(self.variance.max(MIN_VARIANCE * self.expected))
    }

    /// Whether fewer answers arrived than chance explains.
    pub(super) fn is_losing(self) -> bool {
        self.received < LOSING * self.expected
            && self.expected - self.received > 4.0 * self.deviation()
    }

    /// Whether fewer answers may have arrived than chance explains: a weaker test, at one standard deviation.
    pub(super) fn is_doubtful(self) -> bool {
        self.received < DOUBTFUL * self.expected && self.expected - self.received > self.deviation()
    }

    /// Returns the share of the expected answers that arrived, 0..1.
    pub(super) fn delivered(self) -> f64 {
        (self.received / self.expected.max(1.0)).min(1.0)
    }
}

impl Pacer {
    /// Returns the evidence of one epoch.
    pub(super) fn evidence(&self, epoch: &Epoch) -> Evidence {
        let canaries = f64::from(epoch.canaries) * self.canary_ratio;
        let mut evidence = Evidence {
            expected: canaries,
            received: f64::from(epoch.canary_answers),
            variance: canaries * (1.0 - self.canary_ratio),
            epochs: 1,
        };
        if !self.ignores_plain_probes() {
            let plain = f64::from(epoch.plain) * self.answer_ratio;
            // A ratio learned from few answers predicts with the variance of those few.
            let ratio_variance =
                plain * plain / (self.answer_ratio * self.answer_ratio_weight).max(1.0);
            evidence.expected += plain;
            evidence.received += f64::from(epoch.plain_answers);
            evidence.variance += (plain + ratio_variance) * (1.0 - self.answer_ratio);
        }
        evidence
    }
}
