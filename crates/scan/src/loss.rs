//! Loss estimation: the probability that a reply is lost, and that a silent port was missed.
//!
//! There are two sources of evidence:
//! - *canaries*, probes to ports known to answer (see [`crate::canary`]);
//! - *recoveries*, first answers that came only at a later try.
//!
//! A silent port that would have answered was missed if all of its tries were lost. The first try is lost at the plain
//! loss rate. Each further try is lost at the rate *given that the try before it was lost*. That conditional rate is
//! higher than the plain rate when losses come in bursts, and lower when a queue that overflowed has drained. It is
//! measured: a lost canary is sent again at once. So the losses of one overshoot are not taken for the usual loss of the
//! path.
//!
//! The answers of one round would read as "no loss", because a loss shows only when a later round recovers it. A
//! round therefore counts as evidence once the round after it has had time for its answers ([`Loss::settle`]).
//!
//! Rates are posterior means of a beta distribution, so absence of evidence never reads as absence of loss. The
//! module does not know packets or time.

use crate::checkpoint::codec::{DecodeError, Reader, Writer};

/// Maximum number of tries of one probe.
pub const MAX_TRIES: usize = 32;

/// Weight of the prior, in trials.
const PRIOR_WEIGHT: f64 = 5.0;
/// Losses in the prior: half a loss in five trials, a mean loss rate of 0.1.
const PRIOR_LOST: f64 = 0.5;
/// Number of trials above which a rate counts as measured: the prior then adds less than one percent.
const MEASURED: f64 = 50.0;
/// Weight, in trials, of the assumption that a try after a lost one is lost like any other. It is large because such
/// tries are few, and fewer still on the hosts that lose most.
const PRIOR_WEIGHT_AFTER_LOSS: f64 = 500.0;
/// Number of tries after a lost one that decides whether losses come in bursts.
const MEASURED_AFTER_LOSS: f64 = 8.0;

/// Evidence about loss on the paths of one sweep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loss {
    /// Canaries that were answered or timed out.
    canaries: Trials,
    /// Canaries sent again right after a lost one.
    canary_retries: Trials,
    /// Number of probes by the try that brought their first answer; `first_answers[0]` counts the first try.
    first_answers: [u64; MAX_TRIES],
    /// Number of rounds whose answers are complete.
    settled: u8,
}

/// Number of trials and of those that were lost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Trials {
    pub made: u64,
    pub lost: u64,
}

impl Trials {
    pub(crate) fn count(&mut self, lost: bool) {
        self.made += 1;
        self.lost += u64::from(lost);
    }

    /// Returns the sum of both.
    pub(crate) const fn plus(self, other: Trials) -> Trials {
        Trials {
            made: self.made.saturating_add(other.made),
            lost: self.lost.saturating_add(other.lost),
        }
    }

    /// Returns the share of the trials that was lost, 0..1.
    pub(crate) fn rate(self) -> f64 {
        self.lost as f64 / self.made.max(1) as f64
    }

    fn minus(self, other: Trials) -> Trials {
        Trials {
            made: self.made.saturating_sub(other.made),
            lost: self.lost.saturating_sub(other.lost),
        }
    }

    pub(crate) fn encode(self, w: &mut Writer) {
        w.u64(self.made);
        w.u64(self.lost);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<Trials, DecodeError> {
        Ok(Trials {
            made: r.u64()?,
            lost: r.u64()?,
        })
    }
}

impl Loss {
    /// Records the outcome of a canary.
    pub fn canary(&mut self, lost: bool) {
        self.canaries.count(lost);
    }

    /// Records the outcome of a canary that was sent again right after a loss.
    pub fn canary_retry(&mut self, lost: bool) {
        self.canary_retries.count(lost);
    }

    /// Records that a probe got its first answer at try number `tries` (from 1).
    pub fn first_answer(&mut self, tries: u8) {
        let k = usize::from(tries).clamp(1, MAX_TRIES) - 1;
        self.first_answers[k] += 1;
    }

    /// Records that the answers to the first `rounds` tries are complete.
    pub fn settle(&mut self, rounds: u8) {
        self.settled = self.settled.max(rounds.min(MAX_TRIES as u8));
    }

