//! What a random sample says about the ports that it leaves out.
//!
//! Exact, without replacement: the hypergeometric tail (a Clopper-Pearson interval for a finite population; Cochran,
//! "Sampling Techniques", section 3.6). This file must not know ports.

/// A random sample of a host's silent ports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Number of ports that it was drawn from.
    pub of: u64,
    /// Number of ports drawn.
    pub drawn: u64,
    /// Number of drawn ports that were proven closed. What is not proven counts as not closed.
    pub closed: u64,
    /// Probability (0 to 1) that the bound holds.
    pub confidence: f64,
    /// Upper bound: number of ports in the population that are not closed.
    pub most: u64,
}

/// Usual confidence of a statistical statement.
pub const CONFIDENCE: f64 = 0.95;

impl Sample {
    /// Returns what a sample with `closed` of `drawn` says about a population of `of`; `None` if nothing was drawn.
    ///
    /// # Panics
    /// If more were drawn than there are, or more were closed than drawn.
    pub fn new(of: u64, drawn: u64, closed: u64) -> Option<Sample> {
        assert!(closed <= drawn && drawn <= of, "a sample is a part");
        (drawn > 0).then(|| Sample {
            of,
            drawn,
            closed,
            confidence: CONFIDENCE,
            most: most(of, drawn, drawn - closed, CONFIDENCE),
        })
    }

    /// The bound as a share of the population.
    pub fn share(&self) -> f64 {
        self.most as f64 / self.of.max(1) as f64
    }
}

/// Returns the largest number of marked items among `of` for which a sample of `drawn` has at most `marked` of them
/// with a probability above 1 - `confidence`.
fn most(of: u64, drawn: u64, marked: u64, confidence: f64) -> u64 {
    // All items that were not drawn may be marked; those seen are.
    let (mut low, mut high) = (marked, of - (drawn - marked));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if tail(of, middle, drawn, marked) > 1.0 - confidence {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Probability that at most `seen` of `drawn` are marked, if `marked` of `of` are.
fn tail(of: u64, marked: u64, drawn: u64, seen: u64) -> f64 {
    let all = choose(of, drawn);
    let least = (drawn + marked).saturating_sub(of);
    (least..=seen.min(marked).min(drawn))
        .map(|i| libm::exp(choose(marked, i) + choose(of - marked, drawn - i) - all))
        .sum()
}

/// Logarithm of a binomial coefficient.
fn choose(n: u64, k: u64) -> f64 {
    let ln = |n: u64| libm::lgamma(n as f64 + 1.0);
    ln(n) - ln(k) - ln(n - k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn three_hundred_of_three_hundred_is_one_percent() {
        let sample = Sample::new(60_000, 300, 300).unwrap();
        assert!((0.009..0.0101).contains(&sample.share()), "{sample:?}");
        // Everything was drawn: no doubt is left.
        assert_eq!(Sample::new(50, 50, 48).unwrap().most, 2);
        assert_eq!(Sample::new(50, 0, 0), None);
        // A small population is bounded better than by the rule of three.
        assert!(Sample::new(100, 60, 60).unwrap().most <= 4);
    }

    proptest! {
        #[test]
        fn more_drawn_or_more_closed_is_never_a_worse_bound(of in 2u64..3_000, a in 1u64..200, open in 0u64..5) {
            let a = a.min(of - 1);
            let open = open.min(a);
            let first = Sample::new(of, a, a - open).unwrap();
            prop_assert!(first.most >= open && first.most <= of - (a - open));
            let better = Sample::new(of, a + 1, a + 1 - open).unwrap();
            prop_assert!(better.most <= first.most);
            if open > 0 {
                prop_assert!(Sample::new(of, a, a - open + 1).unwrap().most <= first.most);
            }
        }
    }
}
