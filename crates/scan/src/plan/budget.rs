//! What a scan may spend: rates, tries and time.

use core::time::Duration;

use crate::event::EndReason;
use crate::time::Instant;

/// Default time for proving closed ports behind a limiter. On Linux it covers about sixty ports of each host.
pub const RATE_LIMIT_PROBING_TIME: Duration = Duration::from_mins(1);

/// Limits that the user sets on a scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Maximum probes per second; `None` for no limit.
    pub max_rate: Option<f64>,
    /// Minimum probes per second, whatever the path loses; `None` for no minimum.
    pub min_rate: Option<f64>,
    /// Maximum probes per second to one host; `None` for no limit.
    pub max_host_rate: Option<f64>,
    /// Maximum number of tries for a silent port.
    pub max_tries: u8,
    /// Wanted probability (0 to 1) that a silent port was not missed.
    pub confidence: f64,
    /// Maximum time for one host; `None` for no limit.
    pub host_timeout: Option<Duration>,
    /// Maximum time for the scan; `None` for no limit.
    pub max_time: Option<Duration>,
    /// Maximum number of simultaneous connections of a connect scan.
    pub max_connections: usize,
    /// Maximum time for proving silent ports of hosts that limit their resets; `None` to prove them all
    /// (`--complete`).
    pub rate_limit_probing: Option<Duration>,
    /// Maximum number of hosts, among those whose ports all appear open, that full connections check; 0 for none.
    pub max_checked_hosts: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            max_rate: None,
            min_rate: None,
            max_host_rate: None,
            max_tries: 10,
            confidence: 0.9999,
            host_timeout: None,
            max_time: None,
            max_connections: 512,
            rate_limit_probing: Some(RATE_LIMIT_PROBING_TIME),
            max_checked_hosts: 0,
        }
    }
}

impl Budget {
    /// Returns when hosts whose ports are scanned from `now` on must be done, and why. The random order scans every
    /// host all the time, so one deadline holds for all hosts.
    pub(crate) fn end_of_hosts(&self, now: Instant, deadline: Instant) -> (Instant, EndReason) {
        match self.host_timeout.map(|t| now + t) {
            Some(end) if end < deadline => (end, EndReason::HostTimeout),
            _ => (deadline, EndReason::MaxTime),
        }
    }
}
