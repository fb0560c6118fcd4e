//! Which ports of a host are probed next: fresh ports one by one, silent ports in trains.
//!
//! This file must not judge what the answers prove.

use alloc::vec::Vec;
use core::time::Duration;

use super::{
    Flight, HostProber, LONG_TRAIN, LONG_TRAIN_RATE, MAX_IN_FLIGHT, MAX_TOKEN_RISK, ProbeAttempt,
    SHORT_TRAIN, Settings, TEST_EVERY, TOKENS_BEFORE_TRAIN, TRAIN, Target, Train,
};
use crate::ledger::Reply;
use crate::max_probes::{PROBING_PER_HOST, PROBING_PER_PORT};
use crate::rate_limit::port_cell::PortCell;
use crate::time::Instant;

impl HostProber {
    /// Appends the probes to send on `channel` now to `out`. Returns when to call again, or `None` if nothing is left
    /// to do. With `closing`, no new port is tried.
    pub(crate) fn attempt(
        &mut self,
        now: Instant,
        channel: u8,
        closing: bool,
        loss: f64,
        settings: &Settings,
        out: &mut Vec<ProbeAttempt>,
    ) -> Option<Instant> {
        self.judge(now, loss, settings);
        let lost = self.lost(loss);
        self.channels[usize::from(channel)].expect_loss(lost);
        let ceiling = PROBING_PER_PORT * self.cells.len() as u64 + PROBING_PER_HOST;
        if self.is_unresponsive(now) || self.attempts >= ceiling {
            self.over = true;
        }
        if self.over {
            return None;
        }
        let fast = self.channels[usize::from(channel)].rate() >= LONG_TRAIN_RATE;
        let full = if fast { LONG_TRAIN } else { TRAIN };
        // The train must be short enough that probably no token comes while it passes. Pauses leave tokens unused, so
        // use the highest measured rate.
        let tokens = self.channels[usize::from(channel)].measured(now);
        self.fastest = self.fastest.max(tokens.unwrap_or(0.0));
        let meanwhile = settings.spread * self.fastest;
        let full = full.min(((MAX_TOKEN_RISK / meanwhile.max(1e-9)) as usize).max(SHORT_TRAIN));
        let room = self.in_flight.len() + self.suspects.len() < self.max_unsettled(channel);
        let due = self.since_train >= TEST_EVERY && !self.suspects.is_empty();
        if self.suspects.len() < full
            && !due
            && room
            && !closing
            && let Some(port) = self.next_fresh(settings)
        {
            self.since_train += 1;
            self.attempts += 1;
            self.last = now;
            return Some(self.single(now, channel, port, out));
        }
        if self.suspects.is_empty() {
            // Probes in flight may come back as suspects.
            let waits = self.due.front().map(|d| d.0);
            let trains = self.trains.front().map(|t| t.due);
            let next = [waits, trains].into_iter().flatten().min();
            if next.is_none() {
                self.recheck(loss, settings);
            }
            if self.suspects.is_empty() {
                self.over |= next.is_none();
                return next.map(|at| at.max(now + Duration::from_millis(1)));
            }
        }
        if settings.spread > 0.0 && self.fastest > 0.0 {
            // Wait until a token is there when the train starts.
            let rested =
                self.last + Duration::from_secs_f64((TOKENS_BEFORE_TRAIN / self.fastest).min(2.0));
            if now < rested {
                return Some(rested);
            }
        }
        self.last = now;
        let before = out.len();
        let next = self.train(now, channel, full, fast, settings, out);
        self.attempts += (out.len() - before) as u64;
        Some(next)
    }

    /// Maximum number of ports that were tried and not settled: the probes in flight, and a train. If the scan is
    /// stopped, the sample counts these ports as not closed.
    fn max_unsettled(&self, channel: u8) -> usize {
        let wait = self.rtt.timeout().as_secs_f64() + 0.05;
        let in_flight = self.channels[usize::from(channel)].rate() * wait * 1.5;
        (in_flight as usize).clamp(TRAIN, MAX_IN_FLIGHT)
    }

