//! What each host's part of a sweep has shown: its own loss, whether its silence is proof by now, and
//! whether a limiter keeps its negative answers back.
//!
//! A host with evidence of its own is judged by it, one with little leans on what all hosts showed
//! together. Of a host that limits its resets, only other answers say anything about the path.
//! This file must not know ports or packets.

mod account;
mod silence;
mod state;

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use account::Account;
pub(crate) use state::HostsState;

use crate::loss::Loss;
use crate::time::Instant;

/// So many hosts have an account each; of more, neighbours share one: they mostly share a route too.
const MOST: u64 = 1 << 16;
/// Hosts with fewer probes than this each are judged together.
const LEAST_PROBES: u64 = 16;
/// Limiters known of let 200 to 1,000 negative answers through a second; where more come, it is a path.
pub(super) const MOST_LIMITED: f64 = 1_500.0;
/// Canaries that it takes to say of a host that it limits its answers.
const SUSPECT: u64 = 12;
/// A limit is bounded by what came in so many seconds at least: a near scan is over soon.
const SHORTEST: f64 = 0.01;

/// A host whose negative answers are limited, and how many it sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limited {
    /// Whether other answers prove it; otherwise it is the likeliest reason.
    pub proven: bool,
    /// Since when its negative answers are counted.
    pub since: Instant,
    pub last: Instant,
    pub count: u32,
}

impl Limited {
    fn add(&mut self, of: &Limited) {
        self.proven |= of.proven;
        self.count += of.count;
        self.since = self.since.min(of.since);
        self.last = self.last.max(of.last);
    }

    /// Negative answers a second, once there were enough to say.
    pub(crate) fn rate(&self) -> Option<f64> {
        let span = self.last.since(self.since).as_secs_f64();
        (self.count >= 4 && span >= 1.0).then(|| f64::from(self.count) / span)
    }

    /// A bound for the same while there were not.
    pub(crate) fn at_most(&self, now: Instant) -> Option<f64> {
        let span = now.since(self.since).as_secs_f64();
        (span >= SHORTEST).then(|| f64::from(self.count + 1) / span)
    }
}

/// Whose silence is proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proven {
    All,
    Some,
    None,
}

/// Of each host, whether its silence is proof.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    /// Of those that have shown nothing.
    idle: bool,
    done: Vec<bool>,
}

impl Judgement {
    pub(crate) fn proven(&self) -> Proven {
        let nobody = self.done.is_empty();
        let all = self.done.iter().all(|done| *done) && (self.idle || !nobody);
        let any = self.done.iter().any(|done| *done) || (self.idle && nobody);
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
    /// Probes of each host; 0 where hosts are not told apart.
    per_host: u64,
    many: u64,
    accounts: Vec<Account>,
    /// Silent probes of each, where they were counted.
    silent: Vec<u32>,
    /// The same as of an account, for all hosts that have shown nothing.
    idle: (bool, u8),
    /// Whether what the first tries lost is known.
    settled: bool,
    limited: BTreeMap<u64, Limited>,
    /// Hosts that limit their ICMP errors.
    errors: BTreeMap<u64, Limited>,
    /// Negative answers that limiters kept back, as far as that was seen.
    suppressed: u64,
}

impl Hosts {
    /// The hosts of `n` probes, `per_host` each in a row.
    pub(crate) fn new(n: u64, per_host: u64) -> Hosts {
        let hosts = n.checked_div(per_host).unwrap_or(0);
        let accounts = if per_host < LEAST_PROBES {
            0
        } else {
            hosts.min(MOST)
        };
        Hosts {
            per_host,
            many: hosts,
            accounts: vec![Account::default(); accounts as usize],
            ..Hosts::default()
        }
    }

    /// The same hosts, of which nothing was seen but who is limited.
    pub(crate) fn fork(&self) -> Hosts {
        let mut fork = Hosts::new(self.many * self.per_host, self.per_host);
        fork.limited.clone_from(&self.limited);
        fork.errors.clone_from(&self.errors);
        for (mine, of) in fork.accounts.iter_mut().zip(&self.accounts) {
            mine.limited = of.limited;
        }
        fork
    }

    /// The host that probe `index` is for.
    #[inline]
    pub(crate) fn of(&self, index: u64) -> Option<u64> {
        index.checked_div(self.per_host)
    }

    #[inline]
    fn slot(&self, host: u64) -> usize {
        if self.many <= MOST {
            host as usize
        } else {
            ((u128::from(host) * u128::from(MOST)) / u128::from(self.many)) as usize
        }
    }

    #[inline]
    fn account(&mut self, index: u64) -> Option<&mut Account> {
        if self.accounts.is_empty() {
            return None;
        }
        let slot = self.slot(self.of(index)?);
        let idle = self.idle;
        let account = self.accounts.get_mut(slot)?;
        if account.is_empty() {
            (account.done, account.skipped) = idle;
        }
        Some(account)
    }

    /// Whether the host of probe `index` limits its negative answers.
    #[inline]
    pub(crate) fn is_limited(&self, index: u64) -> bool {
        !self.limited.is_empty()
            && self
                .of(index)
                .is_some_and(|h| self.limited.contains_key(&h))
    }

