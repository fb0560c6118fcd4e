//! Parses one end of a connection: address prefixes and port ranges, as users write them.

use super::FilterError;
use core::net::IpAddr;
use core::str::FromStr;

/// An address prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    pub(super) address: IpAddr,
    pub(super) bits: u8,
}

impl Prefix {
    /// Returns the prefix of `bits` leading bits of `address`; `None` if there are fewer.
    pub const fn new(address: IpAddr, bits: u8) -> Option<Self> {
        let max = if address.is_ipv4() { 32 } else { 128 };
        if bits <= max {
            Some(Self { address, bits })
        } else {
            None
        }
    }

    /// Returns whether `address` is in the prefix. An IPv4 prefix also contains the IPv4-mapped forms of its addresses.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(mine), IpAddr::V4(theirs)) => {
                self.same_v4(mine.to_bits(), theirs.to_bits())
            }
            (IpAddr::V4(mine), IpAddr::V6(theirs)) => theirs
                .to_ipv4_mapped()
                .is_some_and(|v4| self.same_v4(mine.to_bits(), v4.to_bits())),
            (IpAddr::V6(mine), IpAddr::V6(theirs)) => {
                (mine.to_bits() ^ theirs.to_bits())
                    .checked_shr(128 - u32::from(self.bits))
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    fn same_v4(self, mine: u32, theirs: u32) -> bool {
        (mine ^ theirs)
            .checked_shr(32 - u32::from(self.bits))
            .unwrap_or(0)
            == 0
    }
}

impl FromStr for Prefix {
    type Err = FilterError;

    /// Parses `10.0.0.0/8`, `10.1.2.3`, `fe80::/10` or `[::1]`.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let bare = address
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(address);
        let address: IpAddr = bare.parse().map_err(|_| FilterError::Address)?;
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| FilterError::PrefixLength)?,
            None if address.is_ipv4() => 32,
            None => 128,
        };
        Self::new(address, bits).ok_or(FilterError::PrefixLength)
    }
}

/// A range of ports, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// Lowest port.
    pub first: u16,
    /// Highest port.
    pub last: u16,
}

impl PortRange {
    /// Returns whether `port` is in the range.
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

impl FromStr for PortRange {
    type Err = FilterError;

    /// Parses `22`, `8000-8100`, `1024-` or `-1023`.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let number = |text: &str, default| {
            if text.is_empty() {
                Ok(default)
            } else {
                text.parse().map_err(|_| FilterError::Port)
            }
        };
        let range = match text.split_once('-') {
            Some(("", "")) => return Err(FilterError::Port),
            Some((first, last)) => Self {
                first: number(first, 0)?,
                last: number(last, u16::MAX)?,
            },
            None => {
                let port = text.parse().map_err(|_| FilterError::Port)?;
                Self {
                    first: port,
                    last: port,
                }
            }
        };
        if range.first <= range.last {
            Ok(range)
        } else {
            Err(FilterError::Port)
        }
    }
}

/// One end of a connection: an address prefix, a port range, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// Prefix that the address must be in.
    pub prefix: Option<Prefix>,
    /// Range that the port must be in.
    pub ports: Option<PortRange>,
}

impl Endpoint {
    /// Returns whether this end matches an address and a port.
    pub fn contains(&self, address: IpAddr, port: u16) -> bool {
        self.prefix.is_none_or(|prefix| prefix.contains(address))
            && self.ports.is_none_or(|ports| ports.contains(port))
    }
}

impl FromStr for Endpoint {
    type Err = FilterError;

    /// Parses `10.0.0.0/8`, `10.0.0.1:22`, `[::1]:22`, `:22`, `::1` or `fe80::/10`.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        if let Ok(prefix) = text.parse() {
            return Ok(Self {
                prefix: Some(prefix),
                ports: None,
            });
        }
        let Some((address, ports)) = text.rsplit_once(':') else {
            return Err(text.parse::<Prefix>().err().unwrap_or(FilterError::Address));
        };
        let prefix = if address.is_empty() {
            None
        } else {
            Some(address.parse()?)
        };
        Ok(Self {
            prefix,
            ports: Some(ports.parse()?),
        })
    }
}
