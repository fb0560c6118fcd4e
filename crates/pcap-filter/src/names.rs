//! Host and port names in filters, resolved by the caller.

use alloc::vec::Vec;
use core::net::IpAddr;

/// Resolves the host and port names of a filter.
pub trait FilterNames {
    /// Returns the addresses of a host name, none if it is unknown.
    fn host(&self, name: &str) -> Vec<IpAddr>;
    /// Returns the port of a service name and the IP protocol numbers that it is assigned for, `None` if it is unknown.
    fn port(&self, name: &str) -> Option<(u16, Vec<u8>)>;
}

/// Resolves no name: filters may contain addresses and numbers only.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNames;

impl FilterNames for NoNames {
    fn host(&self, _: &str) -> Vec<IpAddr> {
        Vec::new()
    }

    fn port(&self, _: &str) -> Option<(u16, Vec<u8>)> {
        None
    }
}
