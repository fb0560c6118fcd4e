//! A network of namespaces, for tests and for safe practice.
//!
//! A [`Topology`] describes nodes, connections, services and firewalls as plain data. [`Topology::expectation`] returns
//! what a correct scan of a port must find. [`Lab::build`] creates the network with the kernel's own network stack, and
//! dropping the [`Lab`] removes it. No node can reach a network outside the lab.
//!
//! This crate must not know scanners: it is what they are measured against.
//!
//! # Example
//! A host with a firewall that hides one of two open ports.
//!
//! ```
//! use vigie_lab::{
//!     Connection, PortBehavior, Firewall, Interface, Node, PacketAction, PortRules, Topology, Transport,
//! };
//!
//! let firewall = Firewall::all(PacketAction::Drop)
//!     .tcp(PortRules::all(PacketAction::Drop).but([22..=22], PacketAction::Pass));
//! let topology = Topology::new()
//!     .node(Node::new("scanner", "scanner"))
//!     .node(Node::new("server", "host").tcp([22, 3306]).firewall(firewall))
//!     .connect(Connection::Veth(
//!         Interface::new("scanner", "eth0", &["10.0.0.1/24"]),
//!         Interface::new("server", "eth0", &["10.0.0.2/24"]),
//!     ));
//! assert_eq!(topology.check(), Ok(()));
//!
//! let expected = topology.expectations("10.0.0.2".parse()?);
//! assert_eq!(expected.port(Transport::Tcp, 22), PortBehavior::Open);
//! assert_eq!(expected.port(Transport::Tcp, 3306), PortBehavior::Dropped);
//! // As root, `vigie_lab::Lab::build(topology)` creates this network.
//! # Ok::<(), std::net::AddrParseError>(())
//! ```

mod build;
mod dns;
mod error;
mod expectation;
mod firewall;
mod holder;
mod service;
pub mod shapes;
mod topology;
mod training;
mod tun_link;

pub use build::Lab;
pub use error::Error;
pub use expectation::{Expectations, PortBehavior, Transport};
pub use firewall::{Firewall, PacketAction, PortRules};
pub use holder::{HoldError, LabState, LabStatus, Lifetime, StateDir, StateError, hold};
pub use topology::{Connection, Interface, Node, Topology, TopologyError};
pub use training::training;
