//! How far a sweep is, for who watches.
//!
//! This file must not decide anything.

use core::time::Duration;

use super::Sweep;
use crate::event::Progress;

impl Sweep {
    /// How far the sweep is, with the number of open ports that the caller counts.
    pub fn progress(&self, open: u64, discovering: bool) -> Progress {
        let rate = self.pacer.rate();
        let work = if self.round == 0 {
            self.ledger.len()
        } else {
            self.ledger.unanswered()
        } as f64;
        let left = (1.0 - self.done()) * work;
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

    /// The share of the present round that is done, 0..1.
    pub fn done(&self) -> f64 {
        if self.ledger.is_empty() {
            1.0
        } else {
            self.cursor as f64 / self.ledger.len() as f64
        }
    }
}
