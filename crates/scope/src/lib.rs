//! Decides what may be scanned.
//!
//! The crate has two parts:
//! - *Expressions*: [`target::parse`] reads addresses, prefixes, ranges and names; [`ports::PortList::parse`] reads the
//!   argument of `-p`; [`services`] names ports. Errors say which bytes are wrong ([`ParseError`]).
//! - *Policy*: a [`Policy`] evaluates a [`Request`] (addresses, names, ports, time) and returns a [`Decision`]: which
//!   addresses are allowed, and by whom ([`AuthSource`]), and which are denied, and why ([`DenyReason`]).
//!
//! The crate is pure. It does not resolve names, read files or look up interfaces: the addresses of this machine, the
//! scopes and the time are parameters. It does not know how a scan works.
//!
//! # Example
//!
//! ```
//! use core::time::Duration;
//! use vigie_scope::ports::PortList;
//! use vigie_scope::target::{self, RangeSet, TargetSpec};
//! use vigie_scope::{AuthSource, DenyReason, Policy, Request, Transport};
//!
//! # fn main() -> Result<(), vigie_scope::ParseError> {
//! let TargetSpec::Ranges { ranges, .. } = target::parse("127.0.0.1-127.0.0.3")? else { unreachable!() };
//! let ports = PortList::parse("22,https", Transport::Tcp)?;
//! let request = Request {
//!     addresses: &RangeSet::new(ranges),
//!     names: &[],
//!     ports: &ports,
//!     now: Duration::ZERO,
//! };
//! let decision = Policy::default().evaluate(&request);
//! assert!(decision.is_allowed());
//! assert_eq!(decision.allowed[0].source, AuthSource::Loopback);
//!
//! let TargetSpec::Ranges { ranges, .. } = target::parse("192.0.2.0/24")? else { unreachable!() };
//! let decision = Policy::default().evaluate(&Request { addresses: &RangeSet::new(ranges), ..request });
//! assert_eq!(decision.denied[0].reason, DenyReason::NotInScope);
//! # Ok(())
//! # }
//! ```
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod error;
mod grammar;
mod host;
mod policy;
pub mod ports;
pub mod services;
pub mod target;

pub use error::{ParseError, ParseErrorKind};
pub use host::{Host, Transport};
pub use policy::*;
