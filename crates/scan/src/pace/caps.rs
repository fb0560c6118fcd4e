//! Limits on the rate from the user or the plan. The module does not know how the rate is found.

/// Limits on the rate, in probes per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// Maximum rate.
    pub max: Option<f64>,
    /// Minimum rate.
    pub min: Option<f64>,
    /// Maximum rate to one host, and the number of probes of each host.
    pub per_host: Option<(f64, u64)>,
    /// Resolution of round-trip times in ns. A shorter queue cannot be distinguished from noise.
    pub rtt_resolution: u64,
    /// Whether the answer ratio falls during a round, because hosts that answered get no more probes. Then only canaries
    /// measure the rate, as soon as there are enough of them.
    pub declining_answers: bool,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            max: None,
            min: None,
            per_host: None,
            rtt_resolution: 1_000_000,
            declining_answers: false,
        }
    }
}
