//! One scan split among several senders, and joined again to be reported.
//!
//! Each partition has its own source ports, so that its replies find it. All share the order of the probes, so no probe
//! is sent twice. Partitions have the same size but not the same speed: one that has sent everything takes half of the
//! unsent probes of another ([`Scan::donate_work`], [`Scan::accept_work`]). Work moves only between partitions
//! that have written the same number of checkpoints, so each probe is in exactly one of them. This file must not know
//! threads.

use alloc::vec::Vec;

use super::Scan;
use super::phase::{AnyPhase, Phase};
use super::phases::over::Over;
use super::phases::partition_wait::PartitionWait;
use super::phases::ports::Ports;
use super::phases::rate_limit::RateLimitProbing;
use crate::event::EndReason;
use crate::loss::Loss;
use crate::sweep::{Partitions, Sweep, WorkItem};
use crate::time::Instant;

impl Scan {
    /// Number of probes that were never sent and could be given to other senders.
    pub fn untouched(&self) -> u64 {
        self.phase.port_sweep().map_or(0, Sweep::never_sent)
    }

    /// Current rate of the port sweep in probes per second; 0 in other phases.
    pub fn pace(&self) -> f64 {
        let sweep = self.phase.port_sweep();
        sweep.map_or(0.0, |sweep| sweep.pacer().rate())
    }

    /// Number of partitions that an earlier run had split off. They must be split off again.
    pub fn split_offs(&self) -> usize {
        self.core.split_offs.len()
    }

    /// Splits what is left to do among new scans, one for each of `source_ports` (as many as there are
    /// [`Scan::split_offs`], if there are any). Each number is the first of as many source ports as the plan has. This
    /// scan then does only its own part; once all are over, [`Scan::join`] reports the whole.
    ///
    /// # Panics
    /// If ports are not being scanned: see [`Scan::untouched`] and [`Scan::split_offs`].
    pub fn split(&mut self, now: Instant, source_ports: &[u16]) -> Vec<Scan> {
        let split_offs = core::mem::take(&mut self.core.split_offs);
        let AnyPhase::Ports(ports) = &mut self.phase else {
            panic!("only a scan of ports can be split");
        };
        let sweeps = if split_offs.is_empty() {
            ports.split(now, source_ports.len() as u32)
        } else {
            split_offs
        };
        let hosts = ports.hosts().clone();
        self.core.is_partition = true;
        let part = |(sweep, port): (Sweep, &u16)| Scan {
            core: self.core.partition(*port),
            phase: Ports::of_partition(sweep, hosts.clone()),
        };
        sweeps.into_iter().zip(source_ports).map(part).collect()
    }

    /// Says whether other partitions may still donate work. While they may, a partition that has sent everything does
    /// not begin its retries.
    pub fn expect_donations(&mut self, expected: bool) {
        if let Some(sweep) = self.phase.port_sweep_mut() {
            sweep.expect_donations(expected);
        }
    }

    /// Whether every probe was sent once, and more work is welcome.
    pub fn needs_work(&self) -> bool {
        self.phase.port_sweep().is_some_and(Sweep::needs_work)
    }

    /// Gives away about half of the probes that were never sent; `None` if that is fewer than `least`.
    pub fn donate_work(&mut self, least: u64) -> Option<WorkItem> {
        self.phase.port_sweep_mut()?.donate_work(least)
    }

    /// Takes what another partition has donated, after [`Scan::needs_work`] returned true.
    pub fn accept_work(&mut self, work: WorkItem) {
        // If the time of this partition is over by now, it reports the probes as never sent.
        let sweep = match &mut self.phase {
            AnyPhase::PartitionWait(wait) => Some(&mut wait.sweep),
            phase => phase.port_sweep_mut(),
        };
        if let Some(sweep) = sweep {
            sweep.accept_work(work);
        }
    }

    /// Joins the partitions and begins to report the whole. All of them must be over.
    pub fn join(&mut self, now: Instant, others: Vec<Scan>) {
        let mut sweeps = Vec::new();
        let mut ended = EndReason::Complete;
        let mut take = |phase: AnyPhase| {
            let AnyPhase::PartitionWait(wait) = phase else {
                return None;
            };
            let PartitionWait {
                sweep,
                hosts,
                ended: why,
            } = wait;
            ended = ended.worse(why);
            sweeps.push(sweep);
            Some(hosts)
        };
        let hosts = take(core::mem::replace(&mut self.phase, AnyPhase::Over(Over)));
        for other in others {
            take(other.phase);
            self.core.results.absorb(other.core.results);
        }
        self.core.is_partition = false;
        if let (Some(hosts), Some(parts)) = (hosts, Partitions::join(sweeps)) {
            self.phase = RateLimitProbing::begin(&mut self.core, now, parts, hosts, ended);
        }
    }

    /// Returns the evidence on loss that this partition has gathered, for the other partitions.
    pub fn evidence(&self) -> Option<&Loss> {
        let sweep = match &self.phase {
            AnyPhase::PartitionWait(wait) => Some(&wait.sweep),
            phase => phase.port_sweep(),
        };
        sweep.map(Sweep::own_loss)
    }

    /// Takes the evidence on loss that the other partitions have gathered.
    pub fn on_evidence(&mut self, elsewhere: Loss) {
        if let Some(sweep) = self.phase.port_sweep_mut() {
            sweep.set_peer_loss(elsewhere);
        }
    }
}
