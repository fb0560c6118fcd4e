//! A connect scan half done, as a checkpoint, and taken up again.
//!
//! It must not know files.

use alloc::string::String;
use alloc::vec::Vec;

use super::{ConnectScan, Stage};
use crate::checkpoint::{self, Checkpoint};
use crate::host_table::HostTable;
use crate::time::Instant;

impl ConnectScan {
    /// How far the scan is, for a file; `notes` are given back by a resume.
    pub fn checkpoint(&self, now: Instant, notes: Vec<String>) -> Checkpoint {
        let mut checkpoint = Checkpoint::of(&self.plan, notes);
        let progress = match &self.stage {
            Stage::Ports { sweep, host_table } => {
                let states = Vec::from([sweep.state(now)]);
                Some(self.results.progress(states, host_table, now))
            }
            _ if self.window > 0 => {
                let nobody = HostTable::all(self.plan.local.targets.slice(0, 0));
                Some(self.results.progress(Vec::new(), &nobody, now))
            }
            _ => None,
        };
        checkpoint.progress = progress.map(|progress| checkpoint::Progress {
            window: self.window,
            ..progress
        });
        checkpoint
    }

    /// Takes up where an earlier run of the same plan stopped; false if the checkpoint is of another plan.
    /// To be called before anything else.
    pub fn resume(&mut self, now: Instant, checkpoint: Checkpoint) -> bool {
        if !checkpoint.fits(&self.plan) {
            return false;
        }
        let Some(progress) = checkpoint.joined().progress else {
            return true;
        };
        let Some(host_table) = progress.host_table(&self.plan) else {
            return false;
        };
        self.results.events.clear();
        self.results.resume(&progress, &host_table, &self.plan);
        self.window = progress.window;
        if progress.sweeps.is_empty() {
            self.begin_window(now);
            return true;
        }
        self.scan_ports(now, host_table, None);
        self.sweep()
            .is_some_and(|s| s.resume(now, progress.sweeps).is_some())
    }
}
