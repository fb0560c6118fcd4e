//! Discovers the hosts on a link by IPv6: probes to all nodes, and what the hosts send on their own.
//!
//! A /64 is too large to probe address by address, but every host on the link is in certain multicast groups (RFC 4291
//! section 2.7.1). Three probes go to ff02::1:
//! - an echo request from each of this machine's addresses, so that the replies come from addresses of the same
//!   network (RFC 6724 section 5, rule 8),
//! - an echo request with an unknown option, which hosts must report even if it was sent to a group (RFC 8200
//!   section 4.2); hosts that ignore multicast pings report it too,
//! - a query for multicast listeners (RFC 3810) that routers ignore, because its S flag is set.
//!
//! Neighbour discovery messages that the hosts send meanwhile are read too (RFC 4861). The engine performs no I/O.
//! It must not know what is done with the addresses.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::net::Ipv6Addr;
use core::time::Duration;

use vigie_wire::checksum::Checksum;
use vigie_wire::frame::{Frame, LinkType, Net, Transport};
use vigie_wire::icmpv6::{self, kind};
use vigie_wire::ipv4::proto;
use vigie_wire::write::Datagram;
use vigie_wire::{MacAddr, WriteError};

use crate::time::Instant;

/// All nodes of the link.
pub const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// Number of times that the probes are sent: links do not retransmit multicast frames.
const REPETITIONS: u32 = 2;
const INTERVAL: Duration = Duration::from_millis(500);
/// Time over which listeners spread their reports (RFC 3810 section 5.1.3).
const REPORT_SPREAD: Duration = Duration::from_millis(400);
/// How long replies to the last probes may take.
const LAST_WAIT: Duration = Duration::from_millis(800);
/// Maximum number of stored addresses. No link has that many, but a hostile host may claim them.
const MAX_ADDRESSES: usize = 1 << 16;
/// Length of the longest probe in bytes.
pub const MAX_FRAME_LEN: usize = 128;
const HOP_BY_HOP: u8 = 0;
const DESTINATION_OPTIONS: u8 = 60;

/// How an address was discovered, most certain first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiscoveredBy {
    /// It answered the echo request.
    Echo,
    /// It reported the unknown option.
    Option,
    /// It reported the groups that it listens to.
    Listener,
    /// It sent neighbour discovery messages of its own.
    Unsolicited,
}

/// An address on the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// IP address.
    pub ip: Ipv6Addr,
    /// Hardware address of the sender.
    pub mac: MacAddr,
    /// How the address was discovered.
    pub how: DiscoveredBy,
}

#[derive(Clone, Copy, Debug)]
enum Request {
    Echo(Ipv6Addr),
    Option(Ipv6Addr),
    Listeners(Ipv6Addr),
}

/// The probes to a link and their replies.
#[derive(Clone, Debug)]
pub struct LinkDiscovery {
    mac: MacAddr,
    sources: Vec<Ipv6Addr>,
    /// Identifier and sequence number of the echo requests.
    token: u32,
    due: VecDeque<(Instant, Request)>,
    end: Instant,
    found: BTreeMap<Ipv6Addr, Neighbour>,
}

impl LinkDiscovery {
    /// Starts discovery from `sources`, this machine's own addresses on the link; `mac` is its hardware address.
    pub fn new(mac: MacAddr, sources: Vec<Ipv6Addr>, seed: u64, now: Instant) -> LinkDiscovery {
        let link_local = sources
            .iter()
            .copied()
            .find(Ipv6Addr::is_unicast_link_local);
        let mut due = VecDeque::new();
        for round in 0..REPETITIONS {
            let at = now + INTERVAL.saturating_mul(round);
            due.extend(sources.iter().map(|source| (at, Request::Echo(*source))));
            if let Some(source) = link_local {
                due.extend([
                    (at, Request::Option(source)),
                    (at, Request::Listeners(source)),
                ]);
            }
        }
        LinkDiscovery {
            mac,
            sources,
            token: seed as u32,
            due,
            end: now + INTERVAL.saturating_mul(REPETITIONS - 1) + REPORT_SPREAD.max(LAST_WAIT),
            found: BTreeMap::new(),
        }
    }

    /// Writes the next probe that is due into `slot`, of at least [`MAX_FRAME_LEN`] bytes. Returns its length.
    ///
    /// # Errors
    /// If the slot is too short: the caller's mistake.
    pub fn poll_transmit(
        &mut self,
        now: Instant,
        slot: &mut [u8],
    ) -> Result<Option<usize>, WriteError> {
        let due = self.due.pop_front_if(|(at, _)| *at <= now);
        due.map(|(_, request)| self.write(request, slot))
            .transpose()
    }

