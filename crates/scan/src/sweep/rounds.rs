//! Rounds of retries: when silent probes are tried again, and when their silence is proof.
//!
//! A round ends when the cursor reaches the end of the positions. Its loss rate counts as evidence once a later round
//! had the chance to recover what it lost, and all answers had time to arrive ([`crate::loss`]).
//!
//! Tries of one probe are one timeout apart, and farther apart in each round while losses may come in bursts. A SYN
//! that repeats within [`SYN_ACK_INTERVAL`] from the same source port is not answered by Linux, so later tries wait
//! that long.
//!
//! Silence is proof if two conditions hold ([`super::hosts`]): the miss probability of each port is below the bound,
//! and lost answers are a small share of the silent ports of each host. If few ports stay silent, the sweep waits at
//! least [`STALL`] at the end, because one stall may hold back the answers to all tries.

use core::time::Duration;

use super::hosts::{HostVerdicts, Proven};
use super::{Step, Sweep};
use crate::event::EndReason;
use crate::loss::Loss;
use crate::time::Instant;

/// Duration of a stall of the target or of a router. Tries are hardly farther apart, so one stall may hold back the
/// answers to all of them.
const STALL: Duration = Duration::from_millis(100);
/// Interval at which a listening port answers repeated SYNs of one connection (Linux: `tcp_invalid_ratelimit`, 500 ms),
/// plus a margin.
const SYN_ACK_INTERVAL: Duration = Duration::from_millis(520);
/// Maximum number of silent probes that are counted per host. Beyond it they are not few compared with the answered
/// ones.
const MAX_COUNTED: u64 = 1 << 18;

impl Sweep {
    /// Returns the evidence on loss of all partitions and windows.
    pub(super) fn pooled_loss(&self) -> Loss {
        if self.peer_loss == Loss::default() {
            self.loss.clone()
        } else {
            self.loss.merged(&self.peer_loss)
        }
    }

    /// Handles the end of a round: starts the next one (`None`), waits for the last answers, or ends the sweep.
    pub(super) fn end_round(&mut self, now: Instant) -> Option<Step> {
        if self.ledger.unanswered() == 0 {
            return Some(Step::End(EndReason::Complete));
        }
        self.settle_previous(now);
        if self.round > 0 && self.sent_in_round == 0 {
            return Some(self.last_wait(now, EndReason::Complete));
        }
        if self.round + 1 >= self.bounds.max_tries {
            let end = if self.all_proven() {
                EndReason::Complete
            } else {
                EndReason::MaxTries
            };
            return Some(self.last_wait(now, end));
        }
        if self.round > 0 {
            self.hosts.end_round();
        }
        self.round += 1;
        self.retry_spacing = self.spacing();
        self.previous_pending = Some(now);
        self.cursor = 0;
        self.sent_in_round = 0;
        self.pacer.retry(now);
        self.pacer.protect_hosts(now, self.ledger.unanswered());
        None
    }

    /// Counts the previous round as evidence once its answers had time to arrive.
    pub(super) fn settle_previous(&mut self, now: Instant) {
        if self
            .previous_pending
            .is_none_or(|round_start| now < self.settled_at(round_start))
        {
            return;
        }
        self.previous_pending = None;
        self.loss.settle(self.round);
        self.hosts.settle(self.round);
        for host in self.hosts.suspected_limits(&self.loss) {
            self.limit(now, host, true);
        }
    }

    fn settled_at(&self, round_start: Instant) -> Instant {
        round_start + self.rtt.timeout()
    }

    /// Starts a round: marks the hosts whose silence is proof, so that the round skips them. This needs all answers to
    /// the previous round, because fewer would read as less loss. Returns what to do instead of sending, if anything.
    pub(super) fn begin_round(&mut self, now: Instant) -> Option<Step> {
        let mut pool = self.pooled_loss();
        if let Some(round_start) = self.previous_pending {
            // Would any host be proven if no more answers arrived?
            pool.settle(self.round);
            self.hosts.settle(self.round);
            let verdicts = self.judge_hosts(self.round, false, &pool);
            self.hosts.settle(self.round - 1);
            if verdicts.proven() != Proven::None {
                return Some(Step::Wait(self.settled_at(round_start)));
            }
            self.hosts.skip_proven(&verdicts);
            return None;
        }
        let verdicts = self.judge_hosts(self.round, false, &pool);
        self.hosts.skip_proven(&verdicts);
        (verdicts.proven() == Proven::All).then(|| self.last_wait(now, EndReason::Complete))
    }

