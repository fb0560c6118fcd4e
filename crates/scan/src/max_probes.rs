//! The maximum number of probes that a scan sends, whatever the network does.
//!
//! Every sweep sends each of its probes a limited number of times, and one canary per 64 probes, which is sent again
//! if it is lost. Rate-limit probing has its own ceiling ([`PROBING_PER_PORT`]). Name lookups go to the name servers,
//! not to the targets, and are not counted. A property test counts the simulator's frames. This file must not know
//! packets.

use alloc::vec::Vec;

use crate::engine::{CONNECT_DISCOVERY_TRIES, DISCOVERY_PORTS};
use crate::plan::{Backend, Discovery, DiscoveryProbe, NextHop, Plan, Technique};
use crate::sweep::CANARY_EVERY;
use crate::udp;

/// Maximum number of datagrams per port for proving the ports of a host. Seven tests of each silent port with every
/// second datagram lost need half as many.
pub(crate) const PROBING_PER_PORT: u64 = 32;
/// Maximum number of further datagrams per host: the search for a closed port.
pub(crate) const PROBING_PER_HOST: u64 = 256;

impl Plan {
    /// Maximum number of frames that one run of this plan sends to its targets and their routers, with retries,
    /// canaries and host discovery. Connections of a connect scan, and those that check open ports, count as one each.
    pub fn max_probes(&self) -> u64 {
        let hosts = self.local.targets.len();
        let of = u64::from(self.spec.shard.of.max(1));
        // Each window rounds the shard's part up.
        let part = |n: u64| match of {
            1 => n,
            of => (n / of).saturating_add(self.windows()),
        };
        let probes = hosts.saturating_mul(self.spec.tcp_ports().len() as u64);
        let tries = u64::from(self.spec.budget.max_tries.max(1));
        let ports = with_canaries(part(probes).saturating_mul(tries));
        let mut most = ports
            .saturating_add(self.max_discovery_probes(hosts))
            .saturating_add(self.max_check_connections());
        if self.spec.traceroute {
            let traced = hosts.min(u64::from(u16::MAX) + 1);
            most = most.saturating_add(
                self.windows().saturating_mul(traced) * crate::traceroute::MAX_PROBES_PER_HOST,
            );
        }
        if self.spec.technique() == Technique::IpProtocol {
            let each = PROBING_PER_PORT * self.spec.tcp_ports().len() as u64
                + PROBING_PER_HOST
                + udp::MAX_AT_ONCE;
            most = most.saturating_add(hosts.saturating_mul(each));
        }
        if let Some(udp) = &self.spec.udp {
            let each = udp.ports.iter().map(|(_, port)| port).collect::<Vec<_>>();
            let asks = with_canaries(part(hosts).saturating_mul(udp::max_requests(&each)));
            let proofs = PROBING_PER_PORT * each.len() as u64 + PROBING_PER_HOST + udp::MAX_AT_ONCE;
            most = most
                .saturating_add(asks)
                .saturating_add(part(hosts).saturating_mul(proofs));
        }
        most
    }

    /// Maximum number of probes of host discovery.
    fn max_discovery_probes(&self, hosts: u64) -> u64 {
        if self.spec.backend == Backend::Connections {
            let each = DISCOVERY_PORTS.len() as u64 * u64::from(CONNECT_DISCOVERY_TRIES);
            return match self.spec.discovery {
                Discovery::Probe => with_canaries(hosts.saturating_mul(each)),
                Discovery::AssumeUp => 0,
            };
        }
        let tries = u64::from(DiscoveryProbe::MAX_TRIES);
        let on_link = self.local.routes.iter().any(|r| r.hop == NextHop::OnLink);
        let columns = match self.spec.discovery {
            Discovery::Probe => self.spec.discovery_probes.len().max(1) as u64,
            Discovery::AssumeUp => u64::from(on_link),
        };
        let routed = |hop: NextHop| matches!(hop, NextHop::Gateway(_));
        let routers = self.local.routes.iter().filter(|r| routed(r.hop)).count() as u64;
        let asked = hosts.saturating_mul(columns).saturating_add(routers);
        with_canaries(asked.saturating_mul(tries))
    }
}

/// Probes of a sweep with their canaries: each canary may be lost and sent again once.
const fn with_canaries(probes: u64) -> u64 {
    probes.saturating_add(2 * (probes / CANARY_EVERY as u64))
}
