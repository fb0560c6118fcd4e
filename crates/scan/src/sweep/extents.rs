//! Which positions of the whole are a sweep's own.
//!
//! Its own positions are numbered from 0, span after span in the order in which they came to it; between
//! two extents some numbers may belong to no position. This file must not know what is known of a position.

use alloc::vec::Vec;

/// A run of positions of the whole, and where its own numbers begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The first position of the whole.
    pub base: u64,
    /// How many.
    pub len: u64,
    /// The own number of the first.
    pub at: u64,
}

impl Extent {
    #[inline]
    pub(crate) fn own(&self, whole: u64) -> Option<u64> {
        let place = whole.wrapping_sub(self.base);
        (place < self.len).then(|| self.at + place)
    }
}

/// All positions of one sweep; never without a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extents {
    first: Extent,
    others: Vec<Extent>,
}

impl Extents {
    /// Those from `base` on, `len` of them.
    pub(crate) fn new(base: u64, len: u64) -> Extents {
        Extents {
            first: Extent { base, len, at: 0 },
            others: Vec::new(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Extent> {
        core::iter::once(&self.first).chain(&self.others)
    }

    /// The own number of a position of the whole; none if it belongs to others.
    #[inline]
    pub(crate) fn own(&self, whole: u64) -> Option<u64> {
        let own = self.first.own(whole);
        own.or_else(|| self.others.iter().find_map(|span| span.own(whole)))
    }

    /// The position of the whole that has this own number.
    #[inline]
    pub(crate) fn whole(&self, own: u64) -> u64 {
        let behind = self.others.iter().rev().find(|span| span.at <= own);
        let span = behind.unwrap_or(&self.first);
        span.base + (own - span.at)
    }

    /// The first position that it ever had.
    pub(crate) fn base(&self) -> u64 {
        self.first.base
    }

    /// How many positions.
    pub(crate) fn len(&self) -> u64 {
        self.iter().map(|span| span.len).sum()
    }

    /// How many positions have this own number or a later one.
    pub(crate) fn from(&self, own: u64) -> u64 {
        let beyond = |span: &Extent| span.len - own.saturating_sub(span.at).min(span.len);
        self.iter().map(beyond).sum()
    }

    /// The last span.
    pub(crate) fn last(&self) -> Extent {
        *self.others.last().unwrap_or(&self.first)
    }

    /// Another span, whose own numbers begin at `at`, behind all others.
    pub(crate) fn push(&mut self, base: u64, len: u64, at: u64) {
        debug_assert!(at >= self.last().at + self.last().len);
        self.others.push(Extent { base, len, at });
    }

    /// Takes all from the own number `at` on out of it, which must lie in the last span; where that begins in the whole.
    pub(crate) fn cut(&mut self, at: u64) -> u64 {
        let last = self.others.last_mut().unwrap_or(&mut self.first);
        debug_assert!(last.at <= at && at <= last.at + last.len);
        last.len = at - last.at;
        last.base + last.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_numbers_lead_to_the_whole_and_back() {
        let mut extents = Extents::new(100, 64);
        assert_eq!(extents.cut(32), 132);
        extents.push(1000, 10, 64);
        extents.push(500, 5, 96);
        assert_eq!(extents.len(), 47);
        assert_eq!(
            [0, 32, 65, 96, 200].map(|own| extents.from(own)),
            [47, 15, 14, 5, 0]
        );
        for span in [(100, 0), (131, 31), (1000, 64), (1009, 73), (504, 100)] {
            assert_eq!(extents.own(span.0), Some(span.1));
            assert_eq!(extents.whole(span.1), span.0);
        }
        for elsewhere in [99, 132, 505, 1010] {
            assert_eq!(extents.own(elsewhere), None);
        }
        assert_eq!(extents.cut(98), 502);
        assert_eq!((extents.own(501), extents.own(502)), (Some(97), None));
    }
}
