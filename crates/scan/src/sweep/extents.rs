//! Extents: maps the positions of the whole probe order to the ledger numbers of one sweep, and back.
//!
//! A sweep starts with one extent, a range of positions. Each work item that it accepts adds another one. Local numbers
//! run from 0 through the extents in the order in which they were added; between two extents some numbers stay unused.

use alloc::vec::Vec;

/// A range of positions, and where its local numbers begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// First position.
    pub base: u64,
    /// Number of positions.
    pub len: u64,
    /// Local number of the first position.
    pub at: u64,
}

impl Extent {
    /// Returns the local number of a position in this extent.
    #[inline]
    pub(crate) fn local(&self, position: u64) -> Option<u64> {
        let place = position.wrapping_sub(self.base);
        (place < self.len).then(|| self.at + place)
    }
}

/// The positions of one sweep. There is always at least one extent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extents {
    first: Extent,
    others: Vec<Extent>,
}

impl Extents {
    /// Creates one extent of `len` positions from `base` on.
    pub(crate) fn new(base: u64, len: u64) -> Extents {
        Extents {
            first: Extent { base, len, at: 0 },
            others: Vec::new(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Extent> {
        core::iter::once(&self.first).chain(&self.others)
    }

    /// Returns the local number of a position, if it belongs to this sweep.
    #[inline]
    pub(crate) fn local(&self, position: u64) -> Option<u64> {
        let own = self.first.local(position);
        own.or_else(|| self.others.iter().find_map(|extent| extent.local(position)))
    }

    /// Returns the position with this local number.
    #[inline]
    pub(crate) fn global(&self, local: u64) -> u64 {
        let behind = self.others.iter().rev().find(|extent| extent.at <= local);
        let extent = behind.unwrap_or(&self.first);
        extent.base + (local - extent.at)
    }

    /// Returns the first position of the first extent.
    pub(crate) fn base(&self) -> u64 {
        self.first.base
    }

    /// Number of positions in all extents.
    pub(crate) fn len(&self) -> u64 {
        self.iter().map(|extent| extent.len).sum()
    }

    /// Number of positions with this local number or a later one.
    pub(crate) fn remaining(&self, local: u64) -> u64 {
        let beyond = |extent: &Extent| extent.len - local.saturating_sub(extent.at).min(extent.len);
        self.iter().map(beyond).sum()
    }

    /// Returns the last extent.
    pub(crate) fn last(&self) -> Extent {
        *self.others.last().unwrap_or(&self.first)
    }

    /// Adds an extent whose local numbers begin at `at`, after all others.
    pub(crate) fn push(&mut self, base: u64, len: u64, at: u64) {
        debug_assert!(at >= self.last().at + self.last().len);
        self.others.push(Extent { base, len, at });
    }

    /// Removes the positions with local number `at` or later. `at` must lie in the last extent. Returns the first removed
    /// position.
    pub(crate) fn truncate(&mut self, at: u64) -> u64 {
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
    fn local_numbers_map_to_positions_and_back() {
        let mut extents = Extents::new(100, 64);
        assert_eq!(extents.truncate(32), 132);
        extents.push(1000, 10, 64);
        extents.push(500, 5, 96);
        assert_eq!(extents.len(), 47);
        assert_eq!(
            [0, 32, 65, 96, 200].map(|local| extents.remaining(local)),
            [47, 15, 14, 5, 0]
        );
        for extent in [(100, 0), (131, 31), (1000, 64), (1009, 73), (504, 100)] {
            assert_eq!(extents.local(extent.0), Some(extent.1));
            assert_eq!(extents.global(extent.1), extent.0);
        }
        for elsewhere in [99, 132, 505, 1010] {
            assert_eq!(extents.local(elsewhere), None);
        }
        assert_eq!(extents.truncate(98), 502);
        assert_eq!((extents.local(501), extents.local(502)), (Some(97), None));
    }
}