    /// Whether the silence of every host is proof after the present round.
    fn all_proven(&mut self) -> bool {
        let pool = self.pooled_loss();
        self.hosts.settle(self.round + 1);
        let verdicts = self.judge_hosts(self.round + 1, true, &pool);
        verdicts.proven() == Proven::All
    }

    fn judge_hosts(&mut self, rounds: u8, over: bool, pool: &Loss) -> HostVerdicts {
        let silent = self.ledger.unanswered();
        // In a burst further tries are lost like those before and prove nothing.
        let counts = if pool.may_burst() {
            self.hosts.forget_silent();
            self.counted = (0, false);
            (0, silent)
        } else {
            self.count_silent((rounds, self.previous_pending.is_some()));
            // Host discovery skips probes without an answer, so the difference is not the number of answers there.
            let answered = if self.hosts.are_distinguished() {
                self.extents.len() - silent
            } else {
                0
            };
            (answered, silent)
        };
        self.hosts
            .judge(rounds, over, pool, self.bounds.miss, counts)
    }

    /// Counts the silent probes of each host, unless that was done already.
    fn count_silent(&mut self, when: (u8, bool)) {
        let few = self.ledger.unanswered() <= MAX_COUNTED;
        if self.hosts.have_own_evidence() && few && self.counted != when {
            self.counted = when;
            let from = |at| self.ledger.next_unanswered(at);
            let silent = core::iter::successors(from(0), |at| from(at + 1));
            let (order, extents) = (&self.order, &self.extents);
            let index = |position| order.index(extents.global(position));
            self.hosts.count_silent(silent.map(index));
        }
    }

    /// Waits for the last answers, then ends the sweep with `end`.
    pub(super) fn last_wait(&self, now: Instant, end: EndReason) -> Step {
        let mut wait = self.rtt.last_wait().max(self.bounds.patience);
        if self.are_few_silent() {
            wait = wait.max(STALL);
        }
        let until = self.last_sent + wait;
        if now >= until {
            Step::End(end)
        } else {
            Step::Wait(until)
        }
    }

    /// Whether nearly all ports have answered, so that the silent ones are probably late.
    fn are_few_silent(&self) -> bool {
        let silent = self.ledger.unanswered();
        self.hosts.are_distinguished() && 100 * silent <= self.extents.len() - silent
    }

    /// Returns when the silent probe at `position` may be tried again.
    pub(super) fn retry_time(&self, position: u64) -> Instant {
        let run = position / self.stride;
        if self.cursor > 0 && (self.cursor - 1) / self.stride == run {
            // The positions of a run share one stamp, and this round has begun the run.
            return Instant::ZERO;
        }
        let first = self.stamps[run as usize];
        if first == Instant::ZERO {
            // Sent by an earlier run of the scan; its answers had time to arrive.
            return Instant::ZERO;
        }
        let rest = Duration::from_secs_f64((self.stride - 1) as f64 / self.pacer.rate());
        let mut wait = self.rtt.timeout().saturating_mul(self.retry_spacing);
        if self.quick_tries > 0 && u16::from(self.round) >= self.quick_tries {
            wait = wait.max(SYN_ACK_INTERVAL);
        }
        (first + rest).min(self.last_sent) + wait
    }

    /// Returns the time between the tries of the previous round and of this one, in timeouts.
    pub(super) fn spacing(&self) -> u32 {
        match self.round {
            2.. if self.pooled_loss().may_burst() => 1 << (self.round - 1).min(3),
            _ => 1,
        }
    }
}
