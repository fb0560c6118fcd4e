//! The portable part of a plan: what is scanned, with what, and what it may cost.
//!
//! A [`ScanSpec`] means the same on every machine. A checkpoint stores it, and a remote worker could run it. The same
//! spec and seed produce the same probes in the same order. This file must not know routes or files.

use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::tcp::Flags;

use super::{Budget, Technique};
use crate::probe::Kind;
use vigie_scope::ports::PortList;
use vigie_scope::target::RangeSet;

/// Default memory for what is known about the probes, in bytes: a billion probes at once.
pub const DEFAULT_MEMORY: u64 = 256 << 20;
/// Approximate memory for a host that was found to be up, in bytes.
const BYTES_PER_LIVE_HOST: u64 = 128;
/// Approximate memory for a host whose UDP ports are scanned, in bytes.
const BYTES_PER_UDP_HOST: u64 = 1_024;

/// Who makes the packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The engine: it writes whole frames. Needs packet sockets.
    #[default]
    Packets,
    /// The kernel: the engine asks for TCP connections. Needs no privilege.
    Connections,
    /// The kernel: the engine's UDP probes go through ordinary UDP sockets. Needs no privilege; UDP ports only.
    UdpSockets,
}

/// Whether hosts are discovered before their ports are scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// Probe each target first (ARP or neighbour discovery on the link, [`DiscoveryProbe`]s through a router), and
    /// scan the hosts that answer.
    Probe,
    /// Take every target as up (`-Pn`). On a link with hardware addresses the address is still resolved, because
    /// nothing can be sent without it.
    AssumeUp,
}

/// A probe whose answer shows that a host is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscoveryProbe {
    /// Kind of probe.
    pub kind: Kind,
    /// Destination port; the protocol number of an IP protocol probe; 0 for probes without ports.
    pub port: u16,
}

impl DiscoveryProbe {
    /// Default discovery probes, the same as nmap's: an echo request, a SYN to 443, an ACK to 80 and a timestamp
    /// request (IPv4 only).
    pub const DEFAULT: [DiscoveryProbe; 4] = [
        DiscoveryProbe::new(Kind::ECHO, 0),
        DiscoveryProbe::new(Kind::SYN, 443),
        DiscoveryProbe::new(Kind::ACK, 80),
        DiscoveryProbe::new(Kind::TIMESTAMP, 0),
    ];

    /// Maximum number of tries for one discovery probe.
    pub const MAX_TRIES: u8 = 4;

    /// Returns a discovery probe of `kind` to `port`.
    pub const fn new(kind: Kind, port: u16) -> DiscoveryProbe {
        DiscoveryProbe { kind, port }
    }
}

/// Which ports get an event of their own, besides being counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// List every port, whatever its state.
    pub all: bool,
    /// List only ports that are open or may be open.
    pub open_only: bool,
    /// Maximum number of ports with the same state and reason that are listed; larger groups are only counted.
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

/// One part of a scan that several runs share. Runs with the same spec and different numbers never probe the same port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Number of this part, from 1.
    pub number: u32,
    /// Number of parts.
    pub of: u32,
}

impl Shard {
    /// The whole scan.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Whether the part exists.
    pub const fn is_valid(self) -> bool {
        self.number >= 1 && self.number <= self.of
    }

    /// Returns the positions of this part among `n`, as start and end (exclusive).
    pub const fn range(self, n: u64) -> (u64, u64) {
        let (n, of) = (n as u128, self.of as u128);
        let (first, last) = ((self.number - 1) as u128, self.number as u128);
        ((n * first / of) as u64, (n * last / of) as u64)
    }
}

/// The part of a scan that probes TCP ports, SCTP ports or IP protocols.
#[derive(Clone, Debug, PartialEq)]
pub struct PortScan {
    /// How the ports are probed.
    pub technique: Technique,
    /// The ports, most useful first.
    pub ports: PortList,
    /// TCP flags to send instead of the technique's own. Replies are interpreted as the technique does.
    pub flags: Option<Flags>,
}

