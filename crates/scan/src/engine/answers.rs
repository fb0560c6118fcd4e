//! What an incoming frame means for the scan.
//!
//! Nothing becomes a finding that does not prove it answers a probe of ours.
//! This file must not decide what is sent.

use alloc::vec::Vec;
use core::net::IpAddr;

use vigie_wire::frame::{Frame, Transport};
use vigie_wire::quote::Quote;

use super::{CANARY, Ingress, Scan, Stage};
use crate::finding::{HostFinding, PortState, Reason};
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::probe::{Kind, ParsedReply, Verdict, unreachable};
use crate::summary::Answer;
use crate::sweep::{Novelty, Sweep};
use crate::time::Instant;
use crate::udp::Context;

/// Answers without proof that are remembered at most.
const CLAIMS: usize = 1024;

impl Scan {
    /// A frame came in at `now`.
    pub fn on_packet(&mut self, now: Instant, from: Ingress, frame: &[u8]) {
        let Ok(frame) = Frame::parse(from.kind, frame) else {
            self.results.stray += 1;
            return;
        };
        let fresh = match &mut self.stage {
            Stage::Ports { .. } | Stage::RateLimitProber(_) => self.port_answer(now, from, &frame),
            Stage::Hosts(_) | Stage::Gateways(_) => self.host_answer(now, from, &frame),
            Stage::Udp(stage) => {
                let context = Context {
                    plan: &self.plan,
                    egresses: &self.egresses,
                    cookies: &self.cookies,
                };
                let host_table = &stage.host_table;
                let results = &mut self.results;
                stage
                    .scan
                    .on_packet(&context, host_table, results, now, from, &frame)
            }
            Stage::Routes(_) => self.hop_answer(now, &frame),
            Stage::Swept { .. } | Stage::Summary(_) | Stage::Over => return,
        };
        self.results.stray += u64::from(fresh.is_none());
    }

    /// The frame as an answer of a port; none if it is not an answer to any probe of ours.
    #[inline]
    fn port_answer(&mut self, now: Instant, from: Ingress, frame: &Frame<'_>) -> Option<()> {
        let (probe, source_port) = (self.technique.probe(), self.source_port_of(frame));
        let answer = match self.plan.spec.tcp_flags() {
            None => probe.answer(frame, source_port),
            Some(sent) => probe.answer_to(frame, source_port, sent),
        };
        if let Some(answer) = answer {
            if !self.is_ours(frame) {
                return None;
            }
            return self.take_port_answer(now, from, frame, answer, None);
        }
        let (reason, quoted) = unreachable::read(frame)?;
        let quote = Quote::parse(quoted).ok()?;
        let (port, cookie) = probe.quoted(&quote, self.source_port_in(&quote))?;
        if !self.egresses.iter().any(|l| l.route.source == quote.src) {
            return None;
        }
        let sender = frame.addresses()?.0;
        let answer = ParsedReply {
            ip: quote.dst,
            port,
            echoed: Some(cookie),
            verdict: probe.error(reason, sender == quote.dst),
            mac: None,
        };
        self.take_port_answer(
            now,
            from,
            frame,
            answer,
            (sender != quote.dst).then_some(sender),
        )
    }

