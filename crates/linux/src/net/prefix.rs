//! Address prefixes, as in routing tables.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address and the number of its leading bits that count. Host bits may be set, as in an interface's own address with
/// the prefix length of its subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    /// The address.
    pub address: IpAddr,
    /// Length in bits, at most 32 or 128.
    pub length: u8,
}

impl Prefix {
    /// Returns a prefix; a length beyond that of the address is reduced to it.
    pub fn new(address: impl Into<IpAddr>, length: u8) -> Self {
        let address = address.into();
        Self {
            address,
            length: length.min(width(address)),
        }
    }

    /// Returns the prefix of a single address.
    pub fn host(address: impl Into<IpAddr>) -> Self {
        let address = address.into();
        Self {
            address,
            length: width(address),
        }
    }

    /// Returns the first and the last address as numbers (IPv4 in the low 32 bits).
    pub fn range(&self) -> (u128, u128) {
        let host_bits = width(self.address) - self.length;
        let mask = if host_bits == 128 {
            u128::MAX
        } else {
            (1_u128 << host_bits) - 1
        };
        let number = number(self.address);
        (number & !mask, number | mask)
    }

    /// Returns whether `address` has this family and lies in the prefix.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (first, last) = self.range();
        self.address.is_ipv4() == address.is_ipv4() && (first..=last).contains(&number(address))
    }
}

/// The text is not an address, or the length is too long for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPrefix;

impl fmt::Display for NotAPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an address with a prefix length")
    }
}

impl core::error::Error for NotAPrefix {}

impl core::str::FromStr for Prefix {
    type Err = NotAPrefix;

    /// Parses `ADDRESS/LENGTH`, or an address alone as the prefix of that address.
    fn from_str(text: &str) -> Result<Self, NotAPrefix> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotAPrefix)?;
        let length = match length {
            Some(length) => length.parse().map_err(|_| NotAPrefix)?,
            None => width(address),
        };
        if length > width(address) {
            return Err(NotAPrefix);
        }
        Ok(Self { address, length })
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

/// Returns the number of bits of an address.
pub(super) fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Returns the address as a number.
pub(super) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// Returns the number as an address of the family of `like`.
pub(super) fn address(number: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::from(number as u32).into(),
        IpAddr::V6(_) => Ipv6Addr::from(number).into(),
    }
}

/// Returns the bytes of an address in network order.
pub(super) fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

/// Returns `AF_INET` or `AF_INET6`.
pub(super) fn family(address: IpAddr) -> u8 {
    let family = if address.is_ipv4() {
        libc::AF_INET
    } else {
        libc::AF_INET6
    };
    family as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_and_longest_prefixes_have_correct_ranges() {
        let all = Prefix::new(Ipv6Addr::LOCALHOST, 0);
        assert_eq!(all.range(), (0, u128::MAX));
        let one = Prefix::host(Ipv4Addr::new(10, 0, 0, 7));
        assert_eq!(one.range(), (0x0a00_0007, 0x0a00_0007));
        let net = Prefix::new(Ipv4Addr::new(10, 0, 0, 7), 24);
        assert!(net.contains(Ipv4Addr::new(10, 0, 0, 255).into()));
        assert!(!net.contains(Ipv4Addr::new(10, 0, 1, 0).into()));
        assert!(!all.contains(Ipv4Addr::new(10, 0, 1, 0).into()));
        assert_eq!("10.0.0.7/24".parse(), Ok(net));
        assert_eq!("10.0.0.7".parse(), Ok(one));
        for bad in ["10.0.0.7/33", "fd00::/129", "10.0.0/8", "10.0.0.7/", "/8"] {
            assert_eq!(bad.parse::<Prefix>(), Err(NotAPrefix), "{bad}");
        }
    }
}
