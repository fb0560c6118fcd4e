//! Canaries: probes to ports known to answer, repeated throughout the scan.
//!
//! Most probes of a scan may stay silent by nature, so their silence says nothing about the path. A canary repeats a
//! probe that has been answered; if it stays unanswered, it was lost. Canaries measure round-trip time, loss and
//! capacity at the present rate, in every round. A lost canary is sent again at once, which shows whether losses come in
//! bursts (see [`crate::loss`]). `host_monitor` compares the canaries of hosts to recognise rate limits.
//!
//! There are three classes of ports that answer ([`Class`]). Resets are preferred: an open port is left with a half-open
//! connection, and nearly all hosts limit their ICMP errors.
//!
//! The module numbers canaries and remembers their send times. It does not know packets.

mod host_monitor;

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::time::Duration;

use crate::order::splitmix;
use crate::time::Instant;

use host_monitor::HostMonitor;
pub(crate) use host_monitor::LossCause;

/// Maximum number of answering ports per class.
const POOL_SIZES: [usize; 3] = [224, 32, 32];
/// With several classes present, one canary in this many goes to an open port.
const OPEN_EVERY: u32 = 4;
/// With several classes present, one canary in this many asks for an ICMP error.
const ERROR_EVERY: u32 = 16;
/// Maximum number of canaries of [`Class::Error`]: enough to see whether the errors are limited.
const MAX_ERROR_CANARIES: u32 = 64;
/// A port that fails this often in a row is removed from its pool.
const MAX_FAILURES: u8 = 4;

/// The reply that a canary asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The usual negative reply: a reset.
    Negative = 0,
    /// The reply of an open port.
    Open = 1,
    /// An ICMP error from the target itself.
    Error = 2,
}

/// A canary to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canary {
    /// Number of the canary; part of the cookie, so the reply returns it.
    pub id: u16,
    /// Index of the probe that it repeats.
    pub index: u64,
}

/// The outcome of a canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Send time.
    pub sent: Instant,
    /// Whether the canary repeated a lost one.
    pub retry: bool,
    /// Whether the canary was lost.
    pub lost: bool,
    /// Reply that its port gave before.
    pub class: Class,
    /// Index of the probe that it repeated.
    pub index: u64,
}

#[derive(Clone, Copy, Debug)]
struct Outstanding {
    canary: Canary,
    class: Class,
    slot: u16,
    sent: Instant,
    retry: bool,
    pending: bool,
}

#[derive(Clone, Copy, Debug)]
struct AnsweringPort {
    index: u64,
    failures: u8,
}

/// The answering ports of one class, used in turn.
#[derive(Clone, Debug, Default)]
struct Pool {
    ports: Vec<AnsweringPort>,
    /// Number of ports offered so far, for reservoir sampling.
    offered: u64,
    turn: usize,
}

impl Pool {
    fn offer(&mut self, index: u64, most: usize, random: &mut u64) {
        self.offered += 1;
        let port = AnsweringPort { index, failures: 0 };
        if self.ports.len() < most {
            self.ports.push(port);
            return;
        }
        // Reservoir sampling, thinned out: after the first few thousand offers the sample is even enough.
        if self.offered > 1 << 14 && self.offered & 0xff != 0 {
            return;
        }
        let at = splitmix(random) % self.offered.min(1 << 14);
        if let Some(old) = self.ports.get_mut(at as usize) {
            *old = port;
        }
    }

    fn next(&mut self) -> Option<usize> {
        let next = self.turn + 1;
        self.turn = if next < self.ports.len() { next } else { 0 };
        (!self.ports.is_empty()).then_some(self.turn)
    }
}

/// All canaries of one sweep.
#[derive(Clone, Debug)]
pub struct Canaries {
    pools: [Pool; 3],
    random: u64,
    next_id: u16,
    outstanding: VecDeque<Outstanding>,
    retries: VecDeque<(Class, u16)>,
    removed: u64,
    sent: u32,
    errors: u32,
    /// Number of probes per host; 0 if hosts are not monitored.
    per_host: u64,
    monitor: HostMonitor,
    /// When the last known queue has drained.
    drained: Instant,
}

impl Canaries {
    /// Creates an empty set. `seed` decides which ports the reservoir sampling keeps.
    pub fn new(seed: u64) -> Canaries {
        Canaries {
            pools: Default::default(),
            random: seed ^ 0x0063_616e_6172_7921,
            next_id: 0,
            outstanding: VecDeque::with_capacity(1024),
            retries: VecDeque::new(),
            removed: 0,
            sent: 0,
            errors: 0,
            per_host: 0,
            monitor: HostMonitor::default(),
            drained: Instant::ZERO,
        }
    }

    /// Starts to monitor hosts: each run of `per_host` probe indices belongs to one host.
    pub(crate) fn monitor_hosts(&mut self, per_host: u64) {
        self.per_host = per_host;
    }

    /// Returns the numbers of the hosts whose canaries were answered at first and are no longer.
    pub(crate) fn fallen_silent(&self) -> impl Iterator<Item = u64> {
        self.monitor.fallen_silent()
    }

