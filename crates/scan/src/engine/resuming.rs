//! A scan half done as a checkpoint, and one taken up from it.
//!
//! This file must not know files, nor what the stages do.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Scan, Stage};
use crate::checkpoint::Checkpoint;
use crate::host_table::HostTable;
use crate::time::Instant;
use crate::udp::Context;

impl Scan {
    /// How far the scan is, for a file; `notes` are given back by a resume.
    pub fn checkpoint(&self, now: Instant, notes: Vec<String>) -> Checkpoint {
        let mut checkpoint = Checkpoint::of(&self.plan, notes);
        let ports = match &self.stage {
            Stage::Ports { sweep, host_table }
            | Stage::Swept {
                sweep, host_table, ..
            } => {
                // Partitions that others are about to be given are none of theirs yet.
                let parts = core::iter::once(sweep).chain(&self.split_offs);
                Some((parts.map(|part| part.state(now)).collect(), host_table))
            }
            // The TCP ports are done.
            Stage::Udp(stage) => Some((stage.sweep.states(now), &stage.host_table)),
            // All ports are done; the ways begin anew.
            Stage::Routes(routes) => Some((routes.sweep.states(now), &routes.host_table)),
            Stage::RateLimitProber(stage) => Some((stage.sweep.states(now), &stage.host_table)),
            _ => None,
        };
        checkpoint.progress = match ports {
            Some((sweeps, host_table)) => Some(self.results.progress(sweeps, host_table, now)),
            // Its turn has not come yet.
            None if self.resumed.is_some() => self.resumed.clone(),
            // The hosts of a later window are being looked for.
            None if self.window > 0 => {
                let nobody = HostTable::all(self.plan.local.targets.slice(0, 0));
                Some(self.results.progress(Vec::new(), &nobody, now))
            }
            None => None,
        };
        if self.resumed.is_none()
            && let Some(progress) = &mut checkpoint.progress
        {
            progress.window = self.window;
            let context = Context {
                plan: &self.plan,
                egresses: &self.egresses,
                cookies: &self.cookies,
            };
            let udp = match &self.stage {
                Stage::Udp(stage) => Some(&stage.scan),
                Stage::Routes(routes) => routes.udp.as_deref(),
                _ => None,
            };
            let state = udp.map(|udp| Box::new(udp.state(&context, now)));
            progress.udp = state.or_else(|| self.udp_resumed.clone());
        }
        checkpoint
    }

    /// Takes up where an earlier run of the same plan stopped; false if the checkpoint is of another plan.
    /// To be called before anything else.
    pub fn resume(&mut self, now: Instant, checkpoint: Checkpoint) -> bool {
        if !checkpoint.fits(&self.plan) {
            return false;
        }
        self.resumed = checkpoint.progress;
        // Where no router must be found first, the ports are at hand.
        if !matches!(self.stage, Stage::Gateways(_)) && self.resumed.is_some() {
            self.results.events.clear();
            return self.resume_ports(now);
        }
        true
    }

    /// Goes on with the ports where the checkpoint left them.
    pub(super) fn resume_ports(&mut self, now: Instant) -> bool {
        let Some(progress) = self.resumed.take() else {
            return true;
        };
        let Some(host_table) = progress.host_table(&self.plan) else {
            return false;
        };
        self.results.resume(&progress, &host_table, &self.plan);
        self.window = progress.window;
        self.udp_resumed = progress.udp;
        if progress.sweeps.is_empty() {
            self.look_for_hosts(now);
            return true;
        }
        self.scan_ports(now, host_table, None);
        let sweep = match &mut self.stage {
            Stage::Ports { sweep, .. } => sweep,
            Stage::Udp(_) | Stage::RateLimitProber(_) => return true,
            _ => return false,
        };
        match sweep.resume(now, progress.sweeps) {
            Some(split_offs) => self.split_offs = split_offs,
            None => return false,
        }
        true
    }
}
