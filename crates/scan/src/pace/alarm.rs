//! What ended startup, and whether it was the path.
//!
//! A pace above the capacity makes a queue that grows, and loses more and more, until the pace falls. If what was sent
//! at the same pace after the alarm met neither, somebody was held up for a moment: this machine, the target, or
//! another's traffic. This file must not know how a queue or a loss is seen.

use super::epoch::Epoch;
use super::{Mode, Pacer};
use crate::time::Instant;

/// So many epochs in a row without either prove that it was none.
const CALM: u8 = 2;

/// The epoch that ended startup.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alarm {
    began: Instant,
    rate: f64,
    /// The capacity that was known before.
    capacity: Option<f64>,
    /// Whether the path was known to lose what is sent slowly.
    path_loses: bool,
    /// Epochs since without either.
    calm: u8,
}

impl Alarm {
    pub(super) fn new(epoch: &Epoch, capacity: Option<f64>, path_loses: bool) -> Alarm {
        Alarm {
            began: epoch.start,
            rate: epoch.rate,
            capacity,
            path_loses,
            calm: 0,
        }
    }
}

impl Pacer {
    /// Whether `epoch` is the last proof that the alarm was a false one. Then startup goes on where it was.
    pub(super) fn is_all_clear(
        &mut self,
        now: Instant,
        epoch: &Epoch,
        losing: bool,
        queueing: bool,
    ) -> bool {
        let Some(alarm) = &mut self.alarm else {
            return false;
        };
        let same =
            epoch.mode == Mode::Startup && (epoch.rate - alarm.rate).abs() < 0.01 * alarm.rate;
        if !same || epoch.start <= alarm.began || !epoch.tells_of_queue() {
            return false;
        }
        if losing {
            self.alarm = None;
            return false;
        }
        alarm.calm = if queueing || !epoch.full() {
            0
        } else {
            alarm.calm + 1
        };
        if alarm.calm < CALM {
            return false;
        }
        let Alarm {
            rate,
            capacity,
            path_loses,
            ..
        } = *alarm;
        self.alarm = None;
        self.path_loses = path_loses;
        self.capacity = capacity;
        self.last_queue = 0;
        self.mode = Mode::Startup;
        self.set_rate(now, rate);
        true
    }
}
