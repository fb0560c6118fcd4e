//! Sets of addresses as sorted, disjoint ranges: union and difference.
//!
//! This file must not know where the ranges come from.

use alloc::vec::Vec;
use core::net::IpAddr;

use super::{Family, value};

/// An inclusive range of addresses of one family and zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The family.
    pub family: Family,
    /// The interface index of link-local IPv6 addresses, else 0.
    pub zone: u32,
    /// The first address's value.
    pub first: u128,
    /// The last address's value; not below `first`.
    pub last: u128,
}

impl Range {
    /// The range of one address.
    pub const fn single(ip: IpAddr, zone: u32) -> Range {
        Range {
            family: Family::of(ip),
            zone,
            first: value(ip),
            last: value(ip),
        }
    }

    /// The range that a prefix covers. `length` above the family's bits counts as all bits.
    pub const fn prefix(ip: IpAddr, length: u8, zone: u32) -> Range {
        let family = Family::of(ip);
        let free = family.bits().saturating_sub(length);
        let mask = if free >= 128 {
            u128::MAX
        } else {
            (1u128 << free) - 1
        };
        Range {
            family,
            zone,
            first: value(ip) & !mask,
            last: value(ip) | mask,
        }
    }

    /// How many addresses; saturates at the largest number.
    pub const fn len(&self) -> u128 {
        (self.last - self.first).saturating_add(1)
    }

    /// Always false: a range has at least one address.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// The first address.
    pub const fn first_ip(&self) -> IpAddr {
        self.family.address(self.first)
    }

    /// The last address.
    pub const fn last_ip(&self) -> IpAddr {
        self.family.address(self.last)
    }

    const fn place(&self) -> (Family, u32) {
        (self.family, self.zone)
    }
}

/// A set of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSet {
    /// Sorted, disjoint, and never touching: the form is canonical.
    ranges: Vec<Range>,
}

impl RangeSet {
    /// The union of `ranges`.
    pub fn new(ranges: impl IntoIterator<Item = Range>) -> RangeSet {
        let mut sorted: Vec<Range> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<Range> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match merged.last_mut() {
                Some(last)
                    if last.place() == range.place()
                        && range.first <= last.last.saturating_add(1) =>
                {
                    last.last = last.last.max(range.last);
                }
                _ => merged.push(range),
            }
        }
        RangeSet { ranges: merged }
    }

    /// What is in `self` and not in `other`. An excluded address without zone excludes it in every zone.
    #[must_use]
    pub fn minus(&self, other: &RangeSet) -> RangeSet {
        let mut left = self.ranges.clone();
        for cut in &other.ranges {
            let mut next = Vec::with_capacity(left.len() + 1);
            for range in left {
                let same = range.family == cut.family && (range.zone == cut.zone || cut.zone == 0);
                if !same || cut.last < range.first || cut.first > range.last {
                    next.push(range);
                    continue;
                }
                if range.first < cut.first {
                    next.push(Range {
                        last: cut.first - 1,
                        ..range
                    });
                }
                if cut.last < range.last {
                    next.push(Range {
                        first: cut.last + 1,
                        ..range
                    });
                }
            }
            left = next;
        }
        RangeSet { ranges: left }
    }

    /// The addresses of one family.
    #[must_use]
    pub fn only(&self, family: Family) -> RangeSet {
        RangeSet {
            ranges: self
                .ranges
                .iter()
                .copied()
                .filter(|r| r.family == family)
                .collect(),
        }
    }

    /// The ranges, in ascending order.
    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// How many addresses; saturates.
    pub fn len(&self) -> u128 {
        self.ranges
            .iter()
            .fold(0, |n: u128, r| n.saturating_add(r.len()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether the address is in the set, in whatever zone.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let v = value(ip);
        self.ranges
            .iter()
            .any(|r| r.family == Family::of(ip) && r.first <= v && v <= r.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn arbitrary_set() -> impl Strategy<Value = RangeSet> {
        proptest::collection::vec((0u128..200, 0u128..20), 0..6).prop_map(|v| {
            RangeSet::new(v.into_iter().map(|(first, n)| Range {
                family: Family::V4,
                zone: 0,
                first,
                last: first + n,
            }))
        })
    }

    proptest! {
        #[test]
        fn sets_behave_as_sets(a in arbitrary_set(), b in arbitrary_set()) {
            let difference = a.minus(&b);
            let union = RangeSet::new(a.ranges().iter().chain(b.ranges()).copied());
            for v in 0..260u128 {
                let ip = Family::V4.address(v);
                prop_assert_eq!(difference.contains(ip), a.contains(ip) && !b.contains(ip));
                prop_assert_eq!(union.contains(ip), a.contains(ip) || b.contains(ip));
            }
            for pair in union.ranges().windows(2) {
                prop_assert!(pair[0].last + 1 < pair[1].first, "ranges touch: {:?}", pair);
            }
        }
    }

    #[test]
    fn the_whole_of_ipv6_is_one_range() {
        let all = Range::prefix("::".parse().unwrap(), 0, 0);
        assert_eq!((all.first, all.last), (0, u128::MAX));
        assert_eq!(all.len(), u128::MAX);
        let none = RangeSet::new([all]).minus(&RangeSet::new([all]));
        assert!(none.is_empty());
    }
}
