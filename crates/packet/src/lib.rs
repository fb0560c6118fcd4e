//! Placeholder.
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod addr;
pub use addr::MacAddr;
