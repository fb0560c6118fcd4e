//! What each host has shown: its own loss, whether its silence is proof, and whether it limits the rate of its replies.
//!
//! A host with enough evidence of its own is judged by it. A host with little evidence leans on what all hosts showed
//! together ([`host_evidence`]). Of a rate-limited host, only replies that it does not limit say anything about the path.
//!
//! The silence of a host is proof if two conditions hold:
//! - The miss probability of each of its ports is below the bound.
//! - Lost answers make up at most one percent of its silent ports ([`negative_evidence`]). If 65,000 of 65,535 ports
//!   answered, the other 535 may be just the ports whose answers were lost, however unlikely that is for each of them. This
//!   test applies only once retries have shown that losses do not come in bursts, and only with few silent ports.
//!
//! A host whose silence is proof is skipped in later rounds. The module does not know ports or packets.

mod host_evidence;
mod negative_evidence;
mod rate_limit;
mod state;

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use host_evidence::HostEvidence;
pub(crate) use rate_limit::RateLimit;
pub(crate) use state::HostsState;

use crate::loss::Loss;
use crate::time::Instant;

/// Maximum number of entries. With more hosts, neighbouring ones share an entry; they mostly share a route too.
const MAX_ENTRIES: u64 = 1 << 16;
/// Hosts with fewer probes than this are judged together.
const MIN_PROBES: u64 = 16;
/// Maximum rate of a rate-limited host, in replies per second. Known limiters allow 200 to 1,000.
pub(super) const MAX_LIMITED_RATE: f64 = 1_500.0;
/// Minimum number of canaries to suspect a rate limit.
const MIN_CANARIES: u64 = 12;

/// For how many of the hosts silence is proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proven {
    All,
    Some,
    None,
}

/// For each host, whether its silence is proof.
#[derive(Clone, Debug)]
pub(crate) struct HostVerdicts {
    /// For the hosts without evidence.
    unseen: bool,
    /// For each entry.
    proven: Vec<bool>,
}

impl HostVerdicts {
    /// Summarizes the verdicts.
    pub(crate) fn proven(&self) -> Proven {
        let no_entries = self.proven.is_empty();
        let all = self.proven.iter().all(|done| *done) && (self.unseen || !no_entries);
        let any = self.proven.iter().any(|done| *done) || (self.unseen && no_entries);
        match (all, any) {
            (true, _) => Proven::All,
            (_, true) => Proven::Some,
            _ => Proven::None,
        }
    }
}

/// All hosts of a sweep.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    /// Number of probes per host; 0 if hosts are not distinguished.
    per_host: u64,
    host_count: u64,
    entries: Vec<HostEvidence>,
    /// Number of silent probes of each entry, if counted.
    silent: Vec<u32>,
    /// For all hosts without evidence: whether their silence is proof, and the number of rounds that skipped them.
    unseen: (bool, u8),
    /// Whether the losses of the first tries are known.
    settled: bool,
    /// Hosts that limit their negative replies.
    rate_limits: BTreeMap<u64, RateLimit>,
    /// Hosts that limit their ICMP errors.
    error_limits: BTreeMap<u64, RateLimit>,
    /// Number of negative replies known to be suppressed by limiters.
    suppressed: u64,
}

impl Hosts {
    /// Creates the entries for `n` probes. Each run of `per_host` probe indices belongs to one host.
    pub(crate) fn new(n: u64, per_host: u64) -> Hosts {
        let hosts = n.checked_div(per_host).unwrap_or(0);
        let entries = if per_host < MIN_PROBES {
            0
        } else {
            hosts.min(MAX_ENTRIES)
        };
        Hosts {
            per_host,
            host_count: hosts,
            entries: vec![HostEvidence::default(); entries as usize],
            ..Hosts::default()
        }
    }

    /// Returns the same hosts without evidence, except which of them are rate-limited.
    pub(crate) fn fork(&self) -> Hosts {
        let mut fork = Hosts::new(self.host_count * self.per_host, self.per_host);
        fork.rate_limits.clone_from(&self.rate_limits);
        fork.error_limits.clone_from(&self.error_limits);
        for (mine, of) in fork.entries.iter_mut().zip(&self.entries) {
            mine.limited = of.limited;
        }
        fork
    }

