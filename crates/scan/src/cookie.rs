//! The proof that a reply answers our probe: a keyed hash of the conversation.
//!
//! SipHash-1-3 of addresses and ports, keyed from the seed, stands in whatever
//! field of the probe the peer must give back (TCP sequence number, ICMP
//! identifier and sequence, ...). Nobody who has not seen the probe can guess it.
//! This file must not know where a protocol keeps it.

use core::hash::Hasher;
use core::net::IpAddr;

use siphasher::sip::SipHasher13;

use crate::order::splitmix;

/// Makes cookies.
#[derive(Clone, Debug)]
pub struct Cookies {
    keyed: SipHasher13,
}

impl Cookies {
    /// Cookies keyed by `seed`.
    pub fn new(seed: u64) -> Cookies {
        // Not the stream that orders the probes: who learns the order must not learn the key.
        let mut state = seed ^ 0x636f_6f6b_6965_7321;
        let (k0, k1) = (splitmix(&mut state), splitmix(&mut state));
        Cookies {
            keyed: SipHasher13::new_with_keys(k0, k1),
        }
    }

    /// The cookie of the conversation from `source_port` with `port` of `host`.
    /// `salt` tells apart what else may be told apart (a canary's number; else 0).
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
    fn every_part_of_the_conversation_counts() {
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
