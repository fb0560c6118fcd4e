//! Errors of netlink requests, sorted by blame.
//!
//! Every error names the operation that failed, in the caller's words. This module makes no text for people:
//! [`core::fmt::Display`] writes a technical line.

use core::fmt;

use rustix::io::Errno;

/// A failed netlink request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A system call failed: the request was not sent, or the answer not received.
    System {
        /// Operation, for example "list the links".
        operation: &'static str,
        /// Failed system call, for example "bind".
        call: &'static str,
        /// Error number.
        errno: Errno,
    },
    /// The kernel answered with an error.
    Refused {
        /// Operation.
        operation: &'static str,
        /// Error number.
        errno: Errno,
        /// Message of the kernel, if it sent one.
        complaint: Complaint,
    },
    /// The answer violates the protocol (a length runs past its end, an answer is missing).
    Malformed {
        /// Operation.
        operation: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The table changed during every attempt to read it.
    Interrupted {
        /// Operation.
        operation: &'static str,
    },
}

/// The kernel's extended acknowledgement (`NETLINK_EXT_ACK`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Complaint {
    /// Text of the kernel, in English (`NLMSGERR_ATTR_MSG`).
    pub message: Option<String>,
    /// Offset in bytes of the faulty attribute in the request (`NLMSGERR_ATTR_OFFS`).
    pub offset: Option<u32>,
}

impl Error {
    /// Returns the error number, from a system call or from the kernel's answer.
    pub fn errno(&self) -> Option<Errno> {
        match self {
            Self::System { errno, .. } | Self::Refused { errno, .. } => Some(*errno),
            Self::Malformed { .. } | Self::Interrupted { .. } => None,
        }
    }

    /// Returns the operation that failed.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::System { operation, .. }
            | Self::Refused { operation, .. }
            | Self::Malformed { operation, .. }
            | Self::Interrupted { operation } => operation,
        }
    }

    /// Returns whether a privilege was missing (`EPERM`, `EACCES`).
    pub fn is_permission(&self) -> bool {
        matches!(self.errno(), Some(Errno::PERM | Errno::ACCESS))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System {
                operation,
                call,
                errno,
            } => write!(f, "{operation}: {call}: {errno}"),
            Self::Refused {
                operation,
                errno,
                complaint,
            } => {
                write!(f, "{operation}: the kernel answers: {errno}")?;
                match &complaint.message {
                    Some(message) => write!(f, " ({message})"),
                    None => Ok(()),
                }
            }
            Self::Malformed { operation, what } => write!(f, "{operation}: {what}"),
            Self::Interrupted { operation } => {
                write!(f, "{operation}: the table changed during every reading")
            }
        }
    }
}

impl core::error::Error for Error {}
