//! The network: who receives a frame, and which frames come back when.
//!
//! It answers ARP and neighbour solicitations for the router and for hosts on the link, echo requests, and probes to
//! the ports of each host. This file must not know the scan that sends the frames.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use vigie_scan::Instant;
use vigie_wire::MacAddr;
use vigie_wire::frame::{Frame, LinkType, Net, Transport};
use vigie_wire::tcp::Flags;
use vigie_wire::write::{Datagram, arp as write_arp};
use vigie_wire::{arp, ethernet, icmpv4, icmpv6, udp};

use crate::host::{Answering, Datagrams, SimHost, SimRouter};
use crate::path::Path;
use crate::random::Random;
use crate::replies::{extend, quoting, reject, sctp_answer, tcp_answer};

/// The scanner's hardware address in the simulator.
pub const SCANNER_MAC: MacAddr = MacAddr([2, 0, 0, 0xff, 0, 1]);
/// Hardware address of the simulated router.
pub const ROUTER_MAC: MacAddr = MacAddr([2, 0, 0, 0xff, 0, 2]);
/// Address of the scanner.
pub const SCANNER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
/// IPv6 address of the scanner.
pub const SCANNER_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1));
/// Address of the router.
pub const ROUTER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));

/// A network around one scanner.
#[derive(Clone, Debug)]
pub struct Network {
    /// Hosts, by address.
    pub hosts: BTreeMap<IpAddr, SimHost>,
    /// Path from the scanner outwards.
    pub out: Path,
    /// Path back to the scanner.
    pub back: Path,
    /// Routers on the route to every IPv4 host, nearest first. If there are any, the time to live counts.
    pub routers: Vec<SimRouter>,
    /// Path between the scanner and its neighbours, in both directions: address resolution uses it.
    pub link: Path,
    /// Source of all random numbers.
    pub random: Random,
    /// Number of frames that the scanner sent.
    pub sent: u64,
    /// Number of SYNs among them.
    pub syns: u64,
}

impl Network {
    /// Returns a network of `hosts` behind a path that is the same in both directions.
    pub fn new(hosts: impl IntoIterator<Item = SimHost>, path: Path, seed: u64) -> Network {
        Network {
            hosts: hosts.into_iter().map(|h| (h.ip, h)).collect(),
            out: path.clone(),
            back: path,
            routers: Vec::new(),
            link: Path::new(Duration::ZERO),
            random: Random::new(seed),
            sent: 0,
            syns: 0,
        }
    }

    /// Takes a frame that the scanner sends at `now`. Returns the frames that come back, and when.
    pub fn send(&mut self, now: Instant, frame: &[u8]) -> Vec<(Instant, Vec<u8>)> {
        self.sent += 1;
        let mut come_back = Vec::new();
        let Ok(parsed) = Frame::parse(LinkType::Ethernet, frame) else {
            return come_back;
        };
        if let Some(reply) = self.neighbour(&parsed) {
            let back = self.link.carry(now, &mut self.random);
            come_back.extend(back.into_iter().flatten().map(|at| (at, reply.clone())));
            return come_back;
        }
        let to = parsed.addresses().map(|(_, to)| to);
        let arrivals = self.out.carry(now, &mut self.random);
        for arrives in self.carry_on_own_path(arrivals, to, true) {
            let answer = match self.router_of(&parsed) {
                Some(router) => self.time_exceeded(router, arrives, frame, &parsed),
                None => self.answer(arrives, &parsed),
            };
            let Some(mut reply) = answer else {
                continue;
            };
            let host = to.and_then(|to| self.hosts.get(&to));
            if host.is_some_and(|h| h.extended) {
                extend(&mut reply);
            }
            let leaves = arrives + host.map_or(Duration::ZERO, |h| h.extra_delay);
            for leaves in self.carry_on_own_path([Some(leaves), None], to, false) {
                let mut back = self.back.carry(leaves, &mut self.random);
                if self.retransmits(&parsed, back[0].is_some()) {
                    // The queue of a second later is unknown: carry the frame over a copy of the path.
                    let again = leaves + Duration::from_secs(1);
                    back = self.back.clone().carry(again, &mut self.random);
                }
                come_back.extend(back.into_iter().flatten().map(|at| (at, reply.clone())));
            }
        }
        come_back
    }

