//! Round-trip times: the estimate of RFC 6298, and the tail that decides the last wait.
//!
//! RFC 6298 recommends a minimum timeout of one second, because a needless retransmission of TCP does harm. A probe sent
//! again too early costs one packet, and its late answer still counts, so the minimum here is the time that a busy host
//! needs to answer. The module does not know what is timed.

use core::time::Duration;

/// Round-trip time estimate of one sweep.
#[derive(Clone, Debug)]
pub struct Rtt {
    /// Timeout before the first sample.
    initial: Duration,
    /// Smoothed round-trip time and its variation, in ns.
    smoothed: Option<(u64, u64)>,
    min: Option<u64>,
    /// Slowest recent sample in ns. Decays, so that one stall is forgotten.
    tail: u64,
    /// Slowest sample in ns.
    slowest: u64,
}

/// Minimum timeout: the scheduler of a loaded host and the receive ring of this kernel need some milliseconds.
pub const FLOOR: Duration = Duration::from_millis(20);
/// Maximum timeout.
pub const CEILING: Duration = Duration::from_secs(10);
/// Timeout before the first sample (RFC 6298 section 2.1).
pub const INITIAL: Duration = Duration::from_secs(1);
/// A retransmitted answer is late by [`INITIAL`]; kernel timers may fire a little early.
const RETRANSMITTED: Duration = Duration::from_millis(900);

impl Default for Rtt {
    fn default() -> Rtt {
        Rtt::with_initial(INITIAL)
    }
}

impl Rtt {
    /// Creates an estimate without samples. `initial` is the timeout until the first one.
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

    /// Returns the slowest sample.
    pub fn slowest(&self) -> Duration {
        Duration::from_nanos(self.slowest)
    }

    /// Returns the smoothed round-trip time (SRTT).
    pub fn smoothed(&self) -> Option<Duration> {
        self.smoothed.map(|s| Duration::from_nanos(s.0))
    }

    /// Returns the shortest sample.
    pub fn min(&self) -> Option<Duration> {
        self.min.map(Duration::from_nanos)
    }

    /// Returns the slowest recent sample.
    pub fn tail(&self) -> Duration {
        Duration::from_nanos(self.tail)
    }

    /// Whether an answer after `rtt` is a retransmission: the peer waited [`INITIAL`] for an acknowledgement and sent its
    /// answer again. The time of a retransmission is not the time of the path.
    pub(crate) fn is_retransmission(&self, rtt: Duration) -> bool {
        self.smoothed()
            .is_some_and(|usual| rtt > usual + RETRANSMITTED)
    }

    /// Returns the time to wait for an answer before trying again (RFC 6298 section 2).
    pub fn timeout(&self) -> Duration {
        match self.smoothed {
            None => self.initial,
            Some((srtt, var)) => Duration::from_nanos(srtt.saturating_add(var.saturating_mul(4)))
                .clamp(FLOOR, CEILING),
        }
    }

    /// Returns the time to wait after the last probe: the timeout, or 1.5 times the slowest recent sample, whichever is
    /// longer.
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
    fn the_first_sample_sets_the_timeout_of_rfc_6298() {
        let mut rtt = Rtt::default();
        assert_eq!(rtt.timeout(), INITIAL);
        rtt.sample(ms(100));
        assert_eq!(rtt.smoothed(), Some(ms(100)));
        assert_eq!(rtt.timeout(), ms(300)); // R + 4 * R/2
    }

    #[test]
    fn steady_samples_bring_the_timeout_down_to_the_rtt() {
        let mut rtt = Rtt::default();
        for _ in 0..100 {
            rtt.sample(ms(100));
        }
        assert!(rtt.timeout() < ms(105), "{:?}", rtt.timeout());
        assert!(rtt.last_wait() >= ms(149), "{:?}", rtt.last_wait());
    }

    #[test]
    fn a_retransmitted_answer_is_distinguished_from_a_slow_one() {
        let mut rtt = Rtt::default();
        assert!(!rtt.is_retransmission(ms(1_500)));
        (0..10).for_each(|_| rtt.sample(ms(300)));
        assert!(!rtt.is_retransmission(ms(1_000)));
        assert!(rtt.is_retransmission(ms(1_300)));
    }

    #[test]
    fn near_hosts_get_the_minimum_timeout() {
        let mut rtt = Rtt::default();
        for _ in 0..10 {
            rtt.sample(Duration::from_micros(50));
        }
        assert_eq!(rtt.timeout(), FLOOR);
    }

    #[test]
    fn one_stall_lengthens_the_last_wait() {
        let mut rtt = Rtt::default();
        rtt.sample(ms(10));
        rtt.sample(ms(400));
        for _ in 0..20 {
            rtt.sample(ms(10));
        }
        assert!(rtt.last_wait() > ms(500), "{:?}", rtt.last_wait());
    }
}
