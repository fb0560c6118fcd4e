//! Interprets the frames that arrive during the UDP phase.
//!
//! A datagram is an answer if it comes from a probed port of a probed host to our source port, and does not carry the
//! token of another conversation. An ICMP error counts if the datagram that it quotes carries our token. This file
//! must not decide what is sent.

use alloc::boxed::Box;
use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::frame::Frame;

use super::requests::{RequestTable, known_at};
use super::{Context, Phase, UdpAnswer, UdpScan, frame};
use crate::engine::Ingress;
use crate::finding::{PortState, Reason, ServiceMatch};
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::probe::unreachable;
use crate::rate_limit::Novelty;
use crate::results::Results;
use crate::sweep::{Novelty as SweepNovelty, Sweep};
use crate::time::Instant;
use vigie_detect::payload::{self, Answer, Detail, Payload};

/// An answer: the port, and what the answer says about it.
struct Read {
    port: u32,
    service: ServiceMatch,
    detail: Option<Box<Detail>>,
}

impl Read {
    fn confirmed(port: u32, payload: &'static Payload, detail: Box<Detail>) -> Read {
        Read {
            port,
            service: ServiceMatch::Service(payload.name),
            detail: (*detail != Detail::NONE).then_some(detail),
        }
    }
}

impl UdpScan {
    /// Interprets a frame that arrived at `now`; `None` if it answers none of our probes.
    pub(crate) fn on_packet(
        &mut self,
        context: &Context<'_>,
        host_table: &HostTable,
        results: &mut Results,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        self.now = now;
        if let Some((ip, port, to, content)) = frame::answer(context, frame) {
            let Some(number) = host_table.index_of(ip, from.link) else {
                if self.is_ours(context, to) {
                    results.unexpected_source(ip);
                }
                return None;
            };
            let host = self.place(number)?;
            self.channel(context, host_table, host, to)?;
            let service = self.read(context, host_table, host, (ip, port), to, content)?;
            self.open(host_table, results, now, host, service, frame.ttl());
            return Some(());
        }
        let (reason, bytes) = unreachable::read(frame)?;
        let quoted = frame::quoted(context, bytes)?;
        let number = host_table.index_of(quoted.ip, from.link)?;
        let host = self.place(number)?;
        let channel = self.channel(context, host_table, host, quoted.source)?;
        let sender = frame.addresses()?.0;
        let of_target = sender == quoted.ip;
        let port = self.settings.index[usize::from(quoted.port)];
        let control = of_target
            && self.hosts[host as usize].control(now, quoted.port, quoted.number, channel);
        if port == u32::MAX {
            return control.then_some(());
        }
        if !self.hosts[host as usize].was_probed(port) {
            return control.then_some(());
        }
        if control && self.hosts[host as usize].reply(port) != Reply::None {
            return Some(());
        }
        let closed = reason == Reason::PortUnreach && of_target;
        let reply = if closed {
            Reply::Negative
        } else {
            Reply::Error
        };
        let (novelty, rtt) =
            self.hosts[host as usize].error(now, port, quoted.port, channel, reply);
        if novelty == Novelty::Duplicate {
            return Some(());
        }
        self.answered += 1;
        let rtt = rtt.or_else(|| self.time_error(now, host, port));
        self.skip(host, port);
        if !closed {
            let found = UdpAnswer {
                state: PortState::Filtered,
                reason,
                from: (!of_target).then_some(sender),
                ttl: frame.ttl(),
                rtt,
                tries: 1,
                service: None,
                detail: None,
            };
            self.found.insert((host, port), found);
        }
        Some(())
    }

    fn is_ours(&self, context: &Context<'_>, ip: IpAddr) -> bool {
        self.sources.contains(&ip) || context.egresses.iter().any(|l| l.route.source == ip)
    }

    /// Returns the index of `ip` among our source addresses for this host.
    fn channel(
        &self,
        context: &Context<'_>,
        host_table: &HostTable,
        host: u32,
        ip: IpAddr,
    ) -> Option<u8> {
        let (_, route, _) = host_table.at(self.number(host));
        if context.egresses[route as usize].route.source == ip {
            return Some(0);
        }
        let place = self.sources.iter().position(|s| *s == ip)?;
        Some(place as u8 + 1)
    }

    /// Interprets an answer to a request; `None` if it answers none of our requests.
    fn read(
        &self,
        context: &Context<'_>,
        host_table: &HostTable,
        host: u32,
        (ip, port): (IpAddr, u16),
        to: IpAddr,
        content: &[u8],
    ) -> Option<Read> {
        let state = &self.hosts[host as usize];
        let place = self.settings.index[usize::from(port)];
        let (_, route, _) = host_table.at(self.number(host));
        if port == context.plan.local.source_port && context.egresses[route as usize].route.local {
            // This machine's own probe to the port that it is sent from.
            return None;
        }
        if place != u32::MAX && state.was_probed(place) {
            let token = frame::token(context, to, ip, port);
            return match payload::recognise(known_at(port), token, content) {
                Some((payload, Answer::Confirmed { detail })) => {
                    Some(Read::confirmed(place, payload, detail))
                }
                Some((_, Answer::SameProtocolOtherToken)) => None,
                Some((_, Answer::NotThisProtocol)) | None => Some(Read {
                    port: place,
                    service: ServiceMatch::Unknown,
                    detail: None,
                }),
            };
        }
        // Some protocols answer from another port (TFTP, RFC 1350 section 4).
        let moves = |payload: &&&'static Payload| payload.replies_from_other_port;
        for payload in payload::ALL.iter().filter(moves) {
            for home in payload.ports {
                let place = self.settings.index[usize::from(*home)];
                if place == u32::MAX || !state.was_probed(place) {
                    continue;
                }
                let token = frame::token(context, to, ip, *home);
                if let Answer::Confirmed { detail } = payload.recognise(token, content) {
                    return Some(Read::confirmed(place, payload, detail));
                }
            }
        }
        None
    }

