//! Sets of addresses as sorted, disjoint ranges, with union and difference.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use super::{Family, value};

/// An inclusive range of addresses of one family and zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// Address family.
    pub family: Family,
    /// Interface index of link-local IPv6 addresses; otherwise 0.
    pub zone: u32,
    /// Numeric value of the first address.
    pub first: u128,
    /// Numeric value of the last address; not below `first`.
    pub last: u128,
}

impl Range {
    /// Returns the range of a single address.
    pub const fn single(ip: IpAddr, zone: u32) -> Range {
        Range {
            family: Family::of(ip),
            zone,
            first: value(ip),
            last: value(ip),
        }
    }

    /// Returns the range that a prefix covers. A `length` above the length of an address counts as that length.
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

    /// Number of addresses. Saturates at `u128::MAX`.
    pub const fn len(&self) -> u128 {
        (self.last - self.first).saturating_add(1)
    }

    /// Always false: a range contains at least one address.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Returns the first address.
    pub const fn first_ip(&self) -> IpAddr {
        self.family.address(self.first)
    }

    /// Returns the last address.
    pub const fn last_ip(&self) -> IpAddr {
        self.family.address(self.last)
    }

    /// Formats the range as an address, as a prefix if it is one, or as `first-last`.
    pub fn to_text(&self) -> String {
        let length = self.len();
        if length == 1 {
            return self.first_ip().to_string();
        }
        let bits = self.family.bits();
        let free = (length.is_power_of_two() || length == u128::MAX).then(|| {
            if length == u128::MAX {
                bits
            } else {
                length.trailing_zeros() as u8
            }
        });
        match free {
            Some(free) if *self == Range::prefix(self.first_ip(), bits - free, self.zone) => {
                format!("{}/{}", self.first_ip(), bits - free)
            }
            _ => format!("{}-{}", self.first_ip(), self.last_ip()),
        }
    }

    const fn family_and_zone(&self) -> (Family, u32) {
        (self.family, self.zone)
    }
}

/// A set of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSet {
    /// Sorted, disjoint and not adjacent, so the representation is canonical.
    ranges: Vec<Range>,
}

impl RangeSet {
    /// Creates the union of `ranges`.
    pub fn new(ranges: impl IntoIterator<Item = Range>) -> RangeSet {
        let mut sorted: Vec<Range> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<Range> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match merged.last_mut() {
                Some(last)
                    if last.family_and_zone() == range.family_and_zone()
                        && range.first <= last.last.saturating_add(1) =>
                {
                    last.last = last.last.max(range.last);
                }
                _ => merged.push(range),
            }
        }
        RangeSet { ranges: merged }
    }

    /// Returns the addresses in `self` that are not in `other`. An address in `other` without a zone excludes that address in
    /// every zone.
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

    /// Returns the addresses of one family.
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

    /// Returns the ranges in ascending order.
    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// Number of addresses. Saturates at `u128::MAX`.
    pub fn len(&self) -> u128 {
        self.ranges
            .iter()
            .fold(0, |n: u128, r| n.saturating_add(r.len()))
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether the set contains the address in any zone.
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