    /// Returns the number of the host of probe `index`.
    #[inline]
    pub(crate) fn host_of(&self, index: u64) -> Option<u64> {
        index.checked_div(self.per_host)
    }

    #[inline]
    fn slot(&self, host: u64) -> usize {
        if self.host_count <= MAX_ENTRIES {
            host as usize
        } else {
            ((u128::from(host) * u128::from(MAX_ENTRIES)) / u128::from(self.host_count)) as usize
        }
    }

    #[inline]
    fn entry(&mut self, index: u64) -> Option<&mut HostEvidence> {
        if self.entries.is_empty() {
            return None;
        }
        let slot = self.slot(self.host_of(index)?);
        let unseen = self.unseen;
        let entry = self.entries.get_mut(slot)?;
        if entry.is_empty() {
            (entry.proven, entry.skipped) = unseen;
        }
        Some(entry)
    }

    /// Whether the host of probe `index` limits its negative replies.
    #[inline]
    pub(crate) fn is_limited(&self, index: u64) -> bool {
        !self.rate_limits.is_empty()
            && self
                .host_of(index)
                .is_some_and(|h| self.rate_limits.contains_key(&h))
    }

    /// Records the first answer of probe `index`, at try `tries`. Returns false if it says nothing about the path.
    #[inline]
    pub(crate) fn first_answer(
        &mut self,
        now: Instant,
        index: u64,
        tries: u8,
        negative: bool,
    ) -> bool {
        if negative && !self.rate_limits.is_empty() {
            let host = self.host_of(index).unwrap_or(u64::MAX);
            if let Some(limited) = self.rate_limits.get_mut(&host) {
                limited.count += 1;
                limited.last = now;
                let max = MAX_LIMITED_RATE * (1.0 + now.since(limited.since).as_secs_f64());
                if f64::from(limited.count) < max {
                    self.suppressed += u64::from(tries.saturating_sub(1));
                    return false;
                }
                // More than any known limiter allows.
                self.clear_limit(host);
            }
        }
        if let Some(entry) = self.entry(index) {
            let firsts = if negative {
                &mut entry.negative
            } else {
                &mut entry.other
            };
            if tries <= 1 {
                firsts.first += 1;
            } else {
                firsts.later += 1;
            }
        }
        true
    }

    /// Records the outcome of a canary of probe `index`. Returns false if it says nothing about the path.
    pub(crate) fn canary(&mut self, index: u64, negative: bool, lost: bool, again: bool) -> bool {
        let limited = negative && self.is_limited(index);
        if let Some(entry) = self.entry(index) {
            let trials = if negative {
                &mut entry.negative_canaries
            } else {
                &mut entry.other_canaries
            };
            trials.count(lost);
            if again && negative {
                entry.retries.count(lost);
            }
        }
        self.suppressed += u64::from(limited && lost);
        !limited
    }

    /// Records that `host` limits its negative replies, and removes them from the evidence in `pool`.
    pub(crate) fn limit(&mut self, now: Instant, host: u64, proven: bool, pool: &mut Loss) {
        if let Some(limited) = self.rate_limits.get_mut(&host) {
            limited.proven |= proven;
            return;
        }
        let limited = RateLimit {
            proven,
            since: now,
            last: now,
            count: 0,
        };
        self.rate_limits.insert(host, limited);
        let slot = self.slot(host);
        if let Some(entry) = self.entries.get_mut(slot) {
            entry.limited = true;
            pool.forget(entry.negative, entry.negative_canaries, entry.retries);
            self.suppressed += entry.negative_canaries.lost + u64::from(entry.negative.later);
        }
    }

