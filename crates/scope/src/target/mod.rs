//! Targets: the grammar of target expressions, and sets of addresses.
//!
//! [`parse`] reads what the user typed, [`RangeSet`] adds and subtracts addresses. The module does not resolve names or
//! look up routes.

mod parse;
mod ranges;

pub use parse::{TargetSpec, parse};
pub use ranges::{Range, RangeSet};

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Maximum number of hosts of one scan, as a power of two.
pub const MAX_HOST_BITS: u8 = 28;

/// An IP address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Returns the family of an address.
    pub const fn of(ip: IpAddr) -> Family {
        match ip {
            IpAddr::V4(_) => Family::V4,
            IpAddr::V6(_) => Family::V6,
        }
    }

    /// Length of an address in bits.
    pub const fn bits(self) -> u8 {
        match self {
            Family::V4 => 32,
            Family::V6 => 128,
        }
    }

    /// Returns the address with this numeric value.
    pub const fn address(self, value: u128) -> IpAddr {
        match self {
            Family::V4 => IpAddr::V4(Ipv4Addr::from_bits(value as u32)),
            Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(value)),
        }
    }
}

/// Returns the numeric value of an address.
pub const fn value(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(a) => a.to_bits() as u128,
        IpAddr::V6(a) => a.to_bits(),
    }
}
