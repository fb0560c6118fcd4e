//! From one stage to the next: routers, hosts, ports, the summary.
//!
//! This file must not read frames.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::time::Duration;

use vigie_wire::tcp::Flags;

use super::{ProofStage, Scan, Stage, UdpStage};
use crate::discovery::{Asking, HostSweep};
use crate::egress::Egress;
use crate::event::{EndReason, Event, Warning};
use crate::finding::PortState;
use crate::host_table::HostTable;
use crate::pace::Caps;
use crate::plan::{Discovery, NextHop, Technique};
use crate::probe::Kind;
use crate::rate_limit_probing::{self, RateLimitProber};
use crate::rtt_coverage::RttCoverage;
use crate::summary::DefaultVerdicts;
use crate::sweep::{Bounds, Partitions, Sweep};
use crate::target::{Segment, TargetSet};
use crate::time::Instant;
use crate::udp::{Context, UdpScan};
use vigie_scope::Host;
use vigie_scope::target::Range;

impl Scan {
    pub(super) fn caps(&self) -> Caps {
        Caps {
            max: self.plan.spec.budget.max_rate,
            min: self.plan.spec.budget.min_rate,
            per_host: self
                .plan
                .spec
                .budget
                .max_host_rate
                .map(|most| (most, self.plan.spec.tcp_ports().len() as u64)),
            ..Caps::default()
        }
    }

    pub(super) fn look_for_gateways(&mut self, now: Instant) {
        let mut segments: Vec<Segment> = Vec::new();
        for (i, egress) in self
            .egresses
            .iter()
            .enumerate()
            .filter(|(_, l)| l.needs_gateway())
        {
            let NextHop::Gateway(ip) = egress.route.hop else {
                continue;
            };
            // The link as zone: the same address may name two routers on two links.
            let range = Range::single(ip, egress.route.link);
            if segments.iter().all(|s| s.range != range) {
                segments.push(Segment {
                    range,
                    route: i as u32,
                });
            }
        }
        if segments.is_empty() {
            self.look_for_hosts(now);
            return;
        }
        // To reach a router is to reach a neighbour: the same egresses, one hop shorter.
        let egresses = self.egresses_on_link();
        let search = HostSweep::new(
            TargetSet::new(segments),
            &egresses,
            Asking::Addresses,
            &[],
            self.plan.spec.seed,
            self.caps(),
            self.deadline,
        );
        self.stage = Stage::Gateways(search);
    }

    /// The egresses as they are for a target on the link.
    pub(super) fn egresses_on_link(&self) -> Vec<Egress> {
        let shorter = |egress: &Egress| {
            let mut egress = egress.clone();
            if matches!(egress.route.hop, NextHop::Gateway(_)) {
                egress.route.hop = NextHop::OnLink;
            }
            egress
        };
        self.egresses.iter().map(shorter).collect()
    }

    pub(super) fn look_for_hosts(&mut self, now: Instant) {
        let asking = match self.plan.spec.discovery {
            Discovery::Ask => Asking::All,
            Discovery::AssumeUp => Asking::Addresses,
        };
        let targets = self.plan.window(self.window);
        if asking == Asking::Addresses && !self.egresses.iter().any(Egress::on_link) {
            self.results.hosts_up += targets.len();
            self.scan_ports(now, HostTable::all(targets), None);
            return;
        }
        let search = HostSweep::new(
            targets,
            &self.egresses,
            asking,
            &self.plan.spec.discovery_probes,
            self.plan.spec.seed,
            self.caps(),
            self.deadline,
        );
        for up in search.up() {
            self.results.events.push_back(Event::Host(up.found));
        }
        self.results.hosts_up += search.up().len() as u64;
        self.stage = Stage::Hosts(search);
    }

