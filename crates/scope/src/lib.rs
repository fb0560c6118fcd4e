//! Decides what may be scanned.
//!
//! The crate reads target and port expressions ([`target`], [`ports`]), names services ([`services`]), and decides
//! which of the targets may be scanned and on whose authority ([`Policy`]).
//!
//! The crate is pure. It does not resolve names, read files or look up interfaces: this machine's addresses, the
//! scopes and the time are parameters.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod grammar;
mod host;
mod policy;
pub mod ports;
pub mod services;
pub mod target;

pub use host::{Host, Transport};
pub use policy::*;
