//! Waits for the other partitions of a scan: this one has sent and settled everything.
//!
//! [`crate::Scan::join`] takes the partitions apart and continues with the whole.

use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase, PhaseState};
use crate::event::{EndReason, Progress};
use crate::host_table::HostTable;
use crate::sweep::{Sweep, SweepState};
use crate::time::Instant;

/// A partition that is done.
#[derive(Debug)]
pub(in crate::engine) struct PartitionWait {
    pub(in crate::engine) sweep: Sweep,
    pub(in crate::engine) hosts: HostTable,
    pub(in crate::engine) ended: EndReason,
}

impl Phase for PartitionWait {
    fn wake(&mut self, core: &Core, now: Instant) -> Option<Instant> {
        (!core.results.events.is_empty()).then_some(now)
    }

    fn stop(&mut self, _: &mut Core, _: Instant, _: EndReason) -> Option<EndReason> {
        None
    }

    fn finish(self, _: &mut Core, _: Instant, _: EndReason) -> AnyPhase {
        AnyPhase::PartitionWait(self)
    }

    fn progress(&self, core: &Core) -> Progress {
        Progress {
            done: 1.0,
            rate: 0.0,
            ..self.sweep.progress(core.results.open, false)
        }
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        let sweeps: [SweepState; 1] = [self.sweep.state(now)];
        Some(PhaseState {
            sweeps: sweeps.into(),
            hosts: &self.hosts,
            udp: None,
        })
    }
}
