//! A network made of values, to run whole scans in.
//!
//! Hosts, paths with delay, jitter, loss, reordering, duplication and a
//! bottleneck queue, firewalls that drop or reject, reset limiters: all seeded,
//! no socket, no sleep. Time jumps to the next thing that happens, so a scan of
//! minutes takes milliseconds. This crate must not know clocks or kernels; it
//! reads and writes real bytes, so the engine under test cannot tell.
#![no_std]

extern crate alloc;

pub mod host;
pub mod network;
pub mod path;
pub mod random;
pub mod run;

pub use host::{Answering, SimHost};
pub use network::Network;
pub use path::{Loss, Path};
pub use run::{Change, Outcome, run, run_with};
