//! Distinguishes rate limits of hosts from losses on the path.
//!
//! Answers that a limiter suppresses say nothing about our rate, about the loss of other hosts, or about silence. Once
//! a host is known to limit its answers, they no longer count, and the limiter does not slow the scan.

use core::time::Duration;

use super::Sweep;
use super::hosts::MAX_LIMITED_RATE;
use crate::canary::{Class, Fate, LossCause};
use crate::time::Instant;

/// Minimum time to watch for a limiter: many count per second.
const MIN_RECHECK: Duration = Duration::from_millis(1_500);
/// Time after which missing answers are attributed to the path.
const MAX_RECHECK: Duration = Duration::from_secs(4);

impl Sweep {
    /// Records the outcome of a canary. Returns false if it says nothing about the path.
    pub(super) fn record_canary(&mut self, now: Instant, fate: Fate) -> bool {
        let host = self.hosts.host_of(fate.index);
        if fate.class == Class::Error {
            let is_limited = |host: &u64| {
                self.canaries.limits_errors(*host) && !self.hosts.loses_canaries(*host)
            };
            if let Some(host) = host.filter(is_limited) {
                self.hosts.limit_errors(now, host);
            }
            return false;
        }
        let negative = fate.class == Class::Negative;
        let measures = self
            .hosts
            .canary(fate.index, negative, fate.lost, fate.retry);
        if measures {
            self.loss.canary(fate.lost);
            if fate.retry {
                self.loss.canary_retry(fate.lost);
            }
        }
        if let Some(host) = host {
            self.check_host(now, host);
        }
        measures
    }

    /// Looks for a rate limit of one host, by its canaries and those of the others.
    fn check_host(&mut self, now: Instant, host: u64) {
        if let Some(limited) = self.hosts.rate_limits().get(&host) {
            if !limited.proven && self.canaries.open_replies_missing(host) {
                // Replies of its open ports are missing as well: it was the path.
                self.hosts.clear_limit(host);
                self.pacer.blame_path();
            }
            return;
        }
        match self.canaries.cause_of_missing_negatives(host) {
            Some(LossCause::HostLimit) => self.limit(now, host, true),
            Some(LossCause::Path) if self.pacer.recheck_since().is_some() => {
                self.pacer.blame_path();
            }
            _ => {}
        }
    }

    /// Records that `host` limits its negative replies.
    pub(super) fn limit(&mut self, now: Instant, host: u64, proven: bool) {
        self.hosts.limit(now, host, proven, &mut self.loss);
        self.canaries.remove_negatives(host);
        self.pacer.blame_rate_limit(now);
    }

    /// Rechecks answers that have been missing for a while at a harmless rate, with nothing to compare with: the rate
    /// of the answers that do arrive decides whether it may be a limiter.
    pub(super) fn recheck_missing_answers(&mut self, now: Instant) {
        let Some(since) = self.pacer.recheck_since() else {
            self.recheck = None;
            return;
        };
        let (since, before) = *self.recheck.get_or_insert((since, self.counts.answered));
        let length = now.since(since);
        if length < MIN_RECHECK {
            return;
        }
        let rate = (self.counts.answered - before) as f64 / length.as_secs_f64();
        let unknown = |host: &u64| {
            self.canaries.cause_of_missing_negatives(*host) == Some(LossCause::Unknown)
        };
        let hosts: alloc::vec::Vec<u64> = self
            .canaries
            .monitored()
            .into_iter()
            .filter(unknown)
            .collect();
        if rate > MAX_LIMITED_RATE {
            // One host among others may limit its share of the answers, which takes a while to show.
            if length >= MAX_RECHECK {
                self.recheck = None;
                self.pacer.blame_path();
            }
        } else {
            self.recheck = None;
            if hosts.is_empty() {
                // There is no host that could be limited.
                self.pacer.blame_rate_limit(now);
            }
            for host in hosts {
                self.limit(now, host, false);
            }
        }
    }

    /// Offers probe `index`, which was answered by an ICMP error of the target itself, as a canary.
    pub(crate) fn offer_error(&mut self, index: u64) {
        self.canaries.offer(index, Class::Error);
    }
}