    /// Whether the reply to `probe` is a SYN/ACK that its host retransmits; `delivered` says whether it arrived.
    fn retransmits(&mut self, probe: &Frame<'_>, delivered: bool) -> bool {
        let (Some((_, to)), Transport::Tcp(syn)) = (probe.addresses(), &probe.transport) else {
            return false;
        };
        let connection = (syn.src_port(), syn.dst_port());
        let host = self.hosts.get_mut(&to);
        host.is_some_and(|host| {
            host.answering(connection.1) == Answering::Open
                && host.sent_syn_ack(connection, delivered)
        })
    }

    /// Returns the router at which the packet's time to live ends, if any.
    fn router_of(&self, frame: &Frame<'_>) -> Option<usize> {
        let Net::Ipv4(ip) = &frame.net else {
            return None;
        };
        let index = usize::from(ip.ttl()).saturating_sub(1);
        (index < self.routers.len()).then_some(index)
    }

    /// Returns a time exceeded error that quotes the header and 8 bytes (RFC 792).
    fn time_exceeded(
        &mut self,
        router: usize,
        now: Instant,
        bytes: &[u8],
        frame: &Frame<'_>,
    ) -> Option<Vec<u8>> {
        let router = self.routers.get_mut(router)?;
        router.errors_due += 1;
        if !router.errors.as_mut()?.take(now) {
            return None;
        }
        let quote = bytes.get(ethernet::Header::LEN..)?;
        let quote = &quote[..quote.len().min(28)];
        let header = icmpv4::Header::new().set_kind(11).set_rest(0);
        let (from, _) = frame.addresses()?;
        let mut out = [0u8; 128];
        let datagram = Datagram::new(router.ip, from).ok()?;
        let written = datagram
            .ethernet(ROUTER_MAC, SCANNER_MAC)
            .icmpv4(&mut out, &header, quote)
            .ok()?;
        Some(out[..written.len].to_vec())
    }

    /// Carries packets that leave at `times` over the host's own part of the path. Returns when they arrive.
    fn carry_on_own_path(
        &mut self,
        times: [Option<Instant>; 2],
        host: Option<IpAddr>,
        outbound: bool,
    ) -> Vec<Instant> {
        let times = times.into_iter().flatten();
        let host = host.and_then(|host| self.hosts.get_mut(&host));
        let Some((to, from)) = host.and_then(|h| h.own_path.as_mut()) else {
            return times.collect();
        };
        let path = if outbound { to } else { from };
        let mut arrivals = Vec::new();
        for at in times {
            arrivals.extend(path.carry(at, &mut self.random).into_iter().flatten());
        }
        arrivals
    }

    /// Returns the answer to a request for a hardware address.
    fn neighbour(&self, frame: &Frame<'_>) -> Option<Vec<u8>> {
        let mut out = [0u8; 128];
        let written = match (&frame.net, &frame.transport) {
            (Net::Arp(question), _) => {
                let mac = self.mac_of(question.target_ip().into())?;
                let header = ethernet::Header::new()
                    .set_src(mac)
                    .set_dst(question.sender_mac());
                let message = arp::Header::new()
                    .set_op(arp::REPLY)
                    .set_sender_mac(mac)
                    .set_sender_ip(question.target_ip())
                    .set_target_mac(question.sender_mac())
                    .set_target_ip(question.sender_ip());
                write_arp(&mut out, &header, &message, None)
            }
            (Net::Ipv6(ip), Transport::Icmpv6(m))
                if m.kind() == icmpv6::kind::NEIGHBOUR_SOLICIT =>
            {
                let target = m.target()?;
                let mac = self.mac_of(target.into())?;
                let mut body = [0u8; 24];
                body[..16].copy_from_slice(&target.octets());
                (body[16], body[17]) = (icmpv6::nd_option::TARGET_LL, 1);
                body[18..].copy_from_slice(&mac.octets());
                let header = icmpv6::Header::new().set_kind(icmpv6::kind::NEIGHBOUR_ADVERT);
                Datagram::new(target.into(), ip.src().into())
                    .ok()?
                    .ethernet(mac, SCANNER_MAC)
                    .ttl(255)
                    .icmpv6(&mut out, &header, &body)
            }
            _ => return None,
        };
        Some(out[..written.ok()?.len].to_vec())
    }

    fn mac_of(&self, ip: IpAddr) -> Option<MacAddr> {
        if ip == ROUTER {
            Some(ROUTER_MAC)
        } else {
            self.hosts.get(&ip).map(|h| h.mac)
        }
    }