    /// Returns the numbers of the monitored hosts.
    pub(crate) fn monitored(&self) -> Vec<u64> {
        self.monitor.hosts().collect()
    }

    /// Returns why negative replies of `host` are missing, if they are.
    pub(crate) fn cause_of_missing_negatives(&self, host: u64) -> Option<LossCause> {
        self.monitor.cause_of_missing_negatives(host)
    }

    /// Whether `host` limits its ICMP errors.
    pub(crate) fn limits_errors(&self, host: u64) -> bool {
        self.monitor.limits_errors(host)
    }

    /// Whether replies of open ports of `host` are missing.
    pub(crate) fn open_replies_missing(&self, host: u64) -> bool {
        self.monitor.open_replies_missing(host)
    }

    /// Removes the closed ports of `host` from the canaries: a rate limit suppresses their replies.
    pub(crate) fn remove_negatives(&mut self, host: u64) {
        self.monitor.forget(host);
        let per_host = self.per_host.max(1);
        let pool = &mut self.pools[Class::Negative as usize];
        pool.ports.retain(|a| a.index / per_host != host);
        self.retries.retain(|(class, _)| *class != Class::Negative);
    }

    /// Reports a queue that drains at `drained`: until then losses say nothing about single hosts.
    pub(crate) fn report_queue(&mut self, drained: Instant) {
        if drained > self.drained {
            self.drained = drained;
            self.monitor.report_queue();
        }
    }

    fn record_outcome(&mut self, index: u64, class: Class, sent: Instant, lost: bool) {
        if let Some(host) = index.checked_div(self.per_host) {
            self.monitor.record(host, class, lost, sent >= self.drained);
        }
    }

    /// Returns a copy with the same ports and no canaries under way.
    pub(crate) fn fork(&self) -> Canaries {
        Canaries {
            next_id: 0,
            outstanding: VecDeque::with_capacity(1024),
            retries: VecDeque::new(),
            removed: 0,
            ..self.clone()
        }
    }

    /// Offers a probe that was answered as a canary.
    #[inline]
    pub fn offer(&mut self, index: u64, class: Class) {
        if class == Class::Negative
            && let Some(host) = index.checked_div(self.per_host)
        {
            self.monitor.answered(host);
        }
        let most = POOL_SIZES[class as usize];
        self.pools[class as usize].offer(index, most, &mut self.random);
    }

    /// Whether there is no port to send a canary to.
    pub fn is_empty(&self) -> bool {
        let errors = self.errors >= MAX_ERROR_CANARIES || self.pools[2].ports.is_empty();
        self.pools[0].ports.is_empty() && self.pools[1].ports.is_empty() && errors
    }

    /// Number of ports that were removed because they stopped answering.
    pub fn removed(&self) -> u64 {
        self.removed
    }

    /// Number of canaries under way.
    pub fn outstanding(&self) -> usize {
        self.outstanding.len()
    }

    /// Whether a lost canary is to be repeated at once.
    pub fn retry_pending(&self) -> bool {
        !self.retries.is_empty()
    }

    /// Chooses the next canary and counts it as sent at `now`.
    pub fn send(&mut self, now: Instant) -> Option<Canary> {
        if self.outstanding.len() >= usize::from(u16::MAX) / 2 {
            return None;
        }
        let (class, slot, retry) = self.choose()?;
        let index = self.pools[class as usize].ports.get(slot)?.index;
        let canary = Canary {
            id: self.next_id,
            index,
        };
        self.next_id = self.next_id.wrapping_add(1);
        self.outstanding.push_back(Outstanding {
            canary,
            class,
            slot: slot as u16,
            sent: now,
            retry,
            pending: true,
        });
        Some(canary)
    }

    /// Chooses the next port. The flag is true if it repeats a lost canary.
    fn choose(&mut self) -> Option<(Class, usize, bool)> {
        while let Some((class, slot)) = self.retries.pop_front() {
            if usize::from(slot) < self.pools[class as usize].ports.len() {
                return Some((class, usize::from(slot), true));
            }
        }
        self.sent = self.sent.wrapping_add(1);
        let [negative, open, errors] = &mut self.pools;
        let only_errors = negative.ports.is_empty() && open.ports.is_empty();
        if (only_errors || self.sent.is_multiple_of(ERROR_EVERY))
            && self.errors < MAX_ERROR_CANARIES
            && let Some(slot) = errors.next()
        {
            self.errors += 1;
            return Some((Class::Error, slot, false));
        }
        if (negative.ports.is_empty() || self.sent.is_multiple_of(OPEN_EVERY))
            && let Some(slot) = open.next()
        {
            return Some((Class::Open, slot, false));
        }
        negative.next().map(|slot| (Class::Negative, slot, false))
    }