    /// Returns the hosts that probably limit their negative replies: most of these replies are missing, those of other
    /// hosts are not, and some arrived in a later round or other replies of the same host arrived.
    pub(crate) fn suspected_limits(&self, pool: &Loss) -> Vec<u64> {
        if self.host_count > MAX_ENTRIES {
            return Vec::new();
        }
        let (all_lost, all_made) = pool.canaries();
        let suspect = |a: &HostEvidence| {
            let own = a.negative_canaries;
            let (lost, made) = (
                all_lost.saturating_sub(own.lost),
                all_made.saturating_sub(own.made),
            );
            let share = own.rate();
            let open = a.other_canaries;
            let others_come = open.made >= MIN_CANARIES / 2 && open.rate() <= share / 3.0;
            !a.limited
                && own.made >= MIN_CANARIES
                && share >= 0.5
                && (a.negative.later >= 3 || others_come)
                && made >= MIN_CANARIES
                && lost as f64 <= share / 3.0 * made as f64
                && !(open.made >= 6 && open.rate() >= 0.6 * share)
        };
        let entries = (0u64..).zip(&self.entries);
        entries
            .filter(|(_, a)| suspect(a))
            .map(|(host, _)| host)
            .collect()
    }

    /// Whether many canaries of `host` were lost throughout the scan.
    pub(crate) fn loses_canaries(&self, host: u64) -> bool {
        self.entries.get(self.slot(host)).is_some_and(|entry| {
            let all = entry.negative_canaries.plus(entry.other_canaries);
            all.made >= MIN_CANARIES && all.rate() > 0.25
        })
    }

    /// Records that `host` limits its ICMP errors.
    pub(crate) fn limit_errors(&mut self, now: Instant, host: u64) {
        let limited = RateLimit {
            proven: true,
            since: now,
            last: now,
            count: 0,
        };
        self.error_limits.entry(host).or_insert(limited);
    }

    /// Records an ICMP error in reply to probe `index`.
    pub(crate) fn record_error(&mut self, now: Instant, index: u64, tries: u8) {
        if self.error_limits.is_empty() {
            return;
        }
        let host = self.host_of(index).unwrap_or(u64::MAX);
        if let Some(limited) = self.error_limits.get_mut(&host) {
            limited.count += 1;
            limited.last = now;
            self.suppressed += u64::from(tries.saturating_sub(1));
        }
    }

    /// Returns the hosts that limit their ICMP errors.
    pub(crate) fn error_limits(&self) -> &BTreeMap<u64, RateLimit> {
        &self.error_limits
    }

    /// Records that the path, not a limiter, explains the missing replies of `host`.
    pub(crate) fn clear_limit(&mut self, host: u64) {
        self.rate_limits.remove(&host);
        let slot = self.slot(host);
        if let Some(entry) = self.entries.get_mut(slot) {
            entry.limited = false;
        }
    }

    /// Returns the hosts that limit their negative replies.
    pub(crate) fn rate_limits(&self) -> &BTreeMap<u64, RateLimit> {
        &self.rate_limits
    }

    /// Number of negative replies known to be suppressed by limiters.
    pub(crate) fn suppressed(&self) -> u64 {
        self.suppressed
    }

    /// Returns the probability that probe `index` would have been answered and all of its `tries` tries were lost.
    pub(crate) fn miss_probability(&self, index: u64, tries: u8, pool: &Loss) -> f64 {
        let entry = self
            .host_of(index)
            .and_then(|h| self.entries.get(self.slot(h)));
        self.miss(entry, tries, pool)
    }

    fn miss(&self, entry: Option<&HostEvidence>, tries: u8, pool: &Loss) -> f64 {
        match entry.filter(|a| !a.is_empty()) {
            None => pool.miss_probability(tries),
            Some(entry) => {
                // A host skipped in the second round has not shown the losses of the first one.
                let settled = self.settled && tries >= 2;
                pool.miss_with(entry.rate(settled, pool.rate()), tries)
            }
        }
    }

    /// Records that the answers to `rounds` rounds are complete.
    pub(crate) fn settle(&mut self, rounds: u8) {
        self.settled = rounds >= 2;
    }