    pub(super) fn scan_ports(
        &mut self,
        now: Instant,
        host_table: HostTable,
        rtt: Option<Duration>,
    ) {
        self.first_rtt = rtt;
        let budget = &self.plan.spec.budget;
        let mut caps = self.caps();
        // Most protocols answer with errors, which hosts limit: they say nothing about the pace, and to ask again
        // at once brings nothing. The proofs ask again.
        let protocols = self.technique == Kind::IP_PROTOCOL;
        if protocols {
            let rate = crate::udp::ask_rate(&self.egresses, budget, host_table.len());
            (caps.max, caps.min) = (Some(rate), Some(rate));
        }
        let bounds = Bounds {
            caps,
            max_tries: if protocols { 1 } else { budget.max_tries },
            miss: 1.0 - budget.confidence,
            until: self.plan.spec.budget.end_of_hosts(now, self.deadline),
            first_wait: crate::rtt::INITIAL,
            patience: host_table.patience(|route| self.egresses[route as usize].route.local),
            kernel_retries: false,
        };
        let n = host_table.len() * self.plan.spec.tcp_ports().len() as u64;
        self.rtt_coverage = RttCoverage::new(host_table.len(), bounds.miss);
        // Each window has an order of its own; that of the first is the scan's.
        let seed = self.plan.spec.seed ^ self.window.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut sweep = Sweep::shard(n, self.plan.spec.shard, seed, bounds, rtt);
        if let Some(path_estimates) = self.path_estimates.take() {
            sweep.apply_estimates(now, &path_estimates);
        }
        sweep.monitor_hosts(self.plan.spec.tcp_ports().len() as u64);
        if self.plan.spec.technique() == Technique::Syn {
            match self.plan.spec.tcp_flags() {
                None => sweep.expect_listeners(self.plan.local.source_ports),
                // The segment that the user's flags make goes from one port.
                Some(flags) if flags.contains(Flags::SYN) => sweep.expect_listeners(1),
                Some(_) => {}
            }
        }
        if protocols {
            sweep.disable_canaries();
        }
        self.stage = Stage::Ports { sweep, host_table };
        if n == 0 {
            self.next_stage(now, EndReason::Complete);
        }
    }

    /// Hosts that limit their resets are asked again in step with them, where there are such.
    pub(super) fn prove(
        &mut self,
        now: Instant,
        sweep: Partitions,
        host_table: HostTable,
        ended: EndReason,
    ) {
        let budget = &self.plan.spec.budget;
        let rates = [budget.max_rate, budget.max_host_rate];
        let bounds = rate_limit_probing::Bounds {
            budget: budget.rate_limit_probing,
            until: budget.end_of_hosts(now, self.deadline),
            rate: rates.into_iter().flatten().reduce(f64::min),
            miss: 1.0 - budget.confidence,
            seed: self.plan.spec.seed,
            protocols: self.technique == Kind::IP_PROTOCOL,
            hosts: host_table.len(),
        };
        let Some(mut proofs) =
            RateLimitProber::new(now, &sweep, self.plan.spec.tcp_ports(), bounds)
        else {
            self.scan_udp(now, sweep, host_table, ended);
            return;
        };
        let early = ended.is_early();
        if early {
            proofs.stop(ended);
        }
        self.stage = Stage::RateLimitProber(Box::new(ProofStage {
            proofs: Box::new(proofs),
            host_table,
            sweep,
            ended,
        }));
        if early {
            self.next_stage(now, ended);
        }
    }

