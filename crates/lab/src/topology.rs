//! A network as data: nodes, wires between them, what the nodes serve.
//!
//! Invariants are checked by [`Topology::check`], once, before anything is built. Nothing here touches
//! the kernel.

use core::fmt;
use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use vigie_linux::net::Prefix;

use crate::Firewall;

/// A whole network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Topology {
    /// The machines, in the order that they are shown in.
    pub nodes: Vec<Node>,
    /// What joins them.
    pub wires: Vec<Wire>,
    /// Names for addresses that nobody has.
    pub ghosts: BTreeMap<String, Vec<IpAddr>>,
}

/// A machine: one network namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Node {
    /// Its name, unique in the topology.
    pub name: String,
    /// What it is there for, as one word for people: "scanner", "router", "host".
    pub role: String,
    /// TCP ports that accept, with the bytes each sends at once (often none).
    pub tcp: BTreeMap<u16, Vec<u8>>,
    /// UDP ports that send back whatever arrives; 53 answers questions as a name server.
    pub udp_echo: BTreeSet<u16>,
    /// UDP ports that take everything and never answer.
    pub udp_silent: BTreeSet<u16>,
    /// What it filters.
    pub firewall: Option<Firewall>,
    /// Whether it passes packets on.
    pub forwards: bool,
    /// Routes beside those of its own subnets: destination and gateway.
    #[serde(with = "text_pairs")]
    pub routes: Vec<(Prefix, IpAddr)>,
    /// Prefixes of which every single address is its own.
    #[serde(with = "text")]
    pub any: Vec<Prefix>,
    /// Whether it sends ICMP errors as fast as they are caused; otherwise the kernel's limit holds (six
    /// at once, then one a second to each peer).
    pub unlimited_icmp: bool,
}

/// A wire's end: a link of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The node's name.
    pub node: String,
    /// The link's name in that node.
    pub link: String,
    /// Its addresses, with their subnets' lengths.
    #[serde(with = "text")]
    pub addresses: Vec<Prefix>,
    /// The Ethernet address; the kernel's own choice if none is given.
    pub mac: Option<[u8; 6]>,
}

/// What joins ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wire {
    /// A pair of virtual Ethernet links.
    Veth(End, End),
    /// A pair, of which the first end's link is a bridge, with the virtual Ethernet link as its port.
    Bridge(End, End),
    /// A switch with any number of ends: a bridge in a namespace of its own.
    Switch(Vec<End>),
    /// A macvlan link at the first end, over a virtual Ethernet link without addresses.
    Macvlan(End, End),
    /// Two links without a link layer: IP packets and nothing around them.
    Tun(End, End),
    /// Two links whose frames carry this 802.1Q tag on the wire between them.
    Vlan(u16, End, End),
}

impl End {
    /// A link of a node with addresses such as `10.77.0.1/24`.
    ///
    /// # Panics
    /// If an address is no address with a prefix length: topologies are written in code.
    pub fn new(node: &str, link: &str, addresses: &[&str]) -> Self {
        Self {
            node: node.to_owned(),
            link: link.to_owned(),
            addresses: addresses
                .iter()
                .map(|text| text.parse().expect("an address with its prefix length"))
                .collect(),
            mac: None,
        }
    }

    /// The same with an Ethernet address.
    #[must_use]
    pub fn mac(mut self, mac: [u8; 6]) -> Self {
        self.mac = Some(mac);
        self
    }
}

impl Wire {
    /// Its ends.
    pub fn ends(&self) -> Vec<&End> {
        match self {
            Self::Veth(a, b)
            | Self::Bridge(a, b)
            | Self::Macvlan(a, b)
            | Self::Tun(a, b)
            | Self::Vlan(_, a, b) => vec![a, b],
            Self::Switch(ends) => ends.iter().collect(),
        }
    }
}

impl Node {
    /// A machine that serves nothing.
    pub fn new(name: &str, role: &str) -> Self {
        Self {
            name: name.to_owned(),
            role: role.to_owned(),
            ..Self::default()
        }
    }

