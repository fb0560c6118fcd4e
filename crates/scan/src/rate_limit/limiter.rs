//! How often to probe a host so that no token of its limiter is wasted.
//!
//! Rules differ (Linux: a bucket for each peer, 6 at once and then one or ten per second; FreeBSD: a fixed number in
//! each second; others: no limit). In each of them the limiter has tokens, and an error costs one. A probe that finds
//! no token is not answered and costs nothing. Therefore the host is probed a little more often than tokens come, and
//! the share of attempts that found no token measures the excess. Tokens that gather between attempts are not lost:
//! each further answer takes one.
//!
//! This file must not know ports or packets.

use alloc::collections::VecDeque;
use core::time::Duration;

use crate::checkpoint::codec::{DecodeError, Reader, Writer};
use crate::checkpoint::place;
use crate::time::Instant;

/// Attempts per second before anything is known.
const INITIAL_RATE: f64 = 100.0;
/// Minimum attempts per second: one in two seconds disturbs no host.
const MIN_RATE: f64 = 0.5;
/// Attempts per token, once the rate is known.
const ATTEMPTS_PER_TOKEN: f64 = 1.25;
/// Share of attempts without a token below which there may be more tokens.
const MIN_DRY_SHARE: f64 = 0.1;
/// Share of attempts without a token above which too many attempts are wasted.
const MAX_DRY_SHARE: f64 = 0.5;
/// Minimum number of attempts and minimum time for a decision: a limiter that counts per second must be observed for a
/// whole second.
const MIN_ATTEMPTS: f64 = 8.0;
const MIN_TIME: Duration = Duration::from_millis(1_500);
/// Minimum time for a decision if far too many attempts were made.
const MIN_TIME_SHRINKING: Duration = Duration::from_millis(150);
/// Number of arrivals after which a new measurement replaces that of an earlier run.
const MIN_ARRIVALS: usize = 16;
/// Number of arrivals over which the rate is measured.
const MAX_ARRIVALS: usize = 256;

/// How the rate is being found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Every attempt finds a token so far.
    Growing,
    /// Most attempts find no token.
    Shrinking,
    /// Attempts are a little more frequent than tokens.
    InStep,
}

/// One limiter. A host has one for each source address of ours.
#[derive(Clone, Debug)]
pub(crate) struct Limiter {
    /// Attempts per second.
    rate: f64,
    max_rate: f64,
    mode: Mode,
    next: Instant,
    /// Attempts since the last decision that found a token, and that found none.
    found: u32,
    none: u32,
    decided: Instant,
    recent: VecDeque<Instant>,
    /// When an attempt first found no token. From then on every token is used.
    dry_since: Option<Instant>,
    last: Instant,
    /// Share of attempts that find no token because they are lost on the path.
    lost: f64,
    /// Tokens per second that an earlier run has measured.
    before: Option<f64>,
}

/// State that continues in another run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LimiterState {
    rate: f64,
    mode: Mode,
    measured: Option<f64>,
}

impl LimiterState {
    pub(crate) fn encode(&self, w: &mut Writer) {
        w.f64(self.rate);
        w.u8(place(&MODES, self.mode));
        w.option(self.measured, Writer::f64);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<LimiterState, DecodeError> {
        Ok(LimiterState {
            rate: r.finite()?,
            mode: r.variant(&MODES)?,
            measured: r.option(Reader::finite)?,
        })
    }
}

const MODES: [Mode; 3] = [Mode::Growing, Mode::Shrinking, Mode::InStep];

impl Limiter {
    /// Starts with nothing known, and at most `max_rate` attempts per second.
    pub(crate) fn new(now: Instant, max_rate: f64) -> Limiter {
        Limiter {
            rate: INITIAL_RATE.min(max_rate),
            max_rate,
            mode: Mode::Growing,
            next: now,
            found: 0,
            none: 0,
            decided: now,
            recent: VecDeque::new(),
            dry_since: None,
            last: now,
            lost: 0.0,
            before: None,
        }
    }

    /// Returns the limiter as probing begins. Errors before that came at the rate of the sweep and measure nothing.
    pub(crate) fn restarted(mut self, now: Instant) -> Limiter {
        (self.next, self.decided, self.last) = (now, now, now);
        self
    }

    /// Returns the state that continues in another run.
    pub(crate) fn state(&self, now: Instant) -> LimiterState {
        LimiterState {
            rate: self.rate,
            mode: self.mode,
            measured: self.measured(now),
        }
    }

    /// Continues with what an earlier run had found.
    pub(crate) fn resume(&mut self, now: Instant, state: LimiterState) {
        self.rate = state.rate.clamp(MIN_RATE.min(self.max_rate), self.max_rate);
        self.mode = state.mode;
        self.before = state.measured;
        (self.next, self.decided, self.last) = (now, now, now);
    }

    /// Sets the probability that an attempt or its answer is lost.
    pub(crate) fn expect_loss(&mut self, lost: f64) {
        self.lost = lost;
    }

    /// Records an attempt that may take up to `cost` tokens. Returns when the next one is due.
    pub(crate) fn sent(&mut self, now: Instant, cost: u32) -> Instant {
        // A late caller may catch up by 2 ms at most.
        let from = self.next.max(Instant::from_nanos(
            now.as_nanos().saturating_sub(2_000_000),
        ));
        self.next = from + Duration::from_secs_f64(f64::from(cost) / self.rate);
        self.next
    }

    /// Records an error: there was a token.
    pub(crate) fn token(&mut self, now: Instant) {
        if self.recent.len() == MAX_ARRIVALS {
            self.recent.pop_front();
        }
        self.recent.push_back(now);
        self.last = now;
    }

