//! How likely an answer is lost, and so how likely a silent port was missed.
//!
//! Two witnesses: canaries (ports known to answer, probed again), and the
//! answers that came only at a later try. A silent port was missed when every
//! one of its tries was lost: the first with the plain loss rate, each further
//! one with the rate *given that the try before was lost*, which bursts make
//! higher, and a queue that is gone by then lower. That conditional rate is measured too, by sending a lost canary
//! again at once. Rates are posterior means of a beta distribution, so that no
//! evidence never reads as no loss. This file must not know packets or time.

use crate::wire::{DecodeError, Reader, Writer};

/// The most tries that anything gets.
pub const MAX_TRIES: usize = 32;

/// Prior strength, in trials: what is believed before anything is seen is forgotten after a few times as many.
const WEIGHT: f64 = 5.0;
/// Prior mean of the loss rate: half a loss in five trials, one in ten.
const PRIOR_LOST: f64 = 0.5;
/// From so many trials on, a rate is called measured: by then the prior adds less than one percent.
const SEEN: f64 = 50.0;
/// What is believed of tries after a lost one, that they are lost like any, counts for so many of them: they are few,
/// and of those who lose most there are even fewer.
const WEIGHT_AFTER: f64 = 500.0;
/// From so many tries after a lost one on it is known whether losses come in bursts.
const SEEN_AFTER: f64 = 8.0;

/// Evidence about loss.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loss {
    /// Canaries whose fate is known, and how many of them were lost.
    canaries: Trials,
    /// Canaries sent again because the one before was lost.
    again: Trials,
    /// First answers by the try that brought them: `firsts[0]` at the first.
    firsts: [u64; MAX_TRIES],
    /// Rounds whose answers have all had their time. What a round lost is seen only by what
    /// the next one recovers, so its answers alone would read as no loss at all.
    settled: u8,
}