    fn take_port_answer(
        &mut self,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
        answer: ParsedReply,
        sender: Option<IpAddr>,
    ) -> Option<()> {
        if matches!(self.stage, Stage::RateLimitProber(_)) {
            return self.take_proof(now, from, frame, answer, sender);
        }
        let Stage::Ports { sweep, host_table } = &mut self.stage else {
            return None;
        };
        let Some(host) = host_table.index_of(answer.ip, from.link) else {
            if self.plan.windows() > 1
                && self
                    .plan
                    .local
                    .targets
                    .index_of(answer.ip, from.link)
                    .is_some()
            {
                // A straggler of another window.
                return Some(());
            }
            self.results.stranger(answer.ip);
            return None;
        };
        let port = *self.port_index.get(usize::from(answer.port))?;
        if port == u32::MAX {
            return None;
        }
        let index = host * self.plan.spec.tcp_ports().len() as u64 + u64::from(port);
        let source_port = self.plan.local.source_port;
        match answer.echoed {
            Some(echoed)
                if echoed == self.cookies.of(answer.ip, answer.port, source_port, 0) as u32 => {}
            Some(echoed) => {
                let canary = self.cookies.of(answer.ip, answer.port, source_port, CANARY) as u32;
                let ours = (echoed ^ canary) >> 16 == 0
                    && sweep.canary_answered(now, echoed as u16, index);
                // Of a host that had answered an earlier run nothing else may come.
                if ours && let Some(patience) = self.rtt_coverage.note(host, sweep) {
                    sweep.set_patience(patience);
                }
                return ours.then_some(());
            }
            // Only the 4-tuple vouches: the probe must have been sent, to another machine. Whoever guesses
            // the source port can send such a frame, so it settles nothing and the tries go on.
            None => {
                let (_, route, _) = host_table.at(host);
                if sweep.tries(index) == 0 || self.egresses[route as usize].route.local {
                    return None;
                }
                let Verdict { state, reason, .. } = answer.verdict;
                let ttl = frame.ttl();
                let tries = sweep.tries(index);
                self.claim(Answer {
                    index,
                    state,
                    reason,
                    from: sender,
                    ttl,
                    rtt: None,
                    tries,
                });
                return Some(());
            }
        }
        let Verdict {
            reply,
            state,
            reason,
        } = answer.verdict;
        let novelty = sweep.answered(now, index, reply);
        if reply == Reply::Error && sender.is_none() {
            sweep.offer_error(index);
        }
        let (tries, rtt) = match novelty {
            Novelty::New { tries, rtt } => (tries, rtt),
            // A router's error was premature: the port itself has answered after all.
            Novelty::Duplicate {
                previous: Reply::Error,
            } if reply == Reply::Positive => (sweep.tries(index), None),
            Novelty::Duplicate { .. } => return Some(()),
        };
        if rtt.is_some()
            && let Some(patience) = self.rtt_coverage.note(host, sweep)
        {
            sweep.set_patience(patience);
        }
        let kept = Answer {
            index,
            state,
            reason,
            from: sender,
            ttl: frame.ttl(),
            rtt,
            tries,
        };
        self.results.keep(kept, reply, host_table, &self.plan);
        Some(())
    }

    /// The same while hosts that limit their resets are asked in step with them.
    fn take_proof(
        &mut self,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
        answer: ParsedReply,
        sender: Option<IpAddr>,
    ) -> Option<()> {
        let Stage::RateLimitProber(stage) = &mut self.stage else {
            return None;
        };
        let host = stage.host_table.index_of(answer.ip, from.link)?;
        let cookie = |salt| {
            let source_port = self.plan.local.source_port;
            self.cookies.of(answer.ip, answer.port, source_port, salt) as u32
        };
        let echoed = answer.echoed?;
        let Verdict {
            reply,
            state,
            reason,
        } = answer.verdict;
        // What costs the host's limiter a token: its resets, and of IP protocols each error of its own.
        let error = !matches!(reason, Reason::EchoReply | Reason::ProtoResponse);
        let limited =
            reply == Reply::Negative || stage.proofs.are_protocols() && sender.is_none() && error;
        if echoed != cookie(0) {
            let ours = (echoed ^ cookie(CANARY)) >> 16 == 0 && limited;
            let known = ours && stage.proofs.control(now, host, answer.port, echoed as u8);
            return known.then_some(());
        }
        let place = *self.port_index.get(usize::from(answer.port))?;
        if place == u32::MAX {
            return None;
        }
        let index = host * self.plan.spec.tcp_ports().len() as u64 + u64::from(place);
        let tries = stage.sweep.probe(index)?.tries;
        let Some(answered) = stage
            .proofs
            .answered(now, host, place, reply, (tries, limited))
        else {
            return Some(());
        };
        stage.sweep.settle(index, reply);
        let kept = Answer {
            index,
            state,
            reason,
            from: sender,
            ttl: frame.ttl(),
            rtt: answered.rtt,
            tries: tries.saturating_add(1),
        };
        self.results
            .keep(kept, reply, &stage.host_table, &self.plan);
        Some(())
    }

    /// Remembers an answer without proof, the first for each probe and no more than there is room for.
    fn claim(&mut self, claim: Answer) {
        if self.claims.len() < CLAIMS && self.claims.iter().all(|c| c.index != claim.index) {
            self.claims.push(claim);
        }
    }