    /// Returns the reply of the host that the datagram is for.
    fn answer(&mut self, now: Instant, frame: &Frame<'_>) -> Option<Vec<u8>> {
        let (from, to) = frame.addresses()?;
        let to_mac = frame.ethernet?.dst();
        if matches!(frame.transport, Transport::Tcp(t) if t.flags().contains(Flags::SYN)) {
            self.syns += 1;
        }
        let host = self.hosts.get_mut(&to)?;
        if to_mac != host.mac && to_mac != ROUTER_MAC {
            return None;
        }
        let left = 64u8.saturating_sub(self.routers.len() as u8);
        let datagram = Datagram::new(host.replies_from.unwrap_or(to), from)
            .ok()?
            .ethernet(to_mac, SCANNER_MAC)
            .ttl(left);
        let mut out = [0u8; 256];
        let written = match frame.transport {
            Transport::Icmpv4(m) if m.kind() == icmpv4::kind::ECHO_REQUEST && host.pings => {
                datagram.icmpv4(
                    &mut out,
                    &icmpv4::Header::new()
                        .set_kind(icmpv4::kind::ECHO_REPLY)
                        .set_rest(m.rest()),
                    m.body(),
                )
            }
            Transport::Icmpv6(m) if m.kind() == icmpv6::kind::ECHO_REQUEST && host.pings => {
                let header = icmpv6::Header::new()
                    .set_kind(icmpv6::kind::ECHO_REPLY)
                    .set_id(m.id())
                    .set_seq(m.seq());
                datagram.icmpv6(&mut out, &header, m.body())
            }
            Transport::Tcp(segment) => {
                host.syns_received += 1;
                let answering = host.answering(segment.dst_port());
                if let Answering::Rejected(kind, code) = answering {
                    return host
                        .rejections
                        .allow(now)
                        .then(|| reject(&datagram, kind, code, frame))?;
                }
                let header = tcp_answer(host, now, &segment, answering, &mut self.random)?;
                let datagram = match answering {
                    Answering::Intercepted(ttl) => datagram.ttl(ttl),
                    _ => datagram,
                };
                datagram.tcp(&mut out, &header, &[], &[])
            }
            Transport::Other { proto, payload } => match host.protocol(proto) {
                Datagrams::Closed => {
                    let (kind, code) = if to.is_ipv4() { (3, 2) } else { (4, 1) };
                    let may = host.may_send_error(now, from);
                    return may.then(|| quoting(frame, &datagram, kind, code))?;
                }
                Datagrams::Rejected(kind, code) => {
                    let may = host.may_send_error(now, from);
                    return may.then(|| quoting(frame, &datagram, kind, code))?;
                }
                _ if proto == 132 => datagram.raw(&mut out, 132, &sctp_answer(host, payload)?),
                _ => return None,
            },
            Transport::Udp(sent) => {
                return self.datagram(now, frame, &sent, &datagram, (from, to));
            }
            _ => return None,
        };
        Some(out[..written.ok()?.len].to_vec())
    }

    /// Returns the reply of a UDP port.
    fn datagram(
        &mut self,
        now: Instant,
        frame: &Frame<'_>,
        sent: &udp::View<'_>,
        datagram: &Datagram,
        (from, to): (IpAddr, IpAddr),
    ) -> Option<Vec<u8>> {
        let host = self.hosts.get_mut(&to)?;
        let mut content = sent.payload().to_vec();
        match host.datagrams(sent.dst_port()) {
            Datagrams::Closed => {
                let (kind, code) = if to.is_ipv4() { (3, 3) } else { (1, 4) };
                return host
                    .may_send_error(now, from)
                    .then(|| quoting(frame, datagram, kind, code))?;
            }
            Datagrams::Rejected(kind, code) => {
                return host
                    .may_send_error(now, from)
                    .then(|| quoting(frame, datagram, kind, code))?;
            }
            // The query with the response bit set (RFC 1035 section 4.1.1).
            Datagrams::Dns if content.len() >= 17 && content[2..6] == [0, 0, 0, 1] => {
                content[2] |= 0x80;
            }
            Datagrams::Odd => content = b"what?".to_vec(),
            // A DNS server ignores anything that is not a query.
            Datagrams::Dns | Datagrams::Silent | Datagrams::Dropped => return None,
        }
        let header = udp::Header::new()
            .set_src_port(sent.dst_port())
            .set_dst_port(sent.src_port());
        let mut out = [0u8; 2048];
        let written = datagram.udp(&mut out, &header, &content).ok()?;
        Some(out[..written.len].to_vec())
    }
}
