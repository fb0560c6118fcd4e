//! Probe order: a keyed permutation of `[0, n)` that can be entered at any position.
//!
//! The probes of a scan are numbered; this permutation decides in which order the numbers are sent, so that
//! consecutive probes rarely go to the same host. It is a Feistel network over the smallest power of two that holds
//! `n`, with cycle-walking (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002): an output
//! outside `[0, n)` is encrypted again until it lies inside.
//!
//! Both directions take constant time. Therefore
//! - a shard, or the part of one sender, is a range of positions;
//! - a resumed scan needs one integer, the next position;
//! - a reply finds its position, and with it its send time, without a table per probe.
//!
//! The permutation spreads load and keeps no secret, so four cheap rounds suffice. The module does not know what an
//! index means.

/// A keyed permutation of `[0, n)`.
#[derive(Clone, Debug)]
pub struct Order {
    n: u64,
    /// Width of the low half in bits. The high half has the remaining bits.
    low_bits: u32,
    low_mask: u64,
    high_mask: u64,
    keys: [u64; ROUNDS],
}

const ROUNDS: usize = 4;

impl Order {
    /// Creates the permutation of `[0, n)` with this seed.
    pub fn new(n: u64, seed: u64) -> Order {
        // The largest index decides the width. Two halves need at least two bits.
        let bits = (64 - n.saturating_sub(1).leading_zeros()).max(2);
        let low_bits = bits / 2;
        let mut state = seed;
        let keys = core::array::from_fn(|_| splitmix(&mut state));
        Order {
            n,
            low_bits,
            low_mask: (1 << low_bits) - 1,
            high_mask: (1 << (bits - low_bits)) - 1,
            keys,
        }
    }

    /// Number of positions.
    pub fn len(&self) -> u64 {
        self.n
    }

    /// Whether the domain is empty.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Returns the index at `position`, which must be below [`Order::len`].
    #[inline]
    pub fn index(&self, position: u64) -> u64 {
        debug_assert!(position < self.n);
        let mut x = position;
        loop {
            x = self.forward(x);
            if x < self.n {
                return x;
            }
        }
    }

    /// Returns the position of `index`, which must be below [`Order::len`].
    #[inline]
    pub fn position(&self, index: u64) -> u64 {
        debug_assert!(index < self.n);
        let mut x = index;
        loop {
            x = self.backward(x);
            if x < self.n {
                return x;
            }
        }
    }

    #[inline]
    fn forward(&self, x: u64) -> u64 {
        let (mut high, mut low) = (x >> self.low_bits, x & self.low_mask);
        for pair in self.keys.as_chunks::<2>().0 {
            high ^= mix(low, pair[0]) & self.high_mask;
            low ^= mix(high, pair[1]) & self.low_mask;
        }
        high << self.low_bits | low
    }

    #[inline]
    fn backward(&self, x: u64) -> u64 {
        let (mut high, mut low) = (x >> self.low_bits, x & self.low_mask);
        for pair in self.keys.as_chunks::<2>().0.iter().rev() {
            low ^= mix(high, pair[1]) & self.low_mask;
            high ^= mix(low, pair[0]) & self.high_mask;
        }
        high << self.low_bits | low
    }
}

/// Round function: a multiplication spreads the half over the upper bits, a shift brings them down.
#[inline]
fn mix(half: u64, key: u64) -> u64 {
    let x = (half ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): derives a stream of 64-bit values from one seed.
pub(crate) fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn position_inverts_index(n in 1u64..=u64::MAX >> 1, seed: u64, at: u64) {
            let order = Order::new(n, seed);
            let position = at % n;
            let index = order.index(position);
            prop_assert!(index < n);
            prop_assert_eq!(order.position(index), position);
        }

        #[test]
        fn every_index_occurs_exactly_once(n in 1u64..3000, seed: u64) {
            let order = Order::new(n, seed);
            let mut seen = vec![false; n as usize];
            for position in 0..n {
                let index = order.index(position) as usize;
                prop_assert!(!seen[index]);
                seen[index] = true;
            }
        }
    }

    #[test]
    fn consecutive_probes_rarely_share_a_host() {
        // 256 hosts x 256 ports, host-major.
        let order = Order::new(65_536, 7);
        let hosts: Vec<u64> = (0..65_536).map(|p| order.index(p) / 256).collect();
        let repeats = hosts.windows(2).filter(|w| w[0] == w[1]).count();
        assert!(
            repeats < 600,
            "{repeats} of 65535 pairs share a host; chance is 256"
        );
        // Each host gets about 16 of any 4096 consecutive probes.
        for window in hosts.chunks(4096) {
            let mut counts = [0u32; 256];
            for host in window {
                counts[*host as usize] += 1;
            }
            assert!(
                counts.iter().all(|c| *c < 48),
                "a host gets {:?} of 4096",
                counts.iter().max()
            );
        }
    }

    #[test]
    fn seeds_give_different_orders() {
        let (a, b) = (Order::new(1000, 1), Order::new(1000, 2));
        let same = (0..1000).filter(|p| a.index(*p) == b.index(*p)).count();
        assert!(same < 20, "{same} positions agree");
    }
}
