//! A network made of namespaces: for the tests, and for people to practise on safely.
//!
//! A [`Topology`] says as plain data which nodes there are, how they are wired, what they serve and what
//! their firewalls do; [`Topology::truth`] says what a correct scan of a port must find. [`Lab::build`]
//! makes it real with the kernel's own network stack, and dropping the [`Lab`] removes it. No node
//! has a way to any network outside the lab.
//!
//! This room knows no scanner: it is the truth that scanners are measured against.

mod build;
mod cable;
mod dns;
mod error;
mod firewall;
mod holder;
mod service;
pub mod shapes;
mod topology;
mod training;
mod truth;

pub use build::Lab;
pub use error::Error;
pub use firewall::{Fate, Firewall, Wall};
pub use holder::{HoldError, Holder, Life, Place, State, StateError, hold};
pub use topology::{End, Node, Topology, TopologyError, Wire};
pub use training::training;
pub use truth::{Transport, Truth, Truths};
