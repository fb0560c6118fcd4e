//! Values of fields, and sets of values. Must not know any layer.

use crate::packet::Packet;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use vigie_wire::MacAddr;

/// The value of a field, or a set of values that stands for one packet each.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value: the field is computed.
    None,
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A binary fixed-point number: its bits, and how many of them are the fraction.
    Fixed(u64, u8),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text: a name in an option.
    Str(String),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A MAC address.
    Mac(MacAddr),
    /// A list; in a field whose values are not lists, a set.
    List(Vec<Value>),
    /// A tuple, as in options.
    Tuple(Vec<Value>),
    /// A set: the integers from the first to the second, inclusive.
    Range(i128, i128),
    /// A set: all addresses of a network.
    Net(Net),
    /// A packet.
    Packet(Box<Packet>),
    /// A value with an ASN.1 type.
    Asn1(Asn1),
}

/// A network: an address and a prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    /// An address in the network, as written.
    pub addr: IpAddr,
    /// Prefix length in bits.
    pub prefix: u8,
}

/// A value with an ASN.1 type (ITU-T X.690), as SNMP carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asn1 {
    /// Tag of the type.
    pub tag: u8,
    /// The value: `Int`, `Bytes`, `Str` (an object identifier or an address) or `None`.
    pub value: Box<Value>,
}

impl Net {
    /// Parses `10.0.0.0/30` or `2001:db8::/120`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (addr, prefix) = text.split_once('/')?;
        let addr: IpAddr = addr.parse().ok()?;
        let prefix: u8 = prefix.parse().ok()?;
        let max = if addr.is_ipv4() { 32 } else { 128 };
        (prefix <= max).then_some(Self { addr, prefix })
    }

    /// Returns the number of addresses; for the whole IPv6 space, one less.
    #[must_use]
    pub fn len(&self) -> u128 {
        let width = if self.addr.is_ipv4() { 32 } else { 128 };
        1u128
            .checked_shl(u32::from(width - self.prefix.min(width)))
            .unwrap_or(u128::MAX)
    }

    /// Returns false: a network has at least one address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Returns address number `index`, from the lowest.
    #[must_use]
    pub fn nth(&self, index: u128) -> IpAddr {
        let mask = self.len() - 1;
        match self.addr {
            IpAddr::V4(addr) => {
                let mask = mask as u32;
                Ipv4Addr::from_bits(addr.to_bits() & !mask | index as u32 & mask).into()
            }
            IpAddr::V6(addr) => Ipv6Addr::from_bits(addr.to_bits() & !mask | index & mask).into(),
        }
    }
}

impl Value {
    /// Returns a packet as a value.
    #[must_use]
    pub fn packet(packet: Packet) -> Self {
        Self::Packet(Box::new(packet))
    }

    /// Returns the value as an unsigned integer of at most 64 bits.
    #[must_use]
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Int(n) => u64::try_from(*n).ok(),
            Self::Asn1(asn1) => asn1.value.as_uint(),
            Self::Ipv4(addr) => Some(addr.to_bits().into()),
            _ => None,
        }
    }

    /// Returns the bytes of [`Value::Bytes`] or [`Value::Str`].
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Str(text) => Some(text.as_bytes()),
            Self::Asn1(asn1) => asn1.value.as_bytes(),
            _ => None,
        }
    }

    /// Returns the number of values in a field whose values are not lists, at most `u64::MAX`.
    #[must_use]
    pub fn set_len(&self) -> u64 {
        match self {
            Self::List(items) => items
                .iter()
                .fold(0, |sum: u64, item| sum.saturating_add(item.set_len())),
            Self::Range(low, high) if high >= low => u64::try_from(high - low)
                .unwrap_or(u64::MAX)
                .saturating_add(1),
            Self::Range(..) => 0,
            Self::Net(net) => u64::try_from(net.len()).unwrap_or(u64::MAX),
            _ => 1,
        }
    }

    /// Returns whether the value is a set, in a field whose values are not lists.
    #[must_use]
    pub fn is_set(&self) -> bool {
        matches!(self, Self::List(_) | Self::Range(..) | Self::Net(_))
    }

    /// Returns member number `index` of the set; a single value is its only member.
    #[must_use]
    pub fn member(&self, mut index: u64) -> Self {
        match self {
            Self::List(items) => {
                for item in items {
                    let len = item.set_len();
                    if index < len {
                        return item.member(index);
                    }
                    index -= len;
                }
                Self::None
            }
            Self::Range(low, _) => Self::Int(low + i128::from(index)),
            Self::Net(net) => match net.nth(index.into()) {
                IpAddr::V4(addr) => Self::Ipv4(addr),
                IpAddr::V6(addr) => Self::Ipv6(addr),
            },
            single => single.clone(),
        }
    }
}

macro_rules! from {
    ($($ty:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl From<$ty> for Value {
            fn from($value: $ty) -> Self {
                $make
            }
        }
    )*};
}

from! {
    u8 => |n| Self::Int(n.into()),
    u16 => |n| Self::Int(n.into()),
    u32 => |n| Self::Int(n.into()),
    u64 => |n| Self::Int(n.into()),
    i32 => |n| Self::Int(n.into()),
    f64 => |n| Self::Float(n),
    &str => |text| Self::Str(text.into()),
    String => |text| Self::Str(text),
    &[u8] => |bytes| Self::Bytes(bytes.into()),
    Vec<u8> => |bytes| Self::Bytes(bytes),
    Ipv4Addr => |addr| Self::Ipv4(addr),
    Ipv6Addr => |addr| Self::Ipv6(addr),
    MacAddr => |addr| Self::Mac(addr),
    Net => |net| Self::Net(net),
    Packet => |packet| Self::packet(packet),
    vigie_wire::tcp::Flags => |flags| Self::Int(flags.0.into()),
    i64 => |n| Self::Int(n.into()),
    core::ops::RangeInclusive<i32> => |range| Self::Range((*range.start()).into(), (*range.end()).into()),
    core::ops::RangeInclusive<u16> => |range| Self::Range((*range.start()).into(), (*range.end()).into()),
    Vec<Value> => |items| Self::List(items),
}

impl From<IpAddr> for Value {
    fn from(addr: IpAddr) -> Self {
        match addr {
            IpAddr::V4(addr) => Self::Ipv4(addr),
            IpAddr::V6(addr) => Self::Ipv6(addr),
        }
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_counted_and_indexed() {
        let set = Value::List(alloc::vec![
            Value::Int(22),
            Value::Range(80, 82),
            Value::Net(Net::parse("10.0.0.7/31").unwrap())
        ]);
        assert_eq!(set.set_len(), 6);
        assert_eq!(set.member(0), Value::Int(22));
        assert_eq!(set.member(3), Value::Int(82));
        assert_eq!(set.member(4), Value::Ipv4(Ipv4Addr::new(10, 0, 0, 6)));
        assert_eq!(set.member(6), Value::None);
        assert_eq!(Value::Net(Net::parse("::/0").unwrap()).set_len(), u64::MAX);
        assert_eq!(Net::parse("10.0.0.0/33"), None);
        assert_eq!(Value::Range(5, 4).set_len(), 0);
    }
}
