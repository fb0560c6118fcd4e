//! Shares one rate among the hosts that are probed at once, and among several senders.
//!
//! The module does not decide the rate.

use alloc::collections::VecDeque;

use super::Pacer;
use super::evidence::Evidence;
use super::min_rtt::MinRtt;
use crate::time::Instant;

impl Pacer {
    /// Limits the rate so that no host gets more than its maximum, with `left` probes still to send in random order.
    pub(crate) fn protect_hosts(&mut self, now: Instant, left: u64) {
        let Some((most, probes)) = self.caps.per_host else {
            return;
        };
        // A host has at most `probes` of the remaining probes, so at most that share of the rate.
        let hosts = (left as f64 / probes.max(1) as f64).max(1.0);
        self.host_limit = Some(most * hosts);
        self.set_rate(now, self.rate);
    }

    /// Reduces the rate to one of `parts` equal shares, because that many senders now work side by side. The pacers of the
    /// other senders are forks of this one.
    pub(crate) fn divide_rate(&mut self, now: Instant, parts: u32) {
        let parts = f64::from(parts);
        self.caps.max = self.caps.max.map(|max| max / parts);
        self.caps.min = self.caps.min.map(|min| min / parts);
        self.caps.per_host = self.caps.per_host.map(|(most, n)| (most / parts, n));
        self.host_limit = self.host_limit.map(|most| most / parts);
        self.capacity = self.capacity.map(|c| c / parts);
        self.overload = None;
        self.proven_rate /= parts;
        self.earlier_proven_rate /= parts;
        self.set_rate(now, self.rate / parts);
    }

    /// Returns a pacer with the same estimates that has sent nothing.
    pub(crate) fn fork(&self) -> Pacer {
        Pacer {
            epochs: VecDeque::with_capacity(64),
            started: false,
            carried: Evidence::default(),
            overload: None,
            good_epochs: 0,
            ..self.clone()
        }
    }

    /// Continues with the estimates of `old`, one of `parts` senders that worked side by side.
    pub(crate) fn continue_from(&mut self, now: Instant, old: &Pacer, parts: u32) {
        let parts = f64::from(parts.max(1));
        let rate = old.rate * parts;
        *self = Pacer {
            caps: self.caps,
            host_limit: self.host_limit,
            capacity: old.capacity.map(|c| c * parts),
            proven_rate: old.proven_rate * parts,
            earlier_proven_rate: 0.0,
            retrying: false,
            // Other hosts may be on other paths.
            path_is_lossy: false,
            // The minimum of a long scan is an outlier: compared with it, every RTT would look queued.
            base_rtt: MinRtt::default(),
            ..old.fork()
        };
        self.set_rate(now, rate);
    }
}
