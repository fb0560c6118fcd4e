//! Reserves source ports for raw probes: free ports outside the kernel's ephemeral range.
//!
//! A reserved port has a bound TCP and UDP socket per family that never listens. The kernel then gives the port to no
//! other program. It still answers a SYN/ACK to that port with a reset, which closes the half-open connection at the
//! target.
//!
//! This module must not know probes. The caller gives the seed for random choices.
//!
//! Source: `net.ipv4.ip_local_port_range`, `net.ipv4.ip_local_reserved_ports`
//! (Documentation/networking/ip-sysctl.rst).

use core::fmt;
use core::ops::RangeInclusive;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, ipproto, socket_with, sockopt};

use crate::io::filter;
use vigie_pcap_filter::Program;

/// Ports to reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortRequest {
    /// Any `count` adjacent ports, chosen by `seed`.
    Any {
        /// Number of ports, 1 to 1,024.
        count: u16,
        /// Seed of the choice.
        seed: u64,
    },
    /// These ports.
    Exactly(RangeInclusive<u16>),
}

/// Why no port could be reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReserveError {
    /// A requested port is in use on this machine.
    Busy {
        /// The first such port.
        port: u16,
    },
    /// Ports below 1024 need CAP_NET_BIND_SERVICE.
    NotPermitted {
        /// The first such port.
        port: u16,
    },
    /// There are not enough adjacent free ports.
    NoneFree {
        /// Number of ports requested.
        count: u16,
    },
    /// The request is invalid: no port, port 0, or more than 1,024 ports.
    BadRange,
    /// A system call failed otherwise.
    System {
        /// System call.
        call: &'static str,
        /// Error number.
        errno: Errno,
    },
}

impl fmt::Display for ReserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { port } => write!(f, "port {port} is in use"),
            Self::NotPermitted { port } => write!(f, "port {port} is privileged"),
            Self::NoneFree { count } => write!(f, "no {count} neighbouring ports are free"),
            Self::BadRange => f.write_str("not a range of 1 to 1024 ports"),
            Self::System { call, errno } => write!(f, "{call}: {errno}"),
        }
    }
}

impl core::error::Error for ReserveError {}

const MOST: u16 = 1024;

/// Ports that are reserved until this is dropped.
#[derive(Debug)]
pub struct SourcePorts {
    ports: RangeInclusive<u16>,
    _held: Vec<OwnedFd>,
}

impl SourcePorts {
    /// Reserves ports in the calling thread's network namespace, for TCP and UDP, on every address of both families (only
    /// IPv4 if the kernel has no IPv6).
    ///
    /// # Errors
    /// If a port is in use, too few are free, or the kernel refuses.
    pub fn reserve(request: &PortRequest) -> Result<Self, ReserveError> {
        match request {
            PortRequest::Exactly(ports) => {
                if ports.is_empty() || *ports.start() == 0 || ports.len() > usize::from(MOST) {
                    return Err(ReserveError::BadRange);
                }
                Self::hold(ports.clone())
            }
            PortRequest::Any { count, seed } => Self::any(*count, *seed),
        }
    }

    /// Returns the reserved ports.
    pub fn ports(&self) -> RangeInclusive<u16> {
        self.ports.clone()
    }

    fn any(count: u16, seed: u64) -> Result<Self, ReserveError> {
        if count == 0 || count > MOST {
            return Err(ReserveError::BadRange);
        }
        for first in Avoided::of_this_namespace().candidates(count, seed) {
            match Self::hold(first..=first + (count - 1)) {
                Err(ReserveError::Busy { .. }) => {}
                done => return done,
            }
        }
        Err(ReserveError::NoneFree { count })
    }

    fn hold(ports: RangeInclusive<u16>) -> Result<Self, ReserveError> {
        let mut held = Vec::with_capacity(ports.len() * 4);
        for port in ports.clone() {
            for address in [
                SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
                SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
            ] {
                for (kind, protocol) in [
                    (SocketType::STREAM, ipproto::TCP),
                    (SocketType::DGRAM, ipproto::UDP),
                ] {
                    held.extend(hold_one(address, kind, protocol)?);
                }
            }
        }
        Ok(Self { ports, _held: held })
    }
}

/// Binds one socket. Returns `None` if the kernel does not have its family.
fn hold_one(
    address: SocketAddr,
    kind: SocketType,
    protocol: rustix::net::Protocol,
) -> Result<Option<OwnedFd>, ReserveError> {
    let failed = |call| move |errno| ReserveError::System { call, errno };
    let family = if address.is_ipv6() {
        AddressFamily::INET6
    } else {
        AddressFamily::INET
    };
    let socket = match socket_with(family, kind, SocketFlags::CLOEXEC, Some(protocol)) {
        Err(Errno::AFNOSUPPORT) => return Ok(None),
        other => other.map_err(failed("socket"))?,
    };
    if address.is_ipv6() {
        sockopt::set_ipv6_v6only(&socket, true).map_err(failed("setsockopt(IPV6_V6ONLY)"))?;
    }
    if kind == SocketType::DGRAM {
        // Replies to UDP probes also reach this socket: the filter drops them before they are queued.
        let refused = filter::attach(socket.as_fd(), &Program::reject_all());
        refused.map_err(|_| failed("setsockopt(SO_ATTACH_FILTER)")(Errno::INVAL))?;
    }
    let port = address.port();
    match bind(&socket, &address) {
        Ok(()) => Ok(Some(socket)),
        Err(Errno::ADDRINUSE) => Err(ReserveError::Busy { port }),
        Err(Errno::ACCESS | Errno::PERM) => Err(ReserveError::NotPermitted { port }),
        // IPv6 is switched off.
        Err(Errno::ADDRNOTAVAIL) if address.is_ipv6() => Ok(None),
        Err(errno) => Err(failed("bind")(errno)),
    }
}