    fn single(
        &mut self,
        now: Instant,
        channel: u8,
        port: u32,
        out: &mut Vec<ProbeAttempt>,
    ) -> Instant {
        self.cells[port as usize].0 |= PortCell::TRIED | PortCell::PROBED;
        let flight = Flight {
            sent: now,
            channel,
            train: None,
        };
        self.in_flight.insert(port, flight);
        self.due.push_back((now + self.rtt.timeout(), port));
        out.push(ProbeAttempt {
            channel,
            to: Target::Port(port),
            number: 0,
        });
        self.channels[usize::from(channel)].sent(now, 1)
    }

    fn train(
        &mut self,
        now: Instant,
        channel: u8,
        full: usize,
        fast: bool,
        settings: &Settings,
        out: &mut Vec<ProbeAttempt>,
    ) -> Instant {
        let id = self.next_train;
        self.next_train += 1;
        self.since_train = 0;
        let number = id as u8 & 15;
        let ports: Vec<u32> = self
            .suspects
            .drain(..full.min(self.suspects.len()))
            .collect();
        for port in &ports {
            let flight = Flight {
                sent: now,
                channel,
                train: Some(id),
            };
            self.in_flight.insert(*port, flight);
            self.cells[*port as usize].0 |= PortCell::TRIED | PortCell::PROBED;
            out.push(ProbeAttempt {
                channel,
                to: Target::Port(*port),
                number,
            });
        }
        let control = self.next_control(id, settings);
        out.push(ProbeAttempt {
            channel,
            to: Target::Control(control),
            number,
        });
        let cost = if fast { ports.len() as u32 + 1 } else { 1 };
        self.trains.push_back(Train {
            id,
            channel,
            sent: now,
            due: now + self.rtt.timeout(),
            ports,
            control,
            reached: 0,
            first: 0,
        });
        self.channels[usize::from(channel)].sent(now, cost)
    }

    /// Returns a port known to be closed, or a high port that probably is; a different one each time.
    fn next_control(&mut self, id: u32, settings: &Settings) -> u16 {
        if let Some(port) = self.controls.pop_front() {
            self.controls.push_back(port);
            return port;
        }
        let mut state = settings.seed ^ u64::from(id);
        let Some(range) = &settings.controls else {
            let place = crate::order::splitmix(&mut state) % settings.ports.len() as u64;
            return settings.ports[place as usize];
        };
        let (first, many) = (*range.start(), range.len() as u64);
        let mut any = || first + (crate::order::splitmix(&mut state) % many) as u16;
        // Prefer a port that is not scanned. After 16 attempts to find one, use any.
        for _ in 0..16 {
            let port = any();
            if settings.index[usize::from(port)] == u32::MAX {
                return port;
            }
        }
        any()
    }

    /// Returns the next port to try for the first time: alternately a useful port and one of the random sample.
    fn next_fresh(&mut self, settings: &Settings) -> Option<u32> {
        self.sample_turn = !self.sample_turn;
        if !self.sample_turn
            && let Some(port) = self.next_useful(settings)
        {
            return Some(port);
        }
        while self.next_sample < self.order.len() {
            let port = self.order.index(self.next_sample) as u32;
            self.next_sample += 1;
            if self.is_fresh(port) {
                return Some(port);
            }
        }
        self.next_useful(settings)
    }

    fn next_useful(&mut self, settings: &Settings) -> Option<u32> {
        while let Some(port) = settings.useful.get(self.next_useful) {
            self.next_useful += 1;
            if self.is_fresh(*port) {
                return Some(*port);
            }
        }
        None
    }

    fn is_fresh(&self, port: u32) -> bool {
        let cell = self.cells[port as usize];
        cell.reply() == Reply::None && !cell.has(PortCell::TRIED)
    }
}
