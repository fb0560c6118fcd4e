//! Resolves the hardware addresses of the routers that the kernel does not know.
//!
//! A router is a neighbour: the same routes, one hop shorter. Targets behind a router that does not answer cannot be
//! probed. They are reported, and the scan is not complete.

use alloc::vec::Vec;

use vigie_scope::Host;
use vigie_scope::target::Range;
use vigie_wire::MacAddr;
use vigie_wire::frame::Frame;

use super::host_discovery::{HostReply, read_reply};
use super::{begin_window, is_stopped, next_probe, wake};
use crate::discovery::{DiscoveryMode, HostSweep};
use crate::egress::Egress;
use crate::engine::core::{Core, Probe};
use crate::engine::phase::{AnyPhase, Phase, Poll};
use crate::engine::phases::over::Over;
use crate::engine::{Ingress, Purpose, Transmit};
use crate::event::{EndReason, Event, Progress, Warning};
use crate::plan::NextHop;
use crate::probe::Kind;
use crate::target::{Segment, TargetSet};
use crate::time::Instant;

/// Resolution of router addresses.
#[derive(Debug)]
pub(in crate::engine) struct RouterResolution {
    search: HostSweep,
    /// The routes as they are for a target on the link.
    egresses: Vec<Egress>,
}

impl RouterResolution {
    /// Resolves the routers whose address is unknown; without any, begins with the hosts.
    pub(in crate::engine) fn begin(core: &mut Core, now: Instant) -> AnyPhase {
        let mut segments: Vec<Segment> = Vec::new();
        let unresolved = core.egresses.iter().enumerate();
        for (i, egress) in unresolved.filter(|(_, e)| e.needs_gateway()) {
            let NextHop::Gateway(ip) = egress.route.hop else {
                continue;
            };
            // The link is the zone: the same address may name two routers on two links.
            let range = Range::single(ip, egress.route.link);
            if segments.iter().all(|s| s.range != range) {
                segments.push(Segment {
                    range,
                    route: i as u32,
                });
            }
        }
        if segments.is_empty() {
            return begin_window(core, now);
        }
        let egresses = core.egresses_on_link();
        let search = HostSweep::new(
            TargetSet::new(segments),
            &egresses,
            DiscoveryMode::Addresses,
            &[],
            core.plan.spec.seed,
            core.caps(),
            core.deadline,
        );
        AnyPhase::RouterResolution(RouterResolution { search, egresses })
    }
}

impl Phase for RouterResolution {
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        match read_reply(core, &mut self.search, &self.egresses, now, from, frame)? {
            HostReply::Canary(known) => known.then_some(()),
            HostReply::Found(_) => Some(()),
        }
    }

    fn on_timeout(&mut self, now: Instant) {
        self.search.sweep.on_timeout(now);
    }

    fn poll_transmit(&mut self, core: &mut Core, now: Instant, slot: &mut [u8]) -> Poll<Transmit> {
        loop {
            let due = match next_probe(&mut self.search.sweep, now) {
                Ok(due) => due,
                Err(ended) => return ended.map_or(Poll::Wait, Poll::Done),
            };
            let (host, route, _) = self.search.host_table.at(due.index);
            let probe = Probe {
                host,
                mac: MacAddr::ZERO,
                route,
                kind: Kind::NEIGHBOUR,
                port: 0,
                canary: due.canary,
                turn: due.turn,
                purpose: Purpose::Host,
                takes_user_flags: false,
            };
            if let Some(sent) = core.write(&probe, slot) {
                return Poll::Send(sent);
            }
        }
    }

    fn wake(&mut self, _: &Core, now: Instant) -> Option<Instant> {
        Some(wake(&mut self.search.sweep, now))
    }

    fn stop(&mut self, _: &mut Core, now: Instant, why: EndReason) -> Option<EndReason> {
        self.search.sweep.stop(now, why);
        Some(why)
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        core.results.add(self.search.sweep.counts());
        for up in self.search.into_up() {
            let (ip, link) = (up.found.host.ip, up.found.host.zone);
            let same =
                |e: &&mut Egress| e.route.link == link && e.route.hop == NextHop::Gateway(ip);
            let routes = core.egresses.iter_mut().filter(same);
            routes.for_each(|e| e.gateway = Some(up.mac));
        }
        if is_stopped(ended) {
            core.close(now, ended);
            return AnyPhase::Over(Over);
        }
        drop_unreachable(core, now)
    }

    fn progress(&self, core: &Core) -> Progress {
        self.search.sweep.progress(core.results.open, true)
    }
}

/// Drops the targets behind routers that did not answer, and begins with the hosts.
fn drop_unreachable(core: &mut Core, now: Instant) -> AnyPhase {
    let dead: Vec<u32> = (0..core.egresses.len() as u32)
        .filter(|i| core.egresses[*i as usize].needs_gateway())
        .collect();
    if !dead.is_empty() {
        let segments = core.plan.local.targets.segments().iter();
        let (lost, left): (Vec<Segment>, Vec<Segment>) =
            segments.partition(|s| dead.contains(&s.route));
        let mut routers: Vec<Host> = Vec::new();
        for egress in dead.iter().map(|i| &core.egresses[*i as usize]) {
            if let NextHop::Gateway(ip) = egress.route.hop
                && routers.iter().all(|router| router.ip != ip)
            {
                routers.push(Host::new(ip));
            }
        }
        for host in routers {
            let warning = Warning::Unresolved { host };
            core.results.events.push_back(Event::Warning(warning));
        }
        core.results.unreachable(&TargetSet::new(lost));
        core.plan.local.targets = TargetSet::new(left);
        if core.plan.local.targets.is_empty() {
            core.close(now, EndReason::Failed);
            return AnyPhase::Over(Over);
        }
    }
    let resumed = core.resumed.take();
    let phase = resumed.and_then(|progress| core.resume_ports(now, progress));
    phase.unwrap_or_else(|| begin_window(core, now))
}