    /// Records whether the attempt made at `sent` found a token.
    pub(crate) fn attempt(&mut self, now: Instant, sent: Instant, found: bool) {
        if !found && self.dry_since.is_none() {
            self.dry_since = Some(sent);
        }
        if sent < self.decided {
            return;
        }
        if found {
            self.found += 1;
        } else {
            self.none += 1;
        }
        let judged = f64::from(self.found + self.none);
        let enough = match self.mode {
            Mode::Growing => judged >= (self.rate * 0.02).clamp(4.0, 64.0),
            Mode::Shrinking => {
                judged >= MIN_ATTEMPTS && now.since(self.decided) >= MIN_TIME_SHRINKING
            }
            Mode::InStep => judged >= MIN_ATTEMPTS && now.since(self.decided) >= MIN_TIME,
        };
        if enough {
            self.decide(now);
        }
    }

    fn decide(&mut self, now: Instant) {
        let missed = f64::from(self.none) / f64::from(self.found + self.none);
        let dry = ((missed - self.lost) / (1.0 - self.lost)).max(0.0);
        let growing = self.mode == Mode::Growing && dry < 2.0 * MIN_DRY_SHARE;
        if growing {
            self.rate *= 2.0;
        } else if dry < MIN_DRY_SHARE {
            self.rate *= ATTEMPTS_PER_TOKEN;
        } else if dry > MAX_DRY_SHARE {
            let wanted = ATTEMPTS_PER_TOKEN * self.measured(now).unwrap_or(0.0);
            self.rate = wanted.clamp(self.rate * 0.5, self.rate * 0.95);
        }
        self.mode = match self.mode {
            _ if growing => Mode::Growing,
            Mode::Growing => Mode::Shrinking,
            Mode::Shrinking if dry > MAX_DRY_SHARE => Mode::Shrinking,
            _ => Mode::InStep,
        };
        self.rate = self.rate.clamp(MIN_RATE.min(self.max_rate), self.max_rate);
        (self.found, self.none, self.decided) = (0, 0, now);
    }

    /// Tokens per second while every token is used; `None` while that cannot be measured.
    pub(crate) fn measured(&self, now: Instant) -> Option<f64> {
        self.measured_now(now)
            .filter(|_| self.before.is_none() || self.recent.len() >= MIN_ARRIVALS)
            .or(self.before)
    }

    fn measured_now(&self, now: Instant) -> Option<f64> {
        let since = self.dry_since?;
        let mut count = 0u32;
        let mut first = since;
        for at in self.recent.iter().rev().take_while(|at| **at >= since) {
            count += 1;
            first = *at;
        }
        // A full window covers only the time since its first arrival.
        let span = if count as usize == MAX_ARRIVALS {
            count -= 1;
            now.since(first)
        } else {
            now.since(since)
        };
        (count > 0 && span > Duration::ZERO).then(|| f64::from(count) / span.as_secs_f64())
    }

    /// Whether an attempt has ever found no token.
    pub(crate) fn limits(&self) -> bool {
        self.dry_since.is_some() || self.before.is_some()
    }

    /// When the last token came, or when the limiter was first used.
    pub(crate) fn last_token(&self) -> Instant {
        self.last
    }

    /// Attempts per second.
    pub(crate) fn rate(&self) -> f64 {
        self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a bucket of `burst` tokens that gains `rate` per second through `limiter` for `seconds`. Returns the
    /// tokens taken and the attempts made.
    fn run(burst: f64, rate: f64, seconds: f64, max_rate: f64) -> (u32, u32, Limiter) {
        let mut now = Instant::from_millis(1);
        let end = now + Duration::from_secs_f64(seconds);
        let mut limiter = Limiter::new(now, max_rate);
        let (mut tokens, mut filled) = (burst, now);
        let (mut had, mut asked) = (0, 0);
        while now < end {
            tokens = (tokens + now.since(filled).as_secs_f64() * rate).min(burst.max(1.0));
            filled = now;
            asked += 1;
            let found = tokens >= 1.0;
            if found {
                tokens -= 1.0;
                had += 1;
                limiter.token(now);
            }
            limiter.attempt(now, now, found);
            now = limiter.sent(now, 1).max(now + Duration::from_nanos(100));
        }
        (had, asked, limiter)
    }

    #[test]
    fn few_tokens_are_wasted_and_few_attempts_made_whatever_the_limiter() {
        for (burst, rate) in [(6.0, 1.0), (10.0, 10.0), (200.0, 200.0), (50.0, 1000.0)] {
            let seconds = 60.0;
            let (had, asked, limiter) = run(burst, rate, seconds, 1e5);
            let given = burst + rate * seconds;
            assert!(f64::from(had) >= 0.95 * given - 1.0, "{had} of {given}");
            assert!(f64::from(asked) <= 3.0 * given + 100.0, "{asked}");
            let end = Instant::from_millis(1) + Duration::from_mins(1);
            let measured = limiter.measured(end).unwrap();
            assert!((0.9..1.2).contains(&(measured / rate)), "{measured} {rate}");
        }
    }

    #[test]
    fn an_unlimited_host_is_probed_at_the_maximum_rate() {
        let (had, asked, limiter) = run(1e9, 1e9, 1.0, 20_000.0);
        assert_eq!(had, asked);
        assert!(had > 12_000, "{had}");
        assert!(!limiter.limits());
    }

    #[test]
    fn an_unresponsive_host_is_probed_less_and_less() {
        let (had, asked, _) = run(0.0, 0.0, 60.0, 1e5);
        assert!(had <= 1 && asked < 150, "{asked}");
    }
}