    /// The UDP ports' turn, where there are such; `sweep` knows the TCP ports.
    pub(super) fn scan_udp(
        &mut self,
        now: Instant,
        sweep: Partitions,
        host_table: HostTable,
        ended: EndReason,
    ) {
        let Some(udp) = self.plan.spec.udp.as_ref() else {
            self.trace_or_tell(now, sweep, host_table, ended, None);
            return;
        };
        let rtt = sweep.smoothed().or(self.first_rtt);
        let until = self.plan.spec.budget.end_of_hosts(now, self.deadline);
        let context = Context {
            plan: &self.plan,
            egresses: &self.egresses,
            cookies: &self.cookies,
        };
        let mut scan = UdpScan::new(&context, udp, &host_table, until, rtt, now);
        if let Some(state) = self.udp_resumed.take()
            && !scan.resume(&context, &host_table, &mut self.results, now, *state)
        {
            // Of another plan after all: it begins anew.
            scan = UdpScan::new(&context, udp, &host_table, until, rtt, now);
        }
        if is_early(ended) {
            scan.stop(&context, now, ended);
        }
        self.stage = Stage::Udp(Box::new(UdpStage {
            scan,
            host_table,
            sweep,
            ended,
        }));
        if is_early(ended) {
            self.next_stage(now, ended);
        }
    }

    /// The ports are done: the ways to their hosts come next where they are asked for.
    fn trace_or_tell(
        &mut self,
        now: Instant,
        sweep: Partitions,
        host_table: HostTable,
        ended: EndReason,
        udp: Option<Box<UdpScan>>,
    ) {
        if self.plan.spec.traceroute && !is_early(ended) {
            self.trace_routes(now, sweep, host_table, ended, udp);
        } else {
            self.tell(now, sweep, host_table, ended, udp);
        }
    }

    /// Everything was asked: what became of the ports is told.
    pub(super) fn tell(
        &mut self,
        now: Instant,
        sweep: Partitions,
        host_table: HostTable,
        ended: EndReason,
        udp: Option<Box<UdpScan>>,
    ) {
        let defaults = DefaultVerdicts {
            silent: self.technique.probe().silence(),
            unproven: if self.technique == Kind::SYN {
                // Nobody limits a SYN/ACK: it is not open.
                PortState::ClosedFiltered
            } else {
                PortState::Unknown
            },
            miss: 1.0 - self.plan.spec.budget.confidence,
            negative: self.technique.probe().common(),
        };
        let summary = self
            .results
            .tell(sweep, host_table, ended, defaults, &self.plan, now);
        self.stage = Stage::Summary(Box::new(summary.with_udp(udp)));
    }

