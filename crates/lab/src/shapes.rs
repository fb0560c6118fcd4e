//! Ready topologies for tests of scanners: one scanner, one target, and each kind of path between them.
//!
//! Every shape has a node `scanner` and a node `target` (on [`Shape::Loopback`] they are the same), IPv4 and IPv6, and
//! the target's addresses in [`Scene::targets`]. [`Topology::expectation`](crate::Topology::expectation) returns the
//! expected results. This module must not know scanners.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::BTreeSet;

use crate::{Connection, Error, Firewall, Interface, Lab, Node, PacketAction, PortRules, Topology};

/// A kind of path from the scanner to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The scanner scans itself over its loopback link.
    Loopback,
    /// One virtual Ethernet link.
    Veth,
    /// The scanner's own link is a bridge.
    Bridge,
    /// The scanner and the target are on one switch, with a third node.
    Switch,
    /// The scanner's link is a macvlan link.
    Macvlan,
    /// The scanner's link carries an 802.1Q tag.
    Vlan,
    /// A link without a link layer.
    Tun,
    /// Through a router.
    Routed,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 8] = [
        Self::Loopback,
        Self::Veth,
        Self::Bridge,
        Self::Switch,
        Self::Macvlan,
        Self::Vlan,
        Self::Tun,
        Self::Routed,
    ];

    /// Name of the scanner's node.
    pub const SCANNER: &'static str = "scanner";

    /// Returns the topology of this shape for `target`, which keeps its services and firewall but gets the name "target".
    pub fn around(self, target: Node) -> Scene {
        let name = match self {
            Self::Loopback => Self::SCANNER,
            _ => "target",
        };
        let target = Node {
            name: name.to_owned(),
            role: "target".to_owned(),
            ..target
        };
        let scanner = Node::new(Self::SCANNER, "scanner");
        let near = Interface::new(Self::SCANNER, "net0", &["10.78.0.1/24", "fd78::1/64"]);
        let far = Interface::new("target", "net0", &["10.78.0.2/24", "fd78::2/64"]);
        let pair = |connection| Topology::new().node(scanner.clone()).connect(connection);
        let topology = match self {
            Self::Loopback => {
                let topology = Topology::new().node(target);
                let targets = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
                return Scene { topology, targets };
            }
            Self::Veth => pair(Connection::Veth(near, far)),
            Self::Bridge => pair(Connection::Bridge(near, far)),
            Self::Macvlan => pair(Connection::Macvlan(near, far)),
            Self::Vlan => pair(Connection::Vlan(10, near, far)),
            Self::Tun => pair(Connection::Tun(near, far)),
            Self::Switch => {
                let third = Interface::new("bystander", "net0", &["10.78.0.3/24", "fd78::3/64"]);
                pair(Connection::Switch(vec![near, far, third]))
                    .node(Node::new("bystander", "host"))
            }
            Self::Routed => {
                return routed(target);
            }
        };
        Scene::of(topology.node(target))
    }
}

fn routed(target: Node) -> Scene {
    let scanner = Node::new(Shape::SCANNER, "scanner")
        .route("10.78.1.0/24", "10.78.0.1")
        .route("fd78:0:0:1::/64", "fd78::1");
    let target = target
        .route("10.78.0.0/24", "10.78.1.1")
        .route("fd78::/64", "fd78:0:0:1::1");
    let topology = Topology::new()
        .node(scanner)
        .node(Node::new("router", "router").forwards())
        .node(target)
        .connect(Connection::Veth(
            Interface::new(Shape::SCANNER, "net0", &["10.78.0.2/24", "fd78::2/64"]),
            Interface::new("router", "near0", &["10.78.0.1/24", "fd78::1/64"]),
        ))
        .connect(Connection::Veth(
            Interface::new("router", "far0", &["10.78.1.1/24", "fd78:0:0:1::1/64"]),
            Interface::new("target", "net0", &["10.78.1.2/24", "fd78:0:0:1::2/64"]),
        ));
    Scene::of(topology)
}

/// A topology and the addresses of its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// The network.
    pub topology: Topology,
    /// Addresses of the target: IPv4, IPv6.
    pub targets: [IpAddr; 2],
}

