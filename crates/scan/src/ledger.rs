//! What is known of each probe, in two bits.
//!
//! Positions, not indices: a round of retries reads the ledger from front to
//! back and skips what is known at 32 probes a step. This file must not know
//! what a probe is.

use alloc::vec;
use alloc::vec::Vec;

/// What is known of one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reply {
    /// Nothing: not sent, or silent so far.
    None = 0,
    /// The usual negative answer (closed by reset): counted, not stored.
    Negative = 1,
    /// The answer that the scan looks for.
    Positive = 2,
    /// Another answer, stored with its reason elsewhere; or not to be probed at all.
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

/// Two bits for each of `len` positions, `len`/4 bytes in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    words: Vec<u64>,
    len: u64,
    unanswered: u64,
}

/// Positions in a word.
const PER_WORD: u64 = 32;
const LOW_BITS: u64 = 0x5555_5555_5555_5555;

impl Ledger {
    /// A ledger that knows nothing of `len` positions.
    pub fn new(len: u64) -> Ledger {
        Ledger {
            words: vec![0; len.div_ceil(PER_WORD) as usize],
            len,
            unanswered: len,
        }
    }

    /// How many positions.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Of how many positions nothing is known.
    pub fn unanswered(&self) -> u64 {
        self.unanswered
    }

    /// What is known of `position`, which must be below [`Ledger::len`].
    #[inline]
    pub fn get(&self, position: u64) -> Reply {
        Reply::from_bits(self.words[(position / PER_WORD) as usize] >> (position % PER_WORD * 2))
    }

    /// Notes what is known of `position`; returns what was known before.
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

    /// The first position from `from` on of which nothing is known.
    #[inline]
    pub fn next_unanswered(&self, from: u64) -> Option<u64> {
        // A pair of bits is zero where neither bit is set.
        self.next(from, |word| !(word | word >> 1))
    }

    /// The first position from `from` on of which just this is known.
    pub fn next_with(&self, from: u64, reply: Reply) -> Option<u64> {
        let bits = reply as u64;
        self.next(from, |word| {
            let lower = if bits & 1 == 0 { !word } else { word };
            let upper = if bits & 2 == 0 { !word } else { word };
            lower & upper >> 1
        })
    }

    /// The first position from `from` on whose lower bit is set in what `mark` makes of its word.
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
                // The last word may have bits beyond the end.
                return (position < self.len).then_some(position);
            }
        }
        None
    }

    /// Takes the positions from `at` on out of it; `at` must be a multiple of [`Ledger::GRAIN`].
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

    /// Puts the positions of `rest` behind its own, from `at` on, a multiple of [`Ledger::GRAIN`]. Those between
    /// its end and `at` are nobody's, and not to be probed.
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

    /// A copy of `len` positions from `at` on, a multiple of [`Ledger::GRAIN`].
    pub(crate) fn piece(&self, at: u64, len: u64) -> Ledger {
        debug_assert!(at.is_multiple_of(PER_WORD) && at + len <= self.len);
        let words = &self.words[(at / PER_WORD) as usize..(at + len).div_ceil(PER_WORD) as usize];
        Ledger::from_words(words.to_vec(), len).expect("so many words hold so many positions")
    }

    fn count_unanswered(&mut self) {
        let known: u64 = self
            .words
            .iter()
            .map(|word| u64::from(((word | word >> 1) & LOW_BITS).count_ones()))
            .sum();
        self.unanswered = self.len - known;
    }

    /// Positions can be parted at multiples of this.
    pub(crate) const GRAIN: u64 = PER_WORD;

    /// The words, for a checkpoint.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The ledger that a checkpoint holds; none if the words do not fit the length.
    pub fn from_words(words: Vec<u64>, len: u64) -> Option<Ledger> {
        if words.len() as u64 != len.div_ceil(PER_WORD) {
            return None;
        }
        let mut ledger = Ledger {
            words,
            len,
            unanswered: 0,
        };
        // Bits beyond the end would count as known.
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
        fn behaves_as_a_list(len in 1u64..200, writes in proptest::collection::vec((0u64..200, 0u8..4), 0..300)) {
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
    fn parted_and_joined_it_is_the_same() {
        let mut ledger = Ledger::new(1000);
        for at in (0..1000).step_by(7) {
            ledger.set(at, Reply::Negative);
        }
        let whole = ledger.clone();
        let rest = ledger.split_off(640);
        assert_eq!((ledger.len(), rest.len()), (640, 360));
        assert_eq!(ledger.unanswered() + rest.unanswered(), whole.unanswered());
        assert_eq!(rest.get(4), whole.get(644));
        assert_eq!(whole.piece(640, 360), rest);
        ledger.append(640, rest);
        assert_eq!(ledger, whole);
    }

    #[test]
    fn what_lies_between_is_not_probed() {
        let mut ledger = Ledger::new(1000);
        ledger.append(1024 + 64, Ledger::new(50));
        assert_eq!((ledger.len(), ledger.unanswered()), (1138, 1050));
        assert_eq!(ledger.next_unanswered(999), Some(999));
        assert_eq!(ledger.next_unanswered(1000), Some(1088));
        assert_eq!(ledger.next_unanswered(1138), None);
        assert_eq!(ledger.piece(0, 1000), Ledger::new(1000));
    }

    #[test]
    fn a_quarter_byte_each() {
        assert_eq!(Ledger::new(1 << 20).words().len() * 8, 1 << 18);
        assert_eq!(Ledger::from_words(vec![0; 3], 1), None);
    }
}