    fn open(
        &mut self,
        host_table: &HostTable,
        results: &mut Results,
        now: Instant,
        host: u32,
        Read {
            port,
            service,
            detail,
        }: Read,
        ttl: Option<u8>,
    ) {
        let key = (host, port);
        let novelty = self.hosts[host as usize].settle(port, Reply::Positive);
        let better = service != ServiceMatch::Unknown && self.unrecognised.contains(&key);
        if novelty == Novelty::Duplicate && !better {
            self.duplicates += 1;
            self.learn_more(host_table, results, key, (service, detail));
            return;
        }
        let (tries, rtt) = self.timed(now, host, port);
        if let Some(rtt) = rtt {
            self.hosts[host as usize].rtt.sample(rtt);
        }
        let found = UdpAnswer {
            state: PortState::Open,
            reason: Reason::UdpResponse,
            from: None,
            ttl,
            rtt,
            tries,
            service: Some(service),
            detail,
        };
        self.found.insert(key, found);
        if service == ServiceMatch::Unknown && self.has_several_requests(port) {
            // Another request may still bring an answer that names the service.
            self.unrecognised.insert(key);
            return;
        }
        self.unrecognised.remove(&key);
        self.skip_sent(host, port);
        self.report_open(host_table, results, key);
    }

    /// Records a further answer of an open port. If it says more about the service, the port is reported again.
    fn learn_more(
        &mut self,
        host_table: &HostTable,
        results: &mut Results,
        key: (u32, u32),
        (service, detail): (ServiceMatch, Option<Box<Detail>>),
    ) {
        let Some(found) = self.found.get_mut(&key) else {
            return;
        };
        if detail.is_some() && found.detail.is_none() && found.state == PortState::Open {
            (found.service, found.detail) = (Some(service), detail);
            self.report_open(host_table, results, key);
        }
    }

    /// Reports an open port.
    pub(super) fn report_open(
        &self,
        host_table: &HostTable,
        results: &mut Results,
        key: (u32, u32),
    ) {
        if let Some(found) = self.found.get(&key) {
            let host = host_table.at(self.number(key.0)).0;
            results.found_open(self.finding(host, key.1, found));
        }
    }

    /// Reports the ports whose answers to all requests named no service.
    pub(crate) fn report_unrecognised(&mut self, host_table: &HostTable, results: &mut Results) {
        if !core::mem::take(&mut self.unrecognised_ready) {
            return;
        }
        for key in core::mem::take(&mut self.unrecognised) {
            self.report_open(host_table, results, key);
        }
    }

    /// Whether several different requests are being sent to the port.
    fn has_several_requests(&self, port: u32) -> bool {
        match &self.phase {
            Phase::Request(running) => self.requests(running.set).of(port).count() > 1,
            _ => false,
        }
    }

    /// Returns the running requests: their sweep, their table, and the host's row.
    fn running_requests(&mut self, host: u32) -> Option<(&mut Sweep, &RequestTable, u64)> {
        let Phase::Request(running) = &mut self.phase else {
            return None;
        };
        let requests = match running.set {
            super::RequestSet::Own => &self.own,
            super::RequestSet::Generic => &self.generic,
        };
        let row = running.hosts.binary_search(&host).ok()?;
        Some((&mut running.sweep, requests, row as u64))
    }

    /// Marks the requests to a port as answered. Returns the number of tries and the round-trip time.
    fn timed(&mut self, now: Instant, host: u32, port: u32) -> (u8, Option<Duration>) {
        let Some((sweep, requests, row)) = self.running_requests(host) else {
            return (1, None);
        };
        let mut of_port = requests
            .of(port)
            .map(|column| row * requests.len() + column);
        // The first request that was sent stands for all: the answer does not always show which one it is for.
        let first =
            of_port.find(|index| sweep.tries(*index) > 0 && sweep.reply(*index) == Reply::None);
        let Some(index) = first else { return (1, None) };
        match sweep.answered(now, index, Reply::Error) {
            SweepNovelty::New { tries, rtt } => (tries, rtt),
            SweepNovelty::Duplicate { .. } => (1, None),
        }
    }

    /// Returns the round-trip time of an error about a port, while requests are being sent.
    fn time_error(&mut self, now: Instant, host: u32, port: u32) -> Option<Duration> {
        let (sweep, requests, row) = self.running_requests(host)?;
        let mut of_port = requests.of(port);
        // With several requests it is unknown which one caused the error.
        let only = of_port.next().filter(|_| of_port.next().is_none())?;
        sweep.record_time(now, row * requests.len() + only)
    }

    /// Skips the requests to a port whose state and service are known.
    fn skip(&mut self, host: u32, port: u32) {
        self.take_back(host, port, |_| true);
    }

    /// Skips the requests to an open port that were sent once. The others may reveal more about the service.
    fn skip_sent(&mut self, host: u32, port: u32) {
        self.take_back(host, port, |tries| tries > 0);
    }

    fn take_back(&mut self, host: u32, port: u32, which: impl Fn(u8) -> bool) {
        let Some((sweep, requests, row)) = self.running_requests(host) else {
            return;
        };
        for column in requests.of(port) {
            let index = row * requests.len() + column;
            if sweep.reply(index) == Reply::None && which(sweep.tries(index)) {
                sweep.skip(index);
            }
        }
    }
}
