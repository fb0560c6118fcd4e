//! The end: nothing is sent any more, and only events remain.

use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase};
use crate::event::EndReason;
use crate::time::Instant;

/// The scan is over.
#[derive(Debug)]
pub(in crate::engine) struct Over;

impl Phase for Over {
    fn wake(&mut self, core: &Core, now: Instant) -> Option<Instant> {
        let done = core.connections.is_empty() && core.results.events.is_empty();
        (!done).then_some(now)
    }

    fn stop(&mut self, _: &mut Core, _: Instant, _: EndReason) -> Option<EndReason> {
        None
    }

    fn finish(self, _: &mut Core, _: Instant, _: EndReason) -> AnyPhase {
        AnyPhase::Over(self)
    }

    fn is_summary(&self) -> bool {
        true
    }
}