    /// The same with TCP ports that accept and close.
    #[must_use]
    pub fn tcp(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.tcp
            .extend(ports.into_iter().map(|port| (port, Vec::new())));
        self
    }

    /// The same with a TCP port that greets and closes.
    #[must_use]
    pub fn tcp_banner(mut self, port: u16, banner: &[u8]) -> Self {
        self.tcp.insert(port, banner.to_vec());
        self
    }

    /// The same with UDP ports that echo.
    #[must_use]
    pub fn udp(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.udp_echo.extend(ports);
        self
    }

    /// The same with UDP ports that are open and never answer.
    #[must_use]
    pub fn udp_silent(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.udp_silent.extend(ports);
        self
    }

    /// The same with a firewall.
    #[must_use]
    pub fn firewall(mut self, firewall: Firewall) -> Self {
        self.firewall = Some(firewall);
        self
    }

    /// The same as a router.
    #[must_use]
    pub fn forwards(mut self) -> Self {
        self.forwards = true;
        self
    }

    /// The same with a route.
    ///
    /// # Panics
    /// If the texts are no prefix and no address: topologies are written in code.
    #[must_use]
    pub fn route(mut self, destination: &str, gateway: &str) -> Self {
        let destination = destination.parse().expect("a prefix");
        self.routes
            .push((destination, gateway.parse().expect("an address")));
        self
    }

    /// The same as owner of every address of a prefix.
    ///
    /// # Panics
    /// If the text is no prefix: topologies are written in code.
    #[must_use]
    pub fn any(mut self, prefix: &str) -> Self {
        self.any.push(prefix.parse().expect("a prefix"));
        self
    }

    /// The same without the kernel's limit on ICMP errors.
    #[must_use]
    pub fn unlimited_icmp(mut self) -> Self {
        self.unlimited_icmp = true;
        self
    }
}

impl Topology {
    /// An empty network.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with another machine.
    #[must_use]
    pub fn node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }

    /// The same with another wire.
    #[must_use]
    pub fn wire(mut self, wire: Wire) -> Self {
        self.wires.push(wire);
        self
    }

    /// The same with a name for addresses that nobody has.
    ///
    /// # Panics
    /// If a text is no address: topologies are written in code.
    #[must_use]
    pub fn ghost(mut self, name: &str, addresses: &[&str]) -> Self {
        let parsed = addresses
            .iter()
            .map(|text| text.parse().expect("an address"));
        self.ghosts.insert(name.to_owned(), parsed.collect());
        self
    }

    /// The node called `name`.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The addresses of a node's links, in the wires' order.
    pub fn addresses(&self, node: &str) -> Vec<IpAddr> {
        self.ends_of(node)
            .flat_map(|end| end.addresses.iter().map(|prefix| prefix.address))
            .collect()
    }

    /// The node that owns an address, by its links or by its `any` prefixes. A loopback address is the
    /// first node's, the scanner's: it never leaves there.
    pub fn owner(&self, address: IpAddr) -> Option<&Node> {
        if address.is_loopback() {
            return self.nodes.first();
        }
        self.nodes.iter().find(|node| {
            self.addresses(&node.name).contains(&address)
                || node.any.iter().any(|prefix| prefix.contains(address))
        })
    }

    /// A node's wire ends.
    pub fn ends_of(&self, node: &str) -> impl Iterator<Item = &End> {
        self.wires
            .iter()
            .flat_map(Wire::ends)
            .filter(move |end| end.node == node)
    }

    /// Checks what a builder relies on.
    pub fn check(&self) -> Result<(), TopologyError> {
        let mut names = BTreeSet::new();
        for node in &self.nodes {
            if !names.insert(&node.name) {
                return Err(TopologyError::NameTwice(node.name.clone()));
            }
            if node.tcp.contains_key(&0) || node.udp_echo.union(&node.udp_silent).any(|&p| p == 0) {
                return Err(TopologyError::PortZero(node.name.clone()));
            }
            let at = node.firewall.as_ref().and_then(|wall| wall.at.as_ref());
            if let Some(at) = at.filter(|at| self.find(at).is_none()) {
                return Err(TopologyError::NoNode(at.clone()));
            }
        }
        let mut links = BTreeSet::new();
        for end in self.wires.iter().flat_map(Wire::ends) {
            if !names.contains(&end.node) {
                return Err(TopologyError::NoNode(end.node.clone()));
            }
            // IFNAMSIZ with the NUL, less what builders append to name a lower link.
            if end.link.is_empty() || end.link.len() > 12 || !links.insert((&end.node, &end.link)) {
                return Err(TopologyError::BadLink(end.node.clone(), end.link.clone()));
            }
        }
        Ok(())
    }
}

