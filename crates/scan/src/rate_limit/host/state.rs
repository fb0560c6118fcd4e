//! What a checkpoint stores of one host.
//!
//! This file must not know files or other hosts.

use alloc::vec::Vec;
use core::time::Duration;

use super::{HostProber, MAX_CONTROLS};
use crate::checkpoint::codec::{DecodeError, Reader, Writer};
use crate::rate_limit::limiter::LimiterState;
use crate::rate_limit::port_cell::PortCell;
use crate::time::Instant;

/// State that continues in another run. Probes in flight are sent again, and times start from zero.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HostState {
    cells: Vec<u8>,
    controls: Vec<u16>,
    channels: Vec<LimiterState>,
    rtt: Option<Duration>,
    errors: u64,
    burst: Option<u32>,
    next_train: u32,
    dry_trains: u32,
    next_sample: u64,
    next_useful: u64,
    sample_turn: bool,
    fastest: f64,
    loss_evidence: (u64, u64),
    unresponsive: bool,
    over: bool,
    attempts: u64,
}

impl HostProber {
    /// Returns the state that continues in another run.
    pub(crate) fn state(&self, now: Instant) -> HostState {
        HostState {
            cells: self.cells.iter().map(|cell| cell.0).collect(),
            controls: self.controls.iter().copied().collect(),
            channels: self.channels.iter().map(|c| c.state(now)).collect(),
            rtt: self.rtt.smoothed(),
            errors: self.errors,
            burst: self.burst.0.map(|_| self.burst.1),
            next_train: self.next_train,
            dry_trains: self.dry_trains,
            next_sample: self.next_sample,
            next_useful: self.next_useful as u64,
            sample_turn: self.sample_turn,
            fastest: self.fastest,
            loss_evidence: self.loss_evidence,
            unresponsive: self.unresponsive,
            over: self.over,
            attempts: self.attempts,
        }
    }

    /// Continues with `state`. Returns false if it belongs to another host.
    pub(crate) fn resume(&mut self, now: Instant, state: HostState) -> bool {
        let fits = state.cells.len() == self.cells.len()
            && state.channels.len() == self.channels.len()
            && state.controls.len() <= 2 * MAX_CONTROLS
            && state.next_sample <= self.order.len();
        if !fits {
            return false;
        }
        self.cells = state.cells.into_iter().map(PortCell).collect();
        self.controls = state.controls.into();
        for (channel, state) in self.channels.iter_mut().zip(state.channels) {
            channel.resume(now, state);
        }
        if let Some(rtt) = state.rtt {
            self.rtt.sample(rtt);
        }
        self.errors = state.errors;
        self.burst_over = state.burst.is_some();
        self.burst.1 = state.burst.unwrap_or(0);
        (self.next_train, self.dry_trains) = (state.next_train, state.dry_trains);
        self.next_sample = state.next_sample;
        self.next_useful = state.next_useful as usize;
        self.sample_turn = state.sample_turn;
        (self.fastest, self.loss_evidence) = (state.fastest, state.loss_evidence);
        (self.unresponsive, self.over) = (state.unresponsive, state.over);
        self.attempts = state.attempts;
        true
    }
}

impl HostState {
    pub(crate) fn encode(&self, w: &mut Writer) {
        w.bytes(&self.cells);
        w.list(self.controls.iter(), |w, port| w.u16(*port));
        w.list(self.channels.iter(), |w, channel| channel.encode(w));
        w.option(self.rtt, |w, d| w.u64(d.as_nanos() as u64));
        w.u64(self.errors);
        w.option(self.burst, Writer::u32);
        w.u32(self.next_train);
        w.u32(self.dry_trains);
        w.u64(self.next_sample);
        w.u64(self.next_useful);
        w.u8(u8::from(self.sample_turn));
        w.f64(self.fastest);
        w.u64(self.loss_evidence.0);
        w.u64(self.loss_evidence.1);
        w.u8(u8::from(self.unresponsive));
        w.u8(u8::from(self.over));
        w.u64(self.attempts);
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<HostState, DecodeError> {
        Ok(HostState {
            cells: r.bytes()?.to_vec(),
            controls: r.list(Reader::u16)?,
            channels: r.list(LimiterState::decode)?,
            rtt: r.option(|r| r.u64().map(Duration::from_nanos))?,
            errors: r.u64()?,
            burst: r.option(Reader::u32)?,
            next_train: r.u32()?,
            dry_trains: r.u32()?,
            next_sample: r.u64()?,
            next_useful: r.u64()?,
            sample_turn: r.variant(&[false, true])?,
            fastest: r.finite()?,
            loss_evidence: (r.u64()?, r.u64()?),
            unresponsive: r.variant(&[false, true])?,
            over: r.variant(&[false, true])?,
            attempts: r.u64()?,
        })
    }
}
