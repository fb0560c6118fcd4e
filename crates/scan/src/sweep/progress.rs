//! Progress of a sweep, for display.

use core::time::Duration;

use super::Sweep;
use crate::event::Progress;

impl Sweep {
    /// Returns the progress of the sweep. The caller counts open ports.
    pub fn progress(&self, open: u64, discovering: bool) -> Progress {
        let rate = self.pacer.rate();
        let probes = if self.round == 0 {
            self.ledger.len()
        } else {
            self.ledger.unanswered()
        } as f64;
        let left = (1.0 - self.done()) * probes;
        let eta = Duration::try_from_secs_f64(left / rate.max(1.0)).ok();
        Progress {
            done: self.done(),
            rate,
            sent: self.counts.sent,
            loss_rate: self.loss.rate(),
            eta,
            round: self.round + 1,
            open,
            discovering,
            udp: false,
        }
    }

    /// Returns the completed share of the present round, 0..1.
    pub fn done(&self) -> f64 {
        if self.ledger.is_empty() {
            1.0
        } else {
            self.cursor as f64 / self.ledger.len() as f64
        }
    }
}
