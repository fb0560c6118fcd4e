//! From one round of tries to the next: when the silent are tried again, and when silence is proof enough.
//!
//! This file must not know what is sent.

use core::time::Duration;

use super::hosts::{Judgement, Proven};
use super::{Sweep, Take};
use crate::event::EndReason;
use crate::loss::Loss;
use crate::time::Instant;

/// A machine on the way, or the target, may look away for so long. Tries are hardly farther apart, so one such moment
/// may hold back the answers to all of them.
const HICCUP: Duration = Duration::from_millis(100);
/// A port that listens answers a connection's repeated SYN once in so long (Linux: `tcp_invalid_ratelimit`), with some
/// time to spare.
const REPEATED: Duration = Duration::from_millis(520);
/// More silent probes than these are not counted host by host: they are no few beside those that answered.
const MOST_COUNTED: u64 = 1 << 18;

impl Sweep {
    /// What is known of the path that all hosts share.
    pub(super) fn pool(&self) -> Loss {
        if self.elsewhere == Loss::default() {
            self.loss.clone()
        } else {
            self.loss.merged(&self.elsewhere)
        }
    }

    /// The cursor is at the end: begin another round, wait for the last answers, or end.
    pub(super) fn turn_round(&mut self, now: Instant) -> Option<Take> {
        if self.ledger.unanswered() == 0 {
            return Some(Take::End(EndReason::Complete));
        }
        self.hear_out(now);
        if self.round > 0 && self.in_round == 0 {
            return Some(self.last_wait(now, EndReason::Complete));
        }
        if self.round + 1 >= self.bounds.max_tries {
            let end = if self.sure() {
                EndReason::Complete
            } else {
                EndReason::MaxTries
            };
            return Some(self.last_wait(now, end));
        }
        if self.round > 0 {
            self.hosts.turn();
        }
        self.round += 1;
        self.apart = self.spacing();
        self.turned = Some(now);
        self.cursor = 0;
        self.in_round = 0;
        self.pacer.retry(now);
        self.pacer.protect_hosts(now, self.ledger.unanswered());
        None
    }

    /// The answers to the round before have had their time, once that is so: what it lost is known.
    pub(super) fn hear_out(&mut self, now: Instant) {
        if self
            .turned
            .is_none_or(|turned| now < self.heard_out(turned))
        {
            return;
        }
        self.turned = None;
        self.loss.settle(self.round);
        self.hosts.hear_out(self.round);
        for host in self.hosts.suspects(&self.loss) {
            self.limit(now, host, true);
        }
    }

    fn heard_out(&self, turned: Instant) -> Instant {
        turned + self.rtt.timeout()
    }

    /// Who is silent for sure is passed over in the round that begins. That is not said before all answers to
    /// the round before have had their time: until then, too few would read as little lost. What to do instead of
    /// sending, if anything.
    pub(super) fn begin_round(&mut self, now: Instant) -> Option<Take> {
        let mut pool = self.pool();
        if let Some(turned) = self.turned {
            // If nothing more came, would anything be proven?
            pool.settle(self.round);
            self.hosts.hear_out(self.round);
            let judgement = self.judge_hosts(self.round, false, &pool);
            self.hosts.hear_out(self.round - 1);
            if judgement.proven() != Proven::None {
                return Some(Take::Wait(self.heard_out(turned)));
            }
            self.hosts.pass_over(&judgement);
            return None;
        }
        let judgement = self.judge_hosts(self.round, false, &pool);
        self.hosts.pass_over(&judgement);
        (judgement.proven() == Proven::All).then(|| self.last_wait(now, EndReason::Complete))
    }

    /// Whether silence after all the rounds made is proof enough, of every host.
    fn sure(&mut self) -> bool {
        let pool = self.pool();
        self.hosts.hear_out(self.round + 1);
        let judgement = self.judge_hosts(self.round + 1, true, &pool);
        judgement.proven() == Proven::All
    }

    fn judge_hosts(&mut self, rounds: u8, over: bool, pool: &Loss) -> Judgement {
        let silent = self.ledger.unanswered();
        // In a burst further tries may be lost as those before: they would only seem to prove something.
        let counts = if pool.may_burst() {
            self.hosts.forget_silent();
            self.counted = (0, false);
            (0, silent)
        } else {
            self.count_silent((rounds, self.turned.is_some()));
            // Elsewhere than among the ports of hosts probes are taken out that nobody answered.
            let answered = if self.hosts.are_told() {
                self.extents.len() - silent
            } else {
                0
            };
            (answered, silent)
        };
        self.hosts
            .judge(rounds, over, pool, self.bounds.miss, counts)
    }

    fn count_silent(&mut self, when: (u8, bool)) {
        let few = self.ledger.unanswered() <= MOST_COUNTED;
        if self.hosts.are_apart() && few && self.counted != when {
            self.counted = when;
            let from = |at| self.ledger.next_unanswered(at);
            let silent = core::iter::successors(from(0), |at| from(at + 1));
            let (order, extents) = (&self.order, &self.extents);
            let index = |position| order.index(extents.whole(position));
            self.hosts.count_silent(silent.map(index));
        }
    }

    pub(super) fn last_wait(&self, now: Instant, end: EndReason) -> Take {
        let mut wait = self.rtt.last_wait().max(self.bounds.patience);
        if self.are_few_silent() {
            wait = wait.max(HICCUP);
        }
        let until = self.last_sent + wait;
        if now >= until {
            Take::End(end)
        } else {
            Take::Wait(until)
        }
    }

    /// Whether so many of the ports have answered that those which have not are likely to be late.
    fn are_few_silent(&self) -> bool {
        let silent = self.ledger.unanswered();
        self.hosts.are_told() && 100 * silent <= self.extents.len() - silent
    }

    /// When a silent position may be tried again: its last try has had its time, longer at each round where losses
    /// may come in bursts.
    pub(super) fn gate(&self, position: u64) -> Instant {
        let run = position / self.stride;
        if self.cursor > 0 && (self.cursor - 1) / self.stride == run {
            // The run shares one stamp, and this round has begun it.
            return Instant::ZERO;
        }
        let first = self.stamps[run as usize];
        if first == Instant::ZERO {
            // By an earlier run of the scan, whose answers have had their time.
            return Instant::ZERO;
        }
        let rest = Duration::from_secs_f64((self.stride - 1) as f64 / self.pacer.rate());
        let mut apart = self.rtt.timeout().saturating_mul(self.apart);
        if self.quick > 0 && u16::from(self.round) >= self.quick {
            apart = apart.max(REPEATED);
        }
        (first + rest).min(self.last_sent) + apart
    }

    /// How many timeouts the tries of this round and of the one before are apart.
    pub(super) fn spacing(&self) -> u32 {
        match self.round {
            2.. if self.pool().may_burst() => 1 << (self.round - 1).min(3),
            _ => 1,
        }
    }
}
