//! Runs a scan engine on the kernel's I/O.
//!
//! The engine (`vigie-scan`) decides what to send and what an answer means, without I/O. A runner connects it to the
//! kernel: [`PacketRunner`] to packet sockets (several threads if one is too slow), [`UdpRunner`] to UDP sockets,
//! [`ConnectRunner`] to TCP connections. The last two need no privilege. An [`Observer`] receives the events.
//!
//! This crate must not know formats or how targets are named, and prints nothing.
//!
//! # Example
//! Scans one port of the loopback interface by connecting to it.
//!
//! ```
//! use std::convert::Infallible;
//! use std::net::TcpListener;
//!
//! use vigie_driver::{ConnectRunner, Observer};
//! use vigie_linux::clock::monotonic_ns;
//! use vigie_linux::tcp_connect::ConnectConfig;
//! use vigie_scan::event::{Progress, EndReason};
//! use vigie_scope::target::{Range, RangeSet};
//! use vigie_scan::{Event, Instant, PortState, Scan};
//!
//! #[derive(Default)]
//! struct OpenPorts(Vec<u16>);
//!
//! impl Observer for OpenPorts {
//!     type Error = Infallible;
//!
//!     fn event(&mut self, event: &Event) -> Result<(), Infallible> {
//!         if let Event::Port(finding) = event
//!             && finding.state == PortState::Open
//!         {
//!             self.0.push(finding.port);
//!         }
//!         Ok(())
//!     }
//!
//!     fn progress(&mut self, _: Progress) -> Result<(), Infallible> {
//!         Ok(())
//!     }
//!
//!     fn stop(&self) -> Option<EndReason> {
//!         None
//!     }
//! }
//!
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let port = listener.local_addr()?.port();
//! let targets = RangeSet::new([Range::single("127.0.0.1".parse()?, 0)]);
//! let plan = vigie_sim::run::connect_plan(&targets, vigie_sim::run::ports(port, port), 1);
//!
//! let mut runner = ConnectRunner::open(ConnectConfig::default())?;
//! let now = Instant::from_nanos(monotonic_ns());
//! let mut scan = Scan::new(runner.adapt(&plan), now)?;
//! let mut open = OpenPorts::default();
//! runner.run(&mut scan, &mut open)?;
//! assert_eq!(open.0, [port]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoints;
mod connect;
mod error;
mod link_sockets;
mod observer;
mod open_port_checker;
mod packets;
mod reply_packets;
mod run;
mod udp;
mod work_queue;
mod workers;

pub use connect::{ConnectRunner, socket_address};
pub use error::Error;
pub use observer::{ConnectionState, Observer};
pub use open_port_checker::{CheckerConfig, CheckerEnded, OpenPortChecker};
pub use packets::PacketRunner;
pub use udp::UdpRunner;
