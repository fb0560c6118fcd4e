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

mod bound;
pub mod canary;
pub mod checkpoint;
pub mod connect;
pub mod cookie;
mod discovery;
pub mod engine;
pub mod event;
pub mod finding;
pub mod grammar;
pub mod handshakes;
mod heard;
mod lane;
pub mod ledger;
pub mod loss;
pub mod neighbourhood;
pub mod order;
pub mod pace;
pub mod payload;
pub mod plan;
pub mod ports;
pub mod probe;
mod proofs;
mod results;
mod roster;
pub mod rtt;
pub mod scope;
pub mod services;
pub mod sweep;
pub mod target;
mod tell;
pub mod time;
pub mod traceroute;
pub mod udp;
mod wire;

pub use engine::{Aim, Ingress, Scan, Transmit};
pub use event::Event;
pub use finding::{Finding, Heard, Host, HostState, PortState, Reason, Transport};
pub use plan::Plan;
pub use sweep::Work;
pub use time::Instant;
