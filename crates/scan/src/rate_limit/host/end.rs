//! The results of a host: its ports, its limiter, and a sample of the ports that were not reached.
//!
//! This file must not decide what is sent.

use alloc::vec::Vec;

use super::{HostProber, LOSS_PRIOR, MAX_TRAINS, MIN_TRAINS};
use crate::ledger::Reply;
use crate::rate_limit::limiter::Limiter;
use crate::rate_limit::port_cell::{PortCell, PortOutcome};
use crate::rate_limit::sample::Sample;
use crate::time::Instant;

impl HostProber {
    /// Tests ports again that were taken as silent when fewer losses were known.
    pub(crate) fn recheck(&mut self, loss: f64, settings: &super::Settings) {
        let needed = self.needed(loss, settings.miss);
        let needs_more = |cell: &PortCell| {
            cell.reply() == Reply::None && cell.has(PortCell::TRIED) && cell.evidence() < needed
        };
        let cells = (0u32..).zip(&self.cells);
        self.suspects = cells
            .filter(|(_, cell)| needs_more(cell))
            .map(|(port, _)| port)
            .collect();
    }

    /// Returns the result of the port at `port`.
    pub(crate) fn outcome(&self, port: u32, loss: f64, miss: f64) -> PortOutcome {
        let cell = self.cells[port as usize];
        match cell.reply() {
            Reply::None => {}
            reply => return PortOutcome::Answered(reply),
        }
        if cell.evidence() >= self.needed(loss, miss) {
            PortOutcome::Silent(cell.evidence())
        } else if !cell.has(PortCell::PROBED) {
            PortOutcome::NotProbed
        } else if self.unresponsive {
            PortOutcome::Unresponsive
        } else {
            PortOutcome::Unproven
        }
    }

    /// Returns what the random sample says about the ports that were not reached.
    pub(crate) fn sample(&self) -> Option<Sample> {
        let candidates = self
            .cells
            .iter()
            .filter(|c| c.has(PortCell::CANDIDATE))
            .count() as u64;
        let (mut drawn, mut closed) = (0, 0);
        for position in 0..self.next_sample {
            let cell = self.cells[self.order.index(position) as usize];
            if cell.has(PortCell::CANDIDATE) {
                drawn += 1;
                closed += u64::from(cell.reply() == Reply::Negative);
            }
        }
        Sample::new(candidates, drawn, closed)
    }

    /// Number of errors that came at once when the ports were first probed; `None` if nothing limits them.
    pub(crate) fn burst(&self) -> Option<u32> {
        let limited = self.channels.iter().any(Limiter::limits);
        (limited && self.burst.1 > 0).then_some(self.burst.1)
    }

    /// Errors per second that the limiters let through, for all our source addresses together; `None` if nothing
    /// limits them.
    pub(crate) fn tokens(&self, now: Instant) -> Option<f64> {
        let each: Vec<f64> = self
            .channels
            .iter()
            .filter_map(|c| c.measured(now))
            .collect();
        (!each.is_empty()).then(|| each.iter().sum())
    }

    /// Number of candidates without a result.
    pub(crate) fn left(&self, loss: f64, miss: f64) -> u64 {
        let needed = self.needed(loss, miss);
        let open = |c: &&PortCell| c.reply() == Reply::None && c.evidence() < needed;
        self.cells.iter().filter(open).count() as u64
    }

    /// Probability that a probe or its answer is lost.
    pub(crate) fn lost(&self, loss: f64) -> f64 {
        let own = (self.loss_evidence.0 as f64 + LOSS_PRIOR.0)
            / ((self.loss_evidence.0 + self.loss_evidence.1) as f64 + LOSS_PRIOR.1);
        own.max(loss).clamp(1e-3, 0.9)
    }

    /// Probability that a port is closed although it was silent in `trains` trains.
    pub(crate) fn miss_probability(&self, loss: f64, trains: u8) -> f64 {
        libm::pow(self.false_silence(loss), f64::from(trains))
    }

    /// Probability that a closed port is silent in a train whose control answers.
    fn false_silence(&self, loss: f64) -> f64 {
        self.lost(loss).max(self.risk)
    }

    /// Number of trains in which a port must be silent before its silence is believed.
    pub(crate) fn needed(&self, loss: f64, miss: f64) -> u8 {
        let needed = libm::ceil(libm::log(miss) / libm::log(self.false_silence(loss)));
        // One more than losses require: on a path with jitter a control may overtake its train and take the token.
        (needed as u8)
            .saturating_add(1)
            .clamp(MIN_TRAINS, MAX_TRAINS)
    }
}