    /// When to call again; `None` once discovery is over.
    pub fn poll_timeout(&self, now: Instant) -> Option<Instant> {
        let next = self.due.front().map_or(self.end, |(at, _)| *at);
        (now < self.end || !self.due.is_empty()).then_some(next)
    }

    /// Takes a frame, from the Ethernet header on.
    pub fn on_packet(&mut self, frame: &[u8]) {
        let Ok(frame) = Frame::parse(LinkType::Ethernet, frame) else {
            return;
        };
        if let Some((ip, mac, how)) = self.read(&frame) {
            let room = self.found.len() < MAX_ADDRESSES;
            let is_host = !ip.is_multicast() && !ip.is_unspecified() && !ip.is_loopback();
            if !is_host || self.sources.contains(&ip) || mac == self.mac || mac.0[0] & 1 == 1 {
                return;
            }
            match self.found.get_mut(&ip) {
                Some(known) if known.how <= how => {}
                Some(known) => *known = Neighbour { ip, mac, how },
                None if room => {
                    self.found.insert(ip, Neighbour { ip, mac, how });
                }
                None => {}
            }
        }
    }

    /// The addresses discovered so far, sorted.
    pub fn found(&self) -> impl Iterator<Item = &Neighbour> {
        self.found.values()
    }

    fn read(&self, frame: &Frame<'_>) -> Option<(Ipv6Addr, MacAddr, DiscoveredBy)> {
        let (Net::Ipv6(ip), Transport::Icmpv6(message)) = (&frame.net, &frame.transport) else {
            return None;
        };
        let mac = frame.ethernet?.src();
        let to_us = self.sources.contains(&ip.dst());
        let how = match message.kind() {
            kind::ECHO_REPLY if to_us => {
                let token = u32::from(message.id()) << 16 | u32::from(message.seq());
                (token == self.token).then_some(DiscoveredBy::Echo)?
            }
            kind::PARAM_PROBLEM if to_us => {
                let quoted = message.quoted();
                let to: [u8; 16] = *quoted.get(24..)?.first_chunk()?;
                (Ipv6Addr::from(to) == ALL_NODES).then_some(DiscoveredBy::Option)?
            }
            // Reports come from link-local addresses and do not leave the link (RFC 3810 section 5.2).
            kind::ML_REPORT | kind::ML_REPORT_V2
                if ip.hop_limit() == 1 && ip.src().is_unicast_link_local() =>
            {
                DiscoveredBy::Listener
            }
            kind::ROUTER_SOLICIT..=kind::NEIGHBOUR_ADVERT if ip.hop_limit() == 255 => {
                DiscoveredBy::Unsolicited
            }
            _ => return None,
        };
        Some((ip.src(), mac, how))
    }

    fn write(&self, request: Request, slot: &mut [u8]) -> Result<usize, WriteError> {
        let (Request::Echo(source) | Request::Option(source) | Request::Listeners(source)) =
            request;
        let datagram = Datagram::new(source.into(), ALL_NODES.into())?
            .ethernet(self.mac, MacAddr::of_ipv6_multicast(ALL_NODES));
        let echo = icmpv6::Header::new()
            .set_kind(kind::ECHO_REQUEST)
            .set_id((self.token >> 16) as u16)
            .set_seq(self.token as u16);
        let written = match request {
            Request::Echo(_) => datagram.ttl(1).icmpv6(slot, &echo, &[])?,
            Request::Option(_) => {
                // Option 0x80: a host that does not know it drops the packet and reports it. PadN follows.
                let mut packet = [proto::ICMPV6, 0, 0x80, 0, 1, 2, 0, 0].to_vec();
                packet.extend_from_slice(&message(source, echo.bytes()));
                datagram.ttl(1).raw(slot, DESTINATION_OPTIONS, &packet)?
            }
            Request::Listeners(_) => {
                // Router alert (RFC 2711), required by RFC 3810 section 5. PadN follows.
                let mut packet = [proto::ICMPV6, 0, 5, 2, 0, 0, 1, 0].to_vec();
                let spread = (REPORT_SPREAD.as_millis() as u16).to_be_bytes();
                let mut query = [0; 28];
                (query[0], query[4], query[5]) = (kind::ML_QUERY, spread[0], spread[1]);
                // S flag, and the default robustness and interval (RFC 3810 sections 9.1 and 9.2).
                (query[24], query[25]) = (0x08 | 2, 125);
                packet.extend_from_slice(&message(source, &query));
                datagram.ttl(1).raw(slot, HOP_BY_HOP, &packet)?
            }
        };
        Ok(written.len)
    }
}