    /// Probe `index` got its first answer after `tries` tries. False if that says nothing about the path.
    #[inline]
    pub(crate) fn first_answer(
        &mut self,
        now: Instant,
        index: u64,
        tries: u8,
        negative: bool,
    ) -> bool {
        if negative && !self.limited.is_empty() {
            let host = self.of(index).unwrap_or(u64::MAX);
            if let Some(limited) = self.limited.get_mut(&host) {
                limited.count += 1;
                limited.last = now;
                let most = MOST_LIMITED * (1.0 + now.since(limited.since).as_secs_f64());
                if f64::from(limited.count) < most {
                    self.suppressed += u64::from(tries.saturating_sub(1));
                    return false;
                }
                // So many come that it is no limiter known of.
                self.acquit(host);
            }
        }
        if let Some(account) = self.account(index) {
            let firsts = if negative {
                &mut account.negative
            } else {
                &mut account.other
            };
            if tries <= 1 {
                firsts.first += 1;
            } else {
                firsts.later += 1;
            }
        }
        true
    }

    /// A canary of probe `index` came back or was lost. False if that says nothing about the path.
    pub(crate) fn canary(&mut self, index: u64, negative: bool, lost: bool, again: bool) -> bool {
        let limited = negative && self.is_limited(index);
        if let Some(account) = self.account(index) {
            let trials = if negative {
                &mut account.negative_canaries
            } else {
                &mut account.other_canaries
            };
            trials.count(lost);
            if again && negative {
                account.again.count(lost);
            }
        }
        self.suppressed += u64::from(limited && lost);
        !limited
    }

    /// Host `host` limits its negative answers: `pool` forgets what they said.
    pub(crate) fn limit(&mut self, now: Instant, host: u64, proven: bool, pool: &mut Loss) {
        if let Some(limited) = self.limited.get_mut(&host) {
            limited.proven |= proven;
            return;
        }
        let limited = Limited {
            proven,
            since: now,
            last: now,
            count: 0,
        };
        self.limited.insert(host, limited);
        let slot = self.slot(host);
        if let Some(account) = self.accounts.get_mut(slot) {
            account.limited = true;
            pool.forget(account.negative, account.negative_canaries, account.again);
            self.suppressed += account.negative_canaries.lost + u64::from(account.negative.later);
        }
    }

    /// Hosts whose negative answers failed to come all through the rounds made so far, while those of the
    /// others came, and came again in a later round or while the host's other answers came: they limit them.
    pub(crate) fn suspects(&self, pool: &Loss) -> Vec<u64> {
        if self.many > MOST {
            return Vec::new();
        }
        let (all_lost, all_made) = pool.canaries();
        let suspect = |a: &Account| {
            let own = a.negative_canaries;
            let (lost, made) = (
                all_lost.saturating_sub(own.lost),
                all_made.saturating_sub(own.made),
            );
            let share = own.rate();
            let open = a.other_canaries;
            let others_come = open.made >= SUSPECT / 2 && open.rate() <= share / 3.0;
            !a.limited
                && own.made >= SUSPECT
                && share >= 0.5
                && (a.negative.later >= 3 || others_come)
                && made >= SUSPECT
                && lost as f64 <= share / 3.0 * made as f64
                && !(open.made >= 6 && open.rate() >= 0.6 * share)
        };
        let accounts = (0u64..).zip(&self.accounts);
        accounts
            .filter(|(_, a)| suspect(a))
            .map(|(host, _)| host)
            .collect()
    }

    /// Whether many of a host's canaries were lost, all through the scan.
    pub(crate) fn loses_canaries(&self, host: u64) -> bool {
        self.accounts.get(self.slot(host)).is_some_and(|account| {
            let all = account.negative_canaries.plus(account.other_canaries);
            all.made >= SUSPECT && all.rate() > 0.25
        })
    }

    /// Host `host` limits its ICMP errors.
    pub(crate) fn limit_errors(&mut self, now: Instant, host: u64) {
        let limited = Limited {
            proven: true,
            since: now,
            last: now,
            count: 0,
        };
        self.errors.entry(host).or_insert(limited);
    }

    /// Probe `index` brought an ICMP error.
    pub(crate) fn error(&mut self, now: Instant, index: u64, tries: u8) {
        if self.errors.is_empty() {
            return;
        }
        let host = self.of(index).unwrap_or(u64::MAX);
        if let Some(limited) = self.errors.get_mut(&host) {
            limited.count += 1;
            limited.last = now;
            self.suppressed += u64::from(tries.saturating_sub(1));
        }
    }

    /// The hosts that limit their ICMP errors.
    pub(crate) fn errors(&self) -> &BTreeMap<u64, Limited> {
        &self.errors
    }

    /// It was the path after all.
    pub(crate) fn acquit(&mut self, host: u64) {
        self.limited.remove(&host);
        let slot = self.slot(host);
        if let Some(account) = self.accounts.get_mut(slot) {
            account.limited = false;
        }
    }

