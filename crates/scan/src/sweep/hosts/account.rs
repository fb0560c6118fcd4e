//! What one host has shown, and how much of what it sends is lost.
//!
//! This file must not know the other hosts but by what they lose together.

use crate::loss::{FirstAnswers, Loss, Trials};

/// How much what all hosts showed counts beside a host's own evidence, in trials.
const LEAN: f64 = 50.0;
/// Losses so unlikely with what all hosts showed are a host's own.
const OWN: f64 = 0.01;

/// What one host has shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Account {
    /// Negative answers, which a limiter may keep back, and all others.
    pub(super) negative: FirstAnswers,
    pub(super) other: FirstAnswers,
    /// Canaries: those that bring a negative answer, and all others.
    pub(super) negative_canaries: Trials,
    pub(super) other_canaries: Trials,
    /// Negative canaries sent again after a loss.
    pub(super) again: Trials,
    /// Whether its silence is proof: it is passed over, and was so in so many rounds before this one.
    pub(super) done: bool,
    pub(super) skipped: u8,
    /// Whether its negative answers say nothing about the path.
    pub(super) limited: bool,
}

impl Account {
    pub(super) fn is_empty(&self) -> bool {
        *self == Account::default()
    }

    pub(super) fn add(&mut self, of: &Account) {
        let both = |a: FirstAnswers, b: FirstAnswers| FirstAnswers {
            first: a.first.saturating_add(b.first),
            later: a.later.saturating_add(b.later),
        };
        self.negative = both(self.negative, of.negative);
        self.other = both(self.other, of.other);
        self.negative_canaries = self.negative_canaries.plus(of.negative_canaries);
        self.other_canaries = self.other_canaries.plus(of.other_canaries);
        self.again = self.again.plus(of.again);
        self.limited |= of.limited;
        self.done &= of.done;
        self.skipped = self.skipped.max(of.skipped);
    }

    /// The loss rate, where all hosts together lost the share `pool`; `settled` where what its first tries lost had
    /// the chance to be recovered.
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
            // One host behind a bad piece of way is not seen in what all others showed.
            return blend(lost, made, pool).max(Loss::rate_of(lost, made));
        }
        let (first, later) = (f64::from(firsts.first), f64::from(firsts.later));
        if first + later > 0.0 {
            // As many again of the lost were lost once more, and are not recovered yet.
            let hidden = later * later / first.max(1.0);
            lost += later + hidden;
            made += first + later + hidden;
        }
        blend(lost, made, pool)
    }
}

/// The loss rate of a host that lost `lost` of `made`, where all hosts together lost the share `pool`: like
/// theirs, unless its own evidence says otherwise.
fn blend(lost: f64, made: f64, pool: f64) -> f64 {
    let own = Loss::rate_of(lost, made);
    let usual = pool * made;
    if lost + 3.0 * libm::sqrt(lost + 1.0) < usual {
        own.min(pool)
    } else if lost > usual && at_least(lost, usual) < OWN {
        own.max(pool)
    } else {
        pool.max((lost + LEAN * pool) / (made + LEAN))
    }
}

/// The probability of `lost` losses or more where `usual` are the mean (Poisson), roughly.
fn at_least(lost: f64, usual: f64) -> f64 {
    if lost > usual + 6.0 * libm::sqrt(usual) + 6.0 {
        return 0.0;
    }
    if usual > 500.0 {
        // The normal distribution's tail beyond 2.33 deviations is one in a hundred.
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
