//! A simulated host: what each port answers, and how fast.
//!
//! This file must not know paths or the scan under test.

use alloc::collections::BTreeMap;
use core::net::IpAddr;
use core::time::Duration;

use vigie_scan::Instant;
use vigie_wire::MacAddr;

use crate::path::Path;

/// How a port answers a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// SYN/ACK.
    Open,
    /// RST/ACK.
    Closed,
    /// RST/ACK from a device in front of the host, with this many hops left.
    Intercepted(u8),
    /// No answer: a firewall drops the SYN.
    Dropped,
    /// An ICMP error of this type and code, sent by the host itself.
    Rejected(u8, u8),
    /// A bare SYN: a simultaneous open.
    SplitHandshake,
    /// Malformed answers: wrong cookie, unexpected flags, truncated header.
    Malformed,
}

/// How a UDP port answers a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datagrams {
    /// A DNS server: queries come back as responses; anything else gets no answer.
    Dns,
    /// An unknown protocol: any content gets the same answer.
    Odd,
    /// A program that answers nothing.
    Silent,
    /// Closed: port unreachable, as the host's limiter allows.
    Closed,
    /// No answer: a firewall drops the datagram.
    Dropped,
    /// An ICMP error of this type and code, sent by the host itself, as its limiter allows.
    Rejected(u8, u8),
}

/// A limiter of ICMP errors or resets.
#[derive(Clone, Copy, Debug)]
pub enum Limiter {
    /// No limit.
    Unlimited,
    /// Suppresses every reply.
    Silent,
    /// A token bucket: Linux, for each peer (net/ipv4/icmp.c, `XRLIM_BURST_FACTOR`).
    Bucket(Bucket),
    /// A fixed number of replies in each second, which begins with a reply: FreeBSD (`net.inet.icmp.icmplim`).
    Window {
        /// Maximum number of replies in each second.
        most: u32,
        /// Replies in the current second, suppressed ones included.
        count: u32,
        /// Start of the current second.
        since: Instant,
    },
}

impl Limiter {
    /// The limiter of Linux for IPv4, and for IPv6 to a peer that has its own route.
    pub const LINUX: Limiter = Limiter::Bucket(Bucket::new(1.0, 6.0));
    /// The limiter of Linux for IPv6 since 2026.
    pub const LINUX_V6: Limiter = Limiter::Bucket(Bucket::new(10.0, 10.0));
    /// The limiter of FreeBSD.
    pub const BSD: Limiter = Limiter::a_second(200);

    /// Returns a limiter that allows this number of replies in each second.
    pub const fn a_second(most: u32) -> Limiter {
        Limiter::Window {
            most,
            count: 0,
            since: Instant::ZERO,
        }
    }

    /// Returns a limiter that allows `rate` replies per second and `burst` at once: nftables' `limit rate`.
    pub const fn bucket(rate: f64, burst: f64) -> Limiter {
        Limiter::Bucket(Bucket::new(rate, burst))
    }