    /// The hosts that limit their negative answers.
    pub(crate) fn limited(&self) -> &BTreeMap<u64, Limited> {
        &self.limited
    }

    /// Negative answers that limiters kept back, as far as that was seen.
    pub(crate) fn suppressed(&self) -> u64 {
        self.suppressed
    }

    /// The probability that a probe of index `index`, silent for `tries` tries, was answered each time.
    pub(crate) fn miss_probability(&self, index: u64, tries: u8, pool: &Loss) -> f64 {
        let account = self.of(index).and_then(|h| self.accounts.get(self.slot(h)));
        self.miss(account, tries, pool)
    }

    fn miss(&self, account: Option<&Account>, tries: u8, pool: &Loss) -> f64 {
        match account.filter(|a| !a.is_empty()) {
            None => pool.miss_probability(tries),
            Some(account) => {
                // Who was passed over in the second round has not shown what the first one lost.
                let settled = self.settled && tries >= 2;
                pool.miss_with(account.rate(settled, pool.rate()), tries)
            }
        }
    }

    /// `rounds` rounds have had their answers.
    pub(crate) fn hear_out(&mut self, rounds: u8) {
        self.settled = rounds >= 2;
    }

    /// Whose silence is proof after `rounds` rounds. Whoever is passed over skipped the last of them if that
    /// round is `over`.
    /// `answered` of all probes have answered, `silent` have not.
    pub(crate) fn judge(
        &self,
        rounds: u8,
        over: bool,
        pool: &Loss,
        bound: f64,
        (answered, silent): (u64, u64),
    ) -> Judgement {
        let tries = |(done, skipped): (bool, u8)| {
            rounds
                .saturating_sub(skipped)
                .saturating_sub(u8::from(done && over))
        };
        let miss = pool.miss_probability(tries(self.idle));
        let few =
            !self.accounts.is_empty() || silence::hides_few(answered as f64, silent as f64, miss);
        let idle = miss <= bound && few;
        let done = |(slot, account): (usize, &Account)| {
            if account.is_empty() {
                return idle;
            }
            let tries = tries((account.done, account.skipped));
            let miss = self.miss(Some(account), tries, pool);
            miss <= bound && self.hides_few(slot, miss)
        };
        Judgement {
            idle,
            done: self.accounts.iter().enumerate().map(done).collect(),
        }
    }

    /// In the round that begins, those whose silence is proof are passed over.
    pub(crate) fn pass_over(&mut self, proven: &Judgement) {
        self.idle.0 = proven.idle;
        for (account, done) in self.accounts.iter_mut().zip(&proven.done) {
            if !account.is_empty() {
                account.done = *done;
            }
        }
    }

    /// A round is over, in which those who were done were passed over.
    pub(crate) fn turn(&mut self) {
        self.idle.1 += u8::from(self.idle.0);
        for account in &mut self.accounts {
            account.skipped += u8::from(account.done);
        }
    }

    /// Whether the host of probe `index` is passed over, and in how many rounds it was before.
    #[inline]
    pub(crate) fn skips(&self, index: u64) -> (bool, u8) {
        let account = self.of(index).and_then(|h| self.accounts.get(self.slot(h)));
        match account {
            Some(account) if !account.is_empty() => (account.done, account.skipped),
            _ => self.idle,
        }
    }

    /// Whether hosts are told apart.
    pub(crate) fn are_told(&self) -> bool {
        self.per_host > 0
    }

    /// Whether there are hosts that are judged by themselves.
    pub(crate) fn are_apart(&self) -> bool {
        !self.accounts.is_empty()
    }

    /// Adds what another part of the same sweep has seen.
    pub(crate) fn merge(&mut self, other: &Hosts) {
        for (mine, of) in self.accounts.iter_mut().zip(&other.accounts) {
            mine.add(of);
        }
        self.idle = (self.idle.0 && other.idle.0, self.idle.1.max(other.idle.1));
        self.settled &= other.settled;
        self.suppressed += other.suppressed;
        let pairs = [
            (&mut self.limited, &other.limited),
            (&mut self.errors, &other.errors),
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

    /// The answer to the question is not that of hosts that are not there.
    #[test]
    fn where_every_host_has_shown_something_nobody_else_is_judged() {
        let mut pool = Loss::default();
        let mut hosts = Hosts::new(200, 100);
        for i in 0..50 {
            hosts.first_answer(Instant::ZERO, i, 1, true);
            hosts.canary(i, true, i % 2 == 0, false);
            pool.first_answer(1);
            pool.canary(false);
        }
        hosts.hear_out(2);
        pool.settle(2);
        let judge = |hosts: &Hosts| hosts.judge(3, false, &pool, 1e-4, (0, 150)).proven();
        // The second host has shown nothing, and is judged by what all others have: three tries are enough.
        assert_eq!(judge(&hosts), Proven::Some);
        for i in 100..110 {
            hosts.first_answer(Instant::ZERO, i, 1, true);
            hosts.canary(i, true, i % 2 == 0, false);
        }
        assert_eq!(judge(&hosts), Proven::None);
    }
}