/// A topology that cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TopologyError {
    /// Two nodes have this name.
    NameTwice(String),
    /// A wire or a firewall names a node that there is not.
    NoNode(String),
    /// A node's link has a name that is too long (over 12 bytes), empty or taken.
    BadLink(String, String),
    /// A node serves port 0.
    PortZero(String),
}

impl fmt::Display for TopologyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTwice(name) => write!(f, "two nodes are called {name}"),
            Self::NoNode(name) => write!(f, "there is no node {name}"),
            Self::BadLink(node, link) => write!(f, "{node} cannot have a link {link:?}"),
            Self::PortZero(node) => write!(f, "{node} cannot serve port 0"),
        }
    }
}

impl core::error::Error for TopologyError {}

/// Prefixes as text in the state file.
mod text {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use vigie_linux::net::Prefix;

    pub(super) fn serialize<S: Serializer>(list: &[Prefix], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(ToString::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Prefix>, D::Error> {
        let list = Vec::<String>::deserialize(from)?;
        let parsed = list.iter().map(|text| text.parse());
        parsed.collect::<Result<_, _>>().map_err(de::Error::custom)
    }
}

/// Routes as text in the state file.
mod text_pairs {
    use core::net::IpAddr;
    use serde::{Deserialize, Deserializer, Serializer, de};
    use vigie_linux::net::Prefix;

    pub(super) fn serialize<S: Serializer>(
        list: &[(Prefix, IpAddr)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(|(prefix, via)| (prefix.to_string(), via)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(Prefix, IpAddr)>, D::Error> {
        let list = Vec::<(String, IpAddr)>::deserialize(from)?;
        let parsed = list.iter().map(|(text, via)| Ok((text.parse()?, *via)));
        parsed
            .collect::<Result<_, vigie_linux::net::NotAPrefix>>()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_in_a_topology_are_named() {
        let two = Topology::new()
            .node(Node::new("a", "host"))
            .node(Node::new("a", "host"));
        assert_eq!(two.check(), Err(TopologyError::NameTwice("a".to_owned())));
        let wire = |node: &str, link: &str| {
            Topology::new()
                .node(Node::new("a", "host"))
                .wire(Wire::Veth(
                    End::new("a", "eth0", &[]),
                    End::new(node, link, &[]),
                ))
        };
        assert_eq!(
            wire("b", "eth0").check(),
            Err(TopologyError::NoNode("b".to_owned()))
        );
        let taken = TopologyError::BadLink("a".to_owned(), "eth0".to_owned());
        assert_eq!(wire("a", "eth0").check(), Err(taken));
        assert_eq!(wire("a", "eth1").check(), Ok(()));
        let zero = Topology::new().node(Node::new("a", "host").tcp([0]));
        assert_eq!(zero.check(), Err(TopologyError::PortZero("a".to_owned())));
    }

    #[test]
    fn a_topology_survives_its_text() {
        let topology = crate::training();
        let text = serde_json::to_string(&topology).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Topology>(&text).expect("a topology"),
            topology
        );
    }
}
