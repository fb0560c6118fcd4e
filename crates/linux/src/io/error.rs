//! Errors of packet and UDP sockets, sorted by who can fix them.
//!
//! It must not know how they are worded for people.

use core::fmt;

use rustix::io::Errno;

/// An error of packet input or output. `call` names the system call, with the option if there is one
/// (`"setsockopt(PACKET_RX_RING)"`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IoError {
    /// The process lacks a capability: CAP_NET_RAW, or CAP_NET_ADMIN for some options.
    NotPermitted {
        /// The call that was refused.
        call: &'static str,
    },
    /// No interface has this index (any more).
    NoSuchDevice {
        /// The call that noticed it.
        call: &'static str,
    },
    /// The interface is down.
    DeviceDown {
        /// The call that noticed it.
        call: &'static str,
    },
    /// Something else uses it: another AF_XDP socket on the queue, or another XDP program.
    Busy {
        /// The call that was refused.
        call: &'static str,
    },
    /// The kernel or the driver does not offer this.
    Unsupported {
        /// The call that was refused.
        call: &'static str,
        /// The error number.
        errno: Errno,
    },
    /// The caller passed an impossible value: a batch of 0, a filter that is too long.
    BadRequest(
        /// What is wrong, for developers.
        &'static str,
    ),
    /// Any other error of the system.
    System {
        /// The call that failed.
        call: &'static str,
        /// The error number.
        errno: Errno,
    },
}

impl IoError {
    /// Returns the error for the errno of a failed call.
    pub fn new(call: &'static str, errno: Errno) -> Self {
        match errno {
            Errno::PERM | Errno::ACCESS => Self::NotPermitted { call },
            Errno::NODEV | Errno::NXIO => Self::NoSuchDevice { call },
            Errno::NETDOWN => Self::DeviceDown { call },
            Errno::BUSY => Self::Busy { call },
            Errno::OPNOTSUPP | Errno::NOPROTOOPT | Errno::AFNOSUPPORT | Errno::PROTONOSUPPORT => {
                Self::Unsupported { call, errno }
            }
            _ => Self::System { call, errno },
        }
    }

    /// Returns the error for the thread's current `errno`, for calls made through libc.
    pub(crate) fn last(call: &'static str) -> Self {
        Self::new(call, last_errno())
    }
}

/// Returns the thread's `errno` after a failed libc call.
pub(crate) fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPermitted { call } => write!(f, "{call}: not permitted"),
            Self::NoSuchDevice { call } => write!(f, "{call}: no such device"),
            Self::DeviceDown { call } => write!(f, "{call}: device is down"),
            Self::Busy { call } => write!(f, "{call}: in use"),
            Self::Unsupported { call, errno } => write!(f, "{call}: not supported ({errno})"),
            Self::BadRequest(what) => write!(f, "bad request: {what}"),
            Self::System { call, errno } => write!(f, "{call}: {errno}"),
        }
    }
}

impl core::error::Error for IoError {}
