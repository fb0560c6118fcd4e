//! Probes the ports of the port scan: TCP, SCTP, or IP protocols.
//!
//! A reply becomes a finding only if it proves that it answers a probe of ours. Every retry of a SYN repeats the
//! sequence number (the cookie), and every second one leaves from the next source port; see
//! [`crate::plan::SOURCE_PORTS`]. A canary carries another cookie, with its number in the lower 16 bits, so its replies
//! are distinguished exactly.
//!
//! # Unverified replies
//! Some replies echo no cookie: only the 4-tuple ties them to a probe, and anyone who guesses the source port
//! can send one. They settle nothing, and the tries go on. At the end a port that got nothing else is reported as
//! open|filtered.

use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::frame::Frame;
use vigie_wire::quote::Quote;
use vigie_wire::tcp::Flags;

use super::partition_wait::PartitionWait;
use super::rate_limit::RateLimitProbing;
use super::{next_probe, wake};
use crate::engine::core::{CANARY, Core, Probe};
use crate::engine::phase::{AnyPhase, Phase, PhaseState, Poll};
use crate::engine::{Ingress, Purpose, Transmit};
use crate::event::{EndReason, Progress};
use crate::finding::PortState;
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::plan::Technique;
use crate::probe::{Kind, ParsedReply, Verdict, unreachable};
use crate::rtt_coverage::RttCoverage;
use crate::summary::Answer;
use crate::sweep::{Bounds, Novelty, Partitions, Sweep};
use crate::time::Instant;

/// Maximum number of unverified replies that are remembered.
const MAX_UNVERIFIED: usize = 1024;

/// The sweep of ports.
#[derive(Debug)]
pub(in crate::engine) struct Ports {
    sweep: Sweep,
    hosts: HostTable,
}

impl Ports {
    /// Probes the ports of `hosts`; `rtt` is the round-trip time that host discovery has measured.
    pub(in crate::engine) fn begin(
        core: &mut Core,
        now: Instant,
        hosts: HostTable,
        rtt: Option<Duration>,
    ) -> AnyPhase {
        core.first_rtt = rtt;
        let ports = core.port_count();
        let bounds = bounds(core, now, &hosts);
        let probes = hosts.len() * ports;
        core.rtt_coverage = RttCoverage::new(hosts.len(), bounds.miss);
        let shard = core.plan.spec.shard;
        let mut sweep = Sweep::shard(probes, shard, core.window_seed(), bounds, rtt);
        core.inherit(&mut sweep, now);
        sweep.monitor_hosts(ports);
        if core.plan.spec.technique() == Technique::Syn {
            match core.plan.spec.tcp_flags() {
                None => sweep.expect_listeners(core.plan.local.source_ports),
                // A segment with flags chosen by the user leaves from one port.
                Some(flags) if flags.contains(Flags::SYN) => sweep.expect_listeners(1),
                Some(_) => {}
            }
        }
        if core.port_probe == Kind::IP_PROTOCOL {
            sweep.disable_canaries();
        }
        let phase = Ports { sweep, hosts };
        if probes == 0 {
            return phase.finish(core, now, EndReason::Complete);
        }
        AnyPhase::Ports(phase)
    }

    /// A scan of `sweep`, which was split off another scan.
    pub(in crate::engine) fn of_partition(sweep: Sweep, hosts: HostTable) -> AnyPhase {
        AnyPhase::Ports(Ports { sweep, hosts })
    }

    /// Splits the probes that were never sent into `count` more sweeps.
    pub(in crate::engine) fn split(&mut self, now: Instant, count: u32) -> alloc::vec::Vec<Sweep> {
        self.sweep.split(now, count)
    }

    pub(in crate::engine) fn hosts(&self) -> &HostTable {
        &self.hosts
    }

