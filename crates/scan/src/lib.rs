//! The scan engine: what to send next, and what a reply means.
//!
//! The engine performs no I/O. Time comes in as [`Instant`], randomness as a seed, packets as byte slices. The same
//! engine therefore runs on packet sockets, on UDP sockets, on connections made by the kernel, in the simulator, and in
//! a test that ends within milliseconds. This crate must not know clocks, sockets, files or threads.
//!
//! | to learn | read |
//! |---|---|
//! | what a scan is | [`plan`] |
//! | how it runs, and what a driver must do | [`engine`] |
//! | how a set of probes is sent, retried and judged | [`sweep`], and below it [`order`], [`ledger`], [`pace`], [`canary`], [`loss`], [`rtt`] |
//! | how silent ports behind a rate limiter are proven | [`rate_limit`] |
//! | how UDP ports are scanned | [`udp`] |
//! | what a probe looks like | [`probe`] |
//! | what comes out | [`event`], [`finding`] |
//!
//! A scan of one port of 192.0.2.1 through the interface with index 2. Nobody answers, so the port is filtered:
//!
//! ```
//! use vigie_scan::plan::{Framing, LocalPlan, NextHop, PortScan, Route, ScanSpec, Technique};
//! use vigie_scan::target::{Segment, TargetSet};
//! use vigie_scan::{Event, Instant, Plan, PortState, Scan};
//! use vigie_scope::Transport;
//! use vigie_scope::ports::PortList;
//! use vigie_scope::target::{Range, RangeSet};
//!
//! let range = Range::single("192.0.2.1".parse()?, 0);
//! let ports = PortList::new([(Transport::Tcp, 443)]);
//! let spec = ScanSpec::builder(RangeSet::new([range]))
//!     .tcp(PortScan::new(Technique::Syn, ports))
//!     .seed(7)
//!     .build()?;
//! let route = Route {
//!     link: 2,
//!     link_name: "tun0".into(),
//!     framing: Framing::Ip,
//!     source: "192.0.2.9".parse()?,
//!     hop: NextHop::Direct,
//!     mtu: 1500,
//!     local: false,
//! };
//! let local = LocalPlan {
//!     targets: TargetSet::new(vec![Segment { range, route: 0 }]),
//!     routes: vec![route],
//!     neighbours: Vec::new(),
//!     source_port: 61_000,
//!     source_ports: 1,
//! };
//!
//! let mut now = Instant::from_millis(1);
//! let mut scan = Scan::new(Plan { spec, local }, now)?;
//! let mut slot = vec![0; scan.slot_len()];
//! let (mut sent, mut state) = (0, None);
//! while let Some(next) = scan.poll_timeout(now) {
//!     now = next;
//!     scan.on_timeout(now);
//!     while scan.poll_transmit(now, &mut slot).is_some() {
//!         sent += 1;
//!     }
//!     while let Some(event) = scan.poll_event(now) {
//!         if let Event::Port(finding) = event {
//!             state = Some(finding.state);
//!         }
//!     }
//! }
//! assert!(sent > 1);
//! assert_eq!(state, Some(PortState::Filtered));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
