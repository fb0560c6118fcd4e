//! Traces the route to each host whose ports are done.
//!
//! [`crate::traceroute`] decides which hop is probed next; this file writes the probes and reads the replies.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use vigie_wire::checksum::update16;
use vigie_wire::frame::Frame;
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::{ethernet, udp};

use super::summary;
use crate::engine::core::Core;
use crate::engine::phase::{AnyPhase, Phase, PhaseState, Poll};
use crate::engine::{Ingress, Purpose, Transmit};
use crate::event::{EndReason, Event, Path};
use crate::finding::Reason;
use crate::host_table::HostTable;
use crate::plan::{Discovery, DiscoveryProbe, Framing};
use crate::probe::{Kind, To, unreachable};
use crate::sweep::Partitions;
use crate::time::Instant;
use crate::traceroute::{Goal, Hop, MAX_HOPS, Traceroute};
use crate::udp::UdpScan;

/// Salt of the cookies of these probes. The last byte of such a cookie is the distance.
const SALT: u32 = 2;
/// Maximum number of hosts that are traced.
const MAX_HOSTS: u64 = 1 << 16;
/// Size of a UDP probe with any headers below it, in bytes.
const UDP_SLOT: usize = 128;
/// Offset of the time to live in an IPv4 header.
const V4_TTL: usize = 8;
/// Offset of the checksum in an IPv4 header.
const V4_CHECKSUM: usize = 10;
/// Offset of the hop limit in an IPv6 header.
const V6_LIMIT: usize = 7;

/// The running traces, and the results to report after them.
#[derive(Debug)]
pub(in crate::engine) struct TraceRoutes {
    trace: Traceroute,
    sweep: Partitions,
    hosts: HostTable,
    /// Why the phases before ended.
    ended: EndReason,
    udp: Option<Box<UdpScan>>,
}

impl TraceRoutes {
    /// Traces the routes to `hosts`.
    pub(super) fn begin(
        core: &mut Core,
        now: Instant,
        (sweep, hosts, ended): (Partitions, HostTable, EndReason),
        udp: Option<Box<UdpScan>>,
    ) -> AnyPhase {
        let goals = goals(core, &hosts, udp.as_deref());
        let trace = Traceroute::new(goals, core.plan.spec.budget.max_rate, now);
        AnyPhase::TraceRoutes(Box::new(TraceRoutes {
            trace,
            sweep,
            hosts,
            ended,
            udp,
        }))
    }

    fn write(&self, core: &Core, i: usize, ttl: u8, slot: &mut [u8]) -> Option<Transmit> {
        let goal = self.trace.goal(i);
        let DiscoveryProbe { kind, port } = goal.probe;
        let (host, _, mac) = self.hosts.at(goal.host);
        let egress = &core.egresses[goal.route as usize];
        let to = To {
            ip: host.ip,
            mac,
            port,
            cookie: cookie(core, goal, ttl),
            turn: 0,
        };
        let len = egress.write(kind, slot, to);
        let net = match egress.route.framing {
            Framing::Ethernet { .. } => ethernet::Header::LEN,
            Framing::Ip => 0,
        };
        set_hop_limit(slot.get_mut(net..len)?, ttl);
        Some(Transmit {
            len,
            link: egress.route.link,
            purpose: Purpose::Path,
        })
    }

    /// Returns the port and the cookie of the UDP probe whose header is quoted. A router that quotes no more than RFC
    /// 792 requires omits the cookie, but the UDP checksum depends on it.
    fn quoted_header(&self, core: &Core, i: usize, quote: &Quote<'_>) -> Option<(u16, u32)> {
        let goal = self.trace.goal(i);
        let header = quote.transport.get(..udp::Header::LEN)?;
        if goal.probe.kind != Kind::UDP_PING || quote.proto != proto::UDP {
            return None;
        }
        let mut slot = [0; UDP_SLOT];
        let mut sent = |ttl: &u8| {
            let end = self.write(core, i, *ttl, &mut slot)?.len - size_of::<u32>();
            Some(slot.get(end - udp::Header::LEN..end)? == header)
        };
        let mut distances = 1..=MAX_HOPS;
        let ttl = distances.find(|ttl| sent(ttl) == Some(true))?;
        Some((goal.probe.port, cookie(core, goal, ttl)))
    }
}

impl Phase for TraceRoutes {
    /// Interprets the reply of a router or of a traced host. It may arrive on any link: routers choose the route back,
    /// and addresses behind routers are unique.
    fn on_packet(
        &mut self,
        core: &mut Core,
        now: Instant,
        _: Ingress,
        frame: &Frame<'_>,
    ) -> Option<()> {
        let source_port = core.plan.local.source_port;
        let sender = frame.addresses()?.0;
        let (i, port, echoed, end) = if let Some((reason, quoted)) = unreachable::read(frame) {
            let quote = Quote::parse(quoted).ok()?;
            if !core.egresses.iter().any(|e| e.route.source == quote.src) {
                return None;
            }
            let i = self.trace.of(quote.dst)?;
            let probe = self.trace.goal(i).probe.kind.probe();
            let (port, echoed) = probe
                .quoted(&quote, source_port)
                .or_else(|| self.quoted_header(core, i, &quote))?;
            (i, port, echoed, reason != Reason::TimeExceeded)
        } else {
            let i = self.trace.of(sender)?;
            let probe = self.trace.goal(i).probe.kind.probe();
            let reply = probe.answer(frame, source_port)?;
            (i, reply.port, reply.echoed?, true)
        };
        let goal = self.trace.goal(i);
        let ttl = echoed as u8;
        if port != goal.probe.port || echoed != cookie(core, goal, ttl) {
            return None;
        }
        self.trace.answered(now, i, ttl, sender, end);
        Some(())
    }

