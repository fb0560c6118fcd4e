//! A scan as data: everything that is decided before the first packet.
//!
//! A [`Plan`] has two halves: the [`ScanSpec`] says what to scan and is the same on every machine; the [`LocalPlan`]
//! says how this machine reaches the targets. The binary builds both from arguments, names and routes; tests build
//! them from values.
//!
//! # Windows
//! What is known about the probes may take [`ScanSpec::memory`] bytes. A larger scan goes through its hosts in windows:
//! each is discovered, scanned and reported like a scan of its own, in its own probe order. It starts with the rate,
//! round-trip times and loss that the previous window has learned. A change of windows costs the wait for the last
//! replies.

mod budget;
mod local;
mod spec;
mod technique;

pub use budget::{Budget, RATE_LIMIT_PROBING_TIME};
pub use local::{Framing, LocalPlan, Neighbour, NextHop, Route, SOURCE_PORTS};
pub use spec::{
    Backend, DEFAULT_MEMORY, Discovery, DiscoveryProbe, Listing, PortScan, ScanSpec,
    ScanSpecBuilder, Shard, SpecError, UdpSpec,
};
pub use technique::Technique;

use crate::target::TargetSet;

/// A whole scan, ready to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is scanned.
    pub spec: ScanSpec,
    /// How this machine reaches the targets. Its ranges are those of the spec that have a route.
    pub local: LocalPlan,
}

impl Plan {
    /// Number of windows, at least one.
    pub fn windows(&self) -> u64 {
        let hosts = self.local.targets.len();
        hosts.div_ceil(self.spec.window_hosts()).max(1)
    }

    /// Returns the hosts of window `number`, from 0.
    pub(crate) fn window(&self, number: u64) -> TargetSet {
        let each = self.spec.window_hosts();
        let first = number.saturating_mul(each);
        self.local.targets.slice(first, first.saturating_add(each))
    }
}

#[cfg(test)]
impl Plan {
    /// A plan without targets or ports, for tests to add to.
    pub(crate) fn empty() -> Plan {
        use alloc::vec::Vec;
        let spec = ScanSpec::builder(vigie_scope::target::RangeSet::default()).seed(7);
        Plan {
            spec: spec.build().expect("an empty spec is valid"),
            local: LocalPlan {
                targets: TargetSet::new(Vec::new()),
                routes: Vec::new(),
                neighbours: Vec::new(),
                source_port: 61_000,
                source_ports: 1,
            },
        }
    }
}
