//! Probes the silent ports of hosts that limit their resets, in step with each limiter.
//!
//! [`crate::rate_limit`] models the limiters and decides what is proven.

use alloc::boxed::Box;

use vigie_wire::frame::Frame;

use super::is_stopped;
use super::ports::read_port_reply;
use super::udp_ports::UdpPorts;
use crate::engine::core::{CANARY, Core, Probe};
use crate::engine::phase::{AnyPhase, Phase, PhaseState, Poll};
use crate::engine::{Ingress, Purpose, Transmit};
use crate::event::{EndReason, Progress};
use crate::finding::Reason;
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::probe::{Kind, Verdict};
use crate::rate_limit::Target;
use crate::rate_limit::prober::{self, RateLimitProber};
use crate::summary::Answer;
use crate::sweep::Partitions;
use crate::time::Instant;

/// Rate-limit probing, and the port sweep that it completes.
#[derive(Debug)]
pub(in crate::engine) struct RateLimitProbing {
    prober: Box<RateLimitProber>,
    hosts: HostTable,
    sweep: Partitions,
    /// Why the sweep ended.
    ended: EndReason,
}

impl RateLimitProbing {
    /// Probes what `sweep` left silent behind limiters; without any, continues with the UDP ports.
    pub(in crate::engine) fn begin(
        core: &mut Core,
        now: Instant,
        sweep: Partitions,
        hosts: HostTable,
        ended: EndReason,
    ) -> AnyPhase {
        let budget = &core.plan.spec.budget;
        let rates = [budget.max_rate, budget.max_host_rate];
        let bounds = prober::Bounds {
            budget: budget.rate_limit_probing,
            until: budget.end_of_hosts(now, core.deadline),
            rate: rates.into_iter().flatten().reduce(f64::min),
            miss: 1.0 - budget.confidence,
            seed: core.plan.spec.seed,
            protocols: core.port_probe == Kind::IP_PROTOCOL,
            hosts: hosts.len(),
        };
        let ports = core.plan.spec.tcp_ports();
        let Some(mut prober) = RateLimitProber::new(now, &sweep, ports, bounds) else {
            return UdpPorts::begin(core, now, sweep, hosts, ended);
        };
        let early = ended.is_early();
        if early {
            prober.stop(ended);
        }
        let phase = RateLimitProbing {
            prober: Box::new(prober),
            hosts,
            sweep,
            ended,
        };
        if early {
            return phase.finish(core, now, ended);
        }
        AnyPhase::RateLimitProbing(Box::new(phase))
    }
}

impl Phase for RateLimitProbing {
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        let (reply, sender) = read_port_reply(core, frame)?;
        let host = self.hosts.index_of(reply.ip, from.link)?;
        let echoed = reply.echoed?;
        let Verdict {
            reply: ledger_reply,
            state,
            reason,
        } = reply.verdict;
        // These replies cost the host's limiter a token: resets, and for IP protocols the errors of the host itself.
        let error = !matches!(reason, Reason::EchoReply | Reason::ProtoResponse);
        let limited = ledger_reply == Reply::Negative
            || self.prober.are_protocols() && sender.is_none() && error;
        if echoed != core.cookie(reply.ip, reply.port, 0) {
            let canary = core.cookie(reply.ip, reply.port, CANARY);
            let ours = (echoed ^ canary) >> 16 == 0 && limited;
            let expected = ours && self.prober.control(now, host, reply.port, echoed as u8);
            return expected.then_some(());
        }
        let place = core.port_place(reply.port)?;
        let index = host * core.port_count() + u64::from(place);
        let tries = self.sweep.probe(index)?.tries;
        let answered = self
            .prober
            .answered(now, host, place, ledger_reply, (tries, limited));
        let Some(answered) = answered else {
            return Some(());
        };
        self.sweep.settle(index, ledger_reply);
        let answer = Answer {
            index,
            state,
            reason,
            from: sender,
            ttl: frame.ttl(),
            rtt: answered.rtt,
            tries: tries.saturating_add(1),
        };
        core.results
            .add_answer(answer, ledger_reply, &self.hosts, &core.plan);
        Some(())
    }

    fn poll_transmit(&mut self, core: &mut Core, now: Instant, slot: &mut [u8]) -> Poll<Transmit> {
        let Some((number, send)) = self.prober.next(now) else {
            return self.prober.ended().map_or(Poll::Wait, Poll::Done);
        };
        let (host, route, mac) = self.hosts.at(number);
        let (port, canary) = match send.to {
            Target::Port(place) => (core.plan.spec.tcp_ports().at(place as usize).1, 0),
            Target::Control(port) => (port, u32::from(send.number) << 16 | CANARY),
        };
        let probe = Probe {
            host,
            mac,
            route,
            kind: core.port_probe,
            port,
            canary,
            turn: u16::from(send.number),
            purpose: Purpose::Host,
            takes_user_flags: true,
        };
        core.write(&probe, slot).map_or(Poll::Wait, Poll::Send)
    }

    fn wake(&mut self, _: &Core, now: Instant) -> Option<Instant> {
        Some(self.prober.wake(now))
    }

    fn stop(&mut self, _: &mut Core, _: Instant, why: EndReason) -> Option<EndReason> {
        self.prober.stop(why);
        Some(why)
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        core.results.add_probing(&self.prober);
        // What the sweep left open is settled by now, or the budget ended.
        let protocols = self.prober.are_protocols() && !is_stopped(self.ended);
        let ended = if is_stopped(ended) || protocols {
            ended
        } else {
            self.ended
        };
        let sweep = self.sweep.with_probing(Some(self.prober));
        UdpPorts::begin(core, now, sweep, self.hosts, ended)
    }

    fn progress(&self, core: &Core) -> Progress {
        self.prober.progress(core.results.open)
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        Some(PhaseState {
            sweeps: self.sweep.states(now),
            hosts: &self.hosts,
            udp: None,
        })
    }
}
