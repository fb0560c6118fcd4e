//! Packet expressions in scapy's notation, and the packets they make.
//!
//! [`lang`] evaluates expressions such as `IP(dst="10.0.0.1")/TCP(dport=80)`. A [`Packet`] is a stack of layers that
//! can be built, dissected, expanded, shown and echoed as scapy does it. Every layer is described in one file of
//! [`layers`]: scapy's class name, field names, defaults and listing order. The headers themselves are in
//! `vigie-wire`.
//!
//! ```
//! use vigie_craft::lang::{NoRuntime, Object, Session};
//! use vigie_craft::Offline;
//!
//! let mut network = NoRuntime::default();
//! let object = Session::new(&mut network).value("IP(src='10.0.0.1', dst='10.0.0.2')/TCP(dport=80)")?;
//! let Object::Packet(stack, _) = object else { panic!("the expression is a packet") };
//! let packet = stack.borrow().packet.clone();
//! assert_eq!(packet.build(&Offline)?.len(), 40);
//! assert_eq!(packet.summary(&Offline), "IP / TCP 10.0.0.1:20 > 10.0.0.2:80 S");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate must not know clocks, sockets, files, threads or randomness: the machine is asked through [`Env`] and the
//! network through [`lang::Runtime`].
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod asn1;
pub mod build;
pub mod codecs;
pub mod env;
pub mod error;
pub mod lang;
pub mod layers;
pub mod model;
pub mod packet;
pub mod reply_match;
pub mod repr;
pub mod value;

pub use env::{Env, Offline};
pub use error::{FieldError, FieldProblem};
pub use packet::Packet;
pub use value::Value;
