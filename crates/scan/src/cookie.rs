//! Cookies: a keyed hash of the 4-tuple that proves that a reply answers one of our probes.
//!
//! The cookie is SipHash-1-3 over the addresses and ports, keyed from the scan's seed. It is written into whatever field
//! the peer has to return (TCP sequence number, ICMP identifier and sequence, ...). A third party that has not seen the
//! probe cannot guess it.
//!
//! A retry carries the same cookie as the probe that it repeats, because a listener whose SYN/ACK was lost still holds
//! that connection half open. A canary carries a cookie of its own (see [`Cookies::of`]), so that its reply is
//! distinguished from the reply to the probe.
//!
//! The module does not know which field of a protocol carries the cookie.

use core::hash::Hasher;
use core::net::IpAddr;

use siphasher::sip::SipHasher13;

use crate::order::splitmix;

/// Computes cookies.
#[derive(Clone, Debug)]
pub struct Cookies {
    keyed: SipHasher13,
}

impl Cookies {
    /// Derives the key from `seed`.
    pub fn new(seed: u64) -> Cookies {
        // A different stream than the probe order: an observer who learns the order must not learn the key.
        let mut state = seed ^ 0x636f_6f6b_6965_7321;
        let (k0, k1) = (splitmix(&mut state), splitmix(&mut state));
        Cookies {
            keyed: SipHasher13::new_with_keys(k0, k1),
        }
    }

    /// Returns the cookie of a probe from `source_port` to `port` of `host`.
    /// `salt` is the number of a canary and 0 for a plain probe.
    #[inline]
    pub fn of(&self, host: IpAddr, port: u16, source_port: u16, salt: u32) -> u64 {
        let mut hasher = self.keyed;
        let ports = u64::from(port) << 48 | u64::from(source_port) << 32 | u64::from(salt);
        match host {
            IpAddr::V4(a) => {
                let mut bytes = [0; 12];
                bytes[..4].copy_from_slice(&a.octets());
                bytes[4..].copy_from_slice(&ports.to_le_bytes());
                hasher.write(&bytes);
            }
            IpAddr::V6(a) => {
                let mut bytes = [0; 24];
                bytes[..16].copy_from_slice(&a.octets());
                bytes[16..].copy_from_slice(&ports.to_le_bytes());
                hasher.write(&bytes);
            }
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_depends_on_every_field() {
        let (a, b): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let cookies = Cookies::new(1);
        let base = cookies.of(a, 80, 40_000, 0);
        assert_eq!(base, Cookies::new(1).of(a, 80, 40_000, 0));
        assert_ne!(base, Cookies::new(2).of(a, 80, 40_000, 0));
        assert_ne!(base, cookies.of(b, 80, 40_000, 0));
        assert_ne!(base, cookies.of(a, 81, 40_000, 0));
        assert_ne!(base, cookies.of(a, 80, 40_001, 0));
        assert_ne!(base, cookies.of(a, 80, 40_000, 1));
    }
}
