//! Names of services and the order in which ports are worth asking for.
//!
//! The table is `data/services.tsv`, written by us from IANA's facts and from
//! what is commonly deployed; its head states the sources. This file must not
//! know what a scan is.

use crate::finding::Transport;

/// The usual name of the service on a port, if it has one.
pub fn name(transport: Transport, port: u16) -> Option<&'static str> {
    let _ = (transport, port);
    None
}

/// The ports that a service name stands for.
pub fn ports_of(name: &str) -> impl Iterator<Item = (Transport, u16)> {
    let _ = name;
    core::iter::empty()
}

/// The `n` ports most often found in use, most common first; fewer if the table is shorter.
pub fn top(transport: Transport, n: usize) -> &'static [u16] {
    let _ = (transport, n);
    &[]
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The service's usual name.
    pub name: &'static str,
    /// What carries it.
    pub transport: Transport,
    /// Its port.
    pub port: u16,
}

/// Every service of the table.
pub fn all() -> impl Iterator<Item = Service> {
    core::iter::empty()
}