/// Returns the ICMPv6 message with its checksum.
fn message(source: Ipv6Addr, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let sum = Checksum::new()
        .add_pseudo_v6(source, ALL_NODES, proto::ICMPV6, bytes.len() as u32)
        .add_bytes(&bytes)
        .finish();
    bytes[2..4].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    const OURS: MacAddr = MacAddr([2, 0, 0, 0, 0, 1]);
    const THEIRS: MacAddr = MacAddr([2, 0, 0, 0, 0, 2]);

    fn address(text: &str) -> Ipv6Addr {
        text.parse().unwrap()
    }

    fn link() -> LinkDiscovery {
        let sources = vec![address("fe80::1"), address("fd00::1")];
        LinkDiscovery::new(OURS, sources, 0x1234_5678, Instant::from_millis(1))
    }

    fn sent(link: &mut LinkDiscovery, now: Instant) -> Vec<Vec<u8>> {
        let mut slot = [0; MAX_FRAME_LEN];
        core::iter::from_fn(|| {
            let len = link.poll_transmit(now, &mut slot).unwrap()?;
            Some(slot[..len].to_vec())
        })
        .collect()
    }

    /// Returns the frame that answers `from`, with this message.
    fn answer(from: &str, to: &str, ttl: u8, header: &icmpv6::Header, body: &[u8]) -> Vec<u8> {
        let mut out = [0; 256];
        let datagram = Datagram::new(address(from).into(), address(to).into()).unwrap();
        let datagram = datagram.ethernet(THEIRS, OURS).ttl(ttl);
        let written = datagram.icmpv6(&mut out, header, body).unwrap();
        out[..written.len].to_vec()
    }

    #[test]
    fn it_probes_twice_and_ends() {
        let mut link = link();
        let start = Instant::from_millis(1);
        // An echo from each address, the option and the query.
        assert_eq!(sent(&mut link, start).len(), 4);
        assert_eq!(link.poll_timeout(start), Some(start + INTERVAL));
        assert_eq!(sent(&mut link, start + INTERVAL).len(), 4);
        let end = link.poll_timeout(start + INTERVAL).unwrap();
        assert_eq!(link.poll_timeout(end), None);
    }

    #[test]
    fn what_it_sends_is_well_formed_and_stays_on_the_link() {
        for frame in sent(&mut link(), Instant::from_millis(1)) {
            let read = Frame::parse(LinkType::Ethernet, &frame).unwrap();
            assert_eq!(read.ttl(), Some(1));
            let Transport::Icmpv6(m) = read.transport else {
                panic!("{read:?}");
            };
            let (from, _) = read.addresses().unwrap();
            let len = frame.len() - (m.payload().as_ptr() as usize - frame.as_ptr() as usize) + 8;
            let bytes = &frame[frame.len() - len..];
            let sum = Checksum::new()
                .add_pseudo(from, ALL_NODES.into(), proto::ICMPV6, len as u32)
                .add_bytes(bytes)
                .finish();
            assert_eq!(sum, 0, "{:?}", m.kind());
        }
    }

    #[test]
    fn every_kind_of_answer_is_recognised_and_nothing_else() {
        let mut link = link();
        let echo = icmpv6::Header::new()
            .set_kind(kind::ECHO_REPLY)
            .set_id(0x1234);
        let right = echo.set_seq(0x5678);
        link.on_packet(&answer("fd00::2", "fd00::1", 64, &right, &[]));
        link.on_packet(&answer("fd00::bad", "fd00::1", 64, &echo.set_seq(1), &[]));
        let report = icmpv6::Header::new().set_kind(kind::ML_REPORT_V2);
        link.on_packet(&answer("fe80::2", "ff02::16", 1, &report, &[]));
        link.on_packet(&answer("fe80::bad", "ff02::16", 2, &report, &[]));
        let solicit = icmpv6::Header::new().set_kind(kind::NEIGHBOUR_SOLICIT);
        link.on_packet(&answer("fe80::3", "ff02::1", 255, &solicit, &[0; 16]));
        link.on_packet(&answer("::", "ff02::1", 255, &solicit, &[0; 16]));
        let option = &sent(&mut link, Instant::from_millis(1))[2];
        let problem = icmpv6::Header::new()
            .set_kind(kind::PARAM_PROBLEM)
            .set_code(2);
        link.on_packet(&answer("fe80::4", "fe80::1", 64, &problem, &option[14..]));
        // Already discovered by a more certain method.
        link.on_packet(&answer("fe80::4", "ff02::1", 255, &solicit, &[0; 16]));
        let found: Vec<_> = link.found().map(|n| (n.ip, n.how)).collect();
        let wanted = [
            (address("fd00::2"), DiscoveredBy::Echo),
            (address("fe80::2"), DiscoveredBy::Listener),
            (address("fe80::3"), DiscoveredBy::Unsolicited),
            (address("fe80::4"), DiscoveredBy::Option),
        ];
        assert_eq!(found, wanted);
    }

    proptest! {
        #[test]
        fn any_bytes_are_harmless(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            link().on_packet(&bytes);
        }
    }
}
