//! The scan as a state machine: what to send next, and what a reply means.
//!
//! This crate is pure. It knows no clock, no socket, no file, no thread and no
//! randomness of its own: time comes in as [`Instant`], randomness as a seed,
//! packets as byte slices. The same engine therefore runs on packet sockets, in
//! the simulator, and in a test that finishes in milliseconds.
//!
//! Start at [`plan::Plan`] (what a scan is), then [`engine::Scan`] (how it runs),
//! then [`finding`] and [`event`] (what comes out).
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod canary;
pub mod checkpoint;
pub mod cookie;
mod discovery;
mod egress;
pub mod engine;
pub mod event;
pub mod finding;
mod host_table;
pub mod ipv6_link_discovery;
pub mod ledger;
pub mod loss;
mod max_probes;
pub mod open_port_check;
pub mod order;
pub mod pace;
pub mod plan;
pub mod probe;
pub mod rate_limit;
mod results;
pub mod rtt;
mod rtt_coverage;
mod summary;
pub mod sweep;
pub mod target;
pub mod time;
pub mod traceroute;
pub mod udp;

pub use engine::{ConnectOutcome, ConnectRequest, Ingress, Purpose, Scan, Transmit};
pub use event::Event;
pub use finding::{Finding, HostState, PortState, Reason, ServiceMatch};
pub use plan::Plan;
pub use sweep::WorkItem;
pub use time::Instant;
