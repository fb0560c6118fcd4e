//! A simulated network for running whole scans.
//!
//! Hosts, routers, firewalls and limiters are values; a path has delay, jitter, loss, reordering, duplication and a
//! bottleneck with a queue. Everything follows from a seed. There is no socket and no sleep: time jumps to the next
//! event, so a scan of minutes takes milliseconds. The network reads and writes real frames, so the engine cannot tell
//! it from a real one. This crate must not know clocks or kernels.
//!
//! ```
//! use core::time::Duration;
//! use vigie_scan::PortState;
//! use vigie_scope::target::{Range, RangeSet};
//! use vigie_sim::run::{plan, ports, run};
//! use vigie_sim::{Answering, Network, Path, SimHost};
//!
//! let ip = "10.1.0.1".parse()?;
//! let host = SimHost::new(ip).with([22, 443], Answering::Open);
//! let mut network = Network::new([host], Path::new(Duration::from_millis(20)), 1);
//!
//! let targets = RangeSet::new([Range::single(ip, 0)]);
//! let outcome = run(plan(&targets, ports(1, 1_000), 7), &mut network);
//! assert_eq!(outcome.ports(ip, PortState::Open), [22, 443]);
//! # Ok::<(), core::net::AddrParseError>(())
//! ```
#![no_std]

extern crate alloc;

pub mod host;
pub mod network;
pub mod path;
pub mod random;
mod replies;
pub mod run;

pub use host::{Answering, SimHost};
pub use network::Network;
pub use path::{Loss, Path};
pub use run::{Change, Outcome, run, run_with};
