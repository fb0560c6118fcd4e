//! Special-purpose addresses, and the different addresses of one IPv4 host.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::target::{Family, Range, RangeSet};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Range {
    Range::prefix(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), length, 0)
}

const fn v6(first: u128, length: u8) -> Range {
    Range::prefix(IpAddr::V6(Ipv6Addr::from_bits(first)), length, 0)
}

/// "This host on this network" (RFC 1122 section 3.2.1.3) and the unspecified address (RFC 4291 section 2.5.2).
pub(super) const UNSPECIFIED: &[Range] = &[v4(0, 0, 0, 0, 8), v6(0, 128)];
/// Multicast (RFC 5771, RFC 4291 section 2.7).
pub(super) const MULTICAST: &[Range] = &[v4(224, 0, 0, 0, 4), v6(0xff << 120, 8)];
/// Limited broadcast (RFC 919 section 7).
pub(super) const BROADCAST: &[Range] = &[v4(255, 255, 255, 255, 32)];
/// Loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
pub(super) const LOOPBACK: &[Range] = &[v4(127, 0, 0, 0, 8), v6(1, 128)];
/// Private and link-local networks: RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6. Without 100.64.0.0/10
/// (RFC 6598), which belongs to a provider.
pub(super) const PRIVATE: &[Range] = &[
    v4(10, 0, 0, 0, 8),
    v4(172, 16, 0, 0, 12),
    v4(192, 168, 0, 0, 16),
    v4(169, 254, 0, 0, 16),
    v6(0xfc << 120, 7),
    v6(0xfe80 << 112, 10),
];
/// The networks of the training lab.
pub(super) const LAB: &[Range] = &[v4(10, 77, 0, 0, 16), v6(0xfd77 << 112, 48)];
/// Addresses of the scanner in the lab. A machine that has one of them is in the lab.
pub(super) const LAB_SCANNER: &[Range] = &[v4(10, 77, 0, 2, 32), v6((0xfd77 << 112) | 2, 128)];

/// IPv4-mapped addresses, `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
const MAPPED: Range = v6(0xffff << 32, 96);
/// The well-known prefix of NAT64, `64:ff9b::a.b.c.d` (RFC 6052).
const NAT64: u128 = 0x0064_ff9b << 96;
/// 6to4 (RFC 3056): the IPv4 address is bits 16 to 47.
const SIX_TO_FOUR: u128 = 0x2002 << 112;

/// Returns the intersection.
pub(super) fn intersection(a: &RangeSet, b: &RangeSet) -> RangeSet {
    a.minus(&a.minus(b))
}

/// Replaces IPv4-mapped IPv6 addresses by their IPv4 addresses.
pub(super) fn unmapped(addresses: &RangeSet) -> RangeSet {
    let mapped = intersection(addresses, &RangeSet::new([MAPPED]));
    if mapped.is_empty() {
        return addresses.clone();
    }
    let inner = mapped.ranges().iter().map(|r| Range {
        family: Family::V4,
        zone: 0,
        first: r.first & 0xffff_ffff,
        last: r.last & 0xffff_ffff,
    });
    let rest = addresses.minus(&mapped);
    RangeSet::new(rest.ranges().iter().copied().chain(inner))
}

/// Adds the IPv6 addresses by which NAT64 and 6to4 reach the IPv4 addresses.
pub(super) fn with_aliases(addresses: &RangeSet) -> RangeSet {
    let aliases = addresses
        .ranges()
        .iter()
        .filter(|r| r.family == Family::V4)
        .flat_map(|r| {
            let alias = |first, last| Range {
                family: Family::V6,
                zone: 0,
                first,
                last,
            };
            [
                alias(NAT64 | r.first, NAT64 | r.last),
                alias(
                    SIX_TO_FOUR | (r.first << 80),
                    SIX_TO_FOUR | (r.last << 80) | ((1 << 80) - 1),
                ),
            ]
        });
    RangeSet::new(addresses.ranges().iter().copied().chain(aliases))
}