/// Ports to avoid: the ephemeral range, and ports that an administrator reserved.
#[derive(Debug)]
struct Avoided {
    ephemeral: RangeInclusive<u16>,
    reserved: Vec<RangeInclusive<u16>>,
}

impl Avoided {
    fn of_this_namespace() -> Self {
        let read = |name: &str| {
            std::fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).unwrap_or_default()
        };
        Self::parse(
            &read("ip_local_port_range"),
            &read("ip_local_reserved_ports"),
        )
    }

    fn parse(range: &str, reserved: &str) -> Self {
        let mut ends = range.split_whitespace().filter_map(|w| w.parse().ok());
        let ephemeral = match (ends.next(), ends.next()) {
            (Some(low), Some(high)) => low..=high,
            // The kernel's own default.
            _ => 32_768..=60_999,
        };
        let reserved = reserved.trim().split(',').filter_map(|part| {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            Some(low.trim().parse().ok()?..=high.trim().parse().ok()?)
        });
        Self {
            ephemeral,
            reserved: reserved.collect(),
        }
    }

    fn touches(&self, ports: &RangeInclusive<u16>) -> bool {
        let meets = |r: &RangeInclusive<u16>| r.start() <= ports.end() && ports.start() <= r.end();
        meets(&self.ephemeral) || self.reserved.iter().any(meets)
    }

    /// Returns the first ports of ranges to try, best first: above the ephemeral range, then unprivileged ports below
    /// it. If the ephemeral range covers everything, they are inside it, where binding still protects them.
    fn candidates(&self, count: u16, seed: u64) -> Vec<u16> {
        let last = u16::MAX - (count - 1);
        let free = |first: &u16| !self.touches(&(*first..=*first + (count - 1)));
        let turned = |mut all: Vec<u16>| {
            let turn = seed.checked_rem(all.len() as u64).unwrap_or(0);
            all.rotate_left(turn as usize);
            all
        };
        let above = self.ephemeral.end().saturating_add(1).max(1024)..=last;
        let below = 1024..=(*self.ephemeral.start()).min(last);
        let mut tried = turned(above.filter(free).collect());
        tried.extend(turned(below.filter(free).collect()));
        if tried.is_empty() {
            tried = turned((1024..=last).collect());
        }
        tried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lists_are_parsed() {
        let a = Avoided::parse("32768\t60999\n", "8080,9148,61000-61010\n");
        assert_eq!(a.ephemeral, 32_768..=60_999);
        assert_eq!(a.reserved, [8080..=8080, 9148..=9148, 61_000..=61_010]);
        assert_eq!(Avoided::parse("", "\n").ephemeral, 32_768..=60_999);
        assert!(Avoided::parse("", "\n").reserved.is_empty());
    }

    #[test]
    fn candidates_avoid_both_lists_and_depend_on_the_seed() {
        let a = Avoided::parse("32768 60999", "61000-61010,65535");
        for seed in [0, 1, 4095, u64::MAX] {
            let c = a.candidates(16, seed);
            assert!(c.iter().all(|first| !a.touches(&(*first..=first + 15))));
            assert!(c[0] > 61_010 && c[0] <= 65_519, "above first: {}", c[0]);
        }
        assert_ne!(a.candidates(1, 1)[0], a.candidates(1, 2)[0]);
        let all = Avoided::parse("1024 65535", "");
        assert!(
            !all.candidates(4, 9).is_empty(),
            "inside, when nothing else is left"
        );
        let high = Avoided::parse("40000 65535", "");
        assert!(
            high.candidates(4, 9)
                .iter()
                .all(|first| (1024..=39_996).contains(first))
        );
    }

    #[test]
    fn invalid_requests_are_refused() {
        let bad = Err(ReserveError::BadRange);
        let reserve = |request| SourcePorts::reserve(&request).map(|held| held.ports());
        assert_eq!(reserve(PortRequest::Any { count: 0, seed: 1 }), bad);
        assert_eq!(
            reserve(PortRequest::Any {
                count: 1025,
                seed: 1
            }),
            bad
        );
        assert_eq!(reserve(PortRequest::Exactly(0..=5)), bad);
        assert_eq!(reserve(PortRequest::Exactly(1..=1025)), bad);
        #[allow(clippy::reversed_empty_ranges, reason = "the empty range is the point")]
        let empty = PortRequest::Exactly(9..=8);
        assert_eq!(reserve(empty), bad);
    }
}