    /// Decides for each host whether its silence after `rounds` rounds is proof. `over` is true if the last round is
    /// complete, so that it counts for the hosts that it skipped. `answered` and `silent` count all probes.
    pub(crate) fn judge(
        &self,
        rounds: u8,
        over: bool,
        pool: &Loss,
        bound: f64,
        (answered, silent): (u64, u64),
    ) -> HostVerdicts {
        let tries = |(done, skipped): (bool, u8)| {
            rounds
                .saturating_sub(skipped)
                .saturating_sub(u8::from(done && over))
        };
        let miss = pool.miss_probability(tries(self.unseen));
        let rare = !self.entries.is_empty()
            || negative_evidence::lost_answers_are_rare(answered as f64, silent as f64, miss);
        let unseen = miss <= bound && rare;
        let proven = |(slot, entry): (usize, &HostEvidence)| {
            if entry.is_empty() {
                return unseen;
            }
            let tries = tries((entry.proven, entry.skipped));
            let miss = self.miss(Some(entry), tries, pool);
            miss <= bound && self.lost_answers_are_rare(slot, miss)
        };
        HostVerdicts {
            unseen,
            proven: self.entries.iter().enumerate().map(proven).collect(),
        }
    }

    /// Skips the hosts whose silence is proof in the round that begins.
    pub(crate) fn skip_proven(&mut self, proven: &HostVerdicts) {
        self.unseen.0 = proven.unseen;
        for (entry, done) in self.entries.iter_mut().zip(&proven.proven) {
            if !entry.is_empty() {
                entry.proven = *done;
            }
        }
    }

    /// Counts the round that ends as skipped for the hosts that it skipped.
    pub(crate) fn end_round(&mut self) {
        self.unseen.1 += u8::from(self.unseen.0);
        for entry in &mut self.entries {
            entry.skipped += u8::from(entry.proven);
        }
    }

    /// Whether the host of probe `index` is skipped, and the number of earlier rounds that skipped it.
    #[inline]
    pub(crate) fn skips(&self, index: u64) -> (bool, u8) {
        let entry = self
            .host_of(index)
            .and_then(|h| self.entries.get(self.slot(h)));
        match entry {
            Some(entry) if !entry.is_empty() => (entry.proven, entry.skipped),
            _ => self.unseen,
        }
    }

    /// Whether probes are assigned to hosts.
    pub(crate) fn are_distinguished(&self) -> bool {
        self.per_host > 0
    }

    /// Whether hosts are judged by their own evidence.
    pub(crate) fn have_own_evidence(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Adds the evidence of another partition of the same sweep.
    pub(crate) fn merge(&mut self, other: &Hosts) {
        for (mine, of) in self.entries.iter_mut().zip(&other.entries) {
            mine.add(of);
        }
        self.unseen = (
            self.unseen.0 && other.unseen.0,
            self.unseen.1.max(other.unseen.1),
        );
        self.settled &= other.settled;
        self.suppressed += other.suppressed;
        let pairs = [
            (&mut self.rate_limits, &other.rate_limits),
            (&mut self.error_limits, &other.error_limits),
        ];
        for (mine, others) in pairs {
            for (host, of) in others {
                match mine.get_mut(host) {
                    Some(mine) => mine.add(of),
                    None => {
                        mine.insert(*host, *of);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict for hosts without evidence does not count if there are none.
    #[test]
    fn hosts_without_evidence_count_only_if_there_are_any() {
        let mut pool = Loss::default();
        let mut hosts = Hosts::new(200, 100);
        for i in 0..50 {
            hosts.first_answer(Instant::ZERO, i, 1, true);
            hosts.canary(i, true, i % 2 == 0, false);
            pool.first_answer(1);
            pool.canary(false);
        }
        hosts.settle(2);
        pool.settle(2);
        let judge = |hosts: &Hosts| hosts.judge(3, false, &pool, 1e-4, (0, 150)).proven();
        // The second host has no evidence and is judged by that of all others: three tries suffice.
        assert_eq!(judge(&hosts), Proven::Some);
        for i in 100..110 {
            hosts.first_answer(Instant::ZERO, i, 1, true);
            hosts.canary(i, true, i % 2 == 0, false);
        }
        assert_eq!(judge(&hosts), Proven::None);
    }
}
