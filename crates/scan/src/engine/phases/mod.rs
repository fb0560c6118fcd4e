//! The phases of a scan, one file each.
//!
//! ```text
//! packets:      router resolution -> host discovery -> ports -> (partition wait) -> rate-limit probing
//!               -> UDP ports -> traceroute -> summary -> next window, or over
//! connections:  connect discovery -> connect ports -> summary -> next window, or over
//! ```
//!
//! A phase without work ends at once. Each phase knows only its successors: it must not know the phases before it.

pub(super) mod connect_discovery;
pub(super) mod connect_ports;
pub(super) mod host_discovery;
pub(super) mod over;
pub(super) mod partition_wait;
pub(super) mod ports;
pub(super) mod rate_limit;
pub(super) mod router_resolution;
pub(super) mod summary;
pub(super) mod traceroute;
pub(super) mod udp_ports;

use super::core::Core;
use super::phase::AnyPhase;
use crate::event::EndReason;
use crate::host_table::HostTable;
use crate::plan::Discovery;
use crate::sweep::{Next, Sweep};
use crate::time::Instant;

/// Begins the current window of the hosts.
pub(super) fn begin_window(core: &mut Core, now: Instant) -> AnyPhase {
    if !core.is_by_connections() {
        return host_discovery::HostDiscovery::begin(core, now);
    }
    match core.plan.spec.discovery {
        Discovery::Probe => connect_discovery::ConnectDiscovery::begin(core),
        Discovery::AssumeUp => {
            let targets = core.plan.window(core.window);
            core.results.hosts_up += targets.len();
            connect_ports::ConnectPorts::begin(core, now, HostTable::all(targets), None)
        }
    }
}

/// Whether a scan that ended for this reason begins no further phase.
fn is_stopped(ended: EndReason) -> bool {
    matches!(
        ended,
        EndReason::Interrupted | EndReason::MaxTime | EndReason::Failed
    )
}

/// When a phase that runs `sweep` must be polled again.
fn wake(sweep: &mut Sweep, now: Instant) -> Instant {
    let next = sweep.wake(now);
    sweep.deadline().map_or(next, |d| d.min(next))
}

/// When a phase that makes connections must be polled again. While no connection may start, only one that ends can
/// change that.
fn wake_connections(core: &Core, sweep: &mut Sweep, now: Instant) -> Instant {
    let next = if core.connections.is_full() {
        Instant::FAR
    } else {
        sweep.wake(now)
    };
    let times = [sweep.deadline(), core.connections.first_due()];
    times.into_iter().flatten().fold(next, Instant::min)
}

/// A probe of a sweep that is due.
#[derive(Clone, Copy, Debug)]
struct Due {
    index: u64,
    /// Number and salt of a canary, or 0.
    canary: u32,
    /// Which source port sends it.
    turn: u16,
}

/// Returns the next probe of `sweep`, or why there is none.
#[inline]
fn next_probe(sweep: &mut Sweep, now: Instant) -> Result<Due, Option<EndReason>> {
    match sweep.next(now) {
        Next::Wait(_) => Err(None),
        Next::Done(ended) => Err(Some(ended)),
        Next::Probe { index, tries } => Ok(Due {
            index,
            canary: 0,
            // A listener answers two quick tries from one port, but no third.
            turn: u16::from(tries.saturating_sub(1)) / 2,
        }),
        Next::Canary(canary) => Ok(Due {
            index: canary.index,
            canary: u32::from(canary.id) << 16 | super::core::CANARY,
            turn: canary.id,
        }),
    }
}
