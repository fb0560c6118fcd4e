//! What can go wrong between us and the kernel on a netlink socket, sorted by blame.
//!
//! Every error names the operation that failed, as the caller called it. This module makes no
//! text for people: [`core::fmt::Display`] here is the technical line.

use core::fmt;

use rustix::io::Errno;

/// A failed netlink conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A system call failed: the request was not sent, or its answer not received.
    System {
        /// What the caller wanted, as "list the links".
        operation: &'static str,
        /// The failed system call, as "bind".
        call: &'static str,
        /// Why.
        errno: Errno,
    },
    /// The kernel understood the request's frame and answered with an error.
    Refused {
        /// What the caller wanted.
        operation: &'static str,
        /// The kernel's reason.
        errno: Errno,
        /// The kernel's own words and place, where it gave any.
        complaint: Complaint,
    },
    /// The answer breaks the protocol (a length runs past its end, no answer where one is due).
    Malformed {
        /// What the caller wanted.
        operation: &'static str,
        /// Which rule was broken.
        what: &'static str,
    },
    /// The dumped table changed under every attempt to read it.
    Interrupted {
        /// What the caller wanted.
        operation: &'static str,
    },
}

/// The kernel's extended acknowledgement (`NETLINK_EXT_ACK`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Complaint {
    /// `NLMSGERR_ATTR_MSG`: a sentence of the kernel, in English.
    pub message: Option<String>,
    /// `NLMSGERR_ATTR_OFFS`: offset in bytes, in the request, of the attribute complained about.
    pub offset: Option<u32>,
}

impl Error {
    /// The errno, whether a system call or the kernel's answer brought it.
    pub fn errno(&self) -> Option<Errno> {
        match self {
            Self::System { errno, .. } | Self::Refused { errno, .. } => Some(*errno),
            Self::Malformed { .. } | Self::Interrupted { .. } => None,
        }
    }

    /// What the caller wanted.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::System { operation, .. }
            | Self::Refused { operation, .. }
            | Self::Malformed { operation, .. }
            | Self::Interrupted { operation } => operation,
        }
    }

    /// Whether the kernel denied a right (`EPERM`, `EACCES`).
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
