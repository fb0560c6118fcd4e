//! Round-trip times: RFC 6298's estimate, and the tail that decides how long to wait.
//!
//! RFC 6298 allows a floor of one second for TCP, whose needless retransmission
//! harms; a probe sent again too early costs one packet, and its late answer
//! counts all the same. The floor here is what a busy host takes to answer.
//! This file must not know what is timed.

use core::time::Duration;

/// Estimates from samples.
#[derive(Clone, Debug)]
pub struct Rtt {
    /// The wait before anything was measured.
    initial: Duration,
    /// Smoothed time and variation in ns; unset before the first sample.
    smoothed: Option<(u64, u64)>,
    min: Option<u64>,
    /// The slowest lately: decays towards the present samples, so that one hiccup is forgotten.
    tail: u64,
    /// The slowest ever.
    slowest: u64,
}

/// Never wait less: a loaded host's scheduler and this kernel's receive ring need some milliseconds.
pub const FLOOR: Duration = Duration::from_millis(20);
/// Never wait longer for one answer.
pub const CEILING: Duration = Duration::from_secs(10);
/// Before the first sample (RFC 6298 section 2.1).
pub const INITIAL: Duration = Duration::from_secs(1);
/// An answer that was sent again is late by [`INITIAL`], less what the timers of kernels are early.
const RESENT: Duration = Duration::from_millis(900);

impl Default for Rtt {
    fn default() -> Rtt {
        Rtt::with_initial(INITIAL)
    }
}

impl Rtt {
    /// No samples yet; `initial` is the wait until there is one.
    pub const fn with_initial(initial: Duration) -> Rtt {
        Rtt {
            initial,
            smoothed: None,
            min: None,
            tail: 0,
            slowest: 0,
        }
    }

    /// Adds a sample (RFC 6298 sections 2.2 and 2.3, with alpha 1/8 and beta 1/4).
    pub fn sample(&mut self, rtt: Duration) {
        let r = u64::try_from(rtt.as_nanos()).unwrap_or(u64::MAX);
        self.smoothed = Some(match self.smoothed {
            None => (r, r / 2),
            Some((srtt, var)) => (
                srtt - srtt / 8 + r / 8,
                var - var / 4 + srtt.abs_diff(r) / 4,
            ),
        });
        self.min = Some(self.min.map_or(r, |m| m.min(r)));
        self.tail = r.max(self.tail - self.tail / 1024);
        self.slowest = self.slowest.max(r);
    }

    /// The slowest ever seen.
    pub fn slowest(&self) -> Duration {
        Duration::from_nanos(self.slowest)
    }

    /// The smoothed round-trip time.
    pub fn smoothed(&self) -> Option<Duration> {
        self.smoothed.map(|s| Duration::from_nanos(s.0))
    }

    /// The shortest seen.
    pub fn min(&self) -> Option<Duration> {
        self.min.map(Duration::from_nanos)
    }

    /// The slowest seen lately.
    pub fn tail(&self) -> Duration {
        Duration::from_nanos(self.tail)
    }

    /// Whether an answer after `rtt` is so late that who answered must have waited [`INITIAL`] for its
    /// acknowledgement and sent it again: the one before was lost.
    pub(crate) fn is_resent(&self, rtt: Duration) -> bool {
        self.smoothed().is_some_and(|usual| rtt > usual + RESENT)
    }

    /// How long to wait for an answer before trying again (RFC 6298 section 2).
    pub fn timeout(&self) -> Duration {
        match self.smoothed {
            None => self.initial,
            Some((srtt, var)) => Duration::from_nanos(srtt.saturating_add(var.saturating_mul(4)))
                .clamp(FLOOR, CEILING),
        }
    }

    /// How long after the last probe its answer can still come: the timeout, or
    /// well beyond the slowest answer seen, whichever is longer.
    pub fn last_wait(&self) -> Duration {
        let tail = Duration::from_nanos(self.tail.saturating_add(self.tail / 2));
        self.timeout().max(tail).min(CEILING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn the_first_sample_sets_as_rfc_6298_says() {
        let mut rtt = Rtt::default();
        assert_eq!(rtt.timeout(), INITIAL);
        rtt.sample(ms(100));
        assert_eq!(rtt.smoothed(), Some(ms(100)));
        assert_eq!(rtt.timeout(), ms(300)); // R + 4 * R/2
    }

    #[test]
    fn steady_samples_bring_the_timeout_down_to_them() {
        let mut rtt = Rtt::default();
        for _ in 0..100 {
            rtt.sample(ms(100));
        }
        assert!(rtt.timeout() < ms(105), "{:?}", rtt.timeout());
        assert!(rtt.last_wait() >= ms(149), "{:?}", rtt.last_wait());
    }

    #[test]
    fn an_answer_sent_again_is_told_from_a_slow_one() {
        let mut rtt = Rtt::default();
        assert!(!rtt.is_resent(ms(1_500)));
        (0..10).for_each(|_| rtt.sample(ms(300)));
        assert!(!rtt.is_resent(ms(1_000)));
        assert!(rtt.is_resent(ms(1_300)));
    }

    #[test]
    fn near_hosts_get_the_floor() {
        let mut rtt = Rtt::default();
        for _ in 0..10 {
            rtt.sample(Duration::from_micros(50));
        }
        assert_eq!(rtt.timeout(), FLOOR);
    }

    #[test]
    fn one_hiccup_is_remembered_for_the_end() {
        let mut rtt = Rtt::default();
        rtt.sample(ms(10));
        rtt.sample(ms(400));
        for _ in 0..20 {
            rtt.sample(ms(10));
        }
        assert!(rtt.last_wait() > ms(500), "{:?}", rtt.last_wait());
    }
}
