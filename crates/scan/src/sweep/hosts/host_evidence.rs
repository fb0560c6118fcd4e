//! The evidence on one host, and its loss rate.
//!
//! A host that has shown little is taken to lose as much as all hosts together; its own evidence decides as soon as it
//! contradicts that ([`blend`]). The module knows the other hosts only by their common loss rate.

use crate::loss::{FirstAnswers, Loss, Trials};

/// Weight of the common loss rate beside the evidence of the host, in trials.
const COMMON_WEIGHT: f64 = 50.0;
/// Probability under the common loss rate below which losses are attributed to the host.
const OWN_LOSS: f64 = 0.01;

/// The evidence on one host.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct HostEvidence {
    /// Negative answers, which a limiter may suppress.
    pub(super) negative: FirstAnswers,
    /// All other answers.
    pub(super) other: FirstAnswers,
    /// Canaries that ask for a negative answer.
    pub(super) negative_canaries: Trials,
    /// All other canaries.
    pub(super) other_canaries: Trials,
    /// Negative canaries repeated after a loss.
    pub(super) retries: Trials,
    /// Whether its silence is proof, so that the present round skips it.
    pub(super) proven: bool,
    /// Number of earlier rounds that skipped it.
    pub(super) skipped: u8,
    /// Whether it limits its negative answers, so that they say nothing about the path.
    pub(super) limited: bool,
}

impl HostEvidence {
    pub(super) fn is_empty(&self) -> bool {
        *self == HostEvidence::default()
    }

    pub(super) fn add(&mut self, of: &HostEvidence) {
        let both = |a: FirstAnswers, b: FirstAnswers| FirstAnswers {
            first: a.first.saturating_add(b.first),
            later: a.later.saturating_add(b.later),
        };
        self.negative = both(self.negative, of.negative);
        self.other = both(self.other, of.other);
        self.negative_canaries = self.negative_canaries.plus(of.negative_canaries);
        self.other_canaries = self.other_canaries.plus(of.other_canaries);
        self.retries = self.retries.plus(of.retries);
        self.limited |= of.limited;
        self.proven &= of.proven;
        self.skipped = self.skipped.max(of.skipped);
    }

    /// Returns the loss rate of the host, given the common loss rate `pool`. `settled` is true if a later round had the
    /// chance to recover the losses of the first tries.
    pub(super) fn rate(&self, settled: bool, pool: f64) -> f64 {
        let mut trials = self.other_canaries;
        let mut firsts = self.other;
        if !self.limited {
            trials = trials.plus(self.negative_canaries);
            firsts.first += self.negative.first;
            firsts.later += self.negative.later;
        }
        let (mut lost, mut made) = (trials.lost as f64, trials.made as f64);
        if !settled {
            // A host behind a lossy link of its own does not show in the common rate.
            return blend(lost, made, pool).max(Loss::rate_of(lost, made));
        }
        let (first, later) = (f64::from(firsts.first), f64::from(firsts.later));
        if first + later > 0.0 {
            // The recovered share of the lost estimates how many were lost again and are still missing.
            let hidden = later * later / first.max(1.0);
            lost += later + hidden;
            made += first + later + hidden;
        }
        blend(lost, made, pool)
    }
}

/// Returns the loss rate of a host that lost `lost` of `made` trials, given the common loss rate `pool`: the common rate,
/// unless the evidence of the host contradicts it.
fn blend(lost: f64, made: f64, pool: f64) -> f64 {
    let own = Loss::rate_of(lost, made);
    let usual = pool * made;
    if lost + 3.0 * libm::sqrt(lost + 1.0) < usual {
        own.min(pool)
    } else if lost > usual && at_least(lost, usual) < OWN_LOSS {
        own.max(pool)
    } else {
        pool.max((lost + COMMON_WEIGHT * pool) / (made + COMMON_WEIGHT))
    }
}

/// Returns the approximate probability of `lost` or more losses if their mean is `usual` (Poisson).
fn at_least(lost: f64, usual: f64) -> f64 {
    if lost > usual + 6.0 * libm::sqrt(usual) + 6.0 {
        return 0.0;
    }
    if usual > 500.0 {
        // The tail of the normal distribution beyond 2.33 standard deviations is one percent.
        return if lost > usual + 2.33 * libm::sqrt(usual) {
            0.0
        } else {
            1.0
        };
    }
    let (mut below, mut term, mut i) = (0.0, libm::exp(-usual), 0.0);
    while i < lost {
        below += term;
        i += 1.0;
        term *= usual / i;
    }
    1.0 - below
}
