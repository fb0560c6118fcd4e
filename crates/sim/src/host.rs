//! A host: what it answers on which port, and how fast it may.
//!
//! This file must not know paths or the scan under test.

use alloc::collections::BTreeMap;
use core::net::IpAddr;
use core::time::Duration;

use vigie_scan::Instant;
use vigie_wire::MacAddr;

use crate::path::Path;

/// What a port does with a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// SYN/ACK.
    Open,
    /// RST/ACK.
    Closed,
    /// RST/ACK of a box before the host, which leaves it so many hops.
    Intercepted(u8),
    /// Nothing: a firewall drops it.
    Dropped,
    /// An ICMP error of this type and code, from the host itself.
    Rejected(u8, u8),
    /// A bare SYN: a simultaneous open.
    SplitHandshake,
    /// Answers that are no answers: wrong cookie, odd flags, half a header.
    Rubbish,
}

/// What a UDP port does with a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datagrams {
    /// A DNS server: queries come back as responses, whatever else there is does not come back.
    Dns,
    /// Some protocol of its own: any content gets the same answer.
    Odd,
    /// A program that says nothing.
    Silent,
    /// Nobody listens: port unreachable, as the host's limiter allows.
    Closed,
    /// Nothing: a firewall drops it.
    Dropped,
    /// An ICMP error of this type and code, from the host itself, as its limiter allows.
    Rejected(u8, u8),
}

/// How many ICMP errors a host sends.
#[derive(Clone, Copy, Debug)]
pub enum Errors {
    /// As many as are due.
    Free,
    /// None.
    Mute,
    /// A bucket of tokens: Linux, for each peer (net/ipv4/icmp.c, `XRLIM_BURST_FACTOR`).
    Bucket(Bucket),
    /// So many in each second that begins with an error: FreeBSD (`net.inet.icmp.icmplim`).
    Window {
        /// How many.
        most: u32,
        /// How many there were.
        count: u32,
        /// Since when.
        since: Instant,
    },
}

impl Errors {
    /// Linux over IPv4, and over IPv6 to a peer that has a route of its own.
    pub const LINUX: Errors = Errors::Bucket(Bucket::new(1.0, 6.0));
    /// Linux over IPv6 since 2026.
    pub const LINUX_V6: Errors = Errors::Bucket(Bucket::new(10.0, 10.0));
    /// FreeBSD.
    pub const BSD: Errors = Errors::a_second(200);

    /// So many in each second.
    pub const fn a_second(most: u32) -> Errors {
        Errors::Window {
            most,
            count: 0,
            since: Instant::ZERO,
        }
    }

    /// So many a second, and `burst` at once: nftables' `limit rate`.
    pub const fn bucket(rate: f64, burst: f64) -> Errors {
        Errors::Bucket(Bucket::new(rate, burst))
    }

    /// Whether an error is sent now.
    pub fn allow(&mut self, now: Instant) -> bool {
        match self {
            Errors::Free => true,
            Errors::Mute => false,
            Errors::Bucket(bucket) => bucket.take(now),
            Errors::Window { most, count, since } => {
                if now.since(*since) >= Duration::from_secs(1) {
                    (*since, *count) = (now, 0);
                }
                *count += 1;
                *count <= *most
            }
        }
    }
}

/// A token bucket.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// Tokens a second.
    pub rate: f64,
    /// The most tokens kept.
    pub burst: f64,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    /// A full bucket.
    pub const fn new(rate: f64, burst: f64) -> Bucket {
        Bucket {
            rate,
            burst,
            tokens: burst,
            filled: Instant::ZERO,
        }
    }

    /// Takes a token, if there is one.
    pub fn take(&mut self, now: Instant) -> bool {
        self.tokens =
            (self.tokens + now.since(self.filled).as_secs_f64() * self.rate).min(self.burst);
        self.filled = now;
        let taken = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(taken));
        taken
    }
}