    /// Whether a reply is sent now.
    pub fn allow(&mut self, now: Instant) -> bool {
        match self {
            Limiter::Unlimited => true,
            Limiter::Silent => false,
            Limiter::Bucket(bucket) => bucket.take(now),
            Limiter::Window { most, count, since } => {
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
    /// Tokens per second.
    pub rate: f64,
    /// Maximum number of tokens.
    pub burst: f64,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    /// Returns a full bucket.
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
    /// Source address of its errors.
    pub ip: IpAddr,
    /// Limiter of its errors; `None` for a router that sends no errors.
    pub errors: Option<Bucket>,
    /// Number of errors that were due, whether sent or not.
    pub errors_due: u64,
}

impl SimRouter {
    /// Returns a router like Linux: six errors at once to a peer, then one per second.
    pub const fn new(ip: IpAddr) -> SimRouter {
        SimRouter {
            ip,
            errors: Some(Bucket::new(1.0, 6.0)),
            errors_due: 0,
        }
    }
}

/// A simulated host.
#[derive(Clone, Debug)]
pub struct SimHost {
    /// IP address.
    pub ip: IpAddr,
    /// Hardware address, for targets on the link.
    pub mac: MacAddr,
    /// Ports with an answer of their own.
    pub ports: BTreeMap<u16, Answering>,
    /// How all other ports answer.
    pub default: Answering,
    /// Whether it answers echo requests.
    pub pings: bool,
    /// UDP ports with an answer of their own.
    pub udp: BTreeMap<u16, Datagrams>,
    /// How all other UDP ports answer.
    pub udp_default: Datagrams,
    /// IP protocols with an answer of their own.
    pub protocols: BTreeMap<u8, Datagrams>,
    /// How all other IP protocols answer.
    pub protocol_default: Datagrams,
    /// Limiter of ICMP errors, for each peer.
    pub errors: Limiter,
    /// Limiters of the peers that were sent an error.
    pub peers: BTreeMap<IpAddr, Limiter>,
    /// ICMP errors sent about UDP ports.
    pub errors_sent: u64,
    /// Limiter of resets, as on BSD.
    pub resets: Limiter,
    /// Limiter of the ICMP errors that reject SYNs, for each peer, as on Linux.
    pub rejections: Limiter,
    /// Last part of the path to the host, and first part of the path back; only its packets use them.
    pub own_path: Option<(Path, Path)>,
    /// Additional delay of this host's answers.
    pub extra_delay: Duration,
    /// Whether IPv6 answers have extension headers.
    pub extended: bool,
    /// Source address of the answers, if it differs from the address that was probed.
    pub replies_from: Option<IpAddr>,
    /// Number of SYNs received.
    pub syns_received: u64,
    /// Half-open connections (port of the peer, own port) whose SYN/ACK was lost, and when a repeated SYN was last
    /// answered; `None` if every SYN is answered.
    pub half_open: Option<BTreeMap<(u16, u16), Option<Instant>>>,
}

impl SimHost {
    /// Returns a host whose ports are all closed and which answers echo requests.
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
            errors: Limiter::LINUX,
            peers: BTreeMap::new(),
            errors_sent: 0,
            resets: Limiter::Unlimited,
            rejections: Limiter::Unlimited,
            own_path: None,
            extra_delay: Duration::ZERO,
            extended: false,
            replies_from: None,
            syns_received: 0,
            half_open: None,
        }
    }

    /// Answers SYNs like a Linux listener: a repeated SYN is answered once in half a second (tcp_invalid_ratelimit),
    /// and a lost SYN/ACK is sent again after one second (RFC 6298 section 2).
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

    /// Records whether the SYN/ACK of `connection` arrived. Returns true if it will be sent again.
    pub fn sent_syn_ack(&mut self, connection: (u16, u16), delivered: bool) -> bool {
        let Some(half_open) = &mut self.half_open else {
            return false;
        };
        if delivered {
            // The scanner's kernel resets it.
            half_open.remove(&connection);
            return false;
        }
        half_open.entry(connection).or_insert(None).is_none()
    }

    /// Sets how these ports answer.
    #[must_use]
    pub fn with(mut self, ports: impl IntoIterator<Item = u16>, answering: Answering) -> SimHost {
        self.ports.extend(ports.into_iter().map(|p| (p, answering)));
        self
    }

    /// Sets how these UDP ports answer.
    #[must_use]
    pub fn with_udp(mut self, ports: impl IntoIterator<Item = u16>, what: Datagrams) -> SimHost {
        self.udp.extend(ports.into_iter().map(|p| (p, what)));
        self
    }

    /// Sets how all other UDP ports answer.
    #[must_use]
    pub const fn udp_otherwise(mut self, what: Datagrams) -> SimHost {
        self.udp_default = what;
        self
    }

    /// Sets how these IP protocols answer.
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

    /// Sets how all other IP protocols answer.
    #[must_use]
    pub const fn protocols_otherwise(mut self, what: Datagrams) -> SimHost {
        self.protocol_default = what;
        self
    }

    /// How the host answers a datagram of IP protocol `number`.
    pub fn protocol(&self, number: u8) -> Datagrams {
        let known = self.protocols.get(&number).copied();
        known.unwrap_or(self.protocol_default)
    }

    /// Limits the ICMP errors.
    #[must_use]
    pub const fn limit_errors(mut self, errors: Limiter) -> SimHost {
        self.errors = errors;
        self
    }

    /// Limits the resets.
    #[must_use]
    pub const fn limit_resets(mut self, resets: Limiter) -> SimHost {
        self.resets = resets;
        self
    }

    /// Limits the ICMP errors that reject SYNs.
    #[must_use]
    pub const fn limit_rejections(mut self, rejections: Limiter) -> SimHost {
        self.rejections = rejections;
        self
    }

    /// Puts the host behind a path of its own, used in both directions after the common one.
    #[must_use]
    pub fn behind(mut self, path: Path) -> SimHost {
        self.own_path = Some((path.clone(), path));
        self
    }

    /// How UDP port `port` answers.
    pub fn datagrams(&self, port: u16) -> Datagrams {
        self.udp.get(&port).copied().unwrap_or(self.udp_default)
    }

    /// Whether an error to `peer` is sent now.
    pub fn may_send_error(&mut self, now: Instant, peer: IpAddr) -> bool {
        let allowed = self.peers.entry(peer).or_insert(self.errors).allow(now);
        self.errors_sent += u64::from(allowed);
        allowed
    }

    /// Sets how all other ports answer.
    #[must_use]
    pub const fn otherwise(mut self, answering: Answering) -> SimHost {
        self.default = answering;
        self
    }

    /// Delays the answers of this host.
    #[must_use]
    pub const fn with_extra_delay(mut self, by: Duration) -> SimHost {
        self.extra_delay = by;
        self
    }

    /// How `port` answers.
    pub fn answering(&self, port: u16) -> Answering {
        self.ports.get(&port).copied().unwrap_or(self.default)
    }
}
