//! What bounds the pace from outside. It must not know how the pace is found.

/// What the user or the plan imposes, in probes a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caps {
    /// Never faster.
    pub max: Option<f64>,
    /// Never slower.
    pub min: Option<f64>,
    /// Never faster to one host, whatever else; and how many probes each host has.
    pub per_host: Option<(f64, u64)>,
    /// Round-trip times are no finer than this, in ns: below it a queue is not told from noise.
    pub noise: u64,
    /// Whether the share of answers falls as the round goes on (who has answered is asked nothing more): then only
    /// canaries tell of the pace, as soon as there are some.
    pub fading: bool,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            max: None,
            min: None,
            per_host: None,
            noise: 1_000_000,
            fading: false,
        }
    }
}