impl PortScan {
    /// Returns a scan of `ports` with the technique's own flags.
    pub const fn new(technique: Technique, ports: PortList) -> PortScan {
        PortScan {
            technique,
            ports,
            flags: None,
        }
    }
}

/// The part of a scan that probes UDP ports.
#[derive(Clone, Debug, PartialEq)]
pub struct UdpSpec {
    /// The ports, most useful first.
    pub ports: PortList,
    /// Maximum time for proving closed ports; `None` to prove them all (`--complete`).
    pub budget: Option<Duration>,
    /// More source addresses besides the route's own (`--source`). A target limits its errors to each of them
    /// separately.
    pub sources: Vec<IpAddr>,
    /// Whether ports that are not in the list may be probed, to find one that is closed.
    pub controls: bool,
}

/// What to scan. Build one with [`ScanSpec::builder`].
#[derive(Clone, Debug, PartialEq)]
pub struct ScanSpec {
    /// Target addresses.
    pub targets: RangeSet,
    /// TCP ports (also SCTP ports or IP protocols); `None` if only hosts or UDP ports are scanned.
    pub tcp: Option<PortScan>,
    /// UDP ports; `None` if no UDP port is scanned.
    pub udp: Option<UdpSpec>,
    /// Who makes the packets.
    pub backend: Backend,
    /// Whether hosts are discovered first.
    pub discovery: Discovery,
    /// Probes for hosts behind routers, in this order. On a link hosts are always found by their hardware address.
    pub discovery_probes: Vec<DiscoveryProbe>,
    /// Whether the route to each host is traced.
    pub traceroute: bool,
    /// What the scan may spend.
    pub budget: Budget,
    /// Which ports are listed.
    pub listing: Listing,
    /// Seed of the probe order and of the cookies.
    pub seed: u64,
    /// Which part of the scan this run makes.
    pub shard: Shard,
    /// Memory for what is known about the probes, in bytes. A larger scan goes through its hosts in windows. All shards
    /// of a scan need the same value.
    pub memory: u64,
}

/// Why a [`ScanSpec`] is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecError {
    /// The technique and the backend do not match: only [`Technique::Connect`] uses [`Backend::Connections`].
    TechniqueNeedsOtherBackend,
    /// UDP ports were given, and the backend makes TCP connections.
    UdpWithConnections,
    /// TCP, SCTP or IP-protocol ports were given, and the backend has UDP sockets only.
    TcpWithUdpSockets,
    /// The shard number is 0 or larger than the number of shards.
    InvalidShard,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SpecError::TechniqueNeedsOtherBackend => "the technique needs another backend",
            SpecError::UdpWithConnections => "UDP ports cannot be scanned by TCP connections",
            SpecError::TcpWithUdpSockets => "TCP ports cannot be scanned through UDP sockets",
            SpecError::InvalidShard => "no such shard",
        })
    }
}

impl core::error::Error for SpecError {}

impl ScanSpec {
    /// Starts a spec for `targets`: hosts are taken as up and no port is scanned, unless the builder sets it.
    pub fn builder(targets: RangeSet) -> ScanSpecBuilder {
        ScanSpecBuilder {
            spec: ScanSpec {
                targets,
                tcp: None,
                udp: None,
                backend: Backend::Packets,
                discovery: Discovery::AssumeUp,
                discovery_probes: DiscoveryProbe::DEFAULT.to_vec(),
                traceroute: false,
                budget: Budget::default(),
                listing: Listing::default(),
                seed: 0,
                shard: Shard::WHOLE,
                memory: DEFAULT_MEMORY,
            },
        }
    }

