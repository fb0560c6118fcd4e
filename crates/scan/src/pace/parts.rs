//! A pace shared: among the hosts that are probed at once, and among several senders.
//!
//! This file must not know how a pace is found.

use alloc::collections::VecDeque;

use super::Pacer;
use super::evidence::Evidence;
use super::shortest::Shortest;
use crate::time::Instant;

impl Pacer {
    /// `left` probes are still to be made, in random order: whatever their hosts, none of them may get
    /// more than its share.
    pub(crate) fn protect_hosts(&mut self, now: Instant, left: u64) {
        let Some((most, probes)) = self.caps.per_host else {
            return;
        };
        // A host has at most `probes` of those left, so at most that part of the pace.
        let hosts = (left as f64 / probes.max(1) as f64).max(1.0);
        self.host_limit = Some(most * hosts);
        self.set_rate(now, self.rate);
    }

    /// From now on `parts` pacers send side by side what this one did alone: its part of the pace.
    /// The others begin as clones of what is left.
    pub(crate) fn share(&mut self, now: Instant, parts: u32) {
        let parts = f64::from(parts);
        self.caps.max = self.caps.max.map(|max| max / parts);
        self.caps.min = self.caps.min.map(|min| min / parts);
        self.caps.per_host = self.caps.per_host.map(|(most, n)| (most / parts, n));
        self.host_limit = self.host_limit.map(|most| most / parts);
        self.capacity = self.capacity.map(|c| c / parts);
        self.alarm = None;
        self.best /= parts;
        self.recalled /= parts;
        self.set_rate(now, self.rate / parts);
    }

    /// A pacer with the same knowledge that has sent nothing yet.
    pub(crate) fn fork(&self) -> Pacer {
        Pacer {
            epochs: VecDeque::with_capacity(64),
            started: false,
            carried: Evidence::default(),
            alarm: None,
            good: 0,
            ..self.clone()
        }
    }

    /// Goes on where `old`, one of `parts` that sent side by side, has come to.
    pub(crate) fn succeed(&mut self, now: Instant, old: &Pacer, parts: u32) {
        let parts = f64::from(parts.max(1));
        let rate = old.rate * parts;
        *self = Pacer {
            caps: self.caps,
            host_limit: self.host_limit,
            capacity: old.capacity.map(|c| c * parts),
            best: old.best * parts,
            recalled: 0.0,
            again: false,
            // Other hosts may have other paths.
            path_loses: false,
            // The shortest of a long scan's times is its luckiest: it would read as a queue for ever.
            base_rtt: Shortest::default(),
            ..old.fork()
        };
        self.set_rate(now, rate);
    }
}
