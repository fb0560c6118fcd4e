//! Discovers hosts with packets.
//!
//! A reply to any discovery probe shows that a host is up. An ICMP error that the host sends itself shows it too. An
//! error from a router only says that the router does not reach the host.

use alloc::vec::Vec;

use vigie_wire::MacAddr;
use vigie_wire::frame::Frame;
use vigie_wire::quote::Quote;

use super::over::Over;
use super::ports::Ports;
use super::{is_stopped, next_probe, wake};
use crate::discovery::{DiscoveryMode, HostSweep};
use crate::egress::Egress;
use crate::engine::core::{CANARY, Core, Probe};
use crate::engine::phase::{AnyPhase, Phase, Poll};
use crate::engine::{Ingress, Purpose, Transmit};
use crate::event::{EndReason, Event, Progress};
use crate::finding::{HostFinding, Reason};
use crate::host_table::HostTable;
use crate::plan::Discovery;
use crate::probe::{Kind, unreachable};
use crate::time::Instant;

/// Discovery of the hosts of one window.
#[derive(Debug)]
pub(in crate::engine) struct HostDiscovery {
    search: HostSweep,
}

impl HostDiscovery {
    /// Discovers the hosts of the current window; without anything to probe, begins with their ports.
    pub(in crate::engine) fn begin(core: &mut Core, now: Instant) -> AnyPhase {
        let mode = match core.plan.spec.discovery {
            Discovery::Probe => DiscoveryMode::All,
            Discovery::AssumeUp => DiscoveryMode::Addresses,
        };
        let targets = core.plan.window(core.window);
        if mode == DiscoveryMode::Addresses && !core.egresses.iter().any(Egress::on_link) {
            core.results.hosts_up += targets.len();
            return Ports::begin(core, now, HostTable::all(targets), None);
        }
        let search = HostSweep::new(
            targets,
            &core.egresses,
            mode,
            &core.plan.spec.discovery_probes,
            core.plan.spec.seed,
            core.caps(),
            core.deadline,
        );
        for up in search.up() {
            core.results.events.push_back(Event::Host(up.found));
        }
        core.results.hosts_up += search.up().len() as u64;
        AnyPhase::HostDiscovery(HostDiscovery { search })
    }

    /// Interprets an ICMP error about a discovery probe.
    fn on_error(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        let (reason, quoted) = unreachable::read(frame)?;
        let quote = Quote::parse(quoted).ok()?;
        let sender = frame.addresses()?.0;
        let own_port = core.source_port_in(&quote);
        let search = &mut self.search;
        for kind in Kind::all() {
            let Some((port, cookie)) = kind.probe().quoted(&quote, own_port) else {
                continue;
            };
            let Some(index) = search.index_of(quote.dst, from.link, kind, port, &core.egresses)
            else {
                continue;
            };
            if cookie != core.cookie(quote.dst, port, 0) {
                continue;
            }
            if sender == quote.dst {
                let found = search.answered(now, index, reason, frame.ttl(), None);
                if let Some(found) = found {
                    core.results.host_up(found);
                }
            } else if is_host_unreachable(reason) {
                search.unreachable(index, reason);
            }
            return Some(());
        }
        None
    }
}

impl Phase for HostDiscovery {
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        match read_reply(core, &mut self.search, &core.egresses, now, from, frame) {
            Some(HostReply::Canary(known)) => known.then_some(()),
            Some(HostReply::Found(found)) => {
                if let Some(found) = found {
                    core.results.host_up(found);
                }
                Some(())
            }
            None => self.on_error(core, now, from, frame),
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
            let Some((host, route, kind, port)) = self.search.probe(due.index, &core.egresses)
            else {
                continue;
            };
            let probe = Probe {
                host,
                mac: MacAddr::ZERO,
                route,
                kind,
                port,
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
        let search = self.search;
        core.results.add(search.sweep.counts());
        let rtt = search.sweep.rtt().smoothed();
        let numbers: Vec<u64> = search.up().iter().map(|u| u.target).collect();
        let targets = core.plan.window(core.window);
        let stopped = is_stopped(ended);
        core.results
            .missing(&targets, &numbers, search.down(), stopped, &core.plan);
        let up = search.into_up();
        if stopped || core.is_last_window() && up.is_empty() {
            core.close(now, ended);
            return AnyPhase::Over(Over);
        }
        Ports::begin(core, now, HostTable::only(targets, up), rtt)
    }

    fn progress(&self, core: &Core) -> Progress {
        self.search.sweep.progress(core.results.open, true)
    }
}

/// A reply to a discovery probe.
pub(super) enum HostReply {
    /// A reply to a canary, and whether that canary was expected.
    Canary(bool),
    /// The host is up; the finding, if it is new.
    Found(Option<HostFinding>),
}

/// Interprets `frame` as a reply to a probe of `search`.
pub(super) fn read_reply(
    core: &Core,
    search: &mut HostSweep,
    egresses: &[Egress],
    now: Instant,
    from: Ingress,
    frame: &Frame<'_>,
) -> Option<HostReply> {
    let own_port = core.source_port_of(frame);
    for kind in Kind::all() {
        let Some(reply) = kind.probe().answer(frame, own_port) else {
            continue;
        };
        let Some(index) = search.index_of(reply.ip, from.link, kind, reply.port, egresses) else {
            continue;
        };
        if let Some(echoed) = reply.echoed {
            let cookie = |salt| core.cookie(reply.ip, reply.port, salt);
            if echoed != cookie(0) {
                let is_canary = (echoed ^ cookie(CANARY)) >> 16 == 0;
                let known = is_canary && search.sweep.canary_answered(now, echoed as u16, index);
                return Some(HostReply::Canary(known));
            }
        } else if kind != Kind::NEIGHBOUR && !search.was_probed(index) {
            continue;
        }
        let reason = reply.verdict.reason;
        let found = search.answered(now, index, reason, frame.ttl(), reply.mac);
        return Some(HostReply::Found(found));
    }
    None
}

/// Whether a router that sends this error cannot reach the host at all, whatever the probe.
const fn is_host_unreachable(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::HostUnreach
            | Reason::NetUnreach
            | Reason::AddrUnreach
            | Reason::NoRoute
            | Reason::RejectRoute
    )
}