    /// Checks that the parts of the spec fit together.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn validate(&self) -> Result<(), SpecError> {
        let connect = |tcp: &PortScan| tcp.technique == Technique::Connect;
        let by_connections = self.backend == Backend::Connections;
        if !self.shard.is_valid() {
            Err(SpecError::InvalidShard)
        } else if self.udp.is_some() && by_connections {
            Err(SpecError::UdpWithConnections)
        } else if self.tcp.is_some() && self.backend == Backend::UdpSockets {
            Err(SpecError::TcpWithUdpSockets)
        } else if self
            .tcp
            .as_ref()
            .is_some_and(|tcp| connect(tcp) != by_connections)
        {
            Err(SpecError::TechniqueNeedsOtherBackend)
        } else {
            Ok(())
        }
    }

    /// The ports of the TCP part; empty if there is none.
    pub fn tcp_ports(&self) -> &PortList {
        static NO_PORTS: PortList = PortList::EMPTY;
        self.tcp.as_ref().map_or(&NO_PORTS, |tcp| &tcp.ports)
    }

    /// The technique of the TCP part. Without one, the technique whose name a scan with this backend goes by.
    pub fn technique(&self) -> Technique {
        match (&self.tcp, self.backend) {
            (Some(tcp), _) => tcp.technique,
            (None, Backend::Connections) => Technique::Connect,
            (None, _) => Technique::Syn,
        }
    }

    /// TCP flags that replace the technique's own.
    pub fn tcp_flags(&self) -> Option<Flags> {
        self.tcp.as_ref().and_then(|tcp| tcp.flags)
    }

    /// Returns every port to scan, of all transports.
    pub fn all_ports(&self) -> PortList {
        let udp = self.udp.iter().flat_map(|udp| udp.ports.iter());
        PortList::new(self.tcp_ports().iter().chain(udp))
    }

    /// Number of ports scanned on each host, of all transports.
    pub fn ports_per_host(&self) -> u64 {
        let udp = self.udp.as_ref().map_or(0, |udp| udp.ports.len());
        (self.tcp_ports().len() + udp) as u64
    }

    /// Number of hosts that are scanned at once, at least one. [`ScanSpec::memory`] holds two bits for each probe and
    /// what is known about the hosts themselves.
    pub fn window_hosts(&self) -> u64 {
        let of = u64::from(self.shard.of.max(1));
        let mut bits = (2 * self.tcp_ports().len() as u64).div_ceil(of);
        if self.discovery == Discovery::Probe {
            bits += 2 * self.discovery_probes.len().max(1) as u64 + 8 * BYTES_PER_LIVE_HOST;
        }
        if let Some(udp) = &self.udp {
            bits += (8 * (BYTES_PER_UDP_HOST + 2 * udp.ports.len() as u64)).div_ceil(of);
        }
        (self.memory.saturating_mul(8) / bits.max(1)).max(1)
    }
}

/// Builds a [`ScanSpec`].
///
/// ```
/// use vigie_scan::plan::{PortScan, ScanSpec, Technique};
/// use vigie_scope::ports::PortList;
/// use vigie_scope::target::{Range, RangeSet};
/// use vigie_scope::Transport;
///
/// let target = Range::single("192.0.2.1".parse()?, 0);
/// let ports = PortList::new([(Transport::Tcp, 22), (Transport::Tcp, 443)]);
/// let spec = ScanSpec::builder(RangeSet::new([target]))
///     .tcp(PortScan::new(Technique::Syn, ports))
///     .seed(7)
///     .build()?;
/// assert_eq!(spec.ports_per_host(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ScanSpecBuilder {
    spec: ScanSpec,
}

impl ScanSpecBuilder {
    /// Scans TCP ports, SCTP ports or IP protocols. [`Technique::Connect`] selects [`Backend::Connections`].
    pub fn tcp(mut self, tcp: PortScan) -> ScanSpecBuilder {
        if tcp.technique == Technique::Connect {
            self.spec.backend = Backend::Connections;
        }
        self.spec.tcp = Some(tcp);
        self
    }

    /// Scans UDP ports.
    pub fn udp(mut self, udp: UdpSpec) -> ScanSpecBuilder {
        self.spec.udp = Some(udp);
        self
    }