    /// At the end, ports that only claims were heard of may be open: more is not known of them.
    pub(super) fn settle_claims(&mut self, sweep: &Sweep, host_table: &HostTable) {
        for claim in core::mem::take(&mut self.claims) {
            if sweep.reply(claim.index) == Reply::None {
                let kept = Answer {
                    state: PortState::OpenFiltered,
                    ..claim
                };
                self.results
                    .keep(kept, Reply::Error, host_table, &self.plan);
            }
        }
    }

    /// Which of the scan's ports `frame` came to; the first, where it came to none of them.
    #[inline]
    fn source_port_of(&self, frame: &Frame<'_>) -> u16 {
        match &frame.transport {
            Transport::Tcp(tcp) => self.plan.local.source_port_or_first(tcp.dst_port()),
            _ => self.plan.local.source_port,
        }
    }

    /// Which of them the quoted packet left from.
    fn source_port_in(&self, quote: &Quote<'_>) -> u16 {
        let from = quote.ports().map_or(0, |(from, _)| from);
        self.plan.local.source_port_or_first(from)
    }

    fn is_ours(&self, frame: &Frame<'_>) -> bool {
        frame
            .addresses()
            .is_some_and(|(_, to)| self.egresses.iter().any(|l| l.route.source == to))
    }

    /// The frame as a sign of a host; none if it is no answer to any probe of ours.
    fn host_answer(&mut self, now: Instant, from: Ingress, frame: &Frame<'_>) -> Option<()> {
        let own_port = self.source_port_of(frame);
        let source_port = self.plan.local.source_port;
        let egresses = match &self.stage {
            Stage::Gateways(_) => self.egresses_on_link(),
            _ => Vec::new(),
        };
        let egresses = if egresses.is_empty() {
            &self.egresses
        } else {
            &egresses
        };
        let (Stage::Hosts(search) | Stage::Gateways(search)) = &mut self.stage else {
            return None;
        };
        for kind in Kind::all() {
            let Some(answer) = kind.probe().answer(frame, own_port) else {
                continue;
            };
            let Some(index) = search.index_of(answer.ip, from.link, kind, answer.port, egresses)
            else {
                continue;
            };
            if let Some(echoed) = answer.echoed {
                let cookie =
                    |salt| self.cookies.of(answer.ip, answer.port, source_port, salt) as u32;
                if echoed != cookie(0) {
                    let canary = (echoed ^ cookie(CANARY)) >> 16 == 0;
                    return (canary && search.sweep.canary_answered(now, echoed as u16, index))
                        .then_some(());
                }
            } else if kind != Kind::NEIGHBOUR && !search.was_asked(index) {
                continue;
            }
            let found = search.answered(now, index, answer.verdict.reason, frame.ttl(), answer.mac);
            self.note_host(found);
            return Some(());
        }
        self.host_error(now, from, frame)
    }

    /// An ICMP error from the host that was asked: it is there, whatever it says.
    fn host_error(&mut self, now: Instant, from: Ingress, frame: &Frame<'_>) -> Option<()> {
        let (reason, quoted) = unreachable::read(frame)?;
        let quote = Quote::parse(quoted).ok()?;
        let sender = frame.addresses()?.0;
        let own_port = self.source_port_in(&quote);
        let Stage::Hosts(search) = &mut self.stage else {
            return None;
        };
        for kind in Kind::all() {
            let Some((port, cookie)) = kind.probe().quoted(&quote, own_port) else {
                continue;
            };
            let Some(index) = search.index_of(quote.dst, from.link, kind, port, &self.egresses)
            else {
                continue;
            };
            if cookie
                != self
                    .cookies
                    .of(quote.dst, port, self.plan.local.source_port, 0) as u32
            {
                continue;
            }
            if sender == quote.dst {
                let found = search.answered(now, index, reason, frame.ttl(), None);
                self.note_host(found);
            } else if is_out_of_reach(reason) {
                search.unreachable(index, reason);
            }
            return Some(());
        }
        None
    }

    fn note_host(&mut self, found: Option<HostFinding>) {
        if let (Some(found), Stage::Hosts(_)) = (found, &self.stage) {
            self.results.up(found);
        }
    }
}

/// Whether a router says with this that it does not reach the host itself, whatever it is asked.
const fn is_out_of_reach(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::HostUnreach
            | Reason::NetUnreach
            | Reason::AddrUnreach
            | Reason::NoRoute
            | Reason::RejectRoute
    )
}
