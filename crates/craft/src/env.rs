//! What a packet cannot know by itself: names, own addresses, the time. Asked through one trait, so that this
//! crate stays pure; without an environment ([`Offline`]) packets are built as on a machine without a network.

use crate::model::Service;
use core::net::IpAddr;
use core::time::Duration;
use vigie_wire::MacAddr;

/// The machine a packet is built or shown on.
pub trait Env {
    /// The name of a service's port.
    fn service(&self, _service: Service, _port: u16) -> Option<&str> {
        None
    }

    /// The port of a service's name.
    fn service_port(&self, _service: Service, _name: &str) -> Option<u16> {
        None
    }

    /// The address this machine sends from towards `dst`.
    fn source_for(&self, _dst: IpAddr) -> Option<IpAddr> {
        None
    }

    /// The MAC address of the interface towards `dst`, or of the default interface.
    fn source_mac_for(&self, _dst: Option<IpAddr>) -> Option<MacAddr> {
        None
    }

    /// The MAC address of the next hop towards `dst`.
    fn next_hop_mac(&self, _dst: IpAddr) -> Option<MacAddr> {
        None
    }

    /// An address of a host's name: IPv6 or IPv4.
    fn resolve(&self, _host: &str, _ipv6: bool) -> Option<IpAddr> {
        None
    }

    /// The time since 1970-01-01 00:00 UTC.
    fn unix_time(&self) -> Option<Duration> {
        None
    }
}

/// No machine at all: nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Env for Offline {}
