//! This machine as values: its sockets, the processes that own them, and who can reach them.
//!
//! Everything here is a pure function of bytes or of other values. The crate must not know how the bytes were obtained
//! (netlink, `/proc`, a file), nor how a value is shown (tables, JSON, languages).
//!
//! # Example
//! A line of `/proc/net/tcp`: a socket that listens on port 22 of the loopback address only.
//!
//! ```
//! use vigie_host::listener::Exposure;
//! use vigie_host::procfs::parse_inet_line;
//! use vigie_host::socket::{Proto, State};
//!
//! let line = b"   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1";
//! let socket = parse_inet_line(line, Proto::Tcp, 0).expect("a socket");
//! assert_eq!((socket.local_port, socket.state), (22, State::Listen));
//! let exposure = Exposure::of(&socket).expect("it listens");
//! assert!(!exposure.is_exposed());
//! ```
#![no_std]

extern crate alloc;

#[cfg(test)]
extern crate std;

pub mod change;
pub mod diag;
pub mod filter;
pub mod listener;
pub mod owner;
pub mod procfs;
pub mod snapshot;
pub mod socket;
pub mod summary;
pub mod tree;