/// A router between the scanner and all hosts.
#[derive(Clone, Copy, Debug)]
pub struct SimRouter {
    /// Where its errors come from.
    pub ip: IpAddr,
    /// How many errors it sends; none for a router that sends no errors.
    pub errors: Option<Bucket>,
    /// Errors that it sent or was to send.
    pub asked: u64,
}

impl SimRouter {
    /// A router like Linux: six errors at once to a peer, then one a second.
    pub const fn new(ip: IpAddr) -> SimRouter {
        SimRouter {
            ip,
            errors: Some(Bucket::new(1.0, 6.0)),
            asked: 0,
        }
    }
}

/// A host.
#[derive(Clone, Debug)]
pub struct SimHost {
    /// Its address.
    pub ip: IpAddr,
    /// Its hardware address, for targets on the link.
    pub mac: MacAddr,
    /// Ports that differ from the rest.
    pub ports: BTreeMap<u16, Answering>,
    /// What all other ports do.
    pub default: Answering,
    /// Whether it answers echo requests.
    pub pings: bool,
    /// UDP ports that differ from the rest.
    pub udp: BTreeMap<u16, Datagrams>,
    /// What all other UDP ports do.
    pub udp_default: Datagrams,
    /// What it does with datagrams of other IP protocols, where that differs from the rest.
    pub protocols: BTreeMap<u8, Datagrams>,
    /// What it does with those of all others.
    pub protocol_default: Datagrams,
    /// How many ICMP errors it sends to each peer address.
    pub errors: Errors,
    /// The limiters of peers that were sent one.
    pub peers: BTreeMap<IpAddr, Errors>,
    /// ICMP errors that it sent about UDP ports.
    pub told: u64,
    /// A limit on resets, as BSD has.
    pub resets: Errors,
    /// A limit on the ICMP errors that reject SYNs, as Linux has for each peer.
    pub rejections: Errors,
    /// The last piece of the way to it and back, which only its own packets take.
    pub way: Option<(Path, Path)>,
    /// How much longer than the path's own delay an answer of this host takes.
    pub further: Duration,
    /// Whether its IPv6 answers stand behind extension headers.
    pub extended: bool,
    /// The address that its answers come from, where that is not the one it was asked at.
    pub speaks_as: Option<IpAddr>,
    /// SYNs that reached it.
    pub seen: u64,
    /// Connections half open (the peer's port and its own) whose SYN/ACK was lost, and when a repeated SYN was
    /// answered last; none where every SYN is answered.
    pub half_open: Option<BTreeMap<(u16, u16), Option<Instant>>>,
}

impl SimHost {
    /// A host whose ports are all closed and which answers echo requests.
    pub fn new(ip: IpAddr) -> SimHost {
        let last = match ip {
            IpAddr::V4(a) => a.octets()[2..].try_into().unwrap_or([0; 2]),
            IpAddr::V6(a) => a.octets()[14..].try_into().unwrap_or([0; 2]),
        };
        SimHost {
            ip,
            mac: MacAddr([2, 0, 0, 0, last[0], last[1]]),
            ports: BTreeMap::new(),
            default: Answering::Closed,
            pings: true,
            udp: BTreeMap::new(),
            udp_default: Datagrams::Closed,
            protocols: BTreeMap::new(),
            protocol_default: Datagrams::Silent,
            errors: Errors::LINUX,
            peers: BTreeMap::new(),
            told: 0,
            resets: Errors::Free,
            rejections: Errors::Free,
            way: None,
            further: Duration::ZERO,
            extended: false,
            speaks_as: None,
            seen: 0,
            half_open: None,
        }
    }

    /// The same with a listener's manners of Linux: a SYN that comes again is answered once in half a second
    /// (tcp_invalid_ratelimit), and a lost SYN/ACK comes again by itself after one second (RFC 6298 section 2).
    #[must_use]
    pub fn like_linux(mut self) -> SimHost {
        self.half_open = Some(BTreeMap::new());
        self
    }

