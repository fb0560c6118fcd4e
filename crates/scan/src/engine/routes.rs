//! The stage that traces the way to each host: which hosts and with what, probes with few hops, their answers.
//!
//! What to ask next is [`crate::traceroute`]'s to say.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use vigie_wire::checksum::update16;
use vigie_wire::frame::Frame;
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::{ethernet, udp};

use super::{Purpose, Scan, Stage, Transmit};
use crate::event::{EndReason, Event, Path};
use crate::finding::Reason;
use crate::host_table::HostTable;
use crate::plan::{Discovery, DiscoveryProbe, Framing};
use crate::probe::{Kind, To, unreachable};
use crate::sweep::Partitions;
use crate::time::Instant;
use crate::traceroute::{Goal, Hop, MAX_HOPS, Traceroute};
use crate::udp::UdpScan;

/// Salt of these probes' cookies, whose last byte is the distance.
const ROUTE: u32 = 2;
/// More hosts than this are not traced one by one: no reader would follow.
const MOST: u64 = 1 << 16;
/// As much as a UDP probe needs, with any header below it.
const UDP_SLOT: usize = 128;
/// Offsets of time to live and checksum in an IPv4 header, of the hop limit in an IPv6 one.
const V4_TTL: usize = 8;
const V4_CHECKSUM: usize = 10;
const V6_LIMIT: usize = 7;

/// A trace under way, and what is told after it.
#[derive(Debug)]
pub(super) struct Routes {
    pub(super) trace: Traceroute,
    pub(super) sweep: Partitions,
    pub(super) host_table: HostTable,
    pub(super) ended: EndReason,
    /// What the UDP ports' stage knows, where there was one.
    pub(super) udp: Option<Box<UdpScan>>,
}

impl Scan {
    /// Traces the ways to the hosts of `host_table`, whose ports are done.
    pub(super) fn trace_routes(
        &mut self,
        now: Instant,
        sweep: Partitions,
        host_table: HostTable,
        ended: EndReason,
        udp: Option<Box<UdpScan>>,
    ) {
        let goals = self.goals(&host_table, udp.as_deref());
        let trace = Traceroute::new(goals, self.plan.spec.budget.max_rate, now);
        let routes = Routes {
            trace,
            sweep,
            host_table,
            ended,
            udp,
        };
        self.stage = Stage::Routes(Box::new(routes));
    }

    /// The hosts to be traced. The way to a neighbour is known, and told at once.
    fn goals(&mut self, host_table: &HostTable, udp: Option<&UdpScan>) -> Vec<Goal> {
        let n = self.plan.spec.tcp_ports().len() as u64;
        let answering = self.results.answering(n);
        // Nobody was asked anything: everybody is traced.
        let unasked = n == 0 && udp.is_none() && self.plan.spec.discovery == Discovery::AssumeUp;
        let mut goals = Vec::new();
        for i in 0..host_table.len().min(MOST) {
            let (host, route, _) = host_table.at(i);
            let egress = &self.egresses[route as usize];
            // A host that is taken as up has said nothing.
            let found = host_table.found(i).filter(|f| f.reason != Reason::UserSet);
            let by_port = answering.get(&i).map(|(index, ttl)| {
                let (_, port) = self.plan.spec.tcp_ports().at(*index as usize);
                (DiscoveryProbe::new(self.technique, port), *ttl)
            });
            let by_udp = || {
                let (port, ttl) = udp.and_then(|udp| udp.answering(i))?;
                Some((DiscoveryProbe::new(Kind::UDP_PING, port), ttl))
            };
            let answered = by_port.or_else(by_udp);
            if egress.route.local || (found.is_none() && answered.is_none() && !unasked) {
                continue;
            }
            if egress.on_link() {
                let hop = Hop {
                    ttl: 1,
                    ip: Some(host.ip),
                    rtt: found.and_then(|f| f.rtt),
                    shared: None,
                };
                let path = Path {
                    host,
                    probe: None,
                    hops: vec![hop],
                };
                self.results.events.push_back(Event::Path(Box::new(path)));
                continue;
            }
            let probe = host_table.probe(i).or(answered.map(|a| a.0));
            let ttl = found.and_then(|f| f.ttl).or(answered.and_then(|a| a.1));
            goals.push(Goal {
                host: i,
                ip: host.ip,
                route,
                probe: probe.unwrap_or(DiscoveryProbe::new(Kind::ECHO, 0)),
                ttl,
            });
        }
        goals
    }

    /// The next probe of the trace; once it is done, what it found and the summary.
    pub(super) fn next_hop(&mut self, now: Instant, slot: &mut [u8]) -> Option<Transmit> {
        let Stage::Routes(routes) = &mut self.stage else {
            return None;
        };
        if now >= self.deadline {
            self.end_routes(now, EndReason::MaxTime);
            return None;
        }
        if let Some((i, ttl)) = routes.trace.next(now) {
            self.results.count_sent();
            return self.write_hop(i, ttl, slot);
        }
        if routes.trace.is_done() {
            self.end_routes(now, EndReason::Complete);
        }
        None
    }

