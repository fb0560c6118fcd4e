//! A scan as data: everything that is decided before the first packet.
//!
//! A plan is built from arguments by the binary (names resolved, routes asked
//! for), and from values by tests. Two runs of the same plan with the same seed
//! send the same probes in the same order. This file must not know how any of
//! it was obtained.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::ops::RangeInclusive;
use core::time::Duration;

use vigie_wire::MacAddr;
use vigie_wire::tcp::Flags;

use crate::event::EndReason;
use crate::probe::Kind;
use crate::target::TargetSet;
use crate::time::Instant;
use vigie_scope::Transport;
use vigie_scope::ports::PortList;

/// How many source ports the tries of a SYN take turns with, where no certain one is wished for.
///
/// A listener whose SYN/ACK was lost holds the connection half open, and Linux answers a SYN that comes again from the same
/// port only once in half a second (`tcp_invalid_ratelimit`): quick tries from one port would be none to it. Two tries
/// from each of four are eight.
pub const SOURCE_PORTS: u16 = 4;

/// How ports are probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Technique {
    /// A bare SYN; the connection is never completed. Needs packet sockets, as all below.
    Syn,
    /// A connection by the kernel, as any program makes it. Needs no privilege.
    Connect,
    /// A bare ACK: which ports a firewall lets through.
    Ack,
    /// The same, with a look at the reset's window.
    Window,
    /// A bare FIN.
    Fin,
    /// A segment without flags.
    Null,
    /// FIN, PSH and URG.
    Xmas,
    /// FIN and ACK.
    Maimon,
    /// Datagrams of each IP protocol.
    IpProtocol,
    /// The first packet of an SCTP association.
    SctpInit,
    /// The third packet of one that never began.
    SctpCookieEcho,
}

impl Technique {
    /// Every technique.
    pub const ALL: &'static [Technique] = &[
        Technique::Syn,
        Technique::Connect,
        Technique::Ack,
        Technique::Window,
        Technique::Fin,
        Technique::Null,
        Technique::Xmas,
        Technique::Maimon,
        Technique::IpProtocol,
        Technique::SctpInit,
        Technique::SctpCookieEcho,
    ];

    /// The technique that `word` names in machine formats, if any.
    pub fn from_word(word: &str) -> Option<Technique> {
        Technique::ALL.iter().copied().find(|t| t.as_str() == word)
    }

    /// The flag that asks for it, without the dash.
    pub const fn flag(self) -> &'static str {
        self.facts().0
    }

    /// The word for it in machine formats, as nmap's XML has it.
    pub const fn as_str(self) -> &'static str {
        self.facts().1
    }

    /// What carries the ports that it probes.
    pub const fn transport(self) -> Transport {
        self.facts().2
    }

    /// The probe that it sends; none where the kernel sends.
    pub const fn kind(self) -> Option<Kind> {
        self.facts().3
    }

    const fn facts(self) -> (&'static str, &'static str, Transport, Option<Kind>) {
        use Transport::{Ip, Sctp, Tcp};
        match self {
            Technique::Syn => ("sS", "syn", Tcp, Some(Kind::SYN)),
            Technique::Connect => ("sT", "connect", Tcp, None),
            Technique::Ack => ("sA", "ack", Tcp, Some(Kind::ACK)),
            Technique::Window => ("sW", "window", Tcp, Some(Kind::WINDOW)),
            Technique::Fin => ("sF", "fin", Tcp, Some(Kind::FIN)),
            Technique::Null => ("sN", "null", Tcp, Some(Kind::NULL)),
            Technique::Xmas => ("sX", "xmas", Tcp, Some(Kind::XMAS)),
            Technique::Maimon => ("sM", "maimon", Tcp, Some(Kind::MAIMON)),
            Technique::IpProtocol => ("sO", "ipproto", Ip, Some(Kind::IP_PROTOCOL)),
            Technique::SctpInit => ("sY", "sctpinit", Sctp, Some(Kind::SCTP_INIT)),
            Technique::SctpCookieEcho => {
                ("sZ", "sctpcookieecho", Sctp, Some(Kind::SCTP_COOKIE_ECHO))
            }
        }
    }
}

/// How frames are laid out on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Ethernet II; `mac` is this machine's address on the link.
    Ethernet {
        /// The address that frames are sent from.
        mac: MacAddr,
    },
    /// Bare IP packets: loopback, tun, WireGuard, PPP.
    Ip,
}

/// Who gets the frame for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextHop {
    /// The link has no hardware addresses (or the target is this machine).
    Direct,
    /// The target itself, found by ARP or neighbour discovery.
    OnLink,
    /// A router, whose hardware address is found the same way.
    Gateway(IpAddr),
}

/// The way to a part of the targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The interface, by index.
    pub link: u32,
    /// The interface's name, for people.
    pub link_name: String,
    /// How frames look there.
    pub framing: Framing,
    /// The source address, one of this machine's own.
    pub source: IpAddr,
    /// Who gets the frames.
    pub hop: NextHop,
    /// The largest IP packet that the link carries, in bytes.
    pub mtu: u32,
    /// Whether the targets are addresses of this machine.
    pub local: bool,
}

