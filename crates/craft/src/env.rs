//! The machine's names, addresses and time, as far as packets need them. [`Offline`] is a machine without a network.

use crate::model::Service;
use core::net::IpAddr;
use core::time::Duration;
use vigie_wire::MacAddr;

/// The machine a packet is built or shown on.
pub trait Env {
    /// Returns the service name of a port.
    fn service(&self, _service: Service, _port: u16) -> Option<&str> {
        None
    }

    /// Returns the port of a service name.
    fn service_port(&self, _service: Service, _name: &str) -> Option<u16> {
        None
    }

    /// Returns the source address towards `dst`.
    fn source_for(&self, _dst: IpAddr) -> Option<IpAddr> {
        None
    }

    /// Returns the MAC address of the interface towards `dst`, or of the default interface.
    fn source_mac_for(&self, _dst: Option<IpAddr>) -> Option<MacAddr> {
        None
    }

    /// Returns the MAC address of the next hop towards `dst`.
    fn next_hop_mac(&self, _dst: IpAddr) -> Option<MacAddr> {
        None
    }

    /// Resolves a host name to an IPv6 or IPv4 address.
    fn resolve(&self, _host: &str, _ipv6: bool) -> Option<IpAddr> {
        None
    }

    /// Returns the time since 1970-01-01 00:00 UTC.
    fn unix_time(&self) -> Option<Duration> {
        None
    }
}

/// An environment without names and addresses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Env for Offline {}