    /// Selects who makes the packets.
    pub fn backend(mut self, backend: Backend) -> ScanSpecBuilder {
        self.spec.backend = backend;
        self
    }

    /// Discovers hosts with `probes` before their ports are scanned.
    pub fn discover(mut self, probes: impl IntoIterator<Item = DiscoveryProbe>) -> ScanSpecBuilder {
        self.spec.discovery = Discovery::Probe;
        self.spec.discovery_probes = probes.into_iter().collect();
        self
    }

    /// Traces the route to each host.
    pub fn traceroute(mut self) -> ScanSpecBuilder {
        self.spec.traceroute = true;
        self
    }

    /// Sets what the scan may spend.
    pub fn budget(mut self, budget: Budget) -> ScanSpecBuilder {
        self.spec.budget = budget;
        self
    }

    /// Sets which ports are listed.
    pub fn listing(mut self, listing: Listing) -> ScanSpecBuilder {
        self.spec.listing = listing;
        self
    }

    /// Sets the seed of the probe order and of the cookies.
    pub fn seed(mut self, seed: u64) -> ScanSpecBuilder {
        self.spec.seed = seed;
        self
    }

    /// Runs only one part of the scan.
    pub fn shard(mut self, shard: Shard) -> ScanSpecBuilder {
        self.spec.shard = shard;
        self
    }

    /// Sets the memory for what is known about the probes, in bytes.
    pub fn memory(mut self, bytes: u64) -> ScanSpecBuilder {
        self.spec.memory = bytes;
        self
    }

    /// Returns the spec.
    ///
    /// # Errors
    /// If its parts contradict each other: see [`SpecError`].
    pub fn build(self) -> Result<ScanSpec, SpecError> {
        self.spec.validate().map(|()| self.spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_scope::Transport;

    fn builder() -> ScanSpecBuilder {
        ScanSpec::builder(RangeSet::default())
    }

    fn tcp(technique: Technique) -> PortScan {
        PortScan::new(technique, PortList::new([(Transport::Tcp, 80)]))
    }

    fn udp() -> UdpSpec {
        UdpSpec {
            ports: PortList::new([(Transport::Udp, 53)]),
            budget: None,
            sources: Vec::new(),
            controls: true,
        }
    }

    #[test]
    fn the_builder_refuses_contradictions() {
        let connect = builder().tcp(tcp(Technique::Connect));
        assert_eq!(
            connect.clone().build().map(|s| s.backend),
            Ok(Backend::Connections)
        );
        assert_eq!(
            connect.clone().udp(udp()).build(),
            Err(SpecError::UdpWithConnections)
        );
        assert_eq!(
            connect.backend(Backend::Packets).build(),
            Err(SpecError::TechniqueNeedsOtherBackend)
        );
        let sockets = builder().udp(udp()).backend(Backend::UdpSockets);
        assert!(sockets.clone().build().is_ok());
        assert_eq!(
            sockets.tcp(tcp(Technique::Syn)).build(),
            Err(SpecError::TcpWithUdpSockets)
        );
        let shard = builder().shard(Shard { number: 3, of: 2 });
        assert_eq!(shard.build(), Err(SpecError::InvalidShard));
    }

    #[test]
    fn ports_of_both_transports_are_counted() {
        let spec = builder()
            .tcp(tcp(Technique::Syn))
            .udp(udp())
            .build()
            .expect("a spec");
        assert_eq!(spec.ports_per_host(), 2);
        assert_eq!(spec.all_ports().len(), 2);
        let hosts_only = builder().build().expect("a spec");
        assert_eq!(
            (hosts_only.ports_per_host(), hosts_only.technique()),
            (0, Technique::Syn)
        );
    }

    #[test]
    fn shards_cover_every_position_once() {
        for n in [0, 1, 7, 1_000] {
            let mut next = 0;
            for number in 1..=4 {
                let (first, last) = Shard { number, of: 4 }.range(n);
                assert_eq!(first, next);
                next = last;
            }
            assert_eq!(next, n);
        }
    }
}