    /// Interprets a reply; `sender` is the router that sent it, if it was not the host itself.
    fn on_reply(
        &mut self,
        core: &mut Core,
        now: Instant,
        (from, ttl): (Ingress, Option<u8>),
        reply: &ParsedReply,
        sender: Option<IpAddr>,
    ) -> Option<()> {
        let Some(host) = self.hosts.index_of(reply.ip, from.link) else {
            let targets = &core.plan.local.targets;
            if core.plan.windows() > 1 && targets.index_of(reply.ip, from.link).is_some() {
                // A late reply from another window.
                return Some(());
            }
            core.results.unexpected_source(reply.ip);
            return None;
        };
        let place = core.port_place(reply.port)?;
        let index = host * core.port_count() + u64::from(place);
        match reply.echoed {
            Some(echoed) if echoed == core.cookie(reply.ip, reply.port, 0) => {}
            Some(echoed) => {
                let canary = core.cookie(reply.ip, reply.port, CANARY);
                let ours = (echoed ^ canary) >> 16 == 0
                    && self.sweep.canary_answered(now, echoed as u16, index);
                // After a resume a host that had answered before may answer canaries only.
                if ours {
                    self.note_rtt(core, host);
                }
                return ours.then_some(());
            }
            None => return self.on_unverified(core, index, host, ttl, reply, sender),
        }
        let Verdict {
            reply: ledger_reply,
            state,
            reason,
        } = reply.verdict;
        let novelty = self.sweep.answered(now, index, ledger_reply);
        if ledger_reply == Reply::Error && sender.is_none() {
            self.sweep.offer_error(index);
        }
        let (tries, rtt) = match novelty {
            Novelty::New { tries, rtt } => (tries, rtt),
            // A router's error was premature: the port itself has answered after all.
            Novelty::Duplicate {
                previous: Reply::Error,
            } if ledger_reply == Reply::Positive => (self.sweep.tries(index), None),
            Novelty::Duplicate { .. } => return Some(()),
        };
        if rtt.is_some() {
            self.note_rtt(core, host);
        }
        let answer = Answer {
            index,
            state,
            reason,
            from: sender,
            ttl,
            rtt,
            tries,
        };
        core.results
            .add_answer(answer, ledger_reply, &self.hosts, &core.plan);
        Some(())
    }

    /// Remembers a reply without a cookie. The probe must have been sent, and to another machine.
    fn on_unverified(
        &mut self,
        core: &mut Core,
        index: u64,
        host: u64,
        ttl: Option<u8>,
        reply: &ParsedReply,
        sender: Option<IpAddr>,
    ) -> Option<()> {
        let (_, route, _) = self.hosts.at(host);
        let tries = self.sweep.tries(index);
        if tries == 0 || core.egresses[route as usize].route.local {
            return None;
        }
        let known = &mut core.unverified_replies;
        if known.len() < MAX_UNVERIFIED && known.iter().all(|r| r.index != index) {
            known.push(Answer {
                index,
                state: reply.verdict.state,
                reason: reply.verdict.reason,
                from: sender,
                ttl,
                rtt: None,
                tries,
            });
        }
        Some(())
    }

    /// Records that `host` has answered. Once enough hosts have, the wait for the slowest is known.
    #[inline]
    fn note_rtt(&mut self, core: &mut Core, host: u64) {
        if let Some(patience) = core.rtt_coverage.note(host, &self.sweep) {
            self.sweep.set_patience(patience);
        }
    }
}