    /// Number of probes answered at a try after the first.
    pub fn recovered(&self) -> u64 {
        self.first_answers[1..].iter().sum()
    }

    /// Returns the evidence of two partitions that used the same paths side by side.
    #[must_use]
    pub fn merged(&self, other: &Loss) -> Loss {
        Loss {
            canaries: self.canaries.plus(other.canaries),
            canary_retries: self.canary_retries.plus(other.canary_retries),
            first_answers: core::array::from_fn(|k| self.first_answers[k] + other.first_answers[k]),
            settled: self.settled.min(other.settled),
        }
    }

    /// Returns the number of lost canaries and of all canaries with a known outcome.
    pub fn canaries(&self) -> (u64, u64) {
        (self.canaries.lost, self.canaries.made)
    }

    /// Returns the number of probes that were lost at try `k` (from 1) and answered at a later settled try. For `k` = 0,
    /// all answered probes.
    fn lost_at(&self, k: usize) -> f64 {
        self.first_answers[k.min(MAX_TRIES)..usize::from(self.settled).max(k).min(MAX_TRIES)]
            .iter()
            .sum::<u64>() as f64
    }

    /// Removes evidence from a host that limits its answers: it says nothing about the path.
    pub(crate) fn forget(&mut self, answers: FirstAnswers, canaries: Trials, retries: Trials) {
        self.canaries = self.canaries.minus(canaries);
        self.canary_retries = self.canary_retries.minus(retries);
        self.first_answers[0] = self.first_answers[0].saturating_sub(u64::from(answers.first));
        let mut later = u64::from(answers.later);
        for n in &mut self.first_answers[1..] {
            let taken = later.min(*n);
            *n -= taken;
            later -= taken;
        }
    }

    /// Whether [`Loss::rate`] rests on evidence rather than on the prior.
    pub fn is_measured(&self) -> bool {
        self.trials().1 >= MEASURED
    }

    /// Returns the probability that one probe or its answer is lost, 0..1.
    pub fn rate(&self) -> f64 {
        let (lost, made) = self.trials();
        Loss::rate_of(lost, made)
    }

    /// Returns the posterior mean of the loss rate after `lost` losses in `made` trials.
    pub(crate) fn rate_of(lost: f64, made: f64) -> f64 {
        (lost + PRIOR_LOST) / (made + PRIOR_WEIGHT)
    }

    /// Returns the losses and the trials, from canaries and from recoveries.
    fn trials(&self) -> (f64, f64) {
        let (mut lost, mut made) = (self.canaries.lost as f64, self.canaries.made as f64);
        if self.settled >= 2 {
            let recovered = self.lost_at(1);
            let first = self.first_answers[0] as f64;
            // The recovered share of the lost estimates how many were lost again and are still missing.
            let hidden = if first > 0.0 {
                recovered * recovered / first
            } else {
                0.0
            };
            lost += recovered + hidden;
            made += first + recovered + hidden;
        }
        (lost, made)
    }

    /// Returns the probability that a try is lost if the one before it was lost, 0..1. It falls below the plain rate
    /// only with much evidence, for example when an overflowed queue has drained.
    pub fn rate_after_loss(&self) -> f64 {
        let (lost, made) = self.trials_after_loss();
        let any = self.rate().min(0.5);
        let measured = (lost + PRIOR_LOST) / (made + PRIOR_WEIGHT);
        measured.max((lost + any * PRIOR_WEIGHT_AFTER_LOSS) / (made + PRIOR_WEIGHT_AFTER_LOSS))
    }

    /// Returns [`Loss::rate_after_loss`] for a host that loses probes at `rate`: its excess over the common rate is added
    /// in full.
    fn after_loss(&self, rate: f64) -> f64 {
        self.rate_after_loss() + (rate.min(0.5) - self.rate()).max(0.0)
    }

    /// Returns the losses and the trials right after a lost try: repeated canaries, and retries of probes that answered
    /// later.
    fn trials_after_loss(&self) -> (f64, f64) {
        let (mut lost, mut made) = (
            self.canary_retries.lost as f64,
            self.canary_retries.made as f64,
        );
        for k in 2..usize::from(self.settled) {
            made += self.lost_at(k - 1);
            lost += self.lost_at(k);
        }
        (lost, made)
    }

