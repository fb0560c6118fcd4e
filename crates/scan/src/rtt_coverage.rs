//! Which hosts have answered, and so how slow the others may be.
//!
//! A host that has not answered yet may be farther away than all that have. Until more is known, the last replies are
//! awaited for as long as RFC 6298 waits before the first sample, or after the sample taken during discovery. More is
//! known once every host has answered, or enough hosts that the share of slower ones is below the accepted miss
//! probability: if none of `n` hosts was slower than the slowest, then with 95 % certainty fewer than `3/n` of the
//! others are (the rule of three; Hanley and Lippman-Hand, JAMA 249, 1983). This file must not know packets.

use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use crate::rtt;
use crate::sweep::Sweep;

/// Maximum number of marks. With more hosts several share a mark, which only makes the count smaller.
const MAX_MARKS: u64 = 1 << 20;

/// The hosts that have answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct RttCoverage {
    /// One bit per host; empty once nothing is left to learn.
    marks: Vec<u64>,
    hosts: u64,
    answered: u64,
    /// Number of hosts that suffices.
    sufficient: u64,
}

impl RttCoverage {
    /// No host of `hosts` has answered; `miss` is the accepted miss probability.
    pub(crate) fn new(hosts: u64, miss: f64) -> RttCoverage {
        RttCoverage {
            marks: vec![0; hosts.min(MAX_MARKS).div_ceil(64) as usize],
            hosts,
            answered: 0,
            sufficient: hosts.min((3.0 / miss.max(1e-9)) as u64),
        }
    }

    /// Records that host `i` has answered. Returns how long the slowest host may take, once that is known.
    #[inline]
    pub(crate) fn note(&mut self, i: u64, sweep: &Sweep) -> Option<Duration> {
        if self.marks.is_empty() {
            return None;
        }
        let bit = i % self.hosts.min(MAX_MARKS);
        let mark = &mut self.marks[(bit / 64) as usize];
        self.answered += u64::from(*mark >> (bit % 64) & 1 == 0);
        *mark |= 1 << (bit % 64);
        if self.answered < self.sufficient {
            return None;
        }
        // Slower replies that come later are in the tail of the measured times.
        self.marks = Vec::new();
        let slowest = sweep.rtt().slowest();
        Some((slowest + slowest / 2).min(rtt::CEILING))
    }
}
