//! The address of a host, and the protocol that carries a port number.

use core::fmt;
use core::net::IpAddr;

/// An IP address together with the zone of a link-local IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    /// IPv4 or IPv6 address.
    pub ip: IpAddr,
    /// Interface index of a link-local IPv6 address (RFC 4007 section 6); 0 for every other address.
    pub zone: u32,
}

impl Host {
    /// Returns a host whose address is valid on every interface.
    pub const fn new(ip: IpAddr) -> Host {
        Host { ip, zone: 0 }
    }

    /// Returns a host whose address is valid only on the interface with index `zone`.
    pub const fn zoned(ip: IpAddr, zone: u32) -> Host {
        Host { ip, zone }
    }
}

impl From<IpAddr> for Host {
    fn from(ip: IpAddr) -> Host {
        Host::new(ip)
    }
}

/// The protocol that carries a port number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// TCP, RFC 9293.
    Tcp,
    /// UDP, RFC 768.
    Udp,
    /// SCTP, RFC 9260.
    Sctp,
    /// IP itself: the "port" is an IP protocol number.
    Ip,
}

impl Transport {
    /// Every transport, in the order of the declaration.
    pub const ALL: &'static [Transport] = &[
        Transport::Tcp,
        Transport::Udp,
        Transport::Sctp,
        Transport::Ip,
    ];

    /// Returns the name used in every output format: `tcp`, `udp`, `sctp` or `ip`. Never translated.
    pub const fn as_str(self) -> &'static str {
        match self {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
            Transport::Sctp => "sctp",
            Transport::Ip => "ip",
        }
    }

    /// Returns the transport with this name.
    pub fn from_word(word: &str) -> Option<Transport> {
        Transport::ALL.iter().copied().find(|t| t.as_str() == word)
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
