//! Whether answers that fail to come are kept back by a host's limiter or lost on the path.
//!
//! A limiter slows nobody: what it keeps back says nothing about the pace, about the others' losses, or about
//! silence. This file must not know packets.

use core::time::Duration;

use super::Sweep;
use super::hosts::MOST_LIMITED;
use crate::canary::{Class, Fate, LossCause};
use crate::time::Instant;

/// Limiters that count by the second must be watched for longer than one.
const DOUBTED: Duration = Duration::from_millis(1_500);
/// After this time it is the path.
const SETTLED: Duration = Duration::from_secs(4);

impl Sweep {
    /// What became of a canary. False if that says nothing about the path.
    pub(super) fn learn(&mut self, now: Instant, fate: Fate) -> bool {
        let host = self.hosts.of(fate.index);
        if fate.class == Class::Error {
            let limits = |host: &u64| {
                self.canaries.limits_errors(*host) && !self.hosts.loses_canaries(*host)
            };
            if let Some(host) = host.filter(limits) {
                self.hosts.limit_errors(now, host);
            }
            return false;
        }
        let negative = fate.class == Class::Negative;
        let tells = self
            .hosts
            .canary(fate.index, negative, fate.lost, fate.retry);
        if tells {
            self.loss.canary(fate.lost);
            if fate.retry {
                self.loss.canary_retry(fate.lost);
            }
        }
        if let Some(host) = host {
            self.judge(now, host);
        }
        tells
    }

    /// Judges one host by what its canaries and the others' did.
    fn judge(&mut self, now: Instant, host: u64) {
        if let Some(limited) = self.hosts.limited().get(&host) {
            if !limited.proven && self.canaries.open_replies_missing(host) {
                // Its open ports fail as well: it was the path after all.
                self.hosts.acquit(host);
                self.pacer.blame_path();
            }
            return;
        }
        match self.canaries.cause_of_missing_negatives(host) {
            Some(LossCause::HostLimit) => self.limit(now, host, true),
            Some(LossCause::Path) if self.pacer.recheck_since().is_some() => {
                self.pacer.blame_path()
            }
            _ => {}
        }
    }

    /// Host `host` limits its negative answers.
    pub(super) fn limit(&mut self, now: Instant, host: u64, proven: bool) {
        self.hosts.limit(now, host, proven, &mut self.loss);
        self.canaries.remove_negatives(host);
        self.pacer.blame_rate_limit(now);
    }

    /// Answers have been failing for a while, at a pace that harms nothing, and there is nothing to compare with:
    /// what the answers that do come say.
    pub(super) fn settle_doubt(&mut self, now: Instant) {
        let Some(since) = self.pacer.recheck_since() else {
            self.doubt = None;
            return;
        };
        let (since, before) = *self.doubt.get_or_insert((since, self.counts.answered));
        let length = now.since(since);
        if length < DOUBTED {
            return;
        }
        let rate = (self.counts.answered - before) as f64 / length.as_secs_f64();
        let unclear = |host: &u64| {
            self.canaries.cause_of_missing_negatives(*host) == Some(LossCause::Unknown)
        };
        let hosts: alloc::vec::Vec<u64> = self
            .canaries
            .monitored()
            .into_iter()
            .filter(unclear)
            .collect();
        if rate > MOST_LIMITED {
            // One host among others may limit its part of the answers: that takes a while to be seen.
            if length >= SETTLED {
                self.doubt = None;
                self.pacer.blame_path();
            }
        } else {
            self.doubt = None;
            if hosts.is_empty() {
                // Nobody is there who could limit anything.
                self.pacer.blame_rate_limit(now);
            }
            for host in hosts {
                self.limit(now, host, false);
            }
        }
    }

    /// Probe `index` brought an ICMP error of the target itself.
    pub(crate) fn rejected(&mut self, index: u64) {
        self.canaries.offer(index, Class::Error);
    }
}
