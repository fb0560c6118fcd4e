//! From one stage to the next: routers, hosts, ports, the telling.
//!
//! This file must not read frames.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::time::Duration;

use vigie_packet::layers::tcp::Flags;

use super::{ProofStage, Scan, Stage, UdpStage};
use crate::discovery::{Asking, HostSweep};
use crate::event::{Event, RoundsEnd, Warning};
use crate::finding::{Host, PortState};
use crate::heard::Heard;
use crate::lane::Lane;
use crate::pace::Caps;
use crate::plan::{Discovery, NextHop, Technique};
use crate::probe::Kind;
use crate::proofs::{self, Proofs};
use crate::roster::Roster;
use crate::sweep::{Bounds, Parts, Sweep};
use crate::target::{Range, Segment, TargetSet};
use crate::tell::Unkept;
use crate::time::Instant;
use crate::udp::{Context, UdpScan};

impl Scan {
    pub(super) fn caps(&self) -> Caps {
        Caps {
            max: self.plan.budget.max_rate,
            min: self.plan.budget.min_rate,
            per_host: self
                .plan
                .budget
                .max_host_rate
                .map(|most| (most, self.plan.ports.len() as u64)),
            ..Caps::default()
        }
    }

    pub(super) fn look_for_gateways(&mut self, now: Instant) {
        let mut segments: Vec<Segment> = Vec::new();
        for (i, lane) in self
            .lanes
            .iter()
            .enumerate()
            .filter(|(_, l)| l.needs_gateway())
        {
            let NextHop::Gateway(ip) = lane.route.hop else {
                continue;
            };
            // The link as zone: the same address may name two routers on two links.
            let range = Range::single(ip, lane.route.link);
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
        // To reach a router is to reach a neighbour: the same lanes, one hop shorter.
        let lanes = self.lanes_on_link();
        let search = HostSweep::new(
            TargetSet::new(segments),
            &lanes,
            Asking::Addresses,
            &[],
            self.plan.seed,
            self.caps(),
            self.deadline,
        );
        self.stage = Stage::Gateways(search);
    }

    /// The lanes as they are for a target on the link.
    pub(super) fn lanes_on_link(&self) -> Vec<Lane> {
        let shorter = |lane: &Lane| {
            let mut lane = lane.clone();
            if matches!(lane.route.hop, NextHop::Gateway(_)) {
                lane.route.hop = NextHop::OnLink;
            }
            lane
        };
        self.lanes.iter().map(shorter).collect()
    }

    pub(super) fn look_for_hosts(&mut self, now: Instant) {
        let asking = match self.plan.discovery {
            Discovery::Ask => Asking::All,
            Discovery::AssumeUp => Asking::Addresses,
        };
        let targets = self.plan.window(self.window);
        if asking == Asking::Addresses && !self.lanes.iter().any(Lane::on_link) {
            self.results.hosts_up += targets.len();
            self.scan_ports(now, Roster::all(targets), None);
            return;
        }
        let search = HostSweep::new(
            targets,
            &self.lanes,
            asking,
            &self.plan.questions,
            self.plan.seed,
            self.caps(),
            self.deadline,
        );
        for up in search.up() {
            self.results.events.push_back(Event::Host(up.found));
        }
        self.results.hosts_up += search.up().len() as u64;
        self.stage = Stage::Hosts(search);
    }

    pub(super) fn scan_ports(&mut self, now: Instant, roster: Roster, rtt: Option<Duration>) {
        self.first_rtt = rtt;
        let budget = &self.plan.budget;
        let mut caps = self.caps();
        // Most protocols answer with errors, which hosts limit: they say nothing about the pace, and to ask again
        // at once brings nothing. The proofs ask again.
        let protocols = self.technique == Kind::IP_PROTOCOL;
        if protocols {
            let rate = crate::udp::ask_rate(&self.lanes, budget, roster.len());
            (caps.max, caps.min) = (Some(rate), Some(rate));
        }
        let bounds = Bounds {
            caps,
            max_tries: if protocols { 1 } else { budget.max_tries },
            miss: 1.0 - budget.confidence,
            until: self.plan.budget.end_of_hosts(now, self.deadline),
            first_wait: crate::rtt::INITIAL,
            patience: roster.patience(|route| self.lanes[route as usize].route.local),
            kernel_retries: false,
        };
        let n = roster.len() * self.plan.ports.len() as u64;
        self.heard = Heard::new(roster.len(), bounds.miss);
        // Each window has an order of its own; that of the first is the scan's.
        let seed = self.plan.seed ^ self.window.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut sweep = Sweep::part(n, self.plan.shard, seed, bounds, rtt);
        if let Some(legacy) = self.legacy.take() {
            sweep.inherit(now, &legacy);
        }
        sweep.watch_hosts(self.plan.ports.len() as u64);
        if self.plan.technique == Technique::Syn {
            match self.plan.flags {
                None => sweep.expect_listeners(self.plan.source_ports),
                // The segment that the user's flags make goes from one port.
                Some(flags) if flags.contains(Flags::SYN) => sweep.expect_listeners(1),
                Some(_) => {}
            }
        }
        if protocols {
            sweep.spare_canaries();
        }
        self.stage = Stage::Ports { sweep, roster };
        if n == 0 {
            self.next_stage(now, RoundsEnd::Sure);
        }
    }

    /// Hosts that limit their resets are asked again in step with them, where there are such.
    pub(super) fn prove(&mut self, now: Instant, sweep: Parts, roster: Roster, ended: RoundsEnd) {
        let budget = &self.plan.budget;
        let rates = [budget.max_rate, budget.max_host_rate];
        let bounds = proofs::Bounds {
            budget: budget.proofs,
            until: budget.end_of_hosts(now, self.deadline),
            rate: rates.into_iter().flatten().reduce(f64::min),
            miss: 1.0 - budget.confidence,
            seed: self.plan.seed,
            protocols: self.technique == Kind::IP_PROTOCOL,
            hosts: roster.len(),
        };
        let Some(mut proofs) = Proofs::new(now, &sweep, &self.plan.ports, bounds) else {
            self.scan_udp(now, sweep, roster, ended);
            return;
        };
        let early = ended.is_early();
        if early {
            proofs.stop(ended);
        }
        self.stage = Stage::Proofs(Box::new(ProofStage {
            proofs: Box::new(proofs),
            roster,
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
        sweep: Parts,
        roster: Roster,
        ended: RoundsEnd,
    ) {
        let Some(udp) = self.plan.udp.as_ref() else {
            self.trace_or_tell(now, sweep, roster, ended, None);
            return;
        };
        let rtt = sweep.smoothed().or(self.first_rtt);
        let until = self.plan.budget.end_of_hosts(now, self.deadline);
        let context = Context {
            plan: &self.plan,
            lanes: &self.lanes,
            cookies: &self.cookies,
        };
        let mut scan = UdpScan::new(&context, udp, &roster, until, rtt, now);
        if let Some(state) = self.udp_resumed.take()
            && !scan.take_up(&context, &roster, &mut self.results, now, *state)
        {
            // Of another plan after all: it begins anew.
            scan = UdpScan::new(&context, udp, &roster, until, rtt, now);
        }
        if is_early(ended) {
            scan.stop(&context, now, ended);
        }
        self.stage = Stage::Udp(Box::new(UdpStage {
            scan,
            roster,
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
        sweep: Parts,
        roster: Roster,
        ended: RoundsEnd,
        udp: Option<Box<UdpScan>>,
    ) {
        if self.plan.traceroute && !is_early(ended) {
            self.trace_routes(now, sweep, roster, ended, udp);
        } else {
            self.tell(now, sweep, roster, ended, udp);
        }
    }

    /// Everything was asked: what became of the ports is told.
    pub(super) fn tell(
        &mut self,
        now: Instant,
        sweep: Parts,
        roster: Roster,
        ended: RoundsEnd,
        udp: Option<Box<UdpScan>>,
    ) {
        let unkept = Unkept {
            silent: self.technique.probe().silence(),
            unproven: if self.technique == Kind::SYN {
                // Nobody limits a SYN/ACK: it is not open.
                PortState::ClosedFiltered
            } else {
                PortState::Unknown
            },
            miss: 1.0 - self.plan.budget.confidence,
            negative: self.technique.probe().common(),
        };
        let telling = self
            .results
            .tell(sweep, roster, ended, unkept, &self.plan, now);
        self.stage = Stage::Telling(Box::new(telling.with_udp(udp)));
    }

    /// The present sweep is over: what comes next?
    pub(super) fn next_stage(&mut self, now: Instant, ended: RoundsEnd) {
        let stopped = is_early(ended);
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Gateways(search) => {
                self.results.add(search.sweep.counts());
                for up in search.into_up() {
                    let (ip, link) = (up.found.host.ip, up.found.host.zone);
                    let same =
                        |l: &&mut Lane| l.route.link == link && l.route.hop == NextHop::Gateway(ip);
                    self.lanes
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
                    self.scan_ports(now, Roster::only(targets, up), rtt);
                }
            }
            Stage::Ports { sweep, roster } if self.parted => {
                self.settle_claims(&sweep, &roster);
                self.stage = Stage::Swept {
                    sweep,
                    roster,
                    ended,
                };
            }
            Stage::Ports { sweep, roster } => {
                self.settle_claims(&sweep, &roster);
                let heirs = core::mem::take(&mut self.heirs);
                let parts = core::iter::once(sweep).chain(heirs).collect();
                if let Some(parts) = Parts::of(parts) {
                    self.prove(now, parts, roster, ended);
                }
            }
            Stage::Proofs(stage) => {
                let ProofStage {
                    proofs,
                    roster,
                    sweep,
                    ended: before,
                } = *stage;
                self.results.add_proofs(&proofs);
                // What the one round of questions left open the proofs have settled, or not.
                let ended = if is_early(ended) || proofs.are_protocols() && !is_early(before) {
                    ended
                } else {
                    before
                };
                self.scan_udp(now, sweep.with_proofs(Some(proofs)), roster, ended);
            }
            Stage::Udp(stage) => {
                let UdpStage {
                    scan,
                    roster,
                    sweep,
                    ended: before,
                } = *stage;
                self.results.add_udp(&scan);
                let ended = if is_early(before) { before } else { ended };
                self.trace_or_tell(now, sweep, roster, ended, Some(Box::new(scan)));
            }
            other => self.stage = other,
        }
    }

    /// All of a window is told: begins the next one, or closes the scan. Whether another one follows.
    pub(super) fn end_window(&mut self, now: Instant) -> bool {
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Telling(telling) => {
                let (parts, ended) = telling.into_parts();
                self.follow(now, parts, ended)
            }
            other => {
                self.stage = other;
                false
            }
        }
    }

    /// A window is over, for this reason: begins the next one, or closes the scan.
    fn follow(&mut self, now: Instant, parts: Parts, ended: RoundsEnd) -> bool {
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
                RoundsEnd::MaxTime
            };
            self.stage = Stage::Over;
            self.results.close(Some(&parts), ended, &self.plan, now);
            return false;
        }
        self.results.window_over(&parts, ended);
        self.legacy = Some(Box::new(parts.legacy()));
        // The memory is given back before the next window takes as much.
        drop(parts);
        self.window += 1;
        self.look_for_hosts(now);
        true
    }

    /// Targets behind a router that does not answer cannot be probed: that is told, and the scan is not complete.
    pub(super) fn drop_unreachable(&mut self, now: Instant) {
        let dead: Vec<u32> = (0..self.lanes.len() as u32)
            .filter(|i| self.lanes[*i as usize].needs_gateway())
            .collect();
        if !dead.is_empty() {
            let (lost, left): (Vec<Segment>, Vec<Segment>) = self
                .plan
                .targets
                .segments()
                .iter()
                .partition(|s| dead.contains(&s.route));
            let mut routers: Vec<Host> = Vec::new();
            for lane in dead.iter().map(|i| &self.lanes[*i as usize]) {
                if let NextHop::Gateway(ip) = lane.route.hop
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
            self.plan.targets = TargetSet::new(left);
            if self.plan.targets.is_empty() {
                self.end(now, RoundsEnd::Failed);
                return;
            }
        }
        if self.resumed.is_none() || !self.resume(now) {
            self.look_for_hosts(now);
        }
    }

    /// Ends a scan that never came to ports.
    fn end(&mut self, now: Instant, ended: RoundsEnd) {
        self.stage = Stage::Over;
        self.results.close(None, ended, &self.plan, now);
    }
}

/// Whether what comes next is not begun any more.
fn is_early(ended: RoundsEnd) -> bool {
    matches!(
        ended,
        RoundsEnd::Interrupted | RoundsEnd::MaxTime | RoundsEnd::Failed
    )
}
