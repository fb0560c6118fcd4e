//! One scan divided among several senders, and joined again to be told of.
//!
//! Each part has source ports of its own, so that its answers find it; all share the
//! order of the probes, so that no probe is made twice. This file must not know
//! threads.

use alloc::vec::Vec;

use super::{Scan, Stage};
use crate::egress::Egress;
use crate::event::EndReason;
use crate::loss::Loss;
use crate::sweep::{Partitions, Sweep, WorkItem};
use crate::time::Instant;

impl Scan {
    /// How many probes were never sent and could be given to others.
    pub fn untouched(&self) -> u64 {
        match &self.stage {
            Stage::Ports { sweep, .. } => sweep.never_sent(),
            _ => 0,
        }
    }

    /// The present pace of the ports' sweep, in probes a second; 0 where it is another stage's turn.
    pub fn pace(&self) -> f64 {
        match &self.stage {
            Stage::Ports { sweep, .. } => sweep.pacer().rate(),
            _ => 0.0,
        }
    }

    /// How many parts an earlier run had given to others: they must be given to others now.
    pub fn split_offs(&self) -> usize {
        self.split_offs.len()
    }

    /// Gives parts of what is still to be done to new scans, one for each of `source_ports` (as many
    /// as there are [`Scan::split_offs`], where there are any), each the first of so many as the plan has.
    /// From now on this scan does its own part only; once all are over, [`Scan::join`] tells of the whole.
    ///
    /// # Panics
    /// If ports are not being scanned: see [`Scan::untouched`] and [`Scan::split_offs`].
    pub fn split(&mut self, now: Instant, source_ports: &[u16]) -> Vec<Scan> {
        let split_offs = core::mem::take(&mut self.split_offs);
        let Stage::Ports { sweep, host_table } = &mut self.stage else {
            panic!("only a scan of ports is divided");
        };
        let sweeps = if split_offs.is_empty() {
            sweep.split(now, source_ports.len() as u32)
        } else {
            split_offs
        };
        let host_table = host_table.clone();
        self.is_partition = true;
        let part = |(sweep, port): (Sweep, &u16)| {
            let stage = Stage::Ports {
                sweep,
                host_table: host_table.clone(),
            };
            self.part(stage, *port)
        };
        sweeps.into_iter().zip(source_ports).map(part).collect()
    }

    /// Whether other parts may still give this one some of their work, once it has sent all of its own. It
    /// does not turn to its retries before that.
    pub fn expect_donations(&mut self, expected: bool) {
        if let Stage::Ports { sweep, .. } = &mut self.stage {
            sweep.expect_donations(expected);
        }
    }

    /// Whether it has nothing left to send for the first time, and hopes for more.
    pub fn needs_work(&self) -> bool {
        matches!(&self.stage, Stage::Ports { sweep, .. } if sweep.needs_work())
    }

    /// Gives away about half of what it has never sent; none if that is fewer than `least` probes.
    pub fn donate_work(&mut self, least: u64) -> Option<WorkItem> {
        match &mut self.stage {
            Stage::Ports { sweep, .. } => sweep.donate_work(least),
            _ => None,
        }
    }

    /// Takes what another part has given, because this one said that it [`Scan::needs_work`].
    pub fn accept_work(&mut self, work: WorkItem) {
        // Its time may have ended meanwhile: then it tells that they were never sent.
        if let Stage::Ports { sweep, .. } | Stage::Swept { sweep, .. } = &mut self.stage {
            sweep.accept_work(work);
        }
    }

    fn part(&self, stage: Stage, source_port: u16) -> Scan {
        let mut plan = self.plan.clone();
        plan.local.source_port = source_port;
        let egress = |old: &Egress| {
            let fitted = "the same probes fitted the same route before";
            let mut egress = Egress::new(old.route.clone(), source_port).expect(fitted);
            if let Some(flags) = plan.spec.tcp_flags() {
                egress = egress
                    .with_flags(self.technique, flags, source_port)
                    .expect(fitted);
            }
            egress.gateway = old.gateway;
            egress
        };
        Scan {
            egresses: self.egresses.iter().map(egress).collect(),
            cookies: self.cookies.clone(),
            technique: self.technique,
            port_index: self.port_index.clone(),
            results: self.results.split_off(),
            started: self.started,
            deadline: self.deadline,
            resumed: None,
            udp_resumed: None,
            is_partition: true,
            split_offs: Vec::new(),
            rtt_coverage: self.rtt_coverage.clone(),
            claims: Vec::new(),
            first_rtt: self.first_rtt,
            window: self.window,
            path_estimates: None,
            halt: None,
            plan,
            stage,
        }
    }

    /// Puts the parts together again and begins to tell of the whole. All of them must be over.
    pub fn join(&mut self, now: Instant, others: Vec<Scan>) {
        let mut sweeps = Vec::new();
        let mut ended = EndReason::Complete;
        let mut of = |stage: Stage| match stage {
            Stage::Swept {
                sweep,
                host_table,
                ended: why,
            } => {
                ended = ended.worse(why);
                sweeps.push(sweep);
                Some(host_table)
            }
            _ => None,
        };
        let host_table = of(core::mem::replace(&mut self.stage, Stage::Over));
        for other in others {
            of(other.stage);
            self.results.absorb(other.results);
        }
        self.is_partition = false;
        if let (Some(host_table), Some(parts)) = (host_table, Partitions::join(sweeps)) {
            self.prove(now, parts, host_table, ended);
        }
    }

    /// What this scan's ports have shown of the paths, for the other parts.
    pub fn evidence(&self) -> Option<&Loss> {
        match &self.stage {
            Stage::Ports { sweep, .. } | Stage::Swept { sweep, .. } => Some(sweep.own_loss()),
            _ => None,
        }
    }

    /// What the other parts have seen of the paths so far.
    pub fn on_evidence(&mut self, elsewhere: Loss) {
        if let Stage::Ports { sweep, .. } = &mut self.stage {
            sweep.set_peer_loss(elsewhere);
        }
    }
}
