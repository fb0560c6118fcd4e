//! Detects overloads that were only a stall, and takes them back.
//!
//! A rate above the capacity builds a growing queue and loses more and more probes until the rate falls. If later
//! probes at the same rate meet neither queue nor loss, the cause was a stall of this machine, of the target or of
//! cross traffic. Startup then continues at that rate. The module does not know how queues and losses are detected.

use super::epoch::Epoch;
use super::{Mode, Pacer};
use crate::time::Instant;

/// Number of consecutive epochs without queue and loss that disprove an overload.
const CLEAR_EPOCHS: u8 = 2;

/// The epoch that ended startup.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overload {
    start: Instant,
    rate: f64,
    /// Capacity known before, in probes per second.
    capacity: Option<f64>,
    /// Whether the path was known before to lose probes at any rate.
    path_is_lossy: bool,
    /// Number of epochs since then without queue and loss.
    clear_epochs: u8,
}

impl Overload {
    pub(super) fn new(epoch: &Epoch, capacity: Option<f64>, path_is_lossy: bool) -> Overload {
        Overload {
            start: epoch.start,
            rate: epoch.rate,
            capacity,
            path_is_lossy,
            clear_epochs: 0,
        }
    }
}

impl Pacer {
    /// Whether `epoch` completes the proof that there was no overload. If so, startup continues at its rate.
    pub(super) fn disproves_overload(
        &mut self,
        now: Instant,
        epoch: &Epoch,
        losing: bool,
        queueing: bool,
    ) -> bool {
        let Some(overload) = &mut self.overload else {
            return false;
        };
        let same = epoch.mode == Mode::Startup
            && (epoch.rate - overload.rate).abs() < 0.01 * overload.rate;
        if !same || epoch.start <= overload.start || !epoch.measures_queue() {
            return false;
        }
        if losing {
            self.overload = None;
            return false;
        }
        overload.clear_epochs = if queueing || !epoch.full() {
            0
        } else {
            overload.clear_epochs + 1
        };
        if overload.clear_epochs < CLEAR_EPOCHS {
            return false;
        }
        let Overload {
            rate,
            capacity,
            path_is_lossy,
            ..
        } = *overload;
        self.overload = None;
        self.path_is_lossy = path_is_lossy;
        self.capacity = capacity;
        self.last_queue = 0;
        self.mode = Mode::Startup;
        self.set_rate(now, rate);
        true
    }
}
