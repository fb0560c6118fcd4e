//! Protocol headers: one table per protocol gives a typed view, a writer and a field list.
//!
//! A `View` checks the length once and then reads fields with plain loads. A `Header` is the fixed part of a
//! header, ready to be written. [`mod@write`] puts headers and payload into a buffer of the caller, with lengths and
//! checksums computed. [`Frame`] reads a received frame down to its transport. Nothing here allocates.
//!
//! ```
//! use vigie_wire::frame::{Frame, LinkType, Transport};
//! use vigie_wire::tcp::{self, Flags};
//! use vigie_wire::write::Datagram;
//!
//! let header = tcp::Header::new().set_src_port(40_000).set_dst_port(443).set_flags(Flags::SYN);
//! let mut buffer = [0; 64];
//! let written = Datagram::new([10, 0, 0, 1].into(), [10, 0, 0, 2].into())?.tcp(&mut buffer, &header, &[], &[])?;
//! assert_eq!(written.len, 40);
//!
//! let frame = Frame::parse(LinkType::RawIp, &buffer[..written.len])?;
//! let Transport::Tcp(segment) = frame.transport else { panic!("a TCP segment was written") };
//! assert_eq!((segment.dst_port(), segment.flags()), (443, Flags::SYN));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate must not know clocks, sockets, files, threads or randomness, or what the packets are for. Packet
//! expressions and scapy's names are in `vigie-craft`.
#![no_std]
#[cfg(test)]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod arp;
pub mod bits;
pub mod checksum;
pub mod civil;
pub mod dns_name;
pub mod error;
pub mod ethernet;
pub mod frame;
pub mod icmpv4;
pub mod icmpv6;
pub mod ipv4;
pub mod ipv6;
pub mod ipv6_ext;
pub mod mac;
pub mod quote;
pub mod sctp;
pub mod sll;
pub mod table;
pub mod tcp;
mod tcp_options;
pub mod udp;
pub mod vlan;
pub mod write;

pub use error::{ParseError, ParseErrorKind, WriteError};
pub use frame::{Frame, LinkType};
pub use mac::MacAddr;
