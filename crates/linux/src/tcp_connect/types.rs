//! Configuration, outcomes and errors of connection attempts.
//!
//! It must not know sockets.

use core::fmt;
use std::net::IpAddr;

use rustix::io::Errno;

/// Options of connection attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectConfig {
    /// Source addresses; the first of the target's family is used. If there is none, the kernel chooses.
    pub sources: Vec<IpAddr>,
    /// Interface to connect through (`SO_BINDTODEVICE`).
    pub device: Option<String>,
    /// Maximum number of attempts at once; 0 for as many as descriptors allow.
    pub max_open: usize,
}

/// How one connection attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handshake was completed.
    Connected,
    /// The target answered the SYN with a reset.
    Refused,
    /// The handshake was completed, and the connection reset at once.
    Reset,
    /// An ICMP or ICMPv6 error arrived.
    Icmp {
        /// Sender of the error.
        from: IpAddr,
        /// Type, of ICMP or ICMPv6 depending on the family of `from`.
        kind: u8,
        /// Code.
        code: u8,
    },
    /// The kernel gave up after about two minutes of retries.
    TimedOut,
    /// Nothing could be sent or delivered on this link: no route, an unreachable neighbour, the local firewall, an
    /// address family that is switched off.
    Local(
        /// The error number.
        Errno,
    ),
}

/// End of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Id that was passed to [`super::Connector::start`].
    pub id: u64,
    /// Outcome.
    pub outcome: Outcome,
    /// Time from the connect call until its end was noticed, in ns.
    pub rtt_ns: u64,
}

/// Result of [`super::Connector::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// The attempt has begun; an event will report its end.
    Yes,
    /// No descriptor is free: try again after an event.
    NoDescriptor,
    /// The kernel has no free source port towards this target, or no memory: try again later. Other targets may still
    /// work.
    NoPort,
}

/// Why connecting does not work at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// The process may not open another descriptor.
    NoDescriptors {
        /// Limit of open descriptors.
        limit: u64,
    },
    /// The source address does not belong to this machine.
    BadSource {
        /// Source address.
        address: IpAddr,
    },
    /// The interface does not exist, or binding to it is not permitted.
    BadDevice {
        /// The error number.
        errno: Errno,
    },
    /// Another attempt with this id has not ended.
    DuplicateId(
        /// Id.
        u64,
    ),
    /// A system call failed otherwise.
    System {
        /// System call.
        call: &'static str,
        /// The error number.
        errno: Errno,
    },
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDescriptors { limit } => write!(f, "no descriptor left of {limit}"),
            Self::BadSource { address } => write!(f, "{address} is not an address of this machine"),
            Self::BadDevice { errno } => write!(f, "the interface: {errno}"),
            Self::DuplicateId(id) => write!(f, "id {id} is in use"),
            Self::System { call, errno } => write!(f, "{call}: {errno}"),
        }
    }
}

impl core::error::Error for ConnectError {}