/// Trials, and how many of them were lost.
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

    /// Both together.
    pub(crate) const fn and(self, other: Trials) -> Trials {
        Trials {
            made: self.made.saturating_add(other.made),
            lost: self.lost.saturating_add(other.lost),
        }
    }

    /// The share of them that was lost.
    pub(crate) fn share(self) -> f64 {
        self.lost as f64 / self.made.max(1) as f64
    }

    fn less(self, other: Trials) -> Trials {
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
    /// A canary came back or was lost.
    pub fn canary(&mut self, lost: bool) {
        self.canaries.count(lost);
    }

    /// A canary that was sent again after a loss came back or was lost again.
    pub fn canary_again(&mut self, lost: bool) {
        self.again.count(lost);
    }

    /// A probe got its first answer after `tries` tries (from 1).
    pub fn first_answer(&mut self, tries: u8) {
        let k = usize::from(tries).clamp(1, MAX_TRIES) - 1;
        self.firsts[k] += 1;
    }

    /// The answers to the first `rounds` tries have had their time.
    pub fn settle(&mut self, rounds: u8) {
        self.settled = self.settled.max(rounds.min(MAX_TRIES as u8));
    }

    /// Answers that came at a try after the first.
    pub fn recovered(&self) -> u64 {
        self.firsts[1..].iter().sum()
    }

    /// The evidence of both, gathered beside one another on the same paths.
    #[must_use]
    pub fn merged(&self, other: &Loss) -> Loss {
        Loss {
            canaries: self.canaries.and(other.canaries),
            again: self.again.and(other.again),
            firsts: core::array::from_fn(|k| self.firsts[k] + other.firsts[k]),
            // What one has not settled is not settled.
            settled: self.settled.min(other.settled),
        }
    }

    /// How many canaries were lost, of how many whose fate is known.
    pub fn canaries(&self) -> (u64, u64) {
        (self.canaries.lost, self.canaries.made)
    }

    /// Probes that were lost at try `k` (from 1) and recovered by a later settled one; `k` of 0: all answered.
    fn lost_at(&self, k: usize) -> f64 {
        self.firsts[k.min(MAX_TRIES)..usize::from(self.settled).max(k).min(MAX_TRIES)]
            .iter()
            .sum::<u64>() as f64
    }

    /// Forgets what was seen of answers that a limiter kept back, since they say nothing about the path.
    pub(crate) fn forget(&mut self, answers: Firsts, canaries: Trials, again: Trials) {
        self.canaries = self.canaries.less(canaries);
        self.again = self.again.less(again);
        self.firsts[0] = self.firsts[0].saturating_sub(u64::from(answers.first));
        let mut later = u64::from(answers.later);
        for n in &mut self.firsts[1..] {
            let taken = later.min(*n);
            *n -= taken;
            later -= taken;
        }
    }

    /// Whether what [`Loss::rate`] says was seen; otherwise it is mostly what is believed before anything is seen.
    pub fn is_measured(&self) -> bool {
        self.trials().1 >= SEEN
    }

    /// The probability that one probe or its answer is lost, 0..1.
    pub fn rate(&self) -> f64 {
        let (lost, made) = self.trials();
        Loss::rate_of(lost, made)
    }

    /// The rate where `lost` of `made` were lost, and nothing else is known.
    pub(crate) fn rate_of(lost: f64, made: f64) -> f64 {
        (lost + PRIOR_LOST) / (made + WEIGHT)
    }

    /// What was lost, of how many probes whose fate is known.
    fn trials(&self) -> (f64, f64) {
        let (mut lost, mut made) = (self.canaries.lost as f64, self.canaries.made as f64);
        if self.settled >= 2 {
            let recovered = self.lost_at(1);
            let first = self.firsts[0] as f64;
            // As many again of the lost were lost once more, and are not recovered yet.
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

    /// The probability that a try is lost when the one before it was, 0..1: no less than that of any try, unless
    /// much was seen of it. What a queue lost that is gone since is not lost again.
    pub fn rate_after_loss(&self) -> f64 {
        let (lost, made) = self.trials_after_loss();
        let any = self.rate().min(0.5);
        let seen = (lost + PRIOR_LOST) / (made + WEIGHT);
        seen.max((lost + any * WEIGHT_AFTER) / (made + WEIGHT_AFTER))
    }

    /// The same where any try is lost with probability `rate`: what all together lost does not explain of that counts
    /// in full.
    fn after_loss(&self, rate: f64) -> f64 {
        self.rate_after_loss() + (rate.min(0.5) - self.rate()).max(0.0)
    }

    /// Tries after a lost try: canaries sent again, and retries of probes known to answer.
    fn trials_after_loss(&self) -> (f64, f64) {
        let (mut lost, mut made) = (self.again.lost as f64, self.again.made as f64);
        for k in 2..usize::from(self.settled) {
            made += self.lost_at(k - 1);
            lost += self.lost_at(k);
        }
        (lost, made)
    }

    /// Whether a try soon after a lost one may well be lost by the same cause, for all that is known.
    pub(crate) fn may_burst(&self) -> bool {
        let (lost, made) = self.trials_after_loss();
        made < SEEN_AFTER || lost > 2.0 * self.rate() * made + 1.0
    }

    /// The probability that an answer existed and was lost at each of `tries` tries.
    pub fn miss_probability(&self, tries: u8) -> f64 {
        self.miss_with(self.rate(), tries)
    }

    /// The same where the probability that the first try is lost is `rate`.
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
        self.again.encode(w);
        w.list(self.firsts.iter(), |w, n| w.u64(*n));
        w.u8(self.settled);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<Loss, DecodeError> {
        let (canaries, again) = (Trials::decode(r)?, Trials::decode(r)?);
        let firsts = r
            .list(Reader::u64)?
            .try_into()
            .map_err(|_| DecodeError::Damaged)?;
        Ok(Loss {
            canaries,
            again,
            firsts,
            settled: r.u8()?.min(MAX_TRIES as u8),
        })
    }
}

/// First answers of one kind: at the first try, and at a later one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Firsts {
    pub first: u32,
    pub later: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_evidence_one_in_ten_is_assumed_lost() {
        let loss = Loss::default();
        assert!((loss.rate() - 0.1).abs() < 1e-12);
        assert!((loss.miss_probability(4) - 1e-4).abs() < 1e-12);
        assert!((loss.miss_probability(0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn many_answers_and_no_loss_make_one_try_enough() {
        let mut loss = Loss::default();
        (0..20_000).for_each(|_| loss.canary(false));
        assert!(loss.miss_probability(1) < 1e-4);
    }

    #[test]
    fn a_thousand_answers_ask_for_a_second_try() {
        let mut loss = Loss::default();
        (0..997).for_each(|_| loss.first_answer(1));
        loss.settle(1);
        // Answers alone say nothing: what was lost is not among them.
        assert!(loss.miss_probability(1) > 0.05);
        loss.settle(2);
        assert!(loss.miss_probability(1) > 1e-4);
        assert!(loss.miss_probability(2) < 1e-4);
    }

    #[test]
    fn bursts_are_not_taken_for_independent_losses() {
        let (mut even, mut bursty) = (Loss::default(), Loss::default());
        for i in 0..10_000 {
            even.canary(i % 50 == 0);
            bursty.canary(i % 50 == 0);
        }
        for i in 0..200 {
            even.canary_again(i % 50 == 0);
            bursty.canary_again(i % 2 == 0);
        }
        assert!(bursty.miss_probability(3) > 100.0 * even.miss_probability(3));
        assert!(even.miss_probability(3) < 1e-4);
    }

    #[test]
    fn a_host_that_loses_more_is_not_excused_by_what_a_queue_lost_of_all() {
        let mut all = Loss::default();
        (0..10_000).for_each(|i| all.canary(i % 10 == 0));
        (0..1_000).for_each(|i| all.canary_again(i % 100 == 0));
        assert!(all.rate_after_loss() < 0.06, "{}", all.rate_after_loss());
        assert!(all.miss_probability(3) < 1e-3);
        // Each try of that host is lost alike.
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