impl Scene {
    /// Returns the scene of a topology whose node `target` has one link with an address of each family.
    fn of(topology: Topology) -> Self {
        let addresses = topology.addresses("target");
        let of_family = |v4: bool, none: IpAddr| {
            let mut addresses = addresses.iter().copied();
            addresses.find(|ip| ip.is_ipv4() == v4).unwrap_or(none)
        };
        let targets = [
            of_family(true, Ipv4Addr::UNSPECIFIED.into()),
            of_family(false, Ipv6Addr::UNSPECIFIED.into()),
        ];
        Self { topology, targets }
    }

    /// Builds the network.
    ///
    /// # Errors
    /// See [`Lab::build`].
    pub fn build(&self) -> Result<Lab, Error> {
        Lab::build(self.topology.clone())
    }
}

/// What a target's firewall does with most ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirewallMode {
    /// There is no firewall: other ports are closed.
    None,
    /// Drops packets to all but some ports.
    Drops,
    /// Rejects packets to all but some ports: with resets, and in some port ranges with ICMP errors of every code that
    /// means "filtered", without the kernel's limit on ICMP errors.
    Rejects,
}

/// Returns a target with `open` TCP ports chosen at random by `seed`, and a firewall that lets half of them
/// pass (and as many closed ones). Some UDP ports echo, some are silent.
pub fn random_target(seed: u64, open: usize, guard: FirewallMode) -> Node {
    let mut random = SplitMix(seed);
    let mut ports = BTreeSet::new();
    while ports.len() < open.min(60_000) {
        ports.insert(random.port());
    }
    let through: Vec<_> = ports.iter().copied().step_by(2).collect();
    let through: Vec<_> = through
        .iter()
        .flat_map(|&port| [port, random.port()])
        .map(|port| port..=port)
        .collect();
    let udp: BTreeSet<u16> = (0..8).map(|_| random.port()).collect();
    let silent = (0..4).map(|_| random.port()).filter(|p| !udp.contains(p));
    let node = Node::new("target", "target")
        .udp_silent(silent.collect::<Vec<_>>())
        .tcp(ports)
        .udp(udp);
    let wall = |default| PortRules::all(default).but(through.clone(), PacketAction::Pass);
    match guard {
        FirewallMode::None => node,
        FirewallMode::Drops => {
            node.firewall(Firewall::all(PacketAction::Drop).tcp(wall(PacketAction::Drop)))
        }
        FirewallMode::Rejects => {
            let codes = [(1, 3), (2, 0), (3, 4), (9, 1), (10, 1), (13, 1)];
            let mut tcp = wall(PacketAction::Reset);
            for (number, (v4, v6)) in codes.into_iter().enumerate() {
                let first = 20_000 + 5_000 * number as u16;
                tcp = tcp.but([first..=first + 499], PacketAction::Icmp { v4, v6 });
            }
            let firewall = Firewall::all(PacketAction::PORT_UNREACHABLE).tcp(tcp);
            node.firewall(firewall).unlimited_icmp()
        }
    }
}

/// SplitMix64 random numbers (Steele, Lea, Flood 2014), good enough to choose ports.
struct SplitMix(u64);

impl SplitMix {
    fn port(&mut self) -> u16 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % 65_535) as u16 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PortBehavior, Transport};

    #[test]
    fn a_random_target_is_the_same_for_a_seed_and_has_every_behaviour() {
        let node = random_target(7, 300, FirewallMode::Rejects);
        assert_eq!(node, random_target(7, 300, FirewallMode::Rejects));
        assert_ne!(node, random_target(8, 300, FirewallMode::Rejects));
        assert_eq!(node.tcp.len(), 300);
        let scene = Shape::Veth.around(node);
        let found: Vec<PortBehavior> = (1..=u16::MAX)
            .map(|port| {
                scene
                    .topology
                    .expectation(scene.targets[0], Transport::Tcp, port)
            })
            .collect();
        for wanted in [
            PortBehavior::Open,
            PortBehavior::Closed,
            PortBehavior::Reset,
            PortBehavior::Unreachable(13),
        ] {
            assert!(found.contains(&wanted), "no {wanted:?}");
        }
    }

    #[test]
    fn every_shape_is_a_sound_topology() {
        for shape in Shape::ALL {
            let scene = shape.around(Node::new("", ""));
            assert_eq!(scene.topology.check(), Ok(()), "{shape:?}");
        }
    }
}
