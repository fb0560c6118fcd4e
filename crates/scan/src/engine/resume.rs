//! Turns a running scan into a checkpoint, and continues one from a checkpoint.
//!
//! A resumed scan starts at a safe rate, and first probes the ports that had answered (they are its canaries), because
//! what it retries first was silent and would reveal nothing about the path. This file must not know files.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Scan;
use super::core::Core;
use super::phase::{AnyPhase, Phase, PhaseState};
use super::phases::begin_window;
use super::phases::connect_ports::ConnectPorts;
use super::phases::ports::Ports;
use crate::checkpoint::{Checkpoint, Progress};
use crate::time::Instant;
use crate::udp::Context;

impl Scan {
    /// Returns a checkpoint of the scan. A resumed scan gets `notes` back.
    pub fn checkpoint(&self, now: Instant, notes: Vec<String>) -> Checkpoint {
        let core = &self.core;
        let mut checkpoint = Checkpoint::of(&core.plan, notes);
        if let Some(resumed) = &core.resumed {
            // The state of the earlier run is not in use yet.
            checkpoint.progress = Some(resumed.clone());
            return checkpoint;
        }
        let no_hosts = core.no_hosts();
        let state = match self.phase.state(now) {
            Some(mut state) => {
                // Partitions that are about to be handed to other senders belong to none of them yet.
                let split_offs = core.split_offs.iter().map(|part| part.state(now));
                state.sweeps.extend(split_offs);
                state
            }
            // The hosts of a later window are being discovered.
            None if core.window > 0 => PhaseState {
                sweeps: Vec::new(),
                hosts: &no_hosts,
                udp: None,
            },
            None => return checkpoint,
        };
        let context = Context {
            plan: &core.plan,
            egresses: &core.egresses,
            cookies: &core.cookies,
        };
        let udp = state.udp.map(|udp| Box::new(udp.state(&context, now)));
        checkpoint.progress = Some(Progress {
            window: core.window,
            udp: udp.or_else(|| core.udp_resumed.clone()),
            ..core.results.progress(state.sweeps, state.hosts, now)
        });
        checkpoint
    }

    /// Continues where an earlier run of the same plan stopped. Call it before anything else. Returns whether the
    /// checkpoint fits the plan.
    #[must_use]
    pub fn resume(&mut self, now: Instant, checkpoint: Checkpoint) -> bool {
        if !checkpoint.fits(&self.core.plan) {
            return false;
        }
        let checkpoint = if self.core.is_by_connections() {
            checkpoint.joined()
        } else {
            checkpoint
        };
        let Some(progress) = checkpoint.progress else {
            return true;
        };
        if matches!(self.phase, AnyPhase::RouterResolution(_)) {
            self.core.resumed = Some(progress);
            return true;
        }
        self.core.results.events.clear();
        match self.core.resume_ports(now, progress) {
            Some(phase) => self.phase = phase,
            None => return false,
        }
        true
    }
}

impl Core {
    /// Continues with the ports where the checkpoint left them; `None` if its state does not fit the plan.
    pub(super) fn resume_ports(&mut self, now: Instant, progress: Progress) -> Option<AnyPhase> {
        let hosts = progress.host_table(&self.plan)?;
        self.results.resume(&progress, &hosts, &self.plan);
        self.window = progress.window;
        self.udp_resumed = progress.udp;
        if progress.sweeps.is_empty() {
            return Some(begin_window(self, now));
        }
        let mut phase = if self.is_by_connections() {
            ConnectPorts::begin(self, now, hosts, None)
        } else {
            Ports::begin(self, now, hosts, None)
        };
        if let Some(sweep) = phase.port_sweep_mut() {
            self.split_offs = sweep.resume(now, progress.sweeps)?;
            return Some(phase);
        }
        let goes_on = matches!(phase, AnyPhase::UdpPorts(_) | AnyPhase::RateLimitProbing(_));
        goes_on.then_some(phase)
    }
}
