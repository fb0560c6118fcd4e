//! Bytes to layers and back.
//!
//! Every protocol is described once, in one file of [`layers`], as a table of fields. From that table come the
//! typed views the engine reads frames with ([`layers::tcp::View`] and its like: one length check, then plain
//! loads), the headers it writes ([`layers::tcp::Header`]), and what people see of a packet.
//!
//! This crate must not know clocks, sockets, files, threads or randomness: bytes and values come in, bytes and
//! values go out.
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod addr;
pub mod answers;
pub mod asn1;
pub mod bits;
pub mod build;
pub mod checksum;
pub mod env;
pub mod error;
pub mod frame;
pub mod lang;
pub mod layers;
pub mod lists;
pub mod model;
pub mod packet;
pub mod python;
pub mod quote;
pub mod value;
pub mod write;

pub use addr::MacAddr;
pub use env::{Env, Offline};
pub use error::{FieldError, FieldProblem, ParseError, ParseErrorKind, WriteError};
pub use frame::{Frame, LinkType};
pub use packet::Packet;
pub use value::Value;
