//! This machine as values: its sockets, who owns them, who may reach them.
//!
//! Everything here is a pure function of bytes or of other values. The crate
//! must not know how the bytes were obtained (netlink, `/proc`, a file), nor how
//! a value is shown (tables, JSON, languages).
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
