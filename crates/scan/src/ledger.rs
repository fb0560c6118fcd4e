//! Ledger: what reply each probe has received, in two bits per probe.
//!
//! The ledger is indexed by position in the probe order, not by probe index. A round of retries therefore reads it from
//! front to back, and skips answered probes at 32 positions per step. A scan of `n` probes needs `n`/4 bytes.
//!
//! The module does not know what a probe is.

use alloc::vec;
use alloc::vec::Vec;

/// The best reply that a probe has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reply {
    /// No reply: the probe was not sent, or has not been answered.
    None = 0,
    /// The usual negative reply, for example a reset of a closed port. Counted, not stored.
    Negative = 1,
    /// The reply that the scan looks for, for example a SYN/ACK.
    Positive = 2,
    /// Another reply, for example an ICMP error, stored elsewhere with its reason. Also marks probes that are not sent.
    Error = 3,
}

impl Reply {
    const fn from_bits(bits: u64) -> Reply {
        match bits & 3 {
            0 => Reply::None,
            1 => Reply::Negative,
            2 => Reply::Positive,
            _ => Reply::Error,
        }
    }
}

/// The replies to `len` probes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    words: Vec<u64>,
    len: u64,
    unanswered: u64,
}

/// Number of positions per word.
const PER_WORD: u64 = 32;
const LOW_BITS: u64 = 0x5555_5555_5555_5555;

impl Ledger {
    /// Creates a ledger of `len` unanswered positions.
    pub fn new(len: u64) -> Ledger {
        Ledger {
            words: vec![0; len.div_ceil(PER_WORD) as usize],
            len,
            unanswered: len,
        }
    }

    /// Number of positions.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the ledger has no positions.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of positions without a reply.
    pub fn unanswered(&self) -> u64 {
        self.unanswered
    }

    /// Returns the reply at `position`, which must be below [`Ledger::len`].
    #[inline]
    pub fn get(&self, position: u64) -> Reply {
        Reply::from_bits(self.words[(position / PER_WORD) as usize] >> (position % PER_WORD * 2))
    }

    /// Records the reply at `position` and returns the previous one.
    #[inline]
    pub fn set(&mut self, position: u64, reply: Reply) -> Reply {
        let word = &mut self.words[(position / PER_WORD) as usize];
        let shift = position % PER_WORD * 2;
        let before = Reply::from_bits(*word >> shift);
        *word = *word & !(3 << shift) | (reply as u64) << shift;
        self.unanswered -= u64::from(before == Reply::None && reply != Reply::None);
        self.unanswered += u64::from(before != Reply::None && reply == Reply::None);
        before
    }

    /// Returns the first position at or after `from` without a reply.
    #[inline]
    pub fn next_unanswered(&self, from: u64) -> Option<u64> {
        // A pair of bits is zero where neither bit is set.
        self.next(from, |word| !(word | word >> 1))
    }

    /// Returns the first position at or after `from` with this reply.
    pub fn next_with(&self, from: u64, reply: Reply) -> Option<u64> {
        let bits = reply as u64;
        self.next(from, |word| {
            let lower = if bits & 1 == 0 { !word } else { word };
            let upper = if bits & 2 == 0 { !word } else { word };
            lower & upper >> 1
        })
    }

    /// Returns the first position at or after `from` whose lower bit is set in `mark(word)`.
    #[inline]
    fn next(&self, from: u64, mark: impl Fn(u64) -> u64) -> Option<u64> {
        if from >= self.len {
            return None;
        }
        let first = (from / PER_WORD) as usize;
        for (i, word) in self.words[first..].iter().enumerate() {
            let mut found = mark(*word) & LOW_BITS;
            if i == 0 {
                found &= u64::MAX << (from % PER_WORD * 2);
            }
            if found != 0 {
                let found = u64::from(found.trailing_zeros() / 2);
                let position = (first + i) as u64 * PER_WORD + found;
                // The last word may have bits beyond `len`.
                return (position < self.len).then_some(position);
            }
        }
        None
    }

    /// Splits off the positions from `at` on. `at` must be a multiple of [`Ledger::GRAIN`].
    pub(crate) fn split_off(&mut self, at: u64) -> Ledger {
        debug_assert!(at.is_multiple_of(PER_WORD) && at <= self.len);
        let words = self.words.split_off((at / PER_WORD) as usize);
        let mut rest = Ledger {
            words,
            len: self.len - at,
            unanswered: 0,
        };
        rest.count_unanswered();
        self.len = at;
        self.unanswered -= rest.unanswered;
        rest
    }

