//! The answers to what was sent, against those expected: whether fewer came than chance explains.
//!
//! This file must not decide how fast to send.

use super::Pacer;
use super::epoch::Epoch;

/// With fewer of the expected answers than this share, a pace may be too fast.
const LOSING: f64 = 0.9;
/// The same where it is only not learned from.
const DOUBTFUL: f64 = 0.97;
/// The variance of answers, as a share of those expected, is taken for no less: losses come in bursts.
const LEAST_CHANCE: f64 = 0.25;

/// Answers to the probes of some epochs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// How many were to come, and how many came.
    pub expected: f64,
    pub got: f64,
    /// By how much chance alone makes these differ, squared.
    variance: f64,
    /// Of how many epochs it is.
    pub epochs: u8,
}

impl Evidence {
    pub(super) fn and(self, other: Evidence) -> Evidence {
        Evidence {
            expected: self.expected + other.expected,
            got: self.got + other.got,
            variance: self.variance + other.variance,
            epochs: self.epochs.saturating_add(other.epochs),
        }
    }

    fn chance(self) -> f64 {
        libm::sqrt(self.variance.max(LEAST_CHANCE * self.expected))
    }

    /// Whether fewer came than chance explains.
    pub(super) fn is_losing(self) -> bool {
        self.got < LOSING * self.expected && self.expected - self.got > 4.0 * self.chance()
    }

    /// Whether that is at least possible.
    pub(super) fn is_doubtful(self) -> bool {
        self.got < DOUBTFUL * self.expected && self.expected - self.got > self.chance()
    }

    /// The share of those expected that came.
    pub(super) fn through(self) -> f64 {
        (self.got / self.expected.max(1.0)).min(1.0)
    }
}

impl Pacer {
    /// What the answers to `epoch` say.
    pub(super) fn evidence(&self, epoch: &Epoch) -> Evidence {
        let canaries = f64::from(epoch.canaries) * self.canary_share;
        let mut evidence = Evidence {
            expected: canaries,
            got: f64::from(epoch.canary_answers),
            variance: canaries * (1.0 - self.canary_share),
            epochs: 1,
        };
        if !self.is_fading() {
            let plain = f64::from(epoch.plain) * self.share;
            // What was learned from few answers foretells as vaguely as these few may be chance.
            let vague = plain * plain / (self.share * self.share_weight).max(1.0);
            evidence.expected += plain;
            evidence.got += f64::from(epoch.plain_answers);
            evidence.variance += (plain + vague) * (1.0 - self.share);
        }
        evidence
    }
}
