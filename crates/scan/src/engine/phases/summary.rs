//! Reports the state of every port, host by host, then begins the next window or closes the scan.
//!
//! [`crate::summary`] decides how a host is reported.

use alloc::boxed::Box;

use super::begin_window;
use super::over::Over;
use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase};
use crate::event::EndReason;
use crate::host_table::HostTable;
use crate::results::{self, Step};
use crate::sweep::Partitions;
use crate::time::Instant;
use crate::udp::UdpScan;

/// The report of one window.
#[derive(Debug)]
pub(in crate::engine) struct Summary(results::Summary);

/// Begins to report the ports of `hosts`.
pub(super) fn begin(
    core: &mut Core,
    now: Instant,
    (sweep, hosts, ended): (Partitions, HostTable, EndReason),
    udp: Option<Box<UdpScan>>,
) -> AnyPhase {
    let defaults = core.default_verdicts();
    let summary = core
        .results
        .begin_summary(sweep, hosts, ended, defaults, &core.plan, now);
    AnyPhase::Summary(Box::new(Summary(summary.with_udp(udp))))
}

impl Phase for Summary {
    fn poll_summary(&mut self, core: &mut Core) -> Step {
        core.results.step(&mut self.0, &core.plan)
    }

    fn wake(&mut self, _: &Core, now: Instant) -> Option<Instant> {
        Some(now)
    }

    fn stop(&mut self, core: &mut Core, _: Instant, why: EndReason) -> Option<EndReason> {
        core.halt = Some(why);
        None
    }

    fn finish(self, core: &mut Core, now: Instant, _: EndReason) -> AnyPhase {
        let (parts, ended) = self.0.into_parts();
        let last = core.is_last_window();
        // A stop while the last window is being reported stops nothing: everything is done.
        let ended = match core.halt {
            Some(halt) if !last => halt.worse(ended),
            _ => ended,
        };
        let done = last || super::is_stopped(ended);
        if done || now >= core.deadline {
            let ended = if done { ended } else { EndReason::MaxTime };
            core.results.close(Some(&parts), ended, &core.plan, now);
            return AnyPhase::Over(Over);
        }
        core.results.window_over(&parts, ended);
        core.path_estimates = Some(Box::new(parts.path_estimates()));
        // Free the memory before the next window takes as much.
        drop(parts);
        core.connections.next_window();
        core.window += 1;
        begin_window(core, now)
    }

    fn is_summary(&self) -> bool {
        true
    }
}