    /// Appends `rest` at position `at`, a multiple of [`Ledger::GRAIN`]. The positions between the present end and `at`
    /// belong to no probe and are marked as answered.
    pub(crate) fn append(&mut self, at: u64, mut rest: Ledger) {
        debug_assert!(at.is_multiple_of(PER_WORD) && at >= self.len);
        let used = self.len % PER_WORD * 2;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last |= u64::MAX << used;
        }
        self.words.resize((at / PER_WORD) as usize, u64::MAX);
        self.words.append(&mut rest.words);
        self.len = at + rest.len;
        self.unanswered += rest.unanswered;
    }

    /// Returns a copy of `len` positions from `at` on. `at` must be a multiple of [`Ledger::GRAIN`].
    pub(crate) fn copy_range(&self, at: u64, len: u64) -> Ledger {
        debug_assert!(at.is_multiple_of(PER_WORD) && at + len <= self.len);
        let words = &self.words[(at / PER_WORD) as usize..(at + len).div_ceil(PER_WORD) as usize];
        Ledger::from_words(words.to_vec(), len).expect("the words cover exactly `len` positions")
    }

    fn count_unanswered(&mut self) {
        let answered: u64 = self
            .words
            .iter()
            .map(|word| u64::from(((word | word >> 1) & LOW_BITS).count_ones()))
            .sum();
        self.unanswered = self.len - answered;
    }

    /// A ledger can be split at multiples of this number of positions.
    pub(crate) const GRAIN: u64 = PER_WORD;

    /// The packed words, for a checkpoint: position `p` is in bits `2 * (p % 32)` of word `p / 32`.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Restores a ledger from a checkpoint. Returns `None` if the number of words does not match `len`.
    pub fn from_words(words: Vec<u64>, len: u64) -> Option<Ledger> {
        if words.len() as u64 != len.div_ceil(PER_WORD) {
            return None;
        }
        let mut ledger = Ledger {
            words,
            len,
            unanswered: 0,
        };
        // Bits beyond the end would count as answered.
        let beyond = len % PER_WORD * 2;
        if beyond > 0
            && let Some(last) = ledger.words.last_mut()
        {
            *last &= (1 << beyond) - 1;
        }
        ledger.count_unanswered();
        Some(ledger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn behaves_like_a_list(len in 1u64..200, writes in proptest::collection::vec((0u64..200, 0u8..4), 0..300)) {
            let mut ledger = Ledger::new(len);
            let mut list = vec![Reply::None; len as usize];
            for (at, value) in writes {
                let (at, value) = (at % len, Reply::from_bits(u64::from(value)));
                prop_assert_eq!(ledger.set(at, value), list[at as usize]);
                list[at as usize] = value;
            }
            for from in 0..=len {
                let want = (from..len).find(|p| list[*p as usize] == Reply::None);
                prop_assert_eq!(ledger.next_unanswered(from), want);
                for reply in [Reply::Negative, Reply::Positive, Reply::Error] {
                    let want = (from..len).find(|p| list[*p as usize] == reply);
                    prop_assert_eq!(ledger.next_with(from, reply), want);
                }
            }
            prop_assert_eq!(ledger.unanswered(), list.iter().filter(|k| **k == Reply::None).count() as u64);
            let copy = Ledger::from_words(ledger.words().to_vec(), len);
            prop_assert_eq!(copy.as_ref(), Some(&ledger));
        }
    }

    #[test]
    fn splitting_and_appending_restores_the_ledger() {
        let mut ledger = Ledger::new(1000);
        for at in (0..1000).step_by(7) {
            ledger.set(at, Reply::Negative);
        }
        let whole = ledger.clone();
        let rest = ledger.split_off(640);
        assert_eq!((ledger.len(), rest.len()), (640, 360));
        assert_eq!(ledger.unanswered() + rest.unanswered(), whole.unanswered());
        assert_eq!(rest.get(4), whole.get(644));
        assert_eq!(whole.copy_range(640, 360), rest);
        ledger.append(640, rest);
        assert_eq!(ledger, whole);
    }

    #[test]
    fn the_gap_of_an_append_is_not_probed() {
        let mut ledger = Ledger::new(1000);
        ledger.append(1024 + 64, Ledger::new(50));
        assert_eq!((ledger.len(), ledger.unanswered()), (1138, 1050));
        assert_eq!(ledger.next_unanswered(999), Some(999));
        assert_eq!(ledger.next_unanswered(1000), Some(1088));
        assert_eq!(ledger.next_unanswered(1138), None);
        assert_eq!(ledger.copy_range(0, 1000), Ledger::new(1000));
    }

    #[test]
    fn a_position_takes_two_bits() {
        assert_eq!(Ledger::new(1 << 20).words().len() * 8, 1 << 18);
        assert_eq!(Ledger::from_words(vec![0; 3], 1), None);
    }
}