/// A neighbour that the kernel already knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// The interface, by index.
    pub link: u32,
    /// Its address.
    pub ip: IpAddr,
    /// Its hardware address.
    pub mac: MacAddr,
}

/// Whether to look for hosts before their ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// Ask first (ARP or neighbour discovery on the link; echo and TCP probes
    /// through a router), and scan the hosts that answer.
    Ask,
    /// Take every host as up (`-Pn`). On a link with hardware addresses the
    /// address must still be resolved, or nothing can be sent.
    AssumeUp,
}

/// A question whose answer says that a host is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscoveryProbe {
    /// The probe.
    pub kind: Kind,
    /// Its port (of an IP protocol probe the protocol's number), 0 where it has none.
    pub port: u16,
}

impl DiscoveryProbe {
    /// What hosts are asked where nothing is said, as nmap asks: an echo request, a SYN to 443, an ACK to 80 and
    /// a timestamp request (of which IPv6 has none).
    pub const DEFAULT: [DiscoveryProbe; 4] = [
        DiscoveryProbe::new(Kind::ECHO, 0),
        DiscoveryProbe::new(Kind::SYN, 443),
        DiscoveryProbe::new(Kind::ACK, 80),
        DiscoveryProbe::new(Kind::TIMESTAMP, 0),
    ];

    /// How often a question is asked at most.
    pub const MAX_TRIES: u8 = 4;

    /// A question.
    pub const fn new(kind: Kind, port: u16) -> DiscoveryProbe {
        DiscoveryProbe { kind, port }
    }
}

/// What the scan may spend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// The most probes a second, if capped.
    pub max_rate: Option<f64>,
    /// The fewest probes a second, if the user insists.
    pub min_rate: Option<f64>,
    /// The most probes a second to one host, if capped.
    pub max_host_rate: Option<f64>,
    /// The most tries at a silent port.
    pub max_tries: u8,
    /// The wanted certainty that a silent port was not missed, 0..1.
    pub confidence: f64,
    /// The most time for one host.
    pub host_timeout: Option<Duration>,
    /// The most time for the scan.
    pub max_time: Option<Duration>,
    /// The most connections at once, for connect scans.
    pub max_connections: usize,
    /// How long silent ports of hosts that limit their resets are proven; none: to the end (`--complete`).
    pub rate_limit_probing: Option<Duration>,
    /// Of so many hosts whose every port is open full connections verify it; 0 for none.
    pub max_checked_hosts: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            max_rate: None,
            min_rate: None,
            max_host_rate: None,
            max_tries: 10,
            confidence: 0.9999,
            host_timeout: None,
            max_time: None,
            max_connections: 512,
            rate_limit_probing: Some(RATE_LIMIT_PROBING_TIME),
            max_checked_hosts: 0,
        }
    }
}

impl Budget {
    /// When hosts whose ports are scanned from `now` on must be done, and why: every host is
    /// scanned all the time, so their time is one and the same.
    pub(crate) fn end_of_hosts(&self, now: Instant, deadline: Instant) -> (Instant, EndReason) {
        match self.host_timeout.map(|t| now + t) {
            Some(end) if end < deadline => (end, EndReason::HostTimeout),
            _ => (deadline, EndReason::MaxTime),
        }
    }
}

/// Which ports get an event of their own besides being counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Every port, whatever its state.
    pub all: bool,
    /// Only open ports (and those that may be open).
    pub open_only: bool,
    /// A state with one reason that more ports than this have is counted, not listed.
    pub most: u64,
}

impl Default for Listing {
    fn default() -> Listing {
        Listing {
            all: false,
            open_only: false,
            most: 25,
        }
    }
}

/// One part of a scan that is shared among several runs: the same seed and plan, no overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Shard {
    /// The whole.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Whether there is such a part.
    pub const fn is_valid(self) -> bool {
        self.number >= 1 && self.number <= self.of
    }

    /// Its positions among `n`, as start and end.
    pub const fn range(self, n: u64) -> (u64, u64) {
        let (n, of) = (n as u128, self.of as u128);
        let (first, last) = ((self.number - 1) as u128, self.number as u128);
        ((n * first / of) as u64, (n * last / of) as u64)
    }
}

/// The UDP part of a scan.
#[derive(Clone, Debug, PartialEq)]
pub struct UdpPlan {
    /// Which ports, in the order of their usefulness.
    pub ports: PortList,
    /// How long closed ports are proven; none: to the end (`--complete`).
    pub budget: Option<Duration>,
    /// Addresses of this machine to send from besides the routes' own (`--source`): each has its own bucket at the target.
    pub sources: Vec<IpAddr>,
    /// Whether other ports of the targets may be probed too, to find one that is closed.
    pub controls: bool,
}

/// How long closed UDP ports are proven where nothing is said: on Linux, some sixty ports of each host.
pub const RATE_LIMIT_PROBING_TIME: Duration = Duration::from_mins(1);

