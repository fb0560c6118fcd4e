//! A host: what it answers on which port, and how fast it may.
//!
//! This file must not know paths or the scan under test.

use alloc::collections::BTreeMap;
use core::net::IpAddr;
use core::time::Duration;

use vigie_packet::MacAddr;
use vigie_scan::Instant;

/// What a port does with a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// SYN/ACK.
    Open,
    /// RST/ACK.
    Closed,
    /// Nothing: a firewall drops it.
    Dropped,
    /// An ICMP error of this type and code, from the host itself.
    Rejected(u8, u8),
    /// A bare SYN: a simultaneous open.
    SplitHandshake,
    /// Answers that are no answers: wrong cookie, odd flags, half a header.
    Rubbish,
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
    /// A limit on resets, as BSD has.
    pub reset_limit: Option<Bucket>,
    /// How much longer than the path's own delay an answer of this host takes.
    pub further: Duration,
    /// SYNs that reached it.
    pub seen: u64,
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
            reset_limit: None,
            further: Duration::ZERO,
            seen: 0,
        }
    }

    /// The same with these ports answering so.
    #[must_use]
    pub fn with(mut self, ports: impl IntoIterator<Item = u16>, answering: Answering) -> SimHost {
        self.ports.extend(ports.into_iter().map(|p| (p, answering)));
        self
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
