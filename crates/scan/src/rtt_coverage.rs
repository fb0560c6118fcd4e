//! Which hosts have answered the scan itself, and so how slow the others may be.
//!
//! A host that has not answered yet may be farther than all that have. Until it is known
//! better, the last answers are waited for as long as RFC 6298 waits before the first sample, or after the one
//! that was taken when the host was found.
//! It is known once every host has answered, or so many that the share of slower ones is
//! below the accepted miss probability: of `n` hosts none was slower than the slowest, so
//! with 95 % certainty fewer than `3/n` of the others are (the rule of three; Hanley and
//! Lippman-Hand, JAMA 249, 1983). This file must not know packets.

use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use crate::rtt;
use crate::sweep::Sweep;

/// More hosts than this share their marks, which only makes the count smaller.
const MOST: u64 = 1 << 20;

/// The hosts heard of.
#[derive(Clone, Debug, Default)]
pub(crate) struct RttCoverage {
    /// One bit a host; empty where nothing is left to learn.
    marks: Vec<u64>,
    hosts: u64,
    marked: u64,
    /// This many are enough.
    enough: u64,
}

impl RttCoverage {
    /// Nothing heard of `hosts` hosts; `miss` is the accepted miss probability.
    pub(crate) fn new(hosts: u64, miss: f64) -> RttCoverage {
        RttCoverage {
            marks: vec![0; hosts.min(MOST).div_ceil(64) as usize],
            hosts,
            marked: 0,
            enough: hosts.min((3.0 / miss.max(1e-9)) as u64),
        }
    }

    /// Host `i` has answered. How long the slowest host may take, once that is known.
    #[inline]
    pub(crate) fn note(&mut self, i: u64, sweep: &Sweep) -> Option<Duration> {
        if self.marks.is_empty() {
            return None;
        }
        let bit = i % self.hosts.min(MOST);
        let mark = &mut self.marks[(bit / 64) as usize];
        self.marked += u64::from(*mark >> (bit % 64) & 1 == 0);
        *mark |= 1 << (bit % 64);
        if self.marked < self.enough {
            return None;
        }
        // What is slower later is in the tail of the times measured.
        self.marks = Vec::new();
        let slowest = sweep.rtt().slowest();
        Some((slowest + slowest / 2).min(rtt::CEILING))
    }
}
