//! A network as data: nodes, their connections and services.
//!
//! [`Topology::check`] checks the invariants once, before anything is built. This module must not know the kernel.

use core::fmt;
use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use vigie_linux::net::Prefix;

use crate::Firewall;

/// A whole network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Topology {
    /// Nodes, in display order.
    pub nodes: Vec<Node>,
    /// Connections between the nodes.
    pub connections: Vec<Connection>,
    /// Names of addresses that no node has.
    pub ghosts: BTreeMap<String, Vec<IpAddr>>,
}

/// A machine, built as a network namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Node {
    /// Name, unique in the topology.
    pub name: String,
    /// Role as a word for people: "scanner", "router", "host".
    pub role: String,
    /// Open TCP ports, with the banner that each sends (often empty).
    pub tcp: BTreeMap<u16, Vec<u8>>,
    /// UDP ports that echo; port 53 answers as a name server.
    pub udp_echo: BTreeSet<u16>,
    /// UDP ports that are open and never answer.
    pub udp_silent: BTreeSet<u16>,
    /// Firewall of the node.
    pub firewall: Option<Firewall>,
    /// Whether it forwards packets.
    pub forwards: bool,
    /// Routes besides those of its own subnets: destination and gateway.
    #[serde(with = "text_pairs")]
    pub routes: Vec<(Prefix, IpAddr)>,
    /// Prefixes; every address in them belongs to this node.
    #[serde(with = "text")]
    pub any: Vec<Prefix>,
    /// Whether it sends ICMP errors without limit; otherwise the kernel's limit applies (six at once, then one per second
    /// to each peer).
    pub unlimited_icmp: bool,
}

/// A network interface of a node: one end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// Name of the node.
    pub node: String,
    /// Name of the link in that node.
    pub link: String,
    /// Addresses, with the prefix lengths of their subnets.
    #[serde(with = "text")]
    pub addresses: Vec<Prefix>,
    /// Ethernet address; the kernel chooses if none is given.
    pub mac: Option<[u8; 6]>,
}

/// A connection between interfaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connection {
    /// A pair of virtual Ethernet links.
    Veth(Interface, Interface),
    /// A pair of virtual Ethernet links; the first one is the port of a bridge, which has the first interface's addresses.
    Bridge(Interface, Interface),
    /// A switch with any number of interfaces: a bridge in its own namespace.
    Switch(Vec<Interface>),
    /// A pair of virtual Ethernet links; the first interface is a macvlan link on top of the first one.
    Macvlan(Interface, Interface),
    /// Two links without a link layer, which transport IP packets.
    Tun(Interface, Interface),
    /// Two links that exchange frames with this 802.1Q tag.
    Vlan(u16, Interface, Interface),
}

impl Interface {
    /// Returns an interface of a node with addresses such as `10.77.0.1/24`.
    ///
    /// # Panics
    /// If an address has no valid prefix length: topologies are written in code.
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

    /// Sets the Ethernet address.
    #[must_use]
    pub fn mac(mut self, mac: [u8; 6]) -> Self {
        self.mac = Some(mac);
        self
    }
}

impl Connection {
    /// Returns the interfaces that are connected.
    pub fn interfaces(&self) -> Vec<&Interface> {
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
    /// Returns a node without services.
    pub fn new(name: &str, role: &str) -> Self {
        Self {
            name: name.to_owned(),
            role: role.to_owned(),
            ..Self::default()
        }
    }

    /// Adds TCP ports that accept and close connections.
    #[must_use]
    pub fn tcp(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.tcp
            .extend(ports.into_iter().map(|port| (port, Vec::new())));
        self
    }

    /// Adds a TCP port that sends a banner and closes connections.
    #[must_use]
    pub fn tcp_banner(mut self, port: u16, banner: &[u8]) -> Self {
        self.tcp.insert(port, banner.to_vec());
        self
    }

    /// Adds UDP ports that echo.
    #[must_use]
    pub fn udp(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.udp_echo.extend(ports);
        self
    }

    /// Adds UDP ports that are open and never answer.
    #[must_use]
    pub fn udp_silent(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.udp_silent.extend(ports);
        self
    }

    /// Sets the firewall.
    #[must_use]
    pub fn firewall(mut self, firewall: Firewall) -> Self {
        self.firewall = Some(firewall);
        self
    }

    /// Makes the node forward packets.
    #[must_use]
    pub fn forwards(mut self) -> Self {
        self.forwards = true;
        self
    }

    /// Adds a route.
    ///
    /// # Panics
    /// If the texts are not a prefix and an address: topologies are written in code.
    #[must_use]
    pub fn route(mut self, destination: &str, gateway: &str) -> Self {
        let destination = destination.parse().expect("a prefix");
        self.routes
            .push((destination, gateway.parse().expect("an address")));
        self
    }

    /// Makes every address of a prefix belong to the node.
    ///
    /// # Panics
    /// If the text is not a prefix: topologies are written in code.
    #[must_use]
    pub fn any(mut self, prefix: &str) -> Self {
        self.any.push(prefix.parse().expect("a prefix"));
        self
    }

    /// Removes the kernel's limit on ICMP errors.
    #[must_use]
    pub fn unlimited_icmp(mut self) -> Self {
        self.unlimited_icmp = true;
        self
    }
}

impl Topology {
    /// Returns an empty network.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node.
    #[must_use]
    pub fn node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }

    /// Adds a connection.
    #[must_use]
    pub fn connect(mut self, connection: Connection) -> Self {
        self.connections.push(connection);
        self
    }

    /// Names addresses that no node has.
    ///
    /// # Panics
    /// If a text is not an address: topologies are written in code.
    #[must_use]
    pub fn ghost(mut self, name: &str, addresses: &[&str]) -> Self {
        let parsed = addresses
            .iter()
            .map(|text| text.parse().expect("an address"));
        self.ghosts.insert(name.to_owned(), parsed.collect());
        self
    }

    /// Returns the node called `name`.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// Returns the addresses of a node's interfaces, in the order of the connections.
    pub fn addresses(&self, node: &str) -> Vec<IpAddr> {
        self.interfaces_of(node)
            .flat_map(|end| end.addresses.iter().map(|prefix| prefix.address))
            .collect()
    }

    /// Returns the node that has an address, on an interface or in its `any` prefixes. A loopback address belongs to the
    /// first node, the scanner.
    pub fn owner(&self, address: IpAddr) -> Option<&Node> {
        if address.is_loopback() {
            return self.nodes.first();
        }
        self.nodes.iter().find(|node| {
            self.addresses(&node.name).contains(&address)
                || node.any.iter().any(|prefix| prefix.contains(address))
        })
    }

    /// Returns a node's interfaces.
    pub fn interfaces_of(&self, node: &str) -> impl Iterator<Item = &Interface> {
        self.connections
            .iter()
            .flat_map(Connection::interfaces)
            .filter(move |end| end.node == node)
    }

    /// Checks the invariants that building relies on.
    ///
    /// # Errors
    /// The first violated invariant.
    pub fn check(&self) -> Result<(), TopologyError> {
        let mut names = BTreeSet::new();
        for node in &self.nodes {
            if !names.insert(&node.name) {
                return Err(TopologyError::NameTwice(node.name.clone()));
            }
            if node.tcp.contains_key(&0) || node.udp_echo.union(&node.udp_silent).any(|&p| p == 0) {
                return Err(TopologyError::PortZero(node.name.clone()));
            }
            let at = node.firewall.as_ref().and_then(|f| f.at.as_ref());
            if let Some(at) = at.filter(|at| self.find(at).is_none()) {
                return Err(TopologyError::NoNode(at.clone()));
            }
        }
        let mut links = BTreeSet::new();
        for end in self.connections.iter().flat_map(Connection::interfaces) {
            if !names.contains(&end.node) {
                return Err(TopologyError::NoNode(end.node.clone()));
            }
            // IFNAMSIZ without the NUL and the suffix of a lower link.
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
    /// A connection or a firewall names an unknown node.
    NoNode(String),
    /// The name of a node's link is too long (over 12 bytes), empty or in use.
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
    fn inconsistent_topologies_are_rejected() {
        let two = Topology::new()
            .node(Node::new("a", "host"))
            .node(Node::new("a", "host"));
        assert_eq!(two.check(), Err(TopologyError::NameTwice("a".to_owned())));
        let wire = |node: &str, link: &str| {
            Topology::new()
                .node(Node::new("a", "host"))
                .connect(Connection::Veth(
                    Interface::new("a", "eth0", &[]),
                    Interface::new(node, link, &[]),
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
    fn a_topology_survives_serialization() {
        let topology = crate::training();
        let text = serde_json::to_string(&topology).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Topology>(&text).expect("a topology"),
            topology
        );
    }
}