    /// The present sweep is over: what comes next?
    pub(super) fn next_stage(&mut self, now: Instant, ended: EndReason) {
        let stopped = is_early(ended);
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Gateways(search) => {
                self.results.add(search.sweep.counts());
                for up in search.into_up() {
                    let (ip, link) = (up.found.host.ip, up.found.host.zone);
                    let same = |l: &&mut Egress| {
                        l.route.link == link && l.route.hop == NextHop::Gateway(ip)
                    };
                    self.egresses
                        .iter_mut()
                        .filter(same)
                        .for_each(|l| l.gateway = Some(up.mac));
                }
                if stopped {
                    self.end(now, ended);
                } else {
                    self.drop_unreachable(now);
                }
            }
            Stage::Hosts(search) => {
                self.results.add(search.sweep.counts());
                let rtt = search.sweep.rtt().smoothed();
                let numbers: Vec<u64> = search.up().iter().map(|u| u.target).collect();
                let targets = self.plan.window(self.window);
                self.results
                    .missing(&targets, &numbers, search.down(), stopped, &self.plan);
                let up = search.into_up();
                let last = self.window + 1 >= self.plan.windows();
                if stopped || last && up.is_empty() {
                    self.end(now, ended);
                } else {
                    self.scan_ports(now, HostTable::only(targets, up), rtt);
                }
            }
            Stage::Ports { sweep, host_table } if self.is_partition => {
                self.settle_claims(&sweep, &host_table);
                self.stage = Stage::Swept {
                    sweep,
                    host_table,
                    ended,
                };
            }
            Stage::Ports { sweep, host_table } => {
                self.settle_claims(&sweep, &host_table);
                let split_offs = core::mem::take(&mut self.split_offs);
                let parts = core::iter::once(sweep).chain(split_offs).collect();
                if let Some(parts) = Partitions::join(parts) {
                    self.prove(now, parts, host_table, ended);
                }
            }
            Stage::RateLimitProber(stage) => {
                let ProofStage {
                    proofs,
                    host_table,
                    sweep,
                    ended: before,
                } = *stage;
                self.results.add_proofs(&proofs);
                // What the one round of probes left open the proofs have settled, or not.
                let ended = if is_early(ended) || proofs.are_protocols() && !is_early(before) {
                    ended
                } else {
                    before
                };
                self.scan_udp(now, sweep.with_proofs(Some(proofs)), host_table, ended);
            }
            Stage::Udp(stage) => {
                let UdpStage {
                    scan,
                    host_table,
                    sweep,
                    ended: before,
                } = *stage;
                self.results.add_udp(&scan);
                let ended = if is_early(before) { before } else { ended };
                self.trace_or_tell(now, sweep, host_table, ended, Some(Box::new(scan)));
            }
            other => self.stage = other,
        }
    }

    /// All of a window is told: begins the next one, or closes the scan. Whether another one follows.
    pub(super) fn end_window(&mut self, now: Instant) -> bool {
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Summary(summary) => {
                let (parts, ended) = summary.into_parts();
                self.follow(now, parts, ended)
            }
            other => {
                self.stage = other;
                false
            }
        }
    }

    /// A window is over, for this reason: begins the next one, or closes the scan.
    fn follow(&mut self, now: Instant, parts: Partitions, ended: EndReason) -> bool {
        let last = self.window + 1 >= self.plan.windows();
        // A stop that comes when all is done has nothing to stop.
        let ended = match self.halt {
            Some(halt) if !last => halt.worse(ended),
            _ => ended,
        };
        if last || is_early(ended) || now >= self.deadline {
            let ended = if last || is_early(ended) {
                ended
            } else {
                EndReason::MaxTime
            };
            self.stage = Stage::Over;
            self.results.close(Some(&parts), ended, &self.plan, now);
            return false;
        }
        self.results.window_over(&parts, ended);
        self.path_estimates = Some(Box::new(parts.path_estimates()));
        // The memory is given back before the next window takes as much.
        drop(parts);
        self.window += 1;
        self.look_for_hosts(now);
        true
    }

    /// Targets behind a router that does not answer cannot be probed: that is told, and the scan is not complete.
    pub(super) fn drop_unreachable(&mut self, now: Instant) {
        let dead: Vec<u32> = (0..self.egresses.len() as u32)
            .filter(|i| self.egresses[*i as usize].needs_gateway())
            .collect();
        if !dead.is_empty() {
            let (lost, left): (Vec<Segment>, Vec<Segment>) = self
                .plan
                .local
                .targets
                .segments()
                .iter()
                .partition(|s| dead.contains(&s.route));
            let mut routers: Vec<Host> = Vec::new();
            for egress in dead.iter().map(|i| &self.egresses[*i as usize]) {
                if let NextHop::Gateway(ip) = egress.route.hop
                    && routers.iter().all(|router| router.ip != ip)
                {
                    routers.push(Host::new(ip));
                }
            }
            for host in routers {
                self.results
                    .events
                    .push_back(Event::Warning(Warning::Unresolved { host }));
            }
            self.results.unreachable(&TargetSet::new(lost));
            self.plan.local.targets = TargetSet::new(left);
            if self.plan.local.targets.is_empty() {
                self.end(now, EndReason::Failed);
                return;
            }
        }
        if self.resumed.is_none() || !self.resume_ports(now) {
            self.look_for_hosts(now);
        }
    }

    /// Ends a scan that never came to ports.
    fn end(&mut self, now: Instant, ended: EndReason) {
        self.stage = Stage::Over;
        self.results.close(None, ended, &self.plan, now);
    }
}

/// Whether what comes next is not begun any more.
fn is_early(ended: EndReason) -> bool {
    matches!(
        ended,
        EndReason::Interrupted | EndReason::MaxTime | EndReason::Failed
    )
}
