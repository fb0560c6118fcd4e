//! Numbered targets: converts between a host number and an address, and holds the route of each host.
//!
//! The probe space counts hosts from 0 in ascending order of address. The module does not know ports or packets.

use alloc::vec::Vec;
use core::net::IpAddr;

use vigie_scope::Host;
use vigie_scope::target::{Family, Range, value};

/// Consecutive addresses that share a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The addresses of the segment.
    pub range: Range,
    /// Index of their route in the plan's routes.
    pub route: u32,
}

/// The targets of a scan, numbered from 0 in ascending order of address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetSet {
    segments: Vec<Segment>,
    /// Number of the first host of each segment; the last element is the number of all hosts.
    starts: Vec<u64>,
}

impl TargetSet {
    /// Numbers the addresses of `segments`, which must not overlap.
    ///
    /// # Panics
    /// If two segments overlap. Segments made from a [`vigie_scope::target::RangeSet`] never do.
    pub fn new(mut segments: Vec<Segment>) -> TargetSet {
        segments.sort_unstable_by_key(|s| s.range);
        for pair in segments.windows(2) {
            let (a, b) = (pair[0].range, pair[1].range);
            assert!(
                (a.family, a.zone) != (b.family, b.zone) || a.last < b.first,
                "target segments overlap"
            );
        }
        let mut starts = Vec::with_capacity(segments.len() + 1);
        let mut total = 0u64;
        for segment in &segments {
            starts.push(total);
            total = total.saturating_add(u64::try_from(segment.range.len()).unwrap_or(u64::MAX));
        }
        starts.push(total);
        TargetSet { segments, starts }
    }

    /// Number of hosts.
    pub fn len(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Whether there are no hosts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The segments in ascending order of address.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Returns the hosts with numbers in `[first, end)`.
    pub(crate) fn slice(&self, first: u64, end: u64) -> TargetSet {
        let mut segments = Vec::new();
        for (segment, start) in self.segments.iter().zip(&self.starts) {
            let len = u64::try_from(segment.range.len()).unwrap_or(u64::MAX);
            let from = first.saturating_sub(*start).min(len);
            let to = end.saturating_sub(*start).min(len);
            if from < to {
                let mut part = *segment;
                part.range.first += u128::from(from);
                part.range.last = segment.range.first + u128::from(to - 1);
                segments.push(part);
            }
        }
        TargetSet::new(segments)
    }

    /// Returns the host with number `index` and the index of its route.
    ///
    /// # Panics
    /// If `index` is not below [`TargetSet::len`].
    #[inline]
    pub fn at(&self, index: u64) -> (Host, u32) {
        let (segment, offset) = self.locate(index);
        let range = &segment.range;
        (
            Host {
                ip: range.family.address(range.first + u128::from(offset)),
                zone: range.zone,
            },
            segment.route,
        )
    }

    /// Returns the segment of host number `index` and the offset in it.
    #[inline]
    fn locate(&self, index: u64) -> (&Segment, u64) {
        // Most scans have one segment and skip the binary search.
        let i = if self.segments.len() == 1 {
            0
        } else {
            self.starts.partition_point(|s| *s <= index) - 1
        };
        (&self.segments[i], index - self.starts[i])
    }

    /// Returns the number of the host with this address. For link-local IPv6, `zone` is the index of the interface
    /// that received the packet; for other addresses it is ignored.
    pub fn index_of(&self, ip: IpAddr, zone: u32) -> Option<u64> {
        let (family, v) = (Family::of(ip), value(ip));
        // Segments are sorted by (family, zone, first). Search without a zone first, then with it.
        for zone in [0, zone] {
            let after = self.segments.partition_point(|s| {
                (s.range.family, s.range.zone, s.range.first) <= (family, zone, v)
            });
            if let Some(i) = after.checked_sub(1) {
                let range = &self.segments[i].range;
                if range.family == family
                    && range.zone == zone
                    && range.first <= v
                    && v <= range.last
                {
                    return Some(self.starts[i] + (v - range.first) as u64);
                }
            }
            if zone != 0 {
                break;
            }
        }
        None
    }

    /// Iterates over the hosts with the index of their route, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (Host, u32)> + '_ {
        (0..self.len()).map(|i| self.at(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_and_addresses_are_one_to_one(starts in proptest::collection::btree_set(0u8..40, 1..6), v6 in any::<bool>()) {
            let family = if v6 { Family::V6 } else { Family::V4 };
            let segments: Vec<Segment> = starts
                .iter()
                .map(|s| Segment { range: Range { family, zone: 0, first: u128::from(*s) * 100, last: u128::from(*s) * 100 + 7 }, route: u32::from(*s) })
                .collect();
            let set = TargetSet::new(segments);
            prop_assert_eq!(set.len(), starts.len() as u64 * 8);
            for (i, (host, route)) in set.iter().enumerate() {
                prop_assert_eq!(set.index_of(host.ip, 9), Some(i as u64));
                prop_assert_eq!(value(host.ip) / 100, u128::from(route));
            }
            prop_assert_eq!(set.index_of(family.address(50), 0), None);
        }

        #[test]
        fn slices_follow_one_another(lens in proptest::collection::vec(1u64..9, 1..5), each in 1u64..20) {
            let mut segments = Vec::new();
            for (i, len) in lens.iter().enumerate() {
                let first = i as u128 * 100;
                segments.push(Segment { range: Range { family: Family::V4, zone: 0, first, last: first + u128::from(*len) - 1 }, route: i as u32 });
            }
            let set = TargetSet::new(segments);
            let mut all = Vec::new();
            for window in 0..set.len().div_ceil(each) {
                let slice = set.slice(window * each, (window + 1) * each);
                prop_assert!(slice.len() <= each);
                all.extend(slice.iter());
            }
            prop_assert_eq!(all, set.iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn link_local_addresses_differ_by_zone() {
        let ip: IpAddr = "fe80::1".parse().unwrap();
        let segment = |zone| Segment {
            range: Range::single(ip, zone),
            route: zone,
        };
        let set = TargetSet::new(vec![segment(3), segment(2)]);
        assert_eq!(set.index_of(ip, 2), Some(0));
        assert_eq!(set.index_of(ip, 3), Some(1));
        assert_eq!(set.index_of(ip, 4), None);
    }
}