    /// Whether a SYN that opens `connection` is answered now.
    pub fn may_answer(&mut self, now: Instant, connection: (u16, u16)) -> bool {
        let half_open = self.half_open.as_mut();
        let Some(repeated) = half_open.and_then(|all| all.get_mut(&connection)) else {
            return true;
        };
        let limited = repeated.is_some_and(|last| now < last + Duration::from_millis(500));
        if !limited {
            *repeated = Some(now);
        }
        !limited
    }

    /// The SYN/ACK of `connection` came through, or did not. True if it will be sent again.
    pub fn sent_syn_ack(&mut self, connection: (u16, u16), came_through: bool) -> bool {
        let Some(half_open) = &mut self.half_open else {
            return false;
        };
        if came_through {
            // The scanner's kernel resets it.
            half_open.remove(&connection);
            return false;
        }
        half_open.entry(connection).or_insert(None).is_none()
    }

    /// The same with these ports answering so.
    #[must_use]
    pub fn with(mut self, ports: impl IntoIterator<Item = u16>, answering: Answering) -> SimHost {
        self.ports.extend(ports.into_iter().map(|p| (p, answering)));
        self
    }

    /// The same with these UDP ports doing so.
    #[must_use]
    pub fn with_udp(mut self, ports: impl IntoIterator<Item = u16>, what: Datagrams) -> SimHost {
        self.udp.extend(ports.into_iter().map(|p| (p, what)));
        self
    }

    /// The same with all other UDP ports doing so.
    #[must_use]
    pub const fn udp_otherwise(mut self, what: Datagrams) -> SimHost {
        self.udp_default = what;
        self
    }

    /// The same with these IP protocols doing so.
    #[must_use]
    pub fn with_protocols(
        mut self,
        numbers: impl IntoIterator<Item = u8>,
        what: Datagrams,
    ) -> SimHost {
        self.protocols
            .extend(numbers.into_iter().map(|n| (n, what)));
        self
    }

    /// The same with all other IP protocols doing so.
    #[must_use]
    pub const fn protocols_otherwise(mut self, what: Datagrams) -> SimHost {
        self.protocol_default = what;
        self
    }

    /// What it does with a datagram of IP protocol `number`.
    pub fn protocol(&self, number: u8) -> Datagrams {
        let known = self.protocols.get(&number).copied();
        known.unwrap_or(self.protocol_default)
    }

    /// The same with this limiter of errors.
    #[must_use]
    pub const fn erring(mut self, errors: Errors) -> SimHost {
        self.errors = errors;
        self
    }

    /// The same with this limiter of resets.
    #[must_use]
    pub const fn resetting(mut self, resets: Errors) -> SimHost {
        self.resets = resets;
        self
    }

    /// The same with this limiter of errors that reject SYNs.
    #[must_use]
    pub const fn rejecting(mut self, rejections: Errors) -> SimHost {
        self.rejections = rejections;
        self
    }

    /// The same behind a piece of way of its own, there and back.
    #[must_use]
    pub fn behind(mut self, way: Path) -> SimHost {
        self.way = Some((way.clone(), way));
        self
    }

    /// What UDP port `port` does.
    pub fn datagrams(&self, port: u16) -> Datagrams {
        self.udp.get(&port).copied().unwrap_or(self.udp_default)
    }

    /// Whether an error to `peer` is sent now.
    pub fn may_err(&mut self, now: Instant, peer: IpAddr) -> bool {
        let allowed = self.peers.entry(peer).or_insert(self.errors).allow(now);
        self.told += u64::from(allowed);
        allowed
    }

    /// The same with all other ports answering so.
    #[must_use]
    pub const fn otherwise(mut self, answering: Answering) -> SimHost {
        self.default = answering;
        self
    }

    /// The same, with answers that take this much longer than those of its neighbours.
    #[must_use]
    pub const fn further(mut self, by: Duration) -> SimHost {
        self.further = by;
        self
    }

    /// What `port` does.
    pub fn answering(&self, port: u16) -> Answering {
        self.ports.get(&port).copied().unwrap_or(self.default)
    }
}