    /// Records the reply to canary `id` of probe `index`. Returns `None` if no such canary is under way.
    pub fn answered(&mut self, id: u16, index: u64) -> Option<Fate> {
        let first = self.outstanding.front()?.canary.id;
        let canary = self
            .outstanding
            .get_mut(usize::from(id.wrapping_sub(first)))?;
        if !canary.pending || canary.canary != (Canary { id, index }) {
            return None;
        }
        canary.pending = false;
        let (class, slot) = (canary.class, usize::from(canary.slot));
        let fate = Fate {
            sent: canary.sent,
            retry: canary.retry,
            lost: false,
            class,
            index,
        };
        let ports = self.pools[class as usize].ports.get_mut(slot);
        if let Some(port) = ports.filter(|a| a.index == index) {
            port.failures = 0;
        }
        self.trim();
        self.record_outcome(index, class, fate.sent, false);
        Some(fate)
    }

    /// Removes the oldest canary if it was sent `timeout` ago, and returns it as lost.
    pub fn expire(&mut self, now: Instant, timeout: Duration) -> Option<Fate> {
        self.trim();
        let oldest = self.outstanding.front()?;
        if now < oldest.sent + timeout {
            return None;
        }
        let lost = self.outstanding.pop_front()?;
        self.trim();
        let (class, index) = (lost.class, lost.canary.index);
        self.record_outcome(index, class, lost.sent, true);
        let slot = usize::from(lost.slot);
        let ports = &mut self.pools[class as usize].ports;
        if ports.get(slot).is_some_and(|a| a.index == index) {
            // The last port of a pool stays, however often it fails.
            ports[slot].failures = ports[slot].failures.saturating_add(1);
            if ports[slot].failures >= MAX_FAILURES && ports.len() > 1 {
                ports.swap_remove(slot);
                self.removed += 1;
            } else if !lost.retry && class != Class::Error {
                self.retries.push_back((class, lost.slot));
            }
        }
        Some(Fate {
            sent: lost.sent,
            retry: lost.retry,
            lost: true,
            class,
            index,
        })
    }

    /// Returns when the oldest canary times out.
    pub fn deadline(&self, timeout: Duration) -> Option<Instant> {
        self.outstanding
            .iter()
            .find(|o| o.pending)
            .map(|o| o.sent + timeout)
    }

    fn trim(&mut self) {
        while self.outstanding.front().is_some_and(|o| !o.pending) {
            self.outstanding.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Duration = Duration::from_millis(100);

    #[test]
    fn a_canary_is_answered_once_and_by_its_own_reply() {
        let mut canaries = Canaries::new(1);
        assert_eq!(canaries.send(Instant::ZERO), None);
        canaries.offer(7, Class::Negative);
        canaries.offer(9, Class::Negative);
        let a = canaries.send(Instant::from_millis(1)).unwrap();
        let b = canaries.send(Instant::from_millis(2)).unwrap();
        assert_ne!(a.index, b.index);
        assert_eq!(canaries.answered(b.id, a.index), None);
        assert_eq!(
            canaries.answered(b.id, b.index).map(|f| f.sent),
            Some(Instant::from_millis(2))
        );
        assert_eq!(canaries.answered(b.id, b.index), None);
        assert_eq!(canaries.answered(a.id.wrapping_add(500), a.index), None);
        assert_eq!(canaries.expire(Instant::from_millis(50), T), None);
        let fate = canaries.expire(Instant::from_millis(101), T).unwrap();
        assert!(fate.lost && !fate.retry);
        assert_eq!(canaries.outstanding(), 0);
    }

    #[test]
    fn a_lost_canary_is_repeated_at_once() {
        let mut canaries = Canaries::new(1);
        (0..10).for_each(|i| canaries.offer(i, Class::Negative));
        let lost = canaries.send(Instant::ZERO).unwrap();
        assert!(!canaries.retry_pending());
        canaries.expire(Instant::from_millis(100), T).unwrap();
        assert!(canaries.retry_pending());
        let again = canaries.send(Instant::from_millis(100)).unwrap();
        assert_eq!(again.index, lost.index);
        assert!(canaries.answered(again.id, again.index).unwrap().retry);
    }

    #[test]
    fn the_last_canary_is_never_removed() {
        let mut canaries = Canaries::new(1);
        canaries.offer(1, Class::Negative);
        let mut now = Instant::ZERO;
        for _ in 0..600 {
            assert_eq!(canaries.send(now).map(|c| c.index), Some(1));
            now += T;
            canaries.expire(now, T).unwrap();
        }
    }

    #[test]
    fn a_port_that_stops_answering_is_removed() {
        let mut canaries = Canaries::new(1);
        canaries.offer(1, Class::Negative);
        canaries.offer(2, Class::Negative);
        let mut now = Instant::ZERO;
        for _ in 0..12 {
            let c = canaries.send(now).unwrap();
            if c.index == 2 {
                canaries.answered(c.id, 2).unwrap();
            }
            now += T;
            while canaries.expire(now, T).is_some() {}
        }
        assert_eq!(canaries.removed(), 1);
        assert_eq!(canaries.send(now).unwrap().index, 2);
    }
}
