//! What connecting is asked and what it tells: plain values.
//!
//! It must not know sockets.

use core::fmt;
use std::net::IpAddr;

use rustix::io::Errno;

/// How to connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectConfig {
    /// Local addresses to connect from: the first of the target's family; none lets the kernel
    /// choose.
    pub sources: Vec<IpAddr>,
    /// The interface to go through (`SO_BINDTODEVICE`).
    pub device: Option<String>,
    /// The most connections at once; 0 for as many as descriptors allow.
    pub max_open: usize,
}

/// How one connection attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handshake was completed.
    Connected,
    /// The target answered with a reset.
    Refused,
    /// The handshake was completed, and the connection reset before anybody looked.
    Reset,
    /// An ICMP or ICMPv6 error came.
    Icmp {
        /// Who sent it.
        from: IpAddr,
        /// Its type, by the number of `from`'s family.
        kind: u8,
        /// Its code.
        code: u8,
    },
    /// The kernel gave up waiting (after about two minutes of its own retries).
    TimedOut,
    /// Nothing was sent, or nothing could be delivered on this link: no route, an unreachable
    /// neighbour, the local firewall, an address family that is switched off.
    Local(
        /// The kernel's own word for it.
        Errno,
    ),
}

/// The end of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The id given to [`super::Connector::start`].
    pub id: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// From the connect call until the end was noticed, ns.
    pub rtt_ns: u64,
}

/// Whether an attempt was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It was; an event will tell.
    Yes,
    /// Not now: no descriptor is free. Try again after an event.
    NoDescriptor,
    /// Not now: the kernel has no free source port towards this target, or no memory. Try again
    /// later; other targets may still work.
    NoPort,
}

/// What keeps connecting from working at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// The process may not open even one descriptor more.
    NoDescriptors {
        /// The limit.
        limit: u64,
    },
    /// The source address is not one of this machine's.
    BadSource {
        /// The address.
        address: IpAddr,
    },
    /// The interface does not exist, or may not be bound to.
    BadDevice {
        /// The kernel's own word for it.
        errno: Errno,
    },
    /// The id is already in use by an attempt that has not ended.
    DuplicateId(
        /// The id.
        u64,
    ),
    /// A system call failed otherwise.
    System {
        /// The call.
        call: &'static str,
        /// The kernel's own word for it.
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