/// A whole scan, ready to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is scanned; each segment names its route by index.
    pub targets: TargetSet,
    /// Which ports, in the order of their usefulness; none where only hosts are looked for, or only UDP is scanned.
    pub ports: PortList,
    /// The UDP ports, where they are scanned.
    pub udp: Option<UdpPlan>,
    /// How.
    pub technique: Technique,
    /// TCP flags to send in place of the technique's own; what answers mean stays the technique's.
    pub flags: Option<Flags>,
    /// Whether hosts are looked for first.
    pub discovery: Discovery,
    /// What hosts behind routers are asked, in this order; on a link it is always their hardware address.
    pub discovery_probes: Vec<DiscoveryProbe>,
    /// Whether the way to each host is traced.
    pub traceroute: bool,
    /// The ways to the targets.
    pub routes: Vec<Route>,
    /// Hardware addresses already known.
    pub neighbours: Vec<Neighbour>,
    /// The source port of all probes but some tries of a SYN, held by the caller and outside the ephemeral range.
    pub source_port: u16,
    /// How many ports, from that one on, the tries of a SYN are sent from in turn; see [`SOURCE_PORTS`].
    pub source_ports: u16,
    /// What the scan may spend.
    pub budget: Budget,
    /// Which ports are listed.
    pub listing: Listing,
    /// The seed of the order and of the cookies.
    pub seed: u64,
    /// Which part of the probes this run makes.
    pub shard: Shard,
    /// How many bytes may hold what is known of the probes: a scan that needs more goes through its hosts window by
    /// window. All shards of a scan must have the same.
    pub memory: u64,
}

/// What is known of probes takes so many bytes at most where nothing is said: a billion probes at once.
pub const MEMORY: u64 = 256 << 20;
/// About so many bytes are known of a host that was found to be up, and of one whose UDP ports are scanned.
const BYTES_UP: u64 = 128;
const BYTES_UDP: u64 = 1_024;

impl Plan {
    /// All its source ports; `first` is that of this plan, or of another sender's part of it.
    #[inline]
    pub fn source_ports_from(&self, first: u16) -> RangeInclusive<u16> {
        first..=first.saturating_add(self.source_ports.max(1) - 1)
    }

    /// `port` if it is one of the scan's source ports, otherwise the first of these.
    #[inline]
    pub(crate) fn source_port_or_first(&self, port: u16) -> u16 {
        let own = self.source_ports_from(self.source_port).contains(&port);
        if own { port } else { self.source_port }
    }

    /// How many hosts are scanned at once, at least one: two bits a probe, and what is known of the hosts themselves.
    pub fn window_hosts(&self) -> u64 {
        let of = u64::from(self.shard.of.max(1));
        let mut bits = (2 * self.ports.len() as u64).div_ceil(of);
        if self.discovery == Discovery::Ask {
            bits += 2 * self.discovery_probes.len().max(1) as u64 + 8 * BYTES_UP;
        }
        if let Some(udp) = &self.udp {
            bits += (8 * (BYTES_UDP + 2 * udp.ports.len() as u64)).div_ceil(of);
        }
        (self.memory.saturating_mul(8) / bits.max(1)).max(1)
    }

    /// In how many windows the hosts are scanned, at least one.
    pub fn windows(&self) -> u64 {
        self.targets.len().div_ceil(self.window_hosts()).max(1)
    }

    /// The hosts of window `number`, from 0.
    pub(crate) fn window(&self, number: u64) -> TargetSet {
        let each = self.window_hosts();
        let first = number.saturating_mul(each);
        self.targets.slice(first, first.saturating_add(each))
    }

    /// Every port asked for, of all transports.
    pub fn all_ports(&self) -> PortList {
        let udp = self.udp.iter().flat_map(|udp| udp.ports.iter());
        PortList::new(self.ports.iter().chain(udp))
    }

    /// How many ports each host is asked for, of all transports.
    pub fn ports_each(&self) -> u64 {
        let udp = self.udp.as_ref().map_or(0, |udp| udp.ports.len());
        (self.ports.len() + udp) as u64
    }
}

#[cfg(test)]
impl Plan {
    /// A plan of no targets and no ports, for tests to add to.
    pub(crate) fn of_nothing() -> Plan {
        Plan {
            targets: TargetSet::new(Vec::new()),
            ports: PortList::default(),
            udp: None,
            technique: Technique::Syn,
            flags: None,
            discovery: Discovery::AssumeUp,
            discovery_probes: Vec::new(),
            traceroute: false,
            routes: Vec::new(),
            neighbours: Vec::new(),
            source_port: 61_000,
            source_ports: 1,
            budget: Budget::default(),
            listing: Listing::default(),
            seed: 7,
            shard: Shard::WHOLE,
            memory: MEMORY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_ports_are_a_run_of_neighbours() {
        let mut plan = Plan::of_nothing();
        for (count, own) in [(0, 1), (1, 1), (4, 4)] {
            plan.source_ports = count;
            for port in 60_990..61_010 {
                let is_own = (61_000..61_000 + own).contains(&port);
                let expected = if is_own { port } else { 61_000 };
                assert_eq!(
                    plan.source_port_or_first(port),
                    expected,
                    "{port} of {count}"
                );
            }
        }
    }
}