    /// Whether losses may come in bursts: a try soon after a lost one may be lost by the same cause.
    pub(crate) fn may_burst(&self) -> bool {
        let (lost, made) = self.trials_after_loss();
        made < MEASURED_AFTER_LOSS || lost > 2.0 * self.rate() * made + 1.0
    }

    /// Returns the probability that a port that answers stayed silent in all of `tries` tries.
    pub fn miss_probability(&self, tries: u8) -> f64 {
        self.miss_with(self.rate(), tries)
    }

    /// Returns [`Loss::miss_probability`] for a first try that is lost with probability `rate`.
    pub(crate) fn miss_with(&self, rate: f64, tries: u8) -> f64 {
        match tries {
            0 => 1.0,
            1 => rate,
            _ => rate * libm::pow(self.after_loss(rate), f64::from(tries - 1)),
        }
    }
}

impl Loss {
    pub(crate) fn encode(&self, w: &mut Writer) {
        self.canaries.encode(w);
        self.canary_retries.encode(w);
        w.list(self.first_answers.iter(), |w, n| w.u64(*n));
        w.u8(self.settled);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<Loss, DecodeError> {
        let (canaries, canary_retries) = (Trials::decode(r)?, Trials::decode(r)?);
        let first_answers = r
            .list(Reader::u64)?
            .try_into()
            .map_err(|_| DecodeError::Damaged)?;
        Ok(Loss {
            canaries,
            canary_retries,
            first_answers,
            settled: r.u8()?.min(MAX_TRIES as u8),
        })
    }
}

/// Number of first answers of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FirstAnswers {
    /// At the first try.
    pub first: u32,
    /// At a later try.
    pub later: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prior_assumes_ten_percent_loss() {
        let loss = Loss::default();
        assert!((loss.rate() - 0.1).abs() < 1e-12);
        assert!((loss.miss_probability(4) - 1e-4).abs() < 1e-12);
        assert!((loss.miss_probability(0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn many_answered_canaries_make_one_try_enough() {
        let mut loss = Loss::default();
        (0..20_000).for_each(|_| loss.canary(false));
        assert!(loss.miss_probability(1) < 1e-4);
    }

    #[test]
    fn a_thousand_answers_need_a_second_try() {
        let mut loss = Loss::default();
        (0..997).for_each(|_| loss.first_answer(1));
        loss.settle(1);
        // The answers of one round show no losses.
        assert!(loss.miss_probability(1) > 0.05);
        loss.settle(2);
        assert!(loss.miss_probability(1) > 1e-4);
        assert!(loss.miss_probability(2) < 1e-4);
    }

    #[test]
    fn burst_losses_are_not_treated_as_independent() {
        let (mut even, mut bursty) = (Loss::default(), Loss::default());
        for i in 0..10_000 {
            even.canary(i % 50 == 0);
            bursty.canary(i % 50 == 0);
        }
        for i in 0..200 {
            even.canary_retry(i % 50 == 0);
            bursty.canary_retry(i % 2 == 0);
        }
        assert!(bursty.miss_probability(3) > 100.0 * even.miss_probability(3));
        assert!(even.miss_probability(3) < 1e-4);
    }

    #[test]
    fn a_host_with_more_loss_keeps_its_own_conditional_rate() {
        let mut all = Loss::default();
        (0..10_000).for_each(|i| all.canary(i % 10 == 0));
        (0..1_000).for_each(|i| all.canary_retry(i % 100 == 0));
        assert!(all.rate_after_loss() < 0.06, "{}", all.rate_after_loss());
        assert!(all.miss_probability(3) < 1e-3);
        // Every try of that host is lost with the same probability.
        let true_miss = 0.3 * 0.3 * 0.3 * 0.3;
        assert!(all.miss_with(0.3, 4) > true_miss / 2.5);
    }

    #[test]
    fn recoveries_count_as_losses_of_the_first_try() {
        let mut loss = Loss::default();
        (0..980).for_each(|_| loss.first_answer(1));
        (0..20).for_each(|_| loss.first_answer(2));
        loss.settle(2);
        assert!((loss.rate() - 0.02).abs() < 0.001, "{}", loss.rate());
    }
}