    /// Tells the ways found, and goes on to the summary of the ports; `why` nothing more is asked.
    pub(super) fn end_routes(&mut self, now: Instant, why: EndReason) {
        let Stage::Routes(routes) = core::mem::replace(&mut self.stage, Stage::Over) else {
            return;
        };
        for (goal, hops) in routes.trace.paths() {
            let path = Path {
                host: routes.host_table.at(goal.host).0,
                probe: Some(goal.probe),
                hops,
            };
            self.results.events.push_back(Event::Path(Box::new(path)));
        }
        let ended = match why {
            EndReason::Complete => routes.ended,
            why => routes.ended.worse(why),
        };
        self.tell(now, routes.sweep, routes.host_table, ended, routes.udp);
    }

    fn hop_cookie(&self, goal: &Goal, ttl: u8) -> u32 {
        let port = goal.probe.port;
        let cookie = self
            .cookies
            .of(goal.ip, port, self.plan.local.source_port, ROUTE);
        cookie as u32 & !0xff | u32::from(ttl)
    }

    fn write_hop(&self, i: usize, ttl: u8, slot: &mut [u8]) -> Option<Transmit> {
        let Stage::Routes(routes) = &self.stage else {
            return None;
        };
        let goal = routes.trace.goal(i);
        let DiscoveryProbe { kind, port } = goal.probe;
        let (host, _, mac) = routes.host_table.at(goal.host);
        let egress = &self.egresses[goal.route as usize];
        let to = To {
            ip: host.ip,
            mac,
            port,
            cookie: self.hop_cookie(goal, ttl),
            turn: 0,
        };
        let len = egress.write(kind, slot, to);
        let net = match egress.route.framing {
            Framing::Ethernet { .. } => ethernet::Header::LEN,
            Framing::Ip => 0,
        };
        limit(slot.get_mut(net..len)?, ttl);
        Some(Transmit {
            len,
            link: egress.route.link,
            purpose: Purpose::Path,
        })
    }

    /// The port and the cookie of the UDP probe whose header this is. Routers that quote no more than RFC 792 asks
    /// for leave the cookie out, but the checksum follows from it.
    fn quoted_header(&self, i: usize, quote: &Quote<'_>) -> Option<(u16, u32)> {
        let Stage::Routes(routes) = &self.stage else {
            return None;
        };
        let goal = routes.trace.goal(i);
        let header = quote.transport.get(..udp::Header::LEN)?;
        if goal.probe.kind != Kind::UDP_PING || quote.proto != proto::UDP {
            return None;
        }
        let mut slot = [0; UDP_SLOT];
        let mut sent = |ttl: &u8| {
            let end = self.write_hop(i, *ttl, &mut slot)?.len - size_of::<u32>();
            Some(slot.get(end - udp::Header::LEN..end)? == header)
        };
        let mut distances = 1..=MAX_HOPS;
        let ttl = distances.find(|ttl| sent(ttl) == Some(true))?;
        Some((goal.probe.port, self.hop_cookie(goal, ttl)))
    }

    /// The frame as the answer of a router or of a host that is traced; none if it is no answer to any of these
    /// probes. It may come by any link: the way back is the routers' affair, and hosts behind routers have
    /// addresses that are theirs alone.
    pub(super) fn hop_answer(&mut self, now: Instant, frame: &Frame<'_>) -> Option<()> {
        let Stage::Routes(routes) = &self.stage else {
            return None;
        };
        let source_port = self.plan.local.source_port;
        let sender = frame.addresses()?.0;
        let (i, port, cookie, end) = if let Some((reason, quoted)) = unreachable::read(frame) {
            let quote = Quote::parse(quoted).ok()?;
            if !self.egresses.iter().any(|l| l.route.source == quote.src) {
                return None;
            }
            let i = routes.trace.of(quote.dst)?;
            let probe = routes.trace.goal(i).probe.kind.probe();
            let (port, cookie) = probe
                .quoted(&quote, source_port)
                .or_else(|| self.quoted_header(i, &quote))?;
            (i, port, cookie, reason != Reason::TimeExceeded)
        } else {
            let i = routes.trace.of(sender)?;
            let probe = routes.trace.goal(i).probe.kind.probe();
            let answer = probe.answer(frame, source_port)?;
            (i, answer.port, answer.echoed?, true)
        };
        let goal = routes.trace.goal(i);
        let ttl = cookie as u8;
        if port != goal.probe.port || cookie != self.hop_cookie(goal, ttl) {
            return None;
        }
        if let Stage::Routes(routes) = &mut self.stage {
            routes.trace.answered(now, i, ttl, sender, end);
        }
        Some(())
    }
}

/// Lets the datagram live for `ttl` hops.
fn limit(datagram: &mut [u8], ttl: u8) {
    if datagram.first().is_some_and(|b| b >> 4 == 6) {
        if let Some(limit) = datagram.get_mut(V6_LIMIT) {
            *limit = ttl;
        }
        return;
    }
    if datagram.len() < V4_CHECKSUM + 2 {
        return;
    }
    let word = |d: &[u8], at: usize| u16::from_be_bytes([d[at], d[at + 1]]);
    let before = word(datagram, V4_TTL);
    datagram[V4_TTL] = ttl;
    let sum = update16(word(datagram, V4_CHECKSUM), before, word(datagram, V4_TTL));
    datagram[V4_CHECKSUM..V4_CHECKSUM + 2].copy_from_slice(&sum.to_be_bytes());
}
