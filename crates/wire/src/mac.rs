//! MAC addresses. IP addresses are those of `core::net`.

use core::{fmt, str::FromStr};

/// A 48-bit MAC address, first octet first. Displayed as `2A:ED:2E:AE:C3:A4`; the alternate form (`{:#}`) is
/// `2a:ed:2e:ae:c3:a4`, as tcpdump prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MacAddr(pub [u8; 6]);

impl MacAddr {
    /// `ff:ff:ff:ff:ff:ff`.
    pub const BROADCAST: Self = Self([0xff; 6]);
    /// `00:00:00:00:00:00`, the unknown address in ARP requests.
    pub const ZERO: Self = Self([0; 6]);

    /// Returns the six octets.
    #[inline]
    #[must_use]
    pub const fn octets(self) -> [u8; 6] {
        self.0
    }

    /// Returns whether the group bit is set (IEEE 802: lowest bit of the first octet). Broadcast is a group.
    #[inline]
    #[must_use]
    pub const fn is_multicast(self) -> bool {
        self.0[0] & 1 != 0
    }

    /// Returns whether this is the broadcast address.
    #[inline]
    #[must_use]
    pub const fn is_broadcast(self) -> bool {
        matches!(self.0, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
    }

    /// Returns the MAC address of an IPv6 multicast group (RFC 2464 section 7): `33:33` and the group's last four octets.
    #[inline]
    #[must_use]
    pub const fn of_ipv6_multicast(group: core::net::Ipv6Addr) -> Self {
        let o = group.octets();
        Self([0x33, 0x33, o[12], o[13], o[14], o[15]])
    }
}

impl From<[u8; 6]> for MacAddr {
    fn from(octets: [u8; 6]) -> Self {
        Self(octets)
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        if f.alternate() {
            write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
        } else {
            write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
        }
    }
}

/// The text is not a MAC address: not six hexadecimal pairs separated by `:` or `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MacAddrParseError;

impl fmt::Display for MacAddrParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a MAC address (expected six hexadecimal pairs like 2a:ed:2e:ae:c3:a4)")
    }
}

impl core::error::Error for MacAddrParseError {}

impl FromStr for MacAddr {
    type Err = MacAddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut octets = [0u8; 6];
        let mut parts = text.split([':', '-']);
        for octet in &mut octets {
            let part = parts.next().ok_or(MacAddrParseError)?;
            if part.is_empty() || part.len() > 2 || !part.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(MacAddrParseError);
            }
            *octet = u8::from_str_radix(part, 16).map_err(|_| MacAddrParseError)?;
        }
        if parts.next().is_some() {
            return Err(MacAddrParseError);
        }
        Ok(Self(octets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn parses_both_separators_and_rejects_other_text() {
        let mac = MacAddr([0x2a, 0xed, 0x2e, 0xae, 0xc3, 0xa4]);
        assert_eq!("2a-ED-2e-ae-c3-a4".parse(), Ok(mac));
        assert_eq!(mac.to_string(), "2A:ED:2E:AE:C3:A4");
        for bad in [
            "",
            "2a:ed:2e:ae:c3",
            "2a:ed:2e:ae:c3:a4:00",
            "+a:ed:2e:ae:c3:a4",
            "2ae:d:2e:ae:c3:a4",
        ] {
            assert_eq!(bad.parse::<MacAddr>(), Err(MacAddrParseError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(octets in any::<[u8; 6]>()) {
            prop_assert_eq!(MacAddr(octets).to_string().parse(), Ok(MacAddr(octets)));
        }
    }
}