impl Phase for Ports {
    #[inline]
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        let (reply, sender) = read_port_reply(core, frame)?;
        self.on_reply(core, now, (from, frame.ttl()), &reply, sender)
    }

    fn on_timeout(&mut self, now: Instant) {
        self.sweep.on_timeout(now);
    }

    #[inline]
    fn poll_transmit(&mut self, core: &mut Core, now: Instant, slot: &mut [u8]) -> Poll<Transmit> {
        loop {
            let due = match next_probe(&mut self.sweep, now) {
                Ok(due) => due,
                Err(ended) => return ended.map_or(Poll::Wait, Poll::Done),
            };
            let ports = core.plan.spec.tcp_ports();
            let n = ports.len() as u64;
            let (host, route, mac) = self.hosts.at(due.index / n);
            let (_, port) = ports.at((due.index % n) as usize);
            let probe = Probe {
                host,
                mac,
                route,
                kind: core.port_probe,
                port,
                canary: due.canary,
                turn: due.turn,
                purpose: if due.canary == 0 {
                    Purpose::Port
                } else {
                    Purpose::Path
                },
                takes_user_flags: true,
            };
            if let Some(sent) = core.write(&probe, slot) {
                return Poll::Send(sent);
            }
        }
    }

    fn wake(&mut self, _: &Core, now: Instant) -> Option<Instant> {
        Some(wake(&mut self.sweep, now))
    }

    fn stop(&mut self, _: &mut Core, now: Instant, why: EndReason) -> Option<EndReason> {
        self.sweep.stop(now, why);
        Some(why)
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        let Ports { sweep, hosts } = self;
        settle_unverified(core, &sweep, &hosts);
        if core.is_partition {
            return AnyPhase::PartitionWait(PartitionWait {
                sweep,
                hosts,
                ended,
            });
        }
        let split_offs = core::mem::take(&mut core.split_offs);
        let all = core::iter::once(sweep).chain(split_offs).collect();
        match Partitions::join(all) {
            Some(parts) => RateLimitProbing::begin(core, now, parts, hosts, ended),
            None => AnyPhase::Over(super::over::Over),
        }
    }

    fn progress(&self, core: &Core) -> Progress {
        self.sweep.progress(core.results.open, false)
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        Some(PhaseState {
            sweeps: [self.sweep.state(now)].into(),
            hosts: &self.hosts,
            udp: None,
        })
    }

    fn port_sweep(&self) -> Option<&Sweep> {
        Some(&self.sweep)
    }

    fn port_sweep_mut(&mut self) -> Option<&mut Sweep> {
        Some(&mut self.sweep)
    }
}

/// Limits of the sweep of `hosts`.
fn bounds(core: &Core, now: Instant, hosts: &HostTable) -> Bounds {
    let budget = &core.plan.spec.budget;
    let mut caps = core.caps();
    // Most IP protocols are answered by ICMP errors, which hosts limit: they say nothing about the path's capacity, and
    // quick retries get no answer. Rate-limit probing retries them later.
    let protocols = core.port_probe == Kind::IP_PROTOCOL;
    if protocols {
        let rate = crate::udp::request_rate(&core.egresses, budget, hosts.len());
        (caps.max, caps.min) = (Some(rate), Some(rate));
    }
    Bounds {
        caps,
        max_tries: if protocols { 1 } else { budget.max_tries },
        miss: 1.0 - budget.confidence,
        until: budget.end_of_hosts(now, core.deadline),
        first_wait: crate::rtt::INITIAL,
        patience: hosts.patience(|route| core.egresses[route as usize].route.local),
        kernel_retries: false,
    }
}

/// Reads `frame` as a reply to a port probe, or as an ICMP error about one. Returns the reply, and the router that sent
/// it if it was not the host itself.
#[inline]
pub(super) fn read_port_reply(
    core: &Core,
    frame: &Frame<'_>,
) -> Option<(ParsedReply, Option<IpAddr>)> {
    let (probe, source_port) = (core.port_probe.probe(), core.source_port_of(frame));
    let reply = match core.plan.spec.tcp_flags() {
        None => probe.answer(frame, source_port),
        Some(sent) => probe.answer_to(frame, source_port, sent),
    };
    if let Some(reply) = reply {
        return core.is_ours(frame).then_some((reply, None));
    }
    let (reason, quoted) = unreachable::read(frame)?;
    let quote = Quote::parse(quoted).ok()?;
    let (port, cookie) = probe.quoted(&quote, core.source_port_in(&quote))?;
    if !core.egresses.iter().any(|e| e.route.source == quote.src) {
        return None;
    }
    let sender = frame.addresses()?.0;
    let reply = ParsedReply {
        ip: quote.dst,
        port,
        echoed: Some(cookie),
        verdict: probe.error(reason, sender == quote.dst),
        mac: None,
    };
    Some((reply, (sender != quote.dst).then_some(sender)))
}

/// Reports ports that got only unverified replies.
fn settle_unverified(core: &mut Core, sweep: &Sweep, hosts: &HostTable) {
    for reply in core::mem::take(&mut core.unverified_replies) {
        if sweep.reply(reply.index) == Reply::None {
            let answer = Answer {
                state: PortState::OpenFiltered,
                ..reply
            };
            core.results
                .add_answer(answer, Reply::Error, hosts, &core.plan);
        }
    }
}
