//! What is scanned: the grammar of targets and the sets that it makes.
//!
//! [`grammar`](parse) reads what a person typed, [`RangeSet`] adds and subtracts
//! addresses, [`TargetSet`] numbers them. This room must not know how a name is
//! resolved or a route is found.

mod parse;
mod ranges;

pub use parse::{TargetSpec, parse};
pub use ranges::{Range, RangeSet};

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The most hosts that one scan takes, as a power of two.
pub const MAX_HOST_BITS: u8 = 28;

/// The two kinds of IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// The family of an address.
    pub const fn of(ip: IpAddr) -> Family {
        match ip {
            IpAddr::V4(_) => Family::V4,
            IpAddr::V6(_) => Family::V6,
        }
    }

    /// How many bits an address has.
    pub const fn bits(self) -> u8 {
        match self {
            Family::V4 => 32,
            Family::V6 => 128,
        }
    }

    /// The address with this value.
    pub const fn address(self, value: u128) -> IpAddr {
        match self {
            Family::V4 => IpAddr::V4(Ipv4Addr::from_bits(value as u32)),
            Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(value)),
        }
    }
}

/// The value of an address as a number.
pub const fn value(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(a) => a.to_bits() as u128,
        IpAddr::V6(a) => a.to_bits(),
    }
}
