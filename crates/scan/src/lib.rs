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

pub mod event;
pub mod finding;
pub mod grammar;
pub mod plan;
pub mod ports;
pub mod services;
pub mod target;
pub mod time;

pub use event::Event;
pub use finding::{Finding, Host, HostState, PortState, Reason, Transport};
pub use plan::Plan;
pub use time::Instant;