    fn poll_transmit(&mut self, core: &mut Core, now: Instant, slot: &mut [u8]) -> Poll<Transmit> {
        if now >= core.deadline {
            return Poll::Done(EndReason::MaxTime);
        }
        if let Some((i, ttl)) = self.trace.next(now) {
            core.results.count_sent();
            return self
                .write(core, i, ttl, slot)
                .map_or(Poll::Wait, Poll::Send);
        }
        if self.trace.is_done() {
            return Poll::Done(EndReason::Complete);
        }
        Poll::Wait
    }

    fn wake(&mut self, core: &Core, now: Instant) -> Option<Instant> {
        if self.trace.is_done() {
            return Some(now);
        }
        Some(self.trace.wake(now).min(core.deadline))
    }

    fn stop(&mut self, _: &mut Core, _: Instant, why: EndReason) -> Option<EndReason> {
        Some(why)
    }

    fn finish(self, core: &mut Core, now: Instant, ended: EndReason) -> AnyPhase {
        for (goal, hops) in self.trace.paths() {
            let path = Path {
                host: self.hosts.at(goal.host).0,
                probe: Some(goal.probe),
                hops,
            };
            core.results.events.push_back(Event::Path(Box::new(path)));
        }
        let ended = match ended {
            EndReason::Complete => self.ended,
            why => self.ended.worse(why),
        };
        summary::begin(core, now, (self.sweep, self.hosts, ended), self.udp)
    }

    fn state(&self, now: Instant) -> Option<PhaseState<'_>> {
        // All ports are done; a resumed scan traces the routes again.
        Some(PhaseState {
            sweeps: self.sweep.states(now),
            hosts: &self.hosts,
            udp: self.udp.as_deref(),
        })
    }
}

/// Returns the hosts to trace. The route to a neighbour is known, and reported at once.
fn goals(core: &mut Core, hosts: &HostTable, udp: Option<&UdpScan>) -> Vec<Goal> {
    let n = core.port_count();
    let answering = core.results.answering(n);
    // Where nothing was probed, every host is traced.
    let unprobed = n == 0 && udp.is_none() && core.plan.spec.discovery == Discovery::AssumeUp;
    let mut goals = Vec::new();
    for i in 0..hosts.len().min(MAX_HOSTS) {
        let (host, route, _) = hosts.at(i);
        let egress = &core.egresses[route as usize];
        // A host that is assumed to be up has not answered.
        let found = hosts.found(i).filter(|f| f.reason != Reason::UserSet);
        let by_port = answering.get(&i).map(|(index, ttl)| {
            let (_, port) = core.plan.spec.tcp_ports().at(*index as usize);
            (DiscoveryProbe::new(core.port_probe, port), *ttl)
        });
        let by_udp = || {
            let (port, ttl) = udp.and_then(|udp| udp.answering(i))?;
            Some((DiscoveryProbe::new(Kind::UDP_PING, port), ttl))
        };
        let answered = by_port.or_else(by_udp);
        if egress.route.local || (found.is_none() && answered.is_none() && !unprobed) {
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
            core.results.events.push_back(Event::Path(Box::new(path)));
            continue;
        }
        let probe = hosts.probe(i).or(answered.map(|a| a.0));
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

fn cookie(core: &Core, goal: &Goal, ttl: u8) -> u32 {
    core.cookie(goal.ip, goal.probe.port, SALT) & !0xff | u32::from(ttl)
}

/// Sets the time to live or hop limit of `datagram`.
fn set_hop_limit(datagram: &mut [u8], ttl: u8) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_wire::checksum::Checksum;

    #[test]
    fn the_checksum_follows_the_time_to_live() {
        let mut header = [
            0x45, 0, 0, 20, 1, 2, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ];
        let sum = Checksum::new().add_bytes(&header).finish();
        header[V4_CHECKSUM..V4_CHECKSUM + 2].copy_from_slice(&sum.to_be_bytes());
        for ttl in [1, 7, 30, 255] {
            set_hop_limit(&mut header, ttl);
            assert_eq!(header[V4_TTL], ttl);
            assert_eq!(Checksum::new().add_bytes(&header).finish(), 0, "{ttl}");
        }
    }

    #[test]
    fn a_truncated_header_is_left_alone() {
        let mut short = [0x45, 0, 0];
        set_hop_limit(&mut short, 3);
        assert_eq!(short, [0x45, 0, 0]);
        let mut v6 = [0x60, 0, 0, 0, 0, 0, 58, 64];
        set_hop_limit(&mut v6, 3);
        assert_eq!(v6[V6_LIMIT], 3);
    }
}
